//! Rehearsals on the screen: the shipped scenarios from the first to the last step, by the keys that the hint line offers.

use super::walked::{HUB, by_file, happened};
use crate::support::hand::Hand;
use crate::support::program::Home;
use crate::support::window::Window;

/// The smallest window in which everything must be possible.
const SMALL: (u16, u16) = (80, 24);

fn on_screen(scenario: &str, answers: &[&'static str], outcomes: &[&'static str]) {
    let home = Home::new();
    let words = ["rehearse", HUB, "--scenario", scenario, "--speed", "50"];
    let mut window = Window::open(SMALL, home.rutter(words));
    window.hear("REHEARSAL │ SIMULATED");
    let mut hand = Hand::knowing(answers, outcomes);
    hand.walk(&mut window, |view| {
        assert!(
            view.ended || view.rows.is_empty() || marked_as_rehearsal(&view.rows),
            "{}",
            view.text()
        );
        false
    });
    assert_eq!(window.end().code(), Some(0), "{}", window.view().text());
    window.assert_handed_back();
    assert!(
        window.view().says("DEBRIEF") || window.view().says("WRONG TURNS"),
        "{}",
        window.view().text()
    );
    let file = by_file(HUB, scenario);
    assert_eq!(
        happened(&file),
        happened(&home),
        "the screen makes the facts that a file of answers makes"
    );
}

/// Every frame of the screen says that nothing is real; before and after it stand lines of the shell.
fn marked_as_rehearsal(rows: &[String]) -> bool {
    !rows[0].starts_with(" LIVE")
}

#[test]
fn deleted_members_are_put_back_on_the_screen() {
    on_screen("members-deleted", &["no", "no", "no"], &["damage", "copy", "selective"]);
}

#[test]
fn rewritten_profiles_end_in_a_cutover_on_the_screen() {
    let outcomes = ["damage", "copy", "cutover", "without", "go"];
    on_screen("profiles-rewritten", &["no", "yes"], &outcomes);
}
