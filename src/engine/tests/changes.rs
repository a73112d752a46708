//! Open changes: what is made, or may be, and was not undone.

use super::*;

fn three() -> Play {
    Play::of(&one_phase(&[change_step("a", ""), change_step("b", ""), change_step("c", PROBE)]))
}

#[test]
fn a_change_is_open_once_it_ran_or_may_have_newest_first() {
    let mut play = three();
    play.runs(&main("a"), passed());
    assert_eq!(play.run.open_changes(), [id("a")]);
    play.runs(&main("b"), failed());
    assert_eq!(
        play.run.open_changes(),
        [id("b"), id("a")],
        "a failed change may have done part of it"
    );
    play.skips("b");
    play.loses(&main("c"));
    assert_eq!(play.run.open_changes(), [id("c"), id("b"), id("a")], "so may an unknown one");
}

#[test]
fn what_only_looks_is_never_an_open_change() {
    let mut play = Play::of(&one_phase(&[read_step("a"), read_step("b")]));
    play.runs(&main("a"), passed());
    play.runs(&main("b"), failed());
    assert!(play.run.open_changes().is_empty());
}

#[test]
fn a_way_back_that_passed_closes_the_change_and_one_that_failed_does_not() {
    let mut play = three();
    play.runs(&main("a"), passed());
    play.runs(&part("a", Part::Undo), failed());
    assert_eq!(play.run.open_changes(), [id("a")]);
    let refusal = play.refuses(&play.start_command(&part("a", Part::Undo)));
    assert!(
        matches!(refusal, Refusal::Repeat { .. }),
        "a failed way back is not declared safe to repeat"
    );
    let mut again = play.start_command(&part("a", Part::Undo));
    if let Command::Start { override_reason, .. } = &mut again {
        *override_reason = Some("the lock is gone".into());
    }
    play.does(&again);
    play.does(&Command::Started {
        id: attempt(&part("a", Part::Undo), 2),
        keeper: process(),
        child: process(),
    });
    play.ends(&attempt(&part("a", Part::Undo), 2), passed());
    assert!(play.run.open_changes().is_empty());
    assert_eq!(play.word("a"), "verified", "what happened has happened");
}

#[test]
fn there_is_nothing_to_undo_before_a_change_and_after_its_way_back() {
    let mut play = three();
    let undo = |play: &Play| play.refuses(&play.start_command(&part("a", Part::Undo)));
    assert!(matches!(undo(&play), Refusal::Repeat { .. }));
    play.runs(&main("a"), passed());
    play.runs(&part("a", Part::Undo), passed());
    assert!(matches!(undo(&play), Refusal::Repeat { .. }));
}

#[test]
fn a_running_or_unknown_change_is_not_undone_under_its_feet() {
    let mut play = Play::of(&one_phase(&[change_step("a", PROBE)]));
    let running = play.starts(&main("a"));
    let undo = |play: &Play| play.refuses(&play.start_command(&part("a", Part::Undo)));
    assert!(matches!(undo(&play), Refusal::Running { .. }));
    play.ends(&running, ended(Ended::Timeout));
    assert_eq!(undo(&play), Refusal::UnknownOutcome { work: main("a") });
}

#[test]
fn a_way_back_by_hand_is_ticked() {
    let step = "      - {id: a, title: A, what: It., hazard: change, target: t, run: 'true', \
                undo: {title: Back, hazard: change, manual: Put it back.}}\n";
    let mut play = Play::of(&one_phase(&[step.to_owned()]));
    play.runs(&main("a"), passed());
    let undo = part("a", Part::Undo);
    assert!(matches!(play.refuses(&play.start_command(&undo)), Refusal::Kind { .. }));
    play.does(&play.tick_command(&undo));
    assert!(play.run.open_changes().is_empty());
}

#[test]
fn a_way_back_that_lacks_a_capture_is_by_hand_until_it_has_it() {
    let undo = part("a", Part::Undo);
    for way in ["run: 'delete {{ host }}'", "script: 'delete \"$RB_HOST\"'"] {
        let step = format!(
            "      - {{id: a, title: A, what: It., hazard: change, target: t, run: 'true', \
             capture: {{host: {{text: '.+', type: host}}}}, undo: {{title: Back, hazard: change, {way}}}}}\n"
        );
        let mut play = Play::of(&one_phase(std::slice::from_ref(&step)));
        play.runs(&main("a"), failed());
        assert!(play.run.by_hand(&undo), "{way}");
        play.does(&play.tick_command(&undo));
        let mut play = Play::of(&one_phase(&[step]));
        play.runs(&main("a"), captured(&[("host", "db-r0")]));
        assert!(!play.run.by_hand(&undo), "{way}");
        assert!(matches!(play.refuses(&play.tick_command(&undo)), Refusal::Kind { .. }));
    }
}

