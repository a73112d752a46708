//! How home looks. Pure: what is drawn follows from state and facts alone.

mod card;
mod first;
mod lists;
mod reading;
mod runs;

use super::facts::Facts;
use super::instead;
use super::keys::{Action, KEYS, Place};
use super::state::{State, View};
use crate::driver::RunStatus;
use crate::screen;
use crate::tui::frame::{self, Areas, Hint, Piece};
use crate::tui::help;
use crate::tui::look::{Look, Role, Surroundings};
use crate::tui::table;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub use reading::rows as reading_rows;

/// Nothing can be done to anything from here.
const AROUND: Surroundings = Surroundings::Review;

/// The words of this screen.
const WORDS: &[(&str, &str)] = &[
    ("RUNBOOK", "the written procedure; it never runs by itself"),
    ("RUN", "one walk through a runbook, with its own journal"),
    ("DRILL", "a rehearsal that was walked to its end"),
    ("RTO", "the time in which the service has to be back"),
    ("UNKNOWN", "started, and its end was not seen; nothing repeats it by itself"),
    ("STALE", "the last drill is older than the runbook allows; due: it will be within 14 days"),
];

/// Draws home.
pub fn draw(frame: &mut Frame<'_>, state: &State, facts: &Facts, look: Look) {
    let window = frame.area();
    if frame::too_small(frame, window, look, &["rutter".into()], "q  leave") {
        return;
    }
    let areas = frame::areas(window);
    head(frame, &areas, state, facts, look);
    match &state.view {
        View::Lists | View::Filter if facts.is_first_start() && state.filter.is_empty() => {
            first::draw(frame, areas.body, state, facts, look);
        }
        View::Lists | View::Filter => lists::draw(frame, areas.body, state, facts, look),
        View::Reading { name, top } => {
            if let Some(listed) = facts.runbook(name) {
                reading::draw(frame, areas.body, listed, *top, state.size, look);
            }
        }
        View::Runs { at } => runs::all(frame, areas.body, *at, facts, look),
        View::Rehearsal { name } => first::rehearsal(frame, areas.body, name, facts, look),
    }
    if let Some(reading) = &state.help {
        let place = state.under_help(facts);
        let rows: Vec<help::Told> = table::bindings(KEYS, place).map(help::Told::from).collect();
        let width = usize::from(areas.body.width.saturating_sub(4));
        let text = help::text(&rows, WORDS, &reading.wanted, width, look);
        help::draw(frame, areas.body, look, AROUND, place.words(), &text, reading.top);
    }
    message(frame, areas.message, state, facts, look);
    let (hints, help) = hints(state, facts);
    frame::hints(frame, areas.hints, look, &hints, &help);
}

/// How many rows a page has.
pub fn room(size: (u16, u16)) -> usize {
    usize::from(size.1.saturating_sub(6)).max(1)
}

fn head(frame: &mut Frame<'_>, areas: &Areas, state: &State, facts: &Facts, look: Look) {
    let first = facts.is_first_start();
    let left = [
        Piece::new("rutter", 0),
        Piece::new(if first { "first start" } else { "library" }, 0),
        Piece::new(screen::line(&facts.operator), 1),
    ];
    let right = [Piece::new(facts.now.format("%H:%M:%SZ").to_string(), 0)];
    frame::head_line(frame, areas.head[0], look, AROUND.role(), &left, &right);
    let needy = facts.needy();
    if let Some(run) = needy.get(state.needy.min(needy.len().saturating_sub(1))) {
        needy_line(frame, areas.head[1], state, facts, look, run, needy.len());
        return;
    }
    let built_in = facts.runbooks.iter().filter(|listed| listed.built_in).count();
    let count = facts.runbooks.len();
    let said = match (first, built_in == count) {
        (true, true) => {
            format!("{count} runbooks are built in. Nothing is set up, nothing needs to be.")
        }
        (true, false) => {
            format!("{count} runbooks, {built_in} of them built in. Nothing was run here yet.")
        }
        (false, _) => format!("{count} runbooks. No run needs you."),
    };
    frame::head_line(frame, areas.head[1], look, AROUND.role(), &[Piece::new(said, 0)], &[]);
}

