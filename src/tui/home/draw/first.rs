//! The first start, and the page before a rehearsal.

use super::super::facts::Facts;
use super::super::find;
use super::super::press::tale;
use super::super::state::State;
use super::{AROUND, lists};
use crate::tui::frame::{self, Pane};
use crate::tui::look::{Look, Role, Surroundings};
use crate::tui::prose::{self, Prose};
use ratatui::Frame;
use ratatui::layout::Rect;

/// Draws the screen of somebody who has never run anything here.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, facts: &Facts, look: Look) {
    let hits = find::hits(facts, &state.filter);
    let width = usize::from(area.width.saturating_sub(4));
    let (ways, later) = (ways(state, facts, width), later(facts, width));
    let rows = |n: usize| u16::try_from(n + 2).unwrap_or(u16::MAX);
    let list = rows(hits.len() + 1).min(area.height.saturating_sub(rows(ways.len())).max(4));
    let mut rest = area;
    let mut take = |height: u16| {
        let height = height.min(rest.height);
        let taken = Rect { height, ..rest };
        rest = Rect { y: rest.y + height, height: rest.height - height, ..rest };
        taken
    };
    let (upper, middle, lower) = (take(list), take(rows(ways.len())), take(rows(later.len())));
    lists::runbooks(frame, upper, state, facts, look, &hits);
    boxed(frame, middle, look, AROUND, "Two ways to begin", &ways);
    boxed(frame, lower, look, AROUND, "Worth one look later", &later);
}

/// Draws what a rehearsal will be; it begins with one more key.
pub fn rehearsal(frame: &mut Frame<'_>, area: Rect, name: &str, facts: &Facts, look: Look) {
    let mut text = Prose::new(usize::from(area.width.saturating_sub(4)));
    if let (Some(tale), Some(Ok(card))) =
        (tale(facts, name), facts.runbook(name).map(|listed| &listed.card))
    {
        text.text(Role::Strong, &card.title);
        text.label("STORY", Role::Text, &format!("{} ({})", tale.title, tale.name));
        let others = facts.runbook(name).map_or(0, |listed| listed.tales.len()) - 1;
        if others > 0 {
            text.label("OTHERS", Role::Text, &format!("{others}; rutter rehearse --list {name}"));
        }
        text.gap();
        text.text(Role::Text, "Everything is simulated: no command is run, no account is touched, no network is used.");
        text.text(Role::Text, "Screens, keys and guards are those of a live run. A journal is kept, marked as a rehearsal.");
        if tale.quick {
            text.text(
                Role::Text,
                "It takes about five minutes. q leaves at any time; rutter resume comes back.",
            );
        } else {
            text.text(Role::Text, "q leaves at any time; rutter resume comes back.");
        }
        text.gap();
        text.text(Role::Strong, "Enter begins.");
    }
    boxed(frame, area, look, Surroundings::Rehearsal, &format!("Rehearsal of {name}"), &text);
}

fn boxed(
    frame: &mut Frame<'_>,
    area: Rect,
    look: Look,
    around: Surroundings,
    title: &str,
    text: &Prose,
) {
    if area.height < 3 {
        return;
    }
    let pane = Pane { title: title.into(), ..Pane::default() };
    let inside = frame::pane(frame, area, look, around, &pane);
    prose::draw(frame, inside, look, text, 0);
}

fn ways(state: &State, facts: &Facts, width: usize) -> Prose {
    let name = state.meant(facts).unwrap_or("a runbook");
    let mut prose = Prose::new(width);
    let story = match tale(facts, name) {
        Some(tale) if tale.quick => format!("{name}, a story of about five minutes. "),
        Some(_) => format!("{name}. "),
        None => format!("{name} has no story yet; choose another. "),
    };
    prose.labelled(
        "r  REHEARSE",
        Role::Key,
        Role::Text,
        &format!("{story}Simulated from start to end: no account, no network, nothing real."),
    );
    prose.labelled(
        "R  RUN LIVE",
        Role::Key,
        Role::Text,
        "asks for values first, checks what must hold, and shows every command before it runs.",
    );
    prose.labelled("Enter", Role::Key, Role::Text, "      just read it");
    prose
}

fn later(facts: &Facts, width: usize) -> Prose {
    let mut prose = Prose::new(width);
    let mut line = |command: &str, text: &str| {
        prose.labelled(&format!("{command:<22}"), Role::Command, Role::Text, text);
    };
    line("rutter check", "tests your own runbooks");
    line("rutter help writing", "how to write one");
    let (path, there) = &facts.settings;
    let settings =
        if *there { path.clone() } else { format!("none found; defaults in use ({path})") };
    line("Settings", &settings);
    prose
}
