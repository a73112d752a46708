//! What a guard says before anything is typed: what, where, what is lost, and the whole command.

use crate::engine::event::Work;
use crate::runbook::model::{Hazard, Step};
use crate::tui::fields::{Fields, Purpose};
use crate::tui::look::Role;
use crate::tui::prose::Prose;
use crate::tui::sight::Sight;

fn step<'a>(sight: &'a dyn Sight, work: &Work) -> Option<&'a Step> {
    sight.run().plan().step(&work.step).map(|planned| &planned.step)
}

/// Returns how much the guarded work can hurt.
pub fn guard_hazard(fields: &Fields, sight: &dyn Sight) -> Hazard {
    let Purpose::Guard { prepared, work } = &fields.purpose else { return Hazard::Read };
    match prepared {
        Some(prepared) => prepared.hazard,
        None => step(sight, work).map_or(Hazard::Read, |step| step.hazard),
    }
}

/// Says it.
pub fn guard(fields: &Fields, sight: &dyn Sight, width: usize) -> Prose {
    let mut prose = Prose::new(width);
    let Purpose::Guard { prepared, work } = &fields.purpose else { return prose };
    let values = sight.run().values();
    let step = step(sight, work);
    if guard_hazard(fields, sight) == Hazard::Irreversible {
        prose.text(Role::Irreversible, "THIS CANNOT BE UNDONE.");
    }
    if let Some(what) = step.and_then(|step| step.what.as_ref()) {
        prose.label("WHAT", Role::Text, &what.render_known(&values));
    }
    if let Some(opened) = sight.run().opened() {
        let target = sight.run().target(work).unwrap_or_default();
        prose.label("WHERE", Role::Strong, &format!("{}, {target}", opened.environment));
    }
    if let Some(loses) = prepared.as_ref().and_then(|prepared| prepared.loses.clone()) {
        prose.labelled("LOSES", Role::Destructive, Role::Text, &loses);
    }
    if let Some(keeps) = step.and_then(|step| step.keeps.as_ref()) {
        prose.label("KEEPS", Role::Text, &keeps.render_known(&values));
    }
    match prepared {
        Some(prepared) => {
            prose.label("RUNS", Role::Text, "");
            prose.command(&prepared.shown);
        }
        None => {
            prose.label("BY HAND", Role::Text, "the last button says that it is done");
        }
    }
    if let Some(defer) = step.and_then(|step| step.defer.as_ref()) {
        prose.label("OR WAIT", Role::Text, &defer.why.render_known(&values));
    }
    for line in &fields.lead {
        prose.text(Role::Warning, line);
    }
    prose
}
