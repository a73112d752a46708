//! The face without a terminal: every answer comes from a file. It walks the same walk as line mode.

mod trouble;

use super::{Exit, Failure};
use crate::driver;
use crate::driver::{Driver, Prepared};
use crate::engine::deferral;
use crate::engine::event::{AttemptId, Event, Given, Guard, Source, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::next::Next;
use crate::engine::plan::{Plan, StepKind};
use crate::line::person::{Gone, Person};
use crate::line::signals::{Asked, Signals};
use crate::line::wish::Wish;
use crate::line::{Say, news};
use crate::runbook::answers::{Answers, StepAnswers, nth};
use crate::runbook::model::{Act, StepId, Then};
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::thread;
use std::time::Duration;

/// An answers file at work.
pub struct Headless<W: Write> {
    answers: Answers,
    confirm: Vec<String>,
    say: Say<W>,
    signals: Signals,
    quiet: bool,
    used: BTreeSet<String>,
    /// How often each step failed or was left unknown so far: the list of answers is per attempt.
    turns: BTreeMap<(StepId, &'static str), u32>,
    /// Failures for which a fix was chosen.
    fixed: BTreeSet<AttemptId>,
    /// What this session started itself.
    begun: BTreeSet<Work>,
    /// Attempts whose end nobody saw, and how often this session asked their probe.
    doubted: BTreeMap<AttemptId, u32>,
}

impl<W: Write> Headless<W> {
    /// Answers from a file; `confirm` are the targets named on the command line.
    pub fn new(
        answers: Answers,
        confirm: Vec<String>,
        out: W,
        signals: Signals,
        quiet: bool,
    ) -> Self {
        Self {
            answers,
            confirm,
            say: Say::new(out),
            signals,
            quiet,
            used: BTreeSet::new(),
            turns: BTreeMap::new(),
            fixed: BTreeSet::new(),
            begun: BTreeSet::new(),
            doubted: BTreeMap::new(),
        }
    }

    /// Answers that nothing asked for, though this run could have. What was written down for a failure, an unknown end
    /// or a fix is there in case it is needed, so that nobody needed it is no mistake.
    pub fn unused(&self, plan: &Plan) -> Vec<String> {
        let asked = |key: &String| self.used.contains(key) || key.starts_with("params.");
        let keys = self.answers.keys.keys();
        keys.filter(|key| !asked(key) && !in_case(plan, key)).cloned().collect()
    }

    fn of(&self, step: &StepId) -> StepAnswers {
        self.answers.steps.get(step.as_str()).cloned().unwrap_or_default()
    }

    fn use_key(&mut self, step: &StepId, key: &str) {
        self.used.insert(format!("steps.{step}.{key}"));
    }

    fn missing(step: &StepId, key: &str, what: impl Into<String>) -> Gone {
        Gone::Missing {
            step: step.to_string(),
            key: format!("steps.{step}.{key}"),
            what: what.into(),
        }
    }

    /// Returns words that have to be there: blank ones are missing too, and the file's own key is what gets named.
    fn spoken(
        step: &StepId,
        key: &str,
        words: Option<String>,
        what: impl Into<String>,
    ) -> Result<String, Gone> {
        let words = words.filter(|words| !words.trim().is_empty());
        words.ok_or_else(|| Self::missing(step, key, what))
    }

    fn turn(&mut self, step: &StepId, kind: &'static str) -> u32 {
        let turn = self.turns.entry((step.clone(), kind)).or_default();
        *turn += 1;
        *turn
    }

    /// Passes a guard by what the file says. What cannot be undone is never started without a person.
    fn guard(&mut self, step: &StepId, attempt: u32, needed: &GuardNeeded) -> Result<Guard, Gone> {
        match needed {
            GuardNeeded::None => Ok(Guard::None),
            GuardNeeded::Armed => Ok(Guard::Armed),
            GuardNeeded::Typed { target } => {
                self.use_key(step, "confirm");
                if self.confirm.contains(target) {
                    return Ok(Guard::Typed { text: target.clone() });
                }
                let confirmed = self.of(step).confirm;
                match nth(&confirmed, attempt) {
                    Some(text) => Ok(Guard::Typed { text: text.clone() }),
                    None => {
                        Err(Self::missing(step, "confirm", format!("the target's name, {target}")))
                    }
                }
            }
            GuardNeeded::Witnessed { target } => Err(Gone::Stuck(format!(
                "{step} cannot be undone ({target}); it needs a person and a witness, never a file"
            ))),
        }
    }

    fn give(&mut self, driver: &Driver, step: &StepId, names: &[String]) -> Result<Wish, Gone> {
        self.use_key(step, "ask");
        let asked = self.of(step).ask;
        let attempt = self.turn(step, "ask");
        let known = driver.run().values();
        let planned = driver.run().plan().step(step);
        let mut values = BTreeMap::new();
        for name in names {
            let definition =
                planned.and_then(|p| p.step.ask.iter().find(|d| d.name.value == *name));
            let default = definition.and_then(|d| d.default.as_ref()?.render(&known).ok());
            let given = asked.get(name).and_then(|values| nth(values, attempt)).cloned();
            let Some(value) = given.or(default) else {
                return Err(Self::missing(step, &format!("ask.{name}"), "a value"));
            };
            let value = match definition {
                Some(d) => driver::completed(d.kind.kind, value, driver.now()),
                None => value,
            };
            values.insert(name.clone(), Given { value, source: Source::Answers });
        }
        Ok(Wish::Give { step: step.clone(), values })
    }

    /// Puts off what the answers say is to wait, whatever kind of step it is and before anything else is asked of it.
    /// Whether it may wait is the engine's to say.
    fn put_off(&mut self, driver: &Driver, next: &Next) -> Result<Option<Wish>, Gone> {
        let (Next::Start { work: Work { step, .. }, .. }
        | Next::Tick { work: Work { step, .. }, .. }
        | Next::Give { step, .. }
        | Next::Answer { step, .. }
        | Next::Decide { step, .. }) = next
        else {
            return Ok(None);
        };
        let Some(reason) = self.of(step).defer else { return Ok(None) };
        self.use_key(step, "defer");
        let reason = Self::spoken(step, "defer", Some(reason), "why it is put off")?;
        let due = deferral::offer(driver.run(), driver.now()).map(|offer| offer.due);
        Ok(Some(Wish::Defer { step: step.clone(), due: due.unwrap_or_default(), reason }))
    }

    fn tick(&mut self, work: &Work, guard: &GuardNeeded, driver: &Driver) -> Result<Wish, Gone> {
        use crate::runbook::answers::Statements;
        let step = &work.step;
        let statement = step.as_str().starts_with("needs/say-");
        let said = if statement && self.answers.statements == Statements::All {
            "done".to_owned()
        } else {
            self.use_key(step, "tick");
            match self.of(step).tick {
                Some(said) => said,
                None if statement => {
                    return Err(Gone::Missing {
                        step: step.to_string(),
                        key: "statements".into(),
                        what: "`all`, to say every statement".into(),
                    });
                }
                None => return Err(Self::missing(step, "tick", "what is said when it is done")),
            }
        };
        let guard = self.guard(step, driver.run().next_attempt(work), guard)?;
        Ok(Wish::Tick { work: work.clone(), guard, said })
    }

    fn answer(&mut self, driver: &Driver, step: &StepId, question: u32) -> Result<Wish, Gone> {
        self.use_key(step, "answers");
        self.use_key(step, "why");
        let of = self.of(step);
        let index = (question as usize).saturating_sub(1);
        let ladder = nth(&of.answers, driver.run().round(step));
        let Some(answer) = ladder.and_then(|answers| answers.get(index)) else {
            let what = format!("yes, no or unsure for question {question}");
            return Err(Self::missing(step, "answers", what));
        };
        let why = match driver.run().suggested(step, question) {
            Some(suggested) if suggested == *answer => of.why.unwrap_or_default(),
            _ => {
                let what = format!("how the answer to question {question} is known");
                Self::spoken(step, "why", of.why, what)?
            }
        };
        Ok(Wish::Answer { step: step.clone(), question, answer: *answer, why })
    }

    fn decide(
        &mut self,
        driver: &Driver,
        step: &StepId,
        expected: Option<&str>,
    ) -> Result<Wish, Gone> {
        self.use_key(step, "outcome");
        self.use_key(step, "why");
        let of = self.of(step);
        let round = driver.run().round(step);
        let Some(outcome) = nth(&of.outcome, round).cloned() else {
            return Err(Self::missing(step, "outcome", "the outcome to decide"));
        };
        if goes_back(driver, step, &outcome) && round as usize > of.outcome.len() {
            return Err(Gone::Stuck(format!(
                "{step} was decided {outcome} before, which opens steps again; a person has to decide now"
            )));
        }
        let why = match expected {
            Some(expected) if expected != outcome => {
                let what = format!("why it is {outcome}, when the runbook comes to {expected}");
                Self::spoken(step, "why", of.why, what)?
            }
            _ => of.why.unwrap_or_default(),
        };
        Ok(Wish::Decide { step: step.clone(), outcome, why })
    }
}

/// Tells whether an answer is for a case that need not come. Of a step that the runbook does not have, none is.
fn in_case(plan: &Plan, key: &str) -> bool {
    let named = key.strip_prefix("steps.").and_then(|rest| rest.rsplit_once('.'));
    let Some((step, key)) = named else { return false };
    plan.step(&StepId::new(step)).is_some_and(|planned| {
        planned.kind == StepKind::Fix || ["on_failure", "on_unknown", "reason"].contains(&key)
    })
}

/// Tells whether an outcome opens steps again: a file in which it stayed the answer would walk in a circle.
fn goes_back(driver: &Driver, step: &StepId, outcome: &str) -> bool {
    let planned = driver.run().plan().step(step);
    let Some(Act::Decide(decide)) = planned.map(|planned| &planned.step.act) else { return false };
    let chosen = decide.outcomes.iter().find(|known| known.name.value == outcome);
    chosen.is_some_and(|chosen| matches!(chosen.then, Some(Then::Again(_))))
}

impl<W: Write> Person for Headless<W> {
    fn hear(&mut self, driver: &Driver, events: &[Event]) -> Result<(), Gone> {
        if !self.quiet {
            for event in events {
                news::event(&mut self.say, driver, event)?;
            }
        }
        Ok(())
    }

    fn wish(
        &mut self,
        driver: &Driver,
        next: &Next,
        prepared: Option<&Prepared>,
    ) -> Result<Wish, Gone> {
        if let Some(wish) = self.put_off(driver, next)? {
            return Ok(wish);
        }
        match next {
            Next::Start { work, guard, not_started, .. } => {
                if prepared.is_none() {
                    return Err(Gone::Stuck(format!("{work} cannot be prepared")));
                }
                if !self.begun.insert(work.clone()) && not_started.is_some() {
                    return self.after_no_start(driver, work, guard);
                }
                let guard = self.guard(&work.step, driver.run().next_attempt(work), guard)?;
                Ok(Wish::Start { guard, override_reason: None })
            }
            Next::Give { step, names } => self.give(driver, step, names),
            Next::Tick { work, guard, .. } => self.tick(work, guard, driver),
            Next::Answer { step, question } => self.answer(driver, step, *question),
            Next::Decide { step, expected } => self.decide(driver, step, expected.as_deref()),
            Next::Failed { id, .. } => self.after_failure(driver, id),
            Next::Unknown { id, .. } => self.after_unknown(driver, id),
            Next::Clear { steps } => {
                let Some(step) = steps.first().cloned() else { return Ok(Wish::Close) };
                self.use_key(&step, "reason");
                let how = self.of(&step).reason;
                let how = Self::spoken(&step, "reason", how, "how what it raised was cleared")?;
                Ok(Wish::Clear { step, how })
            }
            Next::Close => Ok(Wish::Close),
            Next::Held { reason } => Err(Gone::Stuck(format!("the run is on hold: {reason}"))),
            Next::Watch { .. } | Next::Open | Next::Closed(_) => Ok(Wish::Wait),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "waits for a command of another process")]
    fn watch(
        &mut self,
        _driver: &Driver,
        _running: &[AttemptId],
        _patience: Duration,
    ) -> Result<Option<Wish>, Gone> {
        match self.signals.next() {
            None => {
                thread::sleep(Duration::from_millis(5));
                Ok(None)
            }
            Some(Asked::Interrupt) => Err(Gone::Signal(2)),
            Some(Asked::Leave(signal)) => Err(Gone::Signal(signal)),
            Some(Asked::Suspend) => Err(Gone::Suspended),
        }
    }

    fn refused(&mut self, _driver: &Driver, why: &str) -> Result<(), Gone> {
        Err(Gone::Stuck(why.to_owned()))
    }

    fn secret(&mut self, _name: &str, _prompt: &str) -> Option<SecretString> {
        None
    }

    fn left_over(&self, driver: &Driver) -> Vec<String> {
        self.unused(driver.run().plan())
    }
}

/// Tells that answers were never asked for.
pub fn unused(keys: &[String]) -> Option<Failure> {
    if keys.is_empty() {
        return None;
    }
    let next = "take them out of the answers file, or look for a misspelt step";
    let failure = Failure::new(Exit::Usage, "some answers were never asked for", next);
    Some(keys.iter().fold(failure, |failure, key| failure.because(key.clone())))
}
