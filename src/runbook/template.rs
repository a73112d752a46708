//! Text with places for values, and how values fill it: once, in place, never re-read.

use super::place::Place;

/// A piece of a text or word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Written text.
    Lit(String),
    /// A place for the value of this name.
    Var {
        /// The name as written: `server`, `run.work`.
        name: String,
        /// True for `{{ xs... }}`: one word per item.
        spread: bool,
        /// Where `{{ … }}` stands.
        place: Place,
    },
}

/// A text for people or files, with places for values.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its pieces.
    pub parts: Vec<Part>,
    /// Where it stands.
    pub place: Place,
}

/// One word of a command line, with places for values; a value never makes a second word
/// except a list in a last `{{ xs... }}`.
#[derive(Clone, Debug)]
pub struct Word {
    /// Its pieces, quotes removed.
    pub parts: Vec<Part>,
    /// Where it stands.
    pub place: Place,
}
