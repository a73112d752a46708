//! The life of an attempt: intended, started, ended or lost, settled. Also what is done by hand, which has one moment
//! instead of a life.

use super::{Fits, ensure};
use crate::engine::event::{AttemptId, Edited, Guard, Part, Proof, SettledAs, Work};
use crate::engine::run::Run;
use crate::engine::state::{Attempt, Deviation, Life, Settlement, Slot, StepState, judge, unseen};
use crate::outcome::{Captured, Ended, Outcome, Process};
use crate::runbook::model::{Hazard, StepId};
use std::collections::BTreeMap;

/// What was on the screen when an attempt was intended.
pub(super) struct Shown<'a> {
    pub target: Option<&'a str>,
    pub command: &'a str,
    pub digest: &'a str,
    pub guard: &'a Guard,
    pub override_reason: &'a Option<String>,
    pub edited: &'a Option<Edited>,
}

impl Run {
    pub(super) fn intended(&mut self, id: &AttemptId, hazard: Hazard, shown: &Shown<'_>) -> Fits {
        self.begins(id)?;
        if let Some(reason) = shown.override_reason {
            self.deviate(&id.work.step, "started again against the rule", reason);
        }
        if let Some(edited) = shown.edited {
            self.deviate(&id.work.step, "command edited", &edited.why);
        }
        let attempt = Attempt {
            shown: shown.command.to_owned(),
            digest: shown.digest.to_owned(),
            override_reason: shown.override_reason.clone(),
            edited: shown.edited.clone(),
            ..self.new_attempt(id, hazard, shown.target, shown.guard)?
        };
        self.push(id, attempt);
        self.set(&id.work, StepState::Running)
    }

    pub(super) fn started(&mut self, id: &AttemptId, keeper: &Process, child: &Process) -> Fits {
        let attempt = self.last(id)?;
        ensure(matches!(attempt.life, Life::Intended), "it was not just intended")?;
        attempt.life = Life::Started { keeper: keeper.clone(), child: child.clone() };
        Ok(())
    }

    pub(super) fn ended(&mut self, id: &AttemptId, outcome: &Outcome, recovered: bool) -> Fits {
        let now = self.facts;
        let attempt = self.last(id)?;
        match attempt.life {
            Life::Started { .. } => {}
            Life::Intended => {
                ensure(provably_nothing_ran(&outcome.ended), "it ran without having been started")?;
            }
            Life::Ended { .. } | Life::Lost { .. } | Life::Ticked { .. } => {
                return Err("it had ended before".to_owned());
            }
        }
        attempt.life = Life::Ended { outcome: Box::new(outcome.clone()), recovered };
        attempt.until = Some(now);
        let before = attempt.before.clone();
        match judge(attempt.hazard, outcome) {
            None => self.set(&id.work, before),
            Some(StepState::Done(proof)) => self.done(id, proof, captured(outcome)),
            Some(other) => self.ran(id, other),
        }
    }

    pub(super) fn lost(&mut self, id: &AttemptId, reason: &str, last_lines: &[String]) -> Fits {
        let now = self.facts;
        let attempt = self.last(id)?;
        ensure(matches!(attempt.life, Life::Started { .. }), "it was not running")?;
        attempt.life = Life::Lost { reason: reason.to_owned(), last_lines: last_lines.to_vec() };
        attempt.until = Some(now);
        let state = unseen(attempt.hazard);
        self.ran(id, state)
    }

    pub(super) fn stop_requested(&mut self, id: &AttemptId) -> Fits {
        let attempt = self.last(id)?;
        ensure(matches!(attempt.life, Life::Started { .. }), "it was not running")?;
        attempt.stopping = true;
        Ok(())
    }

    pub(super) fn settled(
        &mut self,
        id: &AttemptId,
        as_: SettledAs,
        proof: &Proof,
        captures: &BTreeMap<String, String>,
    ) -> Fits {
        let state = self.track(&id.work)?.clone();
        ensure(
            matches!(state, StepState::Unknown | StepState::Failed),
            "there was nothing to settle",
        )?;
        let attempt = self.last(id)?;
        ensure(!attempt.is_living(), "it has not ended")?;
        attempt.settled = Some(Settlement { as_, proof: proof.clone() });
        let (open_before, overruled) =
            (attempt.open_before, state == StepState::Failed && as_ == SettledAs::Done);
        if let (true, Proof::Attested { how }) = (overruled, proof) {
            self.deviate(&id.work.step, "failed, and said to be done", how);
        }
        match as_ {
            SettledAs::Done => self.done(id, proof.clone(), captures.clone()),
            SettledAs::Failed => self.ran(id, StepState::Failed),
            SettledAs::NotStarted => {
                if id.work.part == Part::Main && !open_before {
                    self.slot_mut(&id.work.step)?.open = None;
                }
                self.set(&id.work, StepState::Todo)
            }
        }
    }

    pub(super) fn ticked(
        &mut self,
        id: &AttemptId,
        hazard: Hazard,
        target: Option<&str>,
        guard: &Guard,
        said: &str,
    ) -> Fits {
        ensure(
            matches!(id.work.part, Part::Main | Part::Undo),
            "only a step or a way back is ticked",
        )?;
        self.begins(id)?;
        let mut attempt = self.new_attempt(id, hazard, target, guard)?;
        attempt.life = Life::Ticked { said: said.to_owned() };
        attempt.until = Some(self.facts);
        self.push(id, attempt);
        self.done(id, Proof::Attested { how: said.to_owned() }, BTreeMap::new())
    }

