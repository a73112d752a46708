//! What is true of one step and of one attempt, as the facts so far say.

use super::event::{ClosedAs, Edited, Guard, Proof, SettledAs};
use crate::outcome::{Ended, Outcome, Process};
use crate::runbook::model::{Answer, Hazard, StepId};
use std::collections::BTreeMap;

/// Where a step stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Nothing has happened that counts.
    #[default]
    Todo,
    /// An attempt was intended and its end was not seen yet.
    Running,
    /// It happened; this is how that is known.
    Done(Proof),
    /// It was decided; the outcome.
    Decided(String),
    /// It ran and did not give what was expected.
    Failed,
    /// It started and its end was not seen: a person settles it.
    Unknown,
    /// It was passed over, for this reason.
    Skipped(String),
    /// It was put off until then, as the runbook offers.
    Deferred {
        /// When it is due, RFC 3339 UTC.
        due: String,
        /// Why.
        reason: String,
    },
    /// Its condition does not hold, because of this.
    NotTaken(String),
    /// A fix that was not chosen.
    Dormant,
}

impl StepState {
    /// Tells whether the run may go on past it.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Todo | Self::Running | Self::Failed | Self::Unknown => false,
            Self::Done(_)
            | Self::Decided(_)
            | Self::Skipped(_)
            | Self::Deferred { .. }
            | Self::NotTaken(_)
            | Self::Dormant => true,
        }
    }

    /// Tells whether it counts as a step of this run: neither on a path not taken nor a fix not chosen.
    pub fn is_in_force(&self) -> bool {
        !matches!(self, Self::NotTaken(_) | Self::Dormant)
    }

    /// Returns the one word for it, the same on every screen and in every text.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Running => "running",
            Self::Done(Proof::Verified) => "verified",
            Self::Done(Proof::Attested { .. }) => "attested",
            Self::Decided(_) => "decided",
            Self::Failed => "FAILED",
            Self::Unknown => "UNKNOWN",
            Self::Skipped(_) => "skipped",
            Self::Deferred { .. } => "deferred",
            Self::NotTaken(_) => "not taken",
            Self::Dormant => "not chosen",
        }
    }
}

/// One try at a piece of work, with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Its number, counted from 1.
    pub number: u32,
    /// How much it can hurt, as written when it was intended.
    pub hazard: Hazard,
    /// The thing acted on.
    pub target: Option<String>,
    /// The command as shown.
    pub shown: String,
    /// SHA-256 of the resolved command.
    pub digest: String,
    /// The guard that was passed.
    pub guard: Guard,
    /// Why it was tried again against the rule.
    pub override_reason: Option<String>,
    /// What the runbook has and why it was changed, when a person typed the command.
    pub edited: Option<Edited>,
    /// How far it got.
    pub life: Life,
    /// An interrupt was asked for.
    pub stopping: bool,
    /// How it was settled by a person.
    pub settled: Option<Settlement>,
    /// The count of facts when it was intended; orders attempts of different works.
    pub since: usize,
    /// The count of facts when its end was learned.
    pub until: Option<usize>,
    /// Where its work stood before it: returned to when it provably never ran.
    pub(super) before: StepState,
    /// Whether its step counted as an open change before it.
    pub(super) open_before: bool,
}

/// How far an attempt got.
#[derive(Clone, Debug)]
pub enum Life {
    /// It was made durable that it will be tried. Provably nothing ran yet.
    Intended,
    /// A keeper has it: it may have run.
    Started {
        /// The keeper.
        keeper: Process,
        /// The command.
        child: Process,
    },
    /// Its outcome was seen.
    Ended {
        /// The outcome.
        outcome: Box<Outcome>,
        /// True when it was read after the face had been away.
        recovered: bool,
    },
    /// Its end was not seen and will not be.
    Lost {
        /// Why.
        reason: String,
        /// The last lines that were kept.
        last_lines: Vec<String>,
    },
    /// It was done by hand and said so.
    Ticked {
        /// What was said.
        said: String,
    },
}

/// How a person settled an attempt.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// As what.
    pub as_: SettledAs,
    /// How that is known.
    pub proof: Proof,
}

impl Attempt {
    /// Tells whether it ran, or may have.
    pub fn may_have_run(&self) -> bool {
        let settled = self.settled.as_ref().map(|settled| settled.as_);
        self.not_started().is_none() && settled != Some(SettledAs::NotStarted)
    }

    /// Tells whether it was intended or started and has no end yet.
    pub fn is_living(&self) -> bool {
        matches!(self.life, Life::Intended | Life::Started { .. })
    }

