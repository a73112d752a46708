//! A person at a terminal, line by line.

use super::describe;
use super::fitting::verbs;
use super::guard;
use super::keyboard::{Keyboard, Typed};
use super::news;
use super::person::{Gone, Person};
use super::say::Say;
use super::signals::{Asked, Signals};
use super::tail::Tails;
use super::typed;
use super::typed::Verb;
use super::wish::Wish;
use crate::driver::{Driver, Prepared};
use crate::engine::choices;
use crate::engine::event::{AttemptId, Event, Guard, Part, SettledAs, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::next::Next;
use crate::engine::plan::PlanStep;
use crate::engine::state::StepState;
use crate::runbook::model::{Answer, StepId, StopAs};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

/// How long the prompt waits before the walk looks at the inbox again.
const LOOK: Duration = Duration::from_millis(200);

/// A person at a terminal.
pub struct Terminal<W: Write> {
    pub(super) say: Say<W>,
    pub(super) keys: Keyboard,
    signals: Signals,
    tails: Tails,
    /// What was described last, so that it is described once.
    shown: Option<Next>,
    /// The run itself was said once.
    introduced: bool,
    /// The prompt stands on the screen and waits.
    prompted: bool,
    /// Control-C was pressed once since something happened.
    warned: bool,
    /// Why the person left while a secret was asked.
    gone: Option<Gone>,
}

impl<W: Write> Terminal<W> {
    /// Talks to standard input and this output.
    pub fn new(out: W, signals: Signals) -> Self {
        Self {
            say: Say::new(out),
            keys: Keyboard::new(),
            signals,
            tails: Tails::default(),
            shown: None,
            introduced: false,
            prompted: false,
            warned: false,
            gone: None,
        }
    }

    /// Does what signals ask; Control-C only warns at first, because it must not stop anything by accident.
    fn mind_signals(&mut self) -> Result<(), Gone> {
        if let Some(gone) = self.gone.take() {
            return Err(gone);
        }
        match self.signals.next() {
            None => Ok(()),
            Some(Asked::Leave(signal)) => Err(Gone::Signal(signal)),
            Some(Asked::Suspend) => {
                self.prompted = false;
                self.shown = None;
                Err(Gone::Suspended)
            }
            Some(Asked::Interrupt) if self.warned => Err(Gone::Signal(2)),
            Some(Asked::Interrupt) => {
                self.warned = true;
                self.prompted = false;
                self.say.line("")?;
                self.say.line(
                    "Nothing was stopped. Type interrupt to stop a running command, quit to \
                     leave, or press Control-C again to leave now.",
                )?;
                Ok(())
            }
        }
    }

    /// Asks for one line and waits for it.
    pub(super) fn ask(&mut self, prompt: &str) -> Result<String, Gone> {
        Ok(self.ask_as_typed(prompt)?.trim().to_owned())
    }

    /// Asks for one line whose blanks mean something.
    pub(super) fn ask_as_typed(&mut self, prompt: &str) -> Result<String, Gone> {
        self.say.prompt(prompt)?;
        self.line()
    }

    fn line(&mut self) -> Result<String, Gone> {
        loop {
            self.mind_signals()?;
            match self.keys.next(LOOK) {
                Typed::Line(line) => return Ok(line),
                Typed::Nothing => {}
                Typed::End => return Err(Gone::End),
            }
        }
    }

    fn prompt(&mut self, driver: &Driver, next: &Next) -> Result<(), Gone> {
        if !self.prompted {
            let number = current(driver).map_or(String::new(), |step| step.number.clone());
            self.say.line(&typed::hint(&verbs(driver, next)))?;
            self.say.prompt(&format!("{number}>"))?;
            self.prompted = true;
        }
        Ok(())
    }

    fn describe(
        &mut self,
        driver: &Driver,
        next: &Next,
        prepared: Option<&Prepared>,
    ) -> Result<(), Gone> {
        if self.shown.as_ref() == Some(next) {
            return Ok(());
        }
        self.shown = Some(next.clone());
        self.prompted = false;
        if !self.introduced {
            self.introduced = true;
            describe::run_line(&mut self.say, driver)?;
        }
        describe::next(&mut self.say, driver, next, prepared)?;
        Ok(())
    }

    /// Turns a typed line into a wish; what cannot be one is explained.
    fn read(
        &mut self,
        driver: &Driver,
        next: &Next,
        prepared: Option<&Prepared>,
        line: &str,
    ) -> Result<Wish, Gone> {
        self.prompted = false;
        if line.is_empty() {
            return Ok(Wish::Wait);
        }
        let (verb, rest) = match typed::read(line) {
            Ok(read) => read,
            Err(near) => {
                let near = near.map_or(String::new(), |word| format!(" Did you mean {word}?"));
                self.say.line(&format!("There is no such word.{near} Type help for the list."))?;
                return Ok(Wish::Wait);
            }
        };
        match self.wish_of(driver, next, prepared, verb, rest)? {
            Some(wish) => Ok(wish),
            None => Ok(Wish::Wait),
        }
    }

    fn wish_of(
        &mut self,
        driver: &Driver,
        next: &Next,
        prepared: Option<&Prepared>,
        verb: Verb,
        rest: &str,
    ) -> Result<Option<Wish>, Gone> {
        let here = current(driver).map(|step| step.id.clone());
        let wish = match (verb, next) {
            (Verb::Run, Next::Start { guard, .. }) => {
                let Some(prepared) = prepared else { return self.no("it cannot run yet") };
                guard::pass(self, guard, prepared)?
                    .map(|guard| Wish::Start { guard, override_reason: None })
            }
            (Verb::Done, Next::Tick { work, guard, .. }) => {
                let said = if rest.is_empty() { "done" } else { rest }.to_owned();
                let work = work.clone();
                guard::pass_by_hand(self, guard)?.map(|guard| Wish::Tick { work, guard, said })
            }
            (Verb::Yes | Verb::No | Verb::Unsure, Next::Answer { step, question }) => {
                let answer = match verb {
                    Verb::Yes => Answer::Yes,
                    Verb::No => Answer::No,
                    _ => Answer::Unsure,
                };
                Some(Wish::Answer {
                    step: step.clone(),
                    question: *question,
                    answer,
                    why: rest.to_owned(),
                })
            }
            (Verb::Check, Next::Answer { step, question }) => {
                let part = Part::Question(*question);
                Some(looks(Work { step: step.clone(), part }))
            }
            (Verb::Choose, Next::Decide { step, .. }) => self.choose(driver, step, rest)?,
            (Verb::Probe, Next::Unknown { id, .. } | Next::Failed { id, .. }) => {
                Some(looks(Work { step: id.work.step.clone(), part: Part::Probe }))
            }
            (Verb::Settle, Next::Unknown { id, .. } | Next::Failed { id, .. }) => {
                self.settle(driver, id, rest)?
            }
            (Verb::Fix, Next::Failed { id, .. }) => match fix(driver, id, rest) {
                Some(fix) => Some(Wish::Fix { step: id.work.step.clone(), fix }),
                None => return self.no("no fix of that name is written for this step"),
            },
            (Verb::Again, _) => {
                let step = if rest.is_empty() { here } else { Some(StepId::new(rest)) };
                let Some(step) = step else { return self.no("name the step") };
                self.again(driver, step)?
            }
            (Verb::Edit, Next::Start { .. } | Next::Failed { .. }) => self.edit(driver, here)?,
            (Verb::Undo, _) if rest.contains('/') => self.taken_over(driver, rest)?,
            (Verb::Undo, _) if !rest.is_empty() => {
                let work = Work { step: StepId::new(rest), part: Part::Undo };
                self.begin(driver, work)?
            }
            (Verb::Defer, _) => self.defer(driver, rest)?,
            (Verb::Skip, _) => {
                let Some(step) = here else { return self.no("there is nothing to skip") };
                if rest.is_empty() {
                    return self.no("say why: skip WHY");
                }
                let captures = self.captures(driver, &step)?;
                Some(Wish::Skip { step, reason: rest.to_owned(), captures })
            }
            (Verb::Clear, Next::Clear { .. }) => {
                let (step, how) = typed::first_word(rest);
                Some(Wish::Clear { step: StepId::new(step), how })
            }
            (Verb::Output, _) => {
                let step = if rest.is_empty() { here } else { Some(StepId::new(rest)) };
                self.output(driver, step)?;
                None
            }
            (Verb::Steps, _) => {
                describe::steps(&mut self.say, &driver.run().outline())?;
                None
            }
            (Verb::Note, _) if !rest.is_empty() => Some(Wish::Note(rest.to_owned())),
            (Verb::Interrupt, _) => match driver.running().first() {
                Some(id) => Some(Wish::Interrupt(id.clone())),
                None => return self.no("nothing runs"),
            },
            (Verb::Hold, _) if !rest.is_empty() => Some(Wish::Hold(rest.to_owned())),
            (Verb::Stop, _) if !rest.is_empty() => {
                let sure = self.ask("Type stop again to end the run here:")?;
                let reason = rest.to_owned();
                (sure == "stop").then_some(Wish::Stop { as_: StopAs::Failed, reason })
            }
            (Verb::Instead, _) if !rest.is_empty() => self.instead(driver, rest)?,
            (Verb::Close, Next::Close) => Some(Wish::Close),
            (Verb::Quit, _) => Some(Wish::Quit),
            (Verb::Help, _) => {
                describe::help(&mut self.say)?;
                None
            }
            (Verb::Undo | Verb::Note | Verb::Hold | Verb::Stop | Verb::Instead, _) => {
                return self.no(&format!("say more: {}", typed::usage(verb)));
            }
            _ => return self.no(&format!("{} does not fit here", typed::word(verb))),
        };
        Ok(wish)
    }

    pub(super) fn no(&mut self, why: &str) -> Result<Option<Wish>, Gone> {
        self.say.line(&format!("No: {why}."))?;
        Ok(None)
    }

    /// Starts a step again, or takes up one that was put off: then it is shown first, as if for the first time.
    fn again(&mut self, driver: &Driver, step: StepId) -> Result<Option<Wish>, Gone> {
        match driver.run().state(&step) {
            StepState::Deferred { .. } => Ok(Some(Wish::TakeUp { step })),
            _ => self.begin(driver, Work { step, part: Part::Main }),
        }
    }

    /// Shows work that is not the offered one, asks for its guard, and wishes it.
    fn begin(&mut self, driver: &Driver, work: Work) -> Result<Option<Wish>, Gone> {
        if driver.run().plan().step(&work.step).is_none() {
            return self.no(&format!("there is no step {}", work.step));
        }
        let guard = driver.run().guard_needed(&work).unwrap_or(GuardNeeded::None);
        if driver.run().by_hand(&work) {
            describe::by_hand(&mut self.say, driver, &work)?;
            let said = self.ask("Type done when it is done, anything else leaves it:")?;
            if said != "done" {
                return Ok(None);
            }
            return Ok(guard::pass_by_hand(self, &guard)?.map(|guard| Wish::Tick {
                work,
                guard,
                said,
            }));
        }
        if let Some(refusal) = driver.run().in_the_way(&work) {
            return self.no(&refusal.to_string());
        }
        let prepared = match driver.prepare(&work) {
            Ok(prepared) => prepared,
            Err(why) => return self.no(&why.to_string()),
        };
        describe::prepared(&mut self.say, &prepared)?;
        let Some(guard) = guard::pass(self, &guard, &prepared)? else { return Ok(None) };
        let override_reason = self.all_the_same(driver, &work)?;
        Ok(Some(Wish::Begin { work, guard, override_reason }))
    }

    /// Asks why work is started against the rule, when it is.
    pub(super) fn all_the_same(
        &mut self,
        driver: &Driver,
        work: &Work,
    ) -> Result<Option<String>, Gone> {
        let Some(rule) = driver.run().against_the_rule(work) else { return Ok(None) };
        self.say.line(&format!("This is against the rule: {rule}."))?;
        Ok(Some(self.ask("Why all the same:")?))
    }

    /// Reads `settle done|not-started|failed HOW`. A probe that said so is the proof, else the person's word.
    fn settle(
        &mut self,
        driver: &Driver,
        id: &AttemptId,
        rest: &str,
    ) -> Result<Option<Wish>, Gone> {
        let (what, how) = typed::first_word(rest);
        let as_ = match what.as_str() {
            "done" => SettledAs::Done,
            "not-started" => SettledAs::NotStarted,
            "failed" => SettledAs::Failed,
            _ => {
                return self
                    .no("say settle done, settle not-started or settle failed, and how you know");
            }
        };
        let probe = driver.run().proof(id, as_);
        if probe.is_none() && how.is_empty() {
            return self.no("no probe says so: say how you know");
        }
        let captures = match as_ {
            SettledAs::Done if probe.is_none() => self.captures(driver, &id.work.step)?,
            // The probe's own captures fill them; what did not happen has none.
            SettledAs::Done | SettledAs::NotStarted | SettledAs::Failed => BTreeMap::new(),
        };
        Ok(Some(Wish::Settle { id: id.clone(), as_, how, probe, captures }))
    }

    fn output(&mut self, driver: &Driver, step: Option<StepId>) -> Result<(), Gone> {
        let last = step.and_then(|step| driver.last_attempt(&step));
        let Some(path) = last.and_then(|id| driver.spool(&id)) else {
            self.say.line("There is no output yet.")?;
            return Ok(());
        };
        Ok(super::tail::whole(&mut self.say, &path)?)
    }
}

impl<W: Write> Person for Terminal<W> {
    fn hear(&mut self, driver: &Driver, events: &[Event]) -> Result<(), Gone> {
        if !events.is_empty() {
            if self.prompted {
                self.say.line("")?; // the prompt stands there without a newline
            }
            self.shown = None;
            self.prompted = false;
            self.warned = false;
        }
        for event in events {
            self.tails.before(driver, event, &mut self.say)?;
            news::event(&mut self.say, driver, event)?;
        }
        Ok(())
    }

    fn wish(
        &mut self,
        driver: &Driver,
        next: &Next,
        prepared: Option<&Prepared>,
    ) -> Result<Wish, Gone> {
        self.mind_signals()?;
        self.describe(driver, next, prepared)?;
        if let (Next::Give { names, .. }, Some(step)) = (next, current(driver)) {
            let wish = self.values(driver, step, names)?;
            return Ok(wish.unwrap_or(Wish::Wait));
        }
        self.prompt(driver, next)?;
        match self.keys.next(LOOK) {
            Typed::Line(line) => self.read(driver, next, prepared, line.trim()),
            Typed::Nothing => Ok(Wish::Wait),
            Typed::End => Err(Gone::End),
        }
    }

    fn watch(
        &mut self,
        driver: &Driver,
        running: &[AttemptId],
        patience: Duration,
    ) -> Result<Option<Wish>, Gone> {
        self.mind_signals()?;
        if !self.introduced {
            self.introduced = true;
            describe::run_line(&mut self.say, driver)?;
            for id in running {
                news::running(&mut self.say, driver, id)?;
            }
        }
        self.tails.follow(driver, running, &mut self.say)?;
        match self.keys.next(patience) {
            Typed::Nothing => Ok(None),
            Typed::End => Err(Gone::End),
            Typed::Line(line) => {
                let next = driver.run().outline().next;
                match self.read(driver, &next, None, line.trim())? {
                    Wish::Wait => Ok(None),
                    wish => Ok(Some(wish)),
                }
            }
        }
    }

    fn refused(&mut self, _driver: &Driver, why: &str) -> Result<(), Gone> {
        self.prompted = false;
        Ok(self.say.line(&format!("No: {why}."))?)
    }

    fn secret(&mut self, name: &str, prompt: &str) -> Option<SecretString> {
        self.say.prompt(&format!("{prompt} ({name}, not shown):")).ok()?;
        let hush = self.keys.hush();
        let typed = self.line();
        drop(hush);
        self.say.line("").ok()?;
        // Nothing can be said of a signal here; the next question minds it.
        typed.map_err(|gone| self.gone = Some(gone)).ok().map(SecretString::from)
    }
}

fn looks(work: Work) -> Wish {
    Wish::Begin { work, guard: Guard::None, override_reason: None }
}

fn current(driver: &Driver) -> Option<&PlanStep> {
    driver.run().current()
}

fn fix(driver: &Driver, id: &AttemptId, named: &str) -> Option<StepId> {
    let step = driver.run().plan().step(&id.work.step)?;
    if named.is_empty() {
        return choices::likely_fix(driver.run(), step).map(|(fix, _)| fix.clone());
    }
    let mut fixes = step.step.failures.iter().filter_map(|failure| failure.fix.as_ref());
    fixes.find(|fix| fix.value.as_str() == named).map(|fix| fix.value.clone())
}
