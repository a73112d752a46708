//! A run as a reviewer reads it.

use super::attempts::Attempt;
use super::fact::Entry;
use super::fold;
use super::names::Names;
use super::timeline::Line;
use crate::engine::event::{ClosedAs, Opened};
use crate::engine::left_open::LeftOpen;
use crate::runbook::model::{Answer, StepId};
use chrono::{DateTime, Utc};

/// A run as a reviewer reads it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What record 0 says; none if the journal does not get that far.
    pub opened: Option<Opened>,
    /// When the first record was written.
    pub from: Option<DateTime<Utc>>,
    /// When the last record was written.
    pub to: Option<DateTime<Utc>>,
    /// From the first record to the last by the clock that never jumps; none across boots.
    pub lasted_ns: Option<u64>,
    /// How it was closed.
    pub closed: Option<Closed>,
    /// Who took part, in order of appearance.
    pub people: Vec<Person>,
    /// Everything that happened, in order.
    pub timeline: Vec<Line>,
    /// Every attempt, in the order of intention.
    pub attempts: Vec<Attempt>,
    /// Every decision.
    pub decisions: Vec<Decision>,
    /// Where the run left the runbook.
    pub deviations: Vec<Deviation>,
    /// Steps that were put off.
    pub deferred: Vec<Deferred>,
    /// Consequences that were latched.
    pub raised: Vec<Raised>,
    /// Steps that were not in force, with the reason.
    pub not_taken: Vec<(StepId, String)>,
    /// Statements and manual steps that were ticked.
    pub ticked: u64,
    /// Changes that the runs before left open, with how they were settled here.
    pub taken_over: Vec<(LeftOpen, Option<String>)>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Time between a face that left and the next that came, added up.
    pub away_ns: u64,
    /// Numbers and titles of steps.
    pub names: Names,
}

/// How a run was closed.
#[derive(Clone, Debug)]
pub struct Closed {
    /// As what.
    pub as_: ClosedAs,
    /// Why.
    pub reason: String,
    /// Changes that stay.
    pub open_changes: Vec<StepId>,
    /// The runbook in which it goes on.
    pub continued_in: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Somebody who took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name to show.
    pub name: String,
    /// What the system says: `mara (uid 1000) at bastion-1, pts/3, ssh from 10.0.0.7`.
    pub observed: String,
    /// What they did: `operator`, `left a note`.
    pub role: String,
    /// Their first record.
    pub from: DateTime<Utc>,
    /// Their last record.
    pub to: DateTime<Utc>,
}

/// A decision with the way to it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The step.
    pub step: StepId,
    /// Which time it was taken.
    pub attempt: u32,
    /// What was decided.
    pub outcome: String,
    /// Why.
    pub why: String,
    /// The runbook suggested something else.
    pub deviation: bool,
    /// The answers before it.
    pub answers: Vec<Answered>,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// An answer to a question of a ladder.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The question's number.
    pub question: u32,
    /// The answer.
    pub answer: Answer,
    /// What the check suggested.
    pub suggested: Option<Answer>,
    /// Why.
    pub why: String,
    /// Where its evidence check is in [`Report::attempts`].
    pub evidence: Option<usize>,
}

/// A step that was put off.
#[derive(Clone, Debug)]
pub struct Deferred {
    /// The step.
    pub step: StepId,
    /// When it is due, RFC 3339 UTC.
    pub due: String,
    /// Why.
    pub reason: String,
    /// When, by whom and what was done about it after the run was closed; this stands beside the journal, not in it.
    pub done: Option<String>,
}

/// A place where the run left the runbook.
#[derive(Clone, Debug)]
pub struct Deviation {
    /// The step.
    pub step: StepId,
    /// What was done instead.
    pub what: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// A latched consequence.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The step.
    pub step: StepId,
    /// What has to be cleared.
    pub note: String,
    /// By whom.
    pub owner: Option<String>,
    /// How it was cleared.
    pub cleared: Option<String>,
}

/// A note.
#[derive(Clone, Debug)]
pub struct Note {
    /// The text.
    pub text: String,
    /// Its kind.
    pub kind: String,
    /// Who wrote it.
    pub by: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

impl Report {
    /// Reads the records of a run.
    pub fn of(entries: &[Entry], names: Names) -> Self {
        fold::report(entries, names)
    }

    /// Returns the attempts whose end was not seen at first.
    pub fn unknowns(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| attempt.seen() == super::attempts::Fate::Unknown)
    }
}
