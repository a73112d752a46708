//! What has happened: the vocabulary of the journal. Facts, in the past tense, never intentions.
//!
//! Every value an event carries is final: replaying needs no clock, no file and no rule of today.

use super::left_open::LeftOpen;
use crate::outcome::Outcome;
use crate::outcome::Process;
use crate::runbook::model::{Answer, Hazard, Meaning, StepId, StopAs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Which piece of work of a step an attempt belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The step itself.
    Main,
    /// Its probe.
    Probe,
    /// Its way back.
    Undo,
    /// The evidence check of this question of its ladder, counted from 1.
    Question(u32),
    /// The fence, before it; or its own check again.
    Fence,
}

/// A piece of work: a step and a part of it. Written `restore`, `restore/probe`, `choose/q2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Work {
    /// The step.
    pub step: StepId,
    /// The part.
    pub part: Part,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Part::Main => write!(f, "{}", self.step),
            Part::Probe => write!(f, "{}/probe", self.step),
            Part::Undo => write!(f, "{}/undo", self.step),
            Part::Question(n) => write!(f, "{}/q{n}", self.step),
            Part::Fence => write!(f, "{}/fence", self.step),
        }
    }
}

/// One try at a piece of work. Numbers count from 1 per work and are never reused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptId {
    /// The work.
    #[serde(flatten)]
    pub work: Work,
    /// The number of the try.
    pub attempt: u32,
}

impl AttemptId {
    /// Returns the name used for folders and files: `restore`, `restore-probe`, with `.n` from the second try on.
    pub fn slug(&self) -> String {
        let work = self.work.to_string().replace('/', "-");
        if self.attempt == 1 { work } else { format!("{work}.{}", self.attempt) }
    }
}

/// The mode of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real commands.
    Live,
    /// A simulated world.
    Rehearsal,
}

impl Mode {
    /// Returns the word on every screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "LIVE",
            Self::Rehearsal => "REHEARSAL",
        }
    }

    /// Returns what every record of such a run says; nothing for a live one.
    pub fn mark(self) -> Option<&'static str> {
        match self {
            Self::Live => None,
            Self::Rehearsal => Some("rehearsal"),
        }
    }
}

/// The guard that was passed before an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Read-only work needs none.
    None,
    /// Shown in full, armed, and run with a second key or word.
    Armed,
    /// Armed, and the target's name typed.
    Typed {
        /// What was typed.
        text: String,
    },
    /// Typed, with a reason and a witness.
    Witnessed {
        /// What was typed.
        text: String,
        /// Why it is done now and not deferred.
        reason: String,
        /// The witness's name, spoken, not verified.
        witness: String,
    },
}

/// How it is known that something is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A check proved it.
    Verified,
    /// A person said so, in these words.
    Attested {
        /// How they know.
        how: String,
    },
}

/// How an unknown outcome was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledAs {
    /// It happened.
    Done,
    /// It did not happen; the step is to do again.
    NotStarted,
    /// It happened and went wrong.
    Failed,
}

/// Who gave an answer or a value, besides the record's `by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Typed or chosen in the run.
    Operator,
    /// Picked from what a discovery found, before the run was open.
    Discovered,
    /// `-p name=value` or a parameter file.
    Flag,
    /// The answers file.
    Answers,
    /// The settings of the environment.
    Environment,
    /// The runbook's default.
    Default,
    /// The scenario of a rehearsal.
    Scenario,
    /// The run that this one continues.
    Continued,
}

/// A given value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The value.
    pub value: String,
    /// Who gave it.
    pub source: Source,
}

/// What a command would have been that a person changed before it ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// The command as the runbook has it, secrets by name.
    pub runbook: String,
    /// Why it was changed.
    pub why: String,
}

