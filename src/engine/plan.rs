//! The plan of a run: a runbook made flat, in the order in which it is done.

use super::event::{Part, Work};
use super::hazard;
use super::needs;
use crate::runbook::model::{Act, Condition, Decide, Hazard, Phase, Runbook, Step, StepId, Undo};
use std::collections::BTreeMap;

/// A runbook made flat: preflight, then every phase's steps, then the fixes.
///
/// The order never changes during a run, and neither do the numbers: a branch that is not taken stays where it is.
#[derive(Clone, Debug)]
pub struct Plan {
    runbook: Runbook,
    steps: Vec<PlanStep>,
    by_id: BTreeMap<StepId, usize>,
}

/// One step of a plan.
#[derive(Clone, Debug)]
pub struct PlanStep {
    /// Its id: `restore`; for preflight `needs/tool-az`, `needs/signed-in`, `needs/say-1`.
    pub id: StepId,
    /// Its number as people say it: `0.1`, `3.2`, `F1`. Never changes.
    pub number: String,
    /// Its phase: 0 is preflight, then counted from 1; fixes come after the last phase.
    pub phase: usize,
    /// Where it comes from.
    pub kind: StepKind,
    /// The step as written, or as made from a need.
    pub step: Step,
    /// Every condition on it: its phase's, then its own.
    pub when: Vec<Condition>,
}

/// Where a step of a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A tool or check of `needs`.
    Need,
    /// A statement of `needs`.
    Statement,
    /// A step of a phase.
    Step,
    /// A step of `fixes`: in force only when it is chosen after a failure.
    Fix,
}

impl Plan {
    /// Makes a runbook flat.
    pub fn new(runbook: Runbook) -> Self {
        let mut steps = needs::preflight(&runbook.needs);
        for (index, phase) in runbook.phases.iter().enumerate() {
            steps.extend(phase_steps(index + 1, phase));
        }
        let after = runbook.phases.len() + 1;
        steps.extend(runbook.fixes.iter().enumerate().map(|(index, step)| PlanStep {
            id: step.id.value.clone(),
            number: format!("F{}", index + 1),
            phase: after,
            kind: StepKind::Fix,
            step: step.clone(),
            when: step.when.clone(),
        }));
        let by_id = steps.iter().enumerate().map(|(at, step)| (step.id.clone(), at)).collect();
        Self { runbook, steps, by_id }
    }

    /// Returns the runbook it was made from.
    pub fn runbook(&self) -> &Runbook {
        &self.runbook
    }

    /// Returns all steps in order.
    pub fn steps(&self) -> &[PlanStep] {
        &self.steps
    }

    /// Finds a step by its id.
    pub fn step(&self, id: &StepId) -> Option<&PlanStep> {
        self.position(id).map(|at| &self.steps[at])
    }

    /// Returns the place of a step in the order.
    pub fn position(&self, id: &StepId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Returns the title of a phase: `Preflight`, the written one, or `Fixes`.
    pub fn phase_title(&self, phase: usize) -> &str {
        match phase {
            0 => "Preflight",
            n => self.runbook.phases.get(n - 1).map_or("Fixes", |phase| phase.title.as_str()),
        }
    }

    /// Tells whether this piece of work exists in the plan at all.
    pub fn has(&self, work: &Work) -> bool {
        let Some(planned) = self.step(&work.step) else { return false };
        match work.part {
            Part::Main => true,
            Part::Probe => planned.step.probe.is_some(),
            Part::Undo => planned.step.undo.is_some(),
            Part::Question(number) => planned.question_check(number),
            Part::Fence => self.runbook.fence.is_some(),
        }
    }
}

impl PlanStep {
    /// Returns the hazard that an attempt at a part has, with the runbook's command or one that a person typed.
    pub fn hazard_of(&self, part: &Part, edited: bool) -> Hazard {
        hazard::of_attempt(self.hazard(part), edited)
    }

    /// Returns the hazard of a part as it is written: the step's own, its undo's, and `read` for everything that only looks.
    pub fn hazard(&self, part: &Part) -> Hazard {
        match part {
            Part::Main => self.step.hazard,
            Part::Undo => self.step.undo.as_ref().map_or(Hazard::Read, |undo| undo.hazard),
            Part::Probe | Part::Question(_) | Part::Fence => Hazard::Read,
        }
    }

    /// Returns its decision, if it is one.
    pub fn decision(&self) -> Option<&Decide> {
        match &self.step.act {
            Act::Decide(decide) => Some(decide),
            Act::Call(_) | Act::Manual(_) | Act::Wait(_) => None,
        }
    }

    /// Returns its way back, if it has one.
    pub fn undo(&self) -> Option<&Undo> {
        self.step.undo.as_deref()
    }

    /// Tells whether it is done by hand and ticked.
    pub fn is_manual(&self) -> bool {
        matches!(self.step.act, Act::Manual(_))
    }

    fn question_check(&self, number: u32) -> bool {
        let ladder = self.decision().map(|decide| decide.ladder.as_slice()).unwrap_or_default();
        let index = (number as usize).checked_sub(1);
        index.and_then(|at| ladder.get(at)).is_some_and(|question| question.check.is_some())
    }
}

fn phase_steps(phase: usize, written: &Phase) -> impl Iterator<Item = PlanStep> + '_ {
    written.steps.iter().enumerate().map(move |(index, step)| PlanStep {
        id: step.id.value.clone(),
        number: format!("{phase}.{}", index + 1),
        phase,
        kind: StepKind::Step,
        step: step.clone(),
        when: written.when.iter().chain(&step.when).cloned().collect(),
    })
}
