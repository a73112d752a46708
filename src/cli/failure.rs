//! What a command says when it could not do its work: what happened, why, and the next command.

use super::exit::Exit;
use super::library::{NotFound, ReadError};
use crate::config::NoHome;
use crate::config::SettingsError;
use std::io;

/// Why a command ended early.
#[derive(Debug)]
pub enum Failure {
    /// Something to tell the person, in this order.
    Told {
        /// How the program ends.
        exit: Exit,
        /// What happened, as a lower-case fragment that fits after `error: `.
        what: String,
        /// Why, one line each; empty where `what` says it all.
        why: Vec<String>,
        /// What to do next: a command to type, or a sentence.
        next: String,
    },
    /// Whoever read the results has stopped reading (`rutter list | head`). Nobody is left to tell.
    ReaderGone,
}

impl Failure {
    /// Makes a failure that is told to the person.
    pub fn new(exit: Exit, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Told { exit, what: what.into(), why: Vec::new(), next: next.into() }
    }

    /// Makes a failure of use: a flag, a missing answer, a wrong name.
    pub fn usage(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what, next)
    }

    /// Says it in one line: what happened, and the way out.
    pub fn in_one_line(&self) -> String {
        match self {
            Self::Told { what, why, next, .. } => {
                let told: Vec<&str> =
                    std::iter::once(what).chain(why).map(String::as_str).collect();
                format!("{}. Next: {next}", told.join("; "))
            }
            Self::ReaderGone => String::new(),
        }
    }

    /// Adds a line of reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        if let Self::Told { why, .. } = &mut self {
            why.push(reason.into());
        }
        self
    }

    /// Ends a command whose exit code is its answer. The answer does not depend on who reads the reasons:
    /// `rutter check | head` fails where `rutter check` does.
    pub fn after_telling(exit: Exit, told: Result<(), Self>) -> Result<Exit, Self> {
        match told {
            Ok(()) | Err(Self::ReaderGone) => Ok(exit),
            Err(other) => Err(other),
        }
    }

    /// Returns how the program ends.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Told { exit, .. } => *exit,
            Self::ReaderGone => Exit::Done,
        }
    }
}

/// Errors of writing results. Reading is reported with the file's name, by whoever read it.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::new(
            Exit::Failed,
            format!("the results could not be written: {error}"),
            "Send them to a place with room: rutter … > FILE",
        )
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let mut chain = error.chain();
        let what = chain.next().map(ToString::to_string).unwrap_or_default();
        let failure = Self::new(Exit::Failed, what, "rutter status");
        chain.fold(failure, |failure, cause| failure.because(cause.to_string()))
    }
}

impl From<NoHome> for Failure {
    fn from(error: NoHome) -> Self {
        Self::new(Exit::Failed, error.to_string(), "Set HOME, or give --config and --journal-dir")
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new(Exit::Invalid, error.to_string(), "rutter paths")
    }
}

impl From<NotFound> for Failure {
    fn from(error: NotFound) -> Self {
        Self::usage(error.to_string(), error.next())
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::new(Exit::Invalid, error.to_string(), "rutter paths")
    }
}
