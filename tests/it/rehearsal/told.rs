//! What the story tells: consequences, time, and what the scenario leaves out.

use super::bench::{ANSWERS, Bench, RUNBOOK, SCENARIO};
use crate::support::program::said;

fn story_seconds(bench: &Bench, step: &str) -> u64 {
    let ended = bench.of("attempt_ended", step).pop().unwrap();
    ended["outcome"]["story_ns"].as_u64().unwrap() / 1_000_000_000
}

#[test]
fn the_record_of_an_end_tells_how_long_it_took_in_the_story() {
    let bench = Bench::new();
    let output = bench.rehearse(ANSWERS);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(story_seconds(&bench, "stop"), 22 * 60);
    assert_eq!(story_seconds(&bench, "ready"), 61, "two pauses and one poll");
    assert_eq!(story_seconds(&bench, "drop"), 5 * 60);
    let ended = bench.of("attempt_ended", "stop").pop().unwrap();
    let took = ended["outcome"]["took_ns"].as_u64().unwrap();
    assert!(took < 20_000_000_000, "a file of answers waits for nothing: {took}");
    assert!(said(&output).contains("02:53:00Z"), "{}", said(&output));
}

#[test]
fn a_step_that_was_left_out_has_its_consequence_later() {
    let skipped = "format: 1\nstatements: all\nsteps:\n  stop: {on_failure: skip, reason: no time}\n  compare: {on_failure: stop}\n";
    let failing = SCENARIO.replace("  stop: [{", "  stop: [{attempt: 1, exit: 1}, {");
    let bench = Bench::with(
        RUNBOOK,
        &failing.replace("{attempt: 1, exit: 1}", "{attempt: 1, exit: 1, set: {}}"),
    );
    let output = bench.rehearse(skipped);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let compared = bench.of("attempt_ended", "compare").pop().unwrap();
    assert_eq!(compared["outcome"]["ended"]["code"], 1, "{compared}");
    assert!(compared["outcome"]["last_lines"].to_string().contains("3 rows differ"));
}

#[test]
fn an_output_names_things_as_this_run_does() {
    let bench = Bench::new();
    assert!(bench.rehearse(ANSWERS).status.success());
    let ended = bench.of("attempt_ended", "stop").pop().unwrap();
    assert_eq!(ended["outcome"]["last_lines"][0], "stopping db-orders");
}

#[test]
fn what_the_scenario_leaves_out_is_said_by_its_key_and_nothing_is_invented() {
    let silent: String =
        SCENARIO.split_inclusive('\n').filter(|line| !line.starts_with("  compare:")).collect();
    let bench = Bench::with(RUNBOOK, &silent);
    let output =
        bench.rehearse("format: 1\nstatements: all\nsteps: {compare: {on_failure: stop}}\n");
    let ended = bench.of("attempt_ended", "compare").pop().unwrap();
    assert_eq!(ended["outcome"]["ended"]["how"], "could_not_start", "{}", said(&output));
    assert!(ended.to_string().contains("no answer for `compare`"), "{ended}");
}

#[test]
fn a_story_that_outlasts_its_time_ends_unknown_as_it_would_live() {
    let bench = Bench::with(RUNBOOK, &SCENARIO.replace("takes: 22m", "takes: 40m"));
    let answers = ANSWERS
        .replace("steps:\n", "steps:\n  stop: {on_unknown: not_started, reason: I looked}\n");
    let output = bench.rehearse(&answers);
    let ended = bench.of("attempt_ended", "stop");
    assert_eq!(ended[0]["outcome"]["ended"]["how"], "timeout", "{}", said(&output));
    assert_eq!(ended[0]["outcome"]["story_ns"], 1_800_000_000_000_u64);
}

#[test]
fn a_list_says_what_can_be_rehearsed_and_when_it_was() {
    let bench = Bench::new();
    let (code, said) = bench.says(&["rehearse", "--list", "traces"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("quiet") && said.contains("quick") && said.contains("never rehearsed"));
    assert!(bench.rehearse(ANSWERS).status.success());
    let (_, said) = bench.says(&["rehearse", "--list", "traces"]);
    assert!(said.contains("rehearsed today"), "{said}");
}

#[test]
fn a_wrong_name_is_told_with_what_there_is() {
    let bench = Bench::new();
    let (code, said) = bench.says(&["rehearse", "traces", "--scenario", "loud"]);
    assert!(code == Some(2) && said.contains("it has quiet"), "{said}");
    let (code, _) = bench.says(&["rehearse", "tracess"]);
    assert_eq!(code, Some(2));
    assert!(!bench.home.has_run());
}
