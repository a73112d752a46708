//! A command that a person changed: the strongest guard short of a witness, a reason, and a deviation.

use super::*;
use crate::engine::event::Edited;
use crate::runbook::model::Hazard;

const STEPS: &str = "phases:\n  - title: P\n    steps:\n      - {id: look, title: Look, what: It., hazard: read, run: 'true'}\n      \
     - {id: turn, title: Turn, what: It., hazard: change, target: db-orders, run: 'true', repeat: probe, \
     no_undo: It stays., probe: {run: 'true', answers: [{exit: 0, means: done}, {exit: 1, means: not_started}]}}\n";

fn edited(play: &Play, work: &Work, guard: Guard, why: &str) -> Command {
    let mut start = play.start_command(work);
    if let Command::Start { guard: passed, edited, .. } = &mut start {
        *passed = guard;
        *edited = Some(Edited { runbook: "true".into(), why: why.into() });
    }
    start
}

fn typed(text: &str) -> Guard {
    Guard::Typed { text: text.into() }
}

#[test]
fn even_a_read_is_typed_once_its_command_was_changed() {
    let mut play = Play::of(STEPS);
    for less in [Guard::None, Guard::Armed, typed("turn")] {
        play.refuses(&edited(&play, &main("look"), less, "another table"));
    }
    let needed = play.run.guard_if_edited(&main("look"));
    assert_eq!(needed, Some(GuardNeeded::Typed { target: "look".into() }));
    play.does(&edited(&play, &main("look"), typed("look"), "another table"));
}

#[test]
fn it_takes_a_reason_and_is_a_deviation_with_what_the_runbook_has() {
    let mut play = Play::of(STEPS);
    play.runs(&main("look"), passed());
    let without = edited(&play, &main("turn"), typed("db-orders"), " ");
    assert!(matches!(play.refuses(&without), Refusal::Reason));
    let facts = play.does(&edited(&play, &main("turn"), typed("db-orders"), "it moved"));
    let Event::AttemptIntended { edited: Some(edited), .. } = &facts[0] else {
        panic!("{facts:?}");
    };
    assert_eq!((edited.runbook.as_str(), edited.why.as_str()), ("true", "it moved"));
    let [deviation] = play.run.deviations() else { panic!("one deviation") };
    assert_eq!((deviation.step.as_str(), deviation.reason.as_str()), ("turn", "it moved"));
}

#[test]
fn what_proves_a_step_is_never_changed() {
    let mut play = Play::of(STEPS);
    play.runs(&main("look"), passed());
    play.loses(&main("turn"));
    let probe = part("turn", Part::Probe);
    assert!(matches!(
        play.refuses(&edited(&play, &probe, typed("db-orders"), "it moved")),
        Refusal::Kind { verb: "edit", .. }
    ));
}

const FENCED: &str =
    "fence: {title: The right account, run: 'true', expect: {text: '.+', equals: prod}}\n";

fn fenced() -> Play {
    Play::of(&format!("{FENCED}{STEPS}"))
}

fn changed_look(play: &Play) -> Command {
    edited(play, &main("look"), typed("look"), "another table")
}

/// Intends and starts the look with a command that a person typed.
fn starts_changed_look(play: &mut Play) -> AttemptId {
    play.does(&changed_look(play));
    let id = attempt(&main("look"), play.run.next_attempt(&main("look")) - 1);
    play.does(&Command::Started { id: id.clone(), keeper: process(), child: process() });
    id
}

#[test]
fn a_read_whose_command_was_typed_is_recorded_as_a_change() {
    let mut play = Play::of(STEPS);
    let facts = play.does(&changed_look(&play));
    let Event::AttemptIntended { hazard, .. } = &facts[0] else { panic!("{facts:?}") };
    assert_eq!(*hazard, Hazard::Change);
}

#[test]
fn a_read_whose_command_was_typed_waits_for_the_fence() {
    let mut play = fenced();
    assert!(matches!(play.refuses(&changed_look(&play)), Refusal::Fence { .. }));
    play.runs(&part("look", Part::Fence), passed());
    play.does(&changed_look(&play));
}

#[test]
fn the_lost_end_of_a_typed_command_is_unknown_whatever_its_step_is() {
    let mut play = Play::of(STEPS);
    let id = starts_changed_look(&mut play);
    let (reason, last_lines) = ("gone".into(), Vec::new());
    play.does(&Command::Lost { id, reason, last_lines, story_ns: None });
    assert_eq!(play.word("look"), "UNKNOWN");
    let again = play.start_command(&main("look"));
    assert!(matches!(play.refuses(&again), Refusal::Guard { .. } | Refusal::UnknownOutcome { .. }));
}

#[test]
fn a_typed_command_of_a_read_leaves_an_open_change_that_shows_what_ran() {
    let mut play = Play::of(STEPS);
    let id = starts_changed_look(&mut play);
    play.ends(&id, passed());
    let [open] = &play.run.outline().open_changes[..] else { panic!("one open change") };
    assert_eq!((open.step.as_str(), open.undo.as_deref()), ("look", None));
}

#[test]
fn a_later_try_as_written_does_not_take_back_what_a_typed_command_did() {
    let mut play = Play::of(STEPS);
    let id = starts_changed_look(&mut play);
    play.ends(&id, failed());
    assert!(play.run.outline().rows[0].edited, "it failed with what was typed");
    play.runs(&main("look"), passed());
    let outline = play.run.outline();
    assert!(!outline.rows[0].edited, "it was verified as written");
    let [open] = &outline.open_changes[..] else { panic!("one open change") };
    assert_eq!(open.edited, ["true"]);
}

#[test]
fn a_typed_command_that_a_person_says_did_not_happen_leaves_nothing_open() {
    let mut play = Play::of(STEPS);
    let id = starts_changed_look(&mut play);
    let (reason, last_lines) = ("gone".into(), Vec::new());
    play.does(&Command::Lost { id: id.clone(), reason, last_lines, story_ns: None });
    play.does(&settle(&id, SettledAs::NotStarted, attested(), None));
    assert_eq!(play.run.outline().open_changes, []);
}

#[test]
fn a_check_of_preflight_that_was_typed_does_not_run_beside_another() {
    let needs = "needs:\n  checks:\n    - {id: x, title: X, run: 'true'}\n    - {id: y, title: Y, run: 'true'}\n";
    let mut play = Play::of(&format!("{needs}{STEPS}"));
    let (one, other) = (main("needs/x"), main("needs/y"));
    let id = play.starts(&one);
    let typed_other = edited(&play, &other, typed("needs/y"), "elsewhere");
    assert!(matches!(play.refuses(&typed_other), Refusal::Running { .. }));
    play.ends(&id, passed());
    play.does(&typed_other);
    let first = play.start_command(&one);
    assert!(play.run.decide(&first).is_err(), "it is done, and a change is under way");
}
