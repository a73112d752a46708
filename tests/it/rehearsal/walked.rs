//! Shipped scenarios from the first to the last step, headless and by a person at a terminal.

use super::bench::records;
use super::person::Person;
use crate::support::program::{Home, said};
use serde_json::Value;

const EXAMPLE: &str = "format: 1
statements: all
steps:
  choose: {answers: [yes, no], outcome: back, why: release 40 still greets}
  close-till: {on_unknown: probe}
  door: {on_failure: [fix, retry]}
  tell: {tick: said it, ask: {street: main-street}}
  sweep: {confirm: corner-shop}
";

/// What happened, without what differs from one rehearsal to the next.
fn happened(home: &Home) -> Vec<String> {
    let records = records(&home.run());
    let facts = records.iter().flat_map(|record| record["events"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |fact: &Value| {
        let part = fact["part"].as_str().unwrap_or_default();
        let end = fact["outcome"]["ended"]["code"].as_i64().map(|code| format!(" exit {code}"));
        let line = format!(
            "{} {} {part}{}",
            text(&fact["type"]),
            text(&fact["step"]),
            end.unwrap_or_default()
        );
        line.trim_end().to_owned()
    };
    facts.map(told).collect()
}

#[test]
fn the_example_is_rehearsed_headless_and_in_line_mode_with_the_same_facts() {
    let home = Home::new();
    let answers = home.file("answers.yaml", EXAMPLE);
    let words = ["rehearse", "lab/example", "--no-input", "--answers"];
    let output = home.rutter(words).arg(answers).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("DEBRIEF of rehearsal"), "{}", said(&output));

    let typed = Home::new();
    let mut person = Person::new(["yes", "no"], ["back"]).with("street", "main-street");
    let heard = person.walks(&typed, &["rehearse", "lab/example", "--line", "--speed", "20"]);
    assert!(heard.contains("REHEARSAL") && heard.contains("SIMULATED"), "{heard}");
    assert!(heard.contains("DEBRIEF of rehearsal"), "{heard}");
    assert!(!heard.contains('\u{1b}'), "no cursor moves in line mode");
    assert_eq!(happened(&home), happened(&typed));
}
