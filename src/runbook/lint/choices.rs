//! Choices that come from an earlier step: there whenever they are wanted.

use super::captures::holds_under;
use super::walk::{Stop, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::Definition;

/// Checks where values that are asked for in the run take their choices from.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for stop in &view.stops {
        for asked in &stop.step.ask {
            some_paths_only(view, stop, asked, findings);
        }
    }
}

/// A list that is not made on a path on which somebody is to choose from it.
fn some_paths_only(view: &View<'_>, stop: &Stop<'_>, asked: &Definition, findings: &mut Findings) {
    let Some((from, _)) = &asked.choices_from else { return };
    let Some(source) = view.stops.iter().find(|other| other.step.id.value == from.value) else {
        return;
    };
    let Some(open) = source.when.iter().find(|needed| !holds_under(needed, &stop.when)) else {
        return;
    };
    let says = Says::new(
        format!("`{}` has no choices on some path that leads here", asked.name),
        format!("step `{from}` runs only when `{}` is decided so", open.name),
        "Put the same `when` here, or take them from a step that always runs.",
    );
    findings.warning("RL004", from.place, says);
}
