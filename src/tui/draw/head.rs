//! The two lines at the top: where one is, and how far. They are never covered.

use super::super::frame::{self, Areas, Piece};
use super::super::look::{Look, Surroundings};
use super::super::page::minutes;
use super::super::sight::Sight;
use crate::engine::event::Mode;
use crate::engine::outline::Outline;
use crate::runbook::value;
use chrono::TimeDelta;
use ratatui::Frame;
use std::time::Duration;

/// The word of a mode.
pub fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "LIVE",
        Mode::Rehearsal => "REHEARSAL",
    }
}

/// Draws both lines.
pub fn draw(
    frame: &mut Frame<'_>,
    areas: &Areas,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    outline: &Outline,
) {
    let role = around.role();
    let (left, right) = identity(sight);
    frame::head_line(frame, areas.head[0], look, role, &left, &right);
    let (left, right) = progress(sight, look, outline);
    frame::head_line(frame, areas.head[1], look, role, &left, &right);
}

fn identity(sight: &dyn Sight) -> (Vec<Piece>, Vec<Piece>) {
    let Some(opened) = sight.run().opened() else { return Default::default() };
    let current = sight.run().current();
    let main = current.map(|step| crate::engine::event::Work {
        step: step.id.clone(),
        part: crate::engine::event::Part::Main,
    });
    let target = main.and_then(|work| sight.run().target(&work)).unwrap_or_default();
    let left = vec![
        Piece::new(mode_word(opened.mode), 0),
        Piece::new(opened.environment.clone(), 0),
        Piece::new(frame_safe(&target), 1),
        // The system is said by the target; its runbook is known by its name.
        Piece::new(opened.runbook.rsplit('/').next().unwrap_or_default(), 3),
        Piece::new(format!("v{}", opened.version), 5),
        Piece::new(sight.short_id(), 0),
    ];
    let right = vec![
        Piece::new(opened.operator.clone(), 2),
        Piece::new(format!("{} ", sight.now().format("%H:%M:%SZ")), 0),
    ];
    (left, right)
}

fn frame_safe(text: &str) -> String {
    crate::screen::fit(&crate::screen::strict(text), 32)
}

fn progress(sight: &dyn Sight, look: Look, outline: &Outline) -> (Vec<Piece>, Vec<Piece>) {
    let run = sight.run();
    let place = match run.current() {
        Some(step) => format!("{}/{} {}", position(outline), outline.in_force, step.number),
        None => format!("{}/{}", outline.settled, outline.in_force),
    };
    let mut left = vec![Piece::kept(format!("Step {place}"), place)];
    left.extend(incident(sight, look));
    if let Some(eta) = eta(sight, outline) {
        left.push(Piece::new(eta, 1));
    }
    let (tasks, open, unknown) =
        (outline.running.len(), outline.changes_open(), outline.unknown.len());
    let unknown = if unknown > 0 { format!("{unknown} UNKNOWN  ") } else { String::new() };
    let right = vec![Piece::new(format!("{unknown}{tasks} running  {open} open "), 0)];
    (left, right)
}

/// The place of the current step among those in force, counted from 1.
pub fn position(outline: &Outline) -> usize {
    let mut force = outline.rows.iter().filter(|row| row.state.is_in_force());
    force.position(|row| row.current).map_or(outline.settled, |at| at + 1)
}

/// The incident clock against the budget. Without a start given, the clock of the run.
fn incident(sight: &dyn Sight, look: Look) -> Vec<Piece> {
    let Some(opened) = sight.run().opened() else { return Vec::new() };
    let Some(began) = opened.incident_start.as_deref().and_then(|at| value::parse_time(at).ok())
    else {
        return Vec::new();
    };
    let passed = (sight.now() - began).max(TimeDelta::zero()).to_std().unwrap_or_default();
    let Some(rto) = sight.run().plan().runbook().objectives.rto.filter(|rto| !rto.is_zero()) else {
        return vec![Piece::new(minutes(passed), 0)];
    };
    let percent = passed.as_secs() * 100 / rto.as_secs().max(1);
    let over = if passed > rto { " OVER" } else { "" };
    let cells: usize = 12;
    let full = usize::try_from(percent).unwrap_or(usize::MAX).saturating_mul(cells) / 100;
    let full = full.min(cells);
    let bar = look.pick("█", "#").repeat(full) + &look.pick("░", ".").repeat(cells - full);
    let against = |said: fn(Duration) -> String| format!("{} of {}", said(passed), said(rto));
    // Against a budget of hours the seconds are the first to go.
    let short = against(if rto < HOUR { minutes } else { hours });
    vec![
        Piece::kept(format!("{} {percent}%{over}", against(minutes)), format!("{short}{over}")),
        Piece::new(bar, 3),
    ]
}

const HOUR: Duration = Duration::from_secs(3600);

/// Says a time without its seconds: `1:02`.
fn hours(passed: Duration) -> String {
    let minutes = passed.as_secs() / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// When the service is expected back, by the runbook's own estimates of what is still to do.
fn eta(sight: &dyn Sight, outline: &Outline) -> Option<String> {
    let run = sight.run();
    let plan = run.plan();
    let back = outline.rows.iter().position(|row| {
        row.state.is_in_force() && plan.step(&row.id).is_some_and(|s| s.step.restores_service)
    })?;
    if outline.rows[back].state.is_settled() {
        return Some("service back".into());
    }
    let mut left = Duration::ZERO;
    let mut slow = Duration::ZERO;
    for row in outline.rows[..=back]
        .iter()
        .filter(|row| row.state.is_in_force() && !row.state.is_settled())
    {
        let takes = &plan.step(&row.id)?.step.takes;
        let typical = takes.typical.unwrap_or(Duration::from_secs(60));
        left += typical;
        slow += takes.slow.unwrap_or(typical);
    }
    let now = sight.now();
    let at = now + TimeDelta::from_std(left).ok()?;
    let word = budget_word(sight, left, slow).unwrap_or_default();
    Some(format!("ETA {} {word}", at.format("%H:%MZ")).trim_end().to_owned())
}

fn budget_word(sight: &dyn Sight, left: Duration, slow: Duration) -> Option<&'static str> {
    let opened = sight.run().opened()?;
    let rto = sight.run().plan().runbook().objectives.rto?;
    let began = opened.incident_start.as_deref().and_then(|at| value::parse_time(at).ok())?;
    let passed = (sight.now() - began).to_std().unwrap_or_default();
    Some(match () {
        () if passed + left > rto => "over",
        () if passed + slow > rto => "tight",
        () => "inside",
    })
}
