//! The Azure CLI and Terraform: waits, restores and lists that do less or more than their words say.

use super::super::command_line::Line;
use super::{Around, Said};
use crate::runbook::findings::Says;

/// Every rule on one command.
pub fn rules(line: &Line, around: Around) -> Vec<Said> {
    let rules = [
        trusted_wait(line, around),
        restore_without_its_moment(line),
        blobs_without_range(line),
        assignee_by_name(line),
        revisions_without_all(line),
        no_replicas(line),
        applied_unseen(line),
        overwritten(line),
    ];
    rules.into_iter().flatten().collect()
}

fn trusted_wait(line: &Line, around: Around) -> Option<Said> {
    if !line.ends_in("az", "wait") || !around.exit_alone || !line.last {
        return None;
    }
    let says = Says::new(
        "`az … wait` trusted by its exit",
        "after its time-out it prints `{}` and exits 0, as if what it waited for had come",
        "Poll the state with `wait: {run: az … show, until: …}`.",
    );
    Some(("RL050", line.place(), says))
}

fn restore_without_its_moment(line: &Line) -> Option<Said> {
    let restores = line.is("az", &["postgres", "flexible-server", "restore"]);
    if !restores || line.open || line.has(&["--restore-time", "--pitr-time"]) {
        return None;
    }
    let says = Says::new(
        "a restore without `--restore-time`",
        "it takes the present moment, and the copy holds the damage as well",
        "Give the moment in UTC, as a value that was agreed upon.",
    );
    Some(("RL055", line.place(), says))
}

fn blobs_without_range(line: &Line) -> Option<Said> {
    let restores = line.is("az", &["storage", "blob", "restore"]);
    if !restores || line.open || line.has(&["--blob-range", "-r"]) {
        return None;
    }
    let says = Says::new(
        "a blob restore without `--blob-range`",
        "it takes every container of the account back, also those that were well",
        "Name what is restored: `--blob-range CONTAINER/ CONTAINER0`.",
    );
    Some(("RL056", line.place(), says))
}

fn assignee_by_name(line: &Line) -> Option<Said> {
    if !line.is("az", &["role", "assignment", "create"]) {
        return None;
    }
    let (_, place) = line.option(&["--assignee"])?;
    let says = Says::new(
        "`--assignee` in a role assignment",
        "it asks the directory who that is, which an on-call account may not read",
        "Write `--assignee-object-id ID --assignee-principal-type ServicePrincipal`.",
    );
    Some(("RL057", place, says))
}

fn revisions_without_all(line: &Line) -> Option<Said> {
    if !line.is("az", &["containerapp", "revision", "list"]) || line.open || line.has(&["--all"]) {
        return None;
    }
    // Whoever asks for those that are active or have traffic does not look for one to go back to.
    let narrow = |(word, _): &(String, _)| word.contains("active") || word.contains("traffic");
    if line.words.iter().any(narrow) {
        return None;
    }
    let says = Says::new(
        "revisions listed without `--all`",
        "inactive ones are left out, and the last good one is usually inactive",
        "Add `--all`, or ask for `properties.active` if that is what is meant.",
    );
    Some(("RL058", line.place(), says))
}

fn no_replicas(line: &Line) -> Option<Said> {
    if line.program() != "az" || line.words.get(1).is_none_or(|(word, _)| word != "containerapp") {
        return None;
    }
    let (value, place) = line.option(&["--max-replicas"])?;
    if value != "0" {
        return None;
    }
    let says = Says::new(
        "`--max-replicas 0`",
        "it is refused, and older versions took it, exited 0 and left the app running",
        "Stop the app, or deactivate its revisions, and look that nothing runs any more.",
    );
    Some(("RL059", place, says))
}

fn applied_unseen(line: &Line) -> Option<Said> {
    if !["terraform", "tofu"].contains(&line.program()) {
        return None;
    }
    let (_, place) = line.option(&["-auto-approve", "--auto-approve"])?;
    if applies_a_plan(line) {
        return None;
    }
    let says = Says::new(
        "`-auto-approve`",
        "it makes changes that nobody has seen, with what has drifted since",
        "Write the plan to a file in a step of its own, look at it, and apply that file.",
    );
    Some(("RL060", place, says))
}

/// Whether a file is applied: what is in it was planned before, and could be looked at.
fn applies_a_plan(line: &Line) -> bool {
    let with_value =
        ["-var", "-var-file", "-target", "-replace", "-state", "-state-out", "-backup"];
    let mut words = line.rest().skip_while(|word| *word != "apply").skip(1);
    while let Some(word) = words.next() {
        if !word.starts_with('-') {
            return true;
        }
        if with_value.contains(&word.trim_start_matches("--")) || with_value.contains(&word) {
            words.next();
        }
    }
    false
}

fn overwritten(line: &Line) -> Option<Said> {
    let uploads = line.ends_in("az", "upload") || line.ends_in("az", "upload-batch");
    let copies = line.program() == "azcopy";
    let (value, place) = line.option(&["--overwrite"]).filter(|_| uploads || copies)?;
    if value == "false" {
        return None;
    }
    let says = Says::new(
        "an upload with `--overwrite`",
        "a second try, or a second run, replaces the first one, which may be the good one",
        "Leave it away and put the moment into the name: a name that is taken is then refused.",
    );
    Some(("RL061", place, says))
}
