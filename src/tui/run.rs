//! The one file in which keys become commands: the loop over a run.
//!
//! Operator first, then everything that happened, then one draw; nothing is drawn when nothing changed. After
//! something appeared that has to be read, keys that were typed before it was painted are thrown away.

use super::draw::{self, OutputRows};
use super::key::Input;
use super::look::{Look, Role};
use super::pending::{Pending, Turn};
use super::state::State;
use super::terminal::Terminal;
use super::update::{self, Ask, OutputWish, submit};
use super::watch::Watched;
use crate::driver::{Driver, DriverError, Prepared, Request, SecretError};
use crate::engine::command::Command;
use crate::engine::event::{AttemptId, Event, Guard, Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::next::Next;
use crate::line::news;
use crate::line::signals::{Asked, Signals};
use std::io;
use std::time::Duration;

/// How long is waited for a key while a command runs, and while none does.
const BUSY: Duration = Duration::from_millis(50);
const QUIET: Duration = Duration::from_millis(250);

/// Why the screen was left.
#[derive(Debug)]
pub enum End {
    /// The run is closed and its summary was read.
    Closed,
    /// The run is closed, and the person goes on in the other runbook.
    GoOn,
    /// The face leaves; the run goes on without it.
    Left(String),
    /// Control-Z.
    Suspended,
    /// A signal asks the face to leave.
    Signal(i32),
    /// The terminal is gone.
    Gone(io::Error),
}

/// A screen over one run.
pub struct Screen<'a> {
    driver: &'a mut Driver,
    state: State,
    look: Look,
    pending: Option<Pending>,
    /// The checks of preflight run one after another.
    checking: bool,
    watched: Watched,
    copied: Option<String>,
}

impl<'a> Screen<'a> {
    /// Puts a screen over a run.
    pub fn over(driver: &'a mut Driver, look: Look) -> Self {
        Self {
            driver,
            state: State::new((80, 24)),
            look,
            pending: None,
            checking: false,
            watched: Watched::default(),
            copied: None,
        }
    }

    /// Shows the run until it is closed or left.
    pub fn run(&mut self, terminal: &mut Terminal, signals: &Signals) -> Result<End, DriverError> {
        let mut drawn = None;
        loop {
            if let Some(end) = signalled(signals) {
                return Ok(end);
            }
            let news = self.happened()?;
            if let Some(Request::Leave { by }) = self.driver.request() {
                return Ok(End::Left(format!("{by} took the run over")));
            }
            let size = match terminal.size() {
                Ok(size) => size,
                Err(error) => return Ok(End::Gone(error)),
            };
            let resized = self.resize(size);
            let second = self.driver.now().timestamp();
            let grown = self.watched.follow(self.driver, &self.state);
            if news || resized || grown || drawn != Some(second) {
                if let Err(error) = self.draw(terminal) {
                    return Ok(End::Gone(error));
                }
                drawn = Some(second);
            }
            if std::mem::take(&mut self.state.unread)
                && let Err(error) = terminal.forget()
            {
                return Ok(End::Gone(error));
            }
            match self.keys(terminal)? {
                Ok(None) => {}
                Ok(Some(end)) => return Ok(end),
                Err(error) => return Ok(End::Gone(error)),
            }
            // Whatever came may have changed something: the next round draws.
            if self.touched() {
                drawn = None;
            }
        }
    }

    /// Takes keys until none is left, or one of them made something appear that has to be read.
    fn keys(&mut self, terminal: &mut Terminal) -> Result<io::Result<Option<End>>, DriverError> {
        let mut patience = if self.driver.running().is_empty() { QUIET } else { BUSY };
        loop {
            let clock = self.driver.now();
            let input = match terminal.input(patience, || clock) {
                Ok(Some(input)) => input,
                Ok(None) => return Ok(Ok(None)),
                Err(error) => return Ok(Err(error)),
            };
            patience = Duration::ZERO;
            self.watched.touch();
            // The time of the key is when it is read, not when the wait began.
            let input = match input {
                Input::Key(key, _) => Input::Key(key, self.driver.now()),
                other => other,
            };
            let asked = update::update(&mut self.state, &*self.driver, input);
            if let Some(ask) = asked
                && let Some(end) = self.grant(ask, terminal)?
            {
                return Ok(Ok(Some(end)));
            }
            if self.state.unread {
                return Ok(Ok(None));
            }
        }
    }

