//! What is looked at in the output of a command, and what it is compared with.

use super::fields::Fields;
use super::reader::{Reader, listed};
use crate::runbook::model::{Compare, Expect, From, Select, Selector};
use crate::runbook::place::{At, Place};
use crate::runbook::tree::{Content, Node};
use crate::runbook::written::Written;

/// The keys of a selector.
pub const SELECT: [&str; 5] = ["exit", "json", "text", "lines", "from"];
/// The keys of a comparer.
pub const COMPARE: [&str; 6] = ["equals", "not", "in", "matches", "at_least", "at_most"];

const KINDS: [&str; 4] = ["exit", "json", "text", "lines"];

/// The longest JMESPath expression; longer ones could exhaust the stack of their reader.
const LONGEST_EXPRESSION: usize = 4096;
/// The deepest nesting of one.
const DEEPEST_EXPRESSION: usize = 64;

/// Reads `expect:`, one expectation or a list of them.
pub fn expectations(node: &Node, reader: &mut Reader<'_>) -> Vec<Expect> {
    match &node.content {
        Content::List(items) => items.iter().filter_map(|item| expectation(item, reader)).collect(),
        _ => expectation(node, reader).into_iter().collect(),
    }
}

/// Reads one expectation.
pub fn expectation(node: &Node, reader: &mut Reader<'_>) -> Option<Expect> {
    let fields = Fields::open(node, "expectation", &[&SELECT, &COMPARE], reader)?;
    expect_in(&fields, reader)
}

