//! A command that a person types instead of the runbook's: what it may not hold, before anybody is asked for its guard.

use super::Driver;
use super::prepare::{CannotPrepare, Prepared};
use crate::engine::command::Refusal;
use crate::engine::event::Work;
use crate::exec::redact;
use crate::journal::record::MAX_RECORD;
use crate::runbook::edited::EditError;

/// Left in the record for what is typed after the command: its reason, its guard, and who they are.
const ROOM: usize = 8 << 10;

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
    /// A secret was typed. Words of a command are for every process on the machine to see, and lie in the run's folder.
    #[error("leave out ‹secret:{name}›{}", given_as(given))]
    Secret {
        /// Its name.
        name: String,
        /// The variables that the step is given it in, or its path.
        given: Vec<String>,
    },
    /// What is shown and what was written find no room in one record.
    #[error(
        "it is too long to be recorded: {size} bytes with what the runbook has; the most is {most}. Shorten it"
    )]
    TooLong {
        /// So long it is, as it would be written.
        size: usize,
        /// So long it may be.
        most: usize,
    },
}

fn given_as(given: &[String]) -> String {
    const SEEN: &str = "what is typed can be read by everybody here";
    if given.is_empty() {
        format!(
            ": this step is not given it, and {SEEN}. Run it by hand, then skip the step with what you saw"
        )
    } else {
        format!(", it is given in {}; {SEEN}, and lies in the run's folder", given.join(", "))
    }
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
        let changed = prepared.edit(text, why)?;
        let written =
            |text: &str| serde_json::to_string(text).map_or(text.len(), |json| json.len());
        let runbook = changed.edited.as_ref().map_or(0, |edited| written(&edited.runbook));
        let (size, most) = (written(&changed.shown) + runbook, MAX_RECORD - ROOM);
        if size > most {
            return Err(CannotEdit::TooLong { size, most });
        }
        self.holds_no_secret(&changed)?;
        Ok(changed)
    }

    /// Checks that no secret stands in what a person typed; what the runbook wrote cannot hold one.
    pub(super) fn holds_no_secret(&self, prepared: &Prepared) -> Result<(), CannotEdit> {
        if prepared.edited.is_none() {
            return Ok(());
        }
        let secrets = self.secrets_at_hand();
        let typed = prepared.program_texts();
        let found = typed.iter().find_map(|text| redact::found_in(&secrets, text));
        match found {
            Some(name) => {
                let given = prepared.given_in(&name);
                Err(CannotEdit::Secret { name, given })
            }
            None => Ok(()),
        }
    }
}
