//! What is needed now: the one question a run asks its operator.

use super::choices::{self, Choice};
use super::decide::{asked_and_missing, expected, fence_stands, guard_needed, question_now};
use super::event::{AttemptId, ClosedAs, Part, Work};
use super::guards::GuardNeeded;
use super::plan::PlanStep;
use super::run::Run;
use super::state::{Slot, StepState};
use super::values::fill;
use crate::runbook::model::{Act, Hazard, StepId, Values};

/// What is needed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The run is to be opened.
    Open,
    /// It is on hold: resume it.
    Held {
        /// Why.
        reason: String,
    },
    /// It is closed; nothing is needed.
    Closed(ClosedAs),
    /// Values are asked for.
    Give {
        /// The step that asks.
        step: StepId,
        /// The values that are missing.
        names: Vec<String>,
    },
    /// A command waits to be started.
    Start {
        /// What.
        work: Work,
        /// How much it can hurt.
        hazard: Hazard,
        /// What its guard asks for.
        guard: GuardNeeded,
        /// The fence has to be checked first.
        fence_first: bool,
        /// Why it did not start before, if it was tried.
        not_started: Option<String>,
        /// Values of its target that are not known: it cannot start until they are.
        missing: Vec<String>,
    },
    /// A statement or a step by hand waits for its tick.
    Tick {
        /// What.
        work: Work,
        /// How much it can hurt.
        hazard: Hazard,
        /// What its guard asks for.
        guard: GuardNeeded,
    },
    /// A command runs: wait for its end.
    Watch {
        /// Which.
        id: AttemptId,
        /// An interrupt was asked for.
        stopping: bool,
    },
    /// A question of a ladder waits for its answer.
    Answer {
        /// The decision.
        step: StepId,
        /// The question, counted from 1.
        question: u32,
    },
    /// A decision waits.
    Decide {
        /// The decision.
        step: StepId,
        /// What the ladder came to, or the runbook suggests.
        expected: Option<String>,
    },
    /// A step failed: what now?
    Failed {
        /// Its last attempt.
        id: AttemptId,
        /// What can be done, always the same nine in the same order.
        choices: Vec<Choice>,
    },
    /// An end was not seen: what happened?
    Unknown {
        /// The attempt.
        id: AttemptId,
        /// What can be done, always the same seven in the same order.
        choices: Vec<Choice>,
    },
    /// Every step is settled, and these consequences are to be cleared.
    Clear {
        /// The steps that raised them.
        steps: Vec<StepId>,
    },
    /// Everything is settled: close the run.
    Close,
}

/// Works out what is needed now.
pub(super) fn next(run: &Run, values: &Values) -> Next {
    if run.opened().is_none() {
        return Next::Open;
    }
    if let Some(closed) = run.closed() {
        return Next::Closed(closed.as_);
    }
    if let Some(reason) = run.held() {
        return Next::Held { reason: reason.to_owned() };
    }
    // A way back whose end was not seen stands in the way of everything after it, wherever the run is.
    if let Some(work) = run.unknown().into_iter().find(|work| work.part == Part::Undo) {
        return unknown(run, work);
    }
    if let Some(watch) = looking(run) {
        return watch;
    }
    let Some((step, slot)) = run.path().find(|(_, slot)| !slot.state.is_settled()) else {
        let steps: Vec<StepId> = run.raised().iter().map(|raised| raised.step.clone()).collect();
        return if steps.is_empty() { Next::Close } else { Next::Clear { steps } };
    };
    let main = Work { step: step.id.clone(), part: Part::Main };
    match slot.state {
        StepState::Failed => {
            Next::Failed { choices: choices::after_failure(run, step, slot), id: last(run, main) }
        }
        StepState::Unknown => unknown(run, main),
        _ => to_do(run, step, slot, values),
    }
}

/// Returns the oldest living attempt: while something runs, its end is what is waited for.
fn looking(run: &Run) -> Option<Next> {
    let (id, attempt) = run.living().into_iter().next()?;
    Some(Next::Watch { id, stopping: attempt.stopping })
}

fn to_do(run: &Run, step: &PlanStep, slot: &Slot, values: &Values) -> Next {
    let names = asked_and_missing(step, slot);
    if !names.is_empty() {
        return Next::Give { step: step.id.clone(), names };
    }
    let work = Work { step: step.id.clone(), part: Part::Main };
    let target = step.step.target.as_ref().map(|text| fill(text, values)).transpose();
    let (target, missing) = match target {
        Ok(target) => (target, Vec::new()),
        Err(missing) => (None, missing),
    };
    let guard = guard_needed(step, &Part::Main, target.as_deref(), false);
    match &step.step.act {
        Act::Manual(_) => Next::Tick { work, hazard: step.step.hazard, guard },
        Act::Decide(decide) => match question_now(decide, slot) {
            Some(question) => Next::Answer { step: step.id.clone(), question },
            None => Next::Decide { step: step.id.clone(), expected: expected(run, step, slot) },
        },
        Act::Call(_) | Act::Wait(_) => Next::Start {
            hazard: step.step.hazard,
            guard,
            fence_first: !fence_stands(run, step, &Part::Main, false),
            not_started: not_started(run, &work, slot),
            missing,
            work,
        },
    }
}

fn not_started(run: &Run, work: &Work, slot: &Slot) -> Option<String> {
    let last = run.attempts(work).last().filter(|last| last.since > slot.reopened)?;
    last.not_started().map(ToOwned::to_owned)
}

fn unknown(run: &Run, work: Work) -> Next {
    Next::Unknown { choices: choices::after_unknown(run, &work), id: last(run, work) }
}

fn last(run: &Run, work: Work) -> AttemptId {
    AttemptId { attempt: run.next_attempt(&work) - 1, work }
}
