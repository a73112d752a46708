//! A run that ends in another runbook, in every face: what is offered, what is taken over, what the journals say.

mod faces;
mod left_open;
mod named;

use crate::support::program::{Home, said};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

const FIRST: &str = "format: 1
name: first
title: Look which way
system: Demo
version: '1'
summary: Decides which way to go.
environment: local
params:
  server: {type: name, ask: Which server}
  copy: {type: name, ask: Which copy, default: db-2}
  size: {type: int, ask: How large, default: '5'}
not_when:
  - {when: only the release is broken, go: demo/second}
phases:
  - title: Look
    steps:
      - {id: look, title: Look at it, hazard: read, run: echo seen}
      - id: choose
        title: Which way
        decide:
          outcomes:
            stay: {title: It is the data}
            away: {title: It is the release, go: demo/second, with: {server: '{{ copy }}', note: \"it's late\"}}
      - {id: end, title: End, hazard: read, run: echo end}
";

const SECOND: &str = "format: 1
name: second
title: Take the release back
system: Demo
version: '1'
summary: Takes it back.
environment: local
params:
  server: {type: name, ask: Which server}
  size: {type: int, ask: How large}
  note: {type: text, ask: Why, default: it is broken}
phases:
  - title: Back
    steps:
      - {id: back, title: Take it back, hazard: read, run: 'echo {{ server }} --size={{ size }}'}
";

/// A library of two runbooks, the first of which leads to the second; both can be rehearsed.
pub fn library(home: &Home) {
    let story = |name: &str, params: &str, steps: &str| {
        format!(
            "format: 1\nrunbook: demo/{name}\ntitle: A story\nquick: true\n\
             start: {{at: 2026-11-21T02:53:00Z, params: {{{params}}}}}\nsteps:\n{steps}"
        )
    };
    let look = "  look: [{output: seen, takes: 1s}]\n  end: [{output: end, takes: 1s}]\n";
    let files = [
        ("first/runbook.yaml", FIRST.to_owned()),
        ("first/scenarios/one.yaml", story("first", "server: db-1", look)),
        ("second/runbook.yaml", SECOND.to_owned()),
        (
            "second/scenarios/two.yaml",
            story("second", "size: 7", "  back: [{output: back, takes: 1s}]\n"),
        ),
    ];
    for (path, text) in files {
        let path = home.dir.path().join("runbooks/demo").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    home.file("away.yaml", "format: 1\nsteps: {choose: {outcome: away, why: the data is whole}}\n");
}

/// Runs the program in a home with the library.
pub fn rutter(home: &Home, words: &[&str]) -> Output {
    let mut all = vec!["--runbooks", "runbooks"];
    all.extend(words);
    home.rutter(all).output().unwrap()
}

/// Ends a run in the second runbook, by a file of answers; returns what it said.
pub fn ended(home: &Home, verb: &str) -> String {
    let words: &[&str] = match verb {
        "run" => {
            &["run", "demo/first", "-p", "server=db-1", "--no-input", "--answers", "away.yaml"]
        }
        _ => &["rehearse", "demo/first", "--no-input", "--answers", "away.yaml"],
    };
    let output = rutter(home, words);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    said(&output)
}

/// The first fact of every run, newest last.
pub fn openings(home: &Home) -> Vec<Value> {
    let journals = home.dir.path().join(".local/share/rutter/journals");
    let mut runs: Vec<_> = fs::read_dir(journals).unwrap().map(|run| run.unwrap().path()).collect();
    let opened = |run: &Path| {
        let text = fs::read_to_string(run.join("journal.jsonl")).unwrap();
        let record: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        (record["at"].as_str().unwrap().to_owned(), record["events"][0].clone())
    };
    runs.sort_by_key(|run| opened(run).0);
    runs.iter().map(|run| opened(run).1).collect()
}

/// Asserts that the last run continues the first, with these values and where they come from.
pub fn assert_continues(home: &Home, values: &[(&str, &str, &str)]) {
    let opened = openings(home);
    assert_eq!(opened.len(), 2, "{opened:?}");
    assert_eq!(opened[1]["runbook"], "demo/second");
    assert_eq!(opened[1]["continues"], opened[0]["run"]);
    for (name, value, source) in values {
        let given = &opened[1]["params"][name];
        assert_eq!((&given["value"], &given["source"]), (&(*value).into(), &(*source).into()));
    }
}
