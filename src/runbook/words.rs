//! A command line becomes words when the file is loaded, so that a value can never become a second word.
//!
//! Placeholders are found first and are never split. The rest follows the quoting rules of a POSIX shell; what a
//! shell would do more than split (pipes, redirections, expansions) is an error that names `script:`.

use super::findings::{Findings, Says};
use super::template::{Part, Piece, Word, push_literal, scan};
use super::written::Written;

/// Splits a command line into words; mistakes are reported and the rest is still read.
pub fn split(written: &Written<'_>, findings: &mut Findings) -> Vec<Word> {
    let before = findings.len();
    let mut splitter = Splitter::new(written);
    for piece in scan(written, findings) {
        match piece {
            Piece::Lit(text, at) => splitter.literal(&text, at, findings),
            Piece::Var { name, spread, place } => {
                splitter.var(Part::Var { name, spread, place }, findings);
            }
        }
    }
    let words = splitter.finish(findings);
    check_first(written, &words, findings, before);
    words
}

/// Reads one word as it stands: no splitting, no quotes. For `cwd`, `env` and file names.
pub fn single(written: &Written<'_>, findings: &mut Findings) -> Word {
    let text = super::template::Text::parse(written, findings);
    Word { parts: text.parts, place: text.place }
}

fn check_first(written: &Written<'_>, words: &[Word], findings: &mut Findings, before: usize) {
    let Some(first) = words.first() else {
        if findings.len() == before {
            findings.error(
                "RB044",
                written.place,
                Says::new(
                    "no command",
                    "a command line needs at least the name of a program",
                    "Write the command, or use `manual:` for something done by hand.",
                ),
            );
        }
        return;
    };
    if let [Part::Lit(text), ..] = first.parts.as_slice()
        && text.contains('=')
    {
        let name = text.split('=').next().unwrap_or_default();
        findings.error(
            "RB042",
            first.place,
            Says::new(
                "the first word sets a variable",
                "only a shell reads `NAME=value` this way; here it would be the name of a program",
                format!("Use `env: {{{name}: …}}` beside `run:`."),
            ),
        );
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
}

struct Splitter<'a, 'w> {
    written: &'a Written<'w>,
    words: Vec<Word>,
    parts: Vec<Part>,
    /// Decoded range of the word being read; `None` between words.
    open: Option<(usize, usize)>,
    quote: Quote,
    quote_at: usize,
    escaped: bool,
}

impl<'a, 'w> Splitter<'a, 'w> {
    fn new(written: &'a Written<'w>) -> Self {
        let (words, parts) = (Vec::new(), Vec::new());
        Self { written, words, parts, open: None, quote: Quote::None, quote_at: 0, escaped: false }
    }

    fn literal(&mut self, text: &str, start: usize, findings: &mut Findings) {
        for (offset, c) in text.char_indices() {
            let at = start + offset;
            if self.escaped {
                self.escaped = false;
                self.after_backslash(c, at);
                continue;
            }
            match (self.quote, c) {
                (Quote::None, ' ' | '\t' | '\n' | '\r') => self.end_word(),
                (Quote::Single, '\'') | (Quote::Double, '"') => {
                    self.quote = Quote::None;
                    self.extend(at, 1);
                }
                (Quote::None, '\'' | '"') => {
                    self.quote = if c == '"' { Quote::Double } else { Quote::Single };
                    self.quote_at = at;
                    self.extend(at, 1);
                }
                (Quote::None | Quote::Double, '\\') => {
                    self.escaped = true;
                    self.extend(at, 1);
                }
                (Quote::None, '|' | '&' | ';' | '<' | '>' | '(' | ')') => {
                    self.push(c, at);
                    findings.error("RB040", self.written.at(at..at + 1), operator(c));
                }
                (Quote::None | Quote::Double, '$' | '`') => {
                    self.push(c, at);
                    findings.error("RB041", self.written.at(at..at + 1), expansion(c));
                }
                _ => self.push(c, at),
            }
        }
    }

    fn after_backslash(&mut self, c: char, at: usize) {
        match (self.quote, c) {
            // A backslash at the end of a line joins the lines, in and out of double quotes.
            (_, '\n') => {}
            (Quote::Double, c) if !matches!(c, '$' | '`' | '"' | '\\') => {
                self.push('\\', at - 1);
                self.push(c, at);
            }
            (_, c) => self.push(c, at),
        }
    }

    fn var(&mut self, part: Part, findings: &mut Findings) {
        let Part::Var { place, .. } = &part else { return };
        if self.escaped {
            self.escaped = false;
            findings.error(
                "RB041",
                *place,
                Says::new(
                    "a backslash before a placeholder",
                    "a value needs no quoting: it always stays one word",
                    "Remove the backslash.",
                ),
            );
        }
        // The decoded range is only used for places, and the placeholder knows its own.
        self.open.get_or_insert((usize::MAX, usize::MAX));
        self.parts.push(part);
    }

    fn push(&mut self, c: char, at: usize) {
        self.extend(at, c.len_utf8());
        push_literal(&mut self.parts, c.encode_utf8(&mut [0; 4]));
    }

    fn extend(&mut self, at: usize, len: usize) {
        match &mut self.open {
            Some((from, to)) => {
                *from = (*from).min(at);
                *to = at + len;
            }
            None => self.open = Some((at, at + len)),
        }
    }

    fn end_word(&mut self) {
        let Some((from, to)) = self.open.take() else { return };
        let parts = std::mem::take(&mut self.parts);
        let mut place = if from == usize::MAX { None } else { Some(self.written.at(from..to)) };
        for part in &parts {
            if let Part::Var { place: var, .. } = part {
                let all = place.get_or_insert(*var);
                all.start = all.start.min(var.start);
                all.end = all.end.max(var.end);
            }
        }
        self.words.push(Word { parts, place: place.unwrap_or(self.written.place) });
    }

    fn finish(mut self, findings: &mut Findings) -> Vec<Word> {
        if self.quote != Quote::None {
            let at = self.quote_at;
            findings.error(
                "RB043",
                self.written.at(at..at + 1),
                Says::new(
                    "a quote is not closed",
                    "the rest of the command line stands inside it",
                    "Close the quote, or write a literal quote inside the other kind: `\"it's\"`.",
                ),
            );
        } else if self.escaped {
            let end = self.written.value.len();
            findings.error(
                "RB043",
                self.written.at(end - 1..end),
                Says::new(
                    "a backslash at the end",
                    "there is nothing after it to quote",
                    "Remove it, or write it as `'\\'`.",
                ),
            );
        }
        self.end_word();
        for word in &self.words {
            check_spread(word, findings);
        }
        self.words
    }
}

fn check_spread(word: &Word, findings: &mut Findings) {
    let last = word.parts.len().saturating_sub(1);
    for (index, part) in word.parts.iter().enumerate() {
        if let Part::Var { name, spread: true, place } = part
            && index != last
        {
            findings.error(
                "RB032",
                *place,
                Says::new(
                    format!("`{{{{ {name}... }}}}` in the middle of a word"),
                    "it makes one word per item, so nothing can follow it",
                    "Make it the last part of its word.",
                ),
            );
        }
    }
}

fn operator(c: char) -> Says {
    let does = match c {
        '|' => "joins two commands",
        '&' | ';' => "starts another command",
        '<' | '>' => "redirects a stream",
        _ => "starts a subshell",
    };
    Says::new(
        format!("unquoted `{c}` in a command line"),
        format!("only a shell {does} with it, and `run:` has no shell"),
        format!("Use `script:` for shell text, or quote it as `'{c}'` if it belongs to a word."),
    )
}

fn expansion(c: char) -> Says {
    let (name, fix) = if c == '$' {
        ("`$`", "`{{ name }}` for a value")
    } else {
        ("a back-tick", "`script:` to use a command's output")
    };
    Says::new(
        format!("{name} outside single quotes"),
        "`run:` has no shell to expand it, and pasted into a shell the line would mean something else",
        format!("Write {fix}, or put it in single quotes if it belongs to the word."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::place::{Place, Source};
    use proptest::prelude::*;

    fn split_text(text: &str) -> (Vec<String>, Vec<&'static str>) {
        let source = Source::new("t", text);
        let mut findings = Findings::new(&source);
        let place = Place { start: 0, end: u32::try_from(text.len()).unwrap() };
        let words = split(&Written::new(text, place, &source), &mut findings);
        let codes = findings.into_sorted().iter().map(|finding| finding.code).collect();
        (words.iter().map(ToString::to_string).collect(), codes)
    }

    #[test]
    fn quotes_and_placeholders_make_words_as_a_shell_would() {
        let (words, found) =
            split_text("a 'b c' \"d \\\" e\" f\\ g '' x{{ y }}'z {{ q }}' {{ xs... }}");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(words, ["a", "b c", "d \" e", "f g", "", "x{{ y }}z {{ q }}", "{{ xs... }}"]);
    }

    #[test]
    fn every_shell_operator_is_reported_and_none_hides_another() {
        assert_eq!(split_text("a | b && c; d > e < f (g)").1, ["RB040"; 8]);
        assert_eq!(split_text("a $HOME \"`b`\" 'c $d'").1, ["RB041"; 3]);
        assert_eq!(split_text("a '|' \"& ; < >\" \\( \\$").1, [""; 0]);
    }

    #[test]
    fn a_line_that_only_a_shell_could_read_is_reported() {
        assert_eq!(split_text("A=1 b").1, ["RB042"]);
        assert_eq!(split_text("a 'b").1, ["RB043"]);
        assert_eq!(split_text("a \\").1, ["RB043"]);
        assert_eq!(split_text("   ").1, ["RB044"]);
        assert_eq!(split_text("a {{ xs... }}b").1, ["RB032"]);
    }

    proptest! {
        #[test]
        fn quoted_words_come_back_as_they_were(words in prop::collection::vec("[^\0{}]{0,12}", 1..6)) {
            prop_assume!(!words[0].is_empty() && !words[0].contains('='));
            let line = shlex::try_join(words.iter().map(String::as_str)).unwrap();
            // shlex itself is the second opinion on what a shell reads.
            prop_assert_eq!(shlex::split(&line).unwrap(), words.clone());
            let (split, found) = split_text(&line);
            prop_assert!(found.is_empty(), "{:?} in {:?}", found, line);
            prop_assert_eq!(split, words);
        }
    }
}
