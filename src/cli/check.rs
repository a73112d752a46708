//! `rutter check`: looks for mistakes in runbooks.

use super::checked::Checked;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::findings;
use super::library::{Entry, Library, ReadError};
use crate::screen;
use chrono::Utc;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `rutter check`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter check                           every runbook that can be found
  rutter check runbooks/ --strict        fail on warnings too, as in CI
  rutter check ./move-shop --format json

")]
pub struct Args {
    /// Runbooks, folders of runbooks, or names; every runbook that can be found
    /// when none is given.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
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

/// Checks runbooks; everything that is wrong is told at once.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let today = Some(Utc::now().date_naive());
    let mut library = context.library()?;
    let (entries, unreadable) = chosen(args, &library)?;
    for path in &args.paths {
        library.know_around(path);
    }
    let mut messages = context.messages();
    for error in &unreadable {
        writeln!(messages, "error: {}\n", screen::line(error.to_string()))?;
    }
    let checked: Vec<Checked> =
        entries.iter().map(|entry| Checked::of(entry, &library, today)).collect();
    let sum = |(e, w): (usize, usize), checked: &Checked| {
        let (errors, warnings) = checked.counts();
        (e + errors, w + warnings)
    };
    let (errors, warnings) = checked.iter().fold((unreadable.len(), 0), sum);
    let failed = errors > 0 || (args.strict && warnings > 0);
    let exit = if failed { Exit::Invalid } else { Exit::Done };
    let told = tell(args, context, &checked, (errors, warnings));
    Failure::after_telling(exit, told)
}

fn tell(
    args: &Args,
    context: &Context,
    checked: &[Checked],
    (errors, warnings): (usize, usize),
) -> Result<(), Failure> {
    let findings = checked.iter().flat_map(|checked| &checked.findings);
    let mut out = context.results();
    match args.format {
        Format::Json => {
            let findings: Vec<_> = findings.map(findings::json).collect();
            let (v, runbooks) = (1, checked.len());
            let report = json!({
                "v": v, "runbooks": runbooks, "errors": errors, "warnings": warnings, "findings": findings,
            });
            writeln!(out, "{report:#}")?;
        }
        Format::Text => {
            for finding in findings {
                writeln!(out, "{}\n", findings::told(finding, context.colour_results()))?;
            }
            let plural = if checked.len() == 1 { "" } else { "s" };
            let count = findings::count(errors, warnings);
            writeln!(out, "{} runbook{plural} checked: {count}", checked.len())?;
        }
    }
    Ok(())
}

/// Returns the runbooks that were asked for, and why others of them cannot be read.
fn chosen(args: &Args, library: &Library) -> Result<(Vec<Entry>, Vec<ReadError>), Failure> {
    let mut found: Vec<Result<Entry, ReadError>> = Vec::new();
    if args.paths.is_empty() {
        found.extend(library.entries());
    }
    for path in &args.paths {
        match library.at(path) {
            Ok(at) => found.extend(at),
            // What is no path may be a name.
            Err(no_path) => match library.find(&path.to_string_lossy()) {
                Ok(entry) => found.push(Ok(entry)),
                Err(_) => return Err(no_path.into()),
            },
        }
    }
    let (mut entries, mut unreadable) = (Vec::new(), Vec::new());
    for one in found {
        match one {
            Ok(entry) => entries.push(entry),
            Err(error) => unreadable.push(error),
        }
    }
    Ok((entries, unreadable))
}
