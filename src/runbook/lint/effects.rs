//! What a step does to the world: is its hazard as high as its verbs, and can it be told whether it happened?

use super::walk::{Command, Role, Sort, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Act, Hazard, Program, Step};
use crate::runbook::place::Place;
use crate::runbook::template::{Part, Word};
use regex::Regex;
use std::sync::LazyLock;

/// Programs that lose something, whatever their arguments.
const LOSING_PROGRAMS: [&str; 10] =
    ["rm", "rmdir", "unlink", "shred", "dd", "mkfs", "wipefs", "dropdb", "dropuser", "truncate"];
/// Programs that change something, whatever their arguments.
const CHANGING_PROGRAMS: [&str; 16] = [
    "mkdir",
    "touch",
    "cp",
    "mv",
    "ln",
    "chmod",
    "chown",
    "tee",
    "kill",
    "pkill",
    "killall",
    "install",
    "createdb",
    "createuser",
    "pg_restore",
    "rsync",
];
/// Words that lose something where they stand as a subcommand: `az … delete`, `terraform destroy`.
const LOSING_VERBS: [&str; 10] = [
    "delete",
    "drop",
    "purge",
    "destroy",
    "remove",
    "rm",
    "flushall",
    "flushdb",
    "uninstall",
    "delete-batch",
];
/// Words that change something where they stand as a subcommand.
const CHANGING_VERBS: [&str; 20] = [
    "create",
    "update",
    "set",
    "start",
    "stop",
    "restart",
    "restore",
    "apply",
    "scale",
    "patch",
    "import",
    "upload",
    "upload-batch",
    "recover",
    "undelete",
    "rollback",
    "promote",
    "failover",
    "revoke",
    "grant",
];
/// Programs whose arguments are subcommands. For others, `create` may be a file's name.
const WITH_SUBCOMMANDS: [&str; 14] = [
    "az",
    "kubectl",
    "terraform",
    "tofu",
    "helm",
    "docker",
    "podman",
    "systemctl",
    "service",
    "redis-cli",
    "gh",
    "git",
    "aws",
    "pg_ctl",
];

