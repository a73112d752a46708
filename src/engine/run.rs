//! A living run: what is so, what may happen next, and what the world owes it.

use super::command::{Command, Refusal};
use super::decide;
use super::event::{AttemptId, Event, Opened, Part, Work};
use super::left_open::LeftOpen;
use super::outline::Outline;
use super::past::Past;
use super::plan::{Plan, PlanStep, StepKind};
use super::state::{Attempt, Closed, Deviation, Life, NoteRow, RaisedNote, Slot, StepState};
use super::values;
use crate::runbook::model::{StepId, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A living run.
///
/// Promises: `decide` never offers what `after` refuses; `owed` is a view of the state and nothing else, so work is
/// neither lost nor doubled when the process dies between two calls; nothing here reads a clock, a file or the
/// environment. Not promised: that a fact was made durable. That is the driver's, before it takes the next run.
#[derive(Clone, Debug)]
pub struct Run {
    pub(super) plan: Arc<Plan>,
    pub(super) opened: Option<Box<Opened>>,
    /// What the runs before left open and nobody settled here.
    pub(super) taken_over: Vec<LeftOpen>,
    /// How many facts there are; orders things that happened.
    pub(super) facts: usize,
    pub(super) attempts: BTreeMap<Work, Vec<Attempt>>,
    /// One for every step of the plan, in its order.
    pub(super) slots: Vec<Slot>,
    pub(super) held: Option<String>,
    pub(super) closed: Option<Closed>,
    /// Inbox files that were taken in.
    pub(super) taken: BTreeSet<String>,
    pub(super) deviations: Vec<Deviation>,
    pub(super) notes: Vec<NoteRow>,
}

/// Work that the world should be doing right now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Start this intended attempt.
    Launch(AttemptId),
    /// Watch this started attempt until its end is known.
    Watch(AttemptId),
    /// Ask the keeper of this started attempt to interrupt it.
    Interrupt(AttemptId),
}

/// A fact that cannot follow from the facts before it: the journal is not one of ours, or was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fact {at} ({fact}) cannot follow what was before it: {why}")]
pub struct Corrupt {
    /// Which fact of the run, counted from 1.
    pub at: usize,
    /// Its kind.
    pub fact: &'static str,
    /// Why it cannot be.
    pub why: String,
}

