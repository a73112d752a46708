//! `rutter journal head`: the code to keep elsewhere.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::load;
use crate::journal::code;
use crate::journal::shelf;
use crate::report::escape;
use std::io::Write;

/// Arguments of `rutter journal head`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The run; the newest when left out.
    run: Option<String>,
}

/// Prints run, record and code in one line, fit to be pasted into the incident channel.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let loaded = load::run(context, args.run.as_deref())?;
    let verdict = &loaded.verdict;
    if verdict.is_broken() {
        // A code of what is left would vouch for a journal that has lost or changed something.
        let failure = Failure::new(
            Exit::JournalBroken,
            format!("this journal does not hold: {}", verdict.sentence()),
            "rutter journal verify RUN",
        );
        return Err(verdict.details().into_iter().fold(failure, Failure::because));
    }
    let Some(head) = verdict.head else {
        return Err(Failure::usage("the journal has no record yet", "rutter journal list"));
    };
    let short = escape::line(shelf::short(verdict.run.as_deref().unwrap_or_default()));
    writeln!(context.results(), "{short} #{} {}", head.seq, code::of(&head.h))?;
    Ok(Exit::Done)
}
