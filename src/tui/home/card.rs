//! A runbook on one card: what one wants to know before opening it.

use crate::engine::plan::{Plan, StepKind};
use crate::runbook::model::{EnvironmentRule, Hazard};
use std::time::Duration;

/// What one wants to know about a runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it does.
    pub summary: String,
    /// When this is the right one.
    pub use_when: Vec<String>,
    /// When another one is, and which.
    pub not_when: Vec<(String, Option<String>)>,
    /// What people see.
    pub symptoms: Vec<String>,
    /// Allowed time to service.
    pub rto: Option<Duration>,
    /// Allowed data loss.
    pub rpo: Option<Duration>,
    /// How long it usually takes, as its author says.
    pub typical: Option<Duration>,
    /// How long a drill holds.
    pub drill_every: Option<Duration>,
    /// Programs that must be there.
    pub tools: Vec<String>,
    /// It needs no environment of the settings.
    pub local: bool,
    /// Its phases: title, steps, usual time.
    pub phases: Vec<(String, usize, Duration)>,
    /// The first step without a way back: number and title.
    pub no_return: Option<(String, String)>,
}

impl Card {
    /// Makes the card of a runbook.
    pub fn of(plan: &Plan) -> Self {
        let runbook = plan.runbook();
        let steps = || plan.steps().iter().filter(|step| step.kind == StepKind::Step);
        let usual = |phase: usize| -> Duration {
            steps().filter(|step| step.phase == phase).filter_map(|s| s.step.takes.typical).sum()
        };
        let phases: Vec<(String, usize, Duration)> = runbook
            .phases
            .iter()
            .enumerate()
            .map(|(at, phase)| (phase.title.value.clone(), phase.steps.len(), usual(at + 1)))
            .collect();
        let all: Duration = phases.iter().map(|(_, _, usual)| *usual).sum();
        let no_return = steps().find(|step| step.step.hazard == Hazard::Irreversible);
        let texts = |list: &[crate::runbook::place::At<String>]| -> Vec<String> {
            list.iter().map(|text| text.value.clone()).collect()
        };
        let tools = runbook.needs.tools.iter().map(|tool| match &tool.at_least {
            Some(version) => format!("{} {version}+", tool.name),
            None => tool.name.value.clone(),
        });
        Self {
            title: runbook.title.value.clone(),
            version: runbook.version.value.clone(),
            summary: runbook.summary.value.clone(),
            use_when: texts(&runbook.use_when),
            not_when: runbook
                .not_when
                .iter()
                .map(|not| (not.when.value.clone(), not.go.as_ref().map(|go| go.value.clone())))
                .collect(),
            symptoms: texts(&runbook.symptoms),
            rto: runbook.objectives.rto,
            rpo: runbook.objectives.rpo,
            typical: (all > Duration::ZERO).then_some(all),
            drill_every: runbook.drill_every,
            tools: tools.collect(),
            local: runbook.environment == EnvironmentRule::Local,
            phases,
            no_return: no_return.map(|step| (step.number.clone(), step.step.title.to_string())),
        }
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.phases.iter().map(|(_, steps, _)| steps).sum()
    }
}

/// Says a budget in a column of five: `4h00`, `0h10`.
pub fn hours(span: Duration) -> String {
    let minutes = span.as_secs().div_ceil(60);
    format!("{}h{:02}", minutes / 60, minutes % 60)
}
