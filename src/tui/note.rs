//! A note being written.

use super::key::{Key, typed};
use tui_textarea::{Input, TextArea};

/// What a note is about. The words are those of `rutter note --kind`.
pub const KINDS: [&str; 7] = ["seen", "said", "did", "told", "decided", "todo", "question"];

/// A note being written.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its text.
    pub text: TextArea<'static>,
    /// Which of [`KINDS`].
    pub kind: usize,
}

impl Note {
    /// Begins an empty one.
    pub fn new() -> Self {
        Self { text: TextArea::default(), kind: 0 }
    }

    /// Returns its text.
    pub fn words(&self) -> String {
        self.text.lines().join("\n").trim().to_owned()
    }

    /// Returns what it is about.
    pub fn kind(&self) -> &'static str {
        KINDS[self.kind % KINDS.len()]
    }

    /// Changes what it is about.
    pub fn turn(&mut self, forward: bool) {
        let step = if forward { 1 } else { KINDS.len() - 1 };
        self.kind = (self.kind + step) % KINDS.len();
    }

    /// Types a key; false if it is none that can be typed.
    pub fn type_key(&mut self, key: Key) -> bool {
        if key == Key::Enter {
            self.text.input(Input {
                key: tui_textarea::Key::Enter,
                ctrl: false,
                alt: false,
                shift: false,
            });
            return true;
        }
        let Some(input) = typed(key) else { return false };
        self.text.input(input);
        true
    }
}

impl Default for Note {
    fn default() -> Self {
        Self::new()
    }
}
