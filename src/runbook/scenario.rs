//! A scenario: a small world in which a runbook is rehearsed.
//!
//! For each command of the runbook it lists responses; the first whose conditions hold answers. A response may change
//! the world, so that a step left out has its consequence later.

use super::place::{At, Place};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// A whole scenario file.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The runbook it belongs to, `system/name`.
    pub runbook: At<String>,
    /// One line for lists.
    pub title: At<String>,
    /// Short enough for a first try.
    pub quick: bool,
    /// Where the story begins.
    pub start: Start,
    /// The world at the start.
    pub state: Vec<(At<String>, At<String>)>,
    /// Responses by the command they answer: `ID`, `ID/probe`, `ID/undo`, `ID/q2`, `ID/check`, `needs/ID`.
    pub steps: Vec<(At<String>, Vec<Response>)>,
}

/// Where the story begins.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The simulated time.
    pub at: Option<At<DateTime<Utc>>>,
    /// Values of the runbook's parameters.
    pub params: Vec<(At<String>, At<String>)>,
}

/// What one command answers.
#[derive(Clone, Debug)]
pub struct Response {
    /// The state in which it answers so; all must hold.
    pub when: Vec<StateCondition>,
    /// Only this try, counted from 1.
    pub attempt: Option<u32>,
    /// Standard output.
    pub output: Output,
    /// Standard error.
    pub stderr: Option<At<String>>,
    /// The exit code.
    pub exit: i32,
    /// How long it takes in the story.
    pub takes: Option<Duration>,
    /// What it changes in the world.
    pub set: Vec<(At<String>, At<String>)>,
    /// What goes wrong around it.
    pub trouble: Option<Trouble>,
    /// The answers of a `wait`, one after another; the last one stays.
    pub polls: Vec<Response>,
    /// Where it stands.
    pub place: Place,
}

/// `{NAME: value | [values]}`: one part of the world is one of these.
#[derive(Clone, Debug)]
pub struct StateCondition {
    /// The part of the world.
    pub name: At<String>,
    /// The accepted values.
    pub any_of: Vec<At<String>>,
}

/// Where a response's standard output comes from.
#[derive(Clone, Debug, Default)]
pub enum Output {
    /// There is none.
    #[default]
    None,
    /// This text.
    Text(At<String>),
    /// This file beside the scenario.
    File(At<String>),
}

/// What goes wrong around a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Contact is lost: the outcome stays unknown.
    Lost,
    /// It takes longer than `slow`.
    Slow,
    /// The login ends in the middle.
    ExpiredLogin,
}
