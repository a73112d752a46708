//! Branches: every step can be reached, and every decision decides something.

use super::captures::exclude_each_other;
use super::walk::{Sort, Stop, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Act, Decide, Then};

/// Checks the conditions of a runbook.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for stop in &view.stops {
        contradiction(stop, findings);
        if let Act::Decide(decide) = &stop.step.act {
            decides_nothing(view, stop, decide, findings);
        }
    }
    after_leaving(view, findings);
}

/// A step whose own condition cannot hold together with its phase's.
fn contradiction(stop: &Stop<'_>, findings: &mut Findings) {
    for (index, condition) in stop.when.iter().enumerate() {
        if exclude_each_other(&stop.when[..index], &[condition]) {
            let says = Says::new(
                format!("step `{}` is never reached", stop.step.id),
                format!("its conditions on `{}` cannot hold together", condition.name),
                "Mend the `when` of the step or of its phase.",
            );
            findings.warning("RL013", condition.name.place, says);
        }
    }
}

/// Steps that need an outcome which leads out of the run.
fn after_leaving(view: &View<'_>, findings: &mut Findings) {
    for stop in &view.stops {
        for condition in stop.when.iter().filter(|condition| !condition.negated) {
            let Some(decide) = decision(view, &condition.name) else { continue };
            let leaves = |value: &String| {
                decide.outcomes.iter().any(|outcome| {
                    outcome.name.value == *value
                        && matches!(outcome.then, Some(Then::Go { .. } | Then::Stop(_)))
                })
            };
            if condition.any_of.iter().all(leaves) {
                let says = Says::new(
                    format!("step `{}` is never reached", stop.step.id),
                    format!("that outcome of `{}` ends this run", condition.name),
                    "Remove the step, or the outcome's `go` or `stop`.",
                );
                findings.warning("RL013", condition.name.place, says);
            }
        }
    }
}

fn decision<'a>(view: &View<'a>, name: &str) -> Option<&'a Decide> {
    view.defs_of(name).find_map(|def| match def.sort {
        Sort::Decision(step) => match &step.act {
            Act::Decide(decide) => Some(&**decide),
            _ => None,
        },
        _ => None,
    })
}

fn decides_nothing(view: &View<'_>, stop: &Stop<'_>, decide: &Decide, findings: &mut Findings) {
    let id = stop.step.id.as_str();
    let leads = decide.outcomes.iter().any(|outcome| outcome.then.is_some());
    let conditions = view.stops.iter().flat_map(|stop| &stop.when);
    let used = view.uses.iter().any(|used| used.name == id);
    if !leads && !used && !conditions.into_iter().any(|when| when.name.value == id) {
        let says = Says::new(
            format!("decision `{id}` decides nothing"),
            "no `when` asks for it and no outcome leads anywhere",
            format!("Add `when: {{{id}: …}}` to what depends on it, or ask with `manual`."),
        );
        findings.warning("RL014", stop.step.id.place, says);
    }
}
