//! Captures: there wherever they are used, and found again when the step's end was not seen.

use super::walk::{Def, How, Sort, Use, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Condition, Hazard, Step};
use crate::runbook::resolve;

/// Checks where captured values come from.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for def in &view.defs {
        if let Sort::Captured(Some(step)) = def.sort {
            only_in_output(view, def, step, findings);
        }
    }
    for used in view.uses.iter().filter(|used| !used.when.is_empty() || used.after_own.is_none()) {
        some_paths_only(view, used, findings);
    }
}

/// A capture of a change that is needed later, and that no probe can bring back.
fn only_in_output(view: &View<'_>, def: &Def<'_>, step: &Step, findings: &mut Findings) {
    if step.hazard == Hazard::Read {
        return;
    }
    let recovered = step
        .probe
        .as_ref()
        .is_some_and(|probe| probe.capture.iter().any(|capture| capture.name.value == def.name));
    let later = view.uses.iter().find(|used| means(used, def.name) && used.moment > def.moment);
    if recovered || later.is_none() {
        return;
    }
    let says = Says::new(
        format!("`{}` is needed later and only this step's own output holds it", def.name),
        "if its end is not seen, a person has to find and type the value",
        format!("Add `capture: {{{}: …}}` to the step's `probe`.", def.name),
    );
    findings.warning("RL022", def.place, says);
}

/// A use on a path on which no step has captured the value.
fn some_paths_only(view: &View<'_>, used: &Use<'_>, findings: &mut Findings) {
    let defs: Vec<&Def<'_>> = view.defs.iter().filter(|def| means(used, def.name)).collect();
    // Several sources exclude each other and together may cover every path: which, only the values know.
    let [def] = defs[..] else { return };
    let Sort::Captured(Some(step)) = def.sort else { return };
    let own = used.after_own.is_some_and(|after| std::ptr::eq(after, step));
    if own || used.moment <= def.moment || used.moment == super::walk::Moment::Fix {
        return;
    }
    let Some(open) = def.when.iter().find(|needed| !holds_under(needed, &used.when)) else {
        return;
    };
    let says = Says::new(
        format!("`{}` is not captured on every path that leads here", used.name),
        format!("step `{}` runs only when `{}` is decided so", step.id, open.name),
        "Put the same `when` here, or capture it on the other paths as well.",
    );
    findings.warning("RL004", used.place, says);
}

fn means(used: &Use<'_>, name: &str) -> bool {
    match used.how {
        How::Variable => used.name == resolve::variable(name),
        How::Value | How::Secret => used.name == name,
    }
}

/// Whether a condition is sure to hold where all of `given` hold.
pub fn holds_under(needed: &Condition, given: &[&Condition]) -> bool {
    given.iter().any(|condition| {
        condition.name.value == needed.name.value
            && match (needed.negated, condition.negated) {
                (false, false) => condition.any_of.iter().all(|v| needed.any_of.contains(v)),
                (true, true) => needed.any_of.iter().all(|v| condition.any_of.contains(v)),
                (true, false) => condition.any_of.iter().all(|v| !needed.any_of.contains(v)),
                (false, true) => false,
            }
    })
}

/// Whether two sets of conditions can never both hold.
pub fn exclude_each_other(a: &[&Condition], b: &[&Condition]) -> bool {
    a.iter().any(|one| {
        b.iter().any(|other| {
            one.name.value == other.name.value
                && match (one.negated, other.negated) {
                    (false, false) => one.any_of.iter().all(|v| !other.any_of.contains(v)),
                    (false, true) => one.any_of.iter().all(|v| other.any_of.contains(v)),
                    (true, false) => other.any_of.iter().all(|v| one.any_of.contains(v)),
                    (true, true) => false,
                }
        })
    })
}
