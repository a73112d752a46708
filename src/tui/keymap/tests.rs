//! The table of keys keeps its promises in every place.

use super::*;
use std::collections::BTreeMap;

#[test]
fn no_key_means_two_things_in_one_place() {
    for place in Place::ALL {
        let mut meant: BTreeMap<Key, Action> = BTreeMap::new();
        for row in bindings(place) {
            for key in row.keys {
                let before = meant.insert(*key, row.action);
                assert_eq!(before, None, "{key} in {place:?}: {:?}", row.action);
            }
        }
    }
}

#[test]
fn no_letter_is_taken_from_a_text() {
    for place in Place::ALL.into_iter().filter(|place| place.types()) {
        for row in bindings(place) {
            let letters = row.keys.iter().any(|key| matches!(key, Key::Char(_)));
            assert!(!letters, "{:?} in {place:?}", row.action);
        }
    }
}

#[test]
fn everywhere_there_is_a_way_back_and_a_way_to_interrupt() {
    for place in Place::ALL {
        assert!(action(place, Key::Ctrl('c')).is_some(), "{place:?}");
        // Where nothing can be shown there is nothing to go back to.
        let back = (place != Place::Tiny).then_some(Action::Back);
        assert_eq!(action(place, Key::Esc), back, "{place:?}");
    }
}

#[test]
fn capitals_act_or_answer_and_small_letters_look() {
    let looks = [Action::SearchPrevious, Action::Last, Action::Wrap, Action::Times];
    for row in KEYS.iter().filter(|row| !looks.contains(&row.action)) {
        let capital = row.keys.iter().any(|k| matches!(k, Key::Char(c) if c.is_ascii_uppercase()));
        let acts = matches!(row.action, Action::Run | Action::Yes | Action::No | Action::Unsure);
        assert_eq!(capital, acts, "{:?}", row.action);
    }
}
