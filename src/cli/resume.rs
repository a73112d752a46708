//! `rutter resume`: goes on with a run.

use super::context::Context;
use super::exit::Exit;
use super::faces;
use super::faces::Face;
use super::failure::Failure;
use super::runs;
use crate::journal::shelf::Shelf;
use crate::rehearsal::Pace;

/// Arguments of `rutter resume`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter resume                          go on where it stopped
  rutter resume 7F3K                     one of several
  rutter resume 7F3K --take              take it over from another terminal

")]
pub struct Args {
    /// The run: its short id, or as much of its name as is unique. Not needed while only one is open.
    pub run: Option<String>,
    /// Take the run over from the terminal that holds it.
    #[arg(long)]
    pub take: bool,
    /// Take every answer from FILE.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<std::path::PathBuf>,
    /// Confirm a destructive step without a terminal, by its exact target. May be given several times.
    #[arg(long, value_name = "TARGET")]
    pub confirm: Vec<String>,
}

/// Goes on with a run.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let folder = runs::find(&shelf, args.run.as_deref())?;
    let face = faces::choose(context, args.answers.as_deref(), &args.confirm)?;
    let mut driver = runs::resume(context, &folder, face.name(), args.take)
        .map_err(|error| runs::failure(context, &folder, &error))?;
    if matches!(face, Face::Headless(..)) {
        driver.set_pace(Pace::AtOnce); // a file of answers has nobody to wait for
    }
    faces::walk(driver, face, context)
}