/// Reads the expectation among the keys of something larger.
pub fn expect_in(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Expect> {
    let select = select_in(fields, reader)?;
    let compare = compare_in(fields, reader);
    // `lines: {count: 5}` is short for `lines: count` with `equals: 5`.
    let compare = compare.or_else(|| counted(fields, reader));
    match (&select.by, &compare) {
        (Selector::Exit(_) | Selector::LinesEach(_), Some(_)) => {
            let place = fields.present(&COMPARE).first().map_or(fields.place, |(_, place)| *place);
            let next = "Write the codes as `exit: [0, 3]`, or the pattern as `lines: {each: …}`.";
            let why = "it says by itself what passes";
            reader.error("RB072", place, "a comparer that has nothing to compare", why, next);
        }
        (Selector::LinesCount, None) => {
            let next = "Add `equals`, `at_least` or `at_most` with a number.";
            let why = "a number of lines is neither good nor bad by itself";
            reader.error("RB072", select.place, "a count without a comparer", why, next);
        }
        _ => {}
    }
    Some(Expect { select, compare })
}

/// Reads the selector among the keys of something larger.
pub fn select_in(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Select> {
    let by = match fields.exactly_one("RB072", &KINDS, reader)? {
        "exit" => Selector::Exit(exit_codes(fields.get("exit")?, reader)),
        "json" => Selector::Json(expression(fields.get("json")?, reader)?),
        "text" => Selector::Text(pattern(fields.get("text")?, reader)?),
        _ => lines(fields.get("lines")?, reader)?,
    };
    let from = [("stdout", From::Stdout), ("stderr", From::Stderr), ("both", From::Both)];
    let from = fields.get("from").and_then(|node| reader.word_of(node, &from)).unwrap_or_default();
    Some(Select { by, from, place: fields.place })
}

/// Reads one exit code or a list of them.
pub fn exit_codes(node: &Node, reader: &mut Reader<'_>) -> Vec<i32> {
    let nodes = match &node.content {
        Content::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let codes: Vec<i32> = nodes.iter().filter_map(|node| reader.number(node)).collect();
    if nodes.is_empty() || codes.iter().any(|code| !(0..=255).contains(code)) {
        let next = "Write one or more numbers from 0 to 255.";
        reader.error(
            "RB072",
            node.place,
            "no usable exit code",
            "a program ends with 0 to 255",
            next,
        );
    }
    codes
}

fn lines(node: &Node, reader: &mut Reader<'_>) -> Option<Selector> {
    match &node.content {
        Content::Scalar(word) if word == "count" => Some(Selector::LinesCount),
        Content::Map(_) => {
            let fields = Fields::open(node, "line selector", &[&["count", "each"]], reader)?;
            match fields.exactly_one("RB072", &["count", "each"], reader)? {
                "each" => Some(Selector::LinesEach(pattern(fields.get("each")?, reader)?)),
                _ => Some(Selector::LinesCount),
            }
        }
        _ => {
            reader.expected(
                node,
                "`count` or `{each: …}`",
                "Write `lines: count` or `lines: {each: \"…\"}`.",
            );
            None
        }
    }
}

fn counted(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Compare> {
    let Content::Map(entries) = &fields.get("lines")?.content else { return None };
    let (_, count) = entries.iter().find(|(key, _)| key.value == "count")?;
    match count.content {
        Content::Null => None,
        _ => reader.template(count).map(Compare::Equals),
    }
}

fn compare_in(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Compare> {
    let found = fields.present(&COMPARE);
    if let [(first, _), (second, place), ..] = found.as_slice() {
        let why = format!("one expectation has one of {}", listed(COMPARE.into_iter()));
        let next = "Make `expect` a list, one comparer each: all of them must hold.";
        reader.error("RB072", *place, format!("`{second}` beside `{first}`"), why, next);
    }
    let (key, _) = found.first()?;
    let node = fields.get(key)?;
    Some(match *key {
        "equals" => Compare::Equals(reader.raw_template(node)?),
        "not" => Compare::Not(reader.raw_template(node)?),
        "in" => {
            let items = reader.list(node, "values");
            Compare::In(items.iter().filter_map(|item| reader.raw_template(item)).collect())
        }
        "matches" => Compare::Matches(pattern(node, reader)?),
        "at_least" => Compare::AtLeast(reader.template(node)?),
        _ => Compare::AtMost(reader.template(node)?),
    })
}

/// Reads a regular expression and tries it.
pub fn pattern(node: &Node, reader: &mut Reader<'_>) -> Option<At<String>> {
    let text = reader.text(node)?;
    if let Err(reason) = reader.patterns.check(&text) {
        let next =
            "Mend the expression; a literal `.`, `(`, `[`, `{`, `*`, `+`, `?` needs a backslash.";
        reader.error("RB070", text.place, "not a regular expression", reason, next);
    }
    no_placeholder(&text, "`equals`", reader);
    Some(text)
}

/// Reads a JMESPath expression and tries it.
pub fn expression(node: &Node, reader: &mut Reader<'_>) -> Option<At<String>> {
    let text = reader.text(node)?;
    if text.contains("{{") {
        no_placeholder(&text, "`equals`", reader);
    } else if text.len() > LONGEST_EXPRESSION || depth(&text) > DEEPEST_EXPRESSION {
        let why = format!("at most {LONGEST_EXPRESSION} bytes, {DEEPEST_EXPRESSION} levels deep");
        let next = "Select less here, or let the command select.";
        reader.error("RB071", text.place, "too large an expression", why, next);
    } else if let Err(error) = jmespath::compile(&text) {
        let place = spot(&text, error.offset, reader);
        let reason = match error.reason {
            jmespath::ErrorReason::Parse(reason) => plain_reason(&reason),
            jmespath::ErrorReason::Runtime(reason) => reason.to_string(),
        };
        let next = "Mend the expression; it is the language of `az --query`.";
        reader.error("RB071", place, "not a JMESPath expression", reason, next);
    }
    Some(text)
}

/// Says the reason without the words of the expression's parser.
fn plain_reason(reason: &str) -> String {
    match reason.rsplit_once("found ") {
        Some((_, "Eof")) => "it ends where something is missing".to_owned(),
        Some((_, token)) => format!("`{token}` is not expected here"),
        None => reason.to_lowercase(),
    }
}

/// Returns the place of the character at this byte of an expression; the whole expression at its end.
fn spot(text: &At<String>, offset: usize, reader: &Reader<'_>) -> Place {
    match text.get(offset..).and_then(|rest| rest.chars().next()) {
        Some(c) => Written::new(text, text.place, reader.source).at(offset..offset + c.len_utf8()),
        None => text.place,
    }
}

fn no_placeholder(text: &At<String>, instead: &str, reader: &mut Reader<'_>) {
    if text.contains("{{") {
        let why = "a value inside an expression could change what the expression means";
        let next = format!("Select without it, and compare with {instead}.");
        reader.error("RB049", text.place, "a placeholder in an expression", why, next);
    }
}

fn depth(text: &str) -> usize {
    let (mut open, mut deepest, mut prefixes) = (0_usize, 0, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            // Prefix operators nest without a bracket.
            b'!' | b'&' => prefixes += 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest.max(prefixes / 4)
}
