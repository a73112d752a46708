//! One step.

use super::beside;
use super::call::{ACTING, CALL, call_in};
use super::decide::{asked, decide};
use super::define::captures;
use super::fields::Fields;
use super::reader::Reader;
use super::rules::{check_hazard, check_repeat, check_way};
use super::select::expectations;
use super::wait::wait;
use super::when::conditions;
use crate::runbook::model::{Act, Hazard, Repeat, Step, StepId, Takes};
use crate::runbook::place::{At, Place};
use crate::runbook::template::Text;
use crate::runbook::tree::Node;

/// The hazards with their names.
pub const HAZARDS: [(&str, Hazard); 4] = [
    ("read", Hazard::Read),
    ("change", Hazard::Change),
    ("destructive", Hazard::Destructive),
    ("irreversible", Hazard::Irreversible),
];

const ACTS: [&str; 5] = ["run", "script", "manual", "decide", "wait"];

const STEP: [&str; 32] = [
    "id",
    "title",
    "what",
    "why",
    "hazard",
    "target",
    "loses",
    "when",
    "manual",
    "decide",
    "wait",
    "ask",
    "expect",
    "capture",
    "takes",
    "repeat",
    "probe",
    "undo",
    "no_undo",
    "failures",
    "raises",
    "restores_service",
    "keeps",
    "defer",
    "call",
    "meanwhile",
    "closes",
    "links",
    "hints",
    "recheck",
    "interactive",
    "background",
];

/// Reads a list of steps.
pub fn steps(node: &Node, reader: &mut Reader<'_>) -> Vec<Step> {
    reader.list(node, "steps").iter().filter_map(|node| step(node, reader)).collect()
}

fn step(node: &Node, reader: &mut Reader<'_>) -> Option<Step> {
    let fields = Fields::open(node, "step", &[&STEP, &CALL, &ACTING], reader)?;
    let id = fields.require("id", "journal, scenarios and conditions call the step by it", reader);
    let id = id.and_then(|node| reader.id(node)).unwrap_or(At::new(String::new(), fields.place));
    let way = fields.exactly_one("RB050", &ACTS, reader);
    let act = way.and_then(|way| act(way, &fields, reader));
    let hazard = hazard(way, &fields, reader);
    let step = read(&fields, id, hazard, act, reader);
    check_way(way, &fields, reader);
    check_hazard(&step, way, &fields, reader);
    check_repeat(&step, &fields, reader);
    Some(step)
}

fn act(way: &str, fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Act> {
    Some(match way {
        "manual" => Act::Manual(reader.template(fields.get("manual")?)?),
        "decide" => Act::Decide(Box::new(decide(fields.get("decide")?, reader)?)),
        "wait" => Act::Wait(Box::new(wait(fields.get("wait")?, reader)?)),
        _ => Act::Call(Box::new(call_in(fields, reader)?)),
    })
}

fn hazard(way: Option<&str>, fields: &Fields<'_>, reader: &mut Reader<'_>) -> Hazard {
    if let Some(node) = fields.get("hazard") {
        return reader.word_of(node, &HAZARDS).unwrap_or(Hazard::Read);
    }
    if matches!(way, Some("run" | "script" | "manual")) {
        let why = "nobody should have to guess how much a step can hurt: read, change, destructive or irreversible";
        fields.missing("RB051", "hazard", why, reader);
    }
    Hazard::Read
}

fn read(
    fields: &Fields<'_>,
    id: At<String>,
    hazard: Hazard,
    act: Option<Act>,
    reader: &mut Reader<'_>,
) -> Step {
    let blank = |place: Place| Text { parts: Vec::new(), place };
    let title = fields.require("title", "it is the line people see", reader);
    let title = title.and_then(|node| reader.template(node)).unwrap_or(blank(fields.place));
    let mut text = |key| fields.get(key).and_then(|node| reader.template(node));
    let (what, why, target) = (text("what"), text("why"), text("target"));
    let (loses, no_undo, keeps) = (text("loses"), text("no_undo"), text("keeps"));
    let mut flag = |key| fields.get(key).and_then(|node| reader.boolean(node)).unwrap_or(false);
    let (restores_service, recheck) = (flag("restores_service"), flag("recheck"));
    let (interactive, background) = (flag("interactive"), flag("background"));
    let ids = |key, what, reader: &mut Reader<'_>| -> Vec<At<StepId>> {
        let nodes = fields.get(key).map(|node| reader.list(node, what)).unwrap_or_default();
        let ids = nodes.iter().filter_map(|node| reader.id(node));
        ids.map(|at| At::new(StepId(at.value), at.place)).collect()
    };
    let hints = fields.get("hints").map(|node| reader.list(node, "hints")).unwrap_or_default();
    Step {
        id: At::new(StepId(id.value), id.place),
        title,
        what,
        why,
        hazard,
        target,
        loses,
        when: fields.get("when").map(|node| conditions(node, reader)).unwrap_or_default(),
        act: act.unwrap_or(Act::Manual(blank(fields.place))),
        ask: asked(fields, reader),
        expect: fields.get("expect").map(|node| expectations(node, reader)).unwrap_or_default(),
        capture: fields.get("capture").map(|node| captures(node, reader)).unwrap_or_default(),
        takes: fields.get("takes").map_or(Takes::default(), |node| beside::takes(node, reader)),
        timeout: fields.get("timeout").and_then(|node| reader.duration(node)),
        repeat: repeat(fields, hazard, reader),
        probe: fields.get("probe").and_then(|node| beside::probe(node, reader)),
        undo: fields.get("undo").and_then(|node| beside::undo(node, reader)).map(Box::new),
        no_undo,
        failures: fields.get("failures").map(|n| beside::failures(n, reader)).unwrap_or_default(),
        raises: fields.get("raises").and_then(|node| beside::raises(node, reader)),
        restores_service,
        keeps,
        defer: fields.get("defer").and_then(|node| beside::defer(node, reader)),
        call: fields.get("call").and_then(|node| beside::call_for(node, reader)),
        meanwhile: ids("meanwhile", "step ids", reader),
        closes: ids("closes", "step ids", reader),
        links: fields.get("links").map(|node| reader.texts(node, "links")).unwrap_or_default(),
        hints: hints.iter().filter_map(|node| reader.template(node)).collect(),
        recheck,
        interactive,
        background,
        place: fields.place,
    }
}

/// A command that only looks may be repeated; anything else needs its probe's word, or the author's.
fn repeat(fields: &Fields<'_>, hazard: Hazard, reader: &mut Reader<'_>) -> Repeat {
    let words = [("safe", Repeat::Safe), ("probe", Repeat::Probe), ("never", Repeat::Never)];
    let written = fields.get("repeat").and_then(|node| reader.word_of(node, &words));
    written.unwrap_or(match hazard {
        Hazard::Read => Repeat::Safe,
        _ if fields.get("probe").is_some() => Repeat::Probe,
        _ => Repeat::Never,
    })
}
