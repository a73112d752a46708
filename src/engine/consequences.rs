//! What follows from a fact by itself, recorded together with it: conditions that became decided, consequences that
//! were raised. Derived facts are in the journal so that a later rule can never re-route an old run.

use super::conditions::{Verdict, brings, weigh};
use super::event::{Event, Part};
use super::plan::PlanStep;
use super::run::{Corrupt, Run};
use super::state::StepState;
use super::values::{fill_visibly, known};
use crate::runbook::model::{StepId, Values};

/// Adds to these facts everything that follows from them, and returns the run after all of it.
pub(super) fn follow(run: &Run, mut facts: Vec<Event>) -> Result<(Run, Vec<Event>), Corrupt> {
    let mut next = run.after(&facts)?;
    let raised: Vec<Event> = facts.iter().filter_map(|fact| raises(&next, fact)).collect();
    if !raised.is_empty() {
        next = next.after(&raised)?;
        facts.extend(raised);
    }
    // One step that falls away may decide the next one's condition, so this runs until nothing moves. It ends: every
    // round but the last settles a step, or opens again one whose condition came to hold.
    for _ in 0..=2 * next.plan().steps().len() {
        let moved = conditions_decided(&next);
        if moved.is_empty() {
            break;
        }
        next = next.after(&moved)?;
        facts.extend(moved);
    }
    Ok((next, facts))
}

/// As [`follow`], for facts that were made from this very state and therefore fit it.
pub(super) fn settle(run: &Run, facts: Vec<Event>) -> (Run, Vec<Event>) {
    follow(run, facts).unwrap_or_else(|corrupt| {
        debug_assert!(false, "facts made from a state fit it: {corrupt}");
        (run.clone(), Vec::new())
    })
}

fn raises(run: &Run, fact: &Event) -> Option<Event> {
    let (Event::AttemptEnded { id, .. }
    | Event::AttemptSettled { id, .. }
    | Event::Ticked { id, .. }) = fact
    else {
        return None;
    };
    let slot = run.slot(&id.work.step)?;
    let done = id.work.part == Part::Main
        && matches!(slot.state, StepState::Done(_))
        && slot.raised.is_none();
    // An attempt that provably never ran puts the step back to done: it raises nothing anew.
    let ran = run.attempt(id)?.not_started().is_none();
    let raises = run.plan().step(&id.work.step)?.step.raises.as_ref().filter(|_| done && ran)?;
    let values = known(run);
    Some(Event::Raised {
        step: id.work.step.clone(),
        note: fill_visibly(&raises.note, &values),
        owner: raises.owner.as_ref().map(|owner| fill_visibly(owner, &values)),
    })
}

/// Finds the steps whose condition came to be decided, one way or the other.
fn conditions_decided(run: &Run) -> Vec<Event> {
    if run.opened().is_none() || run.closed().is_some() {
        return Vec::new();
    }
    let values = known(run);
    let (mut falls, mut returns, mut because) = (Vec::new(), Vec::new(), None);
    for (step, slot) in run.placed() {
        match (&slot.state, weigh(run, step, &values)) {
            (StepState::Todo, Verdict::Fails(reason)) => {
                falls.push(Event::NotApplicable { step: step.id.clone(), reason });
            }
            // The value was taken again and came out differently, or its source was opened again.
            (StepState::NotTaken(_), Verdict::Holds | Verdict::Open(_)) => {
                because = because.or_else(|| Some(source(run, step, &values)));
                returns.push(step.id.clone());
            }
            _ => {}
        }
    }
    if let Some(because) = because {
        falls.push(Event::StepsReopened { steps: returns, because });
    }
    falls
}

/// Finds the step that brought the value that a step's conditions hang on.
fn source(run: &Run, step: &PlanStep, values: &Values) -> StepId {
    let names = step.when.iter().map(|condition| &condition.name.value);
    let bringing = names.filter_map(|name| {
        let known = values.contains_key(name);
        run.placed()
            .find(|(other, _)| brings(other, name))
            .map(|(other, _)| (known, other.id.clone()))
    });
    // Where one of them is open again, that one made the difference.
    let all: Vec<(bool, StepId)> = bringing.collect();
    let open = all.iter().find(|(known, _)| !known).or(all.first());
    open.map_or_else(|| step.id.clone(), |(_, id)| id.clone())
}
