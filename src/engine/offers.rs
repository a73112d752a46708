//! The choices that the output of one step gives to a value that a later step asks for.
//!
//! They are taken when that step's command ends, by the keeper that judges it, and recorded with its outcome: so they are
//! a fact, the same in a replay, and nothing reads the output again.

use super::plan::Plan;
use super::run::Run;
use crate::runbook::model::{Definition, StepId};
use crate::runbook::offered;
use crate::runbook::place::At;

/// Ends the name under which the choices of a value are recorded. No value of a runbook can have such a name.
const CHOICES: &str = ".choices";

/// Returns the name under which the choices of a value are recorded.
fn recorded_as(name: &str) -> String {
    format!("{name}{CHOICES}")
}

/// Tells whether something recorded is a list of choices and no value.
pub(super) fn is_choices(name: &str) -> bool {
    name.ends_with(CHOICES)
}

impl Plan {
    /// Lists what later steps want to choose from the output of a step: names to record it by, and expressions.
    pub fn offers(&self, step: &StepId) -> Vec<(String, String)> {
        let asked = self.steps().iter().flat_map(|planned| &planned.step.ask);
        let wanted = asked.filter_map(|definition| {
            let (from, json) = definition.choices_from.as_ref()?;
            (from.value == *step).then(|| (recorded_as(&definition.name), json.value.clone()))
        });
        wanted.collect()
    }
}

impl Run {
    /// Returns what is asked for as it stands now: with the choices that an earlier step's output gave.
    ///
    /// Where that step gave none, because it was left out or settled by hand, there are none, and the value is typed.
    pub fn asked(&self, definition: &Definition) -> Definition {
        let mut asked = definition.clone();
        let Some((from, _)) = &definition.choices_from else { return asked };
        let slot = self.placed().find(|(step, _)| step.id == from.value).map(|(_, slot)| slot);
        let slot = slot.filter(|slot| slot.state.is_in_force());
        let list = slot.and_then(|slot| slot.captures.get(&recorded_as(&definition.name)));
        let items = list.map(|list| offered::items_of(list)).unwrap_or_default();
        let fits = |item: &String| definition.kind.check(item).is_ok();
        asked.kind.choices =
            items.into_iter().filter(fits).map(|item| At::new(item, from.place)).collect();
        asked
    }
}
