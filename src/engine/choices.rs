//! What can be done after a failure, and when an outcome is unknown: always the same list in the same order, because
//! it is read at three in the morning. What is impossible stays, with the reason.

use super::decide::{Again, again, last_meaning};
use super::event::{Part, Work};
use super::onward::instead;
use super::plan::PlanStep;
use super::run::Run;
use super::state::Slot;
use super::state::StepState;
use crate::runbook::model::{Act, Meaning, Repeat, StepId};

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What.
    pub does: Does,
    /// What to know about it: `safe to repeat`, `reason needed`.
    pub note: String,
    /// Why it cannot be done now, if so.
    pub refused: Option<String>,
}

/// The things that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Do this fix, then start the step again.
    Fix(Option<StepId>),
    /// Start the step again.
    Retry,
    /// Edit the command, then start the step again.
    Edit,
    /// It was put right outside: probe it, or say what was seen.
    Check,
    /// End this run and go on in another runbook that this one names.
    Elsewhere,
    /// Take changes back, newest first.
    Undo,
    /// Pass the step over.
    Skip,
    /// Put the run on hold.
    Hold,
    /// Stop the run.
    Stop,
    /// Run the probe.
    Probe,
    /// It is done.
    Done,
    /// It is still going on.
    StillGoing,
    /// It did not happen.
    NotStarted,
    /// Leave it unknown and go on.
    LeaveUnknown,
    /// Start it again anyway.
    Anyway,
}

impl Choice {
    fn open(does: Does, note: impl Into<String>) -> Self {
        Self { does, note: note.into(), refused: None }
    }

    fn shut(does: Does, why: impl Into<String>) -> Self {
        Self { does, note: String::new(), refused: Some(why.into()) }
    }
}

/// Lists the nine choices after a failure.
pub(super) fn after_failure(run: &Run, step: &PlanStep, slot: &Slot) -> Vec<Choice> {
    let undo = match run.open_changes().len() {
        0 if !run.taken_over().is_empty() => {
            Choice::shut(Does::Undo, "what is open is of a run before: by hand")
        }
        0 => Choice::shut(Does::Undo, "no change is open"),
        1 => Choice::open(Does::Undo, "1 change is open"),
        open => Choice::open(Does::Undo, format!("{open} changes are open")),
    };
    let check = match step.step.probe {
        Some(_) => Choice::open(Does::Check, "runs the probe only"),
        None => Choice::open(Does::Check, "no probe is written; say how you know"),
    };
    let retry = retry(run, step, slot);
    let edit = edit(step, &retry);
    vec![
        fix(run, step),
        retry,
        edit,
        check,
        elsewhere(run),
        undo,
        Choice::open(Does::Skip, "reason needed"),
        Choice::open(Does::Hold, "the incident clock goes on"),
        stop(run),
    ]
}

fn elsewhere(run: &Run) -> Choice {
    match instead(run).len() {
        0 => Choice::shut(Does::Elsewhere, "no other runbook is named by this one"),
        1 => Choice::open(Does::Elsewhere, "ends this run; 1 is named"),
        named => Choice::open(Does::Elsewhere, format!("ends this run; {named} are named")),
    }
}

/// A changed command is a way to start the step again, so what refuses the one refuses the other.
fn edit(step: &PlanStep, retry: &Choice) -> Choice {
    match (&step.step.act, &retry.refused) {
        (Act::Manual(_) | Act::Decide(_), _) => {
            Choice::shut(Does::Edit, "there is no command to edit")
        }
        (Act::Wait(_), _) => Choice::shut(Does::Edit, "a wait repeats it by itself"),
        (_, Some(why)) => Choice::shut(Does::Edit, why.clone()),
        _ => Choice::open(Does::Edit, "recorded as a deviation"),
    }
}

fn fix(run: &Run, step: &PlanStep) -> Choice {
    match likely_fix(run, step) {
        None => Choice::shut(Does::Fix(None), "no fix is written for this step"),
        Some((fix, matched)) => {
            let note = match matched {
                _ if was_fixed(run, step) => "done; start the step again",
                true => "suggested",
                false => "written for another failure",
            };
            Choice::open(Does::Fix(Some(fix.clone())), note)
        }
    }
}

