//! Starting, ticking and interrupting.

use super::repeat::{Again, again};
use super::spoken;
use super::turn::{all_given, condition_holds, on_turn, planned};
use crate::engine::command::Refusal;
use crate::engine::event::{AttemptId, Event, Guard, Mode, Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::{Attempt, Life, Slot, StepState};
use crate::engine::uses;
use crate::engine::values::fill;
use crate::outcome::Outcome;
use crate::runbook::model::{Act, Hazard, StepId, Values};

/// A start as it was asked for.
pub(super) struct Asked<'a> {
    pub work: &'a Work,
    pub guard: &'a Guard,
    pub shown: &'a str,
    pub digest: &'a str,
    pub target: &'a Option<String>,
    pub override_reason: &'a Option<String>,
}

pub(super) fn start(run: &Run, asked: &Asked<'_>) -> Result<Vec<Event>, Refusal> {
    let work = asked.work;
    let (step, slot) = startable(run, work)?;
    let values = run.values();
    if work.part == Part::Main {
        all_given(step, slot)?;
        condition_holds(run, step, &values)?;
    }
    nothing_living(run, step, work)?;
    let target = target(step, &work.part, &values)?;
    let against = match again(run, step, slot, &work.part) {
        Again::Plain => None,
        Again::No => return Err(already(step, slot, work)),
        Again::Against(reason) => Some(against_the_rule(step, slot, asked, reason)?),
    };
    same_target(asked.target.as_deref(), target.as_deref())?;
    if !fence_stands(run, step, &work.part) {
        let reason = match run.attempts(&fence_of(work)).last() {
            None => "the fence was not checked; check that this is the right place first",
            Some(_) => {
                "the fence has to be checked again, and pass: it did not, or was checked before the last attempt"
            }
        };
        return Err(Refusal::Fence { step: step.id.clone(), reason: reason.to_owned() });
    }
    let needed = guard_needed(step, &work.part, target.as_deref(), against.is_some());
    needed.check(asked.guard, operator(run))?;
    Ok(vec![Event::AttemptIntended {
        id: AttemptId { work: work.clone(), attempt: run.next_attempt(work) },
        hazard: step.hazard(&work.part),
        target,
        shown: asked.shown.to_owned(),
        digest: asked.digest.to_owned(),
        guard: asked.guard.clone(),
        override_reason: against,
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
    if !by_hand(step, &work.part, &values) {
        return Err(Refusal::Kind { step: work.step.clone(), verb: "tick; it runs a command" });
    }
    if work.part == Part::Main {
        all_given(step, slot)?;
        condition_holds(run, step, &values)?;
    }
    nothing_living(run, step, work)?;
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
    guard_needed(step, &work.part, target.as_deref(), false).check(guard, operator(run))?;
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

/// Finds the step of a work, when its kind can be started and its turn has come.
fn startable<'a>(run: &'a Run, work: &Work) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
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
fn undoable<'a>(run: &'a Run, work: &Work) -> Result<(&'a PlanStep, &'a Slot), Refusal> {
    let (step, slot) = planned(run, &work.step)?;
    if step.undo().is_none() {
        return Err(Refusal::Unknown { what: "way back", name: work.to_string() });
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
                "it made no change in this run"
            };
            Err(Refusal::Repeat { step: step.id.clone(), reason: reason.to_owned() })
        }
        _ => Ok((step, slot)),
    }
}

/// Finds an earlier step whose outcome, or whose way back's, is unknown.
fn unknown_before(run: &Run, step: &PlanStep) -> Option<StepId> {
    let earlier = run.placed().take_while(|(earlier, _)| earlier.id != step.id);
    let mut unknown = earlier
        .filter(|(_, slot)| slot.state == StepState::Unknown || slot.undo == StepState::Unknown);
    unknown.next().map(|(earlier, _)| earlier.id.clone())
}

