//! What a file of answers says when something went wrong: a failure, an end that nobody saw, a start that came to nothing.
//!
//! The promise here is that a file never repeats a command for ever: every answer that starts something again counts
//! once. When the answers are used up, the run stops and waits for a person.

use super::Headless;
use crate::driver::Driver;
use crate::engine::event::{AttemptId, Guard, Part, SettledAs, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::state::Attempt;
use crate::line::person::Gone;
use crate::line::wish::Wish;
use crate::runbook::answers;
use crate::runbook::answers::{OnFailure, OnUnknown, nth};
use crate::runbook::model::{Meaning, StepId, StopAs};
use std::collections::BTreeMap;
use std::io::Write;

/// How often one session asks the probe of one attempt before it leaves the matter to a person.
const PROBES: u32 = 3;

impl<W: Write> Headless<W> {
    /// Answers a failure: once for each `retry` and `fix`. A fix is made in order to try again, so that follows it.
    pub(super) fn after_failure(&mut self, driver: &Driver, id: &AttemptId) -> Result<Wish, Gone> {
        let step = id.work.step.clone();
        if self.fixed.contains(id) {
            let reason = self.of(&step).reason;
            return self.again(driver, &step, reason);
        }
        match self.next_failure(&step)? {
            OnFailure::Retry => {
                let reason = self.of(&step).reason;
                self.again(driver, &step, reason)
            }
            OnFailure::Fix => {
                let fix = fix_for(driver, id).map_err(Gone::Stuck)?;
                self.fixed.insert(id.clone());
                Ok(Wish::Fix { step, fix })
            }
            OnFailure::Skip => self.left_out(step),
            OnFailure::Stop => Ok(stopped(&step)),
        }
    }

    /// Answers a start that came to nothing. It is offered again, and a person would look first; a file says `retry`.
    pub(super) fn after_no_start(
        &mut self,
        driver: &Driver,
        work: &Work,
        needed: &GuardNeeded,
    ) -> Result<Wish, Gone> {
        let step = work.step.clone();
        match self.next_failure(&step)? {
            OnFailure::Retry => {
                let guard = self.guard(&step, driver.run().next_attempt(work), needed)?;
                Ok(Wish::Start { guard, override_reason: None })
            }
            OnFailure::Fix => {
                Err(Gone::Stuck(format!("{step} could not be started, and no fix helps there")))
            }
            OnFailure::Skip => self.left_out(step),
            OnFailure::Stop => Ok(stopped(&step)),
        }
    }

    fn next_failure(&mut self, step: &StepId) -> Result<OnFailure, Gone> {
        self.use_key(step, "on_failure");
        let turn = self.turn(step, "on_failure");
        answers::to_failure(&self.of(step).on_failure, turn).ok_or_else(|| {
            let which = if turn > 1 { format!(" for failure {turn}") } else { String::new() };
            Self::missing(step, "on_failure", format!("fix, retry, skip or stop{which}"))
        })
    }

    fn left_out(&mut self, step: StepId) -> Result<Wish, Gone> {
        self.use_key(&step, "reason");
        let reason = Self::spoken(&step, "reason", self.of(&step).reason, "why it is skipped")?;
        Ok(Wish::Skip { step, reason, captures: BTreeMap::new() })
    }

    fn again(
        &mut self,
        driver: &Driver,
        step: &StepId,
        reason: Option<String>,
    ) -> Result<Wish, Gone> {
        let work = Work { step: step.clone(), part: Part::Main };
        let needed = driver.run().guard_needed(&work).unwrap_or(GuardNeeded::None);
        let guard = self.guard(step, driver.run().next_attempt(&work), &needed)?;
        let override_reason = match driver.run().against_the_rule(&work) {
            None => None,
            Some(rule) => {
                self.use_key(step, "reason");
                let what = format!("why it is repeated though {rule}");
                Some(Self::spoken(step, "reason", reason, what)?)
            }
        };
        Ok(Wish::Begin { work, guard, override_reason })
    }

    /// Answers an end that nobody saw. The probe is asked anew in every session: what it could not tell then it may
    /// tell now.
    pub(super) fn after_unknown(&mut self, driver: &Driver, id: &AttemptId) -> Result<Wish, Gone> {
        let step = id.work.step.clone();
        self.use_key(&step, "on_unknown");
        let of = self.of(&step);
        let before = self.doubted.keys().any(|other| other.work == id.work && other != id);
        let asked = self.doubted.entry(id.clone()).or_default();
        let attempt = driver.run().next_attempt(&id.work) - 1;
        let listed = of.on_unknown.get((attempt as usize).saturating_sub(1));
        // The last answer stays for other attempts; within one session it may start this step again once.
        let answer = listed.or(if before { None } else { nth(&of.on_unknown, attempt) });
        let Some(answer) = answer else {
            let what = format!("probe, done, not_started or stop for attempt {attempt}");
            return Err(Self::missing(&step, "on_unknown", what));
        };
        if let Some(meaning) = driver.run().probed(&id.work) {
            return accept(driver, id, meaning);
        }
        match answer {
            OnUnknown::Probe if *asked >= PROBES => {
                Err(Gone::Stuck(format!("the probe of {step} gives no answer the runbook knows")))
            }
            OnUnknown::Probe => {
                *asked += 1;
                let work = Work { step, part: Part::Probe };
                Ok(Wish::Begin { work, guard: Guard::None, override_reason: None })
            }
            OnUnknown::Done => self.said(id, SettledAs::Done, of.reason),
            OnUnknown::NotStarted => self.said(id, SettledAs::NotStarted, of.reason),
            OnUnknown::Stop => Err(Gone::Stuck(format!(
                "the end of {step} was not seen, and the answers say stop; a person has to look"
            ))),
        }
    }

    fn said(&mut self, id: &AttemptId, as_: SettledAs, how: Option<String>) -> Result<Wish, Gone> {
        self.use_key(&id.work.step, "reason");
        let how = Self::spoken(&id.work.step, "reason", how, "how that is known")?;
        Ok(Wish::Settle { id: id.clone(), as_, how, probe: None, captures: BTreeMap::new() })
    }
}

/// The fix of the failure that was recognized, or why there is none to take. A fix for something else is a change that
/// nobody looking at this failure chose: a person may, a file may not.
fn fix_for(driver: &Driver, id: &AttemptId) -> Result<StepId, String> {
    let run = driver.run();
    let step = &id.work.step;
    let failures = run.plan().step(step).map(|planned| planned.step.failures.as_slice());
    let failures = failures.unwrap_or_default();
    let outcome = run.attempt(id).and_then(Attempt::outcome);
    let matched = outcome.map(|outcome| outcome.failures.as_slice()).unwrap_or_default();
    let mut known = matched.iter().filter_map(|at| failures.get(*at));
    if let Some(fix) = known.find_map(|failure| failure.fix.as_ref()) {
        return Ok(fix.value.clone());
    }
    let values = run.values();
    let others = failures.iter().filter_map(|failure| {
        let means = failure.means.render_known(&values);
        let fix = failure.fix.as_ref()?;
        Some(format!("{fix} is for: {}", means.trim_end_matches(['.', ' '])))
    });
    let others: Vec<String> = others.collect();
    if others.is_empty() {
        return Err(format!("no fix is written for this failure of {step}"));
    }
    let others = others.join("; ");
    Err(format!("{step} failed in a way that no fix is known for ({others}); a person has to look"))
}

fn stopped(step: &StepId) -> Wish {
    let reason = format!("{step} failed, and the answers say stop");
    Wish::Stop { as_: StopAs::Failed, reason }
}

fn accept(driver: &Driver, id: &AttemptId, meaning: Meaning) -> Result<Wish, Gone> {
    let as_ = match meaning {
        Meaning::Done => SettledAs::Done,
        Meaning::NotStarted => SettledAs::NotStarted,
        Meaning::Failed => SettledAs::Failed,
        Meaning::Running => {
            return Err(Gone::Stuck(format!("the probe says that {} is still going on", id.work)));
        }
    };
    let probe = driver.run().proof(id, as_);
    let how = String::new();
    Ok(Wish::Settle { id: id.clone(), as_, how, probe, captures: BTreeMap::new() })
}