/// Returns the fix to take when none is named, and whether its failure was seen in the last attempt's output. What
/// matched the output comes first; the others may still be the cure.
pub fn likely_fix<'a>(run: &Run, step: &'a PlanStep) -> Option<(&'a StepId, bool)> {
    let work = Work { step: step.id.clone(), part: Part::Main };
    let attempts = run.attempts(&work);
    let matched = attempts.last().and_then(|last| last.outcome()).map(|seen| &seen.failures);
    let seen = |at: &usize| matched.is_some_and(|matched| matched.contains(at));
    let fixes = step.step.failures.iter().enumerate();
    let mut fixes = fixes.filter_map(|(at, failure)| Some((at, &failure.fix.as_ref()?.value)));
    let first = fixes.clone().next();
    let found = fixes.find(|(at, _)| seen(at)).or(first)?;
    Some((found.1, seen(&found.0)))
}

/// Whether a fix was done since this step failed.
pub(super) fn was_fixed(run: &Run, step: &PlanStep) -> bool {
    let last = |id: &StepId| {
        run.attempts(&Work { step: id.clone(), part: Part::Main }).last().and_then(|a| a.until)
    };
    run.placed().any(|(fix, slot)| {
        slot.fix_for.as_ref() == Some(&step.id)
            && matches!(slot.state, StepState::Done(_))
            && last(&fix.id) > last(&step.id)
    })
}

fn retry(run: &Run, step: &PlanStep, slot: &Slot) -> Choice {
    match again(run, step, slot, &Part::Main) {
        Again::Plain if was_fixed(run, step) => {
            Choice::open(Does::Retry, "the fix is done; this comes next")
        }
        Again::Plain if step.step.repeat == Repeat::Safe => {
            Choice::open(Does::Retry, "safe to repeat")
        }
        Again::Plain => Choice::open(Does::Retry, "nothing of it stands in the way"),
        Again::Against(why) => {
            Choice::open(Does::Retry, format!("{why}; type the name, recorded as deviation"))
        }
        Again::No => Choice::shut(Does::Retry, "it cannot be started now"),
    }
}

/// Lists the seven choices when an outcome is unknown.
pub(super) fn after_unknown(run: &Run, work: &Work) -> Vec<Choice> {
    let probe = run.plan().step(&work.step).and_then(|step| step.step.probe.as_ref());
    let said = last_meaning(run, work);
    let probing = match probe {
        Some(_) => Choice::open(Does::Probe, "read only; its answer is for you to accept"),
        None => Choice::shut(Does::Probe, "no probe is written for this step"),
    };
    // A way back is done when the step is not there any more.
    let (done, not_started) = if work.part == Part::Undo {
        (Meaning::NotStarted, Meaning::Done)
    } else {
        (Meaning::Done, Meaning::NotStarted)
    };
    let accept = |does, meaning: Meaning| {
        let note = if said == Some(meaning) { "the probe says so" } else { "say how you know" };
        Choice::open(does, note)
    };
    let going = match (said, probe) {
        (Some(Meaning::Running), _) => {
            Choice::open(Does::StillGoing, "the probe says so; probe again later")
        }
        (_, Some(_)) => Choice::open(Does::StillGoing, "probe again later"),
        (_, None) => Choice::shut(Does::StillGoing, "no probe is written to watch it with"),
    };
    vec![
        probing,
        accept(Does::Done, done),
        going,
        accept(Does::NotStarted, not_started),
        Choice::shut(
            Does::LeaveUnknown,
            "going on past an unknown outcome is not built yet; settle it",
        ),
        Choice::open(Does::Anyway, "type the name, recorded as deviation"),
        stop(run),
    ]
}

fn stop(run: &Run) -> Choice {
    let note = match run.changes_open() {
        0 => "no change stays open".to_owned(),
        1 => "1 change stays open, listed".to_owned(),
        open => format!("{open} changes stay open, listed"),
    };
    Choice::open(Does::Stop, note)
}
