//! Changing a command by typing it anew: a line for words, several for a script. What changed is shown before its guard.

use super::guard;
use super::person::Gone;
use super::terminal::Terminal;
use super::wish::Wish;
use crate::driver::Driver;
use crate::engine::event::{Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::runbook::model::StepId;
use std::io::Write;

/// The line that ends a script.
const END: &str = ".";

impl<W: Write> Terminal<W> {
    /// Asks for another command, for the reason, and for the guard that every changed command has.
    pub(super) fn edit(
        &mut self,
        driver: &Driver,
        step: Option<StepId>,
    ) -> Result<Option<Wish>, Gone> {
        let work = step.map(|step| Work { step, part: Part::Main });
        let Some(work) = work.filter(|work| !driver.run().by_hand(work)) else {
            return self.no("there is no command to edit");
        };
        let prepared = match driver.prepare_edit(&work) {
            Ok(prepared) => prepared,
            Err(why) => return self.no(&why.to_string()),
        };
        self.say.line("THE RUNBOOK HAS:")?;
        self.say.command(&prepared.in_one_line())?;
        let Some(text) = self.another(prepared.text().ends_with('\n'))? else {
            return self.no("nothing was typed; the command stays as it is");
        };
        // Whether it can be a command at all, before anybody has to give a reason for it.
        let edited = match driver.edit(&prepared, &text, "") {
            Ok(edited) => edited,
            Err(no) => return self.no(&no.to_string()),
        };
        let why = self.ask("Why is it changed:")?;
        if why.trim().is_empty() {
            return self.no("a reason is needed; the command stays as it is");
        }
        self.say.line("EDITED. Not what the runbook has; recorded as a deviation.")?;
        if driver.is_rehearsal() {
            self.say.line(guard::PLAYED)?;
        }
        let needed = driver.run().guard_if_edited(&work).unwrap_or(GuardNeeded::None);
        let Some(guard) = guard::pass(self, &needed, &edited)? else { return Ok(None) };
        let override_reason = self.all_the_same(driver, &work)?;
        Ok(Some(Wish::Edit { work, text, why, guard, override_reason }))
    }

    /// Reads one line, or those of a script up to its end; `None` when there is nothing in them.
    fn another(&mut self, script: bool) -> Result<Option<String>, Gone> {
        if !script {
            let text = self.ask("New command, in one line:")?;
            return Ok((!text.is_empty()).then_some(text));
        }
        self.say.line(&format!("Type the new script; a line with only {END} ends it."))?;
        let mut text = String::new();
        loop {
            let line = self.ask_as_typed("script:")?;
            if line.trim() == END {
                return Ok((!text.trim().is_empty()).then_some(text));
            }
            text.push_str(&line);
            text.push('\n');
        }
    }
}
