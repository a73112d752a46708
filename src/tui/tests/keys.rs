//! No key starts a change except `Enter` and then `R`, or the button of a guard whose lines were typed.

use super::reached::{Reached, usual};
use super::stage::{Change, Stage};
use crate::engine::event::Guard;
use crate::runbook::model::Hazard;
use crate::tui::fields::{Press, Purpose};
use crate::tui::key::Key;
use crate::tui::place::Place;
use crate::tui::sight::Sight;
use crate::tui::state::Layer;
use std::collections::{BTreeMap, BTreeSet};

/// The places from which one key starts a change, that key, and how much the change can hurt: all of them.
const LAST_KEYS: &[(&str, Key, Hazard)] = &[
    ("armed", Key::Char('R'), Hazard::Change),
    ("armed after a failure", Key::Char('R'), Hazard::Change),
    ("an undo, armed", Key::Char('R'), Hazard::Change),
    ("a long command, read to its end", Key::Char('R'), Hazard::Change),
    ("a change by hand, armed", Key::Char('R'), Hazard::Change),
    ("an undo by hand, armed", Key::Char('R'), Hazard::Change),
    ("the button of a guard", Key::Enter, Hazard::Destructive),
    ("the button of no return", Key::Enter, Hazard::Irreversible),
];

/// Every key there is: all that have a name, all of ASCII, all with Control, and some that no keyboard of ours has.
pub fn every_key() -> Vec<Key> {
    use Key::{
        BackTab, Backspace, Char, Ctrl, Delete, Down, End, Enter, Esc, F1, Home, Left, PageDown,
        PageUp, Right, Tab, Up,
    };
    let named = [
        Enter, Esc, Tab, BackTab, Backspace, Delete, Up, Down, Left, Right, Home, End, PageUp,
        PageDown, F1,
    ];
    let foreign = ['é', 'ß', 'Я', '漢', '🙂', '\u{301}', '\u{200b}', '\u{1b}', '\0'];
    let letters = (' '..='~').chain(foreign).map(Char);
    named.into_iter().chain(letters).chain(('a'..='z').map(Ctrl)).collect()
}

/// Tells whether this key may start this change here: it is the last of a sequence that the guard of it asks for.
pub fn lawful(before: &Stage, key: Key, change: &Change) -> bool {
    let now = before.world.now();
    let state = &before.state;
    if let Some(armed) = &state.armed {
        return key == Key::Char('R')
            && state.layers.is_empty()
            && armed.seen_to_end
            && armed.work == change.work
            && (now - armed.since).num_seconds() < 60
            && change.guard == Guard::Armed
            && change.hazard == Hazard::Change;
    }
    let Some(Layer::Fields(fields)) = state.layers.last() else { return false };
    let Purpose::Guard { work, .. } = &fields.purpose else { return false };
    let passed = match (&change.guard, change.hazard) {
        (Guard::Typed { .. }, hazard) => hazard <= Hazard::Destructive,
        (Guard::Witnessed { .. }, hazard) => hazard <= Hazard::Irreversible,
        (Guard::None | Guard::Armed, _) => false,
    };
    let typed = fields.lines.iter().all(|line| line.value(now).is_ok()) && !fields.lines.is_empty();
    let button = fields.button().is_some_and(|button| button.press == Press::Go);
    key == Key::Enter && passed && typed && button && fields.read && *work == change.work
}

/// What the next key can depend on, with texts told apart only by whether they do: one letter is like another.
fn likeness(at: &Stage) -> String {
    let state = &at.state;
    let now = at.world.now();
    let layers: Vec<String> = state
        .layers
        .iter()
        .map(|layer| match layer {
            Layer::Menu(menu) => format!("{menu:?}"),
            Layer::Fields(fields) => {
                let lines: Vec<bool> =
                    fields.lines.iter().map(|line| line.value(now).is_ok()).collect();
                format!("{} {lines:?} {} {}", fields.title, fields.at, fields.read)
            }
            Layer::Note(note) => format!("note {}", note.words().is_empty()),
            Layer::Edit(edit) => format!("edit {}", edit.words()),
            Layer::Help { .. } => "help".into(),
            Layer::Messages { .. } => "messages".into(),
        })
        .collect();
    let armed = state.armed.as_ref().map(|armed| (&armed.work, armed.seen_to_end));
    let panes = (state.focus, state.zoom, &state.looked, state.choice);
    let tops = (state.text_top, state.command_top);
    format!("{layers:?} {armed:?} {panes:?} {tops:?} {:?} {}", at.next(), at.left)
}

/// Presses every key from here; of those that lead to the same, one is kept.
fn after_one_key(reached: &Reached) -> Vec<(Key, Option<Change>, Stage)> {
    let mut seen = BTreeMap::new();
    for key in every_key() {
        let mut stage = reached.stage.clone();
        let change = stage.press(key);
        seen.entry((likeness(&stage), change.is_some())).or_insert((key, change, stage));
    }
    seen.into_values().collect()
}

#[test]
fn keys_alone_lead_to_every_place() {
    let reached = usual();
    for place in Place::ALL {
        assert!(reached.iter().any(|reached| reached.place == place), "{place:?} was not reached");
    }
}

#[test]
fn one_key_starts_a_change_only_as_the_last_of_its_guard() {
    let mut found = Vec::new();
    for Reached { name, stage, .. } in usual() {
        for key in every_key() {
            let mut tried = stage.clone();
            if let Some(change) = tried.press(key) {
                assert!(lawful(&stage, key, &change), "{key} at {name}: {change:?}");
                found.push((name, key, change.hazard));
            }
        }
    }
    found.sort_by_key(|(name, ..)| LAST_KEYS.iter().position(|(known, ..)| known == name));
    assert_eq!(found, LAST_KEYS);
}

#[test]
fn of_all_pairs_of_keys_only_enter_and_r_starts_a_change() {
    // Many keys lead to what another has led to; what follows from there is tried once.
    let mut tried = BTreeSet::new();
    for reached in usual() {
        if LAST_KEYS.iter().any(|(name, ..)| *name == reached.name) {
            continue;
        }
        // There the sequence has begun: what may end it is lawful, or not.
        let state = &reached.stage.state;
        let begun = state.armed.is_some() || matches!(state.layers.last(), Some(Layer::Fields(_)));
        for (first, change, between) in after_one_key(&reached) {
            assert_eq!(change, None, "{first} at {}", reached.name);
            if !tried.insert((begun, between.world.identity(), likeness(&between))) {
                continue;
            }
            for second in every_key() {
                let mut last = between.clone();
                let Some(change) = last.press(second) else { continue };
                let at = format!("{first} {second} at {}: {change:?}", reached.name);
                assert!(lawful(&between, second, &change), "{at}");
                if !begun {
                    assert_eq!((first, second), (Key::Enter, Key::Char('R')), "{at}");
                }
            }
        }
    }
    assert!(tried.len() > 500, "every key led nowhere: {}", tried.len());
}
