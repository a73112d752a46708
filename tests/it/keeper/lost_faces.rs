//! Faces that die: the command goes on, and its outcome is there for whoever looks next.

use super::bench::{Bench, exited, hold, until, until_gone};
use rutter::exec::attach::{self, Look};
use rutter::outcome::{Outcome, Process};
use std::path::PathBuf;
use std::process::{Command, Stdio};

const FOLDER: &str = "KEEPER_TEST_FOLDER";
const SCRIPT: &str =
    "echo > ready; while [ ! -e enough ]; do echo more; sleep 0.01; done; echo last";

#[test]
fn a_task_that_nobody_holds_any_more_is_finished() {
    let bench = Bench::new();
    let held = hold(&bench.script(SCRIPT));
    let keeper = held.keeper.clone();
    drop(held.release());
    finishes(&bench, &keeper);
}

#[test]
fn a_face_that_is_killed_takes_nothing_with_it() {
    let bench = Bench::new();
    let mut face = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "keeper::lost_faces::face_to_be_killed", "--ignored", "--nocapture"])
        .env(FOLDER, bench.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    bench.line("work/ready");
    let keeper: Process = serde_json::from_str(&bench.line("keeper")).unwrap();
    face.kill().unwrap();
    face.wait().unwrap();
    assert!(matches!(attach::look(&bench.task(), &keeper).unwrap(), Look::Alive));
    finishes(&bench, &keeper);
}

#[test]
#[ignore = "the other process of the test above; does nothing by itself"]
fn face_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let bench = Bench::at(folder);
    let held = hold(&bench.script(SCRIPT));
    let line = serde_json::to_string(&held.keeper).unwrap() + "\n";
    std::fs::write(bench.path("keeper"), line).unwrap();
    let task = held.release();
    until("being killed", || None::<()>);
    drop(task);
}

/// Lets the command end, and finds its outcome as a face that never saw it start.
fn finishes(bench: &Bench, keeper: &Process) -> Outcome {
    std::fs::write(bench.path("work/enough"), "").unwrap();
    until_gone(keeper);
    match attach::look(&bench.task(), keeper).unwrap() {
        Look::Outcome(outcome) => {
            assert_eq!(outcome.ended, exited(0));
            assert!(outcome.spool.stdout_bytes >= 5, "it wrote on after its face was gone");
            *outcome
        }
        other => panic!("{other:?}"),
    }
}
