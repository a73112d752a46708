//! What a well-formed runbook may still get wrong: findings of meaning.
//!
//! | code | says |
//! |---|---|
//! | RL001 | a script's variable that carries no value (error) |
//! | RL002 | a script's variable that carries one only later (error) |
//! | RL003 | a value that nothing uses |
//! | RL004 | a value captured on some paths, used on others |
//! | RL006 | a value that may begin with `-` as a word of its own |
//! | RL013 | a phase or step that no path reaches |
//! | RL014 | a decision that decides nothing |
//! | RL020 | a hazard that looks too low for what is done |
//! | RL021 | a change without a probe |
//! | RL022 | a capture needed later, which only a step's own output holds |
//! | RL030 | more than nine steps in a phase |
//! | RL031 | a line wider than 76 columns |
//! | RL032 | a runbook without a scenario |
//! | RL033 | a review that is missing, ahead of time or out of date |
//! | RL034 | a name that is not its folder's or file's (error; found where files are) |
//! | RL035 | a file that is named and not there (error) |
//! | RL040–RL046 | shell text in which a value becomes something else than a word |
//! | SC010–SC014 | a scenario that does not fit its runbook |

mod branches;
mod captures;
mod effects;
mod files;
mod names;
mod rehearsed;
mod shape;
mod shell;
mod upkeep;
mod walk;
mod words;

use super::findings::Findings;
use super::model::Runbook;
use super::place::{Finding, Source};
use super::scenario::Scenario;
use chrono::NaiveDate;

/// What lies beside a runbook, and the day it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Its scenarios.
    pub scenarios: &'a [(Source, Scenario)],
    /// Its other files that are text: scripts, SQL.
    pub files: &'a [Source],
    /// The paths of all its files inside its folder. A lone file has no other: what lies around it is not pinned.
    pub names: &'a [String],
    /// Today, for reviews that go out of date; `None` leaves that out.
    pub today: Option<NaiveDate>,
}

/// Looks for mistakes of meaning in a runbook that was read without errors, and in what lies beside it.
pub fn lint(runbook: &Runbook, source: &Source, beside: &Beside<'_>) -> Vec<Finding> {
    let mut findings = Findings::new(source);
    let view = walk::View::of(runbook, source, beside.files);
    names::check(&view, &mut findings);
    captures::check(&view, &mut findings);
    words::check(&view, &mut findings);
    branches::check(&view, &mut findings);
    effects::check(&view, &mut findings);
    shape::check(&view, &mut findings);
    shell::check(&view, &mut findings);
    upkeep::check(&view, beside, &mut findings);
    rehearsed::unanswered(&view, beside.scenarios, &mut findings);
    files::check(&view, beside.names, &mut findings);
    let mut all = findings.into_sorted();
    for (source, scenario) in beside.scenarios {
        let mut findings = Findings::new(source);
        rehearsed::check(&view, scenario, &mut findings);
        files::check_scenario(scenario, beside.names, &mut findings);
        all.extend(findings.into_sorted());
    }
    for file in beside.files.iter().filter(|file| shell::is_script(file)) {
        let mut findings = Findings::new(file);
        shell::check_file(file, &view, &mut findings);
        all.extend(findings.into_sorted());
    }
    all
}

#[cfg(test)]
mod tests;
