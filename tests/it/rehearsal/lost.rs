//! Contact lost, by the story and for real: the outcome is UNKNOWN, and the world knows it all the same.

use super::bench::{ANSWERS, Bench, RUNBOOK, SCENARIO};
use crate::support::program::said;
use crate::support::terminal::{Terminal, until};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;

#[test]
fn a_lost_command_is_unknown_until_the_probe_of_the_scenario_settles_it() {
    let bench = Bench::with(RUNBOOK, &SCENARIO.replace("takes: 22m", "takes: 22m, trouble: lost"));
    let answers = ANSWERS.replace("steps:\n", "steps:\n  stop: {on_unknown: probe}\n");
    let output = bench.rehearse(&answers);
    assert!(output.status.success(), "{}", said(&output));
    let lost = bench.of("attempt_lost", "stop");
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0]["story_ns"], 1_320_000_000_000_u64);
    let settled = bench.of("attempt_settled", "stop").pop().unwrap();
    assert_eq!((&settled["as_"], &settled["proof"]), (&"done".into(), &"verified".into()));
    // It happened, though nobody saw it: the rows are the same now.
    let compared = bench.of("attempt_ended", "compare").pop().unwrap();
    assert_eq!(compared["outcome"]["ended"]["code"], 0);
    assert_eq!(bench.of("attempt_intended", "stop").len(), 2, "the step once, its probe once");
}

/// Walks a slow story to the first change, starts it and kills one of its processes.
fn killed(bench: &Bench, process: &str) -> Terminal {
    let words = ["rehearse", "traces", "--line", "--speed", "0.05"];
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
    let started = bench.of("attempt_started", "stop").pop().unwrap();
    let pid = i32::try_from(started[process]["pid"].as_i64().unwrap()).unwrap();
    if process == "child" {
        // Until the gate has become the player, nothing is played that could be killed.
        let words = format!("/proc/{pid}/cmdline");
        let plays = || fs::read_to_string(&words).unwrap().contains("__play").then_some(());
        until("the player", plays);
    }
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    terminal.hear("OUTCOME UNKNOWN");
    terminal.hear("> ");
    terminal.say("probe");
    terminal
}

#[test]
fn a_keeper_that_is_killed_while_it_plays_leaves_an_unknown_outcome_too() {
    let bench = Bench::new();
    killed(&bench, "keeper").hear("The probe says: done");
    assert_eq!(bench.of("attempt_lost", "stop").len(), 1);
}

#[test]
fn a_player_that_is_killed_has_changed_nothing_and_its_outcome_is_unknown() {
    let bench = Bench::new();
    killed(&bench, "child").hear("The probe says: not started");
    let ended = bench.of("attempt_ended", "stop");
    assert_eq!(ended[0]["outcome"]["ended"]["how"], "signal", "{ended:#?}");
}
