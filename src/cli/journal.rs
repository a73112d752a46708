//! `rutter journal`: reads, proves and exports journals.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter journal`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Reads, proves and exports journals.
pub fn run(_args: Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`journal` is not built yet in this commit", "rutter help"))
}