static LOSING_SQL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(drop\s+(table|database|schema|index|view|role|user|extension|function)|truncate\s+(table\s+)?\w|delete\s+from\s)",
    )
});
static CHANGING_SQL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(insert\s+into\s|update\s+\w+\s+set\s|alter\s+(table|database|system|role)\s|create\s+(table|database|role|index)\s)",
    )
});
/// A command at the start of a line, behind an operator, or behind a word that runs another.
static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?m)(?:^|[;&|({`])\s*",
        r"(?:(?:!|if|then|do|else|elif|while|until|sudo|exec|xargs|nohup|command)\s+)*",
        r"(?P<name>[A-Za-z][\w.+-]*)(?P<rest>[^\n;|&]*)",
    ))
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern written here compiles")
}

/// Checks hazards and probes.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for command in &view.commands {
        hazard_of(view, command, findings);
    }
    for stop in &view.stops {
        probe_of(stop.step, findings);
    }
}

fn probe_of(step: &Step, findings: &mut Findings) {
    let acts = matches!(step.act, Act::Call(_) | Act::Wait(_));
    if acts && step.hazard > Hazard::Read && step.probe.is_none() {
        let says = Says::new(
            format!("step `{}` changes something and has no `probe`", step.id),
            "if its end is not seen, only a person can find out whether it happened",
            "Add `probe: {run: …, answers: [{…, means: done}, {…, means: not_started}]}`.",
        );
        findings.warning("RL021", step.id.place, says);
    }
}

/// How much a command looks as if it could hurt, and the word that says so.
fn hazard_of(view: &View<'_>, command: &Command<'_>, findings: &mut Findings) {
    let (written, which) = match (command.role, command.step) {
        (Role::Main, Some(step)) => (step.hazard, "hazard"),
        (Role::Undo, Some(step)) => match &step.undo {
            Some(undo) => (undo.hazard, "hazard of the undo"),
            None => return,
        },
        // Checks, probes, evidence and discoveries are read-only by what they are.
        _ => (Hazard::Read, "hazard of a check"),
    };
    let found = match &command.call.program {
        Program::Words(words) => of_words(view, words),
        Program::Script { text, .. } => of_script(view, text, text.place),
    };
    let Some((least, word, place)) = found.filter(|(least, ..)| *least > written) else { return };
    let says = Says::new(
        format!("the {which} is `{written}`, and `{word}` looks like `{least}`"),
        "the guard before a step depends on its hazard",
        match (command.role, command.step) {
            (Role::Main | Role::Undo, Some(_)) => {
                format!("Write `hazard: {least}` with what it asks for.")
            }
            _ => "Look without changing anything, or make this a step.".to_owned(),
        },
    );
    findings.warning("RL020", place, says);
}

type Found = (Hazard, String, Place);

fn of_words(view: &View<'_>, words: &[Word]) -> Option<Found> {
    let texts: Vec<Option<String>> = words.iter().map(literal).collect();
    let program = texts.first()?.as_deref()?;
    let program = program.rsplit('/').next().unwrap_or(program);
    let place = words.first()?.place;
    let operands = || words[1..].iter().filter(|word| !starts_with_dash(word));
    let own = || operands().count() > 0 && operands().all(|word| lies_in_run(view, word));
    let mut worst: Option<Found> = None;
    let mut take = |hazard: Hazard, word: &str, place: Place| {
        if worst.as_ref().is_none_or(|(known, ..)| hazard > *known) {
            worst = Some((hazard, word.to_owned(), place));
        }
    };
    if LOSING_PROGRAMS.contains(&program) && !own() {
        take(Hazard::Destructive, program, place);
    } else if CHANGING_PROGRAMS.contains(&program) && !own() {
        let words = || texts.iter().skip(1).flatten().map(String::as_str);
        if !reads_an_archive(program, words()) {
            take(Hazard::Change, program, place);
        }
    }
    for (word, text) in words.iter().zip(&texts) {
        let Some(text) = text else { continue };
        if LOSING_SQL.is_match(text) {
            take(Hazard::Destructive, text, word.place);
        } else if CHANGING_SQL.is_match(text) {
            take(Hazard::Change, text, word.place);
        }
    }
    if WITH_SUBCOMMANDS.contains(&program) {
        for (word, text) in words.iter().zip(&texts).skip(1) {
            // Options and their arguments are not subcommands: the first option ends the search.
            let Some(text) = text.as_deref().filter(|text| !text.starts_with('-')) else { break };
            if LOSING_VERBS.contains(&text.to_lowercase().as_str()) {
                take(Hazard::Destructive, text, word.place);
            } else if CHANGING_VERBS.contains(&text) && !is_a_look(program, &texts) {
                take(Hazard::Change, text, word.place);
            }
        }
    }
    worst
}

/// Whether this is a `pg_restore` that lists an archive or reads it to a file: it touches no database.
fn reads_an_archive<'a>(program: &str, mut words: impl Iterator<Item = &'a str>) -> bool {
    program == "pg_restore" && words.any(|word| ["-f", "--file", "-l", "--list"].contains(&word))
}

/// Subcommands whose own words say that they only look.
fn is_a_look(program: &str, texts: &[Option<String>]) -> bool {
    let has = |word: &str| texts.iter().any(|text| text.as_deref() == Some(word));
    has("show")
        || has("list")
        || has("--dry-run")
        || has("--what-if")
        || (program == "git" && has("log"))
}

fn of_script(view: &View<'_>, script: &str, place: Place) -> Option<Found> {
    let mut worst: Option<Found> = None;
    let mut take = |hazard: Hazard, word: &str| {
        if worst.as_ref().is_none_or(|(known, ..)| hazard > *known) {
            worst = Some((hazard, word.to_owned(), place));
        }
    };
    let code: String = script
        .lines()
        .map(|line| if line.trim_start().starts_with('#') { "" } else { line })
        .collect::<Vec<_>>()
        .join("\n");
    for found in COMMAND.captures_iter(&code) {
        let (name, rest) = (&found["name"], &found["rest"]);
        if script_stays_in_run(view, rest) {
            continue;
        }
        if LOSING_PROGRAMS.contains(&name) {
            take(Hazard::Destructive, name);
        } else if CHANGING_PROGRAMS.contains(&name) {
            if !reads_an_archive(name, rest.split_whitespace()) {
                take(Hazard::Change, name);
            }
        } else if WITH_SUBCOMMANDS.contains(&name) {
            let verbs = rest.split_whitespace().take_while(|word| !word.starts_with('-'));
            for verb in verbs {
                if LOSING_VERBS.contains(&verb.to_lowercase().as_str()) {
                    take(Hazard::Destructive, verb);
                } else if CHANGING_VERBS.contains(&verb) {
                    take(Hazard::Change, verb);
                }
            }
        }
    }
    if let Some(found) = LOSING_SQL.find(&code) {
        take(Hazard::Destructive, found.as_str().trim());
    } else if let Some(found) = CHANGING_SQL.find(&code) {
        take(Hazard::Change, found.as_str().trim());
    }
    worst
}

/// Whether all that a command of a script names lies in the run's own folders.
fn script_stays_in_run(view: &View<'_>, rest: &str) -> bool {
    let mut operands = rest.split_whitespace().filter(|word| !word.starts_with('-')).peekable();
    operands.peek().is_some()
        && operands.all(|word| {
            let word = word.trim_matches(['"', '\'', ')']);
            let Some(variable) = word.strip_prefix('$') else { return false };
            let variable = variable.trim_start_matches('{');
            let end = variable
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(variable.len());
            let name = &variable[..end];
            let is = |known: &str| crate::runbook::resolve::variable(known) == name;
            is("run.work")
                || is("run.tmp")
                || view.defs.iter().any(|def| is(def.name) && name_lies_in_run(view, def.name, 0))
        })
}

fn lies_in_run(view: &View<'_>, word: &Word) -> bool {
    match word.parts.first() {
        Some(Part::Var { name, .. }) => name_lies_in_run(view, name, 0),
        // Relative paths lie in the work folder, where commands run unless they say otherwise.
        Some(Part::Lit(text)) => !text.starts_with('/') && !text.contains(".."),
        None => false,
    }
}

fn name_lies_in_run(view: &View<'_>, name: &str, depth: usize) -> bool {
    matches!(name, "run.work" | "run.tmp")
        || view.defs_of(name).any(|def| match def.sort {
            Sort::Derived(text) => matches!(
                text.parts.first(),
                Some(Part::Var { name, .. }) if depth < 8 && name_lies_in_run(view, name, depth + 1)
            ),
            _ => false,
        })
}

fn literal(word: &Word) -> Option<String> {
    match &word.parts[..] {
        [] => Some(String::new()),
        [Part::Lit(text)] => Some(text.clone()),
        parts => parts
            .iter()
            .any(|part| matches!(part, Part::Lit(text) if text.contains(' ')))
            .then(|| word.to_string()),
    }
}

fn starts_with_dash(word: &Word) -> bool {
    matches!(word.parts.first(), Some(Part::Lit(text)) if text.starts_with('-'))
}
