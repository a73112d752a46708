//! `rutter status`: where the open runs stand.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::onward;
use super::runs::not_found;
use crate::driver;
use crate::driver::{Clock, RunStatus, State, SystemClock};
use crate::engine::deferral::Due;
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
    let mut handed = driver::not_taken_up(&runs);
    handed.retain(|run| run.mode == Some(Mode::Live)); // a drill that nobody went on with left nothing behind
    let needed = open.iter().any(|run| run.state.needs_person() || run.not_taken_in > 0);
    let needed = needed || !handed.is_empty();
    let exit = if needed { Exit::Waiting } else { Exit::Done };
    Failure::after_telling(exit, tell(args, context, &open, &handed, &runs))
}

fn tell(
    args: &Args,
    context: &Context,
    open: &[&RunStatus],
    handed: &[&RunStatus],
    all: &[RunStatus],
) -> Result<(), Failure> {
    let mut out = context.results();
    let due = driver::due_now(all, SystemClock.stamp().at);
    let later =
        || all.iter().flat_map(|run| run.left_for_later().iter().map(move |due| (run, due)));
    if args.json {
        let deferred: Vec<_> = later()
            .map(|(run, due)| serde_json::json!({"run": run.run, "runbook": run.runbook, "deferred": due}))
            .collect();
        let json = serde_json::json!({"version": 1, "runs": open, "not_taken_up": handed, "deferred": deferred});
        writeln!(out, "{json:#}")?;
        return Ok(());
    }
    if args.short {
        let due = if due.is_empty() { String::new() } else { format!(" {} due", due.len()) };
        let handed =
            if handed.is_empty() { String::new() } else { format!(" {} to take up", handed.len()) };
        writeln!(out, "{}{handed}{due}", short(open))?;
        return Ok(());
    }
    if open.is_empty() {
        writeln!(out, "No open runs.")?;
    }
    let is_due = |run: &RunStatus, one: &Due| {
        due.iter().any(|(of, due)| of.run == run.run && due.step == one.step)
    };
    for run in open {
        long(&mut out, run, &|one| is_due(run, one))?;
    }
    for run in handed {
        goes_on(&mut out, run, context)?;
    }
    for (run, one) in later() {
        let word = if is_due(run, one) { "DUE     " } else { "DEFERRED" };
        let said = format!("{word} {}  {}  {}", run.short, run.runbook, in_words(one));
        writeln!(out, "{}", screen::line(&said))?;
        if is_due(run, one) {
            writeln!(out, "      when it is done: rutter done {} {} TEXT", run.short, one.step)?;
        }
    }
    Ok(())
}

fn in_words(due: &Due) -> String {
    format!("{} {}, due {}: {}", due.number, due.title, due.due, due.reason)
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

fn long(
    out: &mut impl Write,
    run: &RunStatus,
    is_due: &dyn Fn(&Due) -> bool,
) -> std::io::Result<()> {
    let mode = run.mode.map_or("?", Mode::word);
    let line =
        format!("{}  {mode}  {}  {}  {}", run.short, run.environment, run.runbook, word(run.state));
    writeln!(out, "{}", screen::line(&line))?;
    writeln!(out, "      {}", screen::line(&run.needs))?;
    if run.open_changes > 0 {
        writeln!(out, "      open changes: {}", run.open_changes)?;
    }
    for open in run.left_open.iter().filter(|open| open.run != run.run) {
        writeln!(
            out,
            "      taken over: {}",
            screen::line(format!("{open}; {}", open.way_back()))
        )?;
    }
    for due in &run.deferred {
        let word = if is_due(due) { "DUE" } else { "deferred:" };
        writeln!(out, "      {word} {}", screen::line(in_words(due)))?;
    }
    match run.state {
        State::Damaged => writeln!(out, "      look: rutter journal verify {}", run.short),
        _ => writeln!(out, "      go on: rutter resume {}", run.short),
    }
}

/// Says a hand-over that nobody took: where it goes on, what stays open meanwhile, and the command.
fn goes_on(out: &mut impl Write, run: &RunStatus, context: &Context) -> std::io::Result<()> {
    let there = run.goes_on.as_deref().unwrap_or_default();
    let line = format!(
        "{}  LIVE  {}  {}  GOES ON in {there}, not taken up",
        run.short, run.environment, run.runbook
    );
    writeln!(out, "{}", screen::line(&line))?;
    for open in &run.left_open {
        let said = format!("open change: {open}; {}", open.way_back());
        writeln!(out, "      {}", screen::line(&said))?;
    }
    match onward::command_for(run, context) {
        Ok(told) => {
            for why in &told.left_out {
                writeln!(out, "      not taken over: {}", screen::line(why))?;
            }
            writeln!(out, "      go on: {}", screen::strict(&told.command))
        }
        Err(failure) => writeln!(out, "      BUT {}", screen::line(failure.in_one_line())),
    }
}
