//! `rutter journal list`: all runs, newest first.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use crate::engine::event::{ClosedAs, Event};
use crate::journal::file;
use crate::journal::scan::{End, Reading};
use crate::journal::shelf::{RunFolder, Shelf};
use crate::report::escape;
use crate::report::fact::{Fact, events};
use crate::report::words;
use serde::Serialize;
use std::io;
use std::io::Write;

/// Arguments of `rutter journal list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// One run, as far as its journal can be read.
#[derive(Debug, Default, Serialize)]
struct Row {
    run: String,
    short: String,
    opened: Option<String>,
    mode: Option<&'static str>,
    environment: Option<String>,
    runbook: Option<String>,
    state: String,
    records: usize,
}

/// Lists all runs. A run that cannot be read is a line that says so, and hides no other.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let runs = shelf.list().map_err(|e| Failure::usage(e.to_string(), "rutter paths"))?;
    let rows: Vec<Row> = runs.iter().map(row).collect();
    let mut out = context.results();
    if args.json {
        let json = serde_json::json!({"version": 1, "runs": rows});
        writeln!(out, "{json:#}")?;
    } else if rows.is_empty() {
        writeln!(out, "No runs yet. Their journals will lie in {}", shelf.path().display())?;
    } else {
        print(&mut out, &rows)?;
    }
    Ok(Exit::Done)
}

fn row(run: &RunFolder) -> Row {
    let mut row = Row { run: run.name.clone(), short: run.short().to_owned(), ..Row::default() };
    match file::read::<Fact>(&run.path) {
        Ok(reading) => fill(&mut row, &reading),
        Err(e) if e.kind() == io::ErrorKind::NotFound => row.state = "no journal".into(),
        Err(e) => row.state = format!("NOT READABLE: {e}"),
    }
    row
}

fn fill(row: &mut Row, reading: &Reading<Fact>) {
    row.records = reading.records.len();
    row.opened = reading.records.first().map(|record| words::day_and_time(record.at));
    let mut state = if row.records == 0 { "never opened" } else { "open" }.to_owned();
    for (_, event) in events(&reading.records) {
        match event {
            Event::RunOpened(opened) => {
                row.mode = Some(opened.mode.word());
                row.environment = Some(opened.environment.clone());
                row.runbook = Some(opened.runbook.clone());
            }
            Event::RunClosed { as_, .. } => closed(*as_).clone_into(&mut state),
            _ => {}
        }
    }
    row.state = match &reading.end {
        End::Clean => state,
        End::Torn(_) => format!("{state}, torn tail"),
        End::Bad { seq, .. } => format!("DAMAGED at record {seq}"),
    };
}

fn closed(as_: ClosedAs) -> &'static str {
    match as_ {
        ClosedAs::Done => "done",
        ClosedAs::Failed => "failed",
        ClosedAs::Stopped => "stopped",
        ClosedAs::HandedOver => "handed over",
        ClosedAs::ContinuedIn => "continued",
    }
}

fn print(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    let text = |value: &Option<String>| escape::line(value.as_deref().unwrap_or("?"));
    let table: Vec<[String; 6]> = rows
        .iter()
        .map(|row| {
            let runbook = row.runbook.as_ref().unwrap_or(&row.run);
            [
                escape::line(&row.short),
                text(&row.opened),
                row.mode.unwrap_or("?").to_owned(),
                text(&row.environment),
                escape::line(runbook),
                format!(
                    "{}, {}",
                    escape::line(&row.state),
                    words::count(row.records as u64, "record", "records")
                ),
            ]
        })
        .collect();
    let width =
        |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    for row in &table {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell:width$}  ")?;
        }
        writeln!(out, "{}", row[5])?;
    }
    Ok(())
}
