//! `rutter stop`: stops a run on purpose.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::runs;
use crate::driver::{Clock, ResumeError, SystemClock};
use crate::engine::command::Command;
use crate::journal::identity::Identity;
use crate::journal::inbox;
use crate::journal::inbox::Asks;
use crate::journal::shelf::Shelf;
use crate::runbook::model::StopAs;
use std::io::Write;

/// Arguments of `rutter stop`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter stop 7F3K --reason \"the release was taken back by hand\"
  rutter stop 7F3K --as handed-over --reason \"day shift goes on, ticket 4812\"
  rutter status                          what is still open after that

")]
pub struct Args {
    /// The run: its short id, or as much of its name as is unique.
    pub run: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// How it is recorded.
    #[arg(long = "as", value_enum, default_value_t = As::Failed, value_name = "HOW")]
    pub as_: As,
}

/// How a stopped run is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum As {
    /// It did not reach its goal.
    Failed,
    /// Somebody else goes on.
    HandedOver,
}

/// Stops a run.
pub fn run(args: Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let folder = runs::find(&shelf, Some(&args.run))?;
    let as_ = match args.as_ {
        As::Failed => StopAs::Failed,
        As::HandedOver => StopAs::HandedOver,
    };
    let mut out = context.results();
    let mut driver = match runs::resume(context, &folder, "stop", false) {
        Ok(driver) => driver,
        Err(ResumeError::Busy(_)) => {
            let identity = Identity::observe(context.settings.operator.as_deref());
            let asks = Asks::Stop { reason: args.reason };
            inbox::leave(&folder.path, &identity, &SystemClock.stamp(), asks).map_err(|e| {
                Failure::new(
                    Exit::Failed,
                    format!("the inbox cannot be written: {e}"),
                    "rutter status",
                )
            })?;
            writeln!(out, "another terminal holds this run; it was asked to stop it")?;
            return Ok(Exit::Done);
        }
        Err(error) => return Err(runs::failure(context, &folder, &error)),
    };
    let answer =
        driver.handle(&Command::Stop { as_, reason: args.reason }).map_err(|e| runs::broken(&e))?;
    if let Err(refusal) = answer {
        let next = format!("rutter resume {}", folder.short());
        return Err(Failure::new(Exit::Failed, refusal.to_string(), next));
    }
    writeln!(out, "stopped {}", driver.name())?;
    runs::farewell(&mut out, &driver)?;
    Ok(Exit::Done)
}
