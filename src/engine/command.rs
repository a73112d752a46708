//! What may be asked of a run, in the imperative, and the ways a rule says no.

use super::event::{AttemptId, Edited, Given, Guard, Opened, Proof, SettledAs, Work};
use super::run::Corrupt;
use crate::outcome::Outcome;
use crate::outcome::Process;
use crate::runbook::model::{Answer, Meaning, StepId, StopAs};
use std::collections::BTreeMap;

/// What may be asked. Faces and the driver speak this and nothing else.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields repeat the words of the documented variants")]
pub enum Command {
    /// Open the run. Only on an empty history.
    Open(Box<Opened>),
    /// Give values that this step asks for.
    Give { step: StepId, values: BTreeMap<String, Given> },
    /// Intend an attempt: the guard was passed, this is exactly what will run.
    Start {
        work: Work,
        guard: Guard,
        /// The command as shown.
        shown: String,
        /// SHA-256 of the resolved command.
        digest: String,
        target: Option<String>,
        /// Needed to start again while the outcome before is unknown (under the typed guard).
        override_reason: Option<String>,
        /// Set when the command is not the runbook's (under the typed guard).
        edited: Option<Edited>,
    },
    /// Driver: the keeper holds the command at the gate.
    Started { id: AttemptId, keeper: Process, child: Process },
    /// Driver: the outcome was seen (also: could not start, never released).
    Ended { id: AttemptId, outcome: Box<Outcome>, recovered: bool },
    /// Driver: keeper gone without outcome.
    Lost { id: AttemptId, reason: String, last_lines: Vec<String>, story_ns: Option<u64> },
    /// Ask the keeper to interrupt the command.
    Interrupt { id: AttemptId },
    /// Settle an unknown or failed main or undo attempt.
    Settle {
        id: AttemptId,
        as_: SettledAs,
        proof: Proof,
        probe: Option<(u32, Meaning)>,
        captures: BTreeMap<String, String>,
    },
    /// Tick a statement or a manual step (or a manual undo, `work.part == Undo`).
    Tick { work: Work, guard: Guard, said: String },
    /// Answer the current question of a ladder.
    Answer { step: StepId, question: u32, answer: Answer, why: String },
    /// Decide.
    Decide { step: StepId, outcome: String, why: String },
    /// Skip a step, with a reason and every capture that a later step in force needs.
    Skip { step: StepId, reason: String, captures: BTreeMap<String, String> },
    /// Put a step off that its runbook lets be put off, until this time (RFC 3339 UTC).
    Defer { step: StepId, due: String, reason: String },
    /// Take up a step that was put off: it is to do again.
    TakeUp { step: StepId },
    /// Choose a fix after a failure of `step`.
    Fix { step: StepId, fix: StepId },
    /// Clear a latched consequence.
    Clear { step: StepId, how: String },
    /// Settle a change that was taken over from this run: it was taken back by hand, or stays.
    SettleTakenOver { run: String, step: StepId, how: String },
    /// Add a note.
    Note {
        text: String,
        kind: String,
        inbox: Option<String>,
        from: Option<BTreeMap<String, String>>,
    },
    /// Put on hold.
    Hold { reason: String },
    /// A face takes the run up.
    Resume { face: String, gap_ns: Option<u64>, taken_from: Option<BTreeMap<String, String>> },
    /// A face leaves.
    Leave { face: String, why: String },
    /// Stop the run on purpose.
    Stop { as_: StopAs, reason: String },
    /// End the run here because another runbook, one that this one names, is the right one.
    GoOn { runbook: String, reason: String },
    /// Close the run: every step in force is settled.
    Close,
}

/// A rule's no: shown to the operator, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields repeat the words of the documented variants")]
pub enum Refusal {
    /// The run is closed.
    #[error("this run is closed; nothing more can happen in it")]
    Closed,
    /// The run is open already, or not yet.
    #[error("the run is {0}")]
    NotNow(&'static str),
    /// No such step, question, fix or outcome.
    #[error("there is no {what} `{name}` in this runbook")]
    Unknown { what: &'static str, name: String },
    /// The step is not in force.
    #[error("step {step} is not in force: {reason}")]
    NotInForce { step: StepId, reason: String },
    /// It finds no room in one record of the journal.
    #[error("this is too long to be recorded: {size} bytes; the most is {most}")]
    TooLong { size: usize, most: usize },
    /// An earlier step is not settled.
    #[error("step {step} has to wait: {earlier} is {state}")]
    Earlier { step: StepId, earlier: StepId, state: &'static str },
    /// It is running.
    #[error("{work} is running, attempt {attempt}")]
    Running { work: Work, attempt: u32 },
    /// Its end was not seen: settle it first.
    #[error("the outcome of {work} is unknown; settle it first (probe, or say what you saw)")]
    UnknownOutcome { work: Work },
    /// It is done.
    #[error("{step} is {state} already")]
    Already { step: StepId, state: &'static str },
    /// The guard does not fit the hazard.
    #[error("this guard is not enough: {needs}")]
    Guard { needs: String },
    /// Values are missing.
    #[error("values are missing: {}", names.join(", "))]
    Missing { names: Vec<String> },
    /// Later steps would miss what a step brings: it cannot be put off.
    #[error("{step} cannot be put off: {}", by.join(", "))]
    Needed { step: StepId, by: Vec<String> },
    /// It was not put off, so it cannot be taken up.
    #[error("{step} is {state}; only what was put off is taken up")]
    NotPutOff { step: StepId, state: &'static str },
    /// A value does not fit its type.
    #[error("{name}: {reason}")]
    Value { name: String, reason: String },
    /// Repeating is not allowed as things are.
    #[error("{step} may not be repeated: {reason}")]
    Repeat { step: StepId, reason: String },
    /// A reason is needed.
    #[error("a reason is needed")]
    Reason,
    /// The wrong kind of step for this command.
    #[error("{step} is not a step to {verb}")]
    Kind { step: StepId, verb: &'static str },
    /// A wait repeats its command by itself.
    #[error(
        "{step} is a wait: it would run what you type again and again by itself. Run the look by hand, then skip {step} \
         with what you saw"
    )]
    EditedWait { step: StepId },
    /// Not the question that is asked now.
    #[error("question {asked} of {step} is not the one to answer now; it is question {current}")]
    Question { step: StepId, asked: u32, current: u32 },
    /// The ladder is not at its end.
    #[error("question {current} of {step} is not answered yet")]
    Ladder { step: StepId, current: u32 },
    /// The fence was not checked, or did not pass.
    #[error("{step} may not start here: {reason}")]
    Fence { step: StepId, reason: String },
    /// The proof does not prove it.
    #[error("{step} is not proved: {reason}")]
    Proof { step: StepId, reason: String },
    /// A fact that cannot follow what was before it, as when it comes twice or too late.
    #[error("{0}")]
    Impossible(#[from] Corrupt),
    /// Not built yet.
    #[error("{0}: not yet in this version")]
    NotYet(&'static str),
    /// Open matters stand in the way of closing.
    #[error("the run cannot close: {}", what.join("; "))]
    Open { what: Vec<String> },
}
