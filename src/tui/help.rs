//! The help of any screen, drawn from its table of keys and its words. Typing searches both.

use super::frame::{self, Pane};
use super::key::Key;
use super::keymap::Group;
use super::look::{Look, Role, Surroundings};
use super::prose::{self, Prose};
use super::table::Binding;
use ratatui::Frame;
use ratatui::layout::Rect;

/// A row of a table of keys, as the help tells it.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The keys.
    pub keys: &'static [Key],
    /// What they do.
    pub help: &'static str,
    /// Under which heading.
    pub group: Group,
}

impl<P, A> From<&Binding<P, A>> for Told {
    fn from(row: &Binding<P, A>) -> Self {
        Self { keys: row.keys, help: row.help, group: row.group }
    }
}

/// What a help overlay remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// How far it is scrolled.
    pub top: usize,
    /// What is searched.
    pub wanted: String,
}

impl Reading {
    /// Takes a key that is typed into the search. False if it is none.
    pub fn type_key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) => self.wanted.push(c),
            Key::Backspace => _ = self.wanted.pop(),
            _ => return false,
        }
        self.top = 0;
        true
    }
}

/// Draws the help over an area.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    look: Look,
    around: Surroundings,
    place: &str,
    text: &Prose,
    top: usize,
) {
    let room = usize::from(area.height.saturating_sub(2));
    let last = text.len().saturating_sub(room);
    let top = top.min(last);
    let more = last - top;
    let pane = Pane {
        title: format!("Help: {place}"),
        aside: if more > 0 { format!("{more} more ↓  Esc closes") } else { "Esc closes".into() },
        focus: true,
        role: None,
    };
    let inside = frame::pane(frame, area, look, around, &pane);
    prose::draw(frame, inside, look, text, top);
}

/// All rows of a help that hold what is searched.
pub fn text(
    rows: &[Told],
    words: &[(&str, &str)],
    wanted: &str,
    width: usize,
    look: Look,
) -> Prose {
    let mut prose = Prose::new(width);
    prose.row(vec![(Role::Dim, "type to search: ".into()), (Role::Strong, format!("{wanted}_"))]);
    let wanted = wanted.to_lowercase();
    let fits = |text: &str| wanted.is_empty() || text.to_lowercase().contains(&wanted);
    for (group, title) in [
        (Group::Now, "NOW"),
        (Group::Look, "LOOK"),
        (Group::Move, "MOVE"),
        (Group::Anywhere, "ANYWHERE"),
    ] {
        let shown = rows.iter().filter(|row| row.group == group).map(|row| (named(row, look), row));
        let shown: Vec<_> =
            shown.filter(|(keys, row)| fits(&format!("{keys} {}", row.help))).collect();
        if shown.is_empty() {
            continue;
        }
        prose.gap();
        prose.row(vec![(Role::Title, title.into())]);
        for (keys, row) in shown {
            prose.labelled(&format!("  {keys:<11}"), Role::Key, Role::Text, row.help);
        }
    }
    let words: Vec<_> =
        words.iter().filter(|(word, means)| fits(&format!("{word} {means}"))).collect();
    if !words.is_empty() {
        prose.gap();
        prose.row(vec![(Role::Title, "WORDS".into())]);
        for (word, means) in words {
            prose.labelled(&format!("  {word:<13}"), Role::Strong, Role::Text, means);
        }
    }
    prose
}

/// The keys of a row as they are called, a long row of them by its ends.
fn named(row: &Told, look: Look) -> String {
    let keys: Vec<String> = row.keys.iter().map(|key| look.text(&key.to_string())).collect();
    match &keys[..] {
        [first, _, _, .., last] => format!("{first}-{last}"),
        keys => keys.join(" "),
    }
}
