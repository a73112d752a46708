//! A runbook as JSON, for programs. The shape is versioned: what is there stays there.

use super::step::{branch, meaning};
use crate::cli::library::Entry;
use crate::driver::expect_words;
use crate::engine::plan::{Plan, PlanStep, StepKind};
use crate::runbook::filled::Filled;
use crate::runbook::model::{Act, Capture, Definition, Expect, Leads, Probe, Then, Undo};
use crate::runbook::place::At;
use serde_json::{Value, json};

/// Returns a whole runbook.
pub fn runbook(entry: &Entry, plan: &Plan, filled: &Filled) -> Value {
    let runbook = plan.runbook();
    let texts = |list: &[At<String>]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let text = |text: &Option<At<String>>| text.as_ref().map(ToString::to_string);
    let steps: Vec<Value> = plan.steps().iter().map(|planned| step(planned, filled)).collect();
    let phases: Vec<Value> = runbook
        .phases
        .iter()
        .enumerate()
        .map(|(index, phase)| {
            json!({"number": index + 1, "title": &*phase.title, "when": branch(&phase.when)})
        })
        .collect();
    let not_when: Vec<Value> = runbook
        .not_when
        .iter()
        .map(|not| json!({"when": &*not.when, "go": text(&not.go)}))
        .collect();
    json!({
        "v": 1,
        "name": entry.full_name,
        "title": &*runbook.title,
        "system": &*runbook.system,
        "version": &*runbook.version,
        "summary": &*runbook.summary,
        "owner": text(&runbook.owner),
        "reviewed": text(&runbook.reviewed),
        "use_when": texts(&runbook.use_when),
        "not_when": not_when,
        "symptoms": texts(&runbook.symptoms),
        "rto_s": runbook.objectives.rto.map(|time| time.as_secs()),
        "rpo_s": runbook.objectives.rpo.map(|time| time.as_secs()),
        "origin": entry.origin.to_string(),
        "digest": entry.digest,
        "params": runbook.params.iter().map(definition).collect::<Vec<_>>(),
        "secrets": runbook.secrets.iter().map(|s| s.name.to_string()).collect::<Vec<_>>(),
        "phases": phases,
        "steps": steps,
    })
}

/// Returns one step.
pub fn step(planned: &PlanStep, filled: &Filled) -> Value {
    let step = &planned.step;
    let text =
        |text: &Option<crate::runbook::template::Text>| text.as_ref().map(|t| filled.text(t));
    let kind = match planned.kind {
        StepKind::Need => "need",
        StepKind::Statement => "statement",
        StepKind::Step => "step",
        StepKind::Fix => "fix",
    };
    json!({
        "number": planned.number,
        "id": planned.id.as_str(),
        "phase": planned.phase,
        "kind": kind,
        "title": filled.text(&step.title),
        "what": text(&step.what),
        "why": text(&step.why),
        "hazard": step.hazard.to_string(),
        "target": text(&step.target),
        "loses": text(&step.loses),
        "when": branch(&planned.when),
        "act": act(&step.act, filled),
        "ask": step.ask.iter().map(definition).collect::<Vec<_>>(),
        "expect": expects(&step.expect, filled),
        "capture": step.capture.iter().map(capture).collect::<Vec<_>>(),
        "timeout_s": step.timeout.map(|time| time.as_secs()),
        "typical_s": step.takes.typical.map(|time| time.as_secs()),
        "probe": step.probe.as_ref().map(|p| probe(p, filled)),
        "undo": step.undo.as_ref().map(|u| undo(u, filled)),
        "no_undo": text(&step.no_undo),
    })
}

fn expects(list: &[Expect], filled: &Filled) -> Vec<String> {
    list.iter().map(|expect| expect_words(expect, filled.known())).collect()
}

fn act(act: &Act, filled: &Filled) -> Value {
    match act {
        Act::Call(call) => json!({"kind": "run", "command": filled.call(call).text}),
        Act::Manual(text) => json!({"kind": "manual", "text": filled.text(text)}),
        Act::Wait(wait) => json!({
            "kind": "wait",
            "command": filled.call(&wait.call).text,
            "until": expect_words(&wait.until, filled.known()),
            "every_s": wait.every.as_secs(),
        }),
        Act::Decide(decide) => {
            let leads = |leads: &Leads| match leads {
                Leads::Next => "next".to_owned(),
                Leads::Outcome(outcome) => outcome.clone(),
            };
            let ladder: Vec<Value> = decide
                .ladder
                .iter()
                .map(|question| {
                    json!({
                        "ask": filled.text(&question.ask),
                        "yes": leads(&question.yes),
                        "no": leads(&question.no),
                        "unsure": leads(&question.unsure),
                    })
                })
                .collect();
            let outcomes: Vec<Value> = decide
                .outcomes
                .iter()
                .map(|outcome| {
                    let then = outcome.then.as_ref().map(|then| match then {
                        Then::Go { runbook, .. } => format!("go {runbook}"),
                        Then::Stop(_) => "stop".to_owned(),
                        Then::Again(id) => format!("again {id}"),
                    });
                    json!({
                        "name": &*outcome.name,
                        "title": filled.text(&outcome.title),
                        "then": then,
                    })
                })
                .collect();
            let unsure = decide.unsure.as_ref().map(ToString::to_string);
            json!({"kind": "decide", "outcomes": outcomes, "ladder": ladder, "unsure": unsure})
        }
    }
}

fn probe(probe: &Probe, filled: &Filled) -> Value {
    let answers: Vec<Value> = probe
        .answers
        .iter()
        .map(|answer| {
            let when = expect_words(&answer.expect, filled.known());
            json!({"when": when, "means": meaning(answer.means)})
        })
        .collect();
    json!({"command": filled.call(&probe.call).text, "answers": answers})
}

fn undo(undo: &Undo, filled: &Filled) -> Value {
    json!({
        "title": filled.text(&undo.title),
        "hazard": undo.hazard.to_string(),
        "loses": undo.loses.as_ref().map(|text| filled.text(text)),
        "act": act(&undo.act, filled),
    })
}

fn capture(capture: &Capture) -> Value {
    json!({
        "name": &*capture.name,
        "type": capture.kind.kind.to_string(),
        "from": capture.select.to_string(),
    })
}

fn definition(definition: &Definition) -> Value {
    json!({
        "name": &*definition.name,
        "type": definition.kind.kind.to_string(),
        "choices": definition.kind.choices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "ask": definition.ask.as_ref().map(ToString::to_string),
        "help": definition.help.as_ref().map(ToString::to_string),
        "example": definition.example.as_ref().map(ToString::to_string),
        "default": definition.default.as_ref().map(ToString::to_string),
        "optional": definition.optional,
    })
}
