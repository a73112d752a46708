//! The runs and drills on the shelf.

use super::super::facts::{Facts, needs_person};
use super::AROUND;
use crate::driver::{RunStatus, State};
use crate::engine::event::{ClosedAs, Mode};
use crate::screen;
use crate::tui::frame::{self, Pane};
use crate::tui::look::{Look, Role};
use crate::tui::prose::{self, Prose, Row};
use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// Draws the newest runs beside the other lists.
pub fn pane(frame: &mut Frame<'_>, area: Rect, facts: &Facts, look: Look) {
    if area.height < 3 {
        return;
    }
    let pane = Pane {
        title: "Runs and drills".into(),
        aside: format!("{} in journal, J lists them", facts.runs.len()),
        ..Pane::default()
    };
    let inside = frame::pane(frame, area, look, AROUND, &pane);
    table(frame, inside, None, facts, look);
}

/// Draws all runs, one of them marked, and what the marked one needs.
pub fn all(frame: &mut Frame<'_>, area: Rect, at: usize, facts: &Facts, look: Look) {
    let at = at.min(facts.runs.len().saturating_sub(1));
    let pane = Pane {
        title: "Runs and drills".into(),
        aside: format!("{} of {}", at + 1, facts.runs.len()),
        focus: true,
        role: None,
    };
    let inside = frame::pane(frame, area, look, AROUND, &pane);
    let lower = 3.min(inside.height / 3);
    let upper = Rect { height: inside.height - lower, ..inside };
    table(frame, upper, Some(at), facts, look);
    let Some(run) = facts.runs.get(at) else { return };
    let mut prose = Prose::new(usize::from(inside.width));
    prose.row(Row::new());
    let needed = needs_person(run) || facts.goes_on(run).is_some();
    prose.text(if needed { Role::Warning } else { Role::Dim }, &facts.needs(run));
    let below = Rect { y: upper.bottom(), height: lower, ..inside };
    prose::draw(frame, below, look, &prose, 0);
}

fn table(frame: &mut Frame<'_>, area: Rect, marked: Option<usize>, facts: &Facts, look: Look) {
    let width = usize::from(area.width);
    let name = width.saturating_sub(2 + 3 + 6 + 11 + 12 + 10 + 10).clamp(8, 40);
    let column = |text: &str, wide: usize| {
        let text = screen::fit(&screen::line(text), wide.saturating_sub(1));
        let pad = wide - text.width();
        format!("{text}{}", " ".repeat(pad))
    };
    let mut prose = Prose::new(width);
    let head =
        [("RUN", 6), ("RUNBOOK", name), ("MODE", 11), ("ENV", 12), ("OPENED", 10), ("RESULT", 10)];
    let head: String = head.iter().map(|(word, wide)| column(word, *wide)).collect();
    prose.row(vec![(Role::Dim, format!("     {head}"))]);
    let room = usize::from(area.height).saturating_sub(1);
    let top = marked.map_or(0, |at| (at + 1).saturating_sub(room));
    for (index, run) in facts.runs.iter().enumerate().skip(top).take(room) {
        let here = marked == Some(index);
        let (mark, role, result) = match facts.goes_on(run) {
            Some(_) => ("=", Role::Warning, "goes on"),
            None => result(run),
        };
        let when = run.opened.map_or("-".into(), |at| match facts.age(at) {
            age if age == "now" => age,
            age => format!("{age} ago"),
        });
        let env = if run.mode == Some(Mode::Live) { run.environment.as_str() } else { "-" };
        let mode = run.mode.map_or("-", Mode::word);
        let cells = [
            (run.short.as_str(), 6),
            (run.runbook.as_str(), name),
            (mode, 11),
            (env, 12),
            (when.as_str(), 10),
        ];
        let cells: String = cells.iter().map(|(text, wide)| column(text, *wide)).collect();
        prose.row(vec![
            (Role::Now, if here { look.pick("▸ ", "> ") } else { "  " }.into()),
            (role, format!("{}  ", look.text(mark))),
            (if here { Role::Strong } else { Role::Text }, cells),
            (role, column(result, 10)),
        ]);
    }
    prose::draw(frame, area, look, &prose, 0);
}

/// How a run stands: a mark, how it looks, a word.
fn result(run: &RunStatus) -> (&'static str, Role, &'static str) {
    match run.state {
        State::Running => ("~", Role::Running, "running"),
        State::Waiting => ("=", Role::Warning, "waiting"),
        State::Unknown => ("?", Role::Unknown, "unknown"),
        State::Damaged => ("✗", Role::Failed, "damaged"),
        State::NeverOpened => ("-", Role::Dim, "nothing"),
        State::Closed(ClosedAs::Done) => ("✓", Role::Verified, "done"),
        State::Closed(ClosedAs::ContinuedIn) => ("✓", Role::Verified, "continued"),
        State::Closed(ClosedAs::HandedOver) => ("-", Role::Text, "handed on"),
        State::Closed(ClosedAs::Stopped) => ("-", Role::Text, "stopped"),
        State::Closed(ClosedAs::Failed) => ("✗", Role::Failed, "failed"),
    }
}
