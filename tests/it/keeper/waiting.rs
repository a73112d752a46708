//! `wait`: the same question again and again, inside one keeper.

use super::bench::{Bench, exited, finish, hold, run};
use rutter::exec::attach::interrupt;
use rutter::exec::job::{Expect, From, Job, Selector, Wait};
use rutter::outcome::{Ended, Judged};
use std::time::{Duration, Instant};

fn exit(codes: &[i32]) -> Expect {
    let words = format!("exit {codes:?}");
    Expect { select: Selector::Exit(codes.to_vec()), from: From::Stdout, compare: None, words }
}

fn waiting(bench: &Bench, script: &str) -> (Job, Wait) {
    let wait = Wait {
        every_ms: 20,
        until: exit(&[0]),
        fail: None,
        tolerate: Vec::new(),
        times: 1,
        settle_ms: 0,
    };
    (bench.script(script), wait)
}

/// Counts its own calls in a file.
const COUNT: &str = "n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n > n;";

#[test]
fn it_polls_until_the_answer_holds() {
    let bench = Bench::new();
    let (mut job, mut wait) = waiting(&bench, &format!("{COUNT} [ $n -ge 5 ] || exit 3"));
    wait.tolerate = vec![(vec![3], 60_000)];
    job.wait = Some(wait);
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(0));
    assert!(outcome.passed());
    assert_eq!(bench.read("work/n"), "5\n");
}

#[test]
fn it_wants_as_many_good_answers_in_a_row_as_it_says() {
    let bench = Bench::new();
    let (mut job, mut wait) = waiting(&bench, &format!("{COUNT} [ $n -ne 3 ] || exit 1"));
    wait.times = 3;
    job.wait = Some(wait);
    assert!(run(&job).passed());
    assert_eq!(bench.read("work/n"), "6\n", "two good, one bad, three good");
}

#[test]
fn three_unexpected_exits_running_are_a_failure() {
    let bench = Bench::new();
    let (mut job, wait) = waiting(&bench, &format!("{COUNT} exit 7"));
    job.wait = Some(wait);
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(7));
    assert_eq!(outcome.verdicts[0].got, "exit 7, three times running");
    assert_eq!(bench.read("work/n"), "3\n");
}

#[test]
fn an_answer_that_means_failure_ends_it_at_once() {
    let bench = Bench::new();
    let (mut job, mut wait) = waiting(&bench, "exit 4");
    wait.fail = Some(exit(&[4]));
    job.wait = Some(wait);
    let outcome = run(&job);
    assert_eq!(outcome.verdicts.len(), 1);
    assert_eq!(outcome.verdicts[0].result, Judged::Failed);
    assert!(!outcome.passed());
}

#[test]
fn a_program_that_does_not_exist_ends_it_too() {
    let bench = Bench::new();
    let (_, wait) = waiting(&bench, "");
    let mut job = bench.job(&["no-such-program-here"]);
    job.wait = Some(wait);
    let outcome = run(&job);
    assert!(matches!(outcome.ended, Ended::CouldNotStart { .. }), "{outcome:?}");
}

#[test]
fn the_timeout_is_for_the_whole_of_it() {
    let bench = Bench::new();
    let (mut job, mut wait) = waiting(&bench, "exit 3");
    wait.tolerate = vec![(vec![3], 600_000)];
    wait.every_ms = 600_000;
    job.wait = Some(wait);
    job.timeout_ms = Some(300);
    let begun = Instant::now();
    let outcome = run(&job);
    assert_eq!(outcome.ended, Ended::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(outcome.verdicts[0].got, "its time was up before it held");
}

#[test]
fn it_can_be_interrupted_while_it_sleeps() {
    let bench = Bench::new();
    let (mut job, mut wait) = waiting(&bench, "echo > polled; exit 3");
    wait.tolerate = vec![(vec![3], 600_000)];
    wait.every_ms = 600_000;
    job.wait = Some(wait);
    let held = hold(&job);
    let keeper = held.keeper.clone();
    let mut task = held.release();
    bench.line("work/polled");
    interrupt(&bench.task(), &keeper).unwrap();
    assert_eq!(finish(&mut task).ended, Ended::Interrupted);
}

#[test]
fn a_poll_that_hangs_is_ended_by_the_timeout() {
    let bench = Bench::new();
    let (mut job, wait) = waiting(&bench, "sleep 600");
    job.wait = Some(wait);
    job.timeout_ms = Some(300);
    assert_eq!(run(&job).ended, Ended::Timeout);
}

#[test]
fn it_settles_after_the_last_good_answer() {
    let bench = Bench::new();
    let (mut job, mut wait) = waiting(&bench, "exit 0");
    wait.settle_ms = 400;
    job.wait = Some(wait);
    let outcome = run(&job);
    assert!(outcome.passed());
    assert!(outcome.took_ns >= 400_000_000);
}
