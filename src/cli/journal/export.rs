//! `rutter journal export`: a report of a run.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::load;
use crate::report::{json, markdown};
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `rutter journal export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The run; the newest when left out.
    run: Option<String>,
    /// What to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Where to write it; `-` is standard output. A file that is there already is not overwritten.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// Markdown, in the order of a review.
    #[default]
    Md,
    /// Every record as it was written.
    Json,
}

/// Writes a report. What is broken is reported as far as it holds, and says so.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let loaded = load::run(context, args.run.as_deref())?;
    let text = match args.format {
        Format::Md => markdown::render(&loaded.report(), &loaded.verdict),
        Format::Json => json::render(&loaded.entries, &loaded.verdict).map_err(|e| {
            Failure::new(
                Exit::Bug,
                format!("the records make no JSON: {e}"),
                "rutter journal show RUN",
            )
        })?,
    };
    if args.output.as_os_str() == "-" {
        context.results().write_all(text.as_bytes())?;
        return Ok(loaded.exit());
    }
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.output)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    match written {
        Ok(()) => Ok(loaded.exit()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(Failure::usage(
            format!("{} is there already and is not overwritten", args.output.display()),
            "Name another file with -o",
        )),
        Err(e) => Err(Failure::new(
            Exit::Failed,
            format!("{} cannot be written: {e}", args.output.display()),
            "Name another file with -o, or write to standard output: -o -",
        )),
    }
}
