//! Events with everything taken out that two walks of the same runbook cannot have in common.

use serde_json::Value;

/// What differs by nature: who, where, when, under which name; and what the living shop made of it.
const OWN: [&str; 22] = [
    "at",
    "boot",
    "builtins",
    "child",
    "digest",
    "expected",
    "face",
    "got",
    "host",
    "inherited",
    "keeper",
    "last_lines",
    "operator",
    "run",
    "said",
    "shown",
    "source",
    "spool",
    "survivors",
    "took_ns",
    "value",
    "why",
];

/// The story of a walk: its events in order, without comings and goings of faces.
pub fn told(events: &[Value]) -> Vec<Value> {
    let built_in = events.first().and_then(|opened| opened["builtins"].as_object());
    let built_in = built_in.into_iter().flatten();
    let mut names: Vec<_> =
        built_in.filter_map(|(name, value)| Some((value.as_str()?, name.as_str()))).collect();
    // The longest first: a folder before the run's name that is a part of it.
    names.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    names.retain(|(value, _)| !value.is_empty());
    let faces = |event: &&Value| !matches!(event["type"].as_str(), Some("left" | "resumed"));
    events.iter().filter(faces).map(|event| bare(event, &names)).collect()
}

fn bare(value: &Value, names: &[(&str, &str)]) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), bare(value, names))).collect())
        }
        Value::Array(items) => items.iter().map(|item| bare(item, names)).collect(),
        Value::String(text) => {
            let text = names.iter().fold(text.clone(), |text, (own, name)| text.replace(own, name));
            Value::String(text)
        }
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
