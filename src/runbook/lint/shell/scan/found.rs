//! What the reader of shell text finds.

use std::ops::Range;

/// Something worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A value, `$RB_…`.
    Value {
        /// The variable's name.
        name: String,
        /// Where it stands.
        context: Context,
        /// The command whose argument or input it is part of; empty where there is none, or where the text it is in
        /// is not one that this command would read as a program.
        command: String,
        /// Its bytes.
        range: Range<usize>,
    },
    /// The word `eval` where a command stands.
    Eval(Range<usize>),
    /// What bash knows and other shells do not: `[[`, an array, `<<<`, `<( … )`.
    Bash(Range<usize>),
    /// A `|` between two commands.
    Pipe {
        /// What is before it only prints: it has nothing to fail at.
        harmless: bool,
        /// Its bytes.
        range: Range<usize>,
    },
}

impl Piece {
    /// Returns its bytes.
    pub fn range(&self) -> Range<usize> {
        match self {
            Self::Value { range, .. }
            | Self::Eval(range)
            | Self::Bash(range)
            | Self::Pipe { range, .. } => range.clone(),
        }
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Open to splitting and globbing.
    Bare,
    /// Within double quotes, or where the shell does not split.
    Quoted,
    /// Within `$(( … ))`, `(( … ))` or after `let`.
    Arithmetic,
    /// Beside `-eq` and its like within `[[ … ]]`.
    NumberTest,
    /// Within a here-document whose end word is not quoted.
    Heredoc,
}

/// One program with its words, as bytes of the script. What the shell takes for itself is left out: redirections and
/// their files, and broken lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simple {
    /// Its words, quotes and all; keywords and assignments may come first.
    pub words: Vec<Range<usize>>,
    /// Where its output goes.
    pub output: Output,
    /// Another command reads its output.
    pub piped: bool,
    /// The here-document that it reads.
    pub input: Option<Range<usize>>,
    /// The function that it is part of.
    pub function: Option<String>,
}

/// Where the output of a command in a script goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// To where the script's own goes.
    #[default]
    Shown,
    /// Into a file, a variable or another command.
    Kept,
    /// Nowhere.
    Dropped,
}
