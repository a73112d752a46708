//! Nothing happens twice by itself: ends that were not seen.

use super::*;

fn two(hazard_a: &str) -> Play {
    let first = if hazard_a == "read" { read_step("a") } else { change_step("a", PROBE) };
    Play::of(&one_phase(&[first, read_step("b")]))
}

#[test]
fn a_lost_change_is_unknown_and_a_lost_read_has_failed() {
    let mut play = two("change");
    play.loses(&main("a"));
    assert_eq!(play.state("a"), StepState::Unknown);
    let mut play = two("read");
    play.loses(&main("a"));
    assert_eq!(play.state("a"), StepState::Failed);
}

#[test]
fn a_change_ended_by_a_signal_a_timeout_or_an_interrupt_is_unknown() {
    for end in [Ended::Signal { signal: 9 }, Ended::Timeout, Ended::Interrupted] {
        let mut play = two("change");
        play.runs(&main("a"), ended(end.clone()));
        assert_eq!(play.state("a"), StepState::Unknown, "{end:?}");
        let mut play = two("read");
        play.runs(&main("a"), ended(end.clone()));
        assert_eq!(play.state("a"), StepState::Failed, "{end:?}");
    }
}

#[test]
fn an_exit_that_was_seen_is_judged() {
    let mut play = two("change");
    play.runs(&main("a"), failed());
    assert_eq!(play.state("a"), StepState::Failed);
    let cannot_judge = Outcome { verdicts: vec![verdict(Judged::CannotJudge)], ..passed() };
    let mut play = two("change");
    play.runs(&main("a"), cannot_judge);
    assert_eq!(play.state("a"), StepState::Failed, "what cannot be judged has not passed");
    let mut play = two("change");
    play.runs(&main("a"), passed());
    assert_eq!(play.state("a"), StepState::Done(Proof::Verified));
}

#[test]
fn what_provably_never_ran_is_to_do_again_with_the_reason_shown() {
    for end in [Ended::CouldNotStart { reason: "no such program".into() }, Ended::NeverReleased] {
        let mut play = two("change");
        let id = play.intends(&main("a"));
        play.ends(&id, ended(end));
        assert_eq!(play.state("a"), StepState::Todo);
        let note = play.run.outline().rows[0].note.clone();
        assert!(note.is_some_and(|note| note.starts_with("not started: ")));
        assert!(play.run.open_changes().is_empty());
        play.runs(&main("a"), passed());
    }
}

#[test]
fn a_try_that_never_ran_leaves_an_unknown_outcome_unknown() {
    let mut play = two("change");
    play.loses(&main("a"));
    let mut again = play.start_command(&main("a"));
    if let Command::Start { override_reason, .. } = &mut again {
        *override_reason = Some("I watched it die".into());
    }
    play.does(&again);
    play.ends(&attempt(&main("a"), 2), ended(Ended::NeverReleased));
    assert_eq!(play.state("a"), StepState::Unknown);
}

#[test]
fn a_try_that_never_ran_leaves_a_failure_and_a_success_as_they_were() {
    let mut play = two("read");
    for before in [failed(), passed()] {
        play.runs(&main("a"), before);
        let was = play.state("a");
        play.runs(&main("a"), ended(Ended::CouldNotStart { reason: "busy".into() }));
        assert_eq!(play.state("a"), was);
    }
}

#[test]
fn nothing_starts_while_an_earlier_outcome_is_unknown() {
    let mut play = two("change");
    play.loses(&main("a"));
    let earlier =
        |step: &str| Refusal::Earlier { step: id(step), earlier: id("a"), state: "UNKNOWN" };
    assert_eq!(play.refuses(&play.start_command(&main("b"))), earlier("b"));
    assert_eq!(play.refuses(&skip("b")), earlier("b"));
}

#[test]
fn an_unknown_outcome_is_settled_not_skipped() {
    let mut play = two("change");
    play.loses(&main("a"));
    assert_eq!(play.refuses(&skip("a")), Refusal::UnknownOutcome { work: main("a") });
}

#[test]
fn a_person_settles_it_as_done_as_not_started_or_as_failed() {
    for (as_, word) in [
        (SettledAs::Done, "attested"),
        (SettledAs::NotStarted, "todo"),
        (SettledAs::Failed, "FAILED"),
    ] {
        let mut play = two("change");
        let lost = play.loses(&main("a"));
        play.does(&settle(&lost, as_, attested(), None));
        assert_eq!(play.word("a"), word);
        assert_eq!(play.run.open_changes().is_empty(), as_ == SettledAs::NotStarted);
    }
}

#[test]
fn to_attest_is_to_say_how_it_is_known() {
    let mut play = two("change");
    let lost = play.loses(&main("a"));
    let silent = Proof::Attested { how: " ".into() };
    assert_eq!(play.refuses(&settle(&lost, SettledAs::Done, silent, None)), Refusal::Reason);
}

#[test]
fn only_the_last_attempt_is_settled_and_only_when_it_needs_it() {
    let mut play = two("change");
    let lost = play.loses(&main("a"));
    play.does(&settle(&lost, SettledAs::NotStarted, attested(), None));
    let again = settle(&lost, SettledAs::Done, attested(), None);
    assert_eq!(play.refuses(&again), Refusal::Already { step: id("a"), state: "todo" });
    play.loses(&main("a"));
    assert!(matches!(play.refuses(&again), Refusal::Unknown { .. }), "the second try is the last");
}

#[test]
fn a_failure_that_was_put_right_outside_is_settled_as_done_and_is_a_deviation() {
    let mut play = two("change");
    let id = play.runs(&main("a"), failed());
    play.does(&settle(&id, SettledAs::Done, attested(), None));
    assert_eq!(play.word("a"), "attested");
    assert_eq!(play.run.deviations().len(), 1);
}

#[test]
fn a_way_back_whose_end_was_not_seen_stands_in_the_way_of_everything_until_it_is_settled() {
    let mut play =
        Play::of(&one_phase(&[change_step("a", ""), change_step("b", ""), read_step("c")]));
    play.runs(&main("a"), passed());
    play.runs(&main("b"), passed());
    let lost = play.loses(&part("b", Part::Undo));
    let unknown = Refusal::UnknownOutcome { work: part("b", Part::Undo) };
    assert_eq!(play.refuses(&play.start_command(&main("c"))), unknown);
    assert_eq!(play.refuses(&play.start_command(&part("a", Part::Undo))), unknown);
    assert_eq!(play.refuses(&play.start_command(&part("b", Part::Undo))), unknown);
    play.does(&settle(&lost, SettledAs::Done, attested(), None));
    assert_eq!(play.run.open_changes(), [id("a")]);
    play.runs(&main("c"), passed());
}

#[test]
fn a_running_command_is_interrupted_once_and_stays_running_until_its_end_is_seen() {
    let mut play = two("change");
    let id = play.starts(&main("a"));
    play.does(&Command::Interrupt { id: id.clone() });
    assert_eq!(play.word("a"), "running");
    assert!(matches!(play.refuses(&Command::Interrupt { id: id.clone() }), Refusal::NotNow(_)));
    play.ends(&id, ended(Ended::Interrupted));
    assert_eq!(play.word("a"), "UNKNOWN");
    assert!(matches!(play.refuses(&Command::Interrupt { id }), Refusal::NotNow(_)));
}
