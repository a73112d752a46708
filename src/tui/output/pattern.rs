//! What is searched for.

use super::grid::Grid;
use super::lines::SHOWN;
use regex::bytes::Regex;
use regex::bytes::RegexBuilder;
use std::ops::Range;
use std::sync::Arc;

/// The most memory a pattern may take; one that would need more is refused.
const SIZE: usize = 1 << 20;

/// A pattern, ready to be looked for in lines. It does not tell capitals from small letters unless it has capitals.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Arc<Regex>,
}

/// Why something cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPattern {
    /// Nothing was given.
    #[error("nothing to search for")]
    Empty,
    /// It is no regular expression.
    #[error("this is not a pattern: {0}")]
    Syntax(String),
    /// It would take too much memory.
    #[error("this pattern is too large: say less, or repeat less often")]
    TooLarge,
}

impl Pattern {
    /// Reads a regular expression.
    pub fn regex(text: &str) -> Result<Self, BadPattern> {
        Self::built(text, text)
    }

    /// Takes text as it is.
    pub fn plain(text: &str) -> Result<Self, BadPattern> {
        Self::built(text, &regex::escape(text))
    }

    fn built(text: &str, regex: &str) -> Result<Self, BadPattern> {
        if text.is_empty() {
            return Err(BadPattern::Empty);
        }
        let built = RegexBuilder::new(regex)
            .case_insensitive(!has_capitals(text))
            .multi_line(true)
            .size_limit(SIZE)
            .dfa_size_limit(SIZE)
            .build();
        match built {
            Ok(regex) => Ok(Self { text: text.to_owned(), regex: Arc::new(regex) }),
            Err(regex::Error::CompiledTooBig(_)) => Err(BadPattern::TooLarge),
            // The last line of the explanation says what is wrong; those before draw where.
            Err(e) => {
                let said = e.to_string();
                let last = said.lines().last().unwrap_or_default();
                Err(BadPattern::Syntax(last.trim_start_matches("error: ").to_owned()))
            }
        }
    }

    /// Returns it as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether a line, as it is shown, has the pattern in it.
    pub(super) fn is_in(&self, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > SHOWN || is_plain(line) {
            return self.regex.is_match(line);
        }
        match without_colours(line) {
            Some(text) => self.regex.is_match(&text),
            None => self.regex.is_match(Grid::of(line).text().0.as_bytes()),
        }
    }

    /// Calls back with the number of each line that has the pattern in it, of whole lines with their newlines.
    pub(super) fn each_in(&self, lines: &[u8], first: u64, mut give: impl FnMut(u64)) {
        if !is_plain(lines) {
            let each = lines.split(|byte| *byte == b'\n').zip(first..);
            // Behind the last newline is no line.
            let count = memchr::memchr_iter(b'\n', lines).count();
            each.take(count).filter(|(line, _)| self.is_in(line)).for_each(|(_, n)| give(n));
            return;
        }
        let (mut at, mut counted, mut number) = (0, 0, first);
        while at < lines.len() {
            let Some(found) = self.regex.find_at(lines, at) else { return };
            let from = memchr::memrchr(b'\n', &lines[at..found.start()]).map_or(at, |n| at + n + 1);
            let to = memchr::memchr(b'\n', &lines[found.start()..]);
            let Some(to) = to.map(|n| found.start() + n) else { return };
            // A match that leaves its line says nothing about the line alone.
            if found.end() <= to || self.regex.is_match(&lines[from..to]) {
                number += memchr::memchr_iter(b'\n', &lines[counted..from]).count() as u64;
                counted = from;
                give(number);
            }
            at = to + 1;
        }
    }

    /// Returns where the pattern is in a line as it is shown, in bytes.
    pub(super) fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let found = self.regex.find_iter(text.as_bytes());
        found.map(|found| found.range()).filter(|range| !range.is_empty())
    }
}

/// Tells whether bytes are shown as they are: nothing in them moves, erases or colours. A tab is searched for as a tab.
fn is_plain(bytes: &[u8]) -> bool {
    let control = |byte: &u8| (*byte < b' ' && *byte != b'\n' && *byte != b'\t') || *byte == 0x7f;
    // Whole pieces without leaving early: many bytes at a time.
    bytes.chunks(4 << 10).all(|piece| !piece.iter().fold(false, |any, byte| any | control(byte)))
}

