//! Screens as text, looked at by a person once and compared ever after.
//!
//! `RUTTER_BLESS=1 cargo test --lib` writes them anew; look at them before they are committed.
#![expect(clippy::disallowed_methods, reason = "reads the screens that were looked at")]

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use std::fmt::Write;
use std::path::PathBuf;

/// Draws something as text, each row without the blanks at its end.
pub fn drawn(size: (u16, u16), draw: impl FnOnce(&mut Frame<'_>)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(draw).unwrap();
    let buffer = terminal.backend().buffer();
    let mut text = String::new();
    for y in 0..size.1 {
        let row: String = (0..size.0).map(|x| buffer[(x, y)].symbol()).collect();
        let _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

/// Compares screens with those that were looked at.
pub fn compare(file: &str, screens: &[(&str, String)]) {
    let mut now = String::new();
    for (name, screen) in screens {
        let _ = writeln!(now, "== {name}\n{screen}");
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens").join(file);
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

/// The hint line as a person reads it: pieces of keys and words, the one for help last.
pub fn hinted(screen: &str) -> Vec<String> {
    let last = screen.lines().last().unwrap_or_default();
    last.split("  ").map(str::trim).filter(|hint| !hint.is_empty()).map(str::to_owned).collect()
}
