//! Where a run goes on when it ends in another runbook, and what it hands over.

use super::event::{Given, Mode, Source};
use super::left_open::{LeftOpen, left_open};
use super::plan::PlanStep;
use super::run::Run;
use super::state::StepState;
use crate::runbook::model::{Runbook, Then, Values};
use crate::runbook::value::{Kind, ValueType};
use std::collections::BTreeMap;

/// A run that closed as continued in another runbook.
#[derive(Clone, Debug)]
pub struct Onward {
    /// The other runbook, as this one names it.
    pub runbook: String,
    /// The full name of the run that ended.
    pub run: String,
    /// Its mode: a rehearsal goes on in a rehearsal.
    pub mode: Mode,
    /// The environment it acted on. It is said and never taken over.
    pub environment: String,
    /// The operator's claimed name.
    pub operator: String,
    /// The incident, which goes on too.
    pub incident: Option<String>,
    /// When that began.
    pub incident_start: Option<String>,
    /// What stays open behind it, and is taken over by the run that goes on.
    pub left_open: Vec<LeftOpen>,
    /// The runs that are known to continue it already.
    pub taken_up_by: Vec<String>,
    /// What the outcome hands over by name; `None` where its text names a value that is not known.
    with: BTreeMap<String, Option<String>>,
    /// The parameters of the run with their types.
    held: BTreeMap<String, (ValueType, Given)>,
}

/// What another runbook takes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// What the outcome handed over on purpose: it stands above the values of an environment.
    pub with: Values,
    /// Values of parameters that both runbooks have: they stand below the values of an environment.
    pub held: Values,
    /// What was not taken over, and why.
    pub left_out: Vec<String>,
}

impl Onward {
    /// Returns where a run goes on; nothing when it did not close so.
    pub fn of(run: &Run) -> Option<Self> {
        let (opened, runbook) = (run.opened()?, run.closed()?.continued_in.clone()?);
        let values = run.values();
        let handed = run.plan().steps().iter().find_map(|step| handed(run, step, &runbook));
        let with = handed.unwrap_or_default().iter();
        let with = with.map(|(name, text)| (name.value.clone(), text.render(&values).ok()));
        let params = run.plan().runbook().params.iter();
        // The environment is chosen anew for every run, and brings its own values.
        let held = params.filter_map(|definition| {
            let name = &definition.name.value;
            let given = opened.params.get(name).filter(|g| g.source != Source::Environment)?;
            Some((name.clone(), (definition.kind.clone(), given.clone())))
        });
        Some(Self {
            run: opened.run.clone(),
            mode: opened.mode,
            environment: opened.environment.clone(),
            operator: opened.operator.clone(),
            incident: opened.incident.clone(),
            incident_start: opened.incident_start.clone(),
            left_open: left_open(run),
            taken_up_by: Vec::new(),
            with: with.collect(),
            held: held.collect(),
            runbook,
        })
    }

    /// Returns the four letters of the run that ended.
    pub fn short(&self) -> &str {
        self.run.rsplit('-').next().unwrap_or(&self.run)
    }

    /// Works out what the other runbook takes over: only values that its own checks let through, and no secret.
    pub fn hands(&self, other: &Runbook) -> Handed {
        let mut handed = Handed::default();
        for name in self.with.keys() {
            if !other.params.iter().any(|definition| definition.name.value == *name) {
                handed.left_out.push(format!("{name}: {} asks for no such value", self.runbook));
            }
        }
        for definition in &other.params {
            let (name, kind) = (&definition.name.value, &definition.kind);
            if kind.kind == Kind::Secret {
                if self.with.contains_key(name) {
                    handed.left_out.push(format!("{name}: a secret is never handed over"));
                }
                continue;
            }
            let (into, value) = match (self.with.get(name), self.held.get(name)) {
                (Some(Some(value)), _) => (&mut handed.with, value),
                (Some(None), _) => {
                    handed.left_out.push(format!("{name}: its value was not known"));
                    continue;
                }
                (None, Some((held, given))) if held.kind == kind.kind => {
                    (&mut handed.held, &given.value)
                }
                (None, _) => continue,
            };
            match kind.check(value) {
                Ok(value) => _ = into.insert(name.clone(), value),
                Err(why) => handed.left_out.push(format!("{name}: {why}")),
            }
        }
        handed
    }
}

type With = [(crate::runbook::place::At<String>, crate::runbook::template::Text)];

/// Returns what the outcome that was decided hands over, if it is the one that leads there.
fn handed<'a>(run: &Run, step: &'a PlanStep, to: &str) -> Option<&'a With> {
    let StepState::Decided(outcome) = run.state(&step.id) else { return None };
    let chosen = step.decision()?.outcomes.iter().find(|one| one.name.value == outcome)?;
    match &chosen.then {
        Some(Then::Go { runbook, with }) if runbook.value == to => Some(with),
        _ => None,
    }
}

/// Says in one sentence what an outcome does besides the conditions on it; nothing if that is all.
pub fn leads_to(run: &Run, then: &Then) -> String {
    match then {
        Then::Go { runbook, with } => {
            let values = run.values();
            let handed: Vec<String> = with
                .iter()
                .map(|(name, text)| format!("{name} = {}", text.render_known(&values)))
                .collect();
            let filled = match handed.as_slice() {
                [] => "with what both have in common".to_owned(),
                handed => format!("with {}", handed.join(", ")),
            };
            format!("this run ends here; it goes on in {runbook}, which opens filled {filled}")
        }
        Then::Stop(as_) => format!("this run ends here, {}", as_.words()),
        Then::Again(from) => {
            let number = run.plan().step(&from.value).map_or("", |step| step.number.as_str());
            format!("{number} {from} and what follows it is opened again")
        }
    }
}

/// Lists the runbooks that are written down for when this is the wrong one: when, and which.
pub fn instead(run: &Run) -> Vec<(&str, &str)> {
    let not = run.plan().runbook().not_when.iter();
    not.filter_map(|not| Some((not.when.value.as_str(), not.go.as_ref()?.value.as_str()))).collect()
}

/// Tells whether the run is still before its first step, where another runbook is offered by a key of its own.
pub fn is_before_first(run: &Run) -> bool {
    run.current().is_some_and(|step| step.phase == 0)
}
