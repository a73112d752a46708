//! Whether a step is in force: its conditions against what is known.

use super::plan::PlanStep;
use super::run::Run;
use super::state::{Slot, StepState};
use crate::runbook::model::{Condition, StepId, Values};

/// What the conditions of a step come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All hold.
    Holds,
    /// These values are not known yet, and may still become known.
    Open(Vec<String>),
    /// One does not hold; why, for people.
    Fails(String),
}

/// Weighs all conditions of a step. One that fails decides, whatever the others still wait for.
pub(super) fn weigh(run: &Run, step: &PlanStep, values: &Values) -> Verdict {
    let mut waiting = Vec::new();
    for condition in &step.when {
        match one(run, condition, values) {
            Verdict::Holds => {}
            Verdict::Open(names) => waiting.extend(names),
            Verdict::Fails(why) => return Verdict::Fails(why),
        }
    }
    if waiting.is_empty() { Verdict::Holds } else { Verdict::Open(waiting) }
}

/// Tells whether all these conditions are known to hold.
pub(super) fn all_hold(conditions: &[Condition], values: &Values) -> bool {
    conditions.iter().all(|condition| {
        values.get(&condition.name.value).is_some_and(|value| accepts(condition, value))
    })
}

fn one(run: &Run, condition: &Condition, values: &Values) -> Verdict {
    let name = &condition.name.value;
    match values.get(name) {
        Some(value) if accepts(condition, value) => Verdict::Holds,
        Some(value) => Verdict::Fails(format!("{name} is {value}, not {}", wanted(condition))),
        None if may_come(run, name) => Verdict::Open(vec![name.clone()]),
        // Also for `not`: a branch on something that is itself not in force is not taken.
        None => Verdict::Fails(match put_off(run, name) {
            Some(step) => format!("{step} was put off"),
            None => format!("{name} has no value in this run"),
        }),
    }
}

fn accepts(condition: &Condition, value: &str) -> bool {
    condition.any_of.iter().any(|accepted| accepted == value) != condition.negated
}

fn wanted(condition: &Condition) -> String {
    let listed = condition.any_of.join(" or ");
    if condition.negated { format!("anything but {listed}") } else { listed }
}

/// Tells whether a step that is still to do may bring this value.
pub(super) fn may_come(run: &Run, name: &str) -> bool {
    run.placed().any(|(planned, slot)| brings(planned, name) && !slot.state.is_settled())
}

/// Finds the step that was put off and would have brought this value.
fn put_off<'a>(run: &'a Run, name: &str) -> Option<&'a StepId> {
    let put_off = |slot: &Slot| matches!(slot.state, StepState::Deferred { .. });
    let mut steps = run.placed().filter(|(planned, slot)| put_off(slot) && brings(planned, name));
    steps.next().map(|(planned, _)| &planned.id)
}

/// Tells whether a step brings this value: decides it, captures it, or asks for it.
pub(super) fn brings(planned: &PlanStep, name: &str) -> bool {
    planned.decision().is_some() && planned.id.as_str() == name
        || planned.step.capture.iter().any(|capture| capture.name.value == name)
        || planned.step.ask.iter().any(|asked| asked.name.value == name)
}

/// Says a step's conditions in words: `choose = cutover`.
pub(super) fn in_words(step: &PlanStep) -> Vec<String> {
    step.when
        .iter()
        .map(|condition| format!("{} = {}", condition.name, wanted(condition)))
        .collect()
}
