//! `rutter done`: says that what was put off in a closed run was done since.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::runs;
use crate::driver;
use crate::driver::{LaterError, SystemClock};
use crate::journal::identity::Identity;
use crate::journal::shelf::Shelf;
use crate::screen;
use std::io::Write;

/// Arguments of `rutter done`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter status                          what is due, and in which run
  rutter done 7F3K drop-old \"dropped after the review, ticket 4812\"
  rutter journal show 7F3K               the run, and what was done since

")]
pub struct Args {
    /// The closed run: its short id, or as much of its name as is unique.
    pub run: String,
    /// The step that was put off: its id or number.
    pub step: String,
    /// What was done.
    pub text: String,
}

/// Records it beside the closed journal, which stays as it is.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let folder = runs::find(&shelf, Some(&args.run))?;
    let said = args.text.trim();
    if said.is_empty() {
        return Err(Failure::usage("what was done is not said", "rutter done RUN STEP TEXT"));
    }
    let identity = Identity::observe(context.settings.operator.as_deref());
    let done = driver::done_later(&folder, &identity, &SystemClock, args.step.trim(), said)
        .map_err(|error| failure(&error, folder.short()))?;
    let line =
        format!("recorded beside {}: {} done {}", folder.short(), done.step, done.in_words());
    writeln!(context.results(), "{}", screen::line(&line))?;
    Ok(Exit::Done)
}

fn failure(error: &LaterError, short: &str) -> Failure {
    let (exit, next) = match error {
        LaterError::Open => (Exit::Usage, format!("rutter resume {short}")),
        LaterError::Rehearsal | LaterError::NotPutOff { .. } => {
            (Exit::Usage, "rutter status".to_owned())
        }
        LaterError::Damaged(_) => (Exit::JournalBroken, format!("rutter journal verify {short}")),
        LaterError::Already { .. } => (Exit::Failed, format!("rutter journal show {short}")),
        LaterError::Held => (Exit::Waiting, "give the command again".to_owned()),
        LaterError::Io(_) => (Exit::Failed, "rutter paths".to_owned()),
    };
    let failure = Failure::new(exit, error.to_string(), next);
    let LaterError::NotPutOff { waits, .. } = error else { return failure };
    waits.iter().fold(failure, |failure, due| {
        failure.because(format!("put off: {} {} ({})", due.number, due.title, due.step))
    })
}
