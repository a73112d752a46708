//! `rutter journal`: reads, proves and exports journals.

mod export;
mod head;
mod list;
mod load;
mod output;
mod show;
mod verify;

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use crate::report::debrief::text;
use std::io::{self, Write};

/// Arguments of `rutter journal`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter journal show                   what happened in the newest run
  rutter journal show 7F3K --debrief    what a rehearsal leaves to talk about
  rutter journal verify 7F3K            what its journal proves
  rutter journal export 7F3K -o run.md  a report for the review

")]
pub struct Args {
    /// What to do with journals.
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List all runs, newest first.
    List(list::Args),
    /// Print what happened in a run.
    Show(show::Args),
    /// Prove that a journal is whole, and say how far the proof reaches.
    #[command(after_help = "\
Exit codes: 0 closed and anchored to its end; 6 intact, but open or not
anchored to its end; 7 broken, torn, contradicted, or a file beside it differs;
2 not readable.")]
    Verify(verify::Args),
    /// Print the code that stands for a journal as it is now, to keep elsewhere.
    Head(head::Args),
    /// Write a report of a run.
    Export(export::Args),
}

/// Writes the debrief of a rehearsal; nothing for a live run.
pub fn debrief(out: &mut impl Write, context: &Context, run: &str) -> io::Result<()> {
    let loaded = load::run(context, Some(run)).ok();
    match loaded.and_then(|loaded| loaded.debrief()) {
        Some(debrief) => write!(out, "\n{}", text::render(&debrief)),
        None => Ok(()),
    }
}

/// Reads, proves and exports journals.
pub fn run(args: Args, context: &Context) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(args) => list::run(&args, context),
        Verb::Show(args) => show::run(&args, context),
        Verb::Verify(args) => verify::run(&args, context),
        Verb::Head(args) => head::run(&args, context),
        Verb::Export(args) => export::run(&args, context),
    }
}
