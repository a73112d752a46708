//! What a face asks before it lets a person act: the same answers that `decide` will give, without trying.

use super::choices;
use super::command::Refusal;
use super::decide::{self, Again};
use super::event::{AttemptId, Part, SettledAs, Work};
use super::guards::GuardNeeded;
use super::run::Run;
use crate::runbook::model::{Answer, Meaning, StepId};

impl Run {
    /// Returns the guard that starting or ticking a piece of work needs now; `None` when there is no such work.
    pub fn guard_needed(&self, work: &Work) -> Option<GuardNeeded> {
        let step = self.plan().step(&work.step)?;
        let target = self.target(work);
        let against = self.against_the_rule(work).is_some();
        Some(decide::guard_needed(step, &work.part, target.as_deref(), against))
    }

    /// Returns the guard that starting a piece of work needs with a command that a person changed.
    pub fn guard_if_edited(&self, work: &Work) -> Option<GuardNeeded> {
        let step = self.plan().step(&work.step)?;
        Some(decide::guard_needed(step, &work.part, self.target(work).as_deref(), true))
    }

    /// Returns the name of the thing a piece of work acts on, when it is known.
    pub fn target(&self, work: &Work) -> Option<String> {
        let step = self.plan().step(&work.step)?;
        decide::target(step, &work.part, &self.values()).ok().flatten()
    }

    /// Returns why starting this now would be against the rule; then it takes the target typed, and a reason.
    pub fn against_the_rule(&self, work: &Work) -> Option<String> {
        let (step, slot) = (self.plan().step(&work.step)?, self.slot(&work.step)?);
        match decide::again(self, step, slot, &work.part) {
            Again::Against(why) => Some(why),
            Again::Plain | Again::No => None,
        }
    }

    /// Returns what would refuse this work now, whatever is typed for its guard: nobody is asked for nothing.
    pub fn in_the_way(&self, work: &Work) -> Option<Refusal> {
        decide::may_start(self, work, false).err()
    }

    /// Returns what would refuse this work now with any command that a person may type for it.
    pub fn in_the_way_of_edit(&self, work: &Work) -> Option<Refusal> {
        decide::may_start(self, work, true).err()
    }

    /// Tells whether the fence has to be checked, and pass, before this can start: as written, or as a person typed it.
    pub fn fence_first(&self, work: &Work, edited: bool) -> bool {
        let step = self.plan().step(&work.step);
        step.is_some_and(|step| !decide::fence_stands(self, step, &work.part, edited))
    }

    /// Tells whether this is done by hand and ticked: written so, or a way back whose command lacks values.
    pub fn by_hand(&self, work: &Work) -> bool {
        let step = self.plan().step(&work.step);
        step.is_some_and(|step| decide::by_hand(self, step, &work.part))
    }

    /// Returns what the newest probe since the last attempt at this work found; to be offered, never applied.
    pub fn probed(&self, work: &Work) -> Option<Meaning> {
        decide::last_meaning(self, work)
    }

    /// Returns what one run of a probe found, whatever it was run for.
    pub fn found(&self, probe: &AttemptId) -> Option<Meaning> {
        decide::meaning_of(self, &probe.work.step, self.attempt(probe)?)
    }

    /// Tells whether a fix was done since this step failed: then the step is what comes next.
    pub fn was_fixed(&self, step: &StepId) -> bool {
        self.plan().step(step).is_some_and(|step| choices::was_fixed(self, step))
    }

    /// Returns the newest probe since an attempt, by number, when it proves that the attempt is to be settled so.
    pub fn proof(&self, id: &AttemptId, as_: SettledAs) -> Option<(u32, Meaning)> {
        let meaning = self.probed(&id.work)?;
        let agrees = match as_ {
            SettledAs::Done => meaning == Meaning::Done,
            SettledAs::NotStarted => meaning == Meaning::NotStarted,
            SettledAs::Failed => meaning == Meaning::Failed,
        };
        let probe = Work { step: id.work.step.clone(), part: Part::Probe };
        agrees.then(|| (self.next_attempt(&probe) - 1, meaning))
    }

    /// Returns what the newest evidence check of a question suggests; to be offered, never applied.
    pub fn suggested(&self, step: &StepId, question: u32) -> Option<Answer> {
        let (planned, slot) = (self.plan().step(step)?, self.slot(step)?);
        decide::suggested_answer(self, planned, slot, question)
    }

    /// Lists the answers of the present way through a ladder, each with how it is known.
    pub fn answers(&self, step: &StepId) -> Vec<(Answer, String)> {
        let round = self.slot(step).and_then(|slot| slot.rounds.last());
        round.map(|round| round.answers.clone()).unwrap_or_default()
    }

    /// Lists the captures that settling or skipping a step has to bring, because a later step in force needs them.
    pub fn captures_needed(&self, step: &StepId) -> Vec<String> {
        self.plan().step(step).map(|step| decide::needed_captures(self, step)).unwrap_or_default()
    }
}
