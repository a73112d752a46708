//! Keys that nobody meant: held down, pasted, typed ahead, sent by a cat.

use super::dice::Dice;
use super::keys::lawful;
use super::reached::{Reached, usual};
use super::stage::Stage;
use crate::runbook::model::Hazard;
use crate::tui::fields::Field;
use crate::tui::key::{Input, Key};
use crate::tui::place::Place;
use crate::tui::sight::Sight;
use crate::tui::state::Layer;
use crate::tui::update;
use chrono::TimeDelta;

/// The place of this name.
fn place(name: &str) -> Stage {
    let found = usual().into_iter().find(|reached| reached.name == name);
    found.unwrap_or_else(|| panic!("there is no place {name}")).stage
}

/// Holds a key down for five seconds, as a keyboard repeats it; whatever runs meanwhile ends well.
fn holds(stage: &mut Stage, key: Key, first: TimeDelta) -> usize {
    let mut changes = 0;
    let mut wait = first;
    for _ in 0..165 {
        changes += usize::from(stage.press_after(key, wait).is_some());
        wait = TimeDelta::milliseconds(30);
    }
    changes
}

#[test]
fn enter_held_down_for_five_seconds_starts_no_change_anywhere() {
    for Reached { name, stage, .. } in usual() {
        if name.starts_with("the button") {
            continue; // there Enter is the key that was meant, once
        }
        for first in [30, 500] {
            let mut held = stage.clone();
            assert_eq!(held.press(Key::Enter), None, "{name}");
            let changes = holds(&mut held, Key::Enter, TimeDelta::milliseconds(first));
            assert_eq!(changes, 0, "{name}, repeated after {first} ms");
        }
    }
}

#[test]
fn a_button_held_down_starts_its_change_once() {
    for name in ["the button of a guard", "the button of no return"] {
        let mut held = place(name);
        assert!(held.press(Key::Enter).is_some(), "{name}");
        assert_eq!(holds(&mut held, Key::Enter, TimeDelta::milliseconds(500)), 0, "{name}");
    }
}

#[test]
fn r_held_down_starts_what_was_armed_once_and_nothing_after_it() {
    let mut held = place("armed");
    assert!(held.press(Key::Char('R')).is_some());
    assert_eq!(holds(&mut held, Key::Char('R'), TimeDelta::milliseconds(500)), 0);
}

#[test]
fn a_paste_of_a_thousand_lines_starts_nothing_and_arms_nothing_anywhere() {
    let pasted = "R\n\rdb-orders\ndb-orders-old\tY\u{1b}[A\u{7f}\0é漢\n".repeat(1000);
    for Reached { name, stage, .. } in usual() {
        let mut tried = stage.clone();
        assert_eq!(tried.paste(&pasted), None, "{name}");
        assert!(tried.state.armed.is_none(), "{name}");
        let started = tried.world.started.len();
        assert_eq!(started, stage.world.started.len(), "{name}: a paste started something");
        if stage.state.armed.is_some() {
            assert_eq!(tried.press(Key::Char('R')), None, "{name}: still armed after a paste");
        }
    }
}

#[test]
fn a_name_that_has_to_be_typed_cannot_be_pasted() {
    for name in ["a guard", "a retry against the rule", "starting again anyway"] {
        let mut stage = place(name);
        while stage.fields().at != 0 {
            stage.press(Key::BackTab);
        }
        let wanted = stage.fields().lines[0].clone();
        for text in ["db-orders", "db-orders-r0", "db-orders-old"] {
            stage.paste(text);
        }
        assert!(wanted.typed().is_empty(), "{name}");
        assert!(stage.fields().lines[0].typed().is_empty(), "{name}");
        let said = stage.state.message().unwrap().text.clone();
        assert!(said.contains("typed, not pasted"), "{name}: {said}");
    }
}

