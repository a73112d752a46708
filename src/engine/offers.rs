//! The choices that the output of one step gives to a value that a later step asks for.
//!
//! They are taken when that step's command ends, by the keeper that judges it, and recorded with its outcome: so they are
//! a fact, the same in a replay, and nothing reads the output again.

use super::event::{Part, Work};
use super::plan::Plan;
use super::run::Run;
use super::state::Attempt;
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
        let list = self.listed(&from.value, &definition.name);
        let items = list.and_then(offered::items_of).unwrap_or_default();
        let fits = |item: &String| definition.kind.check(item).is_ok();
        asked.kind.choices =
            items.into_iter().filter(fits).map(|item| At::new(item, from.place)).collect();
        asked
    }

    /// Says why there is nothing to choose from where an earlier step was to list it, so that the value is typed.
    pub fn no_list(&self, definition: &Definition) -> Option<String> {
        let (step, _) = definition.choices_from.as_ref()?;
        if !self.asked(definition).kind.choices.is_empty() {
            return None;
        }
        let main = Work { step: step.value.clone(), part: Part::Main };
        let outcome = self.attempts(&main).last().and_then(Attempt::outcome);
        let name = recorded_as(&definition.name);
        let list = self.listed(&step.value, &definition.name);
        let why = match (list.map(offered::items_of), outcome.and_then(|o| o.why_no_list(&name))) {
            (Some(None), _) => "it holds something that is no plain value".to_owned(),
            (Some(Some(items)), _) if items.is_empty() => "it is empty".to_owned(),
            (Some(Some(_)), _) => "nothing in it has the form of this value's type".to_owned(),
            (None, Some(why)) => why.to_owned(),
            (None, None) => return Some(format!("Step {step} has left no list, so it is typed.")),
        };
        Some(format!("The list of step {step} cannot be used: {why}. So it is typed."))
    }

    /// Returns the list that a step has left for a value, while the step counts.
    fn listed(&self, step: &StepId, name: &str) -> Option<&str> {
        let slot = self.slot(step).filter(|slot| slot.state.is_in_force())?;
        slot.captures.get(&recorded_as(name)).map(String::as_str)
    }
}
