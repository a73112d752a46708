//! One runbook's commands, run for real in the order of the procedure, each step twice with its way back between.

use super::calls;
use super::cloud::{COPY, Cloud, SOURCE};
use super::samples::Samples;
use super::shipped::Shipped;
use super::trial::{Trial, captured, holds};
use crate::support::program::said;
use rutter::runbook::model::{Act, Call, Capture, Failure, Hazard, Meaning, Probe, Step};
use rutter::runbook::resolve::{Resolved, ResolvedProgram, ResolvedStdin};
use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

/// Programs that reach a database.
const REACHING: [&str; 9] = [
    "psql",
    "pg_dump",
    "pg_dumpall",
    "pg_restore",
    "vacuumdb",
    "createdb",
    "dropdb",
    "reindexdb",
    "pg_isready",
];
/// What one run of a runbook's commands has seen.
#[derive(Default)]
struct Seen {
    commands: Vec<String>,
    lines: usize,
    files: Vec<String>,
}

/// One runbook before its servers.
pub struct Bench<'a> {
    shipped: &'a Shipped,
    /// The servers, and what is around them.
    pub cloud: Cloud,
    /// What stands for the values of a run.
    pub samples: Samples,
    /// What commands are run with.
    pub trial: Trial,
    seen: Seen,
    /// What both servers held after the last command.
    picture: String,
    /// Steps whose expectation needs something that is not here. They run all the same.
    pub lonely: &'static [&'static str],
    /// Everything that the stand-in for `az` knows is run as well, so that each step finds what those before it left.
    with_cloud: bool,
}

impl<'a> Bench<'a> {
    /// Puts a runbook before servers. `known` are values that a person would give.
    pub fn new(
        shipped: &'a Shipped,
        cloud: Cloud,
        known: &[(&str, String)],
        with_cloud: bool,
    ) -> Self {
        let folder = cloud.folder();
        let mut samples = Samples::of(shipped, &folder).unwrap();
        for (name, value) in known {
            samples.values.insert((*name).to_owned(), value.clone());
        }
        samples.derive(shipped);
        let trial = Trial { environment: cloud.environment(), secrets: BTreeMap::new(), folder };
        let seen = Seen::default();
        let picture = String::new();
        Self { shipped, cloud, samples, trial, seen, picture, lonely: &[], with_cloud }
    }

