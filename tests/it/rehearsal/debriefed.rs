//! What is said at the end of a rehearsal.

use super::bench::{ANSWERS, Bench, RUNBOOK, SCENARIO};
use crate::support::program::said;

#[test]
fn a_rehearsal_ends_with_a_debrief_and_it_can_be_had_again() {
    let bench = Bench::new();
    let output = bench.rehearse(ANSWERS);
    let said = String::from_utf8(output.stdout).unwrap();
    for words in [
        "DEBRIEF of rehearsal",
        "SCENARIO quiet: Writers stop, rows are compared",
        "Stop the writers",
        "UNKNOWN OUTCOMES none",
        "WRONG TURNS none",
        "Everything here was simulated. No command was run.",
    ] {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
    let (code, again) = bench.says(&["journal", "show", "--debrief"]);
    assert_eq!(code, Some(0), "{again}");
    let debrief = &said[said.find("DEBRIEF").unwrap()..];
    assert_eq!(debrief.trim(), again.trim());
    assert!(again.lines().all(|line| line.chars().count() <= 80), "{again}");
}

#[test]
fn unknowns_deviations_and_wrong_turns_are_told() {
    let scenario = SCENARIO.replace(
        "  stop: [{output",
        "  stop: [{attempt: 1, stderr: no cores, exit: 1, set: {}}, {attempt: 2, trouble: lost}, {output",
    );
    let bench = Bench::with(RUNBOOK, &scenario);
    let answers = "format: 1\nstatements: all\nsteps:\n  stop: {confirm: db-orders, on_failure: [retry, skip], on_unknown: done, reason: I looked}\n  \
                   compare: {on_failure: skip, reason: three rows are known}\n  choose: {answers: [yes], outcome: off, why: late}\n  drop: {confirm: db-orders-old}\n";
    let output = bench.rehearse(answers);
    let said = said(&output);
    assert!(said.contains("tried again without the fix that is known, more"), "{said}");
    assert!(said.contains("it had happened; attested: I looked"), "{said}");
    assert!(said.contains("three rows are known"), "{said}");
}

#[test]
fn a_live_run_is_not_marked() {
    let bench = Bench::new();
    let answers = concat!(env!("CARGO_MANIFEST_DIR"), "/runbooks/lab/example/answers/mend.yaml");
    let (code, said) = bench.says(&["run", "lab/example", "--no-input", "--answers", answers]);
    assert!(code == Some(0) && !said.contains("DEBRIEF"), "{said}");
    let (code, said) = bench.says(&["journal", "show", "--debrief"]);
    assert!(code == Some(2) && said.contains("no rehearsal"), "{said}");
}
