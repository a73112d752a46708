//! The files a runbook names are there: a script that is missing is found when it is needed, which is too late.

use super::walk::View;
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Program, Stdin};
use crate::runbook::place::{At, Place};
use crate::runbook::scenario::{Output, Scenario};
use crate::runbook::template::{Part, Word};
use crate::runbook::written::Written;
use regex::Regex;
use std::sync::LazyLock;

/// The folder of the runbook in a script, and the path behind it.
static IN_SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$\{?RB_RUNBOOK_DIR\}?/([A-Za-z0-9_][A-Za-z0-9_./-]*)")
        .expect("a pattern written here compiles")
});

/// Checks the files that commands name; `names` are the paths that lie in the runbook's folder.
pub fn check(view: &View<'_>, names: &[String], findings: &mut Findings) {
    for command in &view.commands {
        let call = command.call;
        match &call.program {
            Program::Words(words) => {
                for word in words {
                    in_word(word, names, findings);
                }
            }
            Program::Script { text, .. } => {
                let written = Written::new(text, text.place, view.source);
                for found in IN_SCRIPT.captures_iter(text).filter_map(|found| found.get(1)) {
                    present(found.as_str(), written.at(found.range()), names, findings);
                }
            }
        }
        for (_, word) in &call.env {
            in_word(word, names, findings);
        }
        if let Some(Stdin::File(word)) = &call.stdin {
            in_word(word, names, findings);
            // A relative path lies in the runbook's folder.
            if let [Part::Lit(path)] = &word.parts[..]
                && !path.starts_with('/')
            {
                present(path, word.place, names, findings);
            }
        }
    }
}

/// Checks the files that a scenario takes its outputs from; they lie beside it.
pub fn check_scenario(scenario: &Scenario, names: &[String], findings: &mut Findings) {
    let answers = scenario.steps.iter().flat_map(|(_, answers)| answers);
    for answer in answers.flat_map(|answer| [answer].into_iter().chain(&answer.polls)) {
        if let Output::File(At { value, place }) = &answer.output {
            present(&format!("scenarios/{value}"), *place, names, findings);
        }
    }
}

fn in_word(word: &Word, names: &[String], findings: &mut Findings) {
    if let [Part::Var { name, .. }, Part::Lit(path)] = &word.parts[..]
        && name == "runbook.dir"
        && let Some(path) = path.strip_prefix('/')
    {
        present(path, word.place, names, findings);
    }
}

fn present(path: &str, place: Place, names: &[String], findings: &mut Findings) {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let folder = format!("{path}/");
    if names.iter().any(|name| name == path || name.starts_with(&folder)) {
        return;
    }
    let near = super::names::nearest(path, names.iter().map(String::as_str));
    let says = Says::new(
        format!("there is no file `{path}` beside this runbook"),
        "the command that needs it would fail when it is needed",
        match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Add the file, or mend the path.".to_owned(),
        },
    );
    findings.error("RL035", place, says);
}
