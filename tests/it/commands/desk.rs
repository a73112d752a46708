//! One command of a runbook at a time, run as its step would run it and judged as its runbook reads it. `az` is the
//! stand-in with a state in a file; every other program is the real one.

use super::calls;
use super::cloud;
use super::samples::Samples;
use super::shipped::{self, Shipped};
use super::trial::{Trial, captured, holds};
use crate::support::program::{self, said};
use rutter::runbook::model::{Act, Call, Capture, Meaning, Probe, Selector, Step, Values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A runbook, values for it, and the cloud that its commands find.
pub struct Desk {
    shipped: Shipped,
    folder: tempfile::TempDir,
    /// What stands for the values of a run.
    pub samples: Samples,
    /// What commands are run with.
    pub trial: Trial,
}

/// What one command came to.
pub struct Said {
    name: String,
    /// As it ended.
    pub output: Output,
    /// What it captured if it gave what its step expects, or what was missing.
    passed: Result<BTreeMap<String, String>, String>,
    /// What a probe's answer means.
    pub means: Option<Meaning>,
    /// What the runbook says about what went wrong.
    pub known: Vec<String>,
}

impl Desk {
    /// Lays a runbook before a cloud of these parts, or before none.
    pub fn new(runbook: &str, parts: &Value) -> Self {
        let shipped = shipped::one(runbook);
        let folder = tempfile::tempdir().unwrap();
        let (bin, work) = (folder.path().join("bin"), folder.path().join("work"));
        fs::create_dir(&bin).unwrap();
        fs::create_dir(&work).unwrap();
        let samples = Samples::of(&shipped, &work).unwrap();
        if !parts.is_null() {
            cloud::put_az(&bin, &folder.path().join("state.json"));
        }
        // A script that waits asks again at once; one that would wait for ever ends.
        let sleep = "#!/bin/sh\necho >>\"$0.times\"\n[ \"$(wc -l <\"$0.times\")\" -lt 60 ]\n";
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&path)));
        let environment = vec![("PATH", path.unwrap())];
        let trial = Trial { environment, secrets: BTreeMap::new(), folder: work };
        let desk = Self { shipped, folder, samples, trial };
        desk.program("sleep", sleep);
        desk.change(|state| {
            *state = parts.clone();
            if let Some(state) = state.as_object_mut() {
                state.entry("canned").or_insert_with(|| json!({}));
            }
        });
        desk
    }

    /// The run's own folder.
    pub fn work(&self) -> &Path {
        &self.trial.folder
    }

    /// Puts a program first on the path.
    pub fn program(&self, name: &str, text: &str) {
        let path = self.on_the_path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A program that was put first on the path.
    pub fn on_the_path(&self, name: &str) -> PathBuf {
        self.folder.path().join("bin").join(name)
    }

    /// Writes a file into the run's folder.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Gives a value its content.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.samples.values.insert(name.to_owned(), value.into());
        self.samples.derive(&self.shipped);
    }

    fn state_file(&self) -> PathBuf {
        self.folder.path().join("state.json")
    }

    /// The cloud as it is now.
    pub fn state(&self) -> Value {
        let text = fs::read_to_string(self.state_file());
        text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
    }

    /// Changes the cloud, as somebody else would.
    pub fn change(&self, how: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        how(&mut state);
        fs::write(self.state_file(), state.to_string()).unwrap();
    }

    /// How often `az` was asked.
    pub fn asked(&self) -> usize {
        self.state()["asked"].as_array().map_or(0, Vec::len)
    }

    /// Every word that `az` was given.
    pub fn given(&self) -> String {
        self.state()["given"].to_string()
    }

    /// The desk as it is now.
    fn picture(&self) -> Picture {
        let files = program::files(self.work()).into_iter();
        let files = files.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        Picture { state: self.state(), values: self.samples.values.clone(), files }
    }

    /// Makes it as it was.
    fn lay_out(&mut self, picture: &Picture) {
        self.change(|state| *state = picture.state.clone());
        self.samples.values.clone_from(&picture.values);
        for path in program::files(self.work()) {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in &picture.files {
            fs::write(path, bytes).unwrap();
        }
        let _ = fs::remove_file(self.on_the_path("sleep.times"));
    }

    /// Runs the command of this name: `ID`, `ID/probe`, `ID/undo` or `ID/q1`.
    pub fn run(&mut self, name: &str) -> Said {
        let named = calls::of(&self.shipped.runbook).into_iter().find(|named| named.name == name);
        let call: Call = named.expect(name).call.into_owned();
        let output = self.trial.run(&self.samples.resolve(&call).expect(name));
        let (id, part) = name.split_once('/').unwrap_or((name, ""));
        let step = calls::steps(&self.shipped.runbook).find(|step| step.id.value.as_str() == id);
        let step = step.expect(id);
        let both = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        let matches = |pattern: &str| {
            let pattern = regex::Regex::new(pattern).unwrap();
            both.iter().any(|text| pattern.is_match(text))
        };
        let known = step.failures.iter().filter(|failure| matches(&failure.pattern));
        let known = known.filter_map(|failure| failure.means.render(&self.samples.values).ok());
        let mut means = None;
        let passed = match (&step.probe, part) {
            (Some(probe), "probe") => {
                means = self.means(probe, &output);
                Ok(of_captures(&probe.capture, &output).unwrap_or_default())
            }
            (_, "") => self.judge(step, &output),
            _ if output.status.success() => Ok(BTreeMap::new()),
            _ => Err("exit 0".to_owned()),
        };
        let said = Said { name: name.to_owned(), known: known.collect(), means, passed, output };
        for (name, value) in said.passed.iter().flatten() {
            self.samples.values.insert(name.clone(), value.clone());
        }
        self.samples.derive(&self.shipped);
        said
    }

    fn means(&self, probe: &Probe, output: &Output) -> Option<Meaning> {
        let mut answers = probe.answers.iter();
        let values = &self.samples.values;
        answers.find(|answer| holds(&answer.expect, output, values)).map(|answer| answer.means)
    }

    fn judge(&self, step: &Step, output: &Output) -> Result<BTreeMap<String, String>, String> {
        let wait = match &step.act {
            Act::Wait(wait) => Some(wait),
            _ => None,
        };
        let by_exit =
            step.expect.iter().any(|expect| matches!(expect.select.by, Selector::Exit(_)));
        if !output.status.success() && !by_exit && (wait.is_some() || step.expect.is_empty()) {
            return Err("exit 0".to_owned());
        }
        let mut values = self.samples.values.clone();
        let found = of_captures(&step.capture, output)?;
        values.extend(found.clone());
        if let Some(fail) = wait.and_then(|wait| wait.fail.as_ref())
            && holds(fail, output, &values)
        {
            return Err("not what ends the wait".to_owned());
        }
        let until = wait.map(|wait| &wait.until);
        match step.expect.iter().chain(until).find(|expect| !holds(expect, output, &values)) {
            Some(expect) => Err(expect.select.to_string()),
            None => Ok(found),
        }
    }
}

