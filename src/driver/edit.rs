//! A command that a person types instead of the runbook's: what it may not hold, before anybody is asked for its guard.

use super::Driver;
use super::prepare::{CannotPrepare, Prepared};
use crate::engine::command::Refusal;
use crate::engine::event::Work;
use crate::runbook::edited::EditError;

/// Why a command cannot be replaced by what a person typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotEdit {
    /// A rule's no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is nothing to replace yet.
    #[error(transparent)]
    Prepare(#[from] CannotPrepare),
    /// The run only looks.
    #[error(
        "this run is read only, and a typed command may change something, whatever {0} does; run it as it is, or skip it"
    )]
    ReadOnly(Work),
    /// The text is no command.
    #[error(transparent)]
    Text(#[from] EditError),
}

impl Driver {
    /// Resolves a piece of work whose command a person means to replace, if anything may be typed for it at all.
    pub fn prepare_edit(&self, work: &Work) -> Result<Prepared, CannotEdit> {
        if self.read_only {
            return Err(CannotEdit::ReadOnly(work.clone()));
        }
        match self.run().in_the_way_of_edit(work) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(self.prepare(work)?),
        }
    }

    /// Puts what a person typed in the place of the command.
    pub fn edit(&self, prepared: &Prepared, text: &str, why: &str) -> Result<Prepared, CannotEdit> {
        Ok(prepared.edit(text, why)?)
    }
}
