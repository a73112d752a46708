//! A person who types the values of a run before it is opened.

use super::ascii::Ascii;
use super::context::Context;
use crate::line;
use crate::line::Say;
use crate::line::keyboard::{Keyboard, Typed};
use crate::line::signals::Signals;
use crate::runbook::model::{Definition, Values};
use crate::runbook::value::Kind;
use std::io;
use std::io::Stderr;
use std::time::Duration;

/// How long a question waits before it looks for a signal.
const LOOK: Duration = Duration::from_millis(200);

/// Asks on standard error, reads from standard input.
pub struct Typing {
    say: Say<Ascii<Stderr>>,
    keys: Keyboard,
    signals: Signals,
}

impl Typing {
    /// Listens to the keyboard and to signals from now on.
    pub fn new(context: &Context) -> io::Result<Self> {
        let (say, keys) = (Say::new(context.messages()), Keyboard::new());
        Ok(Self { say, keys, signals: Signals::listen()? })
    }

    /// Asks for one value, a secret without echo; `None` at the end of input.
    pub fn ask(&mut self, definition: &Definition, why: Option<&str>) -> Option<String> {
        let secret = definition.kind.kind == Kind::Secret;
        let say = &mut self.say;
        if let Some(why) = why {
            say.line(&format!("No: {why}.")).ok()?;
        } else {
            line::question(say, definition, &Values::new(), None).ok()?;
        }
        let unseen = if secret { " (not shown)" } else { "" };
        say.prompt(&format!("{}{unseen} =", definition.name)).ok()?;
        let typed = self.line(secret);
        if secret {
            self.say.line("").ok()?;
        }
        let numbered = |typed: String| match definition.kind.numbered(&typed) {
            Some(choice) => choice.to_owned(),
            None => typed,
        };
        typed.map(numbered)
    }

    /// Waits for a line. A signal does what it does to a program that does not listen, on a terminal left as it was.
    fn line(&mut self, secret: bool) -> Option<String> {
        let mut hush = secret.then(|| self.keys.hush());
        loop {
            if let Some(asked) = self.signals.next() {
                drop(hush.take());
                self.signals.obey(asked).ok()?;
                hush = secret.then(|| self.keys.hush());
            }
            match self.keys.next(LOOK) {
                Typed::Line(line) => return Some(line),
                Typed::Nothing => {}
                Typed::End => return None,
            }
        }
    }

    /// Asks for a word that allows something: what was typed before the question does not count.
    pub fn word(&mut self, question: &str) -> Option<String> {
        self.keys.forget();
        self.say.prompt(question).ok()?;
        Some(self.line(false)?.trim().to_owned())
    }
}
