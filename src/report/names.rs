//! What steps are called: numbers and titles, from the runbook that was pinned.

use crate::engine::event::Work;
use crate::engine::plan::Plan;
use crate::runbook::model::{StepId, Values};
use crate::runbook::template::{Part, Text};
use std::collections::BTreeMap;

/// Numbers and titles of steps by id. Empty when the pinned runbook cannot be read: then ids have to do.
#[derive(Clone, Debug, Default)]
pub struct Names {
    steps: BTreeMap<StepId, Name>,
}

#[derive(Clone, Debug)]
struct Name {
    number: String,
    title: String,
}

impl Names {
    /// Takes the names of a plan's steps, with those values filled in that are known.
    pub fn of(plan: &Plan, values: &Values) -> Self {
        let mut names = Self::default();
        for step in plan.steps() {
            names.add(step.id.clone(), &step.number, title(&step.step.title, values));
        }
        names
    }

    /// Adds a step.
    pub fn add(&mut self, id: StepId, number: impl Into<String>, title: impl Into<String>) {
        self.steps.insert(id, Name { number: number.into(), title: title.into() });
    }

    /// Returns the number of a step, or its id.
    pub fn number(&self, id: &StepId) -> String {
        self.steps.get(id).map_or_else(|| id.to_string(), |name| name.number.clone())
    }

    /// Returns number and title of a step, or its id.
    pub fn full(&self, id: &StepId) -> String {
        match self.steps.get(id) {
            Some(name) => format!("{} {}", name.number, name.title),
            None => id.to_string(),
        }
    }

    /// Returns the number of a step with the part: `3.2/probe`.
    pub fn work(&self, work: &Work) -> String {
        let written = work.to_string();
        let part = written.strip_prefix(work.step.as_str()).unwrap_or_default();
        format!("{}{part}", self.number(&work.step))
    }
}

/// A value that is in no record stays as it was written: `{{ name }}`.
fn title(text: &Text, values: &Values) -> String {
    let part = |part: &Part| match part {
        Part::Lit(text) => text.clone(),
        Part::Var { name, .. } => {
            values.get(name).cloned().unwrap_or_else(|| format!("{{{{ {name} }}}}"))
        }
    };
    text.parts.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Part;

    #[test]
    fn steps_are_called_by_number_and_title_or_by_id() {
        let mut names = Names::default();
        names.add(StepId::new("restore"), "3.2", "Restore to a new server");
        assert_eq!(names.full(&StepId::new("restore")), "3.2 Restore to a new server");
        assert_eq!(names.full(&StepId::new("gone")), "gone");
        let probe = Work { step: StepId::new("restore"), part: Part::Probe };
        assert_eq!(names.work(&probe), "3.2/probe");
    }
}
