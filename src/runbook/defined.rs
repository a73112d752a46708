//! Every name of a runbook that has a type, and which of them are secrets or lists.

use super::model::{Act, Runbook, Step};
use super::value::Kind;
use std::collections::BTreeSet;

/// Lists every name with a type: parameters, asked values, captures and decisions.
pub fn defined(runbook: &Runbook) -> impl Iterator<Item = (&str, Kind)> {
    let needs = &runbook.needs;
    let statements = needs.statements.iter().flat_map(|statement| &statement.ask);
    let asked =
        runbook.params.iter().chain(statements).chain(steps(runbook).flat_map(|step| &step.ask));
    let checks = needs.checks.iter().chain(&runbook.fence).flat_map(|check| &check.capture);
    let found = steps(runbook)
        .flat_map(|step| step.capture.iter().chain(step.probe.iter().flat_map(|p| &p.capture)));
    let decided = steps(runbook).filter(|step| matches!(step.act, Act::Decide(_)));
    asked
        .map(|definition| (definition.name.as_str(), definition.kind.kind))
        .chain(checks.chain(found).map(|capture| (capture.name.as_str(), capture.kind.kind)))
        .chain(decided.map(|step| (step.id.as_str(), Kind::Choice)))
}

/// Names of all secrets that a runbook can have: declared, asked and captured.
pub fn secret_names(runbook: &Runbook) -> BTreeSet<String> {
    let declared = runbook.secrets.iter().map(|secret| secret.name.value.clone());
    of_kind(runbook, Kind::Secret).chain(declared).collect()
}

/// Names of all values that are lists.
pub fn list_names(runbook: &Runbook) -> BTreeSet<String> {
    of_kind(runbook, Kind::List).collect()
}

fn of_kind(runbook: &Runbook, kind: Kind) -> impl Iterator<Item = String> + '_ {
    defined(runbook).filter(move |(_, its)| *its == kind).map(|(name, _)| name.to_owned())
}

fn steps(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    runbook.phases.iter().flat_map(|phase| &phase.steps).chain(&runbook.fixes)
}
