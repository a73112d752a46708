//! Eighty columns of plain text: headings, paragraphs, and labels with what they label.

use crate::screen;
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns of the narrowest screen we write for.
pub const COLUMNS: usize = 80;
/// Where the text of a label begins.
const LABELLED: usize = 14;
/// Where a step's paragraphs begin.
const STEP: usize = 5;

/// A page that is written top to bottom. Everything that reaches it is made safe for a terminal.
#[derive(Debug)]
pub struct Page<W> {
    out: W,
}

impl<W: Write> Page<W> {
    /// Starts a page.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Leaves a line free.
    pub fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Writes a line at the left edge, wrapped.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.rows(text, 0, 0)
    }

    /// Writes a paragraph, indented as what belongs to a step.
    pub fn paragraph(&mut self, text: &str) -> io::Result<()> {
        for text in text.lines() {
            self.rows(text, STEP, 0)?;
        }
        Ok(())
    }

    /// Writes text on the left and a word at the right edge.
    pub fn across(&mut self, left: &str, right: &str) -> io::Result<()> {
        let (left, right) = (screen::line(left), screen::line(right));
        let room = COLUMNS.saturating_sub(right.chars().count() + 2);
        let mut rows = screen::wrap(&left, room, STEP);
        let last = rows.pop().unwrap_or_default();
        for row in rows {
            writeln!(self.out, "{row}")?;
        }
        let gap = COLUMNS.saturating_sub(last.width());
        writeln!(self.out, "{last}{right:>gap$}")
    }

    /// Writes a label and what it labels.
    pub fn label(&mut self, label: &str, text: &str) -> io::Result<()> {
        for (index, text) in text.lines().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.labelled(label, &screen::line(text))?;
        }
        Ok(())
    }

    /// Writes a label and a command: every character of it is what it looks like.
    pub fn command(&mut self, label: &str, text: &str) -> io::Result<()> {
        for (index, text) in text.trim_end().lines().enumerate() {
            let label = if index == 0 { label } else { "" };
            let text = screen::strict(text);
            let lead = text.len() - text.trim_start().len();
            for (index, row) in
                fold(&text, COLUMNS - LABELLED, (lead + 2).min(20)).iter().enumerate()
            {
                self.row(if index == 0 { label } else { "" }, row)?;
            }
        }
        Ok(())
    }

    /// Writes a name in a column of this width, and a text beside it, wrapped within its own column.
    pub fn columns(&mut self, name: &str, width: usize, text: &str) -> io::Result<()> {
        let rows = screen::wrap(&screen::line(text), COLUMNS.saturating_sub(width + 2).max(20), 0);
        for (index, row) in rows.iter().enumerate() {
            let name = if index == 0 { screen::line(name) } else { String::new() };
            writeln!(self.out, "{}", format!("{name:<width$}  {row}").trim_end())?;
        }
        Ok(())
    }

    /// Writes safe text behind a label; rows after the first are indented a little more.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        for (index, row) in screen::wrap(text, COLUMNS - LABELLED, 2).iter().enumerate() {
            self.row(if index == 0 { label } else { "" }, row)?;
        }
        Ok(())
    }

    fn row(&mut self, label: &str, row: &str) -> io::Result<()> {
        let width = LABELLED - STEP;
        writeln!(self.out, "{}", format!("{:STEP$}{label:<width$}{row}", "").trim_end())
    }

    fn rows(&mut self, text: &str, indent: usize, hang: usize) -> io::Result<()> {
        for row in screen::wrap(&screen::line(text), COLUMNS - indent, hang) {
            writeln!(self.out, "{}", format!("{:indent$}{row}", "").trim_end())?;
        }
        Ok(())
    }
}

/// Breaks a command into rows, after a blank where there is one, and loses nothing of it.
fn fold(text: &str, columns: usize, hang: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut blank = None;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if row.width() + wide > columns {
            let rest = blank.map_or(String::new(), |at| row.split_off(at));
            rows.push(std::mem::replace(&mut row, format!("{:hang$}{rest}", "")));
            blank = None;
        }
        row.push(c);
        // A break within the indentation would leave an empty row.
        if c == ' ' && !row.trim().is_empty() {
            blank = Some(row.len());
        }
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(write: impl Fn(&mut Page<&mut Vec<u8>>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Page::new(&mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_row_is_wider_than_the_screen() {
        let long = "word ".repeat(60);
        let shown = page(|page| {
            page.line(&long)?;
            page.paragraph(&long)?;
            page.label("EXPECT", &long)?;
            page.command("RUN", &long)?;
            page.across(&long, "destructive")
        });
        assert!(shown.lines().all(|line| line.width() <= COLUMNS), "{shown}");
    }

    #[test]
    fn a_folded_command_has_every_character_of_the_written_one() {
        let long = format!("  a  b {} 'two  blanks' {}", "word ".repeat(30), "x".repeat(200));
        let rows = fold(&long, 40, 4);
        assert!(rows.len() > 5 && rows.iter().all(|row| row.width() <= 40), "{rows:?}");
        let rest = rows[1..].iter().map(|row| &row[4..]);
        assert_eq!(rows[..1].iter().map(String::as_str).chain(rest).collect::<String>(), long);
    }

    #[test]
    fn a_command_shows_what_only_looks_like_a_letter() {
        let shown = page(|page| page.command("RUN", "rm \u{430}b ‹secret:pw›\u{1b}[2J"));
        assert_eq!(shown, "     RUN      rm <U+0430>b ‹secret:pw›<U+001B>[2J\n");
    }
}
