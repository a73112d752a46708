//! Events with everything taken out that two walks of the same runbook cannot have in common.

use serde_json::Value;

/// What differs by nature: who, where, when, under which name; and what the living shop made of it.
const OWN: [&str; 22] = [
    "at", "boot", "builtins", "child", "digest", "face", "got", "host", "how_known", "inherited",
    "keeper", "last_lines", "operator", "run", "said", "shown", "source", "spool", "survivors",
    "took_ns", "value", "why",
];

/// The story of a walk: its events in order, without comings and goings of faces.
pub fn told(events: &[Value]) -> Vec<Value> {
    let faces = |event: &&Value| !matches!(event["type"].as_str(), Some("left" | "resumed"));
    events.iter().filter(faces).map(bare).collect()
}

fn bare(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), bare(value))).collect())
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// Says where two stories part, if they do.
pub fn parting(one: &[Value], other: &[Value]) -> Option<String> {
    let at = one.iter().zip(other).position(|(a, b)| a != b);
    let at = at.or((one.len() != other.len()).then_some(one.len().min(other.len())))?;
    let here = |story: &[Value]| story.get(at).map_or("nothing more".into(), ToString::to_string);
    Some(format!("event {at}:\n  {}\n  {}", here(one), here(other)))
}

#[test]
fn stories_part_at_the_first_event_that_differs() {
    let event = |step: &str| serde_json::json!({"type": "ticked", "step": step, "said": "x"});
    let one = told(&[event("a"), event("b")]);
    assert_eq!(parting(&one, &told(&[event("a"), event("b")])), None);
    assert!(parting(&one, &told(&[event("a")])).unwrap().contains("nothing more"));
    assert!(parting(&one, &told(&[event("a"), event("c")])).unwrap().starts_with("event 1"));
}
