//! What a well-formed runbook may still get wrong: findings of meaning. [`CODES`] says what each code stands for.

mod branches;
mod captures;
mod choices;
mod command_line;
mod effects;
mod files;
mod names;
mod rehearsed;
mod shape;
mod shell;
mod tools;
mod upkeep;
mod verbs;
mod walk;
mod words;

use super::findings::Findings;
use super::model::Runbook;
use super::place::{Finding, Source};
use super::scenario::Scenario;
use chrono::NaiveDate;

/// What each code stands for, as `rutter help findings` prints it.
pub const CODES: [(&str, &str); 48] = [
    ("RL001", "a script's variable that carries no value (error)"),
    ("RL002", "a script's variable that carries one only later (error)"),
    ("RL003", "a value that nothing uses"),
    ("RL004", "a value captured on some paths and used on others"),
    ("RL006", "a value that may begin with `-` as a word of its own"),
    ("RL013", "a phase or step that no path reaches"),
    ("RL014", "a decision that decides nothing"),
    ("RL020", "a hazard that looks too low for what is done, also by a script"),
    ("RL021", "a change without a probe"),
    ("RL022", "a capture needed later, which only a step's own output holds"),
    ("RL030", "more than nine steps in a phase"),
    ("RL031", "a line wider than 76 columns"),
    ("RL032", "a runbook without a scenario"),
    ("RL033", "a review that is missing, ahead of time or out of date"),
    ("RL034", "a name that is not its folder's or file's (error)"),
    ("RL035", "a file that is named and not there (error)"),
    ("RL036", "another runbook that is not there or does not fit (error)"),
    ("RL040", "a value without quotes in a script"),
    ("RL041", "`eval`"),
    ("RL042", "a value inside text for another shell"),
    ("RL043", "a value in arithmetic"),
    ("RL044", "a value compared as a number in `[[ … ]]`"),
    ("RL045", "a pipeline without pipefail"),
    ("RL046", "a value inside text of another language"),
    ("RL047", "`sh` for a script that needs bash"),
    ("RL050", "`az … wait` trusted by its exit"),
    ("RL051", "`curl` without `--fail`"),
    ("RL052", "`curl` that takes any certificate"),
    ("RL053", "`psql` without ON_ERROR_STOP"),
    ("RL054", "`pg_restore --list` as a proof"),
    ("RL055", "a restore of a server without its moment"),
    ("RL056", "a restore of blobs without a range"),
    ("RL057", "`--assignee` in a role assignment"),
    ("RL058", "revisions listed without the inactive ones"),
    ("RL059", "`--max-replicas 0`"),
    ("RL060", "`terraform apply` of what nobody has seen"),
    ("RL061", "an upload that may replace another"),
    ("RL062", "a command that prints a secret"),
    ("RL063", "a secret among the words of a command"),
    ("SC010", "a command that no scenario answers"),
    ("SC011", "an answer to no command (error)"),
    ("SC012", "`polls` where nothing waits, or with conditions of their own (error)"),
    ("SC013", "a scenario beside the wrong runbook (error)"),
    ("SC014", "a value or a part of the world that does not fit (error)"),
    ("AN001", "an unknown key in an answers file (error)"),
    ("AN002", "an answer that cannot be read (error)"),
    ("SC00…", "a scenario that cannot be read as it is written (error)"),
    ("RB…", "a runbook that cannot be read as it is written (error)"),
];

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
    choices::check(&view, &mut findings);
    words::check(&view, &mut findings);
    branches::check(&view, &mut findings);
    effects::check(&view, &mut findings);
    shape::check(&view, &mut findings);
    shell::check(&view, &mut findings);
    tools::check(&view, &mut findings);
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
        tools::check_file(file, &mut findings);
        all.extend(findings.into_sorted());
    }
    all
}

#[cfg(test)]
mod tests;
