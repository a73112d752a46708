//! Commands that say less than they seem to: well-known tools whose exit, output or defaults mislead.
//!
//! Each rule here was learned from a procedure that looked right. They look at every command of the runbook and of the
//! shell scripts beside it, and say nothing where a list of words leaves open what will be there.

mod azure;
mod called;
mod postgres;
mod secret;
mod web;

#[cfg(test)]
mod tests;

use super::command_line::{Line, Lines};
use super::shell;
use super::walk::{Command, Role, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Act, Capture, Expect, Program, Selector};
use crate::runbook::place::{Place, Source};
use crate::runbook::value::Kind;
use crate::runbook::written::Written;
use std::ops::Range;

/// What a rule says: its code, the place, and the three sentences.
type Said = (&'static str, Place, Says);

/// What is known of the place in which a command stands.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// Nothing but the exit of the step's last command says whether it went well.
    exit_alone: bool,
    /// Its output is captured as a secret, and masked.
    secret: bool,
}

/// Checks the commands of a runbook.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    called::check(view, findings);
    for command in &view.commands {
        let around = around(command);
        judge_all(&lines_of_command(view, command), around, findings);
    }
}

/// Reads the command lines of a command of the runbook.
pub(super) fn lines_of_command(view: &View<'_>, command: &Command<'_>) -> Lines {
    match &command.call.program {
        Program::Words(words) => Lines::of_words(words),
        Program::Script { text, .. } => {
            let written = Written::new(text, text.place, view.source);
            Lines::of_script(text, &|range| written.at(range))
        }
    }
}

/// Checks a shell script that lies beside the runbook.
pub fn check_file(file: &Source, findings: &mut Findings) {
    let around = Around { exit_alone: true, secret: false };
    judge_all(&lines_of(file), around, findings);
}

/// Reads the commands of a file.
fn lines_of(file: &Source) -> Lines {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let place = |range: Range<usize>| Place { start: byte(range.start), end: byte(range.end) };
    Lines::of_script(&file.text, &place)
}

fn around(command: &Command<'_>) -> Around {
    let Some(step) = command.step.filter(|_| command.role == Role::Main) else {
        return Around::default();
    };
    let by_exit = |expect: &Expect| matches!(expect.select.by, Selector::Exit(_));
    let secret = |capture: &Capture| capture.kind.kind == Kind::Secret;
    Around {
        exit_alone: matches!(step.act, Act::Call(_)) && step.expect.iter().all(by_exit),
        secret: step.capture.iter().any(secret),
    }
}

fn judge_all(lines: &Lines, around: Around, findings: &mut Findings) {
    for line in &lines.lines {
        judge(line, around, findings);
    }
    for inner in &lines.inner {
        shell::check_inner(inner, findings);
    }
}

fn judge(line: &Line, around: Around, findings: &mut Findings) {
    let said = azure::rules(line, around)
        .into_iter()
        .chain(postgres::rules(line))
        .chain(web::rules(line))
        .chain(secret::rules(line, around));
    for (code, place, says) in said {
        findings.warning(code, place, says);
    }
}