fn of_captures(captures: &[Capture], output: &Output) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    for capture in captures {
        match captured(capture, output) {
            Some(value) => _ = found.insert(capture.name.value.clone(), value),
            None if capture.optional || capture.default.is_some() => {}
            None => return Err(format!("{} to capture", capture.name)),
        }
    }
    Ok(found)
}

impl Said {
    /// It gave what its step expects. Returns what it said.
    pub fn passes(&self) -> String {
        self.passes_with(0)
    }

    /// It gave what its step expects, with this exit code. Returns what it said.
    pub fn passes_with(&self, code: i32) -> String {
        assert!(self.passed.is_ok(), "{} wants {:?}: {}", self.name, self.passed, self.text());
        assert_eq!(self.output.status.code(), Some(code), "{}: {}", self.name, self.text());
        self.text()
    }

    /// It would be asked again: it ran well and has not seen what it waits for.
    pub fn is_waiting(&self) -> bool {
        assert!(self.output.status.success(), "{}: {}", self.name, self.text());
        self.passed.is_err()
    }

    /// It ended with an error, and nothing that it said passes for success. Returns what it said.
    pub fn fails(&self) -> String {
        assert!(!self.output.status.success(), "{} passes: {}", self.name, self.text());
        assert!(self.means != Some(Meaning::Done), "{} says done: {}", self.name, self.text());
        let read_as_passed =
            self.means.is_none() && !self.name.contains('/') && self.passed.is_ok();
        assert!(!read_as_passed, "{} is read as passed: {}", self.name, self.text());
        self.text()
    }

    /// It did its work, and its step does not go on with what it found. Returns what it said.
    pub fn is_not_enough(&self) -> String {
        assert!(self.passed.is_err(), "{} passes: {}", self.name, self.text());
        self.text()
    }

    /// What it said.
    pub fn text(&self) -> String {
        said(&self.output)
    }

    /// The runbook knows what went wrong, in these words.
    pub fn is_known_as(&self, words: &str) {
        assert!(self.known.iter().any(|means| means.contains(words)), "{:?}", self.known);
    }
}

/// Runs a command once for each call that it makes of `az`, with that call refused: it ends with an error, and nothing
/// passes for done. Refusals of the `borne` commands are the ones that it goes on after.
pub fn refused_at_every_call(mut desk: Desk, name: &str, borne: &[&str]) {
    let picture = desk.picture();
    let before = desk.asked();
    desk.run(name);
    let calls = desk.asked();
    assert!(calls > before, "{name} asks az nothing");
    for refused in before + 1..=calls {
        desk.lay_out(&picture);
        desk.change(|state| state["refuse"] = json!(refused));
        let said = desk.run(name);
        let command = desk.state()["asked"][refused - 1].as_str().unwrap().to_owned();
        if borne.contains(&command.as_str()) {
            assert!(said.output.status.success(), "{name} without `{command}`: {}", said.text());
            continue;
        }
        let text = said.fails();
        assert!(text.contains("InternalServerError"), "{name} hides why: {text}");
    }
}

/// A desk as it was at one moment.
struct Picture {
    state: Value,
    values: Values,
    files: Vec<(PathBuf, Vec<u8>)>,
}