    fn touched(&mut self) -> bool {
        self.watched.touched()
    }

    fn draw(&mut self, terminal: &mut Terminal) -> io::Result<()> {
        if let Some(text) = self.copied.take() {
            terminal.copy(&text)?;
        }
        let output = self.watched.rows();
        terminal.draw(|frame| {
            draw::draw(
                frame,
                &self.state,
                &*self.driver,
                self.look,
                output.map(|o| o as &dyn OutputRows),
            );
        })
    }

    fn resize(&mut self, size: (u16, u16)) -> bool {
        if self.state.size == size {
            return false;
        }
        self.state.size = size;
        update::resized(&mut self.state, &*self.driver);
        true
    }

    /// Takes in what happened. True if there was anything.
    fn happened(&mut self) -> Result<bool, DriverError> {
        let before = self.driver.run().outline().next;
        let news = self.driver.pump()?;
        self.hear(&news);
        if !news.is_empty() {
            self.settled(&before);
        }
        let over = update::tick(&mut self.state, &*self.driver);
        let went_on = self.go_on()?;
        Ok(!news.is_empty() || over || went_on)
    }

    /// Says on the message line what happened.
    fn hear(&mut self, events: &[Event]) {
        for event in events {
            if let Some((role, text)) = told(self.driver, event) {
                let now = self.driver.now();
                self.state.say(now, role, text);
            }
        }
    }

    fn settled(&mut self, before: &Next) {
        update::observe(&mut self.state, &*self.driver, Some(before));
    }

    fn refuse(&mut self, why: &str) {
        let now = self.driver.now();
        self.state.say(now, Role::Warning, format!("No: {why}."));
    }

    /// Makes one thing come true, or says why not.
    fn grant(&mut self, ask: Ask, terminal: &mut Terminal) -> Result<Option<End>, DriverError> {
        match ask {
            Ask::Start { prepared, guard, override_reason } => {
                let now = self.driver.now();
                self.pending = Some(Pending::new(prepared, guard, override_reason, now));
                self.go_on()?;
            }
            Ask::Do(command) => {
                self.ask(&command)?;
            }
            Ask::DoAndLeave(command) => {
                if self.ask(&command)? {
                    return Ok(Some(End::Left("on hold".into())));
                }
            }
            Ask::Interrupt(id) => {
                self.checking = false;
                self.interrupt(&id)?;
            }
            Ask::CheckAll => self.checking = true,
            Ask::Secret { name, value } => {
                if let Err(error) = self.driver.hold_secret(&name, value) {
                    self.pending = None;
                    self.refuse(&error.to_string());
                }
                let now = self.driver.now();
                if let Some(pending) = &mut self.pending {
                    pending.given(now);
                }
                self.go_on()?;
            }
            Ask::Output(wish) => self.output(&wish),
            Ask::GoOn => return Ok(Some(End::GoOn)),
            Ask::Leave if self.driver.run().closed().is_some() => return Ok(Some(End::Closed)),
            Ask::Leave => return Ok(Some(End::Left("left by the operator".into()))),
            Ask::Suspend => return Ok(Some(End::Suspended)),
            Ask::Redraw => {
                if let Err(error) = terminal.redraw() {
                    return Ok(Some(End::Gone(error)));
                }
            }
            Ask::Copy => self.copy(),
        }
        Ok(None)
    }

    fn interrupt(&mut self, id: &AttemptId) -> Result<(), DriverError> {
        match self.driver.interrupt(id)? {
            Ok(events) => self.hear(&events),
            Err(refusal) => self.refuse(&refusal.to_string()),
        }
        Ok(())
    }