#[test]
fn a_way_back_with_a_secret_is_a_command_like_any_other() {
    let step = "      - {id: a, title: A, what: It., hazard: change, target: t, run: 'true', \
                undo: {title: Back, hazard: change, run: 'back', env: {TOKEN: '{{ token }}'}}}\n";
    let page = one_phase(&[step.to_owned()]) + "secrets: {token: {env: TOKEN}}\n";
    let mut play = Play::of(&page);
    play.runs(&main("a"), passed());
    let undo = part("a", Part::Undo);
    assert!(!play.run.by_hand(&undo));
    assert!(matches!(play.refuses(&play.tick_command(&undo)), Refusal::Kind { .. }));
    play.runs(&undo, passed());
    assert!(play.run.open_changes().is_empty());
}

#[test]
fn what_was_taken_back_is_said_to_be_undone() {
    let mut play = three();
    play.runs(&main("a"), passed());
    let said =
        |play: &Play| play.run.outline().rows.iter().find(|r| r.id == id("a")).unwrap().said();
    assert_eq!(said(&play), "verified");
    play.runs(&part("a", Part::Undo), passed());
    assert_eq!(said(&play), "undone");
    play.runs(&main("a"), passed());
    assert_eq!(said(&play), "verified");
}

#[test]
fn a_change_that_was_undone_may_be_made_again_and_is_open_again() {
    let mut play = three();
    play.runs(&main("a"), passed());
    play.runs(&part("a", Part::Undo), passed());
    play.runs(&main("a"), passed());
    assert_eq!(play.run.open_changes(), [id("a")]);
}

#[test]
fn a_second_try_that_did_not_happen_leaves_the_first_ones_change_open() {
    let mut play = Play::of(&one_phase(&[change_step("a", ", repeat: safe")]));
    play.runs(&main("a"), passed());
    let lost = play.loses(&main("a"));
    play.does(&settle(&lost, SettledAs::NotStarted, attested(), None));
    assert_eq!(play.run.open_changes(), [id("a")]);
}

#[test]
fn a_consequence_is_raised_with_the_end_of_its_step_and_once() {
    let raises = ", repeat: safe, raises: {note: Alerts are off, owner: on-call}";
    let mut play = Play::of(&one_phase(&[change_step("a", raises)]));
    let id_a = play.starts(&main("a"));
    let facts = play.ends(&id_a, passed());
    assert!(matches!(&facts[1], Event::Raised { note, .. } if note == "Alerts are off"));
    let facts = play.runs(&main("a"), passed());
    assert_eq!(facts.attempt, 2);
    assert_eq!(play.run.raised().len(), 1);
}

#[test]
fn a_consequence_is_cleared_with_words_and_only_once() {
    let mut play = Play::of(&one_phase(&[change_step("a", ", raises: {note: Alerts are off}")]));
    let clear = |how: &str| Command::Clear { step: id("a"), how: how.into() };
    assert!(matches!(play.refuses(&clear("on")), Refusal::Unknown { .. }));
    play.runs(&main("a"), passed());
    assert_eq!(play.refuses(&clear(" ")), Refusal::Reason);
    play.does(&clear("switched on"));
    assert!(matches!(play.refuses(&clear("on")), Refusal::Unknown { .. }));
}

#[test]
fn a_failed_step_raises_nothing() {
    let mut play = Play::of(&one_phase(&[change_step("a", ", raises: {note: Alerts are off}")]));
    play.runs(&main("a"), failed());
    assert!(play.run.raised().is_empty());
}

#[test]
fn a_way_back_waits_while_the_outcome_of_an_earlier_step_is_unknown() {
    let steps = [change_step("a", ", repeat: safe"), change_step("b", "")];
    let mut play = Play::of(&one_phase(&steps));
    play.runs(&main("a"), passed());
    play.runs(&main("b"), passed());
    let lost = play.loses(&main("a"));
    let undo = play.start_command(&part("b", Part::Undo));
    let refusal = Refusal::Earlier { step: id("b"), earlier: id("a"), state: "UNKNOWN" };
    assert_eq!(play.refuses(&undo), refusal);
    play.does(&settle(&lost, SettledAs::Done, attested(), None));
    play.does(&undo);
}
