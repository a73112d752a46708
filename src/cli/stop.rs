//! `rutter stop`: stops a run on purpose.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter stop`.
#[derive(Debug, clap::Args)]
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
pub fn run(_args: Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`stop` is not built yet in this commit", "rutter help"))
}
