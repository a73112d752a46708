//! `rutter show`: reads a runbook.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// `system/name`, a name while it is unique, or a path.
    runbook: String,
    /// Only this step: its number (`3.2`) or its id.
    #[arg(long)]
    step: Option<String>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a runbook is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, 80 columns.
    Text,
    /// For programs.
    Json,
}

/// Prints a runbook.
pub fn run(_args: &Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`show` is not built yet in this commit", "rutter help"))
}
