//! The rules that tie a step's keys to its hazard and its way of acting.

use super::call::CALL;
use super::fields::Fields;
use super::reader::{Reader, listed};
use crate::runbook::model::{Act, Hazard, Repeat, Step};
use crate::runbook::value::Kind;

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

/// Checks that every key has something to act on.
pub fn check_way(way: Option<&str>, fields: &Fields<'_>, reader: &mut Reader<'_>) {
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

/// Checks what a hazard asks for: what, target, way back, loss.
pub fn check_hazard(step: &Step, way: Option<&str>, fields: &Fields<'_>, reader: &mut Reader<'_>) {
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

/// Checks what repeating and staying ask for.
pub fn check_repeat(step: &Step, fields: &Fields<'_>, reader: &mut Reader<'_>) {
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
