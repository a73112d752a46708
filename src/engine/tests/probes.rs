//! What a probe is worth: before a repetition, and as a proof.

use super::*;

const DONE: usize = 0;
const RUNNING: usize = 1;
const NOT_STARTED: usize = 2;
const FAILED: usize = 3;

fn of_repeat(repeat: &str) -> Play {
    let mut play = Play::of(&one_phase(&[change_step("a", &format!(", repeat: {repeat}{PROBE}"))]));
    play.runs(&main("a"), failed());
    play
}

fn retry(play: &Play) -> Result<(), Refusal> {
    let mut start = play.start_command(&main("a"));
    if let Command::Start { guard, .. } = &mut start {
        *guard = Guard::Armed;
    }
    play.run.decide(&start).map(|_| ())
}

#[test]
fn a_failed_step_that_is_safe_to_repeat_is_repeated_under_its_own_guard() {
    assert_eq!(retry(&of_repeat("safe")), Ok(()));
}

#[test]
fn a_failed_step_is_repeated_after_its_probe_says_that_it_did_not_happen_or_failed() {
    for (answer, allowed) in [(DONE, false), (RUNNING, false), (NOT_STARTED, true), (FAILED, true)]
    {
        let mut play = of_repeat("probe");
        assert!(matches!(retry(&play), Err(Refusal::Repeat { .. })), "not before the probe");
        play.probes("a", answer);
        assert_eq!(retry(&play).is_ok(), allowed, "answer {answer}");
    }
}

#[test]
fn a_probe_from_before_the_failure_says_nothing() {
    let mut play = Play::of(&one_phase(&[change_step("a", &format!(", repeat: probe{PROBE}"))]));
    play.probes("a", NOT_STARTED);
    play.runs(&main("a"), failed());
    assert!(matches!(retry(&play), Err(Refusal::Repeat { .. })));
}

#[test]
fn the_newest_probe_counts() {
    let mut play = of_repeat("probe");
    play.probes("a", NOT_STARTED);
    play.probes("a", RUNNING);
    assert!(matches!(retry(&play), Err(Refusal::Repeat { .. })));
}

#[test]
fn a_failed_step_that_is_never_repeated_is_repeated_only_with_its_target_typed_and_a_reason() {
    let mut play = of_repeat("never");
    play.probes("a", NOT_STARTED);
    assert!(matches!(retry(&play), Err(Refusal::Repeat { .. })), "whatever a probe says");
    let mut start = play.start_command(&main("a"));
    if let Command::Start { override_reason, .. } = &mut start {
        *override_reason = Some("the author was asked".into());
    }
    play.does(&start);
    assert_eq!(play.run.deviations().len(), 1);
}

#[test]
fn what_was_undone_may_be_done_again() {
    let mut play = of_repeat("never");
    play.runs(&part("a", Part::Undo), passed());
    assert_eq!(retry(&play), Ok(()));
}

#[test]
fn only_a_probe_that_said_so_verifies() {
    let cases = [
        (SettledAs::Done, DONE, Meaning::Done, "verified"),
        (SettledAs::NotStarted, NOT_STARTED, Meaning::NotStarted, "todo"),
        (SettledAs::Failed, FAILED, Meaning::Failed, "FAILED"),
    ];
    for (as_, answer, meaning, word) in cases {
        let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
        let lost = play.loses(&main("a"));
        let unproved = settle(&lost, as_, Proof::Verified, None);
        assert!(matches!(play.refuses(&unproved), Refusal::Proof { .. }), "no probe");
        let number = play.probes("a", answer);
        assert_eq!(play.word("a"), "UNKNOWN", "nothing is applied by itself");
        play.does(&settle(&lost, as_, Proof::Verified, Some((number, meaning))));
        assert_eq!(play.word("a"), word);
    }
}

#[test]
fn a_probe_is_not_quoted_as_saying_what_it_did_not_say() {
    let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
    let lost = play.loses(&main("a"));
    let number = play.probes("a", RUNNING);
    let wrong = |proof, probe| settle(&lost, SettledAs::Done, proof, Some(probe));
    for settlement in [
        wrong(Proof::Verified, (number, Meaning::Done)),
        wrong(Proof::Verified, (number, Meaning::Running)),
        wrong(Proof::Verified, (number + 1, Meaning::Done)),
        wrong(attested(), (number, Meaning::Done)),
    ] {
        assert!(matches!(play.refuses(&settlement), Refusal::Proof { .. }), "{settlement:?}");
    }
    play.does(&wrong(attested(), (number, Meaning::Running)));
}

#[test]
fn an_older_probe_is_not_quoted_over_a_newer_one() {
    let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
    let lost = play.loses(&main("a"));
    let old = play.probes("a", DONE);
    play.probes("a", NOT_STARTED);
    let stale = settle(&lost, SettledAs::Done, Proof::Verified, Some((old, Meaning::Done)));
    assert!(matches!(play.refuses(&stale), Refusal::Proof { .. }));
}

#[test]
fn a_way_back_is_proved_by_a_probe_that_finds_nothing_there() {
    let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
    play.runs(&main("a"), passed());
    let lost = play.loses(&part("a", Part::Undo));
    let found = play.probes("a", DONE);
    let wrong = settle(&lost, SettledAs::Done, Proof::Verified, Some((found, Meaning::Done)));
    assert!(matches!(play.refuses(&wrong), Refusal::Proof { .. }));
    let nothing = play.probes("a", NOT_STARTED);
    let right = (nothing, Meaning::NotStarted);
    play.does(&settle(&lost, SettledAs::Done, Proof::Verified, Some(right)));
    assert!(play.run.open_changes().is_empty());
}

#[test]
fn a_probe_whose_end_was_not_seen_says_nothing() {
    let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
    play.loses(&main("a"));
    let cut = Outcome { answered: Some(DONE), ..ended(Ended::Timeout) };
    play.runs(&part("a", Part::Probe), cut);
    assert_eq!(play.run.probed(&main("a")), None);
}

#[test]
fn a_probe_of_a_step_that_is_not_reached_yet_is_refused() {
    let play = Play::of(&one_phase(&[read_step("z"), change_step("a", PROBE)]));
    let probe = play.start_command(&part("a", Part::Probe));
    assert!(matches!(play.refuses(&probe), Refusal::Earlier { .. }));
}

#[test]
fn a_probe_of_a_step_that_was_never_started_says_what_it_found_and_settles_nothing() {
    let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
    let attempt = play.probes("a", NOT_STARTED);
    let probe = AttemptId { work: part("a", Part::Probe), attempt };
    assert_eq!(play.run.found(&probe), Some(Meaning::NotStarted));
    assert_eq!(play.run.probed(&main("a")), None, "there is nothing that it could settle");
}
