//! What a guard shows before it can be passed: what, where, what is lost, and the whole command.

use crate::engine::event::{Part, Work};
use crate::runbook::model::{Act, Hazard, Step};
use crate::runbook::template::Text;
use crate::tui::fields::{Fields, Purpose};
use crate::tui::look::Role;
use crate::tui::prose::Prose;
use crate::tui::sight::Sight;

/// Says everything that has to be read before a guard can be passed; nothing for lines that are no guard.
pub fn guard(fields: &Fields, sight: &dyn Sight, width: usize) -> Prose {
    let mut prose = Prose::new(width);
    let Purpose::Guard { prepared, work } = &fields.purpose else { return prose };
    let run = sight.run();
    let values = run.values();
    let shown = |text: &Text| text.render_known(&values);
    let step = run.plan().step(&work.step).map(|planned| &planned.step);
    if guard_hazard(fields, sight) == Hazard::Irreversible {
        prose.text(Role::Irreversible, "THIS CANNOT BE UNDONE.");
    }
    let own = work.part == Part::Main;
    if let Some(what) = step.filter(|_| own).and_then(|step| step.what.as_ref()) {
        prose.label("WHAT", Role::Text, &shown(what));
    }
    if let Some(opened) = run.opened() {
        let place = &opened.environment;
        let place = run.target(work).map_or(place.clone(), |target| format!("{place}, {target}"));
        prose.label("WHERE", Role::Strong, &place);
    }
    let named = fields.lines.iter().any(|field| field.name == "name");
    if named && run.target(work).is_none() {
        let step = format!("{}; it names no target, so its own name is typed", work.step);
        prose.label("STEP", Role::Strong, &step);
    }
    let loses = match prepared {
        Some(prepared) => prepared.loses.clone(),
        None => step.and_then(|step| loses(step, &work.part)).map(shown),
    };
    if let Some(loses) = loses {
        prose.labelled("LOSES", Role::Destructive, Role::Text, &loses);
    }
    if let Some(keeps) = step.filter(|_| own).and_then(|step| step.keeps.as_ref()) {
        prose.label("LEAVES", Role::Text, &shown(keeps));
    }
    match prepared {
        Some(prepared) => {
            prose.labelled("RUNS", Role::Strong, Role::Text, "");
            prose.command(&prepared.shown);
            if let Some(edited) = &prepared.edited {
                prose.labelled("RUNBOOK HAS", Role::Strong, Role::Dim, "");
                prose.command(&edited.runbook);
            }
            let expects = prepared.expects.join(" and ");
            prose.label("EXPECT", Role::Text, &expects);
        }
        None => {
            if let Some(text) = by_hand(sight, work) {
                prose.label("DO", Role::Strong, &text);
            }
        }
    }
    let edited = prepared.as_ref().is_some_and(|prepared| prepared.edited.is_some());
    if edited {
        let undo = step.filter(|_| own).and_then(|step| step.undo.as_ref());
        let undo = match undo {
            Some(undo) => format!("{}; not written for your command", shown(&undo.title)),
            None => "none is written for your command".into(),
        };
        prose.label("UNDO", Role::Warning, &undo);
    } else if let Some(step) = step.filter(|_| own) {
        match (&step.undo, &step.no_undo) {
            (Some(undo), _) => prose.label("UNDO", Role::Text, &shown(&undo.title)),
            (None, Some(why)) => {
                prose.label("UNDO", Role::Warning, &format!("none: {}", shown(why)));
            }
            (None, None) => {}
        }
    }
    if let Some(defer) = step.filter(|_| own).and_then(|step| step.defer.as_ref()) {
        prose.label("OR WAIT", Role::Text, &shown(&defer.why));
    }
    for line in &fields.lead {
        prose.text(Role::Warning, line);
    }
    prose
}

/// How much what stands behind a guard can hurt.
pub fn guard_hazard(fields: &Fields, sight: &dyn Sight) -> Hazard {
    let Purpose::Guard { prepared, work } = &fields.purpose else { return Hazard::Read };
    match prepared {
        Some(prepared) => prepared.hazard,
        None => sight
            .run()
            .plan()
            .step(&work.step)
            .map_or(Hazard::Read, |planned| planned.hazard(&work.part)),
    }
}

fn loses<'a>(step: &'a Step, part: &Part) -> Option<&'a Text> {
    let undo = step.undo.as_ref().filter(|_| *part == Part::Undo);
    undo.and_then(|undo| undo.loses.as_ref()).or(step.loses.as_ref())
}

/// What a person does for work by hand: a written instruction, or a command whose values are not all known.
pub fn by_hand(sight: &dyn Sight, work: &Work) -> Option<String> {
    let run = sight.run();
    let values = run.values();
    let step = &run.plan().step(&work.step)?.step;
    let (act, title) = match work.part {
        Part::Undo => step.undo.as_ref().map(|undo| (&undo.act, &undo.title))?,
        _ => (&step.act, &step.title),
    };
    Some(match act {
        Act::Manual(text) => text.render_known(&values),
        Act::Call(_) | Act::Wait(_) | Act::Decide(_) => {
            format!(
                "{}. Some values of its command are not known here.",
                title.render_known(&values)
            )
        }
    })
}
