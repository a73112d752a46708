//! Every command of a runbook, by the name that journal and scenarios give it.

use rutter::runbook::model::{Act, Call, Definition, Io, Program, Runbook, SecretSource, Step};
use std::borrow::Cow;

/// One command.
pub struct Named<'a> {
    /// `needs/ID`, `ID`, `ID/probe`, `ID/undo`, `ID/q2`, `NAME/discover`, `secret NAME`.
    pub name: String,
    /// What runs.
    pub call: Cow<'a, Call>,
}

/// Every command, in the order of the procedure; the fixes last.
pub fn of(runbook: &Runbook) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    discoveries(&runbook.params, &mut found);
    for secret in &runbook.secrets {
        if let SecretSource::Command(words, place) = &secret.source {
            let call = Call {
                program: Program::Words(words.clone()),
                env: Vec::new(),
                cwd: None,
                stdin: None,
                files: Vec::new(),
                timeout: None,
                io: Io::Auto,
                stays: false,
                signal: None,
                place: *place,
            };
            let name = format!("secret {}", secret.name);
            found.push(Named { name, call: Cow::Owned(call) });
        }
    }
    for check in runbook.needs.checks.iter().chain(&runbook.fence) {
        read(format!("needs/{}", check.id), &check.call, &mut found);
    }
    for statement in &runbook.needs.statements {
        discoveries(&statement.ask, &mut found);
    }
    for step in steps(runbook) {
        of_step(step, &mut found);
    }
    found
}

/// Every step, the fixes last.
pub fn steps(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    runbook.phases.iter().flat_map(|phase| &phase.steps).chain(&runbook.fixes)
}

fn of_step<'a>(step: &'a Step, found: &mut Vec<Named<'a>>) {
    discoveries(&step.ask, found);
    let id = &step.id.value;
    acting(id.to_string(), &step.act, found);
    if let Act::Decide(decide) = &step.act {
        for (index, question) in decide.ladder.iter().enumerate() {
            if let Some(check) = &question.check {
                read(format!("{id}/q{}", index + 1), &check.call, found);
            }
        }
    }
    if let Some(probe) = &step.probe {
        read(format!("{id}/probe"), &probe.call, found);
    }
    if let Some(undo) = &step.undo {
        acting(format!("{id}/undo"), &undo.act, found);
    }
}

fn acting<'a>(name: String, act: &'a Act, found: &mut Vec<Named<'a>>) {
    let call = match act {
        Act::Call(call) => call,
        Act::Wait(wait) => &wait.call,
        Act::Manual(_) | Act::Decide(_) => return,
    };
    found.push(Named { name, call: Cow::Borrowed(call) });
}

fn discoveries<'a>(definitions: &'a [Definition], found: &mut Vec<Named<'a>>) {
    for definition in definitions {
        if let Some(discover) = &definition.discover {
            read(format!("{}/discover", definition.name), &discover.call, found);
        }
    }
}

fn read<'a>(name: String, call: &'a Call, found: &mut Vec<Named<'a>>) {
    found.push(Named { name, call: Cow::Borrowed(call) });
}
