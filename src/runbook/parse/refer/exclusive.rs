//! Two steps may give the same value only if they can never both be in force.

use crate::runbook::model::{Condition, Runbook};
use crate::runbook::parse::reader::Reader;
use crate::runbook::place::Place;
use std::collections::HashMap;

/// One step's claim on a name.
struct Claim<'r> {
    step: &'r str,
    when: Vec<&'r Condition>,
}

/// So many earlier claims are compared; a file with more has other troubles.
const COMPARED: usize = 64;

/// Reports values that two steps give which can both be in force.
pub fn check(runbook: &Runbook, reader: &mut Reader<'_>) {
    let mut claims: HashMap<&str, Vec<Claim<'_>>> = HashMap::new();
    for check in &runbook.needs.checks {
        for capture in &check.capture {
            claim(&mut claims, &capture.name, capture.name.place, &check.id.0, Vec::new(), reader);
        }
    }
    let phases = runbook
        .phases
        .iter()
        .flat_map(|phase| phase.steps.iter().map(move |step| (&phase.when[..], step)));
    let fixes = runbook.fixes.iter().map(|step| (&[][..], step));
    for (phase, step) in phases.chain(fixes) {
        let asked = step.ask.iter().map(|ask| &ask.name);
        for name in asked.chain(step.capture.iter().map(|capture| &capture.name)) {
            let when = phase.iter().chain(&step.when).collect();
            claim(&mut claims, name, name.place, &step.id.0, when, reader);
        }
    }
}

fn claim<'r>(
    claims: &mut HashMap<&'r str, Vec<Claim<'r>>>,
    name: &'r str,
    place: Place,
    step: &'r str,
    when: Vec<&'r Condition>,
    reader: &mut Reader<'_>,
) {
    let earlier = claims.entry(name).or_default();
    let clash = earlier.iter().rev().take(COMPARED).find(|claim| !exclude(&claim.when, &when));
    if let Some(other) = clash {
        let what = format!("`{name}` is given by `{}` too", other.step);
        let why = "both steps can be in force, and nobody could say which value holds";
        let next = "Rename one, or give the steps conditions that exclude each other.";
        reader.error("RB063", place, what, why, next);
    }
    earlier.push(Claim { step, when });
}

/// Tells whether two sets of conditions can never hold together.
fn exclude(a: &[&Condition], b: &[&Condition]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.name.value == b.name.value && disjoint(a, b)))
}

fn disjoint(a: &Condition, b: &Condition) -> bool {
    let within =
        |a: &Condition, b: &Condition| a.any_of.iter().all(|value| b.any_of.contains(value));
    match (a.negated, b.negated) {
        (false, false) => !a.any_of.iter().any(|value| b.any_of.contains(value)),
        (false, true) => within(a, b),
        (true, false) => within(b, a),
        // Two negations leave something over unless they name every value, which nobody writes.
        (true, true) => false,
    }
}
