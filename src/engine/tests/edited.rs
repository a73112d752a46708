//! A command that a person changed: the strongest guard short of a witness, a reason, and a deviation.

use super::*;
use crate::engine::event::Edited;

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
