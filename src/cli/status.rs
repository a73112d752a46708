//! `rutter status`: where the open runs stand.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter status`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// One short line, for prompts and status bars.
    #[arg(long, conflicts_with = "json")]
    pub short: bool,
}

/// Prints the open runs, one line each.
pub fn run(_args: &Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`status` is not built yet in this commit", "rutter help"))
}
