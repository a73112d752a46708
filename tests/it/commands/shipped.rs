//! The runbooks of this repository, read by the program's own parser.

use crate::support::program;
use rutter::runbook::model::Runbook;
use rutter::runbook::parse;
use rutter::runbook::place::Source;
use rutter::runbook::scenario::{Output, Response, Scenario};
use std::fs;
use std::path::{Path, PathBuf};

/// A runbook with its scenarios.
pub struct Shipped {
    /// `system/name`.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Itself.
    pub runbook: Runbook,
    /// The worlds it is rehearsed in.
    pub scenarios: Vec<Scenario>,
}

/// Every runbook in the repository.
pub fn all() -> Vec<Shipped> {
    let root = root();
    let mut found: Vec<PathBuf> = program::files(&root);
    found.retain(|path| path.ends_with("runbook.yaml"));
    found.sort();
    assert!(found.len() >= 3, "{found:?}");
    found.iter().map(|path| read(path.parent().unwrap(), &root)).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks")
}

/// The runbook of this name.
pub fn one(name: &str) -> Shipped {
    let root = root();
    read(&root.join(name), &root)
}

fn read(folder: &Path, root: &Path) -> Shipped {
    let name = folder.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let runbook = parse::parse(&source(&folder.join("runbook.yaml"))).expect(&name);
    let mut scenarios: Vec<PathBuf> = program::files(&folder.join("scenarios"));
    scenarios.retain(|path| path.extension().is_some_and(|kind| kind == "yaml"));
    scenarios.sort();
    let scenario = |path: &PathBuf| parse::scenario::parse(&source(path)).expect(&name);
    let scenarios = scenarios.iter().map(scenario).collect();
    Shipped { name, folder: folder.to_owned(), runbook, scenarios }
}

fn source(path: &Path) -> Source {
    Source::new(path.to_str().unwrap(), fs::read_to_string(path).unwrap())
}

impl Shipped {
    /// The shell scripts beside it, by name.
    pub fn scripts(&self) -> Vec<(String, String)> {
        let mut paths = program::files(&self.folder);
        paths.retain(|path| path.extension().is_some_and(|kind| kind == "sh"));
        paths.sort();
        let name = |path: &Path| path.strip_prefix(&self.folder).unwrap().display().to_string();
        paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
    }

    /// What its scenarios have a command say, as written.
    pub fn answers(&self, command: &str) -> Vec<String> {
        let named = |scenario: &Scenario| {
            let steps = scenario.steps.iter().filter(|(name, _)| name.value == command);
            steps.flat_map(|(_, responses)| responses.clone()).collect::<Vec<_>>()
        };
        let responses = self.scenarios.iter().flat_map(named);
        let with_polls = |response: Response| {
            let polls = response.polls.clone();
            [response].into_iter().chain(polls)
        };
        responses.flat_map(with_polls).filter_map(|response| self.output(&response)).collect()
    }

    fn output(&self, response: &Response) -> Option<String> {
        match &response.output {
            Output::None => None,
            Output::Text(text) => Some(text.value.clone()),
            Output::File(name) => {
                Some(fs::read_to_string(self.folder.join("scenarios").join(&name.value)).unwrap())
            }
        }
    }
}
