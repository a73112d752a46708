//! Where a run goes on when it ends in another runbook, and what it hands over.

use super::event::{Given, Mode, Source};
use super::left_open::{LeftOpen, left_open};
use super::plan::PlanStep;
use super::run::Run;
use super::state::StepState;
use crate::runbook::model::{Runbook, Then, Values};
use crate::runbook::value::{Kind, ValueType};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The runbook in which a run would go on, looked up before it is chosen; the error says why there is none to go on in.
pub type There = Result<Runbook, String>;

/// Looks another runbook up; `None` where nothing can be looked up.
pub type LookElsewhere<'a> = dyn Fn(&str) -> Option<Arc<There>> + 'a;

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
        let runbook = run.closed()?.continued_in.clone()?;
        let handed = run.plan().steps().iter().find_map(|step| handed(run, step, &runbook));
        Self::to(run, runbook, handed.unwrap_or_default())
    }

    /// Returns how a run that ends in that runbook goes on there with this, so that it can be said before it is chosen.
    fn to(run: &Run, runbook: String, with: &With) -> Option<Self> {
        let (opened, values) = (run.opened()?, run.values());
        let with = with.iter().map(|(name, text)| (name.value.clone(), text.render(&values).ok()));
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
                Err(why) => {
                    handed.left_out.push(format!("{name}: {}: {why}", value.replace('\n', ",")));
                }
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
pub fn leads_to(run: &Run, then: &Then, look: &LookElsewhere<'_>) -> String {
    match then {
        Then::Go { runbook, with } => goes_on(run, runbook, with, look),
        Then::Stop(as_) => format!("this run ends here, {}", as_.words()),
        Then::Again(from) => {
            let number = run.plan().step(&from.value).map_or("", |step| step.number.as_str());
            format!("{number} {from} and what follows it is opened again")
        }
    }
}

/// Says the same of a runbook that is taken instead of this one.
pub fn leads_instead(run: &Run, runbook: &str, look: &LookElsewhere<'_>) -> String {
    goes_on(run, runbook, &[], look)
}

/// What does not fit is said before the run ends: afterwards nobody can hand it over any more.
fn goes_on(run: &Run, runbook: &str, with: &With, look: &LookElsewhere<'_>) -> String {
    let ends = format!("this run ends here; it goes on in {runbook}");
    let there = look(runbook);
    let there = match there.as_deref() {
        Some(Err(why)) => return format!("{ends}, BUT {why}"),
        Some(Ok(there)) => Some(there),
        None => None,
    };
    let fit = there.and_then(|there| Some(Onward::to(run, runbook.to_owned(), with)?.hands(there)));
    let fits = |name: &str| fit.as_ref().is_none_or(|fit| fit.with.contains_key(name));
    let values = run.values();
    let handed: Vec<String> = with
        .iter()
        .filter(|(name, _)| fits(&name.value))
        .map(|(name, text)| format!("{name} = {}", text.render_known(&values)))
        .collect();
    let filled = match handed.as_slice() {
        [] => "with what both have in common".to_owned(),
        handed => format!("with {}", handed.join(", ")),
    };
    let left_out = fit.map(|fit| fit.left_out).unwrap_or_default();
    let lost = match left_out.as_slice() {
        [] => String::new(),
        lost => format!("; NOT TAKEN OVER {}", lost.join("; ")),
    };
    format!("{ends}, which opens filled {filled}{lost}")
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
