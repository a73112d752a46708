//! Two ways to leave a step undone that the runbook itself offers: later, and in another runbook.

use super::person::Gone;
use super::terminal::Terminal;
use super::typed;
use super::wish::Wish;
use crate::driver::Driver;
use crate::engine::deferral;
use crate::engine::onward::instead;
use std::io::Write;

impl<W: Write> Terminal<W> {
    /// Reads `defer WHY`.
    pub(super) fn defer(&mut self, driver: &Driver, why: &str) -> Result<Option<Wish>, Gone> {
        let Some(offer) = deferral::offer(driver.run(), driver.now()) else {
            return self.no("this step is not one that may be put off");
        };
        if why.is_empty() {
            return self.no("say why: defer WHY");
        }
        Ok(Some(Wish::Defer { step: offer.step, due: offer.due, reason: why.to_owned() }))
    }

    /// Reads `instead RUNBOOK WHY`, and asks once more, because it ends the run.
    pub(super) fn instead(&mut self, driver: &Driver, rest: &str) -> Result<Option<Wish>, Gone> {
        let (named, reason) = typed::first_word(rest);
        let known = instead(driver.run());
        let fits = |runbook: &str| runbook == named || runbook.ends_with(&format!("/{named}"));
        let Some((_, runbook)) = known.iter().find(|(_, runbook)| fits(runbook)) else {
            return self.no("this runbook does not name that one to be taken instead");
        };
        if reason.is_empty() {
            return self.no("say why: instead RUNBOOK WHY");
        }
        let runbook = (*runbook).to_owned();
        let question = format!("Type instead again to end this run and go on in {runbook}:");
        let sure = self.ask(&question)?;
        Ok((sure == "instead").then_some(Wish::GoOn { runbook, reason }))
    }
}
