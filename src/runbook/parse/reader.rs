//! From nodes to plain values, each mistake reported where it stands.

use super::patterns::Patterns;
use crate::runbook::findings::{Findings, Says};
use crate::runbook::place::{At, Place, Source};
use crate::runbook::template::{Text, Word};
use crate::runbook::tree::{Content, Node};
use crate::runbook::value::parse_duration;
use crate::runbook::words;
use crate::runbook::written::Written;
use std::cell::Cell;
use std::time::Duration;

/// So many words are compared for suggestions in one file, and no more.
const COMPARED: usize = 20_000;

/// How alike two words must be for one to be meant by the other.
const ALIKE: f64 = 0.82;

/// Reads nodes of one file and keeps what was wrong with them.
///
/// Every method reports and returns `None` instead of failing, so that the rest of the file is read as well.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The file.
    pub source: &'a Source,
    /// What was wrong so far.
    pub findings: Findings,
    /// Its regular expressions.
    pub patterns: Patterns,
    compared: Cell<usize>,
}

impl<'a> Reader<'a> {
    /// Starts reading a file.
    pub fn new(source: &'a Source) -> Self {
        let (findings, patterns) = (Findings::new(source), Patterns::default());
        Self { source, findings, patterns, compared: Cell::new(0) }
    }

    /// Reports an error.
    pub fn error(
        &mut self,
        code: &'static str,
        place: Place,
        what: impl Into<String>,
        why: impl Into<String>,
        next: impl Into<String>,
    ) {
        self.findings.error(code, place, Says::new(what, why, next));
    }

    /// Reports that something else was expected here.
    pub fn expected(&mut self, node: &Node, what: &str, next: &str) {
        match node.content {
            Content::Broken => {}
            Content::Null => {
                self.error("RB015", node.place, "an empty value", format!("expected {what}"), next);
            }
            _ => {
                let found = format!("expected {what}, found {}", node.kind());
                self.error("RB012", node.place, found, "the value has another shape", next);
            }
        }
    }

    /// Reads a plain value as text.
    pub fn text(&mut self, node: &Node) -> Option<At<String>> {
        match &node.content {
            Content::Scalar(text) if text.trim().is_empty() => {
                let next = "Write a text, or remove the key.";
                self.error("RB015", node.place, "an empty text", "it says nothing", next);
                None
            }
            Content::Scalar(text) => Some(At::new(text.clone(), node.place)),
            _ => {
                self.expected(node, "a text", "Write a text, or remove the key.");
                None
            }
        }
    }

    /// Reads a plain value as text, which may be empty.
    pub fn raw_text(&mut self, node: &Node) -> Option<At<String>> {
        match &node.content {
            Content::Scalar(text) => Some(At::new(text.clone(), node.place)),
            _ => self.text(node),
        }
    }

    /// Reads a text with places for values.
    pub fn template(&mut self, node: &Node) -> Option<Text> {
        let text = self.text(node)?;
        Some(self.fill(&text))
    }

    /// Reads a text with places for values, which may be empty.
    pub fn raw_template(&mut self, node: &Node) -> Option<Text> {
        let text = self.raw_text(node)?;
        Some(self.fill(&text))
    }

    fn fill(&mut self, text: &At<String>) -> Text {
        Text::parse(&Written::new(text, text.place, self.source), &mut self.findings)
    }

    /// Reads one word with places for values.
    pub fn word(&mut self, node: &Node) -> Option<Word> {
        let text = self.raw_text(node)?;
        Some(words::single(&Written::new(&text, text.place, self.source), &mut self.findings))
    }

    /// Reads a command line.
    pub fn command_line(&mut self, node: &Node) -> Option<Vec<Word>> {
        let text = self.raw_text(node)?;
        Some(words::split(&Written::new(&text, text.place, self.source), &mut self.findings))
    }