#[test]
fn four_kilobytes_of_anything_at_once_start_no_change_and_break_nothing() {
    let mut dice = Dice::new();
    for Reached { name, stage, .. } in usual() {
        for round in 0..3 {
            let mut tried = stage.clone();
            // What is armed, or on the button of its guard, is one key away: that key was read for.
            let keys: Vec<Key> = (0..4096).map(|_| dice.key()).collect();
            let mut rest = keys.as_slice();
            while let Some((first, others)) = rest.split_first() {
                let before = tried.clone();
                let changes = tried.burst([*first]);
                for change in &changes {
                    assert!(lawful(&before, *first, change), "{name}, round {round}: {change:?}");
                }
                // Something new appeared: all that stands in the queue is thrown away unread.
                if tried.state.unread || tried.left {
                    break;
                }
                rest = others;
            }
            let started = tried.world.started.iter().skip(stage.world.started.len());
            let changes = started.filter(|(_, hazard, _)| *hazard > Hazard::Read).count();
            let one_away = stage.state.armed.is_some() || name.starts_with("the button");
            assert!(changes <= usize::from(one_away), "{name}, round {round}: {changes} changes");
        }
    }
}

#[test]
fn escape_never_leaves_never_stops_and_keeps_what_was_typed() {
    for Reached { name, stage, .. } in usual() {
        let mut tried = stage.clone();
        let typed = match stage.state.layers.last() {
            Some(Layer::Fields(fields)) if !fields.is_guard() => {
                fields.lines.first().map(Field::typed)
            }
            Some(Layer::Note(note)) => Some(note.words()),
            _ => None,
        };
        for _ in 0..50 {
            assert_eq!(tried.press(Key::Esc), None, "{name}");
        }
        assert!(!tried.left, "{name}");
        assert_eq!(tried.world.identity(), stage.world.identity(), "{name}: something happened");
        assert!(tried.state.layers.is_empty() || tried.state.too_small(), "{name}");
        assert!(tried.state.armed.is_none(), "{name}");
        if let Some(typed) = typed.filter(|typed| !typed.is_empty()) {
            let drafts = format!("{:?} {:?}", tried.state.drafts, tried.state.note);
            let kept = typed.lines().all(|line| drafts.contains(line));
            assert!(kept, "{name}: {typed} was lost");
        }
    }
}

#[test]
fn what_is_armed_is_disarmed_by_time_and_by_everything_but_reading_it() {
    let armed: Vec<Reached> =
        usual().into_iter().filter(|reached| reached.stage.state.armed.is_some()).collect();
    assert!(armed.len() >= 6);
    for Reached { name, stage, .. } in armed {
        let mut late = stage.clone();
        late.world.pass(TimeDelta::seconds(60));
        let input = Input::Key(Key::Char('R'), late.world.now());
        assert!(update::update(&mut late.state, &late.world, input).is_none(), "{name} after 60 s");
        for key in super::keys::every_key() {
            let mut tried = stage.clone();
            if tried.press(key).is_some() {
                continue;
            }
            let reading = matches!(
                key,
                Key::Up | Key::Down | Key::PageUp | Key::PageDown | Key::Home | Key::End
            ) || "kjgGy".chars().any(|c| key == Key::Char(c))
                || "udl".chars().any(|c| key == Key::Ctrl(c));
            // The key that arms is no move: it waits for the one that runs.
            let arms = key == Key::Char(' ') && stage.place() == Place::ByHand;
            let waits = arms || key == Key::Enter || key == Key::Char('R');
            assert_eq!(tried.state.armed.is_some(), reading || waits, "{key} at {name}");
        }
    }
}

#[test]
fn a_window_in_which_the_command_does_not_fit_disarms_it() {
    let mut stage = place("armed");
    stage.resize((100, 40));
    assert!(stage.state.armed.is_some(), "it fits");
    for size in [(59, 40), (200, 15), (10, 4), (1, 1)] {
        let mut tried = stage.clone();
        tried.resize(size);
        assert!(tried.state.armed.is_none(), "{size:?}");
        tried.resize((100, 40));
        assert_eq!(tried.press(Key::Char('R')), None, "{size:?} and back");
    }
    let mut long = place("a long command, read to its end");
    long.resize((61, 17));
    assert_eq!(long.press(Key::Char('R')), None);
}
