//! `rutter check`: looks for mistakes in runbooks.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files or folders; every runbook that can be found when none is given.
    #[arg(value_name = "PATH")]
    paths: Vec<std::path::PathBuf>,
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Checks runbooks.
pub fn run(_args: &Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`check` is not built yet in this commit", "rutter help"))
}
