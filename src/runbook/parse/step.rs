//! One step: its keys, and the rules that tie them to its hazard and its way of acting.

use super::beside;
use super::call::{ACTING, CALL, call_in};
use super::decide::{asked, decide};
use super::define::captures;
use super::fields::Fields;
use super::reader::{Reader, listed};
use super::select::expectations;
use super::wait::wait;
use super::when::conditions;
use crate::runbook::model::{Act, Hazard, Repeat, Step, StepId, Takes};
use crate::runbook::place::{At, Place};
use crate::runbook::template::Text;
use crate::runbook::tree::Node;
use crate::runbook::value::Kind;

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

/// Keys that mean nothing for these ways of acting, and would promise what is not kept.
const IDLE: [(&str, &[&str]); 3] = [
    (
        "manual",
        &[
            "expect",
            "capture",
            "failures",
            "timeout",
            "repeat",
            "stays",
            "interactive",
            "background",
            "env",
            "cwd",
            "stdin",
            "files",
            "io",
            "shell",
            "signal",
        ],
    ),
    (
        "decide",
        &[
            "expect",
            "capture",
            "failures",
            "timeout",
            "repeat",
            "stays",
            "interactive",
            "background",
            "env",
            "cwd",
            "stdin",
            "files",
            "io",
            "shell",
            "signal",
            "probe",
            "undo",
            "no_undo",
        ],
    ),
    (
        "wait",
        &[
            "expect",
            "stays",
            "interactive",
            "background",
            "env",
            "cwd",
            "stdin",
            "files",
            "io",
            "shell",
            "signal",
            "undo",
            "no_undo",
        ],
    ),
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

fn check_way(way: Option<&str>, fields: &Fields<'_>, reader: &mut Reader<'_>) {
    if way == Some("wait") && !fields.has("timeout") {
        let why = "somebody has to be told when the wait has lasted too long";
        fields.missing("RB011", "timeout", why, reader);
    }
    let Some((way, idle)) = IDLE.iter().find(|(idle, _)| Some(*idle) == way) else { return };
    for (key, place) in fields.present(idle) {
        let what = format!("`{key}` on a `{way}` step");
        let why = format!("nothing would come of it: a `{way}` step has no command of its own");
        let next = match *way {
            "wait" if CALL.contains(&key) => format!("Move it into `wait: {{{key}: …}}`."),
            "wait" if key == "expect" => "Write it as `until:` inside `wait:`.".to_owned(),
            _ => "Remove it, or make this a `run:` step.".to_owned(),
        };
        reader.error("RB057", place, what, why, next);
    }
}

fn check_hazard(step: &Step, way: Option<&str>, fields: &Fields<'_>, reader: &mut Reader<'_>) {
    if step.hazard == Hazard::Read {
        return;
    }
    let hazard = step.hazard;
    let place = fields.key_place("hazard").unwrap_or(fields.place);
    if let Some(way @ ("decide" | "wait")) = way {
        let why = "deciding and waiting only look";
        let next = "Remove the hazard, and give it to the step that acts.";
        reader.error("RB054", place, format!("`{way}` with hazard {hazard}"), why, next);
        return;
    }
    for (key, why) in [
        ("what", "the operator reads what will happen before it can start"),
        ("target", "the operator must see, and may have to type, what is acted on"),
    ] {
        if fields.get(key).is_none() {
            fields.missing("RB052", key, &format!("hazard {hazard}: {why}"), reader);
        }
    }
    let (undo, no_undo) = (fields.get("undo").is_some(), fields.key_place("no_undo"));
    match (undo, no_undo) {
        (false, None) => {
            let what = format!("{} of hazard {hazard} without a way back", fields.what);
            let why = "the operator must know the way back before going on";
            let next = "Add `undo: {title: …, hazard: …, run: …}`, or `no_undo:` with the reason.";
            reader.error("RB052", fields.place, what, why, next);
        }
        (true, Some(place)) => {
            let why = "there is a way back or there is none";
            reader.error("RB052", place, "`no_undo` beside `undo`", why, "Keep one of the two.");
        }
        _ => {}
    }
    if hazard >= Hazard::Destructive && fields.get("loses").is_none() {
        let why = format!("hazard {hazard}: what is lost must be read before it is");
        fields.missing("RB053", "loses", &why, reader);
    }
}

fn check_repeat(step: &Step, fields: &Fields<'_>, reader: &mut Reader<'_>) {
    let place = |key: &str| fields.key_place(key).unwrap_or(fields.place);
    if step.repeat == Repeat::Probe && fields.get("probe").is_none() {
        let why = "it is the probe that says whether the step may run again";
        let next = "Add `probe:`, or write `repeat: never`.";
        reader.error("RB055", place("repeat"), "`repeat: probe` without a probe", why, next);
    }
    for capture in step.capture.iter().filter(|capture| capture.kind.kind == Kind::Secret) {
        if step.hazard != Hazard::Read || step.repeat != Repeat::Safe {
            let why =
                "it lives in memory only, so after a resume the step must be able to run again";
            let next = "Capture it in a step of hazard read with `repeat: safe`.";
            reader.error(
                "RB056",
                capture.name.place,
                "a secret captured by a step that is not repeatable",
                why,
                next,
            );
        }
    }
    let stays = matches!(&step.act, Act::Call(call) if call.stays);
    if stays && (step.hazard == Hazard::Read || fields.get("undo").is_none()) {
        let why =
            "processes left on purpose are an open change, and someone must be able to end them";
        let next =
            format!("Set `hazard: change` or above and add {}.", listed(["undo"].into_iter()));
        reader.error("RB056", place("stays"), "`stays` without a way to end it", why, next);
    }
}