/// The run that needs somebody: who, where, what; and which key goes there.
fn needy_line(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    facts: &Facts,
    look: Look,
    run: &RunStatus,
    of: usize,
) {
    let here = state.place(facts) == Place::Needy;
    let lead = if here { format!("{} ! ", look.cursor()) } else { "  ! ".into() };
    let which = if of > 1 { format!("{}/{of}  ", state.needy + 1) } else { String::new() };
    let mode = run.mode.map_or("", crate::engine::event::Mode::word);
    let since = run.opened.map_or(String::new(), |at| format!("{}, ", at.format("%H:%MZ")));
    let told = format!(
        "{which}{} {} {mode} {}  {since}{}",
        run.short,
        run.runbook,
        run.environment,
        facts.needs(run)
    );
    let end = if here { " Enter " } else { " " };
    let room = usize::from(area.width).saturating_sub(lead.chars().count() + end.len());
    let told = frame::cut(look, &look.text(&screen::line(told)), room);
    let role = if here { Role::Selection } else { Role::Warning };
    let pad = room.saturating_sub(unicode_width::UnicodeWidthStr::width(told.as_str()));
    let line = format!("{lead}{told}{}{end}", " ".repeat(pad));
    frame.render_widget(Line::from(Span::styled(line, look.style(role))), area);
}

fn message(frame: &mut Frame<'_>, area: Rect, state: &State, facts: &Facts, look: Look) {
    let (role, text) = match (&state.view, &state.said) {
        (View::Filter, _) => (Role::Strong, format!("/ {}_", state.filter)),
        (_, Some((role, text))) => (*role, text.clone()),
        (View::Lists, None) if !state.filter.is_empty() => {
            (Role::Info, format!("Filter: {}   Esc shows all", state.filter))
        }
        (_, None) if facts.is_first_start() => {
            (Role::Info, "Rehearsal never touches an account.".into())
        }
        (_, None) => (Role::Dim, "Nothing runs until you chose Run and passed preflight.".into()),
    };
    let text =
        frame::cut(look, &look.text(&format!(" {}", screen::line(text))), usize::from(area.width));
    frame.render_widget(Line::from(Span::styled(text, look.style(role))), area);
}

/// Returns the hints of this moment, and the one for help.
pub fn hints(state: &State, facts: &Facts) -> (Vec<Hint>, Hint) {
    let place = state.place(facts);
    let shown = table::bindings(KEYS, place).filter(|row| !row.hint.is_empty());
    let hints = shown.filter_map(|row| {
        let words = words(state, facts, place, row.action).unwrap_or(row.hint.to_owned());
        (!words.is_empty()).then(|| Hint { keys: row.keys[0].to_string(), words })
    });
    let help = if place.types() { "F1" } else { "?" };
    (hints.collect(), Hint { keys: help.into(), words: "help".into() })
}

/// What a key does now, where the table's word is not exact; empty when it would do nothing.
fn words(state: &State, facts: &Facts, place: Place, action: Action) -> Option<String> {
    let readable = || {
        let listed = state.meant(facts).and_then(|name| facts.runbook(name));
        listed.is_some_and(|listed| listed.card.is_ok())
    };
    match (place, action) {
        (Place::Needy, Action::Go) => {
            let needy = facts.needy();
            needy.get(state.needy).map(|run| match facts.goes_on(run) {
                Some(_) => format!("go on from {}", run.short),
                None if run.state.is_open() => format!("resume {}", run.short),
                None => format!("how to read {}", run.short),
            })
        }
        (Place::Runs, Action::Go) => {
            let View::Runs { at } = &state.view else { return None };
            let run = facts.runs.get(*at)?;
            Some(match facts.goes_on(run) {
                Some(_) => format!("go on from {}", run.short),
                None if run.state.is_open() => format!("resume {}", run.short),
                None => String::new(),
            })
        }
        (Place::Runbooks, Action::Go) if state.meant(facts).is_none() => Some(String::new()),
        (_, Action::Live | Action::Rehearse) if !readable() => Some(String::new()),
        (_, Action::Instead) if !instead::is_offered(state, facts) => Some(String::new()),
        (_, Action::Runs) if facts.runs.is_empty() => Some(String::new()),
        _ => None,
    }
}
