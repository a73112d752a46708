//! What a rehearsal leaves to talk about: time by step, unknowns, deviations, wrong turns, what was left open. No score.
//!
//! ```text
//! records ──Report::of──▶ report ─┐
//!         ──spent──▶ steps, times ┼─▶ Debrief ──text──▶ lines
//!         ──turns──▶ wrong turns ─┘
//! ```

mod spent;
pub mod text;
mod turns;

use super::attempts::Attempt;
use super::fact::{Entry, events};
use super::model::{Deferred, Deviation, Report};
use super::names::Names;
use crate::engine::event::{Mode, Opened};
use crate::engine::left_open::LeftOpen;
use crate::engine::plan::Plan;
use crate::runbook::model::StepId;
use std::collections::BTreeMap;

pub use spent::{Spent, StepTime};
pub use turns::WrongTurn;

/// A rehearsal as those who were in it talk about it afterwards.
#[derive(Clone, Debug)]
pub struct Debrief {
    /// What record 0 says.
    pub opened: Opened,
    /// How it was closed, in words; none while it is open.
    pub closed: Option<String>,
    /// Where the time went.
    pub spent: Spent,
    /// Attempts whose end nobody saw, with how they were settled.
    pub unknowns: Vec<Attempt>,
    /// Where the runbook was left.
    pub deviations: Vec<Deviation>,
    /// What cost time and brought nothing.
    pub turns: Vec<WrongTurn>,
    /// Steps that were put off.
    pub deferred: Vec<Deferred>,
    /// Steps whose change stayed open at the end.
    pub open_changes: Vec<StepId>,
    /// Changes that the rehearsals before this one left open.
    pub taken_over: Vec<LeftOpen>,
    /// Consequences that nobody cleared.
    pub uncleared: Vec<String>,
    /// Numbers and titles of steps.
    pub names: Names,
}

/// The known failures of each step, with the fix that each of them names.
#[derive(Clone, Debug, Default)]
pub struct Fixes(BTreeMap<StepId, Vec<Option<StepId>>>);

impl Fixes {
    /// Takes them from a plan.
    pub fn of(plan: &Plan) -> Self {
        let steps = plan.steps().iter().map(|planned| {
            let failures = planned.step.failures.iter();
            let fixes = failures.map(|failure| failure.fix.as_ref().map(|fix| fix.value.clone()));
            (planned.id.clone(), fixes.collect())
        });
        Self(steps.collect())
    }

    /// Returns the fix for one of these known failures of a step, by their numbers.
    fn for_failure(&self, step: &StepId, matched: &[usize]) -> Option<&StepId> {
        let of_step = self.0.get(step)?;
        matched.iter().find_map(|at| of_step.get(*at)?.as_ref())
    }
}

impl Debrief {
    /// Makes the debrief of a rehearsal; `None` for a live run, which nobody is to be marked for.
    pub fn of(entries: &[Entry], names: Names, fixes: &Fixes) -> Option<Self> {
        let report = Report::of(entries, names);
        let opened = report.opened.clone().filter(|opened| opened.mode == Mode::Rehearsal)?;
        let closed = report.closed.as_ref();
        let unsettled = report.taken_over.iter().filter(|(_, settled)| settled.is_none());
        let unsettled = unsettled.map(|(open, _)| open.clone());
        Some(Self {
            taken_over: unsettled.collect(),
            opened,
            closed: closed.map(|closed| super::timeline::closed_as(closed.as_, &closed.reason)),
            spent: spent::spent(entries),
            unknowns: report.unknowns().cloned().collect(),
            turns: turns::turns(entries, fixes),
            open_changes: closed.map(|closed| closed.open_changes.clone()).unwrap_or_default(),
            uncleared: report
                .raised
                .iter()
                .filter(|raised| raised.cleared.is_none())
                .map(|raised| raised.note.clone())
                .collect(),
            deviations: report.deviations,
            deferred: report.deferred,
            names: report.names,
        })
    }
}

/// Lists the steps in the order in which they were first touched.
fn touched(entries: &[Entry]) -> Vec<StepId> {
    let mut steps: Vec<StepId> = Vec::new();
    for (_, event) in events(entries) {
        if let Some(step) = spent::step_of(event)
            && !steps.contains(step)
        {
            steps.push(step.clone());
        }
    }
    steps
}