/// The facts of a run, in the past tense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields repeat the words of the documented variants")]
pub enum Event {
    /// The first record: what is run, by whom, on what, from which pinned files.
    RunOpened(Box<Opened>),
    /// A step's condition became decided: it is not in force, because of this.
    NotApplicable { step: StepId, reason: String },
    /// Values were given within the run.
    ValuesGiven { step: StepId, values: BTreeMap<String, Given> },
    /// An attempt was intended: shown, guarded, and made durable before anything started.
    AttemptIntended {
        #[serde(flatten)]
        id: AttemptId,
        hazard: Hazard,
        target: Option<String>,
        /// The command as shown, secrets by name.
        shown: String,
        /// SHA-256 of the resolved command.
        digest: String,
        guard: Guard,
        /// Why it was tried again though the outcome before was unknown; a deviation.
        override_reason: Option<String>,
        /// Set when a person changed the command; a deviation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edited: Option<Edited>,
    },
    /// The keeper holds the command at the gate; from here on it may have run.
    AttemptStarted {
        #[serde(flatten)]
        id: AttemptId,
        keeper: Process,
        child: Process,
    },
    /// The outcome was seen.
    AttemptEnded {
        #[serde(flatten)]
        id: AttemptId,
        outcome: Box<Outcome>,
        /// True when it was taken from the keeper's file after the face had been away.
        recovered: bool,
    },
    /// The end was not seen and will not be: the keeper is gone.
    AttemptLost {
        #[serde(flatten)]
        id: AttemptId,
        reason: String,
        /// The last lines the spool has.
        last_lines: Vec<String>,
        /// How long it took in the story of a rehearsal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        story_ns: Option<u64>,
    },
    /// An interrupt was asked for.
    StopRequested {
        #[serde(flatten)]
        id: AttemptId,
    },
    /// An unknown or failed attempt was settled by a person, with or without a probe.
    AttemptSettled {
        #[serde(flatten)]
        id: AttemptId,
        as_: SettledAs,
        proof: Proof,
        /// What the probe meant, when one was run, and its attempt number.
        probe: Option<(u32, Meaning)>,
        /// Captures filled by the probe or typed.
        captures: BTreeMap<String, String>,
    },
    /// A statement was ticked, or a manual step or a way back by hand was said to be done.
    Ticked {
        #[serde(flatten)]
        id: AttemptId,
        hazard: Hazard,
        target: Option<String>,
        guard: Guard,
        said: String,
    },
    /// A question of a ladder was answered.
    Answered {
        step: StepId,
        attempt: u32,
        question: u32,
        answer: Answer,
        /// What the evidence check suggested, if it was run.
        suggested: Option<Answer>,
        why: String,
    },
    /// A decision was made.
    Decided {
        step: StepId,
        attempt: u32,
        outcome: String,
        why: String,
        /// The ladder or the suggestion said something else.
        deviation: bool,
    },
    /// A step was skipped; always a deviation.
    Skipped { step: StepId, reason: String, captures: BTreeMap<String, String> },
    /// A step was put off, as its runbook offers: until then, for this reason. Not a deviation.
    Deferred { step: StepId, due: String, reason: String },
    /// A fix was chosen after a failure.
    FixChosen { step: StepId, fix: StepId },
    /// These steps were opened again: new attempts, their captures and decisions count no more.
    StepsReopened { steps: Vec<StepId>, because: StepId },
    /// A consequence was latched.
    Raised { step: StepId, note: String, owner: Option<String> },
    /// A latched consequence was cleared.
    Cleared { step: StepId, how: String },
    /// A change that was taken over, of that run and step, is looked after: taken back by hand, or it stays for a reason.
    TakenOverSettled { run: String, step: StepId, how: String },
    /// A note. `inbox` is the id of the file it came from, so that it cannot be taken twice.
    Noted {
        text: String,
        kind: String,
        inbox: Option<String>,
        from: Option<BTreeMap<String, String>>,
    },
    /// The run was put on hold.
    Held { reason: String },
    /// A face took the run up again.
    Resumed { face: String, gap_ns: Option<u64>, taken_from: Option<BTreeMap<String, String>> },
    /// A face left; commands go on.
    Left { face: String, why: String },
    /// A torn tail was set aside.
    TailSetAside { offset: u64, length: u64, sha256: String, file: String },
    /// Wall clock and boot clock moved apart by more than 2 s.
    ClockJumped { wall_ns: i64, boot_ns: i64 },
    /// The run closed.
    RunClosed {
        as_: ClosedAs,
        reason: String,
        open_changes: Vec<StepId>,
        continued_in: Option<String>,
    },
}

impl Event {
    /// Returns the opening of a run, if that is what it is.
    pub fn opened(&self) -> Option<&Opened> {
        match self {
            Self::RunOpened(opened) => Some(opened),
            _ => None,
        }
    }

