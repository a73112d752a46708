//! What refers to what: every name that is used exists, is known by then, and may stand where it stands.
//!
//! Steps are numbered in the order they are done. A value is known *since* a number: parameters since 0, asked values
//! since their step, captures and decisions after it. A use at a smaller number is a mistake in the file, found here
//! and not at three in the morning.

mod discover;
mod exclusive;
mod links;
mod names;
mod uses;
mod walk;

use super::reader::Reader;
use crate::runbook::model::{Runbook, Step};

/// Checks every reference of a runbook.
pub fn check(runbook: &Runbook, reader: &mut Reader<'_>) {
    let order = Order::new(runbook);
    let names = names::Names::collect(runbook, &order, reader);
    discover::check(runbook, reader);
    exclusive::check(runbook, reader);
    links::check(runbook, &order, &names, reader);
    walk::check(runbook, &order, &names, reader);
}

/// The numbers of checks, statements and steps, in the order they are done.
#[derive(Debug)]
struct Order {
    checks: usize,
    first_step: usize,
    fixes: usize,
}

impl Order {
    fn new(runbook: &Runbook) -> Self {
        let checks = runbook.needs.checks.len();
        // 0 is before everything; then checks, statements, steps, and last the fixes, which may see all of them.
        let first_step = 1 + checks + runbook.needs.statements.len();
        let steps = runbook.phases.iter().map(|phase| phase.steps.len()).sum::<usize>();
        Self { checks, first_step, fixes: first_step + steps }
    }

    fn check(index: usize) -> usize {
        1 + index
    }

    fn statement(&self, index: usize) -> usize {
        1 + self.checks + index
    }

    /// Returns every step with its number; all fixes have the same.
    fn steps<'r>(&self, runbook: &'r Runbook) -> impl Iterator<Item = (usize, &'r Step)> {
        let steps = runbook.phases.iter().flat_map(|phase| &phase.steps);
        let fixes = self.fixes;
        let first = self.first_step;
        let steps = steps.enumerate().map(move |(index, step)| (first + index, step));
        steps.chain(runbook.fixes.iter().map(move |step| (fixes, step)))
    }
}
