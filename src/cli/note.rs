//! `rutter note`: adds a note to a run from elsewhere.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter note`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The run: its short id, or as much of its name as is unique.
    pub run: String,
    /// The note; `-` reads it from standard input.
    pub text: String,
    /// What sort of note it is.
    #[arg(long, value_name = "KIND", default_value = "note")]
    pub kind: String,
}

/// Adds a note.
pub fn run(_args: Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`note` is not built yet in this commit", "rutter help"))
}
