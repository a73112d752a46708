//! A command being changed by a person.

use super::key::{Key, typed};
use crate::driver::Prepared;
use tui_textarea::{CursorMove, Input, TextArea};

/// A command being changed, beside what the runbook has.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What the runbook would run.
    pub prepared: Box<Prepared>,
    /// The text as it stands now.
    pub text: TextArea<'static>,
}

impl Edit {
    /// Begins with the command as the runbook has it, the cursor at its end.
    pub fn new(prepared: Box<Prepared>) -> Self {
        let lines = prepared.text().lines().map(ToOwned::to_owned).collect();
        let mut text = TextArea::new(lines);
        text.move_cursor(CursorMove::Bottom);
        text.move_cursor(CursorMove::End);
        Self { prepared, text }
    }

    /// Returns the text.
    pub fn words(&self) -> String {
        let mut text = self.text.lines().join("\n");
        // The end of the last line is no line of its own in the area.
        if self.prepared.text().ends_with('\n') {
            text.push('\n');
        }
        text
    }

    /// Tells whether it is about the same command, so that a text that was left can be taken up again.
    pub fn same_as(&self, other: &Self) -> bool {
        self.prepared.work == other.prepared.work && self.prepared.digest == other.prepared.digest
    }

    /// Types a key; false if it is none that can be typed.
    pub fn type_key(&mut self, key: Key) -> bool {
        if key == Key::Enter {
            let enter = tui_textarea::Key::Enter;
            self.text.input(Input { key: enter, ctrl: false, alt: false, shift: false });
            return true;
        }
        let Some(input) = typed(key) else { return false };
        self.text.input(input);
        true
    }
}
