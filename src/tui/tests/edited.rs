//! A command that a person typed says so on every page on which it is met, from its guard to its end.

use super::screens::{PLAIN, drawn};
use super::stage::Stage;
use super::world::{Ends, World};
use crate::engine::event::Mode;
use crate::runbook::model::Hazard;
use crate::tui::fields::Press;
use crate::tui::key::Key;

const BOOK: &str = "\
format: 1
name: looks
title: A look at a name that was written wrongly
system: Test
version: '1'
summary: Looks, and waits.
environment: required
params: {server: {type: name, ask: The server, default: db-orders}}
phases:
  - title: Look
    steps:
      - id: look
        title: Look at the box
        hazard: read
        run: ls nowhere
        probe: {run: 'true', answers: [{exit: 0, means: done}, {exit: 1, means: not_started}]}
      - id: wait
        title: Wait for the box
        wait: {run: ls box, until: {text: ok}, every: 1s}
        timeout: 20s
";

/// The guard of the look, whose command was typed.
fn guarded(mode: Mode) -> Stage {
    let mut stage = Stage::over(World::of(BOOK, mode, "PROD"), (80, 24));
    stage.press(Key::Char('a'));
    stage.chooses("Edit the command");
    stage.types(" --again");
    stage.press(Key::Ctrl('d'));
    stage
}

/// The same, passed.
fn running() -> Stage {
    let mut stage = guarded(Mode::Live);
    while !stage.fields().read {
        stage.press(Key::Down);
    }
    while stage.fields().at != 0 {
        stage.press(Key::BackTab);
    }
    for line in ["look", "moved"] {
        stage.types(line);
        stage.press(Key::Tab);
    }
    while stage.fields().button().is_none_or(|button| button.press != Press::Go) {
        stage.press(Key::Tab);
    }
    let change = stage.enter().expect("the button starts it");
    assert_eq!(change.hazard, Hazard::Change);
    stage
}

fn says(stage: &Stage, words: &[&str]) {
    let screen = drawn(stage, PLAIN);
    for word in words {
        assert!(screen.contains(word), "{word:?} is not on:\n{screen}");
    }
}

#[test]
fn a_guard_without_a_target_says_what_to_type_instead() {
    let stage = guarded(Mode::Live);
    says(&stage, &["look; it names no target, so its own name is typed", "Type the step's name"]);
    let screen = drawn(&stage, PLAIN);
    let place = screen.lines().find(|line| line.contains("WHERE")).expect("it says where");
    assert!(!place.contains("PROD,"), "no comma hangs: {place}");
    assert!(!screen.contains("REHEARSAL"), "{screen}");
}

#[test]
fn the_guard_of_a_rehearsal_says_that_nobody_looks_at_what_was_typed() {
    says(&guarded(Mode::Rehearsal), &["REHEARSAL", "The scenario answers for the runbook's"]);
}

#[test]
fn a_typed_command_is_told_from_the_runbooks_while_it_runs_and_after_it_failed() {
    let mut stage = running();
    says(&stage, &["EDITED", "not the runbook's command, because: moved", "running edited"]);
    stage.ends(Ends::Failed);
    says(&stage, &["EDITED", "because: moved", "ls nowhere --again", "EDITED, CHANGE"]);
    says(&stage, &["Retry 1.1 as the runbook has it"]);
}

#[test]
fn the_lost_end_of_a_typed_command_is_unknown_and_its_probe_is_not_taken_at_its_word() {
    let mut stage = running();
    stage.ends(Ends::Lost);
    says(&stage, &["OUTCOME UNKNOWN", "EDITED, CHANGE", "ls nowhere --again", "half done"]);
    says(&stage, &["nobody declared that of a typed command", "written for the runbook's command"]);
}

#[test]
fn a_step_that_a_typed_command_verified_says_so_in_the_list_and_stays_an_open_change() {
    let mut stage = running();
    stage.ends(Ends::Passed);
    says(&stage, &["verified edited", "1 open"]);
}

#[test]
fn the_command_of_a_wait_is_not_for_typing() {
    let mut stage = running();
    stage.ends(Ends::Passed);
    stage.press(Key::Char('a'));
    says(&stage, &["a wait repeats it by itself"]);
}
