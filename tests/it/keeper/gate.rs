//! Nothing runs before it is released, and what could not run says so.

use super::bench::{Bench, exe, exited, finish, hold, kill, run, until, until_gone};
use rustix::process::Signal;
use rutter::exec::attach::{self, Look, Secrets};
use rutter::exec::process;
use rutter::outcome::{Ended, Process};
use std::fs;

#[test]
fn a_command_runs_once_it_is_released_and_not_before() {
    let bench = Bench::new();
    let held = hold(&bench.job(&["touch", "canary"]));
    assert!(process::is_alive(&held.child));
    assert_eq!(held.child.pid, held.child.group, "it leads its own group");
    assert!(!bench.path("work/canary").exists());
    let outcome = finish(&mut held.release());
    assert_eq!(outcome.ended, exited(0));
    assert!(outcome.passed());
    assert!(bench.path("work/canary").exists());
}

#[test]
fn a_command_that_is_never_released_never_runs() {
    let bench = Bench::new();
    let held = hold(&bench.job(&["touch", "canary"]));
    let (keeper, child) = (held.keeper.clone(), held.child.clone());
    drop(held);
    until_gone(&keeper);
    until_gone(&child);
    match attach::look(&bench.task(), &keeper).unwrap() {
        Look::Outcome(outcome) => assert_eq!(outcome.ended, Ended::NeverReleased),
        other => panic!("{other:?}"),
    }
    assert!(!bench.path("work/canary").exists());
}

#[test]
fn a_keeper_that_is_killed_before_the_release_leaves_nothing_that_can_run() {
    let bench = Bench::new();
    let held = hold(&bench.job(&["touch", "canary"]));
    let child = held.child.clone();
    kill(&held.keeper);
    until_gone(&child);
    let mut task = held.release();
    until("the task to be lost", || {
        assert!(task.poll().is_none());
        task.lost().map(str::to_owned)
    });
    assert!(!bench.path("work/canary").exists());
}

#[test]
fn a_gate_that_is_killed_before_the_release_is_a_command_that_could_not_start() {
    let bench = Bench::new();
    let held = hold(&bench.job(&["touch", "canary"]));
    kill(&held.child);
    until_gone(&held.child);
    let outcome = finish(&mut held.release());
    assert!(matches!(outcome.ended, Ended::CouldNotStart { .. }), "{:?}", outcome.ended);
    assert!(!bench.path("work/canary").exists());
}

/// How often the keeper has gone to sleep by itself: once more when it waits for the answer of the gate.
fn sleeps(keeper: &Process) -> String {
    let status = fs::read_to_string(format!("/proc/{}/status", keeper.pid)).unwrap();
    status.lines().find(|line| line.starts_with("voluntary")).unwrap().to_owned()
}

#[test]
fn a_gate_that_is_killed_with_the_release_in_its_hands_is_one_too() {
    let bench = Bench::new();
    let held = hold(&bench.job(&["touch", "canary"]));
    let (keeper, child) = (held.keeper.clone(), held.child.clone());
    process::signal(&child, Signal::STOP).unwrap();
    let before = sleeps(&keeper);
    let mut task = held.release();
    until("the keeper to wait for the gate", || (sleeps(&keeper) != before).then_some(()));
    kill(&child);
    let outcome = finish(&mut task);
    assert!(matches!(outcome.ended, Ended::CouldNotStart { .. }), "{:?}", outcome.ended);
    assert!(!bench.path("work/canary").exists());
}

#[test]
fn a_program_that_does_not_exist_could_not_start_and_is_named() {
    let bench = Bench::new();
    for (word, said) in [
        ("no-such-program-here", "`no-such-program-here` was not found in PATH"),
        ("/no/such/program", "there is no program /no/such/program"),
        ("/etc/passwd", "cannot run `/etc/passwd`: permission denied"),
    ] {
        let bench = Bench::new();
        let outcome = run(&bench.job(&[word]));
        assert_eq!(outcome.ended, Ended::CouldNotStart { reason: said.into() });
        assert!(!outcome.passed());
    }
    let mut job = bench.job(&["true"]);
    job.cwd = bench.path("nowhere");
    let outcome = run(&job);
    assert!(
        matches!(&outcome.ended, Ended::CouldNotStart { reason } if reason.contains("nowhere")),
        "{:?}",
        outcome.ended
    );
}

#[test]
fn an_outcome_that_somebody_touched_proves_nothing() {
    let bench = Bench::new();
    let mut task = hold(&bench.script("exit 3")).release();
    finish(&mut task);
    let keeper = task.keeper().clone();
    until_gone(&keeper);
    assert!(matches!(attach::look(&bench.task(), &keeper).unwrap(), Look::Outcome(_)));
    let path = bench.path("tasks/1/outcome.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"code\":3", "\"code\":0")).unwrap();
    assert!(matches!(attach::look(&bench.task(), &keeper).unwrap(), Look::Gone));
}

#[test]
fn the_same_task_folder_cannot_be_used_for_a_second_attempt() {
    let bench = Bench::new();
    let job = bench.job(&["touch", "canary"]);
    let held = hold(&job);
    let refused = attach::launch(exe(), &job, &Secrets::new()).unwrap_err();
    assert!(refused.to_string().contains("outcome"), "{refused}");
    drop(held);
}
