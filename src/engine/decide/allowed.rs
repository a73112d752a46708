//! What may be started at all, by its kind, its turn and what runs already.

use super::turn::{on_turn, planned};
use crate::engine::command::Refusal;
use crate::engine::event::{Part, Work};
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::{Slot, StepState};
use crate::runbook::model::{Act, StepId};

/// Finds the step of a work, when its kind can be started and its turn has come.
pub(super) fn startable<'a>(
    run: &'a Run,
    work: &Work,
) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let (step, slot) = planned(run, &work.step)?;
    if !run.plan().has(work) {
        return Err(Refusal::Unknown { what: "work", name: work.to_string() });
    }
    match work.part {
        Part::Main => {
            on_turn(run, &work.step)?;
            main_runs(step)?;
        }
        Part::Undo => {
            undoable(run, work)?;
            if matches!(step.undo().map(|undo| &undo.act), Some(Act::Manual(_))) {
                return Err(Refusal::Kind {
                    step: step.id.clone(),
                    verb: "start; its way back is by hand, tick it",
                });
            }
        }
        Part::Question(_) => {
            on_turn(run, &work.step)?;
            if slot.state != StepState::Todo {
                return Err(Refusal::Already { step: step.id.clone(), state: slot.state.word() });
            }
        }
        Part::Probe | Part::Fence => lookable(run, step, slot)?,
    }
    Ok((step, slot))
}

fn main_runs(step: &PlanStep) -> Result<(), Refusal> {
    match &step.step.act {
        Act::Manual(_) => {
            Err(Refusal::Kind { step: step.id.clone(), verb: "start; it is done by hand, tick it" })
        }
        Act::Decide(_) => Err(Refusal::Kind { step: step.id.clone(), verb: "start; decide it" }),
        Act::Call(_) | Act::Wait(_) if step.step.interactive => {
            Err(Refusal::NotYet("interactive commands"))
        }
        Act::Call(_) | Act::Wait(_) if step.step.background => {
            Err(Refusal::NotYet("background tasks"))
        }
        Act::Call(_) | Act::Wait(_) => Ok(()),
    }
}

/// Looking is allowed where something was done, or is about to be: looking at a later step cannot run anything of it.
fn lookable(run: &Run, step: &PlanStep, slot: &Slot) -> Result<(), Refusal> {
    let touched = [Part::Main, Part::Undo]
        .into_iter()
        .any(|part| !run.attempts(&Work { step: step.id.clone(), part }).is_empty());
    if touched || slot.open.is_some() { Ok(()) } else { on_turn(run, &step.id).map(|_| ()) }
}

/// Finds a step whose change may be taken back now. Its path may have been left since.
pub(super) fn undoable<'a>(run: &'a Run, work: &Work) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let (step, slot) = planned(run, &work.step)?;
    if step.undo().is_none() {
        return Err(Refusal::Unknown { what: "way back", name: work.to_string() });
    }
    let others = run.unknown().into_iter().find(|other| other.part == Part::Undo && other != work);
    if let Some(work) = others {
        return Err(Refusal::UnknownOutcome { work });
    }
    if let Some(earlier) = unknown_before(run, step) {
        return Err(Refusal::Earlier {
            step: step.id.clone(),
            earlier,
            state: StepState::Unknown.word(),
        });
    }
    match slot.state {
        StepState::Running => Err(running(run, &Work { step: step.id.clone(), part: Part::Main })),
        StepState::Unknown => {
            Err(Refusal::UnknownOutcome { work: Work { step: step.id.clone(), part: Part::Main } })
        }
        _ if slot.open.is_none() => {
            let reason = if slot.undone() {
                "its change was undone already"
            } else {
                "it has no open change"
            };
            Err(Refusal::Repeat { step: step.id.clone(), reason: reason.to_owned() })
        }
        _ => Ok((step, slot)),
    }
}

/// Finds an earlier step whose outcome is unknown.
fn unknown_before(run: &Run, step: &PlanStep) -> Option<StepId> {
    let earlier = run.placed().take_while(|(earlier, _)| earlier.id != step.id);
    let mut unknown = earlier.filter(|(_, slot)| slot.state == StepState::Unknown);
    unknown.next().map(|(earlier, _)| earlier.id.clone())
}

/// Checks that this work does not live already, and that nothing else is changing things at the same time.
///
/// Side by side runs what the runbook declares. What only looks there, and was typed by a person, runs alone.
pub(super) fn nothing_living(
    run: &Run,
    step: &PlanStep,
    work: &Work,
    edited: bool,
) -> Result<(), Refusal> {
    let acts = |part: &Part| matches!(part, Part::Main | Part::Undo);
    let raised = step.hazard_of(&work.part, edited) > step.hazard(&work.part);
    for (id, attempt) in run.living() {
        let other = run.plan().step(&id.work.step);
        let raised =
            raised || other.is_some_and(|other| attempt.hazard > other.hazard(&id.work.part));
        let meanwhile = other
            .is_some_and(|other| other.step.meanwhile.iter().any(|named| named.value == step.id));
        let side_by_side = other.is_some_and(|other| other.phase == 0) && step.phase == 0;
        let declared = (meanwhile || side_by_side) && !raised;
        let both_act = acts(&id.work.part) && acts(&work.part) && !declared;
        if id.work == *work || both_act {
            return Err(Refusal::Running { work: id.work, attempt: id.attempt });
        }
    }
    Ok(())
}

pub(super) fn already(step: &PlanStep, slot: &Slot, work: &Work) -> Refusal {
    Refusal::Already { step: step.id.clone(), state: standing(slot, &work.part).word() }
}

pub(super) fn standing<'a>(slot: &'a Slot, part: &Part) -> &'a StepState {
    if *part == Part::Undo { &slot.undo } else { &slot.state }
}

fn running(run: &Run, work: &Work) -> Refusal {
    Refusal::Running { work: work.clone(), attempt: run.next_attempt(work) - 1 }
}