/// Returns a line in which nothing but colours is set, without them; none if there is more. Most output that is not
/// plain is of this kind, and this is many times faster than cells.
fn without_colours(line: &[u8]) -> Option<Vec<u8>> {
    let (mut text, mut rest) = (Vec::with_capacity(line.len()), line);
    while let Some(at) = memchr::memchr(b'\x1b', rest) {
        text.extend_from_slice(&rest[..at]);
        let params = rest[at + 1..].strip_prefix(b"[")?;
        let end = params.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))?;
        // Erasing to the right, as is usual beside colours, erases nothing where nothing has gone back.
        let harmless =
            params[end] == b'm' || (params[end] == b'K' && matches!(&params[..end], b"" | b"0"));
        rest = harmless.then(|| &params[end + 1..])?;
    }
    text.extend_from_slice(rest);
    is_plain(&text).then_some(text)
}

/// Tells whether a pattern has capitals that are not the letter of a class such as `\S`.
fn has_capitals(pattern: &str) -> bool {
    let mut escaped = false;
    pattern.chars().any(|c| {
        let counts = c.is_uppercase() && !escaped;
        escaped = c == '\\' && !escaped;
        counts
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits(pattern: &str, lines: &str) -> Vec<u64> {
        let mut found = Vec::new();
        Pattern::regex(pattern).unwrap().each_in(lines.as_bytes(), 10, |n| found.push(n));
        found
    }

    #[test]
    fn capitals_count_only_when_they_are_typed() {
        assert_eq!(hits("error", "Error\nok\nERROR\n"), [10, 12]);
        assert_eq!(hits("Error", "Error\nok\nERROR\n"), [10]);
        assert_eq!(hits(r"\Serr", "xERR\n"), [10]);
    }

    #[test]
    fn a_match_does_not_leave_its_line() {
        assert_eq!(hits(r"a\sb", "a\nb\na b\n"), [12]);
        assert_eq!(hits(r"[^x]+y$", "ab\ncy\n"), [11]);
        assert_eq!(hits("^$", "a\n\nb\n\n"), [11, 13]);
        assert_eq!(hits("z*", "a\n\n"), [10, 11]);
    }

    #[test]
    fn what_is_shown_is_found_whatever_was_written() {
        assert!(without_colours(b"\x1b[1;31mred\x1b[m\x1b[K").is_some());
        assert_eq!(hits("error 7", "\x1b[31merror\x1b[0m 7\n50%\r99%\n"), [10]);
        assert!(hits("50%", "x\n50%\r99%\n").is_empty());
        assert!(hits("31m", "\x1b[31merror\n").is_empty());
        assert_eq!(hits("end$", "the end\r\n"), [10]);
    }

    #[test]
    fn a_bad_pattern_is_an_answer() {
        assert_eq!(Pattern::regex("").unwrap_err(), BadPattern::Empty);
        let error = Pattern::regex("a(b").unwrap_err();
        assert_eq!(error.to_string(), "this is not a pattern: unclosed group");
        assert_eq!(Pattern::regex(r"\w{999}{999}").unwrap_err(), BadPattern::TooLarge);
        assert!(Pattern::plain("a(b").unwrap().is_in(b"xa(b"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_line_without_its_colours_reads_as_its_cells(
            line in "([ab日]{0,3}(\x1b\\[[0-9;:]{0,4}[mKG]?|\r)?){0,8}[a-z]",
        ) {
            if let Some(text) = without_colours(line.as_bytes()) {
                prop_assert_eq!(String::from_utf8_lossy(&text), Grid::of(line.as_bytes()).text().0);
            }
        }

        #[test]
        fn whole_blocks_are_searched_as_line_by_line(
            pattern in prop_oneof![
                Just("a"), Just("^a"), Just("b$"), Just(r"a\s*b"), Just("[^b]b"), Just(r"\bab\b"),
                Just("(a|b)c?"), Just("(?s)a.b"), Just("日")
            ],
            lines in "([abcA 日\r]{0,4}\n){0,12}",
        ) {
            let pattern = Pattern::regex(pattern).unwrap();
            let mut blocks = Vec::new();
            pattern.each_in(lines.as_bytes(), 0, |n| blocks.push(n));
            let alone: Vec<u64> = lines
                .lines()
                .zip(0..)
                .filter(|(line, _)| pattern.is_in(line.as_bytes()))
                .map(|(_, n)| n)
                .collect();
            prop_assert_eq!(blocks, alone);
        }
    }
}