    fn output(&mut self, wish: &OutputWish) {
        if let Err(why) = self.watched.wish(wish) {
            self.refuse(&why);
        }
    }

    /// Asks the engine. True if it was granted.
    fn ask(&mut self, command: &Command) -> Result<bool, DriverError> {
        let before = self.driver.run().outline().next;
        match self.driver.handle(command)? {
            Ok(events) => {
                self.hear(&events);
                self.settled(&before);
                Ok(true)
            }
            Err(refusal) => {
                self.refuse(&refusal.to_string());
                Ok(false)
            }
        }
    }

    /// Goes on with a start that waits: secrets first, then the fence, then the command. True if anything was done.
    fn go_on(&mut self) -> Result<bool, DriverError> {
        let Some(pending) = &self.pending else { return self.check_next() };
        let work = pending.prepared.work.clone();
        match pending.turn(&self.state, &*self.driver) {
            Turn::Wait => return Ok(false),
            Turn::Over(why) => {
                self.pending = None;
                self.refuse(&format!("{work} was not started: {why}"));
                return Ok(true);
            }
            Turn::Go => {}
        }
        match self.driver.fetch_secrets(&pending.prepared, &mut |_, _| None) {
            Ok(()) => {}
            Err(DriverError::Secret(SecretError::Prompt { name, prompt })) => {
                submit::ask_secret(&mut self.state, &name, &prompt);
                if let Some(pending) = &mut self.pending {
                    pending.asks();
                }
                return Ok(true);
            }
            Err(error) => return self.gave_up(error),
        }
        if self.driver.run().fence_first(&work, pending.prepared.edited.is_some()) {
            return self.fence(&work);
        }
        let Some(pending) = self.pending.take() else { return Ok(false) };
        self.start(&pending.prepared, pending.guard, pending.override_reason)?;
        Ok(true)
    }

    /// Starts the next check of preflight, while that was asked for and all of them hold.
    fn check_next(&mut self) -> Result<bool, DriverError> {
        if !self.checking || !self.driver.running().is_empty() {
            return Ok(false);
        }
        let next = self.driver.run().outline().next;
        let Next::Start { work, guard: GuardNeeded::None, .. } = next else {
            self.checking = false;
            return Ok(true);
        };
        self.checking = update::in_preflight(&*self.driver, &work);
        if self.checking {
            match self.driver.prepare(&work) {
                Ok(prepared) => self.start(&prepared, Guard::None, None)?,
                Err(why) => {
                    self.checking = false;
                    self.refuse(&why.to_string());
                }
            }
        }
        Ok(true)
    }

    /// Checks the fence before a change; when it does not hold, the change does not start.
    fn fence(&mut self, of: &Work) -> Result<bool, DriverError> {
        let fenced = self.pending.as_mut().is_some_and(|p| std::mem::replace(&mut p.fenced, true));
        if fenced {
            self.pending = None;
            self.refuse(&format!("{of} was not started: the fence does not hold"));
            return Ok(true);
        }
        let fence = Work { step: of.step.clone(), part: Part::Fence };
        match self.driver.prepare(&fence) {
            Ok(prepared) => self.start(&prepared, Guard::None, None)?,
            Err(why) => {
                self.pending = None;
                self.refuse(&why.to_string());
            }
        }
        Ok(true)
    }

    fn start(
        &mut self,
        prepared: &Prepared,
        guard: Guard,
        override_reason: Option<String>,
    ) -> Result<(), DriverError> {
        let before = self.driver.run().outline().next;
        match self.driver.start(prepared, guard, override_reason) {
            Ok(Ok(events)) => {
                self.hear(&events);
                self.settled(&before);
            }
            Ok(Err(refusal)) => self.refuse(&refusal.to_string()),
            Err(error) => {
                self.gave_up(error)?;
            }
        }
        Ok(())
    }

