//! What a selector finds in a command's end and words.

use super::intake::{Intake, Kept};
use super::job::{From, Selector};
use jmespath::{Rcvar, Variable};
use regex::Regex;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This, and whether it holds by itself.
    Value {
        /// As text.
        text: String,
        /// Without a comparer: the exit code is listed, the value is not empty or false, every line matches.
        holds: bool,
    },
    /// Nothing.
    Missing,
    /// It cannot be told; the reason.
    Unclear(String),
}

/// Looks.
pub(super) fn find(select: &Selector, from: From, code: Option<i32>, intake: &Intake) -> Found {
    if let Selector::Exit(codes) = select {
        return match code {
            Some(code) => Found::Value { text: code.to_string(), holds: codes.contains(&code) },
            None => Found::Missing,
        };
    }
    seen(from, intake, |text| in_text(select, text))
}

/// Looks for the items of a list, one per line. What JSON has there must be a list of plain values: any other would be
/// one item of JSON text, and what is in it would be looked at by nobody.
pub(super) fn items(select: &Selector, from: From, code: Option<i32>, intake: &Intake) -> Found {
    match select {
        Selector::Json(expression) => seen(from, intake, |text| {
            with_json(expression, text, |value| match in_lines(value) {
                Ok(text) => Found::Value { text, holds: value.is_truthy() },
                Err(why) => Found::Unclear(format!("`{expression}` {why}")),
            })
        }),
        select => find(select, from, code, intake),
    }
}

fn in_lines(value: &Variable) -> Result<String, String> {
    let Some(values) = value.as_array() else {
        return Err(format!("is no list, but of type {}", value.get_type()));
    };
    let item = |(at, value): (usize, &Rcvar)| match &**value {
        Variable::String(text) if text.contains('\n') => {
            Err(format!("has an item of several lines, item {}", at + 1))
        }
        Variable::String(text) => Ok(text.clone()),
        Variable::Number(_) | Variable::Bool(_) => Ok(value.to_string()),
        _ => Err(format!("has an item that is no plain value, item {}", at + 1)),
    };
    let items: Result<Vec<String>, String> = values.iter().enumerate().map(item).collect();
    items.map(|items| items.join("\n"))
}

/// Looks at the whole text of a stream.
fn seen(from: From, intake: &Intake, look: impl FnOnce(&str) -> Found) -> Found {
    let kept = match from {
        From::Stdout => &intake.out,
        From::Stderr => &intake.err,
        From::Both => &intake.both,
    };
    match text_of(kept) {
        Ok(text) => look(text),
        Err(reason) => Found::Unclear(reason),
    }
}

/// The whole text without one final newline.
fn text_of(kept: &Kept) -> Result<&str, String> {
    if kept.more {
        return Err(format!("more than {} MiB of output", super::intake::JUDGED >> 20));
    }
    let text = std::str::from_utf8(&kept.bytes);
    let text = text.map_err(|e| format!("not UTF-8 at byte {}", e.valid_up_to()))?;
    Ok(text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text))
}

fn in_text(select: &Selector, text: &str) -> Found {
    match select {
        Selector::Exit(_) => Found::Missing,
        Selector::Json(expression) => in_json(expression, text),
        Selector::Text(pattern) => with_regex(pattern, |regex| match regex.captures(text) {
            None => Found::Missing,
            Some(captures) => {
                let found = captures.get(1).or_else(|| captures.get(0));
                let text = found.map_or("", |found| found.as_str()).to_owned();
                Found::Value { text, holds: true }
            }
        }),
        Selector::LinesCount => {
            let count = lines(text).count();
            Found::Value { text: count.to_string(), holds: count > 0 }
        }
        Selector::LinesEach(pattern) => with_regex(pattern, |regex| {
            let other = lines(text).enumerate().find(|(_, line)| !regex.is_match(line));
            match other {
                None => Found::Value { text: "every line".to_owned(), holds: true },
                Some((number, line)) => {
                    let text = format!("line {}: {line}", number + 1);
                    Found::Value { text, holds: false }
                }
            }
        }),
    }
}

/// The lines of a text whose final newline is gone; an empty line at the end is one.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    lines.take(if text.is_empty() { 0 } else { usize::MAX })
}

fn with_regex(pattern: &str, look: impl FnOnce(&Regex) -> Found) -> Found {
    match Regex::new(pattern) {
        Ok(regex) => look(&regex),
        Err(_) => Found::Unclear(format!("`{pattern}` is not a regular expression")),
    }
}

fn in_json(expression: &str, text: &str) -> Found {
    with_json(expression, text, |value| {
        let text = value.as_string().cloned().unwrap_or_else(|| value.to_string());
        Found::Value { text, holds: value.is_truthy() }
    })
}

fn with_json(expression: &str, text: &str, look: impl FnOnce(&Variable) -> Found) -> Found {
    let Ok(compiled) = jmespath::compile(expression) else {
        return Found::Unclear(format!("`{expression}` is not a JMESPath expression"));
    };
    // The parser's own message quotes the text, which may be anything.
    let Ok(data) = Variable::from_json(text) else {
        return Found::Unclear("the output is not JSON".to_owned());
    };
    match compiled.search(data) {
        Err(_) => Found::Unclear(format!("`{expression}` cannot be applied to the output")),
        Ok(value) if value.is_null() => Found::Missing,
        Ok(value) => look(&value),
    }
}