    /// Checks that this can be the next try at its work.
    fn begins(&mut self, id: &AttemptId) -> Fits {
        ensure(self.plan.has(&id.work), "the runbook has no such work")?;
        ensure(id.attempt == self.next_attempt(&id.work), "it has the wrong attempt number")?;
        ensure(
            !self.attempts(&id.work).last().is_some_and(Attempt::is_living),
            "the try before has not ended",
        )?;
        // A change stays where it was made though its path was left since: its way back and its checks outlive it.
        let in_force = self.slot_mut(&id.work.step)?.state.is_in_force();
        ensure(in_force || id.work.part != Part::Main, "its step is not in force")
    }

    fn new_attempt(
        &mut self,
        id: &AttemptId,
        hazard: Hazard,
        target: Option<&str>,
        guard: &Guard,
    ) -> Result<Attempt, String> {
        let before = self.track(&id.work)?.clone();
        Ok(Attempt {
            number: id.attempt,
            hazard,
            target: target.map(ToOwned::to_owned),
            shown: String::new(),
            digest: String::new(),
            guard: guard.clone(),
            override_reason: None,
            edited: None,
            life: Life::Intended,
            stopping: false,
            settled: None,
            since: self.facts,
            until: None,
            open_before: self.slot_mut(&id.work.step)?.open.is_some(),
            before,
        })
    }

    fn push(&mut self, id: &AttemptId, attempt: Attempt) {
        self.attempts.entry(id.work.clone()).or_default().push(attempt);
    }

    /// Sets a work done, with what it leaves behind.
    fn done(&mut self, id: &AttemptId, proof: Proof, captures: BTreeMap<String, String>) -> Fits {
        if id.work.part == Part::Main {
            self.slot_mut(&id.work.step)?.captures = captures;
        }
        self.ran(id, StepState::Done(proof))?;
        self.close_others(id)
    }

    /// Closes the changes that a step takes back or makes permanent; when it is itself undone, they are open again.
    fn close_others(&mut self, id: &AttemptId) -> Fits {
        let closes = self.plan.step(&id.work.step).map(|planned| planned.step.closes.clone());
        for other in closes.unwrap_or_default() {
            let now = self.facts;
            let Some(planned) = self.plan.step(&other.value) else { continue };
            let written = planned.step.hazard;
            let main = Work { step: other.value.clone(), part: Part::Main };
            let tried = self.attempts(&main).iter().map(|attempt| attempt.hazard).max();
            let changes = tried.unwrap_or(written).max(written) > Hazard::Read;
            let itself = other.value == id.work.step;
            let slot = self.slot_mut(&other.value)?;
            match id.work.part {
                Part::Main => slot.open = None,
                Part::Undo if changes && !itself && slot.was_made() => slot.open = Some(now),
                Part::Undo | Part::Probe | Part::Question(_) | Part::Fence => {}
            }
        }
        Ok(())
    }

    /// Sets a work to what came of it when it ran, or may have: from here on its change counts as open.
    fn ran(&mut self, id: &AttemptId, state: StepState) -> Fits {
        let now = self.facts;
        let changes = self.last(id)?.hazard > Hazard::Read;
        let slot = self.slot_mut(&id.work.step)?;
        // What was captured before holds while a try is under way, and no longer than until one goes wrong.
        if id.work.part == Part::Main && !matches!(state, StepState::Done(_)) {
            slot.captures.clear();
        }
        match id.work.part {
            Part::Main if changes => {
                slot.open = Some(now);
                slot.undo = StepState::Todo;
            }
            Part::Undo if matches!(state, StepState::Done(_)) => slot.open = None,
            Part::Main | Part::Undo | Part::Probe | Part::Question(_) | Part::Fence => {}
        }
        self.set(&id.work, state)
    }

    /// Sets where a work stands. Probes, checks and fences have no standing: only what they said counts.
    fn set(&mut self, work: &Work, state: StepState) -> Fits {
        let slot = self.slot_mut(&work.step)?;
        match work.part {
            Part::Main => slot.state = state,
            Part::Undo => slot.undo = state,
            Part::Probe | Part::Question(_) | Part::Fence => {}
        }
        Ok(())
    }

    fn track(&mut self, work: &Work) -> Result<&StepState, String> {
        let slot = self.slot_mut(&work.step)?;
        Ok(if work.part == Part::Undo { &slot.undo } else { &slot.state })
    }

    fn last(&mut self, id: &AttemptId) -> Result<&mut Attempt, String> {
        let last = self.attempts.get_mut(&id.work).and_then(|tries| tries.last_mut());
        last.filter(|last| last.number == id.attempt)
            .ok_or_else(|| "it is not the last try at its work".to_owned())
    }

    pub(super) fn slot_mut(&mut self, step: &StepId) -> Result<&mut Slot, String> {
        let at =
            self.plan.position(step).ok_or_else(|| format!("the runbook has no step `{step}`"))?;
        Ok(&mut self.slots[at])
    }

    pub(super) fn deviate(&mut self, step: &StepId, what: &'static str, reason: &str) {
        self.deviations.push(Deviation { step: step.clone(), what, reason: reason.to_owned() });
    }
}

fn provably_nothing_ran(ended: &Ended) -> bool {
    matches!(ended, Ended::CouldNotStart { .. } | Ended::NeverReleased)
}

/// Takes the captured values; secret ones live with the driver, missing ones stay missing.
fn captured(outcome: &Outcome) -> BTreeMap<String, String> {
    let values = outcome.captures.iter().filter_map(|(name, captured)| match captured {
        Captured::Value(value) => Some((name.clone(), value.clone())),
        Captured::Secret | Captured::Missing | Captured::Bad(_) => None,
    });
    values.collect()
}