    /// What stands in the way of one command is said; what stands in the way of the journal ends the screen.
    fn gave_up(&mut self, error: DriverError) -> Result<bool, DriverError> {
        self.pending = None;
        match error {
            DriverError::Log(_) | DriverError::Corrupt(_) => Err(error),
            other => {
                self.refuse(&other.to_string());
                Ok(true)
            }
        }
    }

    /// Copies the command that is shown, or what the output pane shows.
    fn copy(&mut self) {
        let now = self.driver.now();
        let outline = self.driver.run().outline();
        let armed = self.state.armed.as_ref().and_then(|armed| armed.prepared.as_ref());
        let command = armed.map(|prepared| prepared.shown.clone()).or_else(|| {
            let work = update::shown_work(&self.state, &outline)?;
            self.driver.prepare(&work).ok().map(|prepared| prepared.shown)
        });
        let text = match self.state.focus {
            super::state::Focus::Output => self.watched.text(),
            _ => command,
        };
        match text {
            Some(text) => {
                let count = text.chars().count();
                self.copied = Some(text);
                let said = format!(
                    "Copied {count} characters by OSC 52; the terminal does not say whether it took them."
                );
                self.state.say(now, Role::Info, said);
            }
            None => self.state.say(now, Role::Info, "There is nothing to copy here."),
        }
    }
}

fn signalled(signals: &Signals) -> Option<End> {
    match signals.next()? {
        Asked::Leave(signal) => Some(End::Signal(signal)),
        Asked::Suspend => Some(End::Suspended),
        // Control-C comes as a key; a signal from outside asks to leave.
        Asked::Interrupt => Some(End::Signal(2)),
    }
}

/// What a probe or an evidence check says; it is offered, never applied.
fn says(driver: &Driver, id: &AttemptId) -> Option<String> {
    let run = driver.run();
    let step = &id.work.step;
    Some(match id.work.part {
        Part::Probe => match run.found(id) {
            Some(meaning) => {
                let word = super::page::meaning_word(meaning);
                let main = Work { step: step.clone(), part: Part::Main };
                // Before the step was started there is nothing to settle.
                let then =
                    if run.attempts(&main).is_empty() { "" } else { "; you accept it or not" };
                format!("the probe says {word}{then}.")
            }
            None => "the probe gave no answer that the runbook knows.".into(),
        },
        Part::Question(number) => match run.suggested(step, number) {
            Some(answer) => format!(
                "the check suggests {}; you still choose.",
                super::page::answer_word(answer)
            ),
            None => "the check suggests nothing.".into(),
        },
        Part::Main | Part::Undo | Part::Fence => return None,
    })
}

/// What the message line says of a fact.
fn told(driver: &Driver, event: &Event) -> Option<(Role, String)> {
    let named = |id: &AttemptId| {
        let step = driver.run().plan().step(&id.work.step);
        let number = step.map_or(String::new(), |step| format!("{} ", step.number));
        format!("{number}{}", id.work)
    };
    Some(match event {
        Event::AttemptStarted { id, .. } => (Role::Running, format!("Started {}.", named(id))),
        Event::AttemptEnded { id, outcome, recovered } => {
            let back = if *recovered { " It ended while nobody watched." } else { "" };
            if let Some(said) = says(driver, id) {
                return Some((Role::Strong, format!("{}: {said}", named(id))));
            }
            let (role, word) = if outcome.passed() {
                (Role::Verified, "ended well")
            } else {
                (Role::Failed, "did not end well")
            };
            (role, format!("{} {word}: {}.{back}", named(id), super::page::how(outcome)))
        }
        Event::AttemptLost { id, reason, .. } => (
            Role::Unknown,
            format!("OUTCOME UNKNOWN of {}: {reason}. Nothing repeats it by itself.", named(id)),
        ),
        Event::Resumed { .. } => (Role::Info, "Resumed. Nothing was started by that.".into()),
        other => (Role::Info, news::sentence(other)?),
    })
}
