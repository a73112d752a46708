//! The shipped runbooks as they lie on disk, and a rehearsal of every one of their answers files.

use super::bench::records;
use crate::support::program::{Home, said};
use rutter::runbook::model::{Act, EnvironmentRule, Hazard, Runbook};
use rutter::runbook::parse;
use rutter::runbook::place::Source;
use rutter::runbook::scenario::{Scenario, Trouble};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::thread;

/// So many rehearsals at a time: each one starts processes of its own.
const AT_A_TIME: usize = 2;

/// A runbook with its stories and the answers that walk them.
pub struct Book {
    /// Its full name.
    pub name: String,
    /// What it says.
    pub runbook: Runbook,
    /// Its scenarios by name.
    pub scenarios: BTreeMap<String, Scenario>,
    /// Its answers files, each with the scenario its name begins with.
    pub answers: Vec<(String, PathBuf)>,
}

/// One rehearsal by a file.
pub struct Walk {
    /// The runbook's full name.
    pub book: String,
    /// The answers file's name.
    pub file: String,
    /// How the program ended.
    pub code: Option<i32>,
    /// What it said.
    pub said: String,
    /// The facts of its journal.
    pub facts: Vec<Value>,
}

/// Every shipped runbook.
pub static BOOKS: LazyLock<Vec<Book>> = LazyLock::new(books);

/// A rehearsal of every answers file of a scenario, made once for all tests.
pub static WALKS: LazyLock<Vec<Walk>> = LazyLock::new(walks);

fn names(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A file's name up to its first dot.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.split('.').next().unwrap().to_owned()
}

fn read(path: &Path) -> Source {
    Source::new(path.display().to_string(), fs::read_to_string(path).unwrap())
}

fn books() -> Vec<Book> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks");
    let folders = names(&top).into_iter().flat_map(|system| names(&system));
    let folders = folders.filter(|folder| folder.join("runbook.yaml").exists());
    folders.map(|folder| book(&top, &folder)).collect()
}

fn book(top: &Path, folder: &Path) -> Book {
    let source = read(&folder.join("runbook.yaml"));
    let runbook = parse::parse(&source).unwrap_or_else(|found| panic!("{found:#?}"));
    let yaml = |path: &PathBuf| path.extension().is_some_and(|suffix| suffix == "yaml");
    let scenario = |path: PathBuf| {
        let read = parse::scenario::parse(&read(&path)).unwrap_or_else(|found| panic!("{found:?}"));
        (stem(&path), read)
    };
    Book {
        name: folder.strip_prefix(top).unwrap().to_str().unwrap().to_owned(),
        runbook,
        scenarios: names(&folder.join("scenarios"))
            .into_iter()
            .filter(yaml)
            .map(scenario)
            .collect(),
        answers: names(&folder.join("answers")).into_iter().map(|p| (stem(&p), p)).collect(),
    }
}

impl Book {
    /// Whether an answers file of no scenario may be meant: what needs no environment is run for real by a file too.
    pub fn runs_anywhere(&self) -> bool {
        self.runbook.environment == EnvironmentRule::Local
    }

    /// Every outcome of every decision, as `step: outcome`.
    pub fn outcomes(&self) -> BTreeSet<String> {
        let steps = self.runbook.phases.iter().flat_map(|phase| &phase.steps);
        let mut outcomes = BTreeSet::new();
        for step in steps.chain(&self.runbook.fixes) {
            if let Act::Decide(decide) = &step.act {
                let lines = decide.outcomes.iter().map(|one| format!("{}: {}", step.id, one.name));
                outcomes.extend(lines);
            }
        }
        outcomes
    }

    /// Every fix.
    pub fn fixes(&self) -> BTreeSet<String> {
        self.runbook.fixes.iter().map(|fix| fix.id.to_string()).collect()
    }

    /// Whether a scenario loses the contact to a change, and not only to a look.
    pub fn loses_a_change(&self) -> bool {
        let steps = || self.runbook.phases.iter().flat_map(|phase| &phase.steps);
        let steps = || steps().chain(&self.runbook.fixes);
        let changes =
            |id: &str| steps().any(|step| step.id.as_str() == id && step.hazard > Hazard::Read);
        let answers = self.scenarios.values().flat_map(|scenario| &scenario.steps);
        answers.filter(|(key, _)| changes(key)).any(|(_, responses)| {
            responses.iter().any(|response| response.trouble == Some(Trouble::Lost))
        })
    }
}

impl Walk {
    /// What of some kind happened, as `step: what` or the step alone.
    pub fn took(&self, kind: &str, key: Option<&str>) -> impl Iterator<Item = String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let facts = self.facts.iter().filter(move |fact| fact["type"] == kind);
        facts.map(move |fact| match key {
            Some(key) => format!("{}: {}", text(&fact["step"]), text(&fact[key])),
            None => text(&fact["step"]),
        })
    }

    /// As what it closed.
    pub fn closed(&self) -> Option<&str> {
        self.facts.iter().find(|fact| fact["type"] == "run_closed")?["as_"].as_str()
    }

    /// Where it came from, for messages.
    pub fn name(&self) -> String {
        format!("{}/answers/{}", self.book, self.file)
    }
}

fn walks() -> Vec<Walk> {
    let jobs = BOOKS.iter().flat_map(|book| {
        let told = book.answers.iter().filter(|(story, _)| book.scenarios.contains_key(story));
        told.map(move |(story, path)| (book.name.as_str(), story.as_str(), path.as_path()))
    });
    let jobs = Mutex::new(jobs.collect::<Vec<_>>().into_iter());
    let walks = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some((book, story, path)) = jobs.lock().unwrap().next() else { return };
                    let walk = walked(book, story, path);
                    walks.lock().unwrap().push(walk);
                }
            });
        }
    });
    let mut walks = walks.into_inner().unwrap();
    walks.sort_by_key(Walk::name);
    walks
}

fn walked(book: &str, scenario: &str, answers: &Path) -> Walk {
    let home = Home::new();
    let words = ["rehearse", book, "--scenario", scenario, "--no-input", "--answers"];
    let output = home.rutter(words).arg(answers).output().unwrap();
    let records = if home.has_run() { records(&home.run()) } else { Vec::new() };
    let facts = records.iter().flat_map(|record| record["events"].as_array().unwrap().clone());
    Walk {
        book: book.to_owned(),
        file: answers.file_name().unwrap().to_str().unwrap().to_owned(),
        code: output.status.code(),
        said: said(&output),
        facts: facts.collect(),
    }
}
