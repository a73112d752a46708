//! `rutter show`: reads a runbook aloud, on eighty columns or as JSON.

mod head;
mod json;
mod page;
mod step;

pub use crate::runbook::filled::Filled;
pub use page::Page;
pub use step::{branch, hazard};

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::findings;
use super::library::Entry;
use crate::engine::plan::{Plan, PlanStep};
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

/// Arguments of `rutter show`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter show lab/postgres-restore            all of it
  rutter show lab/postgres-restore --step 5.2
  rutter show ./move-shop --format json

")]
pub struct Args {
    /// `system/name`, a name while it is unique, or a path.
    runbook: String,
    /// Only this step: its number (`3.2`) or its id.
    #[arg(long)]
    step: Option<String>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a runbook is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, 80 columns.
    Text,
    /// For programs.
    Json,
}

/// Prints a runbook, or one step of it. Nothing is started, asked or filled in.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let entry = context.library()?.find(&args.runbook)?;
    let runbook = entry.runbook().map_err(|found| findings::failure(context, &found))?;
    let filled = Filled::new(&runbook, &BTreeMap::new());
    let plan = Plan::new(runbook);
    let only = args.step.as_deref().map(|asked| find(&plan, asked)).transpose()?;
    let mut out = context.results();
    match (args.format, only) {
        (Format::Json, Some(step)) => writeln!(out, "{:#}", json::step(step, &filled))?,
        (Format::Json, None) => writeln!(out, "{:#}", json::runbook(&entry, &plan, &filled))?,
        (Format::Text, Some(step)) => {
            step::show(&mut Page::new(&mut out), &plan, step, &filled)?;
        }
        (Format::Text, None) => {
            all(&mut Page::new(&mut out), &entry, &plan, &filled)?;
        }
    }
    Ok(Exit::Done)
}

/// Writes a whole runbook.
pub fn all<W: Write>(
    page: &mut Page<W>,
    entry: &Entry,
    plan: &Plan,
    filled: &Filled,
) -> io::Result<()> {
    head::show(page, entry, plan.runbook())?;
    let mut phase = None;
    for step in plan.steps() {
        if phase.replace(step.phase) != Some(step.phase) {
            step::phase(page, plan, step.phase)?;
        }
        step::show(page, plan, step, filled)?;
    }
    Ok(())
}

fn find<'p>(plan: &'p Plan, asked: &str) -> Result<&'p PlanStep, Failure> {
    let is = |step: &&PlanStep| step.number == asked || step.id.as_str() == asked;
    plan.steps().iter().find(is).ok_or_else(|| {
        let ids = plan.steps().iter().map(|step| step.id.as_str());
        let near = ids
            .map(|id| (strsim::jaro_winkler(id, asked), id))
            .filter(|(near, _)| *near > 0.8)
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        let name = &plan.runbook().name;
        let next = match near {
            Some((_, near)) => format!("Did you mean {near}? rutter show {name} --step {near}"),
            None => format!("rutter show {name}"),
        };
        Failure::usage(format!("{name} has no step {asked:?}"), next)
    })
}
