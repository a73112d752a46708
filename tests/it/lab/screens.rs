//! The lab's restore on the screen: the real binary before a terminal of 80 columns and 24 rows, by offered keys only.

use super::home::Home;
use super::walks::{Way, look, verify};
use crate::support::hand::Hand;
use crate::support::window::{SEAT, Window, seated};

/// The smallest window in which everything must be possible.
pub const SMALL: (u16, u16) = (80, 24);

/// A window in a home of the lab.
pub fn open(home: &Home, words: &[&str]) -> Window {
    Window::open(SMALL, home.program(SEAT, &seated(words)))
}

/// Walks a way to the end, looks at the lab while it is there, and has the journal verified.
pub fn screen(way: Way) -> Home {
    let home = Home::new();
    let mut window = open(&home, &["run", "lab/postgres-restore"]);
    let mut hand = Hand::knowing(&way.answers_of_ladders(), &way.decisions());
    hand.walk(&mut window, |view| view.describes("Nothing here is needed"));
    look(&home, way);
    hand.walk(&mut window, |_| false);
    let end = window.end();
    assert_eq!(end.code(), Some(0), "{}", window.view().text());
    window.assert_handed_back();
    verify(&home);
    let opened = &home.events()[0];
    assert_eq!(opened["face"], "tui", "{opened}");
    home
}
