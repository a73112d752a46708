//! A home with a runbook whose commands would leave a trace, and a world in which it can be rehearsed.

use crate::support::program::{Home, said};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// Every way in which a runbook can name a program; each would make a file in the home.
pub const RUNBOOK: &str = r#"format: 1
name: traces
title: Leave traces
system: Lab
version: "1.0"
summary: Every command of it would leave a file.
owner: tests
environment: local
use_when: [nothing may be run]
needs:
  tools: [{name: no-such-tool, version: ">=9.9"}, {name: another-missing-tool}]
  checks:
    - {id: check, title: Check, run: touch HOME/check}
params:
  server: {type: name, ask: Server, example: db-orders}
  token: {type: secret, ask: Token}
secrets:
  key: {command: "touch HOME/secret"}
  variable: {env: NO_SUCH_VARIABLE}
fence: {title: Fence, run: touch HOME/fence, expect: {text: here}}
phases:
  - title: One
    steps:
      - id: stop
        title: Stop the writers
        what: w
        hazard: change
        target: "{{ server }}"
        run: touch HOME/stop
        files: {KEY: {secret: key}, VARIABLE: {secret: variable}, TOKEN: {secret: token}}
        env: {SERVER: "{{ server }}"}
        cwd: /no/such/folder
        stdin: {file: /no/such/file}
        takes: {typical: 2m}
        timeout: 30m
        repeat: probe
        probe:
          run: touch HOME/probe
          answers: [{text: stopped, means: done}, {text: running, means: not_started}]
        undo: {title: Start them again, hazard: change, run: touch HOME/undo}
        failures: [{match: no cores, means: No cores are left., fix: more}]
      - id: compare
        title: Compare
        hazard: read
        script: touch HOME/compare
        expect: {text: same}
      - id: ready
        title: Wait
        hazard: read
        wait: {run: touch HOME/ready, every: 30s, until: {text: Ready}, tolerate: [{exit: 3, for: 5m}]}
        timeout: 20m
      - id: choose
        title: Which way?
        decide:
          outcomes: {on: {title: Go on}, off: {title: Stop here}}
          ladder:
            - {ask: Is it well?, yes: on, no: off, unsure: off, check: {run: touch HOME/question, suggests: [{text: well, answer: yes}]}}
          unsure: off
          because: Doubt is no reason.
      - id: drop
        title: Drop it
        what: w
        hazard: destructive
        loses: All of it.
        target: "{{ server }}-old"
        run: touch HOME/drop
        no_undo: It is gone.
fixes:
  - {id: more, title: Ask for more, what: w, hazard: change, target: t, run: touch HOME/fix, no_undo: It stays.}
"#;

/// A world for it.
pub const SCENARIO: &str = r#"format: 1
runbook: traces
title: Writers stop, rows are compared
quick: true
start: {at: 2026-11-21T02:53:00Z, params: {server: db-orders}}
state: {writers: running}
steps:
  needs/check: [{}]
  stop: [{output: "stopping {{ server }}", takes: 22m, set: {writers: stopped}}]
  stop/probe: [{when: {writers: stopped}, output: stopped}, {output: running}]
  compare: [{when: {writers: stopped}, output: same}, {output: 3 rows differ, exit: 1}]
  ready: [{polls: [{exit: 3}, {output: Updating}, {output: Ready}]}]
  choose/check: [{output: all is well}]
  drop: [{takes: 5m}]
"#;

/// Answers that lead to its end.
pub const ANSWERS: &str = r"format: 1
statements: all
steps:
  choose: {answers: [yes], outcome: on, why: it is well}
  drop: {confirm: db-orders-old}
";

/// A home in which the runbook lies, under `runbooks/traces`.
pub struct Bench {
    pub home: Home,
}

impl Bench {
    /// Puts the runbook and its scenario there.
    pub fn new() -> Self {
        Self::with(RUNBOOK, SCENARIO)
    }

    /// The same with other texts; `HOME` stands for the home.
    pub fn with(runbook: &str, scenario: &str) -> Self {
        let home = Home::new();
        let folder = home.dir.path().join("runbooks/traces");
        fs::create_dir_all(folder.join("scenarios")).unwrap();
        let here = home.dir.path().to_str().unwrap();
        fs::write(folder.join("runbook.yaml"), runbook.replace("HOME", here)).unwrap();
        fs::write(folder.join("scenarios/quiet.yaml"), scenario).unwrap();
        Self { home }
    }

    /// Rehearses with answers, to the end or as far as they reach.
    pub fn rehearse(&self, answers: &str) -> Output {
        let answers = self.home.file("answers.yaml", answers);
        let words = ["rehearse", "traces", "--no-input", "--answers"];
        self.home.rutter(words).arg(answers).output().unwrap()
    }

    /// Runs the program with these words.
    pub fn says(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.home.rutter(words).output().unwrap();
        (output.status.code(), said(&output))
    }

    /// The records of its only run.
    pub fn records(&self) -> Vec<Value> {
        records(&self.home.run())
    }

    /// The facts of its only run, in order.
    pub fn facts(&self) -> Vec<Value> {
        let events = |record: &Value| record["events"].as_array().unwrap().clone();
        self.records().iter().flat_map(events).collect()
    }

    /// The facts of one kind about one step.
    pub fn of(&self, kind: &str, step: &str) -> Vec<Value> {
        let mut facts = self.facts();
        facts.retain(|fact| fact["type"] == kind && fact["step"] == step);
        facts
    }

    /// Files that a command of the runbook left, by name.
    pub fn traces(&self) -> Vec<PathBuf> {
        let known = ["runbooks", "answers.yaml", ".local"];
        let entries = fs::read_dir(self.home.dir.path()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| !known.iter().any(|name| path.ends_with(name))).collect()
    }
}

/// The records of a run.
pub fn records(run: &Path) -> Vec<Value> {
    let text = fs::read_to_string(run.join("journal.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
