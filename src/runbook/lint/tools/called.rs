//! Scripts beside the runbook, seen from the steps that call them: by the right shell, and with a hazard that fits.

use super::super::command_line::Line;
use super::super::shell::scan;
use super::super::verbs;
use super::super::walk::{Command, Role, View};
use super::lines_of;
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Hazard, Program};
use crate::runbook::place::{Place, Source};
use crate::runbook::template::{Part, Word};
use crate::runbook::written::Written;
use regex::Regex;
use std::sync::LazyLock;

/// How the name of a script ends.
const SCRIPT: &str = ".sh";
/// What scripts do to what they have made themselves, and which says nothing about others.
const OWN: [&str; 2] = ["rm", "remove"];

static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b(?P<shell>sh|bash)\s+)?\x22?\$\{?RB_RUNBOOK_DIR\}?/(?P<path>[\w./-]+\.sh)")
        .expect("a pattern written here compiles")
});

/// One call of a script beside the runbook.
struct Called<'a> {
    command: &'a Command<'a>,
    /// The shell that is named before it.
    shell: Option<String>,
    file: &'a Source,
    place: Place,
}

/// Checks every call.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    let calls: Vec<Called<'_>> = view.commands.iter().flat_map(|c| calls(view, c)).collect();
    for call in &calls {
        wrong_shell(call, findings);
    }
    for file in view.files {
        let callers = || calls.iter().filter(|call| std::ptr::eq(call.file, file));
        // A way back deletes what its own step has made, and nothing else is lost by that.
        if callers().any(|call| call.command.role == Role::Undo) {
            continue;
        }
        // A script with several tasks is called by looks too: what counts is the call that hurts most.
        let Some(worst) = callers().max_by_key(|call| hazard(call.command)) else { continue };
        if hazard(worst.command) < Hazard::Destructive {
            loses_unguarded(worst, findings);
        }
    }
}

fn calls<'a>(view: &'a View<'_>, command: &'a Command<'a>) -> Vec<Called<'a>> {
    let file = |path: &str| {
        let ends = |file: &&Source| *file.name == *path || file.name.ends_with(&format!("/{path}"));
        view.files.iter().find(ends)
    };
    match &command.call.program {
        Program::Words(words) => {
            let called = |(at, word): (usize, &Word)| {
                let [Part::Var { name, .. }, Part::Lit(path)] = &word.parts[..] else {
                    return None;
                };
                let path = path.strip_prefix('/').filter(|path| path.ends_with(SCRIPT))?;
                let file = file(path).filter(|_| name == "runbook.dir")?;
                let shell = at.checked_sub(1).and_then(|before| shell(&words[before]));
                Some(Called { command, shell, file, place: word.place })
            };
            words.iter().enumerate().filter_map(called).collect()
        }
        Program::Script { text, .. } => {
            let written = Written::new(text, text.place, view.source);
            let called = |found: regex::Captures<'_>| {
                let path = found.name("path")?;
                let shell = found.name("shell").map(|shell| shell.as_str().to_owned());
                let place = written.at(path.range());
                Some(Called { command, shell, file: file(path.as_str())?, place })
            };
            BESIDE.captures_iter(text).filter_map(called).collect()
        }
    }
}

fn shell(word: &Word) -> Option<String> {
    match &word.parts[..] {
        [Part::Lit(text)] if text == "sh" || text == "bash" => Some(text.clone()),
        _ => None,
    }
}

/// How much a call may hurt by what its step says.
fn hazard(command: &Command<'_>) -> Hazard {
    match (command.role, command.step) {
        (Role::Main, Some(step)) => step.hazard,
        _ => Hazard::Read,
    }
}

fn wrong_shell(call: &Called<'_>, findings: &mut Findings) {
    let first = call.file.text.lines().next().unwrap_or_default();
    let for_bash = call.file.text.contains("pipefail")
        || (first.starts_with("#!") && first.trim_end().ends_with("bash"))
        || scan::only_bash(&call.file.text).is_some();
    if call.shell.as_deref() != Some("sh") || !for_bash {
        return;
    }
    let says = Says::new(
        "`sh` for a script that needs bash",
        "`sh` is another shell on many machines and stops at what it does not know",
        "Call it with `bash`.",
    );
    findings.warning("RL047", call.place, says);
}

fn loses_unguarded(call: &Called<'_>, findings: &mut Findings) {
    let lines = lines_of(call.file).lines;
    let clients = verbs::clients_among(&lines);
    let Some(word) = lines.iter().find_map(|line| losing(line, clients)) else { return };
    let hazard = hazard(call.command);
    let says = Says::new(
        format!("the hazard is `{hazard}`, and this script has `{word}`"),
        "the guard before a step depends on its hazard, also when a script does the work",
        "Write `hazard: destructive` with what it asks for: the target is typed then.",
    );
    findings.warning("RL020", call.place, says);
}

/// The word of a command that says that something is lost.
fn losing(line: &Line, clients: bool) -> Option<String> {
    if line.program() == "dropdb" {
        return Some("dropdb".to_owned());
    }
    let (hazard, word, _) = verbs::of_line(line, clients)?;
    (hazard == Hazard::Destructive && !OWN.contains(&word.as_str())).then_some(word)
}