    /// Returns its outcome, if it was seen.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.life {
            Life::Ended { outcome, .. } => Some(outcome),
            Life::Intended | Life::Started { .. } | Life::Lost { .. } | Life::Ticked { .. } => None,
        }
    }

    /// Tells whether it did what it was for, as was seen or as a person said.
    pub fn succeeded(&self) -> bool {
        match (&self.settled, &self.life) {
            (Some(settled), _) => settled.as_ == SettledAs::Done,
            (None, Life::Ticked { .. }) => true,
            (None, _) => self.outcome().is_some_and(Outcome::passed),
        }
    }

    /// Returns why it provably never ran, if that is so.
    pub fn not_started(&self) -> Option<&str> {
        match &self.outcome()?.ended {
            Ended::CouldNotStart { reason } => Some(reason),
            Ended::NeverReleased => Some("it was never released"),
            Ended::Exit { .. } | Ended::Signal { .. } | Ended::Timeout | Ended::Interrupted => None,
        }
    }
}

/// Says what an outcome makes of its work; `None` when provably nothing ran.
///
/// Above `read`, only a seen exit counts as an end: a signal, a timeout or an interrupt says that the command was
/// stopped, not what it had done by then.
pub(super) fn judge(hazard: Hazard, outcome: &Outcome) -> Option<StepState> {
    match &outcome.ended {
        Ended::CouldNotStart { .. } | Ended::NeverReleased => None,
        Ended::Exit { .. } if outcome.passed() => Some(StepState::Done(Proof::Verified)),
        Ended::Exit { .. } => Some(StepState::Failed),
        Ended::Signal { .. } | Ended::Timeout | Ended::Interrupted => Some(unseen(hazard)),
    }
}

/// Says what an end that was not seen makes of its work.
pub(super) fn unseen(hazard: Hazard) -> StepState {
    if hazard == Hazard::Read { StepState::Failed } else { StepState::Unknown }
}

/// One way through a decision; reopening begins another.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// The answers by question, in order.
    pub answers: Vec<(Answer, String)>,
    /// What was decided, and why.
    pub decided: Option<(String, String)>,
}

/// A consequence that must be cleared before the run closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedNote {
    /// The step that raised it.
    pub step: StepId,
    /// What must be cleared.
    pub note: String,
    /// By whom.
    pub owner: Option<String>,
}

/// A note of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// What it says.
    pub text: String,
    /// What it is about: `seen`, `said`, `todo`.
    pub kind: String,
    /// Who left it from another terminal; none for the operator's own.
    pub by: Option<String>,
}

/// Something done differently from the runbook, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The step.
    pub step: StepId,
    /// What was different: `skipped`, `decided otherwise`, `started again against the rule`.
    pub what: &'static str,
    /// Why.
    pub reason: String,
}

/// How the run closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// As what.
    pub as_: ClosedAs,
    /// Why.
    pub reason: String,
    /// The changes that stayed open.
    pub open_changes: Vec<StepId>,
    /// The runbook it goes on in.
    pub continued_in: Option<String>,
}

/// Everything that is kept of one step besides its attempts.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    /// Where the step stands.
    pub state: StepState,
    /// Where its way back stands.
    pub undo: StepState,
    /// Its effect may be there, and was not undone. The number orders changes by when they were made.
    pub open: Option<usize>,
    /// Values given to it.
    pub given: BTreeMap<String, String>,
    /// Values captured by it, or given when it was settled or skipped.
    pub captures: BTreeMap<String, String>,
    /// Its decisions.
    pub rounds: Vec<Round>,
    /// The consequence it raised and nobody cleared.
    pub raised: Option<RaisedNote>,
    /// The failed step a fix was chosen for.
    pub fix_for: Option<StepId>,
    /// The count of facts when it was last opened again: what its checks said before counts no more.
    pub reopened: usize,
}

impl Slot {
    /// Returns the present way through its decision, numbered from 1.
    pub fn round(&self) -> u32 {
        u32::try_from(self.rounds.len()).unwrap_or(u32::MAX).max(1)
    }

    /// Tells whether its change was made, or may have been, and its way back not taken.
    pub fn was_made(&self) -> bool {
        let ran = matches!(self.state, StepState::Done(_) | StepState::Failed | StepState::Unknown);
        ran && !matches!(self.undo, StepState::Done(_))
    }

    /// Tells whether its change was made and taken back.
    pub fn undone(&self) -> bool {
        self.open.is_none() && matches!(self.undo, StepState::Done(_))
    }
}
