//! A history that was read owes nothing, and waking starts nothing.

use super::*;
use crate::engine::past::{Past, Seen};
use crate::engine::run::Effect;

const LOOK: &str = "      - {id: look, title: L, hazard: read, run: 'true', capture: {ready: {exit: 0, type: bool}}}\n";

fn text() -> String {
    let on =
        "      - {id: b, title: B, hazard: read, run: 'true', when: {ready: 'true'}}\n".to_owned();
    one_phase(&[LOOK.to_owned(), on, change_step("c", PROBE)])
}

fn wake(play: &Play, seen: &BTreeMap<AttemptId, Seen>) -> (Run, Vec<Event>) {
    Past::read(plan(&text()), &play.facts).unwrap().wake(seen)
}

#[test]
fn what_was_intended_and_never_started_provably_never_ran() {
    let mut play = Play::of(&text());
    play.intends(&main("look"));
    let past = Past::read(plan(&text()), &play.facts).unwrap();
    assert!(past.in_doubt().is_empty(), "there is nothing to look for");
    let (run, facts) = past.wake(&BTreeMap::new());
    assert!(
        matches!(&facts[..], [Event::AttemptEnded { outcome, .. }] if outcome.ended == Ended::NeverReleased)
    );
    assert_eq!(run.state(&id("look")), StepState::Todo);
    assert!(run.owed().is_empty());
}

#[test]
fn an_outcome_that_was_found_is_taken_in_with_what_follows_from_it() {
    let mut play = Play::of(&text());
    let look = play.starts(&main("look"));
    let found = Seen::Outcome(Box::new(captured(&[("ready", "false")])));
    let (run, facts) = wake(&play, &BTreeMap::from([(look, found)]));
    assert!(matches!(&facts[0], Event::AttemptEnded { recovered: true, .. }));
    assert!(matches!(&facts[1], Event::NotApplicable { .. }));
    assert_eq!(run.current().map(|step| step.id.clone()), Some(id("c")));
}

#[test]
fn a_keeper_that_lives_is_watched_and_nothing_is_recorded() {
    let mut play = Play::of(&text());
    let look = play.starts(&main("look"));
    let (run, facts) = wake(&play, &BTreeMap::from([(look.clone(), Seen::Alive)]));
    assert_eq!((run.owed(), facts.len()), (vec![Effect::Watch(look)], 0));
}

#[test]
fn an_attempt_that_nobody_looked_for_is_watched_not_guessed_at() {
    let mut play = Play::of(&text());
    let look = play.starts(&main("look"));
    let (run, facts) = wake(&play, &BTreeMap::new());
    assert_eq!((run.owed(), facts.len()), (vec![Effect::Watch(look)], 0));
}

#[test]
fn a_change_whose_keeper_is_gone_is_unknown_and_nothing_is_owed() {
    let mut play = Play::of(&text());
    play.runs(&main("look"), captured(&[("ready", "false")]));
    let lost = play.starts(&main("c"));
    let past = Past::read(plan(&text()), &play.facts).unwrap();
    assert_eq!(past.in_doubt(), std::slice::from_ref(&lost));
    let gone =
        Seen::Gone { reason: "other boot".into(), last_lines: vec!["half".into()], story_ns: None };
    let (run, facts) = past.wake(&BTreeMap::from([(lost, gone)]));
    assert!(matches!(&facts[..], [Event::AttemptLost { .. }]));
    assert_eq!(run.state(&id("c")), StepState::Unknown);
    assert!(run.owed().is_empty());
}

#[test]
fn an_interrupt_that_was_asked_for_is_still_owed_after_waking() {
    let mut play = Play::of(&text());
    let look = play.starts(&main("look"));
    play.does(&Command::Interrupt { id: look.clone() });
    let (run, _) = wake(&play, &BTreeMap::from([(look.clone(), Seen::Alive)]));
    assert_eq!(run.owed(), [Effect::Watch(look.clone()), Effect::Interrupt(look)]);
}

#[test]
fn what_is_owed_follows_the_life_of_an_attempt() {
    let mut play = Play::of(&text());
    assert!(play.run.owed().is_empty());
    let look = play.intends(&main("look"));
    assert_eq!(play.run.owed(), [Effect::Launch(look.clone())]);
    play.does(&Command::Started { id: look.clone(), keeper: process(), child: process() });
    assert_eq!(play.run.owed(), [Effect::Watch(look.clone())]);
    play.ends(&look, passed());
    assert!(play.run.owed().is_empty());
}

#[test]
fn what_waking_finds_is_what_replaying_it_finds() {
    let mut play = Play::of(&text());
    play.runs(&main("look"), captured(&[("ready", "false")]));
    let lost = play.starts(&main("c"));
    let gone = Seen::Gone { reason: "other boot".into(), last_lines: Vec::new(), story_ns: None };
    let (woken, facts) = wake(&play, &BTreeMap::from([(lost, gone)]));
    play.facts.extend(facts);
    let (replayed, more) = wake(&play, &BTreeMap::new());
    assert!(more.is_empty());
    assert_eq!(format!("{woken:?}"), format!("{replayed:?}"));
}