    /// Reads a list; `what` names it in the plural.
    pub fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        if let Content::List(items) = &node.content {
            return items;
        }
        let next = "Write a list: `[a, b]`, or one `- ` per line.";
        self.expected(node, &format!("a list of {what}"), next);
        &[]
    }

    /// Reads a list of texts.
    pub fn texts(&mut self, node: &Node, what: &str) -> Vec<At<String>> {
        self.list(node, what).iter().filter_map(|item| self.text(item)).collect()
    }

    /// Reads a mapping with free keys.
    pub fn entries<'n>(&mut self, node: &'n Node, what: &str) -> &'n [(At<String>, Node)] {
        if let Content::Map(entries) = &node.content {
            return entries;
        }
        self.expected(node, &format!("a mapping of {what}"), "Write `name: value` pairs.");
        &[]
    }

    /// Reads a duration.
    pub fn duration(&mut self, node: &Node) -> Option<Duration> {
        let text = self.text(node)?;
        match parse_duration(&text) {
            Ok(duration) => Some(duration),
            Err(reason) => {
                let next = "Write a number and a unit, as in `90s`, `5m`, `1h30m` or `180d`.";
                self.error("RB018", text.place, format!("`{text}` is no duration"), reason, next);
                None
            }
        }
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self, node: &Node) -> Option<bool> {
        let text = self.text(node)?;
        self.one_of(&text, &[("true", true), ("false", false)])
    }

    /// Reads a whole number.
    pub fn number<T: std::str::FromStr>(&mut self, node: &Node) -> Option<T> {
        let text = self.text(node)?;
        let number = text.value.parse().ok();
        if number.is_none() {
            let next = "Write a whole number in digits.";
            let what = format!("`{text}` is not a whole number that fits here");
            self.error("RB017", text.place, what, "a number is expected", next);
        }
        number
    }

    /// Reads one of the written words.
    pub fn one_of<T: Copy>(&mut self, text: &At<String>, table: &[(&str, T)]) -> Option<T> {
        let found = table.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = table.iter().map(|(word, _)| *word).collect();
            let why = format!("expected one of {}", listed(words.iter().copied()));
            let next = match self.near(text, words.iter().copied()) {
                Some(word) => format!("Did you mean `{word}`?"),
                None => "Write one of these words.".to_owned(),
            };
            self.error("RB016", text.place, format!("unknown word `{text}`"), why, next);
        }
        found
    }

    /// Returns the word that was probably meant. In a file with hundreds of mistakes nobody reads suggestions.
    pub fn near<'w>(&self, text: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
        let left = COMPARED.saturating_sub(self.compared.get());
        let mut best = (ALIKE, None);
        for word in words.take(left) {
            let likeness = strsim::jaro_winkler(text, word);
            if likeness > best.0 {
                best = (likeness, Some(word));
            }
            self.compared.set(self.compared.get() + 1);
        }
        best.1
    }

    /// Reads a word of a table from a node.
    pub fn word_of<T: Copy>(&mut self, node: &Node, table: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        self.one_of(&text, table)
    }

    /// Reads an id: lower-case words joined by `-`.
    pub fn id(&mut self, node: &Node) -> Option<At<String>> {
        let text = self.text(node)?;
        self.check_id(&text).then_some(text)
    }

    /// Checks an id that stands as a key.
    pub fn check_id(&mut self, text: &At<String>) -> bool {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
        let good = starts && text.len() <= 64 && text.split('-').all(word);
        if !good {
            let why = "an id is lower-case words and digits joined by `-`, at most 64 characters";
            let next = "Rename it, as in `stop-writes`.";
            self.error("RB020", text.place, format!("`{text}` cannot be an id"), why, next);
        }
        good
    }

    /// Checks the name of a value that stands as a key.
    pub fn check_name(&mut self, text: &At<String>) -> bool {
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let good = starts && text.len() <= 64 && text.bytes().all(letters);
        if !good {
            let why =
                "the name of a value is lower-case letters, digits and `_`, at most 64 characters";
            let next = "Rename it, as in `restore_point`.";
            self.error("RB020", text.place, format!("`{text}` cannot name a value"), why, next);
        }
        good
    }
}

/// Joins words for a sentence: `` `a`, `b` ``.
pub fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
