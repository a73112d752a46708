//! Shell text in which a value becomes something else than a word.
//!
//! Values reach a script as variables, so the shell cannot be talked into running them — unless the script itself asks
//! it to. This looks for the ways in which scripts do that.

pub mod scan;

use super::command_line::Inner;
use super::walk::View;
use super::words::loose_kind;
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Program, Shell};
use crate::runbook::place::{Place, Source};
use crate::runbook::resolve;
use crate::runbook::written::Written;
use scan::{Context, Piece};

/// Programs that read an argument as shell text.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "ksh", "zsh", "su", "ssh", "runuser"];
/// Programs that read an argument as text of another language.
const LANGUAGES: [&str; 9] =
    ["psql", "mysql", "sqlite3", "python", "python3", "perl", "awk", "jq", "node"];

/// Checks all scripts of a runbook.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for command in &view.commands {
        let Program::Script { shell, text } = &command.call.program else { continue };
        let written = Written::new(text, text.place, view.source);
        let place = |range: std::ops::Range<usize>| written.at(range);
        if *shell == Shell::Sh {
            for_bash(text, &place, findings);
        }
        check_text(text, *shell, view, &place, findings);
    }
}

/// Checks the text of another shell among the words of a command. Values in it are judged where they stand.
pub fn check_inner(inner: &Inner, findings: &mut Findings) {
    if inner.pipefail || inner.text.contains("pipefail") {
        return;
    }
    let hides = |piece: &Piece| matches!(piece, Piece::Pipe { harmless: false, .. });
    if scan::pieces(&inner.text).iter().any(hides) {
        let (code, says) = pipeline();
        findings.warning(code, inner.place, says);
    }
}

fn pipeline() -> (&'static str, Says) {
    let says = Says::new(
        "a pipeline without pipefail",
        "only the last command's failure is seen",
        "`sh` has none: write `shell: bash`, in a file `set -euo pipefail` for bash, or put the first output into a file.",
    );
    ("RL045", says)
}

/// Says once what of a script for `sh` only bash knows.
fn for_bash(text: &str, place: &dyn Fn(std::ops::Range<usize>) -> Place, findings: &mut Findings) {
    let Some(range) = scan::only_bash(text) else { return };
    let says = Says::new(
        format!("`{}` in a script for `sh`", &text[range.clone()]),
        "`sh` is another shell on many machines and stops at what it does not know",
        "Write `shell: bash`.",
    );
    findings.warning("RL047", place(range), says);
}

/// Whether a file beside the runbook is a shell script.
pub fn is_script(file: &Source) -> bool {
    let first = file.text.lines().next().unwrap_or_default();
    file.name.rsplit_once('.').is_some_and(|(_, suffix)| suffix == "sh")
        || (first.starts_with("#!") && first.trim_end().ends_with("sh"))
}

/// Checks a shell script that lies beside the runbook. It is started by `run`, with nothing set: what it does when a
/// command in the middle fails is what it sets itself.
pub fn check_file(file: &Source, view: &View<'_>, findings: &mut Findings) {
    let shell = if file.text.contains("pipefail") { Shell::Bash } else { Shell::Sh };
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let place =
        |range: std::ops::Range<usize>| Place { start: byte(range.start), end: byte(range.end) };
    check_text(&file.text, shell, view, &place, findings);
}

fn check_text(
    text: &str,
    shell: Shell,
    view: &View<'_>,
    place: &dyn Fn(std::ops::Range<usize>) -> Place,
    findings: &mut Findings,
) {
    for piece in scan::pieces(text) {
        let says = match &piece {
            Piece::Value { name, context, command, .. } => value(name, *context, command, view),
            Piece::Eval(_) => Some((
                "RL041",
                Says::new(
                    "`eval`",
                    "it reads its arguments as shell text once more",
                    "Call the command directly; a list of words is `\"$@\"`.",
                ),
            )),
            Piece::Pipe { harmless: false, .. } if shell == Shell::Sh => Some(pipeline()),
            Piece::Pipe { .. } | Piece::Bash(_) => None,
        };
        if let Some((code, says)) = says {
            findings.warning(code, place(piece.range()), says);
        }
    }
}

/// Judges one use of a value by where it stands.
fn value(
    name: &str,
    context: Context,
    command: &str,
    view: &View<'_>,
) -> Option<(&'static str, Says)> {
    let shown = format!("`${name}`");
    match context {
        Context::Bare => Some((
            "RL040",
            Says::new(
                format!("{shown} without quotes"),
                "the shell splits it at blanks and expands `*` in it",
                format!("Write `\"${name}\"`."),
            ),
        )),
        Context::Arithmetic => Some((
            "RL043",
            Says::new(
                format!("{shown} in arithmetic"),
                "the shell evaluates it, and `a[$(…)]` runs a command",
                "Compute in the runbook's `values`, or check that it is a number first.",
            ),
        )),
        Context::NumberTest => Some((
            "RL044",
            Says::new(
                format!("{shown} compared as a number in `[[ … ]]`"),
                "the shell evaluates it, and `a[$(…)]` runs a command",
                format!("Write `[ \"${name}\" -eq … ]`, which only compares."),
            ),
        )),
        Context::Quoted if SHELLS.contains(&command) => Some((
            "RL042",
            Says::new(
                format!("{shown} inside shell text for `{command}`"),
                "the second shell reads the value as commands",
                "Hand it over as an argument: `sh -c '… \"$1\" …' sh \"$VALUE\"`.",
            ),
        )),
        Context::Quoted | Context::Heredoc if LANGUAGES.contains(&command) => {
            let def = view.defs.iter().find(|def| resolve::variable(def.name) == name)?;
            let kind = loose_kind(view, def.name, 0)?;
            Some((
                "RL046",
                Says::new(
                    format!("{shown} inside text for `{command}`"),
                    format!(
                        "a {kind} may hold a quote, and what follows it would be read as a command"
                    ),
                    "Give it a type without quotes, or hand it over as an argument or variable (`psql -v`).",
                ),
            ))
        }
        Context::Heredoc if SHELLS.contains(&command) => Some((
            "RL042",
            Says::new(
                format!("{shown} inside shell text for `{command}`"),
                "the second shell reads the value as commands",
                "Quote the end word (`<<'END'`) and hand the value over as an argument.",
            ),
        )),
        Context::Quoted | Context::Heredoc => None,
    }
}
