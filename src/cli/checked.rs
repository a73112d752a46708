//! A runbook from the library with everything that can be said against it.

use super::elsewhere;
use super::library::{Entry, Library};
use crate::runbook::lint::{self, Beside};
use crate::runbook::model::Runbook;
use crate::runbook::parse;
use crate::runbook::place::{Finding, Severity, Source};
use crate::runbook::scenario::Scenario;
use crate::runbook::tree;
use chrono::NaiveDate;

/// A runbook that was read and looked at.
#[derive(Debug)]
pub struct Checked {
    /// Everything that was found, file by file.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Reads a runbook and everything beside it, and looks at all of it.
    pub fn of(entry: &Entry, library: &Library, today: Option<NaiveDate>) -> Self {
        let mut findings = Vec::new();
        let mut scenarios: Vec<(Source, Scenario)> = Vec::new();
        let mut beside: Vec<Source> = Vec::new();
        for (source, bytes) in entry.beside() {
            let text = tree::decode(&source, bytes);
            if Entry::is_scenario(&source) {
                match text.map_err(|finding| vec![*finding]).and_then(|source| {
                    parse::scenario::parse(&source).map(|scenario| (source, scenario))
                }) {
                    Ok(scenario) => scenarios.push(scenario),
                    Err(found) => findings.extend(found),
                }
            } else if let Ok(text) = text {
                beside.push(text);
            }
        }
        let runbook = match entry.runbook() {
            Ok(runbook) => runbook,
            Err(mut found) => {
                found.append(&mut findings);
                return Self { findings: found };
            }
        };
        let names: Vec<String> = entry.files.iter().map(|(path, _)| path.clone()).collect();
        let around = Beside { scenarios: &scenarios, files: &beside, names: &names, today };
        let mut found = name_of(entry, &runbook);
        found.extend(elsewhere::check(entry, &runbook, library));
        found.extend(lint::lint(&runbook, &entry.source, &around));
        found.append(&mut findings);
        Self { findings: found }
    }

    /// Counts errors and warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|f| f.severity == Severity::Error).count();
        (errors, self.findings.len() - errors)
    }
}

/// A runbook is found by its folder and called by its name: they have to be the same.
fn name_of(entry: &Entry, runbook: &Runbook) -> Vec<Finding> {
    let short = entry.short_name();
    if runbook.name.value == short {
        return Vec::new();
    }
    vec![Finding {
        code: "RL034",
        severity: Severity::Error,
        source: entry.source.clone(),
        place: runbook.name.place,
        what: format!("the name `{}` in the place of `{short}`", runbook.name),
        why: "it is found by its folder or file and called by its name".to_owned(),
        next: format!("Write `name: {short}`, or rename the folder or file."),
    }]
}
