//! What the operator sees: the screens as text, looked at by a person once and compared ever after.
//!
//! `RUTTER_BLESS=1 cargo test --lib screens` writes them anew; look at them before they are committed.
#![expect(clippy::disallowed_methods, reason = "reads the screens that were looked at")]

use super::reached::reached;
use super::stage::Stage;
use crate::tui::draw;
use crate::tui::look::{Look, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::fmt::Write;
use std::path::PathBuf;

/// The screens that are kept: one or more of every place.
const KEPT: &[&str] = &[
    "a check of preflight",
    "all checks, shown first",
    "a statement",
    "a change",
    "everything that can be done",
    "leaving",
    "help",
    "a note of two lines",
    "a later step is looked at",
    "the messages",
    "skipping",
    "a hold",
    "armed",
    "a change runs",
    "interrupting",
    "a failure",
    "a command being edited",
    "the guard of an edited command",
    "a retry against the rule",
    "an unknown outcome",
    "an unknown outcome that the probe knows",
    "a long command, armed",
    "a change by hand, armed",
    "a wait",
    "values are asked for",
    "a value",
    "a question",
    "how the answer is known",
    "a decision after its ladder",
    "the other runbooks",
    "why another runbook",
    "a decision that ends the run",
    "closed, goes on elsewhere",
    "a guard",
    "a guard with a witness",
    "something to clear",
    "everything is settled",
    "closed",
];

/// Draws a stage as text, each row without the blanks at its end.
pub fn drawn(stage: &Stage, look: Look) -> String {
    let (columns, rows) = stage.state.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| draw::draw(frame, &stage.state, &stage.world, look, None)).unwrap();
    let buffer = terminal.backend().buffer();
    let mut text = String::new();
    for y in 0..rows {
        let row: String = (0..columns).map(|x| buffer[(x, y)].symbol()).collect();
        let _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

fn as_they_were_looked_at(size: (u16, u16), look: Look, name: &str) {
    let mut now = String::new();
    let reached = reached(size);
    for kept in KEPT {
        let found = reached.iter().find(|reached| reached.name == *kept);
        let stage = &found.unwrap_or_else(|| panic!("the walk does not reach {kept:?}")).stage;
        let _ = writeln!(now, "== {kept}\n{}", drawn(stage, look));
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens").join(name);
    if std::env::var_os("RUTTER_BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    for (was, is) in kept.split("== ").zip(now.split("== ")) {
        assert_eq!(was, is, "\n--- looked at ---\n{was}\n--- now ---\n{is}");
    }
    assert_eq!(kept, now);
}

/// Without colours.
pub const PLAIN: Look = Look { theme: Theme::Mono, ascii: false };

#[test]
fn the_screens_of_80_by_24_are_those_that_were_looked_at() {
    as_they_were_looked_at((80, 24), PLAIN, "80x24.txt");
}

#[test]
fn the_screens_of_120_by_36_are_those_that_were_looked_at() {
    as_they_were_looked_at((120, 36), PLAIN, "120x36.txt");
}

#[test]
fn the_screens_in_ascii_are_those_that_were_looked_at() {
    as_they_were_looked_at((80, 24), Look { ascii: true, ..PLAIN }, "80x24-ascii.txt");
}

#[test]
fn a_screen_in_ascii_has_nothing_else() {
    for reached in reached((80, 24)) {
        let text = drawn(&reached.stage, Look { ascii: true, ..PLAIN });
        assert!(text.is_ascii(), "{}:\n{text}", reached.name);
    }
}
