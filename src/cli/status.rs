//! `rutter status`: where the open runs stand.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::runs::not_found;
use crate::driver;
use crate::driver::{RunStatus, State};
use crate::engine::event::Mode;
use crate::journal::shelf::Shelf;
use crate::screen;
use std::io::Write;

/// Arguments of `rutter status`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter status                          open runs, and who has to do what
  rutter status --short                  one line, for a prompt or status bar
  rutter status --json

")]
pub struct Args {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// One short line, for prompts and status bars.
    #[arg(long, conflicts_with = "json")]
    pub short: bool,
}

/// Prints the open runs, one line each.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let runs = driver::statuses(&shelf).map_err(|e| not_found(&e))?;
    let open: Vec<&RunStatus> = runs.iter().filter(|run| run.state.is_open()).collect();
    let needed = open.iter().any(|run| run.state.needs_person() || run.not_taken_in > 0);
    let exit = if needed { Exit::Waiting } else { Exit::Done };
    Failure::after_telling(exit, tell(args, context, &open))
}

fn tell(args: &Args, context: &Context, open: &[&RunStatus]) -> Result<(), Failure> {
    let mut out = context.results();
    if args.json {
        let json = serde_json::json!({"version": 1, "runs": open});
        writeln!(out, "{json:#}")?;
    } else if args.short {
        writeln!(out, "{}", short(open))?;
    } else if open.is_empty() {
        writeln!(out, "No open runs.")?;
    } else {
        for run in open {
            long(&mut out, run)?;
        }
    }
    Ok(())
}

fn word(state: State) -> &'static str {
    match state {
        State::Running => "running",
        State::Waiting => "waits for a person",
        State::Unknown => "OUTCOME UNKNOWN",
        State::Closed(_) => "closed",
        State::NeverOpened => "never opened",
        State::Damaged => "DAMAGED",
    }
}

fn short(open: &[&RunStatus]) -> String {
    let count = |wanted: State| open.iter().filter(|run| run.state == wanted).count();
    let parts = [
        (count(State::Unknown), "unknown"),
        (count(State::Damaged), "damaged"),
        (count(State::Waiting), "waiting"),
        (count(State::Running), "running"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if parts.is_empty() { "no open runs".into() } else { parts.join(" ") }
}

fn long(out: &mut impl Write, run: &RunStatus) -> std::io::Result<()> {
    let mode = run.mode.map_or("?", Mode::word);
    let line =
        format!("{}  {mode}  {}  {}  {}", run.short, run.environment, run.runbook, word(run.state));
    writeln!(out, "{}", screen::line(&line))?;
    writeln!(out, "      {}", screen::line(&run.needs))?;
    if run.open_changes > 0 {
        writeln!(out, "      open changes: {}", run.open_changes)?;
    }
    match run.state {
        State::Damaged => writeln!(out, "      look: rutter journal verify {}", run.short),
        _ => writeln!(out, "      go on: rutter resume {}", run.short),
    }
}
