//! The read model: what every face draws, in one place, so that no face works anything out for itself.

use super::conditions;
use super::deferral::{Due, deferred};
use super::event::{AttemptId, Part, Work};
use super::left_open::LeftOpen;
use super::next::{Next, next};
use super::plan::{PlanStep, StepKind};
use super::run::Run;
use super::state::{Attempt, Closed, Deviation, RaisedNote, Slot, StepState};
use super::values::fill_visibly;
use crate::runbook::model::{Hazard, StepId, Values};

/// Everything a face needs to draw a run.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The phases: preflight first, fixes last when one was chosen.
    pub phases: Vec<PhaseRow>,
    /// The steps in the order in which they are done. Steps on a path not taken stay at their place; of the fixes only
    /// chosen ones are here, right before the step they are for.
    pub rows: Vec<Row>,
    /// How many steps in force are settled.
    pub settled: usize,
    /// How many steps are in force.
    pub in_force: usize,
    /// The one step that comes next.
    pub current: Option<StepId>,
    /// What is needed now.
    pub next: Next,
    /// The attempts that have no end yet, oldest first.
    pub running: Vec<AttemptId>,
    /// Changes that are made, or may be, and were not undone: newest first.
    pub open_changes: Vec<OpenChange>,
    /// Changes that the runs before this one left open.
    pub taken_over: Vec<LeftOpen>,
    /// Works whose end was not seen.
    pub unknown: Vec<Work>,
    /// Consequences that were not cleared.
    pub raised: Vec<RaisedNote>,
    /// What was done differently from the runbook, in the order in which it happened.
    pub deviations: Vec<Deviation>,
    /// Steps that were put off, in plan order.
    pub deferred: Vec<Due>,
    /// Why the run is on hold, if it is.
    pub held: Option<String>,
    /// How the run closed, if it did.
    pub closed: Option<Closed>,
}

/// One phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseRow {
    /// Its number; 0 is preflight.
    pub phase: usize,
    /// Its title.
    pub title: String,
    /// How many of its steps in force are settled.
    pub settled: usize,
    /// How many of its steps are in force.
    pub in_force: usize,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: StepId,
    /// Its number.
    pub number: String,
    /// Its phase.
    pub phase: usize,
    /// Where it comes from.
    pub kind: StepKind,
    /// Its title, filled as far as the values go; what is not known yet stands as `‹name›`.
    pub title: String,
    /// Where it stands.
    pub state: StepState,
    /// The word for that: the state's, or `now` for the current step, or `hold` for it while the run is on hold.
    pub word: &'static str,
    /// It is the one that comes next.
    pub current: bool,
    /// How much it can hurt: as it is written, or as it was typed if that is how it stands.
    pub hazard: Hazard,
    /// It is a decision.
    pub decision: bool,
    /// How many tries there were.
    pub attempts: usize,
    /// Its change was made and taken back.
    pub undone: bool,
    /// How it stands comes of a command that a person typed, not of the runbook's.
    pub edited: bool,
    /// Its conditions in words: `choose = cutover`.
    pub conditions: Vec<String>,
    /// What there is to say about how it stands: why it was skipped, is not taken, or did not start.
    pub note: Option<String>,
}

impl Row {
    /// Returns the word that people read: what was taken back stands as that, whatever it was before.
    pub fn said(&self) -> &'static str {
        if self.undone && matches!(self.state, StepState::Done(_)) { "undone" } else { self.word }
    }
}

/// A change that is made, or may be, and was not undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenChange {
    /// Its step.
    pub step: StepId,
    /// The step's number.
    pub number: String,
    /// The step's title.
    pub title: String,
    /// The thing that was acted on.
    pub target: Option<String>,
    /// The title of its way back, if there is one.
    pub undo: Option<String>,
    /// Why there is no way back, if that is so.
    pub no_undo: Option<String>,
    /// Where its way back stands.
    pub undo_state: StepState,
    /// The commands that a person typed for it and that ran, or may have: its way back was written for another one.
    pub edited: Vec<String>,
}

impl OpenChange {
    /// Says which commands a person typed for it; nothing when there is none.
    pub fn typed(&self) -> String {
        match self.edited.as_slice() {
            [] => String::new(),
            typed => format!("edited, no way back is written for: {}", typed.join("; ")),
        }
    }
}

impl Outline {
    /// Counts the changes that are open, its own and those that it took over.
    pub fn changes_open(&self) -> usize {
        self.open_changes.len() + self.taken_over.len()
    }

    /// Draws the outline of a run.
    pub(super) fn of(run: &Run) -> Self {
        let values = run.values();
        let current = run.current().map(|step| step.id.clone());
        let rows: Vec<Row> = in_order(run)
            .into_iter()
            .map(|(step, slot)| row(run, step, slot, &values, current.as_ref() == Some(&step.id)))
            .collect();
        let settled = |rows: &[&Row]| rows.iter().filter(|row| row.state.is_settled()).count();
        let in_force: Vec<&Row> = rows.iter().filter(|row| row.state.is_in_force()).collect();
        Self {
            phases: phases(run, &rows),
            settled: settled(&in_force),
            in_force: in_force.len(),
            current,
            next: next(run, &values),
            running: run.living().into_iter().map(|(id, _)| id).collect(),
            open_changes: run
                .open_changes()
                .iter()
                .filter_map(|step| open_change(run, step, &values))
                .collect(),
            taken_over: run.taken_over().to_vec(),
            unknown: run.unknown(),
            raised: run.raised().into_iter().cloned().collect(),
            deviations: run.deviations().to_vec(),
            deferred: deferred(run),
            held: run.held().map(ToOwned::to_owned),
            closed: run.closed().cloned(),
            rows,
        }
    }
}

