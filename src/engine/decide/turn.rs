//! Whose turn it is: the order of the path in force.

use crate::engine::command::Refusal;
use crate::engine::conditions::{Verdict, weigh};
use crate::engine::event::Part;
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::{Slot, StepState};
use crate::runbook::model::{StepId, Values};

/// Finds a step, whatever its standing.
pub(super) fn planned<'a>(
    run: &'a Run,
    step: &StepId,
) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let found = run.plan().step(step).zip(run.slot(step));
    found.ok_or_else(|| Refusal::Unknown { what: "step", name: step.to_string() })
}

/// Finds a step that is in force.
pub(super) fn in_force<'a>(
    run: &'a Run,
    step: &StepId,
) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let (planned, slot) = planned(run, step)?;
    match &slot.state {
        StepState::NotTaken(reason) => {
            Err(Refusal::NotInForce { step: step.clone(), reason: reason.clone() })
        }
        StepState::Dormant => Err(Refusal::NotInForce {
            step: step.clone(),
            reason: "it is a fix and was not chosen".to_owned(),
        }),
        StepState::Todo
        | StepState::Running
        | StepState::Done(_)
        | StepState::Decided(_)
        | StepState::Failed
        | StepState::Unknown
        | StepState::Skipped(_)
        | StepState::Deferred { .. } => Ok((planned, slot)),
    }
}

/// Finds a step that is in force and whose turn it is: everything before it is settled.
pub(super) fn on_turn<'a>(
    run: &'a Run,
    step: &StepId,
) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let (planned, slot) = in_force(run, step)?;
    // A way back whose end was not seen stands in the way of everything, wherever the run is.
    if let Some(work) = run.unknown().into_iter().find(|work| work.part == Part::Undo) {
        return Err(Refusal::UnknownOutcome { work });
    }
    if let Some((earlier, state)) = in_the_way(run, planned) {
        let (step, earlier) = (step.clone(), earlier.id.clone());
        return Err(Refusal::Earlier { step, earlier, state: state.word() });
    }
    Ok((planned, slot))
}

/// Finds the first earlier step that this one has to wait for.
///
/// Preflight items do not wait for each other: they only look, and are checked side by side. A step that an earlier
/// running one names in `meanwhile` need not wait for it either.
fn in_the_way<'a>(run: &'a Run, step: &PlanStep) -> Option<(&'a PlanStep, &'a StepState)> {
    for (earlier, slot) in run.path() {
        if earlier.id == step.id {
            return None;
        }
        let meanwhile = slot.state == StepState::Running
            && earlier.step.meanwhile.iter().any(|id| id.value == step.id);
        let side_by_side = earlier.phase == 0 && step.phase == 0;
        if !slot.state.is_settled() && !meanwhile && !side_by_side {
            return Some((earlier, &slot.state));
        }
    }
    None
}

/// Checks that a step's condition is decided. By its turn it nearly always is; if not, somebody has to bring the value.
pub(super) fn condition_holds(run: &Run, step: &PlanStep, values: &Values) -> Result<(), Refusal> {
    match weigh(run, step, values) {
        Verdict::Holds => Ok(()),
        Verdict::Open(names) => Err(Refusal::Missing { names }),
        Verdict::Fails(reason) => Err(Refusal::NotInForce { step: step.id.clone(), reason }),
    }
}

/// Lists the values that a step asks for and that were not given. A default counts when it was given as one: what a
/// run used stands in its journal.
pub(in crate::engine) fn asked_and_missing(step: &PlanStep, slot: &Slot) -> Vec<String> {
    let asked = step.step.ask.iter().filter(|asked| !asked.optional);
    asked
        .map(|asked| asked.name.value.clone())
        .filter(|name| !slot.given.contains_key(name))
        .collect()
}

/// Checks that everything a step asks for was given.
pub(super) fn all_given(step: &PlanStep, slot: &Slot) -> Result<(), Refusal> {
    let names = asked_and_missing(step, slot);
    if names.is_empty() { Ok(()) } else { Err(Refusal::Missing { names }) }
}