    /// Returns the values that were given, if that is what it is.
    pub fn given(&self) -> Option<&BTreeMap<String, Given>> {
        match self {
            Self::ValuesGiven { values, .. } => Some(values),
            _ => None,
        }
    }

    /// Returns the fact's name as it stands in a journal: `attempt_started`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RunOpened(_) => "run_opened",
            Self::NotApplicable { .. } => "not_applicable",
            Self::ValuesGiven { .. } => "values_given",
            Self::AttemptIntended { .. } => "attempt_intended",
            Self::AttemptStarted { .. } => "attempt_started",
            Self::AttemptEnded { .. } => "attempt_ended",
            Self::AttemptLost { .. } => "attempt_lost",
            Self::StopRequested { .. } => "stop_requested",
            Self::AttemptSettled { .. } => "attempt_settled",
            Self::Ticked { .. } => "ticked",
            Self::Answered { .. } => "answered",
            Self::Decided { .. } => "decided",
            Self::Skipped { .. } => "skipped",
            Self::Deferred { .. } => "deferred",
            Self::FixChosen { .. } => "fix_chosen",
            Self::StepsReopened { .. } => "steps_reopened",
            Self::Raised { .. } => "raised",
            Self::Cleared { .. } => "cleared",
            Self::TakenOverSettled { .. } => "taken_over_settled",
            Self::Noted { .. } => "noted",
            Self::Held { .. } => "held",
            Self::Resumed { .. } => "resumed",
            Self::Left { .. } => "left",
            Self::TailSetAside { .. } => "tail_set_aside",
            Self::ClockJumped { .. } => "clock_jumped",
            Self::RunClosed { .. } => "run_closed",
        }
    }
}

/// How a run closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedAs {
    /// Every step in force is done or skipped.
    Done,
    /// It did not reach its goal.
    Failed,
    /// It was stopped by a person.
    Stopped,
    /// Somebody else goes on.
    HandedOver,
    /// It goes on in another runbook.
    ContinuedIn,
}

impl From<StopAs> for ClosedAs {
    fn from(stop: StopAs) -> Self {
        match stop {
            StopAs::Failed => Self::Failed,
            StopAs::HandedOver => Self::HandedOver,
        }
    }
}

/// A pinned file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// Path below `runbook/`.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// The content of record 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Journal format.
    pub format: u32,
    /// Program and version.
    pub program: String,
    /// The run's name: `20261121T025512Z-database-corruption-7F3K`.
    pub run: String,
    /// Live or rehearsal.
    pub mode: Mode,
    /// `system/name` of the runbook.
    pub runbook: String,
    /// Its title.
    pub title: String,
    /// Its version text.
    pub version: String,
    /// Where it came from: `built in`, or a path.
    pub origin: String,
    /// SHA-256 over the pinned list.
    pub digest: String,
    /// Every pinned file.
    pub pinned: Vec<Pinned>,
    /// The environment's shown word: `PROD`, `LOCAL`.
    pub environment: String,
    /// The operator's claimed name.
    pub operator: String,
    /// The host.
    pub host: String,
    /// The incident's id, if given.
    pub incident: Option<String>,
    /// When the incident began, RFC 3339 UTC.
    pub incident_start: Option<String>,
    /// Parameters and environment values, without secrets.
    pub params: BTreeMap<String, Given>,
    /// Names of secrets and the kind of their source.
    pub secrets: BTreeMap<String, String>,
    /// Built-in values: `run.id`, `run.stamp`, `run.work`, `run.tmp`, `runbook.dir`.
    pub builtins: BTreeMap<String, String>,
    /// Names of inherited environment variables, without values.
    pub inherited: Vec<String>,
    /// The face that opened it: `line`, `headless`, `tui`.
    pub face: String,
    /// The full name of the run this one continues, if any.
    pub continues: Option<String>,
    /// What that run and those before it left open, as facts of this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_over: Vec<LeftOpen>,
    /// The world of a rehearsal; absent in a live run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Rehearsed>,
}

/// The scenario that a rehearsal plays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsed {
    /// Its name: `bad-migration`.
    pub name: String,
    /// Its pinned file.
    pub file: String,
    /// Its title.
    pub title: String,
    /// When its story begins, RFC 3339 UTC.
    pub begins: Option<String>,
}
