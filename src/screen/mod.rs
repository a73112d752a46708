//! Hostile bytes in, safe text out. Pure; the one gate between anything foreign and a terminal or a report.
//!
//! Promise: no function here ever returns a control character other than the newline a caller put between rows.

use std::fmt::Write;
use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;
use vte::Parser;
use vte::Perform;

/// The distance between tab stops.
const TAB: usize = 8;

/// Returns one line of command output as safe text: colours and cursor movements are dropped, a carriage return or
/// backspace rewrites what stood there, invisible and direction-changing characters become visible.
pub fn line(text: impl AsRef<[u8]>) -> String {
    let mut row = Row::default();
    Parser::new().advance(&mut row, text.as_ref());
    visible(row.cells.iter().collect::<String>().trim_end(), false)
}

/// Returns output as safe lines.
pub fn text(bytes: impl AsRef<[u8]>) -> Vec<String> {
    let bytes = bytes.as_ref();
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    body.split(|b| *b == b'\n').map(line).collect()
}

/// Returns text in which everything but plain letters, digits and signs of ASCII is spelled out: for commands, targets
/// and whatever else a person confirms. Only the marks around the name of a secret or a value stay, which Rutter sets.
pub fn strict(text: &str) -> String {
    visible(text, true)
}

/// Returns text of people and records as it is, with control and hidden characters spelled out where they stand.
pub fn visible_line(text: &str) -> String {
    visible(text, false)
}

fn visible(text: &str, strict: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let plain = if strict { matches!(c, ' '..='~' | '‹' | '›') } else { !is_hidden(c) };
        if plain {
            out.push(c);
        } else {
            let _ = write!(out, "<U+{:04X}>", u32::from(c)); // writing to a string cannot fail
        }
    }
    out
}

/// Tells whether a character takes no room, changes direction, or is not text.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A line being written by a terminal that can do nothing but print, tab, return and step back.
#[derive(Default)]
struct Row {
    cells: Vec<char>,
    at: usize,
}

impl Perform for Row {
    fn print(&mut self, c: char) {
        if self.at < self.cells.len() {
            self.cells[self.at] = c;
        } else {
            self.cells.push(c);
        }
        self.at += 1;
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\r' => self.at = 0,
            b'\x08' => self.at = self.at.saturating_sub(1),
            b'\t' => {
                let stop = (self.at / TAB + 1) * TAB;
                while self.at < stop {
                    if self.at >= self.cells.len() {
                        self.cells.push(' ');
                    }
                    self.at += 1;
                }
            }
            _ => {}
        }
    }
}

/// Breaks safe text between words so that no row is wider than `columns`; rows after the first are indented. A word
/// that is too wide is broken, never dropped.
pub fn wrap(text: &str, columns: usize, indent: usize) -> Vec<String> {
    let lead = text.chars().take_while(|c| *c == ' ').count().min(columns / 2);
    let mut rows = vec![" ".repeat(lead)];
    let mut empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word = word;
        loop {
            let last = rows.len() - 1;
            let gap = usize::from(!empty);
            let room = columns.saturating_sub(rows[last].width() + gap);
            if word.width() <= room {
                if gap == 1 {
                    rows[last].push(' ');
                }
                rows[last].push_str(word);
                empty = false;
                break;
            }
            if empty {
                let (head, tail) = split_at_width(word, room.max(2));
                rows[last].push_str(head);
                word = tail;
            }
            rows.push(" ".repeat(lead + indent));
            empty = true;
        }
    }
    rows
}

/// Cuts safe text to a width, with `…` where something is missing.
pub fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (head, _) = split_at_width(text, columns.saturating_sub(1));
    format!("{head}…")
}

fn split_at_width(text: &str, columns: usize) -> (&str, &str) {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += c.width().unwrap_or(0);
        if width > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_links_and_clipboards_leave_only_the_text() {
        assert_eq!(line("\x1b]0;owned\x07a\x1b]52;c;ZXZpbA==\x07b\x1b]8;;http://x\x1b\\c"), "abc");
        assert_eq!(line("\x1b[31mred\x1b[0m \x1b[6n\x1b[2J\x1bc."), "red .");
        assert_eq!(line("a\x1bPpayload\x1b\\b\x1b_apc\x1b\\c\u{9b}31md"), "abc31md");
    }

    #[test]
    fn a_carriage_return_rewrites_the_line() {
        assert_eq!(line("  1%\r 50%\r100%"), "100%");
        assert_eq!(line("|\x08/\x08-"), "-");
        assert_eq!(line("a\tb"), "a       b");
    }

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        assert_eq!(line("user\u{202E}cod"), "user<U+202E>cod");
        assert_eq!(line("héllo"), "héllo");
        assert_eq!(strict("héllo\n"), "h<U+00E9>llo<U+000A>");
        assert_eq!(strict("KEY=‹secret:key›"), "KEY=‹secret:key›");
    }

    #[test]
    fn invalid_bytes_are_replaced_and_nothing_is_lost() {
        assert_eq!(line(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(text(b"a\nb\n"), ["a", "b"]);
    }

    #[test]
    fn a_sentence_wraps_between_words_with_a_hanging_indent() {
        assert_eq!(wrap("one two three", 8, 2), ["one two", "  three"]);
        assert_eq!(wrap("abcdefghij", 4, 0), ["abcd", "efgh", "ij"]);
        assert_eq!(fit("abcdef", 4), "abc…");
    }
}
