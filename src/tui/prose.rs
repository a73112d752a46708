//! Text for panes: labelled paragraphs, wrapped with a hanging indent, each piece with its meaning.

use super::look::{Look, Role};
use crate::screen;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// One row of a pane: pieces of text with their meaning.
pub type Row = Vec<(Role, String)>;

/// Stands before the marked line of a list.
const MARK: &str = "▸ ";

/// How far a text stands from its label.
const LABEL: usize = 9;

/// Rows being written, none wider than a pane.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// The rows.
    pub rows: Vec<Row>,
    width: usize,
}

impl Prose {
    /// Begins, for a pane of this width.
    pub fn new(width: usize) -> Self {
        Self { rows: Vec::new(), width: width.max(4) }
    }

    /// Adds a paragraph.
    pub fn text(&mut self, role: Role, text: &str) {
        for part in text.lines() {
            for row in screen::wrap(&screen::line(part), self.width, 0) {
                self.rows.push(vec![(role, row)]);
            }
        }
    }

    /// Adds a paragraph with its label in the margin.
    pub fn label(&mut self, label: &str, role: Role, text: &str) {
        self.labelled(label, Role::Strong, role, text);
    }

    /// Adds a paragraph with a label of its own style.
    pub fn labelled(&mut self, label: &str, label_role: Role, role: Role, text: &str) {
        let indent = LABEL.max(label.width() + 1).min(self.width / 2);
        let mut first = true;
        for part in text.lines() {
            for row in screen::wrap(&screen::line(part), self.width - indent, 0) {
                let lead = if first { label } else { "" };
                let margin = format!("{lead:indent$}");
                self.rows.push(vec![(label_role, margin), (role, row)]);
                first = false;
            }
        }
        if first {
            self.rows.push(vec![(label_role, label.to_owned())]);
        }
    }

    /// Adds a command, every character of it: strict, broken only where a row ends.
    pub fn command(&mut self, shown: &str) {
        for line in shown.lines() {
            let mut rest = screen::strict(line);
            let mut first = true;
            loop {
                let indent = if first { 0 } else { 2 };
                let room = (self.width - indent).max(1);
                // Everything is ASCII or one cell wide here, so that characters are cells.
                let (row, more) = broken(&rest, room);
                self.rows.push(vec![(Role::Command, format!("{}{row}", " ".repeat(indent)))]);
                first = false;
                match more {
                    Some(more) => rest = more,
                    None => break,
                }
            }
        }
    }

    /// Adds a numbered list of things and what to know about each; one is marked. What is too long is cut.
    pub fn list(&mut self, chosen: usize, items: &[(String, String)]) {
        let widest = items.iter().map(|(words, _)| words.width()).max().unwrap_or(0);
        let words_width = widest.min(self.width * 3 / 5);
        for (at, (words, note)) in items.iter().enumerate() {
            let here = at == chosen;
            let number = if at < 9 { (at + 1).to_string() } else { " ".into() };
            let words = screen::fit(&screen::line(words), words_width);
            let pad = words_width - words.width();
            let room = self.width.saturating_sub(words_width + 8);
            self.rows.push(vec![
                (Role::Now, if here { MARK } else { "  " }.into()),
                (Role::Key, format!("{number}  ")),
                (if here { Role::Selection } else { Role::Text }, words),
                (
                    Role::Dim,
                    format!("{}{}", " ".repeat(pad + 3), screen::fit(&screen::line(note), room)),
                ),
            ]);
        }
    }

    /// Adds a row as it is; it is cut where it is drawn.
    pub fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds an empty row, unless one stands there already or nothing does.
    pub fn gap(&mut self) {
        if self.rows.last().is_some_and(|row| !row.is_empty()) {
            self.rows.push(Vec::new());
        }
    }

    /// The row of the list's marked line, if there is a list.
    pub fn marked(&self) -> Option<usize> {
        self.rows.iter().position(|row| row.first().is_some_and(|(_, text)| text == MARK))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Breaks a row of a command behind a blank where there is one near the end, else anywhere.
fn broken(text: &str, room: usize) -> (String, Option<String>) {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= room {
        return (text.to_owned(), None);
    }
    let blank = chars[..room].iter().rposition(|c| *c == ' ');
    let at = blank.filter(|at| *at > room / 2).map_or(room, |at| at + 1);
    (chars[..at].iter().collect(), Some(chars[at..].iter().collect()))
}

/// Turns a row into what ratatui draws.
pub fn line(row: &Row, look: Look) -> Line<'static> {
    let span = |(role, text): &(Role, String)| Span::styled(look.text(text), look.style(*role));
    Line::from(row.iter().map(span).collect::<Vec<_>>())
}

/// Draws rows into an area, from the row that stands at its top.
pub fn draw(frame: &mut Frame<'_>, area: Rect, look: Look, prose: &Prose, top: usize) {
    let rows = prose.rows.iter().skip(top).take(usize::from(area.height));
    let lines: Vec<Line<'_>> = rows.map(|row| line(row, look)).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(prose: &Prose) -> Vec<String> {
        prose.rows.iter().map(|row| row.iter().map(|(_, text)| text.as_str()).collect()).collect()
    }

    #[test]
    fn a_label_stands_in_the_margin_once() {
        let mut prose = Prose::new(24);
        prose.label("EXPECT", Role::Text, "exit 0 and \"state\": \"Ready\"");
        assert_eq!(
            plain(&prose),
            ["EXPECT   exit 0 and", "         \"state\":", "         \"Ready\""]
        );
    }

    #[test]
    fn no_character_of_a_command_is_lost() {
        let command = "az postgres flexible-server restore --name db-orders-r0 --restore-time 2026-11-21T02:36:00Z";
        for width in 4..100 {
            let mut prose = Prose::new(width);
            prose.command(command);
            let joined: String = plain(&prose)
                .iter()
                .enumerate()
                .map(|(at, row)| if at == 0 { &row[..] } else { &row[2..] })
                .collect();
            assert_eq!(joined, command, "{width}");
            assert!(plain(&prose).iter().all(|row| row.len() <= width), "{width}");
        }
    }
}
