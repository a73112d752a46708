//! `rutter journal show`: what happened in a run.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::load::{self, Loaded};
use super::output;
use crate::journal::code;
use crate::report::debrief::text;
use crate::report::escape;
use crate::report::model::Report;
use crate::report::timeline::{Level, Line};
use crate::report::words;
use std::io;
use std::io::Write;

/// Arguments of `rutter journal show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The run; the newest when left out.
    run: Option<String>,
    /// Print the recorded output of a step instead, by its id or number.
    #[arg(long, value_name = "STEP")]
    output: Option<String>,
    /// Print the debrief of a rehearsal instead.
    #[arg(long, conflicts_with_all = ["output", "all"])]
    debrief: bool,
    /// Also print reads, ticks and values.
    #[arg(long, conflicts_with = "output")]
    all: bool,
}

/// Prints the timeline of a run, or the recorded output of a step.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let loaded = load::run(context, args.run.as_deref())?;
    if args.debrief {
        let Some(debrief) = loaded.debrief() else {
            let what = "this was no rehearsal, and a live run is not marked";
            return Err(Failure::usage(what, "rutter journal export RUN"));
        };
        write!(context.results(), "{}", text::render(&debrief))?;
        return Ok(loaded.exit());
    }
    let report = loaded.report();
    let mut out = context.results();
    match &args.output {
        Some(step) => output::print(&mut out, &loaded, &report, step)?,
        None => timeline(&mut out, &loaded, &report, args.all)?,
    }
    Ok(loaded.exit())
}

fn timeline(out: &mut impl Write, loaded: &Loaded, report: &Report, all: bool) -> io::Result<()> {
    let verdict = &loaded.verdict;
    writeln!(out, "run {}", escape::line(verdict.run.as_deref().unwrap_or("unknown")))?;
    writeln!(out, "{}", verdict.sentence())?;
    for detail in verdict.details() {
        writeln!(out, "  {}", escape::line(&detail))?;
    }
    writeln!(out)?;
    let wanted = |line: &&Line| all || line.level == Level::Main;
    let width = |of: fn(&Line) -> &str| {
        report
            .timeline
            .iter()
            .filter(wanted)
            .map(|line| of(line).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (step, what) = (width(|line| &line.step), width(|line| &line.what));
    let mut day = None;
    for line in report.timeline.iter().filter(wanted) {
        let today = line.at.date_naive();
        if day != Some(today) {
            writeln!(out, "{today}")?;
            day = Some(today);
        }
        let row = format!(
            "{} {}  {:step$}  {:what$}  {}",
            line.mark.sign(),
            words::time(line.at),
            escape::line(&line.step),
            escape::line(&line.what),
            escape::line(&line.text)
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    let hidden = report.timeline.iter().filter(|line| !wanted(line)).count() as u64;
    writeln!(out)?;
    if hidden > 0 {
        let hidden = words::count(hidden, "more entry", "more entries");
        writeln!(out, "{hidden} of reads, ticks and values: --all")?;
    }
    for one in &report.deferred {
        if let Some(done) = &one.done {
            let step = report.names.full(&one.step);
            writeln!(out, "done later: {}, {}", escape::line(&step), escape::line(done))?;
        }
    }
    if let Some(fault) = loaded.later().fault {
        writeln!(out, "later/ is not believed: {}", escape::line(&fault))?;
    }
    if let Some(head) = verdict.head {
        writeln!(out, "head #{} {}", head.seq, code::of(&head.h))?;
    }
    Ok(())
}
