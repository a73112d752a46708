//! `rutter plan`, and `rutter run --plan`: what would run, with the values that are given; nothing is started.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::findings;
use super::form::{self, Offers};
use super::show::{self, Filled, Page};
use crate::engine::onward::Handed;
use crate::engine::plan::{Plan, PlanStep};
use crate::runbook::model::{Act, Call, EnvironmentRule, Runbook};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Arguments of `rutter plan`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter plan lab/postgres-restore
  rutter plan full-restore --env prod -p server=db-orders
  rutter plan full-restore --params tonight.yaml

")]
pub struct Args {
    /// `system/name`, a name while it is unique, or a path.
    pub runbook: String,
    /// Values.
    #[command(flatten)]
    pub values: super::run::ValueArgs,
}

/// Prints every command as it would run. What is not known yet stands as `{{ name }}` and is listed at the end.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let entry = context.library()?.find(&args.runbook)?;
    let runbook = entry.runbook().map_err(|found| findings::failure(context, &found))?;
    let given = given(args, context, &runbook)?;
    let filled = Filled::new(&runbook, &given);
    let plan = Plan::new(runbook);
    let mut out = context.results();
    let mut page = Page::new(&mut out);
    page.line(&format!("{} · {}", entry.full_name, plan.runbook().title))?;
    page.line("What would run. Nothing is started.")?;
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    let mut phase = None;
    for step in plan.steps() {
        if phase.replace(step.phase) != Some(step.phase) {
            page.gap()?;
            page.line(&plan.phase_title(step.phase).to_uppercase())?;
        }
        for name in one(&mut page, step, &filled)? {
            unknown.entry(name).or_insert_with(|| step.number.clone());
        }
    }
    not_known(&mut page, plan.runbook(), &unknown)?;
    Ok(Exit::Done)
}

/// Writes one step and returns the names that are not known yet in its command.
fn one<W: Write>(
    page: &mut Page<W>,
    planned: &PlanStep,
    filled: &Filled,
) -> io::Result<Vec<String>> {
    let step = &planned.step;
    let title = filled.text(&step.title);
    page.across(&format!("{:<4} {title}", planned.number), &show::hazard(step))?;
    if !planned.when.is_empty() {
        page.label("WHEN", &show::branch(&planned.when))?;
    }
    if let Some(target) = &step.target {
        page.label("TARGET", &filled.text(target))?;
    }
    let mut unknown = Vec::new();
    let mut command = |page: &mut Page<W>, label: &str, call: &Call| {
        let shown = filled.call(call);
        unknown.extend(shown.unknown);
        page.command(label, &shown.text)
    };
    match &step.act {
        Act::Call(call) => command(page, "RUN", call)?,
        Act::Wait(wait) => command(page, "ASK", &wait.call)?,
        Act::Manual(_) | Act::Decide(_) => {}
    }
    Ok(unknown)
}

/// Says which values are missing, and how each comes in.
fn not_known<W: Write>(
    page: &mut Page<W>,
    runbook: &Runbook,
    unknown: &BTreeMap<String, String>,
) -> io::Result<()> {
    if unknown.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line("NOT KNOWN YET")?;
    for (name, number) in unknown {
        let asked = runbook.params.iter().any(|param| param.name.value == *name);
        let from = if asked {
            format!("give it: -p {name}=…")
        } else if name.contains('.') || ["environment", "mode", "operator"].contains(&name.as_str())
        {
            "known when the run opens".to_owned()
        } else {
            "known within the run".to_owned()
        };
        page.line(&format!("  {name}: {from} (first used in {number})"))?;
    }
    Ok(())
}

/// Returns the values that are given: the environment's, then the command line's, then defaults.
fn given(
    args: &Args,
    context: &Context,
    runbook: &Runbook,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut environment = BTreeMap::new();
    if let (Some(name), EnvironmentRule::Required) = (&args.values.env, runbook.environment) {
        let known = &context.settings.environments;
        let chosen = known.get(name).ok_or_else(|| {
            let names: Vec<&str> = known.keys().map(String::as_str).collect();
            let next = match &names[..] {
                [] => format!("Define it in {}", context.places.settings.display()),
                names => format!("Give one of: {}", names.join(", ")),
            };
            Failure::usage(format!("the settings have no environment {name:?}"), next)
        })?;
        environment.clone_from(&chosen.values);
        environment.insert("environment".to_owned(), chosen.word.clone());
    }
    let none = BTreeMap::new();
    let flags = &args.values;
    let offers = Offers {
        scenario: &none,
        handed: &Handed::default(),
        environment: &environment,
        answers: &none,
        flags,
        typed: None,
    };
    form::known(runbook, &offers)
}
