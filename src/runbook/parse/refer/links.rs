//! Ids are unique, and what names a step, a fix or an outcome names one that is there.

use super::Order;
use super::names::Names;
use crate::runbook::model::{Act, Condition, Decide, Definition, Runbook, Step, StepId, Then};
use crate::runbook::parse::reader::{Reader, listed};
use crate::runbook::place::At;
use std::collections::{HashMap, HashSet};

/// Checks ids and everything that refers to them.
pub fn check(runbook: &Runbook, order: &Order, names: &Names, reader: &mut Reader<'_>) {
    unique(runbook.needs.checks.iter().map(|check| &check.id), "check", reader);
    unique(order.steps(runbook).map(|(_, step)| &step.id), "step", reader);
    let steps: HashMap<&str, usize> =
        order.steps(runbook).map(|(at, step)| (step.id.as_str(), at)).collect();
    let fixes: HashSet<&str> = runbook.fixes.iter().map(|step| step.id.as_str()).collect();
    let before = Links { steps: &steps, fixes: &fixes, at: 0, order };
    before.choices(&runbook.params, reader);
    for statement in &runbook.needs.statements {
        before.choices(&statement.ask, reader);
    }
    for (_, step) in order.steps(runbook) {
        prints(runbook, order, &step.ask, reader);
    }
    let mut at = order.first_step;
    for phase in &runbook.phases {
        conditions(&phase.when, at, names, reader);
        at += phase.steps.len();
    }
    for (at, step) in order.steps(runbook) {
        conditions(&step.when, at, names, reader);
        Links { steps: &steps, fixes: &fixes, at, order }.step(step, names, reader);
    }
}

fn unique<'r>(ids: impl Iterator<Item = &'r At<StepId>>, what: &str, reader: &mut Reader<'_>) {
    let mut seen = HashSet::new();
    for id in ids {
        if !id.as_str().is_empty() && !seen.insert(id.as_str()) {
            let why = format!("another {what} has this id");
            let next = "Rename one of the two.";
            reader.error("RB022", id.place, format!("a second {what} `{id}`"), why, next);
        }
    }
}

/// Choices come from what a command prints.
fn prints(runbook: &Runbook, order: &Order, asked: &[Definition], reader: &mut Reader<'_>) {
    for (from, _) in asked.iter().filter_map(|definition| definition.choices_from.as_ref()) {
        let source = order.steps(runbook).find(|(_, step)| step.id.value == from.value);
        if let Some((_, Step { act: Act::Manual(_) | Act::Decide(_), .. })) = source {
            let why = "it runs no command, so there is no output to take them from";
            let next = "Name a step with `run`, `script` or `wait`.";
            reader.error("RB084", from.place, format!("choices from `{from}`"), why, next);
        }
    }
}

/// The steps that can be referred to from one of them.
struct Links<'l> {
    steps: &'l HashMap<&'l str, usize>,
    fixes: &'l HashSet<&'l str>,
    at: usize,
    order: &'l Order,
}

impl Links<'_> {
    fn step(&self, step: &Step, names: &Names, reader: &mut Reader<'_>) {
        for fix in step.failures.iter().filter_map(|failure| failure.fix.as_ref()) {
            if !self.fixes.contains(fix.as_str()) {
                let why = if self.fixes.is_empty() {
                    "the runbook has no `fixes`".to_owned()
                } else {
                    "it is not among the `fixes`".to_owned()
                };
                unknown("fix", fix, why, self.fixes.iter().copied(), reader);
            }
        }
        for id in step.meanwhile.iter().chain(&step.closes) {
            if !self.steps.contains_key(id.as_str()) {
                unknown(
                    "step",
                    id,
                    "no step has this id".to_owned(),
                    self.steps.keys().copied(),
                    reader,
                );
            }
        }
        self.choices(&step.ask, reader);
        if let Act::Decide(decide) = &step.act {
            self.decide(step, decide, names, reader);
        }
    }

    fn choices(&self, definitions: &[Definition], reader: &mut Reader<'_>) {
        for (from, _) in
            definitions.iter().filter_map(|definition| definition.choices_from.as_ref())
        {
            self.earlier(from, "its output is not there yet", reader);
        }
    }

    fn decide(&self, step: &Step, decide: &Decide, names: &Names, reader: &mut Reader<'_>) {
        for outcome in &decide.outcomes {
            if let Some(Then::Again(id)) = &outcome.then
                && id.value != step.id.value
            {
                self.earlier(id, "only what was done can be done again", reader);
            }
        }
        for (when, _) in &decide.suggests {
            conditions(when, self.at, names, reader);
        }
    }

    fn earlier(&self, id: &At<StepId>, why: &str, reader: &mut Reader<'_>) {
        match self.steps.get(id.as_str()) {
            None => {
                unknown(
                    "step",
                    id,
                    "no step has this id".to_owned(),
                    self.steps.keys().copied(),
                    reader,
                );
            }
            Some(at) if *at >= self.at || *at >= self.order.fixes => {
                let next = "Name a step that comes before this one.";
                reader.error(
                    "RB061",
                    id.place,
                    format!("`{id}` is not an earlier step"),
                    why,
                    next,
                );
            }
            Some(_) => {}
        }
    }
}

fn unknown<'n>(
    what: &str,
    id: &At<StepId>,
    why: String,
    all: impl Iterator<Item = &'n str>,
    reader: &mut Reader<'_>,
) {
    let next = match reader.near(id.as_str(), all) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("Add the {what}, or correct the id."),
    };
    reader.error("RB060", id.place, format!("there is no {what} `{id}`"), why, next);
}

fn conditions(when: &[Condition], at: usize, names: &Names, reader: &mut Reader<'_>) {
    for condition in when {
        let name = &condition.name;
        let Some(given) = names.get(name) else {
            let next = match reader.near(name, names.all()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Name a decision, or a value of type bool or choice.".to_owned(),
            };
            let why = "it is neither a decision nor a value";
            reader.error(
                "RB060",
                name.place,
                format!("a condition on unknown `{name}`"),
                why,
                next,
            );
            continue;
        };
        if given.since > at {
            let why = format!("it comes from {}, which is not before this", given.from);
            let next = "Move the condition to a later step, or the decision to an earlier one.";
            reader.error("RB061", name.place, format!("`{name}` is not known yet here"), why, next);
        }
        let Some(domain) = &given.domain else {
            let why = "conditions are on decisions and on values of type bool or choice";
            let next = "Give it one of these types, or decide it in a `decide` step.";
            reader.error("RB062", name.place, format!("a condition on `{name}`"), why, next);
            continue;
        };
        // An empty domain is a choice whose choices are only known in the run.
        for value in
            condition.any_of.iter().filter(|value| !domain.is_empty() && !domain.contains(value))
        {
            let why = format!("`{name}` can be {}", listed(domain.iter().map(String::as_str)));
            let next = match reader.near(value, domain.iter().map(String::as_str)) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Use one of these.".to_owned(),
            };
            reader.error("RB062", name.place, format!("`{name}` is never `{value}`"), why, next);
        }
    }
}
