//! A debrief as lines for people, at most eighty columns wide.

use super::super::attempts::{Attempt, Fate};
use super::super::{attempts, escape};
use super::{Debrief, StepTime};
use crate::runbook::model::StepId;
use crate::screen;
use std::fmt::{self, Write};

/// The widest a line gets.
const COLUMNS: usize = 80;

/// The width of a step's name.
const NAME: usize = 40;

/// Says first and last that nothing was real.
pub const SIMULATED: &str = "Everything here was simulated. No command was run.";

/// Renders a debrief.
pub fn render(debrief: &Debrief) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail; the result is there for `?` alone.
    let _ = write_all(&mut out, debrief);
    out
}

fn write_all(out: &mut String, debrief: &Debrief) -> fmt::Result {
    let opened = &debrief.opened;
    let run = crate::journal::shelf::short(&opened.run);
    line(out, &format!("DEBRIEF of rehearsal {run}: {} {}", opened.runbook, opened.version))?;
    if let Some(scenario) = &opened.scenario {
        line(out, &format!("SCENARIO {}: {}", scenario.name, scenario.title))?;
    }
    let closed = debrief.closed.as_deref().unwrap_or("not closed yet");
    line(out, &format!("ENDED {closed}"))?;
    let spent = &debrief.spent;
    line(
        out,
        &format!(
            "DRILL CLOCK {}: commands {} in the story, you {}",
            clock(spent.story_ns + spent.human_ns),
            clock(spent.story_ns),
            clock(spent.human_ns)
        ),
    )?;
    if spent.away_ns > 0 {
        line(out, &format!("AWAY {}, not counted", clock(spent.away_ns)))?;
    }
    steps(out, debrief)?;
    let name = |step: &StepId| debrief.names.full(step);
    let unknowns = debrief
        .unknowns
        .iter()
        .map(|attempt| format!("{}: {}", name(&attempt.id.work.step), settled(attempt)));
    section(out, "UNKNOWN OUTCOMES", unknowns.collect())?;
    let deviations = debrief.deviations.iter().map(|deviation| {
        format!("{}: {}, because: {}", name(&deviation.step), deviation.what, deviation.reason)
    });
    section(out, "DEVIATIONS", deviations.collect())?;
    let turns = debrief.turns.iter();
    section(
        out,
        "WRONG TURNS",
        turns.map(|turn| format!("{}: {}", name(&turn.step), turn.what)).collect(),
    )?;
    if !debrief.deferred.is_empty() {
        let deferred = debrief.deferred.iter();
        let said = deferred
            .map(|one| format!("{}: due {}, because: {}", name(&one.step), one.due, one.reason));
        section(out, "DEFERRED", said.collect())?;
    }
    let before = debrief.taken_over.iter().map(|open| format!("{open}; {}", open.way_back()));
    let open = debrief.open_changes.iter().map(name).chain(before);
    section(out, "OPEN CHANGES", open.collect())?;
    if !debrief.uncleared.is_empty() {
        section(out, "NOT CLEARED", debrief.uncleared.clone())?;
    }
    writeln!(out, "{SIMULATED}")
}

fn steps(out: &mut String, debrief: &Debrief) -> fmt::Result {
    writeln!(out, "\n{:NAME$} {:>8} {:>8} {:>3}  END", "STEP", "STORY", "YOU", "TRY")?;
    for time in &debrief.spent.steps {
        let StepTime { step, story_ns, human_ns, tries, end } = time;
        let name = screen::fit(&escape::line(&debrief.names.full(step)), NAME);
        let tries = if *tries == 0 { String::new() } else { tries.to_string() };
        let end = screen::fit(&escape::line(end), COLUMNS - NAME - 24);
        let (story, you) = (clock(*story_ns), clock(*human_ns));
        let row = format!("{name:NAME$} {story:>8} {you:>8} {tries:>3}  {end}");
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

fn section(out: &mut String, title: &str, items: Vec<String>) -> fmt::Result {
    if items.is_empty() {
        return writeln!(out, "\n{title} none");
    }
    writeln!(out, "\n{title} {}", items.len())?;
    for item in items {
        line(out, &format!("- {item}"))?;
    }
    Ok(())
}

fn settled(attempt: &Attempt) -> String {
    let Some(settled) = &attempt.settled else { return "never settled".into() };
    let how = match settled.probe {
        Some(_) => "the probe showed it".to_owned(),
        None => attempts::proof(&settled.proof),
    };
    let as_ = match attempt.fate() {
        Fate::SettledDone => "it had happened",
        Fate::SettledNotStarted => "it had not happened",
        _ => "it had gone wrong",
    };
    format!("{as_}; {how}")
}

/// Writes a line, wrapped; what follows is indented, so that one item can be told from the next.
fn line(out: &mut String, text: &str) -> fmt::Result {
    for row in screen::wrap(&escape::line(text), COLUMNS, 2) {
        writeln!(out, "{row}")?;
    }
    Ok(())
}

/// Writes a duration as `h:mm:ss`.
fn clock(ns: u64) -> String {
    let seconds = (ns + 500_000_000) / 1_000_000_000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
