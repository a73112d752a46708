//! What line mode says: whole lines, one thing each, never a control sequence.

use crate::screen;
use std::io;
use std::io::Write;

/// The widest a sentence gets; commands are never broken.
const COLUMNS: usize = 80;

/// Writes safe lines.
///
/// Promise: whatever it is given, nothing but printable text and newlines goes out.
pub struct Say<W: Write> {
    out: W,
}

impl<W: Write> Say<W> {
    /// Speaks into this.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    /// Says a sentence or heading, wrapped.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return writeln!(self.out);
        }
        for part in text.lines() {
            for row in screen::wrap(&screen::line(part), COLUMNS, 2) {
                writeln!(self.out, "{row}")?;
            }
        }
        self.out.flush()
    }

    /// Says `LABEL text`, if there is a text; without a label, the text alone.
    pub fn label(&mut self, label: &str, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) if text.trim().is_empty() => Ok(()),
            Some(text) if label.is_empty() => self.line(text),
            Some(text) => self.line(&format!("{label} {text}")),
            None => Ok(()),
        }
    }

    /// Says a command in full: strict, so that what is read is what will run, indented by two.
    pub fn command(&mut self, shown: &str) -> io::Result<()> {
        let rows: Vec<&str> = shown.lines().collect();
        match rows.len() {
            1 => writeln!(self.out, "COMMAND:")?,
            n => writeln!(self.out, "COMMAND, {n} lines:")?,
        }
        // Never broken by us: a terminal folds a long row itself, and what is copied from it still runs as it stands.
        for row in rows {
            writeln!(self.out, "  {}", screen::strict(row))?;
        }
        self.out.flush()
    }

    /// Says one line of a command's output, cut by nothing: `  text` or `! text` for standard error.
    pub fn output(&mut self, stderr: bool, bytes: &[u8]) -> io::Result<()> {
        let text = screen::line(bytes);
        writeln!(self.out, "{} {text}", if stderr { '!' } else { '|' })?;
        self.out.flush()
    }

    /// Says what can be typed next, without a newline.
    pub fn prompt(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "{} ", screen::line(text))?;
        self.out.flush()
    }
}
