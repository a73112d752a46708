//! `rutter list`: the runbooks, one line each.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;

/// Arguments of `rutter list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those where every word occurs in name, title, system or symptoms.
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Lists the runbooks.
pub fn run(_args: &Args, _context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("`list` is not built yet in this commit", "rutter help"))
}

/// Prints what there is when no command was given.
pub fn home(_context: &Context) -> Result<Exit, Failure> {
    Err(Failure::usage("the home screen is not built yet in this commit", "rutter help"))
}
