//! Two ways to leave a step undone that the runbook itself offers: later, and in another runbook.

use super::describe;
use super::person::Gone;
use super::terminal::Terminal;
use super::typed;
use super::wish::Wish;
use crate::driver::Driver;
use crate::engine::deferral;
use crate::engine::onward::{instead, leads_instead};
use crate::engine::plan::PlanStep;
use crate::runbook::model::{StepId, Then};
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

    /// Reads `choose OUTCOME WHY`, and asks once more where the outcome ends the run.
    pub(super) fn choose(
        &mut self,
        driver: &Driver,
        step: &StepId,
        rest: &str,
    ) -> Result<Option<Wish>, Gone> {
        let (outcome, why) = typed::first_word(rest);
        let decide = driver.run().plan().step(step).and_then(PlanStep::decision);
        let mut outcomes = decide.into_iter().flat_map(|decide| &decide.outcomes);
        let then = outcomes.find(|one| one.name.value == outcome).and_then(|one| one.then.as_ref());
        if let Some(then @ (Then::Go { .. } | Then::Stop(_))) = then {
            self.say.line(&format!("THEN {}.", describe::leads(driver, then)))?;
            let question = "Type choose again to end this run, anything else leaves it open:";
            if self.ask(question)? != "choose" {
                return Ok(None);
            }
        }
        Ok(Some(Wish::Decide { step: step.clone(), outcome, why }))
    }

    /// Reads `undo RUN/STEP HOW`: the way back of a change that a run before made is gone by hand.
    pub(super) fn taken_over(&mut self, driver: &Driver, rest: &str) -> Result<Option<Wish>, Gone> {
        let (named, how) = typed::first_word(rest);
        let mut open = driver.run().taken_over().iter();
        let Some(open) = open.find(|open| open.handle().eq_ignore_ascii_case(&named)) else {
            return self.no("no such change is open of a run before");
        };
        if how.is_empty() {
            let why = "say that you took it back by hand, or why it stays: undo RUN/STEP HOW";
            return self.no(why);
        }
        let (run, step) = (open.run.clone(), open.step.clone());
        Ok(Some(Wish::SettleTakenOver { run, step, how }))
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
        let leads = leads_instead(driver.run(), &runbook, &|name| driver.elsewhere(name));
        self.say.line(&format!("THEN {leads}."))?;
        let sure = self.ask("Type instead again to end this run, anything else leaves it open:")?;
        Ok((sure == "instead").then_some(Wish::GoOn { runbook, reason }))
    }
}
