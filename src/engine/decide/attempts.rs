//! Starting, ticking and interrupting.

use super::allowed::{already, nothing_living, standing, startable, undoable};
use super::guarding::{
    by_hand, fence_in_the_way, guard_needed, operator, same_target, target, typed_name,
};
use super::repeat::{Again, again};
use super::spoken;
use super::turn::{all_given, condition_holds, on_turn, planned};
use crate::engine::command::Refusal;
use crate::engine::event::{AttemptId, Edited, Event, Guard, Part, Work};
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::{Life, Slot, StepState};
use crate::runbook::model::Act;

/// A start as it was asked for.
pub(super) struct Asked<'a> {
    pub work: &'a Work,
    pub guard: &'a Guard,
    pub shown: &'a str,
    pub digest: &'a str,
    pub target: &'a Option<String>,
    pub override_reason: &'a Option<String>,
    pub edited: &'a Option<Edited>,
}

/// Checks what stands in the way of work whatever is typed for its guard.
pub(in crate::engine) fn may_start<'a>(
    run: &'a Run,
    work: &Work,
    edited: bool,
) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let (step, slot) = startable(run, work)?;
    if edited {
        editable(step, work)?;
    }
    if work.part == Part::Main {
        all_given(step, slot)?;
        condition_holds(run, step, &run.values())?;
    }
    nothing_living(run, step, work, edited)?;
    match again(run, step, slot, &work.part) {
        Again::No => Err(already(step, slot, work)),
        Again::Plain | Again::Against(_) => Ok((step, slot)),
    }
}

pub(super) fn start(run: &Run, asked: &Asked<'_>) -> Result<Vec<Event>, Refusal> {
    let work = asked.work;
    let is_edited = asked.edited.is_some();
    let (step, slot) = may_start(run, work, is_edited)?;
    let target = target(step, &work.part, &run.values())?;
    let against = match again(run, step, slot, &work.part) {
        Again::Plain | Again::No => None,
        Again::Against(reason) => Some(against_the_rule(step, slot, asked, reason)?),
    };
    same_target(asked.target.as_deref(), target.as_deref())?;
    fence_in_the_way(run, step, &work.part, is_edited)?;
    let edited = asked.edited.as_ref().map(with_its_reason).transpose()?;
    let against_the_rule = against.is_some() || is_edited;
    let needed = guard_needed(step, &work.part, target.as_deref(), against_the_rule);
    needed.check(asked.guard, typed_name(step, target.as_deref()), operator(run))?;
    Ok(vec![Event::AttemptIntended {
        id: AttemptId { work: work.clone(), attempt: run.next_attempt(work) },
        hazard: step.hazard_of(&work.part, is_edited),
        target,
        shown: asked.shown.to_owned(),
        digest: asked.digest.to_owned(),
        guard: asked.guard.clone(),
        override_reason: against,
        edited,
    }])
}

pub(super) fn tick(
    run: &Run,
    work: &Work,
    guard: &Guard,
    said: &str,
) -> Result<Vec<Event>, Refusal> {
    let (step, slot) = match work.part {
        Part::Undo => undoable(run, work)?,
        Part::Main => on_turn(run, &work.step)?,
        Part::Probe | Part::Question(_) | Part::Fence => {
            return Err(Refusal::Kind { step: work.step.clone(), verb: "tick" });
        }
    };
    let values = run.values();
    if !by_hand(run, step, &work.part) {
        return Err(Refusal::Kind { step: work.step.clone(), verb: "tick; it runs a command" });
    }
    if work.part == Part::Main {
        all_given(step, slot)?;
        condition_holds(run, step, &values)?;
    }
    nothing_living(run, step, work, false)?;
    match again(run, step, slot, &work.part) {
        Again::Plain => {}
        Again::Against(reason) => return Err(Refusal::Repeat { step: step.id.clone(), reason }),
        Again::No => return Err(already(step, slot, work)),
    }
    // A way back by hand may stand in for a command whose values are missing; then its target may be missing too.
    let target = if work.part == Part::Undo {
        target(step, &work.part, &values).ok().flatten()
    } else {
        target(step, &work.part, &values)?
    };
    let needed = guard_needed(step, &work.part, target.as_deref(), false);
    needed.check(guard, typed_name(step, target.as_deref()), operator(run))?;
    Ok(vec![Event::Ticked {
        id: AttemptId { work: work.clone(), attempt: run.next_attempt(work) },
        hazard: step.hazard(&work.part),
        target,
        guard: guard.clone(),
        said: said.to_owned(),
    }])
}

pub(super) fn interrupt(run: &Run, id: &AttemptId) -> Result<Vec<Event>, Refusal> {
    planned(run, &id.work.step)?;
    let attempt =
        run.attempt(id).ok_or_else(|| Refusal::Unknown { what: "attempt", name: id.slug() })?;
    match attempt.life {
        Life::Started { .. } if attempt.stopping => Err(Refusal::NotNow("interrupting it already")),
        Life::Started { .. } => Ok(vec![Event::StopRequested { id: id.clone() }]),
        Life::Intended => Err(Refusal::NotNow("about to start it; interrupt it when it runs")),
        Life::Ended { .. } | Life::Lost { .. } | Life::Ticked { .. } => {
            Err(Refusal::NotNow("not running that"))
        }
    }
}

/// Only a step's own command is changed: what proves or takes back stays what was written.
fn editable(step: &PlanStep, work: &Work) -> Result<(), Refusal> {
    if work.part != Part::Main {
        return Err(Refusal::Kind { step: work.step.clone(), verb: "edit" });
    }
    match step.step.act {
        // It asks again and again by itself, which is for what only looks; nobody declared what was typed.
        Act::Wait(_) => Err(Refusal::EditedWait { step: step.id.clone() }),
        Act::Call(_) | Act::Manual(_) | Act::Decide(_) => Ok(()),
    }
}

fn with_its_reason(edited: &Edited) -> Result<Edited, Refusal> {
    Ok(Edited { why: spoken(&edited.why)?, runbook: edited.runbook.clone() })
}

/// Checks what starting against the rule asks for besides its guard.
fn against_the_rule(
    step: &PlanStep,
    slot: &Slot,
    asked: &Asked<'_>,
    reason: String,
) -> Result<String, Refusal> {
    match asked.override_reason {
        Some(why) => spoken(why),
        None if *standing(slot, &asked.work.part) == StepState::Unknown => {
            Err(Refusal::UnknownOutcome { work: asked.work.clone() })
        }
        None => Err(Refusal::Repeat { step: step.id.clone(), reason }),
    }
}
