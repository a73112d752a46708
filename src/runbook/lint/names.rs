//! Every variable a script names carries a value by then, and every definition is used.
//!
//! Names in words and texts are checked when the file is read; a script is constant text, and nobody reads it there.

use super::walk::{Def, How, Moment, Sort, Use, View, variables};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::BUILT_IN;
use crate::runbook::resolve;

/// Checks the names of a runbook.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for used in view.uses.iter().filter(|used| used.how == How::Variable) {
        let carried = |def: &&Def<'_>| resolve::variable(def.name) == used.name;
        let known: Vec<&Def<'_>> = view.defs.iter().filter(carried).collect();
        if known.is_empty() {
            undefined(view, used, findings);
        } else if let Some(late) = too_late(view, used, &known, 0) {
            before_known(view, used, late, findings);
        }
    }
    unused(view, findings);
}

fn undefined(view: &View<'_>, used: &Use<'_>, findings: &mut Findings) {
    let names = view.defs.iter().map(|def| def.name).chain(BUILT_IN);
    let variables: Vec<String> = names.map(resolve::variable).collect();
    if variables.contains(&used.name) {
        return;
    }
    let next = match nearest(&used.name, variables.iter().map(String::as_str)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "Define it in `params`, `values` or a `capture` of an earlier step.".to_owned(),
    };
    let what = format!("`${}` carries no value", used.name);
    findings.error("RL001", used.place, Says::new(what, "no value has that name", next));
}

/// Returns the definition that is known too late for this use; one of several that is in time is enough.
fn too_late<'v>(
    view: &'v View<'v>,
    used: &Use<'_>,
    defs: &[&'v Def<'v>],
    depth: usize,
) -> Option<&'v Def<'v>> {
    // Values may be derived from values; a chain longer than there are values is a circle.
    if depth > view.runbook.values.len() {
        return defs.first().copied();
    }
    let mut late = None;
    for def in defs {
        let hidden = match def.sort {
            Sort::Derived(text) => text.names().find_map(|(name, _)| {
                let parts: Vec<&Def<'_>> = view.defs_of(name).collect();
                if parts.is_empty() { None } else { too_late(view, used, &parts, depth + 1) }
            }),
            Sort::Captured(Some(step)) => {
                let own = used.after_own.is_some_and(|after| std::ptr::eq(after, step));
                (def.moment >= used.moment && !own).then_some(*def)
            }
            Sort::Decision(_) | Sort::Captured(None) => (def.moment >= used.moment).then_some(*def),
            Sort::Asked | Sort::Secret => (def.moment > used.moment).then_some(*def),
        };
        match hidden {
            // A fix happens whenever it is needed: what is missing then is asked for.
            None => return None,
            Some(_) if used.moment == Moment::Fix => return None,
            Some(def) => late = Some(def),
        }
    }
    late
}

fn before_known(view: &View<'_>, used: &Use<'_>, late: &Def<'_>, findings: &mut Findings) {
    let what = format!("`${}` is used before it is known", used.name);
    let (why, next) = match late.sort {
        Sort::Captured(Some(step)) | Sort::Decision(step) => {
            let number = view
                .stops
                .iter()
                .find(|stop| std::ptr::eq(stop.step, step))
                .map_or_else(String::new, |found| format!(" ({})", found.number));
            let why = format!("step `{}`{number} gives it", step.id);
            (why, "Move this behind that step, or take the value from elsewhere.".to_owned())
        }
        Sort::Captured(None) => (
            "a check of `needs` gives it, and is not before this one".to_owned(),
            "Move the check that gives it up.".to_owned(),
        ),
        Sort::Derived(_) => {
            ("it is derived from itself".to_owned(), "Break the circle in `values`.".to_owned())
        }
        Sort::Asked | Sort::Secret => (
            "it is asked for later".to_owned(),
            "Ask for it in `params`, or in an earlier step.".to_owned(),
        ),
    };
    findings.error("RL002", used.place, Says::new(what, why, next));
}

fn unused(view: &View<'_>, findings: &mut Findings) {
    let beside: Vec<String> = view.files.iter().flat_map(|file| variables(&file.text)).collect();
    for def in &view.defs {
        // What is captured, or asked within the run, is evidence in the journal whether or not a later step needs it.
        let evidence = matches!(def.sort, Sort::Asked) && def.moment > Moment::Start;
        if evidence || matches!(def.sort, Sort::Captured(_)) {
            continue;
        }
        let variable = resolve::variable(def.name);
        let used = view.uses.iter().any(|used| match used.how {
            How::Variable => used.name == variable,
            How::Value | How::Secret => used.name == def.name,
        });
        let decides =
            view.stops.iter().any(|stop| stop.when.iter().any(|c| c.name.value == def.name));
        let suggests = matches!(def.sort, Sort::Decision(_)) || suggested_by(view, def.name);
        if used || decides || suggests || beside.contains(&variable) {
            continue;
        }
        let says = Says::new(
            format!("nothing uses `{}`", def.name),
            match def.sort {
                Sort::Asked => "a person is asked for it in the middle of an incident",
                Sort::Secret => "a secret that is fetched for nothing can only leak",
                _ => "a reader looks for where it matters",
            },
            "Use it, or remove it.",
        );
        findings.warning("RL003", def.place, says);
    }
}

/// Whether a decision takes this value as evidence, or offers it as choices.
fn suggested_by(view: &View<'_>, name: &str) -> bool {
    use crate::runbook::model::Act;
    view.stops.iter().any(|stop| match &stop.step.act {
        Act::Decide(decide) => {
            decide.suggests.iter().any(|(when, _)| when.iter().any(|c| c.name.value == name))
        }
        _ => false,
    })
}

/// Returns the name that was probably meant.
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    names
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(near, _)| *near > 0.82)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name.to_owned())
}
