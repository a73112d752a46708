//! Every value known in a run now, by name.

use super::event::Mode;
use super::offers;
use super::run::Run;
use super::state::StepState;
use crate::runbook::model::Values;
use crate::runbook::template::{Part, Text};

/// Collects the values: what was given at the start, then what the steps brought, then what is derived from both.
pub(super) fn known(run: &Run) -> Values {
    let mut values = Values::new();
    if let Some(opened) = run.opened() {
        values
            .extend(opened.params.iter().map(|(name, given)| (name.clone(), given.value.clone())));
        values.extend(opened.builtins.clone());
        let mode = match opened.mode {
            Mode::Live => "live",
            Mode::Rehearsal => "rehearsal",
        };
        let own = [
            ("environment", Some(opened.environment.as_str())),
            ("mode", Some(mode)),
            ("operator", Some(opened.operator.as_str())),
            ("incident.id", opened.incident.as_deref()),
            ("incident.start", opened.incident_start.as_deref()),
        ];
        values.extend(
            own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))),
        );
    }
    for (step, slot) in run.placed().filter(|(_, slot)| slot.state.is_in_force()) {
        values.extend(slot.given.clone());
        let captures = slot.captures.iter().filter(|(name, _)| !offers::is_choices(name));
        values.extend(captures.map(|(name, value)| (name.clone(), value.clone())));
        if let StepState::Decided(outcome) = &slot.state {
            values.insert(step.id.to_string(), outcome.clone());
        }
    }
    for (name, text) in &run.plan.runbook().values {
        if let Ok(value) = fill(text, &values) {
            values.insert(name.value.clone(), value);
        }
    }
    values
}

/// Fills a text; the error names every value that is missing.
pub(super) fn fill(text: &Text, values: &Values) -> Result<String, Vec<String>> {
    text.render(values).map_err(|missing| missing.names)
}

/// Fills a text for people as far as the values go: what is not known yet stays visible by its name.
pub(super) fn fill_visibly(text: &Text, values: &Values) -> String {
    let show = |part: &Part| match part {
        Part::Lit(written) => written.clone(),
        Part::Var { name, .. } => values.get(name).cloned().unwrap_or_else(|| format!("‹{name}›")),
    };
    text.parts.iter().map(show).collect()
}
