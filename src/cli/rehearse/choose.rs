//! Which runbook is rehearsed, in which world.

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::findings;
use super::super::library::Entry;
use super::Args;
use crate::driver;
use crate::driver::State;
use crate::engine::event::{ClosedAs, Mode};
use crate::journal::shelf::Shelf;
use crate::runbook::model::Runbook;
use crate::runbook::parse;
use crate::runbook::place::{Finding, Source};
use crate::runbook::scenario::Scenario;
use crate::runbook::tree;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What is rehearsed.
pub struct Choice {
    /// The runbook with its files.
    pub entry: Entry,
    /// The same, read.
    pub runbook: Runbook,
    /// The scenario's file among them.
    pub file: String,
    /// The same, read.
    pub scenario: Scenario,
    /// How many other scenarios the runbook has.
    pub others: usize,
}

impl Choice {
    /// Returns the name of the scenario.
    pub fn name(&self) -> &str {
        name_of(&self.file)
    }
}

/// A scenario that could be rehearsed.
pub struct Candidate {
    /// Its runbook.
    pub entry: Entry,
    /// Its file among the runbook's.
    pub file: String,
    /// The scenario.
    pub scenario: Scenario,
    /// When it was last rehearsed to its end.
    pub last: Option<DateTime<Utc>>,
}

/// Chooses by the words of the command line.
pub fn choose(args: &Args, context: &Context) -> Result<Choice, Failure> {
    let past = past(context);
    let candidate = match &args.runbook {
        Some(name) => of_one(name, args, context, &past)?,
        None => of_all(args.quick, context, &past)?,
    };
    let others = scenario_files(&candidate.entry).count() - 1;
    let Candidate { entry, file, scenario, .. } = candidate;
    let runbook = entry.runbook().map_err(|found| findings::failure(context, &found))?;
    Ok(Choice { entry, runbook, file, scenario, others })
}

/// Chooses the story in which a rehearsal goes on in another runbook: a short one before its first rehearsal, else the
/// one that was told longest ago.
pub fn next_story(runbook: &str, context: &Context) -> Result<Choice, Failure> {
    let full = context.library()?.find(runbook)?.full_name;
    let told = past(context).keys().any(|(name, _)| *name == full);
    let quick = Args { quick: true, scenario: None, ..Args::of(&full, "") };
    match choose(&quick, context).ok().filter(|_| !told) {
        Some(short) => Ok(short),
        None => choose(&Args { quick: false, ..quick }, context),
    }
}

/// When each scenario was last rehearsed to its end, by runbook and name.
pub type Past = BTreeMap<(String, String), DateTime<Utc>>;

/// Reads the shelf for earlier rehearsals.
pub fn past(context: &Context) -> Past {
    let runs = driver::statuses(&Shelf::new(&context.data_dir()));
    let mut past = Past::new();
    for run in runs.into_iter().flatten().filter(|run| run.mode == Some(Mode::Rehearsal)) {
        let done = matches!(run.state, State::Closed(ClosedAs::Done | ClosedAs::ContinuedIn));
        if let (true, Some(scenario), Some(opened)) = (done, run.scenario, run.opened) {
            let last = past.entry((run.runbook, scenario)).or_insert(opened);
            *last = opened.max(*last);
        }
    }
    past
}

/// Every scenario of a runbook; the error is what is wrong with one of them.
pub fn candidates(entry: &Entry, past: &Past) -> Result<Vec<Candidate>, Vec<Finding>> {
    let read = |file: &str| {
        let scenario = read(entry, file)?;
        let last = past.get(&(entry.full_name.clone(), name_of(file).to_owned())).copied();
        Ok(Candidate { entry: entry.clone(), file: file.to_owned(), scenario, last })
    };
    scenario_files(entry).map(read).collect()
}

fn of_one(name: &str, args: &Args, context: &Context, past: &Past) -> Result<Candidate, Failure> {
    let entry = context.library()?.find(name)?;
    let full = entry.full_name.clone();
    let mut found = candidates(&entry, past).map_err(|found| findings::failure(context, &found))?;
    let names: Vec<String> = found.iter().map(|one| name_of(&one.file).to_owned()).collect();
    if names.is_empty() {
        return Err(Failure::usage(
            format!("{full} has no scenario, so it cannot be rehearsed"),
            "rutter rehearse --list",
        ));
    }
    if let Some(wanted) = &args.scenario {
        found.retain(|one| name_of(&one.file) == wanted);
        let missing = format!("{full} has no scenario {wanted}; it has {}", names.join(", "));
        let next = format!("rutter rehearse {full} --scenario {}", names[0]);
        return found.pop().ok_or_else(|| Failure::usage(missing, next));
    }
    if args.quick {
        found.retain(|one| one.scenario.quick);
    }
    stalest(found).ok_or_else(|| {
        let what = format!("{full} has no quick scenario");
        Failure::usage(what, format!("rutter rehearse {full}"))
    })
}

fn of_all(quick: bool, context: &Context, past: &Past) -> Result<Candidate, Failure> {
    let library = context.library()?;
    // A runbook that cannot be read is no reason not to rehearse another; `check` says what is wrong with it.
    let readable = library.entries().filter_map(Result::ok);
    let found = readable.filter_map(|entry| candidates(&entry, past).ok()).flatten();
    let found = found.filter(|one| !quick || one.scenario.quick);
    stalest(found.collect()).ok_or_else(|| {
        let what =
            if quick { "no runbook has a quick scenario" } else { "no runbook has a scenario" };
        Failure::usage(what, "rutter list")
    })
}

/// The one that was rehearsed longest ago; a lab, which can be run for real, comes after what cannot.
fn stalest(candidates: Vec<Candidate>) -> Option<Candidate> {
    candidates.into_iter().min_by_key(|one| {
        let lab = one.entry.full_name.starts_with("lab/");
        (lab, one.last, one.entry.full_name.clone(), !one.scenario.quick, one.file.clone())
    })
}

/// The titles of the scenarios that can be read, for the search.
pub fn titles(entry: &Entry) -> Vec<String> {
    let scenarios = scenario_files(entry).filter_map(|file| read(entry, file).ok());
    scenarios.map(|scenario| scenario.title.value).collect()
}

fn scenario_files(entry: &Entry) -> impl Iterator<Item = &str> {
    entry.files.iter().map(|(path, _)| path.as_str()).filter(|path| Entry::is_scenario(path))
}

fn read(entry: &Entry, file: &str) -> Result<Scenario, Vec<Finding>> {
    let bytes = entry.file(file).unwrap_or_default();
    let folder = entry.source.name.strip_suffix("runbook.yaml").unwrap_or_default();
    let source: Source =
        tree::decode(&format!("{folder}{file}"), bytes).map_err(|finding| vec![*finding])?;
    parse::scenario::parse(&source)
}

/// Returns the name of a scenario by its file.
pub fn name_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".yaml").unwrap_or(name)
}