/// Checks that this work does not live already, and that nothing else is changing things at the same time.
fn nothing_living(run: &Run, step: &PlanStep, work: &Work) -> Result<(), Refusal> {
    let acts = |part: &Part| matches!(part, Part::Main | Part::Undo);
    for (id, _) in run.living() {
        let other = run.plan().step(&id.work.step);
        let meanwhile = other
            .is_some_and(|other| other.step.meanwhile.iter().any(|named| named.value == step.id));
        let side_by_side = other.is_some_and(|other| other.phase == 0) && step.phase == 0;
        let both_act = acts(&id.work.part) && acts(&work.part) && !meanwhile && !side_by_side;
        if id.work == *work || both_act {
            return Err(Refusal::Running { work: id.work, attempt: id.attempt });
        }
    }
    Ok(())
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

fn already(step: &PlanStep, slot: &Slot, work: &Work) -> Refusal {
    Refusal::Already { step: step.id.clone(), state: standing(slot, &work.part).word() }
}

fn standing<'a>(slot: &'a Slot, part: &Part) -> &'a StepState {
    if *part == Part::Undo { &slot.undo } else { &slot.state }
}

fn running(run: &Run, work: &Work) -> Refusal {
    Refusal::Running { work: work.clone(), attempt: run.next_attempt(work) - 1 }
}

/// Tells whether a part is done by hand: written so, or a way back whose command lacks values.
fn by_hand(step: &PlanStep, part: &Part, values: &Values) -> bool {
    match (part, step.undo()) {
        (Part::Undo, Some(undo)) => {
            matches!(undo.act, Act::Manual(_))
                || uses::of_undo(undo).iter().any(|name| !values.contains_key(name))
        }
        (Part::Undo, None) => false,
        _ => step.is_manual(),
    }
}

/// Fills the name of the thing acted on.
fn target(step: &PlanStep, part: &Part, values: &Values) -> Result<Option<String>, Refusal> {
    let own = match part {
        Part::Main => step.step.target.as_ref(),
        Part::Undo => {
            step.undo().and_then(|undo| undo.target.as_ref()).or(step.step.target.as_ref())
        }
        Part::Probe | Part::Question(_) | Part::Fence => None,
    };
    own.map(|text| fill(text, values)).transpose().map_err(|names| Refusal::Missing { names })
}

/// What was shown is what is acted on: a target that changed since the guard opened is refused.
fn same_target(shown: Option<&str>, now: Option<&str>) -> Result<(), Refusal> {
    match (shown, now) {
        (Some(shown), Some(now)) if shown != now => {
            Err(Refusal::Guard { needs: format!("{shown} was shown, the target is {now} now") })
        }
        _ => Ok(()),
    }
}

/// Returns the guard that starting a part needs. Without a target, the step's id is what is typed.
pub(in crate::engine) fn guard_needed(
    step: &PlanStep,
    part: &Part,
    target: Option<&str>,
    against_the_rule: bool,
) -> GuardNeeded {
    let name = target.unwrap_or(step.id.as_str());
    let hazard = step.hazard(part);
    if against_the_rule {
        GuardNeeded::against_the_rule(hazard, name)
    } else {
        GuardNeeded::of(hazard, name)
    }
}

/// Tells whether nothing is in the way of a part as far as the fence goes: there is none, it is not needed, or it was
/// checked since the last attempt, and passed.
pub(in crate::engine) fn fence_stands(run: &Run, step: &PlanStep, part: &Part) -> bool {
    let acts = matches!(part, Part::Main | Part::Undo) && step.hazard(part) > Hazard::Read;
    let live = run.opened().is_some_and(|opened| opened.mode == Mode::Live);
    if run.plan().runbook().fence.is_none() || !acts || !live {
        return true;
    }
    let last = |part: Part| run.attempts(&Work { step: step.id.clone(), part }).last();
    let acted =
        [Part::Main, Part::Undo].into_iter().filter_map(last).map(|attempt| attempt.since).max();
    last(Part::Fence)
        .is_some_and(|fence| passed(fence) && acted.is_none_or(|acted| fence.since > acted))
}

fn passed(attempt: &Attempt) -> bool {
    attempt.outcome().is_some_and(Outcome::passed)
}

fn fence_of(work: &Work) -> Work {
    Work { step: work.step.clone(), part: Part::Fence }
}

fn operator(run: &Run) -> &str {
    run.opened().map_or("", |opened| opened.operator.as_str())
}
