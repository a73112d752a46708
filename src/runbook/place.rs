//! Where something stands in a file a person wrote, and what is wrong there.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A byte range in a source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> At<T> {
    /// Joins a value to its place.
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for At<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A file a person wrote: the name to show, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as it is shown to people.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// Joins a shown name to a text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Returns line and column of a byte, both counted from 1; columns count characters.
    pub fn line_column(&self, byte: u32) -> (usize, usize) {
        let mut at = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        (line, before[start..].chars().count() + 1)
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A habit that will hurt; `check --strict` fails on it.
    Warning,
    /// The file cannot be used.
    Error,
}

/// One thing that is wrong in a file: where, what, why, and what to do.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A stable id: `RB012` for errors of form, `RL012` for lints of meaning, `SC012` for scenarios, `AN…` for answers.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub source: Source,
    /// Where in it.
    pub place: Place,
    /// What is wrong, as a lower-case fragment: `unknown key `timout``.
    pub what: String,
    /// Why it matters or what was expected: the label beside the caret.
    pub why: String,
    /// What to do next, a whole sentence.
    pub next: String,
}
