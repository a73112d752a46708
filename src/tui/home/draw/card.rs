//! The card of the chosen runbook.

use super::super::card::{Card, hours};
use super::super::facts::{Facts, Listed};
use super::super::state::State;
use super::AROUND;
use crate::screen;
use crate::tui::frame::{self, Pane};
use crate::tui::look::{Look, Role};
use crate::tui::prose::{self, Prose};
use ratatui::Frame;
use ratatui::layout::Rect;
use std::time::Duration;

/// Draws the card of the runbook that is meant.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, facts: &Facts, look: Look) {
    if area.height < 3 {
        return;
    }
    let Some(listed) = state.meant(facts).and_then(|name| facts.runbook(name)) else {
        frame::pane(frame, area, look, AROUND, &Pane::default());
        return;
    };
    let width = usize::from(area.width.saturating_sub(4));
    let text = text(facts, listed, width, area.height < 16);
    let version = listed.card.as_ref().map_or(String::new(), |card| format!("  v{}", card.version));
    let hidden = text.len() > usize::from(area.height - 2);
    let pane = Pane {
        title: screen::line(format!("{}{version}", listed.name)),
        aside: if hidden { "Enter reads all".into() } else { String::new() },
        ..Pane::default()
    };
    let inside = frame::pane(frame, area, look, AROUND, &pane);
    prose::draw(frame, inside, look, &text, 0);
}

/// The rows of a card; short, or with everything.
fn text(facts: &Facts, listed: &Listed, width: usize, short: bool) -> Prose {
    let mut prose = Prose::new(width);
    let card = match &listed.card {
        Ok(card) => card,
        Err(fault) => {
            prose.text(Role::Failed, "✗ cannot run");
            prose.label("PROBLEM", Role::Text, &fault.what);
            prose.label("PLACE", Role::Text, &fault.place);
            if fault.more > 0 {
                prose.label("AND", Role::Text, &format!("{} more", fault.more));
            }
            prose.label("NEXT", Role::Text, &format!("rutter check {}", listed.name));
            return prose;
        }
    };
    prose.text(Role::Strong, &card.title);
    if !short {
        prose.gap();
        prose.text(Role::Text, &card.summary);
        prose.gap();
    }
    prose.label("USE WHEN", Role::Text, &listed_words(&card.use_when, short));
    let not: Vec<String> = card
        .not_when
        .iter()
        .map(|(when, go)| go.as_ref().map_or(when.clone(), |go| format!("{when} → {go} (x)")))
        .collect();
    prose.label("NOT WHEN", Role::Text, &listed_words(&not, short));
    if !short {
        prose.gap();
    }
    prose.label("BUDGET", Role::Text, &budget(card, short));
    if short {
        prose.label("DRILL", Role::Text, &drill(facts, listed));
        return prose;
    }
    rest(&mut prose, facts, listed, card);
    prose
}

fn listed_words(texts: &[String], short: bool) -> String {
    texts.join(if short { "; " } else { "\n" })
}

fn budget(card: &Card, short: bool) -> String {
    let say = |word: &str, span: Option<Duration>| Some(format!("{word} {}", hours(span?)));
    let mut said: Vec<String> =
        [say("RTO", card.rto), say("RPO", card.rpo), say("typical", card.typical)]
            .into_iter()
            .flatten()
            .collect();
    if short {
        said.push(format!("{} steps", card.steps()));
        said.extend(card.no_return.as_ref().map(|(number, _)| format!("no return at {number}")));
    }
    said.join("   ")
}

fn drill(facts: &Facts, listed: &Listed) -> String {
    let told = match facts.last_drill(&listed.name) {
        Some(at) => format!("last {} ago", facts.age(at)),
        None => "never".into(),
    };
    match listed.tales.len() {
        0 => format!("{told}; it has no scenario to rehearse"),
        1 => format!("{told}; 1 scenario, r rehearses it"),
        many => format!("{told}; {many} scenarios, r rehearses one"),
    }
}

fn rest(prose: &mut Prose, facts: &Facts, listed: &Listed, card: &Card) {
    if !card.tools.is_empty() {
        prose.label("NEEDS", Role::Text, &card.tools.join(", "));
    }
    let place = if card.local {
        "this machine, in the run's own folder"
    } else {
        "an environment of the settings"
    };
    prose.label("WHERE", Role::Text, place);
    prose.label("FROM", Role::Text, &listed.origin);
    prose.gap();
    let phases = card.phases.len();
    prose.label("STEPS", Role::Text, &format!("{} in {phases} phases", card.steps()));
    for (at, (title, steps, usual)) in card.phases.iter().enumerate() {
        let usual = if *usual > Duration::ZERO { hours(*usual) } else { "-".into() };
        let title = screen::fit(&screen::line(title), 26);
        prose.row(vec![(Role::Text, format!("  {} {title:<26} {steps:>3}  {usual}", at + 1))]);
    }
    prose.gap();
    match &card.no_return {
        Some((number, title)) => {
            prose.label("NO RETURN", Role::Irreversible, &format!("at {number} {title}"));
        }
        None => prose.label(
            "NO RETURN",
            Role::Text,
            "none: every change has a way back, or says why not",
        ),
    }
    prose.gap();
    prose.label("DRILL", Role::Text, &drill(facts, listed));
}
