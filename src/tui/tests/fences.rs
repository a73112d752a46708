//! A change that waits for its fence starts by the key that was pressed for it, or not at all.

use super::stage::Stage;
use super::world::{Ends, World};
use crate::engine::event::Mode;
use crate::runbook::model::Hazard;
use crate::tui::key::Key;
use chrono::TimeDelta;

const FENCED: &str = "\
format: 1
name: fenced
title: A change behind a fence
system: Test
version: '1'
summary: Looks where it is before it changes anything.
environment: required
fence: {title: The right host, run: hostname, expect: {exit: 0}}
params: {server: {type: name, ask: The server, default: db-orders}}
phases:
  - title: Change
    steps:
      - {id: build, title: Build, what: Builds it., hazard: change, target: shop, run: build-it, no_undo: It stays.}
";

/// A run whose change was armed and run; its fence is being checked.
fn waiting() -> Stage {
    let mut stage = Stage::over(World::of(FENCED, Mode::Live, "PROD"), (80, 24));
    stage.enter();
    assert!(stage.press(Key::Char('R')).is_some(), "R asks for the change");
    assert_eq!(changes(&stage), 0, "the fence comes first");
    stage
}

fn changes(stage: &Stage) -> usize {
    stage.world.started.iter().filter(|(_, hazard, _)| *hazard > Hazard::Read).count()
}

#[test]
fn a_change_starts_when_its_fence_holds() {
    let mut stage = waiting();
    stage.ends(Ends::Passed);
    assert_eq!(changes(&stage), 1);
}

#[test]
fn a_change_does_not_start_when_its_fence_does_not_hold() {
    let mut stage = waiting();
    stage.ends(Ends::Failed);
    stage.go_on();
    assert_eq!(changes(&stage), 0);
}

#[test]
fn a_change_does_not_start_while_something_else_is_read_nor_when_that_is_closed() {
    for key in ['?', 'a', 'w', 'q'] {
        let mut stage = waiting();
        stage.press(Key::Char(key));
        stage.go_on();
        stage.ends(Ends::Passed);
        stage.press(Key::Esc);
        stage.go_on();
        assert_eq!(changes(&stage), 0, "{key}");
    }
}

#[test]
fn a_change_whose_fence_takes_longer_than_a_minute_is_armed_again() {
    let mut stage = waiting();
    stage.world.pass(TimeDelta::seconds(61));
    stage.ends(Ends::Passed);
    assert_eq!(changes(&stage), 0);
    stage.enter();
    assert!(stage.press(Key::Char('R')).is_some());
    stage.go_on();
    assert_eq!(changes(&stage), 1, "the fence stands, so it starts at once");
}
