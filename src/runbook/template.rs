//! Text with places for values, and how values fill it: once, in place, never re-read.
//!
//! Every `{{` is a placeholder and `{{{{` a written `{{`. There are no filters, conditions or loops: what is shown
//! is what was written with values in it.

use super::findings::{Findings, Says};
use super::model::Values;
use super::place::Place;
use super::written::Written;
use std::fmt;

/// A piece of a text or word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Written text.
    Lit(String),
    /// A place for the value of this name.
    Var {
        /// The name as written: `server`, `run.work`.
        name: String,
        /// True for `{{ xs... }}`: one word per item.
        spread: bool,
        /// Where `{{ … }}` stands.
        place: Place,
    },
}

/// A text for people or files, with places for values.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its pieces.
    pub parts: Vec<Part>,
    /// Where it stands.
    pub place: Place,
}

/// One word of a command line, with places for values; a value never makes a second word
/// except a list in a last `{{ xs... }}`.
#[derive(Clone, Debug)]
pub struct Word {
    /// Its pieces, quotes removed.
    pub parts: Vec<Part>,
    /// Where it stands.
    pub place: Place,
}

/// Names that have no value yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no value yet for {}", names.join(", "))]
pub struct Missing {
    /// The names, each once, in order of use.
    pub names: Vec<String>,
}

impl Text {
    /// Makes a text without placeholders.
    pub fn literal(text: impl Into<String>, place: Place) -> Self {
        Self { parts: vec![Part::Lit(text.into())], place }
    }

    /// Reads a text; what is not a placeholder stays as written, and is reported.
    pub fn parse(written: &Written<'_>, findings: &mut Findings) -> Self {
        let mut parts = Vec::new();
        for piece in scan(written, findings) {
            match piece {
                Piece::Lit(text, _) => push_literal(&mut parts, &text),
                Piece::Var { name, spread, place } => {
                    if spread {
                        findings.error(
                            "RB032",
                            place,
                            Says::new(
                                format!("`{{{{ {name}... }}}}` outside a command line"),
                                "three dots make one word per item, and a text has no words",
                                format!("Write `{{{{ {name} }}}}`: the items appear one per line."),
                            ),
                        );
                    }
                    parts.push(Part::Var { name, spread: false, place });
                }
            }
        }
        Self { parts, place: written.place }
    }

    /// Fills the places with values, in one pass: a value is never read as a template.
    pub fn render(&self, values: &Values) -> Result<String, Missing> {
        render(&self.parts, values)
    }

    /// Fills the places whose values are known and leaves the others as `{{ name }}`: for people only, never to run.
    pub fn render_known(&self, values: &Values) -> String {
        let shown = |part: &Part| match part {
            Part::Lit(text) => text.clone(),
            Part::Var { name, .. } => {
                values.get(name).cloned().unwrap_or_else(|| format!("{{{{ {name} }}}}"))
            }
        };
        self.parts.iter().map(shown).collect()
    }

    /// Returns the names used, with their places.
    pub fn names(&self) -> impl Iterator<Item = (&str, Place)> {
        names(&self.parts)
    }
}

impl Word {
    /// Fills the places with values. A list fills one word here; see `resolve` for `{{ xs... }}`.
    pub fn render(&self, values: &Values) -> Result<String, Missing> {
        render(&self.parts, values)
    }

    /// Returns the names used, with their places.
    pub fn names(&self) -> impl Iterator<Item = (&str, Place)> {
        names(&self.parts)
    }

    /// Returns the one name this word consists of, if it is nothing but that.
    pub fn only_name(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Var { name, .. }] => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.parts, f)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.parts, f)
    }
}

fn show(parts: &[Part], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for part in parts {
        match part {
            Part::Lit(text) => f.write_str(text)?,
            Part::Var { name, spread, .. } => {
                write!(f, "{{{{ {name}{} }}}}", if *spread { "..." } else { "" })?;
            }
        }
    }
    Ok(())
}

fn render(parts: &[Part], values: &Values) -> Result<String, Missing> {
    let mut text = String::new();
    let mut missing = Vec::new();
    for part in parts {
        match part {
            Part::Lit(lit) => text.push_str(lit),
            Part::Var { name, .. } => match values.get(name) {
                Some(value) => text.push_str(value),
                None if missing.contains(name) => {}
                None => missing.push(name.clone()),
            },
        }
    }
    if missing.is_empty() { Ok(text) } else { Err(Missing { names: missing }) }
}

