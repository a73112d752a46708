//! `rutter rehearse --list`: what can be rehearsed, and when it last was.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::findings;
use super::super::library::Entry;
use super::choose;
use super::choose::Candidate;
use crate::driver::{Clock, SystemClock};
use crate::screen;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::io::{self, Write};

/// Lists the scenarios of one runbook, or of all.
pub fn run(name: Option<&str>, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let library = context.library()?;
    let past = choose::past(context);
    let mut found = Vec::new();
    let entries: Vec<Entry> = match name {
        Some(name) => vec![library.find(name)?],
        None => library.entries().filter_map(Result::ok).collect(),
    };
    for entry in &entries {
        match choose::candidates(entry, &past) {
            Ok(candidates) => found.extend(candidates),
            Err(mistakes) if name.is_some() => return Err(findings::failure(context, &mistakes)),
            Err(_) => {
                let mut messages = context.messages();
                let named = screen::line(&entry.full_name);
                writeln!(messages, "{named}: a scenario cannot be read; rutter check {named}")?;
            }
        }
    }
    let mut out = context.results();
    if as_json {
        let scenarios: Vec<_> = found.iter().map(in_json).collect();
        writeln!(out, "{:#}", json!({"version": 1, "scenarios": scenarios}))?;
    } else if found.is_empty() {
        writeln!(context.messages(), "There is nothing to rehearse here: no scenario was found.")?;
    } else {
        rows(&found, &mut out)?;
    }
    Ok(Exit::Done)
}

fn in_json(one: &Candidate) -> serde_json::Value {
    json!({
        "runbook": one.entry.full_name,
        "scenario": choose::name_of(&one.file),
        "title": one.scenario.title.value,
        "quick": one.scenario.quick,
        "last_rehearsed": one.last,
    })
}

fn rows(found: &[Candidate], out: &mut impl Write) -> io::Result<()> {
    let now = SystemClock.stamp().at;
    let mut runbook = "";
    for one in found {
        if runbook != one.entry.full_name {
            runbook = &one.entry.full_name;
            writeln!(out, "{}", screen::line(runbook))?;
        }
        let quick = if one.scenario.quick { "quick" } else { "" };
        let name = choose::name_of(&one.file);
        writeln!(out, "  {:24} {quick:5}  {}", screen::line(name), ago(one.last, now))?;
        for row in screen::wrap(&screen::line(&one.scenario.title.value), 74, 0) {
            writeln!(out, "      {row}")?;
        }
    }
    Ok(())
}

fn ago(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    match last.map(|last| (now - last).num_days()) {
        None => "never rehearsed".into(),
        Some(..=0) => "rehearsed today".into(),
        Some(1) => "rehearsed yesterday".into(),
        Some(days) => format!("rehearsed {days} days ago"),
    }
}