    /// Runs its commands. Whatever does not fit panics, naming the command.
    pub fn walk(&mut self) {
        let shipped = self.shipped;
        let calls = calls::of(&shipped.runbook);
        for named in calls.iter().filter(|named| named.name.starts_with("secret ")) {
            let output = self.run(&named.name, &named.call);
            let secret = named.name["secret ".len()..].to_owned();
            let text = String::from_utf8(output.stdout).unwrap();
            self.trial.secrets.insert(secret, text.trim_end_matches('\n').to_owned());
        }
        self.picture = self.look();
        for named in calls.iter().filter(|named| named.name.ends_with("/discover")) {
            if self.wanted(&named.call) {
                self.read(&named.name, &named.call);
            }
        }
        for step in calls::steps(&shipped.runbook) {
            self.samples.derive(shipped);
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        let id = step.id.as_str();
        if let Act::Decide(decide) = &step.act {
            for (index, question) in decide.ladder.iter().enumerate() {
                let name = format!("{id}/q{}", index + 1);
                if let Some(check) = &question.check
                    && self.wanted(&check.call)
                {
                    let output = self.read(&name, &check.call);
                    let mut suggests = check.suggests.iter();
                    let any =
                        suggests.any(|(expect, _)| holds(expect, &output, &self.samples.values));
                    assert!(any, "{name} suggests nothing: {}", said(&output));
                }
            }
        }
        let probe = step.probe.as_ref().filter(|probe| self.wanted(&probe.call));
        let main = match &step.act {
            Act::Call(call) => call,
            Act::Wait(wait) => &wait.call,
            Act::Manual(_) | Act::Decide(_) => return,
        };
        if !self.wanted(main) {
            if let Some(probe) = probe {
                self.probe(id, probe, None);
            }
            return;
        }
        self.act(id, step, main);
        if let Some(probe) = probe {
            self.probe(id, probe, Some(Meaning::Done));
        }
        if let Some(undo) = &step.undo
            && let Act::Call(back) = &undo.act
            && self.wanted(back)
        {
            let output = self.run(&format!("{id}/undo"), back);
            assert!(output.status.success(), "{id}/undo: {}", said(&output));
            self.picture = self.look();
            if let Some(probe) = probe {
                self.probe(id, probe, Some(Meaning::NotStarted));
            }
            self.act(id, step, main);
        }
    }

    /// The step itself: what it says has to fit what is expected and captured. A known failure is mended by its fix,
    /// once.
    fn act(&mut self, id: &str, step: &Step, call: &Call) {
        let Err((output, expect)) = self.attempt(id, step, call) else { return };
        let said = said(&output);
        let known =
            |failure: &&Failure| regex::Regex::new(&failure.pattern).unwrap().is_match(&said);
        let fix = step.failures.iter().find(known).and_then(|failure| failure.fix.as_ref());
        let fixes = &self.shipped.runbook.fixes;
        let fix = fix.and_then(|fix| fixes.iter().find(|step| step.id.value == fix.value));
        let Some(fix) = fix else { panic!("{} {id} expects {expect}: {said}", self.shipped.name) };
        self.step(fix);
        if let Err((output, expect)) = self.attempt(id, step, call) {
            panic!("{id} expects {expect}, also after {}: {}", fix.id.value, self::said(&output));
        }
    }

    fn attempt(&mut self, id: &str, step: &Step, call: &Call) -> Result<(), (Output, String)> {
        let output =
            if step.hazard == Hazard::Read { self.read(id, call) } else { self.run(id, call) };
        if step.hazard > Hazard::Read {
            self.picture = self.look();
        }
        let until = match &step.act {
            Act::Wait(wait) => Some(&wait.until),
            _ => None,
        };
        let expects = step.expect.iter().chain(until).filter(|_| !self.lonely.contains(&id));
        let expects: Vec<_> = expects.collect();
        if expects.is_empty() && !output.status.success() {
            return Err((output, "exit 0".to_owned()));
        }
        // A condition may need what this very step captures.
        let mut values = self.samples.values.clone();
        let found = step.capture.iter().filter_map(|one| Some((one, captured(one, &output)?)));
        values.extend(found.map(|(one, value)| (one.name.value.clone(), value)));
        if let Some(expect) = expects.iter().find(|expect| !holds(expect, &output, &values)) {
            return Err((output, expect.select.to_string()));
        }
        self.keep(id, &step.capture, &output);
        Ok(())
    }

    fn keep(&mut self, id: &str, captures: &[Capture], output: &Output) {
        for capture in captures {
            match captured(capture, output) {
                Some(value) => _ = self.samples.values.insert(capture.name.value.clone(), value),
                None => assert!(
                    capture.optional || capture.default.is_some(),
                    "{id} captures no {}: {}",
                    capture.name,
                    said(output)
                ),
            }
        }
        self.samples.derive(self.shipped);
    }

    fn probe(&mut self, id: &str, probe: &Probe, wanted: Option<Meaning>) {
        let name = format!("{id}/probe");
        let output = self.read(&name, &probe.call);
        let mut answers = probe.answers.iter();
        let answer = answers.find(|answer| holds(&answer.expect, &output, &self.samples.values));
        let means = answer.map(|answer| answer.means);
        assert!(means.is_some(), "{name} answers nothing: {}", said(&output));
        if wanted.is_some() {
            assert_eq!(means, wanted, "{name}: {}", said(&output));
        }
        if means == Some(Meaning::Done) {
            self.keep(&name, &probe.capture, &output);
        }
    }

    /// Runs what only reads, and holds it to that.
    fn read(&mut self, name: &str, call: &Call) -> Output {
        let output = self.run(name, call);
        let now = self.look();
        let parting = self.picture.lines().zip(now.lines()).find(|(before, now)| before != now);
        assert!(self.picture == now, "{name} only reads, and has changed {parting:?}");
        output
    }

    fn run(&mut self, name: &str, call: &Call) -> Output {
        let resolved = self.samples.resolve(call).expect(name);
        self.count(name, &resolved);
        let output = self.trial.run(&resolved);
        // What fails says so with its exit, and is judged by that. An error that passes for success is never right.
        let errors = String::from_utf8_lossy(&output.stderr);
        let broken =
            errors.lines().find(|line| output.status.success() && line.contains("ERROR: "));
        assert_eq!(
            broken,
            None,
            "{} {name}: {}\n{}",
            self.shipped.name,
            resolved.shown,
            said(&output)
        );
        output
    }

    fn count(&mut self, name: &str, resolved: &Resolved) {
        let text = self.text(resolved);
        self.seen.lines += reaching(&text);
        self.seen.commands.push(name.to_owned());
        // A script may be told by a word which of its files it is to run.
        let told = |file: &str| {
            let ResolvedProgram::Words(words) = &resolved.program else { return false };
            text.contains("sql/$") && words.iter().any(|word| file == format!("{word}.sql"))
        };
        let names = self.sql_files().into_iter();
        let names = names.filter(|file| text.contains(file.as_str()) || told(file));
        let names: Vec<_> = names.collect();
        self.seen.files.extend(names);
    }

    /// The names of all SQL files beside the runbook.
    fn sql_files(&self) -> Vec<String> {
        let files = fs::read_dir(self.shipped.folder.join("sql")).into_iter().flatten().flatten();
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Everything that a command is made of: its words, its script, the files of the runbook that it names, and those
    /// that they name.
    fn text(&self, resolved: &Resolved) -> String {
        let mut text = match &resolved.program {
            ResolvedProgram::Words(words) => words.join(" "),
            ResolvedProgram::Script { text, .. } => text.clone(),
        };
        if let ResolvedStdin::File(path) = &resolved.stdin {
            text.push(' ');
            text.push_str(path);
        }
        for _ in 0..3 {
            let scripts = self.shipped.scripts();
            let sql = self.sql_files();
            let sql = sql.iter().map(|name| {
                let path = self.shipped.folder.join("sql").join(name);
                (name.clone(), fs::read_to_string(path).unwrap())
            });
            for (name, inner) in scripts.into_iter().chain(sql) {
                if text.contains(&name) && !text.contains(&inner) {
                    text.push('\n');
                    text.push_str(&inner);
                }
            }
        }
        text
    }

    fn wanted(&self, call: &Call) -> bool {
        let resolved = self.samples.resolve(call).unwrap();
        let text = self.text(&resolved);
        let known =
            !["npx ", "curl ", "redis-cli", "terraform"].iter().any(|other| text.contains(other));
        reaching(&text) > 0 || self.with_cloud && known
    }

    fn look(&self) -> String {
        let mut picture = self.cloud.servers.picture(SOURCE);
        if self.cloud.state()["restore"]["runs"] == true {
            picture.push_str(&self.cloud.servers.picture(COPY));
        }
        picture
    }

    /// Says what was run, and that no SQL file was left out.
    pub fn told(&self) {
        let left: Vec<_> =
            self.sql_files().into_iter().filter(|file| !self.seen.files.contains(file)).collect();
        let mut files = self.seen.files.clone();
        files.sort();
        files.dedup();
        println!(
            "{}: {} commands, {} lines that reach a database, {} SQL files",
            self.shipped.name,
            self.seen.commands.len(),
            self.seen.lines,
            files.len(),
        );
        assert!(left.is_empty(), "no command of {} has used {left:?}", self.shipped.name);
    }
}

/// How often a text begins a program that reaches a database.
pub fn reaching(text: &str) -> usize {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let words = text.lines().filter(|line| !line.trim_start().starts_with(['#', '-']));
    words.flat_map(|line| line.split(|c| !word(c))).filter(|word| REACHING.contains(word)).count()
}
