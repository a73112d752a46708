//! Who answers: a person at a keyboard, or an answers file.

use super::wish::Wish;
use crate::driver::Driver;
use crate::driver::Prepared;
use crate::engine::event::AttemptId;
use crate::engine::event::Event;
use crate::engine::next::Next;
use secrecy::SecretString;
use std::io;
use std::time::Duration;

/// Why nobody answers any more.
#[derive(Debug, thiserror::Error)]
pub enum Gone {
    /// The terminal is gone, or the person left.
    #[error("the terminal is gone")]
    End,
    /// Control-Z: the face stops until it is continued, and holds nothing meanwhile.
    #[error("suspended")]
    Suspended,
    /// A signal asks the face to leave.
    #[error("signal {0}")]
    Signal(i32),
    /// An answer is missing: the step, the key of the answers file, and what it would say.
    #[error("no answer for {step}: {key} is missing ({what})")]
    Missing {
        /// The step.
        step: String,
        /// The key.
        key: String,
        /// What is asked.
        what: String,
    },
    /// The answers say to stop here, or there is nothing they could say.
    #[error("{0}")]
    Stuck(String),
    /// Standard output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Answers, one wish at a time. Both faces are walked by the same walk; only this differs.
pub trait Person {
    /// Sees what just happened.
    fn hear(&mut self, driver: &Driver, events: &[Event]) -> Result<(), Gone>;

    /// Is shown the next thing, with the command that would run where there is one, and says what to do.
    fn wish(
        &mut self,
        driver: &Driver,
        next: &Next,
        prepared: Option<&Prepared>,
    ) -> Result<Wish, Gone>;

    /// Watches what runs for at most this long; may ask for something meanwhile.
    fn watch(
        &mut self,
        driver: &Driver,
        running: &[AttemptId],
        patience: Duration,
    ) -> Result<Option<Wish>, Gone>;

    /// Is told why a wish did not come true.
    fn refused(&mut self, driver: &Driver, why: &str) -> Result<(), Gone>;

    /// Answers that nothing asked for; only an answers file can have some.
    fn left_over(&self, _driver: &Driver) -> Vec<String> {
        Vec::new()
    }

    /// Types a secret.
    fn secret(&mut self, name: &str, prompt: &str) -> Option<SecretString>;
}
