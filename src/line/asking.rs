//! Values that a person types: what a step asks for, and captures of a step whose command gave none.

use super::describe;
use super::person::Gone;
use super::terminal::Terminal;
use super::wish::Wish;
use crate::driver;
use crate::driver::Driver;
use crate::engine::event::{Given, Source};
use crate::engine::plan::PlanStep;
use crate::runbook::model::{Definition, StepId};
use std::collections::BTreeMap;
use std::io::Write;

impl<W: Write> Terminal<W> {
    /// Asks for every capture of a step that later steps need and that is not known otherwise.
    pub(super) fn captures(
        &mut self,
        driver: &Driver,
        step: &StepId,
    ) -> Result<BTreeMap<String, String>, Gone> {
        let mut given = BTreeMap::new();
        for name in driver.run().captures_needed(step) {
            let value = self.ask(&format!("{name} (a later step needs it):"))?;
            given.insert(name, value);
        }
        Ok(given)
    }

    /// Asks for the values a step wants, each checked where it is typed.
    pub(super) fn values(
        &mut self,
        driver: &Driver,
        step: &PlanStep,
        names: &[String],
    ) -> Result<Option<Wish>, Gone> {
        let known = driver.run().values();
        let mut values = BTreeMap::new();
        let wanted = |d: &&Definition| names.contains(&d.name.value);
        for written in step.step.ask.iter().filter(wanted) {
            let definition = &driver.run().asked(written);
            let no_list = driver.run().no_list(written);
            describe::question(&mut self.say, definition, &known, no_list)?;
            loop {
                let typed = self.ask(&format!("{} =", definition.name))?;
                if typed.is_empty() && definition.optional {
                    break;
                }
                let typed = if typed.is_empty() {
                    definition.default.as_ref().map(|d| d.render_known(&known)).unwrap_or_default()
                } else {
                    typed
                };
                if typed == "quit" {
                    return Ok(Some(Wish::Quit));
                }
                let typed = definition.kind.numbered(&typed).map_or(typed.clone(), str::to_owned);
                let now = driver.now();
                let typed = driver::completed_line(definition.kind.kind, typed, now);
                match definition.kind.check(&typed) {
                    Ok(value) => {
                        let given = Given { value, source: Source::Operator };
                        values.insert(definition.name.value.clone(), given);
                        break;
                    }
                    Err(reason) => self.say.line(&format!("No: {reason}. Type quit to leave."))?,
                }
            }
        }
        Ok(Some(Wish::Give { step: step.id.clone(), values }))
    }
}
