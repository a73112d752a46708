//! What a step does to the world: is its hazard as high as its verbs, and can it be told whether it happened?

use super::command_line::Line;
use super::tools::lines_of_command;
use super::verbs::{self, Found};
use super::walk::{Command, Role, Sort, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Act, Hazard, Step};
use crate::runbook::resolve;
use crate::runbook::template::Part;

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
    let found = of_lines(view, &lines_of_command(view, command).lines);
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

/// What the command lines of a command do, the worst of it.
fn of_lines(view: &View<'_>, lines: &[Line]) -> Option<Found> {
    let clients = verbs::clients_among(lines);
    let found = lines.iter().flat_map(|line| [of_files(view, line), verbs::of_line(line, clients)]);
    verbs::worst(found.flatten())
}

/// What a command does to files, unless they lie in the run's own folders.
fn of_files(view: &View<'_>, line: &Line) -> Option<Found> {
    let program = line.program();
    let is = |word: &str| line.rest().any(|other| other == word);
    let found = |hazard: Hazard, word: &str| Some((hazard, word.to_owned(), line.place()));
    if program == "find" {
        let folders: Vec<&str> =
            line.rest().take_while(|word| !word.starts_with(['-', '(', '!'])).collect();
        let own = folders.iter().all(|word| lies_in_run(view, word, line.shell))
            && (!line.shell || !folders.is_empty());
        return if is("-delete") && !own { found(Hazard::Destructive, "-delete") } else { None };
    }
    let operands = || line.rest().filter(|word| !word.starts_with('-'));
    let own =
        || operands().count() > 0 && operands().all(|word| lies_in_run(view, word, line.shell));
    // `pg_restore` that lists an archive or reads it to a file touches no database.
    let reads = program == "pg_restore" && line.has(&["-f", "--file", "-l", "--list"]);
    if LOSING_PROGRAMS.contains(&program) && !own() {
        found(Hazard::Destructive, program)
    } else if CHANGING_PROGRAMS.contains(&program) && !reads && !own() {
        found(Hazard::Change, program)
    } else {
        None
    }
}

/// Whether what a word names lies in the run's own folders. A relative path lies in the work folder, where commands run
/// unless they say otherwise; a script may have gone elsewhere by then.
fn lies_in_run(view: &View<'_>, word: &str, shell: bool) -> bool {
    if word.split('/').any(|part| part == "..") {
        return false;
    }
    if let Some((name, _)) = word.strip_prefix("{{ ").and_then(|rest| rest.split_once(" }}")) {
        return name_lies_in_run(view, name.trim_end_matches("..."), 0);
    }
    if !shell {
        return !word.starts_with('/');
    }
    let Some(variable) = word.strip_prefix('$') else { return false };
    let variable = variable.trim_start_matches('{');
    let end =
        variable.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(variable.len());
    let is = |known: &str| resolve::variable(known) == variable[..end];
    is("run.work")
        || is("run.tmp")
        || view.defs.iter().any(|def| is(def.name) && name_lies_in_run(view, def.name, 0))
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
