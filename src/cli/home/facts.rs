//! What home shows, gathered from the library, the shelf and the settings.

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::library::Entry;
use super::super::rehearse;
use super::super::rehearse::Past;
use super::super::runs::not_found;
use super::super::show::{self, Filled, Page};
use crate::driver;
use crate::driver::{Clock, SystemClock};
use crate::engine::plan::Plan;
use crate::journal::identity::Identity;
use crate::journal::shelf::Shelf;
use crate::runbook::find::Index;
use crate::screen;
use crate::tui::home::{Card, Facts, Fault, Listed, Tale};
use std::collections::BTreeMap;
use std::io::Write;

/// Gathers everything once; the runs are looked at again while the screen is shown.
pub fn gather(context: &Context) -> Result<Facts, Failure> {
    let library = context.library()?;
    let past = rehearse::past(context);
    let mut runbooks = Vec::new();
    for entry in library.entries() {
        match entry {
            Ok(entry) => runbooks.push(listed(&entry, &past)),
            // One broken folder must not hide the runbook that is needed now.
            Err(error) => {
                writeln!(context.messages(), "left out: {}", screen::line(error.to_string()))?;
            }
        }
    }
    let settings = &context.places.settings;
    Ok(Facts {
        runbooks,
        runs: driver::statuses(&Shelf::new(&context.data_dir())).map_err(|e| not_found(&e))?,
        now: SystemClock.stamp().at,
        operator: Identity::observe(context.settings.operator.as_deref()).name(),
        settings: (settings.display().to_string(), settings.exists()),
    })
}

fn listed(entry: &Entry, past: &Past) -> Listed {
    let name = entry.full_name.clone();
    let (origin, built_in) = (entry.origin.to_string(), entry.same_as_built_in);
    let runbook = match entry.runbook() {
        Ok(runbook) => runbook,
        Err(found) => {
            let card = Err(Fault::of(&found));
            let (tales, text) = (Vec::new(), Vec::new());
            let index = Index::named(&name);
            return Listed { name, origin, built_in, card, tales, text, index };
        }
    };
    let filled = Filled::new(&runbook, &BTreeMap::new());
    let plan = Plan::new(runbook);
    let mut text = Vec::new();
    // A vector takes every line.
    let _ = show::all(&mut Page::new(&mut text), entry, &plan, &filled);
    let text = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
    let mut index = Index::of(&name, plan.runbook());
    let (card, tales) = (Ok(Card::of(&plan)), tales(entry, past));
    for tale in &tales {
        index.scenario(&tale.title);
    }
    Listed { name, origin, built_in, card, tales, text, index }
}

/// The stories that can be read, the one that was told longest ago first.
fn tales(entry: &Entry, past: &Past) -> Vec<Tale> {
    let mut found = rehearse::candidates(entry, past).unwrap_or_default();
    found.sort_by_key(|candidate| candidate.last);
    let tale = |candidate: &rehearse::Candidate| Tale {
        name: rehearse::name_of(&candidate.file).to_owned(),
        title: candidate.scenario.title.value.clone(),
        quick: candidate.scenario.quick,
    };
    found.iter().map(tale).collect()
}
