//! Whether a step may be started again, after each of the ways in which it can have gone before.

use super::settle::last_meaning;
use crate::engine::event::{Part, Work};
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::{Slot, StepState};
use crate::runbook::model::{Meaning, Repeat};

/// What starting a step now would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Again {
    /// Plain: the first time, or declared safe, or provably nothing of it is there.
    Plain,
    /// Against the rule: only with the target typed, and a reason; recorded as a deviation.
    Against(String),
    /// Not at all: it is running, or it is done.
    No,
}

/// Says what starting a work now would be.
pub(in crate::engine) fn again(run: &Run, planned: &PlanStep, slot: &Slot, part: &Part) -> Again {
    match part {
        Part::Main => main(run, planned, slot),
        Part::Undo => undo(slot),
        Part::Probe | Part::Question(_) | Part::Fence => Again::Plain,
    }
}

fn main(run: &Run, planned: &PlanStep, slot: &Slot) -> Again {
    match &slot.state {
        StepState::Todo => Again::Plain,
        StepState::Unknown => Again::Against("its outcome is unknown".to_owned()),
        StepState::Failed => after_failure(run, planned, slot),
        StepState::Done(_)
            if slot.undone() || planned.step.repeat == Repeat::Safe || planned.step.recheck =>
        {
            Again::Plain
        }
        StepState::Running
        | StepState::Done(_)
        | StepState::Decided(_)
        | StepState::Skipped(_)
        | StepState::Deferred { .. }
        | StepState::NotTaken(_)
        | StepState::Dormant => Again::No,
    }
}

fn after_failure(run: &Run, planned: &PlanStep, slot: &Slot) -> Again {
    if slot.undone() {
        return Again::Plain;
    }
    let work = Work { step: planned.id.clone(), part: Part::Main };
    match planned.step.repeat {
        Repeat::Safe => Again::Plain,
        Repeat::Never => Again::Against("it is not declared safe to repeat".to_owned()),
        Repeat::Probe => match last_meaning(run, &work) {
            Some(Meaning::NotStarted | Meaning::Failed) => Again::Plain,
            Some(Meaning::Done) => {
                Again::Against("its probe says that it is done; settle it".to_owned())
            }
            Some(Meaning::Running) => {
                Again::Against("its probe says that it is still going on".to_owned())
            }
            None => Again::Against("its probe has to say first what is there".to_owned()),
        },
    }
}

/// A way back declares nothing about repeating, so it counts as not safe to repeat.
fn undo(slot: &Slot) -> Again {
    match &slot.undo {
        StepState::Todo => Again::Plain,
        StepState::Failed => {
            Again::Against("its way back failed and is not declared safe to repeat".to_owned())
        }
        StepState::Unknown => Again::Against("the outcome of its way back is unknown".to_owned()),
        StepState::Running
        | StepState::Done(_)
        | StepState::Decided(_)
        | StepState::Skipped(_)
        | StepState::Deferred { .. }
        | StepState::NotTaken(_)
        | StepState::Dormant => Again::No,
    }
}
