//! A rehearsal that was left goes on in the same world.

use super::bench::{ANSWERS, Bench};
use crate::support::program::said;
use crate::support::terminal::{Terminal, until};

#[test]
fn the_world_after_a_resume_is_the_one_that_was_left() {
    let bench = Bench::new();
    // Nobody says what to decide: the run waits there, with the writers stopped and the rows compared.
    let output = bench.rehearse("format: 1\nstatements: all\n");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(bench.of("attempt_ended", "ready").len(), 1);
    let answers = bench.home.file("rest.yaml", "format: 1\nsteps:\n  choose: {answers: [yes], outcome: on, why: well}\n  drop: {confirm: db-orders-old}\n");
    std::fs::remove_dir_all(bench.home.dir.path().join("runbooks")).unwrap();
    let words = ["resume", "--no-input", "--answers"];
    let output = bench.home.rutter(words).arg(&answers).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("DEBRIEF of rehearsal"), "{}", said(&output));
    assert_eq!(bench.of("attempt_started", "stop").len(), 1, "nothing was done twice");
    assert!(bench.records().iter().all(|record| record["mode"] == "rehearsal"));
}

#[test]
fn a_command_that_ends_while_nobody_watches_changes_the_world_all_the_same() {
    let bench = Bench::new();
    let words = ["rehearse", "traces", "--line", "--speed", "0.6"];
    let mut terminal = Terminal::start(bench.home.rutter(words));
    for _ in 0..3 {
        terminal.hear("> ");
        terminal.say("run");
    }
    terminal.hear("Stop the writers");
    terminal.hear("> ");
    terminal.say("run");
    terminal.hear("disarms: ");
    terminal.say("yes-run");
    terminal.hear("STARTED 1.1"); // said when the gate is open, not before
    terminal.child.kill().unwrap();
    terminal.end();
    let tasks = bench.home.run().join("tasks");
    let seq = bench.records().iter().rev().find_map(|record| {
        let intended = record["events"][0]["type"] == "attempt_intended";
        intended.then(|| record["seq"].as_u64().unwrap())
    });
    let outcome = tasks.join(seq.unwrap().to_string()).join("outcome.json");
    until("its end", || outcome.exists().then_some(()));
    let output = bench
        .home
        .rutter(["resume", "--no-input", "--answers"])
        .arg(bench.home.file("a.yaml", ANSWERS))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let ended = bench.of("attempt_ended", "stop").pop().unwrap();
    assert_eq!(
        (&ended["recovered"], &ended["outcome"]["story_ns"]),
        (&true.into(), &1_320_000_000_000_u64.into())
    );
    let compared = bench.of("attempt_ended", "compare").pop().unwrap();
    assert_eq!(compared["outcome"]["ended"]["code"], 0, "the writers had stopped");
}
