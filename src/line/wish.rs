//! What a person, or an answers file, wants to happen next.

use crate::engine::event::{AttemptId, Given, Guard, SettledAs, Work};
use crate::runbook::model::{Answer, Meaning, StepId, StopAs};
use std::collections::BTreeMap;

/// One wish. The walk turns it into commands to the driver; whether it comes true is the engine's to say.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "fields repeat the words of the documented variants")]
pub enum Wish {
    /// Start what the next thing offers, with this guard passed.
    Start { guard: Guard, override_reason: Option<String> },
    /// Start other work than what is offered: a probe, an evidence check, a way back, a step again.
    Begin { work: Work, guard: Guard, override_reason: Option<String> },
    /// Start a command that was changed.
    Edit { work: Work, text: String, why: String, guard: Guard, override_reason: Option<String> },
    /// Values the step asks for.
    Give { step: StepId, values: BTreeMap<String, Given> },
    /// Tick a statement or manual step.
    Tick { work: Work, guard: Guard, said: String },
    /// Answer the open question.
    Answer { step: StepId, question: u32, answer: Answer, why: String },
    /// Decide.
    Decide { step: StepId, outcome: String, why: String },
    /// Settle an attempt whose end was not seen, or that failed and was mended outside.
    Settle {
        id: AttemptId,
        as_: SettledAs,
        how: String,
        probe: Option<(u32, Meaning)>,
        captures: BTreeMap<String, String>,
    },
    /// Skip.
    Skip { step: StepId, reason: String, captures: BTreeMap<String, String> },
    /// Put a step off until this time.
    Defer { step: StepId, due: String, reason: String },
    /// Take up a step that was put off.
    TakeUp { step: StepId },
    /// Choose a fix.
    Fix { step: StepId, fix: StepId },
    /// Clear a latched consequence.
    Clear { step: StepId, how: String },
    /// Settle a change that a run before left open.
    SettleTakenOver { run: String, step: StepId, how: String },
    /// Take a note.
    Note(String),
    /// Interrupt what runs.
    Interrupt(AttemptId),
    /// Put on hold and leave.
    Hold(String),
    /// Leave; commands go on.
    Quit,
    /// Stop the run on purpose.
    Stop { as_: StopAs, reason: String },
    /// End the run and go on in another runbook.
    GoOn { runbook: String, reason: String },
    /// Close the run.
    Close,
    /// Nothing yet: look again.
    Wait,
}
