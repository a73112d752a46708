//! Words that people type: secrets in them are masked before they become facts.

use super::Driver;
use crate::engine::command::Command;
use crate::engine::event::{Guard, Proof};

impl Driver {
    /// Masks known secrets in the free text of a command. Values, targets and choices stay: they are checked by type,
    /// and a changed one would no longer be what was shown.
    pub(super) fn masked(&self, command: &Command) -> Command {
        let mut command = command.clone();
        match &mut command {
            Command::Tick { said: text, guard, .. } => {
                self.mask(text);
                self.mask_guard(guard);
            }
            Command::Start { guard, override_reason, edited, shown, .. } => {
                self.mask_guard(guard);
                if let Some(text) = override_reason {
                    self.mask(text);
                }
                if let Some(edited) = edited {
                    // Written by a person, unlike any other command.
                    self.mask(&mut edited.why);
                    self.mask(shown);
                }
            }
            Command::Settle { proof: Proof::Attested { how: text }, .. }
            | Command::Answer { why: text, .. }
            | Command::Decide { why: text, .. }
            | Command::Skip { reason: text, .. }
            | Command::Defer { reason: text, .. }
            | Command::Clear { how: text, .. }
            | Command::SettleTakenOver { how: text, .. }
            | Command::Note { text, .. }
            | Command::Hold { reason: text }
            | Command::Leave { why: text, .. }
            | Command::Stop { reason: text, .. }
            | Command::GoOn { reason: text, .. } => self.mask(text),
            Command::Open(_)
            | Command::Give { .. }
            | Command::Started { .. }
            | Command::Ended { .. }
            | Command::Lost { .. }
            | Command::Interrupt { .. }
            | Command::Settle { proof: Proof::Verified, .. }
            | Command::TakeUp { .. }
            | Command::Fix { .. }
            | Command::Resume { .. }
            | Command::Close => {}
        }
        command
    }

    fn mask(&self, text: &mut String) {
        *text = self.redact(text);
    }

    fn mask_guard(&self, guard: &mut Guard) {
        if let Guard::Witnessed { reason, .. } = guard {
            self.mask(reason);
        }
    }
}
