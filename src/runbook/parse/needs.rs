//! `needs:` and `fence:`, what must hold before anything is changed.

use super::call::{CALL, call_in};
use super::define::captures;
use super::fields::Fields;
use super::reader::Reader;
use super::select::expectations;
use crate::runbook::model::{Check, Needs, Statement, StepId, Tool};
use crate::runbook::place::At;
use crate::runbook::template::Text;
use crate::runbook::tree::{Content, Node};

const CHECK: [&str; 5] = ["id", "title", "expect", "capture", "recheck"];

/// Reads `needs:`.
pub fn needs(node: &Node, reader: &mut Reader<'_>) -> Needs {
    let keys = ["tools", "checks", "statements"];
    let Some(fields) = Fields::open(node, "list of needs", &[&keys], reader) else {
        return Needs::default();
    };
    let mut items =
        |key, what| fields.get(key).map(|node| reader.list(node, what)).unwrap_or_default();
    let (tools, checks) = (items("tools", "tools"), items("checks", "checks"));
    let statements = items("statements", "statements");
    Needs {
        tools: tools.iter().filter_map(|node| tool(node, reader)).collect(),
        checks: checks.iter().filter_map(|node| check(node, None, reader)).collect(),
        statements: statements.iter().filter_map(|node| statement(node, reader)).collect(),
    }
}

/// Reads `fence:`, a check whose id is given.
pub fn fence(node: &Node, reader: &mut Reader<'_>) -> Option<Check> {
    let fence = check(node, Some("fence"), reader)?;
    if fence.expect.is_empty() {
        let why = "a fence that accepts every answer keeps nobody out";
        let next = "Add `expect:` with the name of the account, cluster or host.";
        reader.error("RB011", node.place, "a fence without `expect`", why, next);
    }
    Some(fence)
}

fn tool(node: &Node, reader: &mut Reader<'_>) -> Option<Tool> {
    let fields = Fields::open(node, "tool", &[&["name", "version"]], reader)?;
    let name = fields.require("name", "it is looked for on the path", reader);
    let name = name.and_then(|node| reader.text(node));
    if let Some(name) = &name {
        let good = |b: u8| b.is_ascii_alphanumeric() || b"_-.+".contains(&b);
        if name.starts_with('-') || !name.bytes().all(good) {
            let next = "Write the name of the program alone.";
            let what = format!("`{name}` is not the name of a program");
            reader.error("RB020", name.place, what, "it is looked for on the path", next);
        }
    }
    let at_least = fields.get("version").and_then(|node| version(node, reader));
    Some(Tool { name: name?, at_least })
}

fn version(node: &Node, reader: &mut Reader<'_>) -> Option<At<String>> {
    let text = reader.text(node)?;
    let number = text.strip_prefix(">=").map(str::trim);
    let good = |number: &&str| {
        number.split('.').all(|part| {
            !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let Some(number) = number.filter(good) else {
        let why = "only the oldest usable version can be asked for";
        let next = "Write it as `\">=2.60\"`.";
        reader.error("RB017", text.place, format!("`{text}` is no version"), why, next);
        return None;
    };
    Some(At::new(number.to_owned(), text.place))
}

fn check(node: &Node, given: Option<&str>, reader: &mut Reader<'_>) -> Option<Check> {
    let fields = Fields::open(node, "check", &[&CHECK, &CALL], reader)?;
    let id = if let (None, Some(given)) = (fields.get("id"), given) {
        At::new(given.to_owned(), fields.place)
    } else {
        let id = fields.require("id", "journal and scenarios call the check by it", reader);
        id.and_then(|node| reader.id(node)).unwrap_or(At::new(String::new(), fields.place))
    };
    let title = fields.require("title", "it is the line people see", reader);
    let title = title.and_then(|node| reader.template(node));
    let call = call_in(&fields, reader);
    let expect = fields.get("expect").map(|node| expectations(node, reader)).unwrap_or_default();
    let capture = fields.get("capture").map(|node| captures(node, reader)).unwrap_or_default();
    Some(Check {
        id: At::new(StepId(id.value), id.place),
        title: title.unwrap_or(Text { parts: Vec::new(), place: fields.place }),
        call: call?,
        expect,
        capture,
        recheck: fields.get("recheck").and_then(|node| reader.boolean(node)).unwrap_or(false),
    })
}

fn statement(node: &Node, reader: &mut Reader<'_>) -> Option<Statement> {
    let place = node.place;
    if let Content::Scalar(_) = node.content {
        let say = reader.template(node)?;
        return Some(Statement { say, ask: Vec::new(), place });
    }
    let fields = Fields::open(node, "statement", &[&["say", "ask"]], reader)?;
    let ask = super::decide::asked(&fields, reader);
    let say = fields.require("say", "it is the sentence to tick", reader);
    Some(Statement { say: reader.template(say?)?, ask, place })
}
