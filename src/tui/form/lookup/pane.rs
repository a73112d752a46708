//! How a look for values is shown, in the lower pane of the form.

use super::{Lookup, Offer, Phase, offer};
use crate::driver::DISCOVERY_LONGEST;
use crate::line::span;
use crate::screen;
use crate::tui::form::draw::panes;
use crate::tui::form::facts::Facts;
use crate::tui::form::field::Field;
use crate::tui::form::state::State;
use crate::tui::frame;
use crate::tui::look::Role;
use crate::tui::prose::Prose;
use ratatui::layout::Rect;

/// Returns the pane of a look that has the keys: its title, its text, and the marked row if there is one.
pub fn text(look: &Lookup, width: usize) -> (String, Prose, Option<usize>) {
    let mut text = Prose::new(width);
    match &look.phase {
        Phase::Found { values, unfit, at } => {
            for (number, value) in values.iter().enumerate() {
                let (mark, role) =
                    if number == *at { ("▸ ", Role::Selection) } else { ("  ", Role::Text) };
                let value = screen::fit(&screen::visible_line(value), width.saturating_sub(2));
                text.row(vec![(Role::Now, mark.into()), (role, value)]);
            }
            if *unfit > 0 {
                text.text(Role::Dim, &format!("{unfit} more do not fit and are left out."));
            }
            text.gap();
            text.text(Role::Dim, "Found by:");
            text.command(&look.shown);
            let title = format!("{}: {} found", look.name, values.len());
            (title, text, Some(*at))
        }
        Phase::Asked | Phase::Running { .. } | Phase::Failed(_) => {
            let most = span(DISCOVERY_LONGEST);
            text.text(
                Role::Text,
                &format!("Nothing has run yet. Enter runs this; it only reads, for {most} at most. It is in no journal, for no run is open."),
            );
            text.gap();
            text.command(&look.shown);
            (format!("discover {}", look.name), text, None)
        }
    }
}

/// Says below a line what is known of its discovery, or what it would take.
pub fn told(text: &mut Prose, state: &State, facts: &Facts, field: &Field) {
    const LABEL: &str = "DISCOVER";
    let look = state.lookup.as_ref().filter(|look| look.name == field.label());
    if let Some(Phase::Running { since, .. }) = look.map(|look| &look.phase) {
        let passed = (facts.now - since).to_std().unwrap_or_default();
        let passed = span(std::time::Duration::from_secs(passed.as_secs()));
        let said = format!("runs since {passed}; Esc ends it, typing goes on");
        return text.label(LABEL, Role::Now, &said);
    }
    let discovery = match offer(state, facts, field) {
        None => return,
        Some(Offer::Needs(names)) => {
            return text.label(LABEL, Role::Dim, &format!("needs {} first", names.join(" and ")));
        }
        Some(Offer::Ready(discovery)) => discovery,
    };
    // What came of another question, before a value of it was changed, says nothing about this one.
    match look.filter(|look| look.digest == discovery.digest).map(|look| &look.phase) {
        Some(Phase::Failed(why)) => text.label(LABEL, Role::Warning, why),
        Some(Phase::Found { values, .. }) => {
            let said = format!("{} found, ^F shows them", values.len());
            text.label(LABEL, Role::Verified, &said);
        }
        Some(Phase::Asked | Phase::Running { .. }) | None => {
            text.label(LABEL, Role::Text, "^F shows the command that finds values");
        }
    }
}

/// Returns how many rows of the open look are below the lower edge, and how many fit.
pub fn below(state: &State, facts: &Facts) -> (usize, usize) {
    let Some(look) = &state.lookup else { return (0, 1) };
    let (width, height) = state.size;
    let [_, area] = panes(state, facts, frame::areas(Rect::new(0, 0, width, height)).body);
    let (_, text, _) = text(look, usize::from(area.width.saturating_sub(4)));
    let room = usize::from(area.height.saturating_sub(2)).max(1);
    let top = state.top.min(text.len().saturating_sub(room));
    (text.len().saturating_sub(top + room), room)
}
