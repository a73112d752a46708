//! From a runbook to the one that is right when it is not: the card says `NOT WHEN`, one key follows it.

use super::facts::Facts;
use super::state::{Focus, State, View};
use crate::tui::look::Role;

/// Goes to the first runbook that the meant one names; pressed there again, to the next one that it names, and at the
/// end back to it.
pub fn go(state: &mut State, facts: &Facts) {
    let Some(here) = state.meant(facts).map(str::to_owned) else { return };
    let (from, at) = match state.instead.take() {
        Some((from, at)) if named(facts, &from).get(at) == Some(&here) => (from, at + 1),
        _ => (here.clone(), 0),
    };
    let named = named(facts, &from);
    let Some(to) = named.get(at) else {
        if named.is_empty() {
            state.say(Role::Info, format!("{here} names no other runbook to take instead."));
        } else {
            show(state, &from);
            state.say(Role::Info, format!("Back at {from}."));
        }
        return;
    };
    show(state, to);
    let when = format!("Instead of {from}: {} of {}. x goes on.", at + 1, named.len());
    state.say(Role::Info, when);
    state.instead = Some((from, at));
}

/// Tells whether the key leads anywhere: the card names another runbook, or is one that was named.
pub fn is_offered(state: &State, facts: &Facts) -> bool {
    let Some(here) = state.meant(facts) else { return false };
    let back = state.instead.as_ref().is_some_and(|(from, at)| {
        named(facts, from).get(*at).is_some_and(|followed| followed == here)
    });
    back || !named(facts, here).is_empty()
}

/// The runbooks that one names for when it is not right, as far as they are there.
fn named(facts: &Facts, name: &str) -> Vec<String> {
    let card = facts.runbook(name).and_then(|listed| listed.card.as_ref().ok());
    let not_when = card.map(|card| card.not_when.as_slice()).unwrap_or_default();
    let named = not_when.iter().filter_map(|(_, go)| found(facts, go.as_deref()?));
    named.collect()
}

/// The full name of a runbook that is named in full or, while that is unique, by its last part.
fn found(facts: &Facts, named: &str) -> Option<String> {
    let all = || facts.runbooks.iter().map(|listed| listed.name.as_str());
    let by_part = || {
        let mut fits = all().filter(|name| name.rsplit('/').next() == Some(named));
        fits.next().filter(|_| fits.next().is_none())
    };
    all().find(|name| *name == named).or_else(by_part).map(str::to_owned)
}

/// Marks a runbook in the list, whatever was filtered; one that is read stays read.
fn show(state: &mut State, name: &str) {
    state.filter.clear();
    state.chosen = Some(name.to_owned());
    state.focus = Some(Focus::Runbooks);
    state.view = match state.view {
        View::Reading { .. } => View::Reading { name: name.to_owned(), top: 0 },
        _ => View::Lists,
    };
}