fn names(parts: &[Part]) -> impl Iterator<Item = (&str, Place)> {
    parts.iter().filter_map(|part| match part {
        Part::Lit(_) => None,
        Part::Var { name, place, .. } => Some((name.as_str(), *place)),
    })
}

/// Adds written text, joining it to written text before it.
pub(super) fn push_literal(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(Part::Lit(before)) => before.push_str(text),
        _ => parts.push(Part::Lit(text.to_owned())),
    }
}

/// A piece of a decoded text, before words are made of it.
#[derive(Debug)]
pub(super) enum Piece {
    /// Written text, and where it begins in the decoded text.
    Lit(String, usize),
    /// A placeholder.
    Var { name: String, spread: bool, place: Place },
}

/// Finds the placeholders of a decoded text.
pub(super) fn scan(written: &Written<'_>, findings: &mut Findings) -> Vec<Piece> {
    let text = written.value;
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|i| at + i) {
        if open > at {
            pieces.push(Piece::Lit(text[at..open].to_owned(), at));
        }
        if text[open..].starts_with("{{{{") {
            pieces.push(Piece::Lit("{{".to_owned(), open));
            at = open + 4;
            continue;
        }
        let Some(close) = text[open..].find("}}").map(|i| open + i) else {
            findings.error(
                "RB030",
                written.at(open..open + 2),
                Says::new(
                    "`{{` without `}}`",
                    "every `{{` begins a placeholder",
                    "Close it with `}}`, or write `{{{{` for a literal `{{`.",
                ),
            );
            at = open + 2;
            continue;
        };
        let place = written.at(open..close + 2);
        match placeholder(text[open + 2..close].trim()) {
            Ok((name, spread)) => pieces.push(Piece::Var { name: name.to_owned(), spread, place }),
            Err(says) => findings.error("RB031", place, says),
        }
        at = close + 2;
    }
    if at < text.len() {
        pieces.push(Piece::Lit(text[at..].to_owned(), at));
    }
    pieces
}

fn placeholder(inside: &str) -> Result<(&str, bool), Says> {
    let (name, spread) = match inside.strip_suffix("...") {
        Some(name) => (name.trim_end(), true),
        None => (inside, false),
    };
    if is_name(name) {
        return Ok((name, spread));
    }
    let why = if name.is_empty() {
        "there is no name in it"
    } else if name.contains('|') {
        "there are no filters: a value is put in as it is"
    } else {
        "a name is lower-case letters, digits, `_`, `-` and `.`, beginning with a letter"
    };
    let next = "Write the name of a value, as in `{{ server }}`, or `{{{{` for a literal `{{`.";
    Err(Says::new(format!("`{{{{ {inside} }}}}` is not a placeholder"), why, next))
}

/// Tells whether this can name a value: `server`, `new-host`, `run.work`.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::place::Source;

    fn parse(text: &str) -> (Text, Vec<String>) {
        let source = Source::new("t", text);
        let mut findings = Findings::new(&source);
        let place = Place { start: 0, end: u32::try_from(text.len()).unwrap() };
        let parsed = Text::parse(&Written::new(text, place, &source), &mut findings);
        (parsed, findings.into_sorted().into_iter().map(|f| f.code.to_owned()).collect())
    }

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn values_are_put_in_once_and_never_read_again() {
        let (text, found) = parse("a {{ x }}{{y}} b");
        assert!(found.is_empty());
        let text = text.render(&values(&[("x", "{{ y }}"), ("y", "{{{{")])).unwrap();
        assert_eq!(text, "a {{ y }}{{{{ b");
    }

    #[test]
    fn four_braces_are_two_written_ones() {
        let (text, found) = parse("{{{{ x }} {{ x }}");
        assert!(found.is_empty());
        assert_eq!(text.render(&values(&[("x", "1")])).unwrap(), "{{ x }} 1");
    }

    #[test]
    fn every_missing_name_is_told_once() {
        let (text, _) = parse("{{ a }} {{ b }} {{ a }}");
        assert_eq!(text.render(&Values::new()).unwrap_err().names, ["a", "b"]);
    }

    #[test]
    fn what_is_not_a_name_is_reported_and_the_rest_is_read() {
        let (text, found) = parse("{{ Upper }} {{ a | json }} {{ }} {{ ok }} {{ xs... }} {{");
        assert_eq!(found, ["RB031", "RB031", "RB031", "RB032", "RB030"]);
        assert_eq!(text.names().map(|(name, _)| name).collect::<Vec<_>>(), ["ok", "xs"]);
    }
}
