//! The guard and the fence of a piece of work: what has to be typed, and whether this is the right place.

use crate::engine::command::Refusal;
use crate::engine::event::{Mode, Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::Attempt;
use crate::engine::uses;
use crate::engine::values::fill;
use crate::outcome::Outcome;
use crate::runbook::model::{Act, Hazard, Values};

/// Tells whether a part is done by hand: written so, or a way back whose command lacks values.
pub(in crate::engine) fn by_hand(run: &Run, step: &PlanStep, part: &Part) -> bool {
    let values = run.values();
    match (part, step.undo()) {
        (Part::Undo, Some(undo)) => {
            matches!(undo.act, Act::Manual(_))
                || uses::of_way_back(run.plan(), step).iter().any(|name| !values.contains_key(name))
        }
        (Part::Undo, None) => false,
        _ => step.is_manual(),
    }
}

/// Fills the name of the thing acted on.
pub(in crate::engine) fn target(
    step: &PlanStep,
    part: &Part,
    values: &Values,
) -> Result<Option<String>, Refusal> {
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
pub(super) fn same_target(shown: Option<&str>, now: Option<&str>) -> Result<(), Refusal> {
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
    let name = typed_name(step, target);
    let hazard = step.hazard(part);
    if against_the_rule {
        GuardNeeded::against_the_rule(hazard, name)
    } else {
        GuardNeeded::of(hazard, name)
    }
}

pub(super) fn typed_name<'a>(step: &'a PlanStep, target: Option<&'a str>) -> &'a str {
    target.unwrap_or(step.id.as_str())
}

/// Tells whether nothing is in the way of a part as far as the fence goes: there is none, it is not needed, or it was
/// checked since the last attempt, and passed.
pub(in crate::engine) fn fence_stands(
    run: &Run,
    step: &PlanStep,
    part: &Part,
    edited: bool,
) -> bool {
    let changes = step.hazard_of(part, edited) > Hazard::Read;
    let acts = matches!(part, Part::Main | Part::Undo) && changes;
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

/// Refuses when the fence has to be checked first, and says why.
pub(super) fn fence_in_the_way(
    run: &Run,
    step: &PlanStep,
    part: &Part,
    edited: bool,
) -> Result<(), Refusal> {
    if fence_stands(run, step, part, edited) {
        return Ok(());
    }
    let reason = match run.attempts(&Work { step: step.id.clone(), part: Part::Fence }).last() {
        None => "the fence was not checked; check first that this is the right place",
        Some(fence) if passed(fence) => {
            "the fence was checked before the last attempt; check it again"
        }
        Some(_) => "the fence did not pass; this is not the place the runbook belongs to",
    };
    Err(Refusal::Fence { step: step.id.clone(), reason: reason.to_owned() })
}

fn passed(attempt: &Attempt) -> bool {
    attempt.outcome().is_some_and(Outcome::passed)
}

pub(super) fn operator(run: &Run) -> &str {
    run.opened().map_or("", |opened| opened.operator.as_str())
}