impl Run {
    /// Makes a run in which nothing has happened: the same path as recovery, from an empty journal.
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        Past::empty(plan.into()).wake(&BTreeMap::new()).0
    }

    /// Makes the state before the first fact.
    pub(super) fn blank(plan: Arc<Plan>) -> Self {
        let slots = plan.steps().iter().map(|step| Slot {
            state: if step.kind == StepKind::Fix { StepState::Dormant } else { StepState::Todo },
            ..Slot::default()
        });
        Self {
            slots: slots.collect(),
            plan,
            opened: None,
            taken_over: Vec::new(),
            facts: 0,
            attempts: BTreeMap::new(),
            held: None,
            closed: None,
            taken: BTreeSet::new(),
            deviations: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Says what a command would make happen, or why it may not.
    pub fn decide(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        decide::decide(self, command)
    }

    /// Returns the run after these facts, on a copy: an illegal fact never reaches the journal.
    pub fn after(&self, events: &[Event]) -> Result<Self, Corrupt> {
        let mut next = self.clone();
        for event in events {
            next.apply(event)?;
        }
        Ok(next)
    }

    /// Lists what the world should be doing right now, in the order in which it was asked for.
    pub fn owed(&self) -> Vec<Effect> {
        let mut owed = Vec::new();
        for (id, attempt) in self.living() {
            match attempt.life {
                Life::Intended => owed.push(Effect::Launch(id)),
                Life::Started { .. } => {
                    owed.push(Effect::Watch(id.clone()));
                    if attempt.stopping {
                        owed.push(Effect::Interrupt(id));
                    }
                }
                Life::Ended { .. } | Life::Lost { .. } | Life::Ticked { .. } => {}
            }
        }
        owed
    }

    /// Returns every value known now: parameters, environment, built-ins, given and captured values of steps in
    /// force, decisions by step id, then the runbook's derived values in order. Secrets are never in it.
    pub fn values(&self) -> Values {
        values::known(self)
    }

    /// Returns record 0, once the run is open.
    pub fn opened(&self) -> Option<&Opened> {
        self.opened.as_deref()
    }

    /// Returns the plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns where a step stands; `Todo` for a step that is not in the plan.
    pub fn state(&self, step: &StepId) -> StepState {
        self.slot(step).map(|slot| slot.state.clone()).unwrap_or_default()
    }

    /// Returns where the way back of a step stands.
    pub fn undo_state(&self, step: &StepId) -> StepState {
        self.slot(step).map(|slot| slot.undo.clone()).unwrap_or_default()
    }

    /// Returns which time through its decision a step is at, counted from 1.
    pub fn round(&self, step: &StepId) -> u32 {
        self.slot(step).map_or(1, Slot::round)
    }

    /// Returns all tries at a piece of work, first to last.
    pub fn attempts(&self, work: &Work) -> &[Attempt] {
        self.attempts.get(work).map(Vec::as_slice).unwrap_or_default()
    }

    /// Finds one attempt.
    pub fn attempt(&self, id: &AttemptId) -> Option<&Attempt> {
        let index = (id.attempt as usize).checked_sub(1)?;
        self.attempts(&id.work).get(index)
    }

    /// Returns the number that the next try at a piece of work gets.
    pub fn next_attempt(&self, work: &Work) -> u32 {
        u32::try_from(self.attempts(work).len()).unwrap_or(u32::MAX - 1) + 1
    }

    /// Returns the one step that comes next: the first in force that is not settled.
    pub fn current(&self) -> Option<&PlanStep> {
        self.path().find(|(_, slot)| !slot.state.is_settled()).map(|(step, _)| step)
    }

    /// Lists the steps whose change is made, or may be, and was not undone: newest first.
    pub fn open_changes(&self) -> Vec<StepId> {
        let mut open: Vec<_> =
            self.placed().filter_map(|(step, slot)| Some((slot.open?, &step.id))).collect();
        open.sort();
        open.into_iter().rev().map(|(_, id)| id.clone()).collect()
    }

    /// Lists the changes that the runs before this one left open and nobody settled: their way back is not in this plan.
    pub fn taken_over(&self) -> &[LeftOpen] {
        &self.taken_over
    }

    /// Counts the changes that are open, its own and those that it took over.
    pub fn changes_open(&self) -> usize {
        self.slots.iter().filter(|slot| slot.open.is_some()).count() + self.taken_over().len()
    }

    /// Lists the consequences that nobody cleared yet, in plan order.
    pub fn raised(&self) -> Vec<&RaisedNote> {
        self.slots.iter().filter_map(|slot| slot.raised.as_ref()).collect()
    }

    /// Lists the works whose end was not seen, in plan order.
    pub fn unknown(&self) -> Vec<Work> {
        self.placed().flat_map(|(step, slot)| unknown_works(step, slot)).collect()
    }

    /// Lists what was done differently from the runbook, in the order in which it happened.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// Lists the notes, in the order in which they were taken.
    pub fn notes(&self) -> &[NoteRow] {
        &self.notes
    }

    /// Returns why the run is on hold, if it is.
    pub fn held(&self) -> Option<&str> {
        self.held.as_deref()
    }

    /// Returns how the run closed, if it did.
    pub fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// Returns the read model that every face draws from.
    pub fn outline(&self) -> Outline {
        Outline::of(self)
    }

    pub(super) fn slot(&self, step: &StepId) -> Option<&Slot> {
        self.plan.position(step).map(|at| &self.slots[at])
    }

    /// Returns every step with its slot, in plan order.
    pub(super) fn placed(&self) -> impl Iterator<Item = (&PlanStep, &Slot)> {
        self.plan.steps().iter().zip(&self.slots)
    }

    /// Returns the steps in force in the order in which they are done: a chosen fix comes right before the step it
    /// was chosen for.
    pub(super) fn path(&self) -> impl Iterator<Item = (&PlanStep, &Slot)> {
        let mut path = Vec::with_capacity(self.slots.len());
        for (step, slot) in self.placed() {
            if step.kind != StepKind::Fix && slot.state.is_in_force() {
                self.push_with_fixes(&mut path, step, slot);
            }
        }
        path.into_iter()
    }

    fn push_with_fixes<'a>(
        &'a self,
        path: &mut Vec<(&'a PlanStep, &'a Slot)>,
        step: &'a PlanStep,
        slot: &'a Slot,
    ) {
        for (fix, chosen) in self.placed() {
            if chosen.fix_for.as_ref() == Some(&step.id) && chosen.state.is_in_force() {
                self.push_with_fixes(path, fix, chosen);
            }
        }
        path.push((step, slot));
    }

    /// Returns the attempts that have no end yet, oldest first.
    pub(super) fn living(&self) -> Vec<(AttemptId, &Attempt)> {
        let mut living: Vec<_> = self
            .attempts
            .iter()
            .filter_map(|(work, tries)| Some((work, tries.last().filter(|last| last.is_living())?)))
            .map(|(work, last)| (AttemptId { work: work.clone(), attempt: last.number }, last))
            .collect();
        living.sort_by_key(|(_, attempt)| attempt.since);
        living
    }
}

fn unknown_works(step: &PlanStep, slot: &Slot) -> Vec<Work> {
    [(Part::Main, &slot.state), (Part::Undo, &slot.undo)]
        .into_iter()
        .filter(|(_, state)| **state == StepState::Unknown)
        .map(|(part, _)| Work { step: step.id.clone(), part })
        .collect()
}
