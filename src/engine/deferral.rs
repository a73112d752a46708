//! Putting a step off: a normal way to finish, with a time at which it is due and a reason.

use super::run::Run;
use super::state::StepState;
use super::values::fill_visibly;
use crate::runbook::model::{Hazard, StepId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// A step that was put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The step.
    pub step: StepId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// When it is due, RFC 3339 UTC.
    pub due: String,
    /// Why it was put off.
    pub reason: String,
}

/// The current step may be put off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The step.
    pub step: StepId,
    /// When it is due then, RFC 3339 UTC.
    pub due: String,
    /// Why waiting is better, as the runbook says.
    pub why: String,
    /// Waiting is the better choice unless somebody knows more: what it does cannot be undone.
    pub first: bool,
}

impl Offer {
    /// Returns the day on which it is due.
    pub fn day(&self) -> &str {
        self.due.get(..10).unwrap_or(&self.due)
    }
}

/// Returns the offer to put the current step off, where its runbook makes one.
pub fn offer(run: &Run, now: DateTime<Utc>) -> Option<Offer> {
    let step = run.current()?;
    // What has failed may be half done: that is settled, not put off.
    let waits = run.state(&step.id) == StepState::Todo;
    let defer = step.step.defer.as_ref().filter(|_| waits)?;
    let due = now.checked_add_signed(TimeDelta::from_std(defer.span).ok()?)?;
    Some(Offer {
        step: step.id.clone(),
        due: due.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        why: fill_visibly(&defer.why, &run.values()),
        first: step.step.hazard == Hazard::Irreversible,
    })
}

/// Lists the steps that were put off, in plan order.
pub fn deferred(run: &Run) -> Vec<Due> {
    let values = run.values();
    let due = run.placed().filter_map(|(step, slot)| {
        let StepState::Deferred { due, reason } = &slot.state else { return None };
        Some(Due {
            step: step.id.clone(),
            number: step.number.clone(),
            title: fill_visibly(&step.step.title, &values),
            due: due.clone(),
            reason: reason.clone(),
        })
    });
    due.collect()
}
