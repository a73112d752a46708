//! `rutter note`: adds a note to a run from elsewhere.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::runs;
use crate::driver;
use crate::driver::{NoteTaken, SystemClock};
use crate::journal::identity::Identity;
use crate::journal::shelf::Shelf;
use std::io::Write;

/// Arguments of `rutter note`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter note 7F3K \"deploys frozen by tomas\"
  rutter note 7F3K --kind seen \"errors stopped at 03:12Z\"
  psql -c 'select 1' 2>&1 | rutter note 7F3K -

")]
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
pub fn run(args: Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let folder = runs::find(&shelf, Some(&args.run))?;
    let text = if args.text == "-" {
        std::io::read_to_string(std::io::stdin()).map_err(|e| {
            Failure::usage(format!("standard input cannot be read: {e}"), "give the note as TEXT")
        })?
    } else {
        args.text
    };
    if text.trim().is_empty() {
        return Err(Failure::usage("the note is empty", "rutter note RUN TEXT"));
    }
    let identity = Identity::observe(context.settings.operator.as_deref());
    let taken = driver::leave_note(&folder, &identity, &SystemClock, text.trim(), &args.kind)
        .map_err(|e| {
            let next = format!("rutter journal show {}", folder.short());
            Failure::new(Exit::Failed, e.to_string(), next)
        })?;
    let mut out = context.results();
    match taken {
        NoteTaken::Recorded(seq) => writeln!(out, "recorded as #{seq}")?,
        NoteTaken::Inbox(_) => writeln!(out, "left in the inbox")?,
    }
    Ok(Exit::Done)
}
