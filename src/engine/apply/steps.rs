//! What people decide about steps: values, answers, decisions, skips, fixes, reopening, consequences.

use super::{Fits, ensure};
use crate::engine::event::Given;
use crate::engine::plan::StepKind;
use crate::engine::run::Run;
use crate::engine::state::{RaisedNote, Round, Slot, StepState};
use crate::runbook::model::{Answer, StepId};
use std::collections::BTreeMap;

impl Run {
    pub(super) fn not_applicable(&mut self, step: &StepId, reason: &str) -> Fits {
        let slot = self.slot_mut(step)?;
        ensure(slot.state == StepState::Todo, "it was not to do")?;
        slot.state = StepState::NotTaken(reason.to_owned());
        Ok(())
    }

    pub(super) fn given(&mut self, step: &StepId, values: &BTreeMap<String, Given>) -> Fits {
        let slot = self.slot_mut(step)?;
        ensure(slot.state.is_in_force(), "its step is not in force")?;
        slot.given.extend(values.iter().map(|(name, given)| (name.clone(), given.value.clone())));
        Ok(())
    }

    pub(super) fn answered(
        &mut self,
        step: &StepId,
        round: u32,
        question: u32,
        answer: Answer,
        why: &str,
    ) -> Fits {
        let round = self.undecided(step, round)?;
        ensure(question as usize == round.answers.len() + 1, "it was not the question to answer")?;
        round.answers.push((answer, why.to_owned()));
        Ok(())
    }

    pub(super) fn decided(
        &mut self,
        step: &StepId,
        round: u32,
        outcome: &str,
        why: &str,
        deviation: bool,
    ) -> Fits {
        let known = self.plan.step(step).and_then(|planned| planned.decision());
        let known =
            known.is_some_and(|decide| decide.outcomes.iter().any(|one| one.name.value == outcome));
        ensure(known, "the runbook has no such outcome")?;
        self.undecided(step, round)?.decided = Some((outcome.to_owned(), why.to_owned()));
        self.slot_mut(step)?.state = StepState::Decided(outcome.to_owned());
        if deviation {
            self.deviate(step, "decided otherwise", why);
        }
        Ok(())
    }

    pub(super) fn skipped(
        &mut self,
        step: &StepId,
        reason: &str,
        captures: &BTreeMap<String, String>,
    ) -> Fits {
        let slot = self.slot_mut(step)?;
        ensure(
            matches!(slot.state, StepState::Todo | StepState::Failed),
            "it could not be skipped",
        )?;
        slot.state = StepState::Skipped(reason.to_owned());
        slot.captures.clone_from(captures);
        self.deviate(step, "skipped", reason);
        Ok(())
    }

    pub(super) fn put_off(&mut self, step: &StepId, due: &str, reason: &str) -> Fits {
        let slot = self.slot_mut(step)?;
        ensure(slot.state == StepState::Todo, "it was not to do")?;
        slot.state = StepState::Deferred { due: due.to_owned(), reason: reason.to_owned() };
        Ok(())
    }

    pub(super) fn fix_chosen(&mut self, step: &StepId, fix: &StepId) -> Fits {
        ensure(self.slot_mut(step)?.state == StepState::Failed, "its step had not failed")?;
        let is_fix = self.plan.step(fix).is_some_and(|planned| planned.kind == StepKind::Fix);
        ensure(is_fix, "the runbook has no such fix")?;
        let slot = self.slot_mut(fix)?;
        // A fix that is under way for another step, or for this one, is finished first: two places for one fix would
        // leave the one it was taken from waiting for nothing.
        ensure(slot.state.is_settled(), "the fix was under way")?;
        reset(slot, StepState::Todo);
        slot.fix_for = Some(step.clone());
        Ok(())
    }

    pub(super) fn reopened(&mut self, steps: &[StepId]) -> Fits {
        let now = self.facts;
        for step in steps {
            let fix = self.plan.step(step).is_some_and(|planned| planned.kind == StepKind::Fix);
            let slot = self.slot_mut(step)?;
            ensure(slot.state != StepState::Running, "it was running")?;
            ensure(slot.state != StepState::Unknown, "its outcome was unknown")?;
            reset(slot, if fix { StepState::Dormant } else { StepState::Todo });
            slot.reopened = now;
        }
        Ok(())
    }

    pub(super) fn raised_by(&mut self, step: &StepId, note: &str, owner: Option<&str>) -> Fits {
        let raised = RaisedNote {
            step: step.clone(),
            note: note.to_owned(),
            owner: owner.map(ToOwned::to_owned),
        };
        let slot = self.slot_mut(step)?;
        ensure(slot.raised.is_none(), "it was raised already")?;
        slot.raised = Some(raised);
        Ok(())
    }

    pub(super) fn cleared(&mut self, step: &StepId) -> Fits {
        let cleared = self.slot_mut(step)?.raised.take();
        ensure(cleared.is_some(), "nothing was raised")
    }

    /// Returns the present way through a decision, if it is this one and still open.
    fn undecided(&mut self, step: &StepId, round: u32) -> Result<&mut Round, String> {
        ensure(
            self.plan.step(step).is_some_and(|planned| planned.decision().is_some()),
            "it is not a decision",
        )?;
        let slot = self.slot_mut(step)?;
        ensure(slot.state == StepState::Todo, "it was not open to decide")?;
        ensure(round == slot.round(), "it belongs to another time through")?;
        if slot.rounds.is_empty() {
            slot.rounds.push(Round::default());
        }
        slot.rounds.last_mut().ok_or_else(|| "there was nothing to decide".to_owned())
    }
}

/// Opens a step again: what was given, captured and decided counts no more; its change, if made, stays open.
fn reset(slot: &mut Slot, state: StepState) {
    slot.state = state;
    slot.given.clear();
    slot.captures.clear();
    slot.fix_for = None;
    if slot.rounds.last().is_some_and(|round| round.decided.is_some() || !round.answers.is_empty())
    {
        slot.rounds.push(Round::default());
    }
}