/// Returns the steps to draw: all of the plan's, chosen fixes before the step they are for, other fixes not at all.
fn in_order(run: &Run) -> Vec<(&PlanStep, &Slot)> {
    let mut path: Vec<_> = run.path().collect();
    // A step that is not taken has no place on the path: it is put back where the plan has it.
    for (at, (step, slot)) in run.placed().enumerate() {
        if step.kind != StepKind::Fix && !slot.state.is_in_force() {
            let place = |planned: &PlanStep| run.plan().position(&planned.id).unwrap_or(usize::MAX);
            let before =
                path.iter().position(|(other, _)| other.kind != StepKind::Fix && place(other) > at);
            let before = before.map(|mut before| {
                while before > 0 && path[before - 1].0.kind == StepKind::Fix {
                    before -= 1;
                }
                before
            });
            path.insert(before.unwrap_or(path.len()), (step, slot));
        }
    }
    path
}

fn row(run: &Run, step: &PlanStep, slot: &Slot, values: &Values, current: bool) -> Row {
    let tries = run.attempts(&Work { step: step.id.clone(), part: Part::Main });
    let word = match (&slot.state, current, run.held()) {
        (StepState::Todo, true, Some(_)) => "hold",
        (StepState::Todo, true, None) => "now",
        (state, _, _) => state.word(),
    };
    let edited = was_edited(slot, tries);
    Row {
        id: step.id.clone(),
        number: step.number.clone(),
        phase: step.phase,
        kind: step.kind,
        title: fill_visibly(&step.step.title, values),
        state: slot.state.clone(),
        word,
        current,
        hazard: step.hazard_of(&Part::Main, edited),
        decision: step.decision().is_some(),
        attempts: tries.len(),
        undone: slot.undone(),
        conditions: conditions::in_words(step),
        edited,
        note: note(slot, tries),
    }
}

fn note(slot: &Slot, tries: &[Attempt]) -> Option<String> {
    const EDITED: &str = "with an edited command";
    match &slot.state {
        StepState::Skipped(reason) | StepState::NotTaken(reason) | StepState::Decided(reason) => {
            Some(reason.clone())
        }
        StepState::Deferred { due, reason } => Some(format!("due {due}: {reason}")),
        StepState::Todo => {
            let last = tries.last().filter(|last| last.since > slot.reopened)?;
            last.not_started().map(|why| format!("not started: {why}"))
        }
        StepState::Running | StepState::Done(_) | StepState::Failed | StepState::Unknown => {
            was_edited(slot, tries).then(|| EDITED.to_owned())
        }
        StepState::Dormant => None,
    }
}

/// Tells whether the last try that ran, or may have, was with a command that a person typed.
fn was_edited(slot: &Slot, tries: &[Attempt]) -> bool {
    let ran = matches!(
        slot.state,
        StepState::Running | StepState::Done(_) | StepState::Failed | StepState::Unknown
    );
    let last = tries.iter().rev().find(|attempt| attempt.may_have_run());
    ran && last.is_some_and(|attempt| attempt.edited.is_some())
}

/// Lists the commands that were typed for a step since it was last taken back. A later try with the runbook's command
/// does not take back what they did.
fn typed_commands(run: &Run, step: &StepId, tries: &[Attempt]) -> Vec<String> {
    let ways_back = run.attempts(&Work { step: step.clone(), part: Part::Undo });
    let undone = ways_back.iter().filter(|way| way.succeeded()).filter_map(|way| way.until).max();
    let typed = tries.iter().filter(|attempt| attempt.edited.is_some() && attempt.may_have_run());
    let typed = typed.filter(|attempt| undone.is_none_or(|undone| attempt.since > undone));
    typed.map(|attempt| attempt.shown.clone()).collect()
}

fn phases(run: &Run, rows: &[Row]) -> Vec<PhaseRow> {
    let mut phases: Vec<PhaseRow> = Vec::new();
    let mut numbers: Vec<usize> = rows.iter().map(|row| row.phase).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for phase in numbers {
        let own = rows.iter().filter(|row| row.phase == phase && row.state.is_in_force());
        phases.push(PhaseRow {
            phase,
            title: run.plan().phase_title(phase).to_owned(),
            settled: own.clone().filter(|row| row.state.is_settled()).count(),
            in_force: own.count(),
        });
    }
    phases
}

fn open_change(run: &Run, id: &StepId, values: &Values) -> Option<OpenChange> {
    let step = run.plan().step(id)?;
    let tries = run.attempts(&Work { step: id.clone(), part: Part::Main });
    Some(OpenChange {
        step: id.clone(),
        number: step.number.clone(),
        title: fill_visibly(&step.step.title, values),
        target: tries.last().and_then(|last| last.target.clone()),
        undo: step.undo().map(|undo| fill_visibly(&undo.title, values)),
        no_undo: step.step.no_undo.as_ref().map(|why| fill_visibly(why, values)),
        undo_state: run.undo_state(id),
        edited: typed_commands(run, id, tries),
    })
}
