//! `rutter plan`: says what would run.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter plan`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// `system/name`, a name while it is unique, or a path.
    pub runbook: String,
    /// Values.
    #[command(flatten)]
    pub values: super::run::ValueArgs,
}

/// Prints the resolved commands.
pub fn run(_args: &Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`plan` is not built yet in this commit", "rutter help"))
}
