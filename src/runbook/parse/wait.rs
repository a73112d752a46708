//! `wait:`, a read-only call repeated until it answers as wanted.

use super::call::{CALL, call_in};
use super::fields::Fields;
use super::reader::Reader;
use super::select::{exit_codes, expectation};
use crate::runbook::model::{Tolerate, Wait};
use crate::runbook::tree::Node;
use std::time::Duration;

const WAIT: [&str; 6] = ["every", "until", "fail", "tolerate", "times", "settle"];

/// Between two calls, when the file does not say.
const EVERY: Duration = Duration::from_secs(30);

/// Reads a wait.
pub fn wait(node: &Node, reader: &mut Reader<'_>) -> Option<Wait> {
    let fields = Fields::open(node, "wait", &[&CALL, &WAIT], reader)?;
    let call = call_in(&fields, reader);
    let until = fields.require("until", "a wait ends when this holds", reader);
    let until = until.and_then(|node| expectation(node, reader));
    let fail = fields.get("fail").and_then(|node| expectation(node, reader));
    let every = fields.get("every").and_then(|node| reader.duration(node)).unwrap_or(EVERY);
    let times = fields.get("times").and_then(|node| reader.number(node)).unwrap_or(1);
    let settle = fields.get("settle").and_then(|node| reader.duration(node)).unwrap_or_default();
    let mut tolerate = Vec::new();
    for item in fields.get("tolerate").map(|n| reader.list(n, "exit codes")).unwrap_or_default() {
        tolerate.extend(tolerated(item, reader));
    }
    if let Some(node) = fields.get("times").filter(|_| times == 0) {
        let next = "Write 1 or more.";
        reader.error(
            "RB017",
            node.place,
            "no good answer at all",
            "the wait would end at once",
            next,
        );
    }
    if let Some(node) = fields.get("every").filter(|_| every.is_zero()) {
        let next = "Write `1s` or more.";
        reader.error(
            "RB018",
            node.place,
            "no pause between two calls",
            "it would keep the machine busy",
            next,
        );
    }
    Some(Wait { call: call?, every, until: until?, fail, tolerate, times, settle })
}

fn tolerated(node: &Node, reader: &mut Reader<'_>) -> Option<Tolerate> {
    let fields = Fields::open(node, "tolerated exit", &[&["exit", "for"]], reader)?;
    let exit = fields.require("exit", "it says which exit codes are borne", reader);
    let span = fields.require("for", "it says for how long they are borne", reader);
    let exit = exit_codes(exit?, reader);
    Some(Tolerate { exit, span: reader.duration(span?)? })
}
