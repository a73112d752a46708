//! Keys as the screen speaks of them, whatever the terminal sends for them.

use chrono::{DateTime, Utc};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::fmt;

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant is the key of that name")]
pub enum Key {
    /// A letter, digit or sign; capitals are themselves.
    Char(char),
    /// A letter with Control held, in small.
    Ctrl(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F1,
}

/// Something that came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key, and when it arrived.
    Key(Key, DateTime<Utc>),
    /// Pasted text, or a burst that no hand can type.
    Paste(String),
    /// The window has another size.
    Resize,
}

impl Key {
    /// Returns the key of a terminal event; `None` for those that have no meaning anywhere.
    fn of(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        // Alt is Escape and a letter to most terminals: it means nothing here, and so it does nothing.
        if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META)
        {
            return None;
        }
        Some(match event.code {
            KeyCode::Char(c) if ctrl => Self::Ctrl(c.to_ascii_lowercase()),
            KeyCode::Char(c) => Self::Char(c),
            KeyCode::Enter => Self::Enter,
            KeyCode::Esc => Self::Esc,
            KeyCode::Tab => Self::Tab,
            KeyCode::BackTab => Self::BackTab,
            KeyCode::Backspace => Self::Backspace,
            KeyCode::Delete => Self::Delete,
            KeyCode::Up => Self::Up,
            KeyCode::Down => Self::Down,
            KeyCode::Left => Self::Left,
            KeyCode::Right => Self::Right,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            KeyCode::PageUp => Self::PageUp,
            KeyCode::PageDown => Self::PageDown,
            KeyCode::F(1) => Self::F1,
            _ => return None,
        })
    }
}

impl Input {
    /// Returns what a terminal event means.
    pub fn of(event: Event, at: DateTime<Utc>) -> Option<Self> {
        match event {
            Event::Key(key) => Key::of(key).map(|key| Self::Key(key, at)),
            // Terminals send a new line as the key that makes one.
            Event::Paste(text) => Some(Self::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
            Event::Resize(..) => Some(Self::Resize),
            Event::Mouse(_) | Event::FocusGained | Event::FocusLost => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Char(' ') => "Space",
            Self::Char(c) => return write!(f, "{c}"),
            Self::Ctrl(c) => return write!(f, "^{}", c.to_ascii_uppercase()),
            Self::Enter => "Enter",
            Self::Esc => "Esc",
            Self::Tab => "Tab",
            Self::BackTab => "Shift-Tab",
            Self::Backspace => "Bksp",
            Self::Delete => "Del",
            Self::Up => "↑",
            Self::Down => "↓",
            Self::Left => "←",
            Self::Right => "→",
            Self::Home => "Home",
            Self::End => "End",
            Self::PageUp => "PgUp",
            Self::PageDown => "PgDn",
            Self::F1 => "F1",
        };
        f.write_str(name)
    }
}

/// A key that can be typed into a text, as the text area takes it.
pub fn typed(key: Key) -> Option<tui_textarea::Input> {
    use tui_textarea::Key as To;
    let (key, ctrl) = match key {
        Key::Char(c) => (To::Char(c), false),
        Key::Backspace => (To::Backspace, false),
        Key::Delete => (To::Delete, false),
        Key::Left => (To::Left, false),
        Key::Right => (To::Right, false),
        Key::Home => (To::Home, false),
        Key::End => (To::End, false),
        Key::Up => (To::Up, false),
        Key::Down => (To::Down, false),
        // The few that a shell has taught everybody.
        Key::Ctrl(c @ ('a' | 'e' | 'w' | 'k')) => (To::Char(c), true),
        _ => return None,
    };
    Some(tui_textarea::Input { key, ctrl, alt: false, shift: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_released_key_and_one_with_alt_do_nothing() {
        let mut event = KeyEvent::new(KeyCode::Char('R'), KeyModifiers::SHIFT);
        assert_eq!(Key::of(event), Some(Key::Char('R')));
        event.kind = KeyEventKind::Release;
        assert_eq!(Key::of(event), None);
        let alt = KeyEvent::new(KeyCode::Char('R'), KeyModifiers::ALT);
        assert_eq!(Key::of(alt), None);
    }

    #[test]
    fn what_is_pasted_has_new_lines_however_the_terminal_sends_them() {
        let pasted = |text: &str| Input::of(Event::Paste(text.into()), DateTime::default());
        for sent in ["one\ntwo\n\nthree", "one\rtwo\r\rthree", "one\r\ntwo\r\n\r\nthree"] {
            assert_eq!(pasted(sent), Some(Input::Paste("one\ntwo\n\nthree".into())), "{sent:?}");
        }
    }
}
