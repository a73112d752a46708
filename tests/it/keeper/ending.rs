//! How commands end: by themselves, because their time is up, because somebody asked.

use super::bench::{Bench, PATIENCE, exited, finish, hold, run, until, until_gone};
use rutter::exec::attach::{self, Request, events, interrupt};
use rutter::exec::job::Signal;
use rutter::outcome::{Ended, Judged};
use std::time::{Duration, Instant};

#[test]
fn an_exit_code_is_seen_and_judged() {
    let bench = Bench::new();
    let outcome = run(&bench.script("exit 3"));
    assert_eq!(outcome.ended, exited(3));
    assert!(!outcome.passed());
    assert_eq!(outcome.verdicts[0].result, Judged::Failed);
}

#[test]
fn a_signal_from_elsewhere_is_not_an_exit() {
    let bench = Bench::new();
    let outcome = run(&bench.script("kill -KILL $$"));
    assert_eq!(outcome.ended, Ended::Signal { signal: 9 });
    assert!(!outcome.passed());
}

#[test]
fn a_command_that_outlives_its_time_is_interrupted_and_says_so() {
    let bench = Bench::new();
    let mut job = bench.script("trap 'echo cleaned > cleaned; exit 0' INT; sleep 600 & wait $!");
    job.timeout_ms = Some(300);
    let outcome = run(&job);
    assert_eq!(outcome.ended, Ended::Timeout, "exit 0 after a signal is not a success");
    assert!(outcome.took_ns >= 300_000_000);
    assert_eq!(bench.read("work/cleaned"), "cleaned\n");
    let notes = outcome.notes.join("\n");
    assert!(notes.contains("INT sent, its time is up; TERM follows in 2 s"), "{notes}");
    assert!(notes.contains("it ended with exit 0"), "{notes}");
}

#[test]
fn a_command_that_ignores_int_and_term_is_killed_in_the_end() {
    let bench = Bench::new();
    let mut job = bench.script("trap '' INT TERM; echo > ready; while :; do sleep 1; done");
    job.timeout_ms = Some(500);
    let begun = Instant::now();
    let held = hold(&job);
    let child = held.child.clone();
    let outcome = finish(&mut held.release());
    assert_eq!(outcome.ended, Ended::Timeout);
    assert!(begun.elapsed() > Duration::from_secs(4), "each signal gets its grace");
    until_gone(&child);
    let sent: Vec<_> = events(&bench.task()).unwrap().into_iter().map(|e| e.what).collect();
    for (at, signal) in ["INT", "TERM", "KILL"].into_iter().enumerate() {
        assert!(sent[at].starts_with(signal), "{sent:?}");
    }
}

#[test]
fn a_stopped_command_dies_of_its_timeout_too() {
    let bench = Bench::new();
    let mut job = bench.script("kill -STOP $$; echo > went-on");
    job.timeout_ms = Some(200);
    assert_eq!(run(&job).ended, Ended::Timeout);
    assert!(!bench.path("work/went-on").exists());
}

#[test]
fn an_interrupt_sends_the_jobs_own_signal_once_and_waits() {
    let bench = Bench::new();
    let mut job = bench.script(
        "trap 'echo quit >> got' QUIT; trap 'echo int >> got' INT; echo > ready
         n=0; while [ ! -e enough ]; do sleep 0.05 || :; done",
    );
    job.signal = Signal::Quit;
    let held = hold(&job);
    let keeper = held.keeper.clone();
    let mut task = held.release();
    bench.line("work/ready");
    interrupt(&bench.task(), &keeper).unwrap();
    assert_eq!(bench.line("work/got"), "quit");
    assert!(task.poll().is_none(), "the command decides what an interrupt means");
    std::fs::write(bench.path("work/enough"), "").unwrap();
    let outcome = finish(&mut task);
    assert_eq!(outcome.ended, Ended::Interrupted, "also when it ended by itself afterwards");
    assert_eq!(bench.read("work/got"), "quit\n");
}

#[test]
fn each_further_interrupt_is_stronger() {
    let bench = Bench::new();
    let job = bench.script("trap '' INT TERM; echo > ready; while :; do sleep 1; done");
    let held = hold(&job);
    let keeper = held.keeper.clone();
    let mut task = held.release();
    bench.line("work/ready");
    for sent in 1..=3 {
        assert!(task.poll().is_none());
        interrupt(&bench.task(), &keeper).unwrap();
        until("the signal's event", || {
            (events(&bench.task()).unwrap().len() >= sent).then_some(())
        });
    }
    assert_eq!(finish(&mut task).ended, Ended::Interrupted);
}

#[test]
fn a_stop_climbs_by_itself() {
    let bench = Bench::new();
    let job = bench.script("trap '' INT TERM; echo > ready; while :; do sleep 1; done");
    let held = hold(&job);
    let keeper = held.keeper.clone();
    let mut task = held.release();
    bench.line("work/ready");
    attach::request(&bench.task(), &keeper, Request::Stop).unwrap();
    assert_eq!(finish(&mut task).ended, Ended::Interrupted);
}

#[test]
fn a_request_to_a_keeper_that_is_gone_is_refused_and_signals_nobody() {
    let bench = Bench::new();
    let held = hold(&bench.job(&["true"]));
    let mut keeper = held.keeper.clone();
    finish(&mut held.release());
    until_gone(&keeper);
    let refused = interrupt(&bench.task(), &keeper).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::NotFound);
    // The pid of a process that lives, with another start time: this very test would be signalled.
    keeper.pid = i32::try_from(std::process::id()).unwrap();
    keeper.started += 1000;
    let refused = interrupt(&bench.task(), &keeper).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn hang_up_and_terminate_do_not_stop_a_keeper() {
    use rustix::process::Signal;
    let bench = Bench::new();
    let held = hold(&bench.script("echo > ready; while [ ! -e enough ]; do sleep 0.05; done"));
    let keeper = held.keeper.clone();
    let mut task = held.release();
    bench.line("work/ready");
    for signal in [Signal::HUP, Signal::TERM, Signal::INT, Signal::QUIT] {
        rutter::exec::process::signal(&keeper, signal).unwrap();
    }
    std::fs::write(bench.path("work/enough"), "").unwrap();
    assert_eq!(finish(&mut task).ended, exited(0));
}

#[test]
fn a_grandchild_that_holds_the_output_does_not_hold_the_step() {
    let bench = Bench::new();
    let mut job = bench.script("sleep 600 & echo hi");
    job.timeout_ms = Some(u64::try_from(PATIENCE.as_millis()).unwrap());
    let begun = Instant::now();
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(0));
    assert!(begun.elapsed() < Duration::from_secs(20), "it did not wait for the grandchild");
    assert!(outcome.took_ns < 5_000_000_000, "the end is the exit, not the drain");
    assert_eq!(outcome.survivors.len(), 1);
    assert!(outcome.survivors[0].command.contains("sleep 600"));
    let pid = outcome.survivors[0].process.pid;
    let held_by = format!("held open when it had ended, by {pid}");
    assert!(outcome.notes.iter().any(|note| note.contains(&held_by)), "{:?}", outcome.notes);
    until_gone(&outcome.survivors[0].process);
}
