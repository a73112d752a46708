//! The commands that a value goes into, with the value marked: a wrong one is seen where it will hurt.

use super::facts::Facts;
use super::state::State;
use crate::runbook::filled::Filled;
use crate::runbook::model::{Act, Call};
use crate::runbook::template::Text;
use std::collections::BTreeSet;

/// A command that a value goes into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The number of its step.
    pub number: String,
    /// The command, with `‹ ›` around the value.
    pub command: String,
}

/// Returns the commands that a value goes into, itself or in what is derived from it.
pub fn uses(state: &State, facts: &Facts, name: &str) -> Vec<Use> {
    let runbook = facts.plan.runbook();
    let known = state.known(facts);
    let full = Filled::new(runbook, &known);
    let names = with_derived(&runbook.values, name);
    let mut without = known.clone();
    without.retain(|known, _| !names.contains(known));
    let marked = Filled::new(runbook, &without);
    let mut uses = Vec::new();
    for step in facts.plan.steps() {
        let Some(call) = called(&step.step.act) else { continue };
        let shown = marked.call(call);
        if !shown.unknown.iter().any(|unknown| names.contains(unknown)) {
            continue;
        }
        let mut command = shown.text;
        for name in &names {
            let value = full.known().get(name).cloned().unwrap_or_else(|| name.clone());
            command = command.replace(&format!("{{{{ {name} }}}}"), &format!("‹{value}›"));
        }
        uses.push(Use { number: step.number.clone(), command });
    }
    uses
}

fn called(act: &Act) -> Option<&Call> {
    match act {
        Act::Call(call) => Some(call),
        Act::Wait(wait) => Some(&wait.call),
        Act::Manual(_) | Act::Decide(_) => None,
    }
}

/// A name and every derived value that it goes into; derived values come after what they are made of.
fn with_derived(
    values: &[(crate::runbook::place::At<String>, Text)],
    name: &str,
) -> BTreeSet<String> {
    let mut names = BTreeSet::from([name.to_owned()]);
    for (derived, text) in values {
        if text.names().any(|(used, _)| names.contains(used)) {
            names.insert(derived.value.clone());
        }
    }
    names
}
