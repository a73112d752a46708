//! A value for every name of a runbook, such as a person would give or a command would answer.

use super::calls;
use super::shipped::Shipped;
use rutter::runbook::model::{Act, Capture, Definition, Program, Selector, Values};
use rutter::runbook::resolve::{self, Resolved, Scope};
use rutter::runbook::value::{Kind, ValueType};
use std::collections::BTreeSet;
use std::path::Path;

/// The sample values of one runbook.
pub struct Samples {
    /// By name.
    pub values: Values,
    lists: BTreeSet<String>,
    secrets: BTreeSet<String>,
    folder: String,
    /// Hosts that stand elsewhere.
    hosts: Vec<(String, String)>,
}

/// What may stand for a value of any kind: the first that its type takes.
const CANDIDATES: [&str; 22] = [
    "sample",
    "3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34",
    "2026-11-21T02:25:00Z",
    "https://kv-sample.vault.azure.net/secrets/sample/4f0c2a",
    "7",
    "1",
    "30",
    "true",
    "15m",
    "203.0.113.7",
    "203.0.113.7/32",
    "sample--x7k2p9q",
    "sample@sha256:0f343b0931126a20f133d67c2b018a3b5e1a3b5d0a5e7a0c9d6f1c2b3a495867",
    "registry.example.org/sample:1.2.3",
    "registry.example.org/sample@sha256:0f343b0931126a20f133d67c2b018a3b5e1a3b5d0a5e7a0c9d6f1c2b3a495867",
    "/subscriptions/3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34/resourceGroups/sample",
    "system",
    "[]",
    "{}",
    "20261121",
    "202611210225",
    "0000000000000000000000000000000000000000000000000000000000000000",
];

impl Samples {
    /// Finds them. The error names every value for which there is none. `files` is a folder with a file `sample`.
    pub fn of(shipped: &Shipped, files: &Path) -> Result<Self, Vec<String>> {
        let runbook = &shipped.runbook;
        let mut samples = Self {
            values: built_in(shipped, files),
            lists: BTreeSet::new(),
            secrets: runbook.secrets.iter().map(|secret| secret.name.value.clone()).collect(),
            folder: shipped.folder.to_str().unwrap().to_owned(),
            hosts: Vec::new(),
        };
        let mut missing = Vec::new();
        let steps: Vec<_> = calls::steps(runbook).collect();
        let statements = runbook.needs.statements.iter().flat_map(|statement| &statement.ask);
        let asked = runbook.params.iter().chain(statements);
        for definition in asked.chain(steps.iter().flat_map(|step| &step.ask)) {
            samples.derive(shipped);
            if !samples.ask(definition) {
                missing.push(definition.name.to_string());
            }
        }
        for check in runbook.needs.checks.iter().chain(&runbook.fence) {
            let answers = shipped.answers(&format!("needs/{}", check.id));
            samples.capture(&check.capture, &answers, &mut missing);
        }
        for step in steps {
            samples.derive(shipped);
            samples.capture(&step.capture, &shipped.answers(step.id.as_str()), &mut missing);
            if let Act::Decide(decide) = &step.act {
                let outcome = decide.outcomes.first().map(|outcome| outcome.name.value.clone());
                samples.values.insert(step.id.to_string(), outcome.unwrap_or_default());
            }
        }
        samples.derive(shipped);
        if missing.is_empty() { Ok(samples) } else { Err(missing) }
    }

    /// Puts the samples into a command, with the program's own resolver.
    pub fn resolve(&self, call: &rutter::runbook::model::Call) -> Result<Resolved, Vec<String>> {
        let scope = Scope {
            values: &self.values,
            lists: &self.lists,
            secrets: &self.secrets,
            work: &self.values["run.work"],
            runbook_dir: &self.folder,
        };
        resolve::resolve(call, &scope)
    }

    /// The same samples with each choice of each choice that a command uses, one at a time.
    pub fn variants(&self, shipped: &Shipped, call: &rutter::runbook::model::Call) -> Vec<Self> {
        let Program::Words(words) = &call.program else { return vec![self.with(shipped, None)] };
        let used: BTreeSet<&str> = words
            .iter()
            .flat_map(rutter::runbook::template::Word::names)
            .map(|(name, _)| name)
            .collect();
        let steps = || calls::steps(&shipped.runbook);
        let asked = shipped.runbook.params.iter().chain(steps().flat_map(|step| &step.ask));
        let asked = asked.map(|definition| (&definition.name.value, &definition.kind));
        let captured = steps().flat_map(|step| &step.capture);
        let captured = captured.map(|capture| (&capture.name.value, &capture.kind));
        let mut variants = vec![self.with(shipped, None)];
        for (name, kind) in asked.chain(captured).filter(|(name, _)| used.contains(name.as_str())) {
            let choices = kind.choices.iter().filter(|choice| choice.value != self.values[name]);
            variants.extend(choices.map(|choice| self.with(shipped, Some((name, &choice.value)))));
        }
        variants
    }

