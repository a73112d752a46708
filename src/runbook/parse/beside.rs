//! What stands beside an action: its probe, its way back, its known failures.

use super::call::{ACTING, CALL, call_in};
use super::define::captures;
use super::fields::Fields;
use super::reader::Reader;
use super::select::{COMPARE, SELECT, expect_in, pattern};
use super::step::HAZARDS;
use crate::runbook::model::{
    Act, CallFor, Defer, Failure, Hazard, Meaning, Probe, ProbeAnswer, Raises, StepId, Takes, Undo,
};
use crate::runbook::place::At;
use crate::runbook::template::Text;
use crate::runbook::tree::{Content, Node};

/// Reads `probe:`.
pub fn probe(node: &Node, reader: &mut Reader<'_>) -> Option<Probe> {
    let fields = Fields::open(node, "probe", &[&CALL, &["answers", "capture"]], reader)?;
    let call = call_in(&fields, reader);
    let why = "they say what its output means: done, running, not_started or failed";
    let answers = fields.require("answers", why, reader);
    if let Some(node) =
        answers.filter(|node| matches!(&node.content, Content::List(l) if l.is_empty()))
    {
        reader.error(
            "RB023",
            node.place,
            "a probe without answers",
            why,
            "Add an answer for each state.",
        );
    }
    let answers = answers.map(|node| reader.list(node, "answers")).unwrap_or_default();
    Some(Probe {
        call: call?,
        answers: answers.iter().filter_map(|node| answer(node, reader)).collect(),
        capture: fields.get("capture").map(|node| captures(node, reader)).unwrap_or_default(),
    })
}

fn answer(node: &Node, reader: &mut Reader<'_>) -> Option<ProbeAnswer> {
    let meanings = [
        ("done", Meaning::Done),
        ("running", Meaning::Running),
        ("not_started", Meaning::NotStarted),
        ("failed", Meaning::Failed),
    ];
    let fields = Fields::open(node, "answer", &[&SELECT, &COMPARE, &["means"]], reader)?;
    let expect = expect_in(&fields, reader);
    let means = fields.require("means", "it says what the output means", reader);
    let means = means.and_then(|node| reader.word_of(node, &meanings));
    Some(ProbeAnswer { expect: expect?, means: means? })
}

/// Reads `undo:`.
pub fn undo(node: &Node, reader: &mut Reader<'_>) -> Option<Undo> {
    let keys: [&[&str]; 3] = [&CALL, &ACTING, &["title", "hazard", "target", "loses", "manual"]];
    let fields = Fields::open(node, "way back", &keys, reader)?;
    let title = fields.require("title", "it is what people choose by", reader);
    let title = title.and_then(|node| reader.template(node));
    let hazard = fields.require("hazard", "the way back can hurt as well", reader);
    let hazard = hazard.and_then(|node| reader.word_of(node, &HAZARDS)).unwrap_or(Hazard::Change);
    let loses = fields.get("loses").and_then(|node| reader.template(node));
    if hazard >= Hazard::Destructive && fields.get("loses").is_none() {
        let why = format!("what is lost must be read before a {hazard} way back starts");
        fields.missing("RB053", "loses", &why, reader);
    }
    let act = match fields.exactly_one("RB050", &["run", "script", "manual"], reader) {
        Some("manual") => fields.get("manual").and_then(|n| reader.template(n)).map(Act::Manual),
        Some(_) => call_in(&fields, reader).map(|call| Act::Call(Box::new(call))),
        None => None,
    };
    Some(Undo {
        title: title.unwrap_or(Text { parts: Vec::new(), place: fields.place }),
        hazard,
        target: fields.get("target").and_then(|node| reader.template(node)),
        loses,
        act: act?,
        place: fields.place,
    })
}

/// Reads `failures:`.
pub fn failures(node: &Node, reader: &mut Reader<'_>) -> Vec<Failure> {
    let items = reader.list(node, "known failures");
    items.iter().filter_map(|node| failure(node, reader)).collect()
}

fn failure(node: &Node, reader: &mut Reader<'_>) -> Option<Failure> {
    let fields = Fields::open(node, "known failure", &[&["match", "means", "fix"]], reader)?;
    let found = fields.require("match", "it says how the failure is recognised", reader);
    let found = found.and_then(|node| pattern(node, reader));
    let means = fields.require("means", "it says what the failure means", reader);
    let means = means.and_then(|node| reader.template(node));
    let fix = fields.get("fix").and_then(|node| reader.id(node));
    let fix = fix.map(|at| At::new(StepId(at.value), at.place));
    Some(Failure { pattern: found?, means: means?, fix })
}

/// Reads `takes:`.
pub fn takes(node: &Node, reader: &mut Reader<'_>) -> Takes {
    let Some(fields) = Fields::open(node, "duration", &[&["typical", "slow", "quiet"]], reader)
    else {
        return Takes::default();
    };
    let mut read = |key| fields.get(key).and_then(|node| reader.duration(node));
    Takes { typical: read("typical"), slow: read("slow"), quiet: read("quiet") }
}

/// Reads `raises:`.
pub fn raises(node: &Node, reader: &mut Reader<'_>) -> Option<Raises> {
    let fields = Fields::open(node, "consequence", &[&["note", "owner", "due"]], reader)?;
    let what = fields.require("note", "it says what must be cleared", reader);
    Some(Raises {
        note: reader.template(what?)?,
        owner: fields.get("owner").and_then(|node| reader.template(node)),
        due: fields.get("due").and_then(|node| reader.duration(node)),
    })
}

/// Reads `defer:`.
pub fn defer(node: &Node, reader: &mut Reader<'_>) -> Option<Defer> {
    let fields = Fields::open(node, "deferral", &[&["for", "why"]], reader)?;
    let span = fields.require("for", "it says for how long", reader);
    let why = fields.require("why", "it says why waiting is better", reader);
    let span = span.and_then(|node| reader.duration(node));
    let why = why.and_then(|node| reader.template(node));
    Some(Defer { span: span?, why: why? })
}

/// Reads `call:`, the people to call.
pub fn call_for(node: &Node, reader: &mut Reader<'_>) -> Option<CallFor> {
    let fields = Fields::open(node, "call", &[&["who", "after_failures", "after"]], reader)?;
    let who = fields.require("who", "it says whom to call", reader);
    let after_failures = fields.get("after_failures").and_then(|node| reader.number(node));
    let after = fields.get("after").and_then(|node| reader.duration(node));
    Some(CallFor { who: reader.template(who?)?, after_failures, after })
}