    fn with(&self, shipped: &Shipped, other: Option<(&str, &str)>) -> Self {
        let mut samples = Self {
            values: self.values.clone(),
            lists: self.lists.clone(),
            secrets: self.secrets.clone(),
            folder: self.folder.clone(),
            hosts: self.hosts.clone(),
        };
        if let Some((name, value)) = other {
            samples.values.insert(name.to_owned(), value.to_owned());
            samples.derive(shipped);
        }
        samples
    }

    /// Derives again what follows from other values.
    pub fn derive(&mut self, shipped: &Shipped) {
        for (name, text) in &shipped.runbook.values {
            if let Ok(mut value) = text.render(&self.values) {
                for (host, here) in &self.hosts {
                    value = value.replace(host, here);
                }
                self.values.insert(name.value.clone(), value);
            }
        }
    }

    /// Has a host of the cloud stand here, wherever a value is derived from it.
    pub fn place(&mut self, host: String, here: String) {
        self.hosts.push((host, here));
    }

    fn ask(&mut self, definition: &Definition) -> bool {
        let example = definition.example.as_ref().map(|example| example.value.clone());
        let default = definition.default.as_ref().and_then(|text| text.render(&self.values).ok());
        self.keep(&definition.name, &definition.kind, example.into_iter().chain(default))
    }

    fn capture(&mut self, captures: &[Capture], answers: &[String], missing: &mut Vec<String>) {
        for capture in captures {
            let answers: Vec<_> = answers.iter().map(|answer| self.filled(answer)).collect();
            let found = answers.iter().filter_map(|text| select(&capture.select.by, text));
            if !self.keep(&capture.name, &capture.kind, found.collect::<Vec<_>>()) {
                missing.push(capture.name.to_string());
            }
        }
    }

    /// Keeps the first value that fits, of these and of those that stand for anything.
    fn keep(
        &mut self,
        name: &str,
        kind: &ValueType,
        first: impl IntoIterator<Item = String>,
    ) -> bool {
        match kind.kind {
            Kind::List => _ = self.lists.insert(name.to_owned()),
            Kind::Secret => {
                self.secrets.insert(name.to_owned());
                return true;
            }
            Kind::Path => {
                let sample = format!("{}/sample", self.values["run.work"]);
                self.values.insert(name.to_owned(), sample);
                return true;
            }
            _ => {}
        }
        let choices = kind.choices.iter().map(|choice| choice.value.clone());
        let any = CANDIDATES.iter().map(ToString::to_string);
        let mut all = first.into_iter().chain(choices).chain(any);
        let Some(value) = all.find_map(|value| kind.check(&value).ok()) else { return false };
        self.values.insert(name.to_owned(), value);
        true
    }

    /// A scenario's answer with values in their places.
    fn filled(&self, answer: &str) -> String {
        let put = |text: String, (name, value): (&String, &String)| {
            text.replace(&format!("{{{{ {name} }}}}"), value)
        };
        self.values.iter().fold(answer.to_owned(), put)
    }
}

fn built_in(shipped: &Shipped, files: &Path) -> Values {
    let files = files.to_str().unwrap();
    let values = [
        ("environment", "PROD"),
        ("mode", "live"),
        ("operator", "tester"),
        ("incident.id", "INC-1"),
        ("incident.start", "2026-11-21T02:53:00Z"),
        ("run.id", "20261121T025300Z-sample"),
        ("run.stamp", "20261121025300"),
        ("run.work", files),
        ("run.tmp", files),
        ("runbook.dir", shipped.folder.to_str().unwrap()),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What a selector takes from an answer.
pub fn select(selector: &Selector, answer: &str) -> Option<String> {
    match selector {
        Selector::Json(expression) => {
            let answer = jmespath::Variable::from_json(answer).ok()?;
            let found = jmespath::compile(expression).ok()?.search(answer).ok()?;
            match found.as_string() {
                Some(text) => Some(text.clone()),
                None if found.is_null() => None,
                None => Some(found.to_string()),
            }
        }
        Selector::Text(pattern) => {
            let found = regex::Regex::new(pattern).ok()?.captures(answer)?;
            found.get(1).or_else(|| found.get(0)).map(|found| found.as_str().to_owned())
        }
        Selector::LinesCount => Some(answer.lines().count().to_string()),
        Selector::Exit(_) => Some("true".to_owned()),
        Selector::LinesEach(_) => None,
    }
}
