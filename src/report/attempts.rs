//! Attempts as a reviewer sees them: what was meant, what ran, how it ended and how that is known.

use super::words;
use crate::engine::event::{AttemptId, Edited, Guard, Proof, SettledAs};
use crate::outcome::{Ended, Outcome};
use crate::runbook::model::{Hazard, Meaning};
use chrono::{DateTime, Utc};

/// One try at a piece of work.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which.
    pub id: AttemptId,
    /// How much it can hurt.
    pub hazard: Hazard,
    /// The thing acted on.
    pub target: Option<String>,
    /// The command as shown.
    pub shown: String,
    /// SHA-256 of the resolved command.
    pub digest: String,
    /// The guard that was passed.
    pub guard: Guard,
    /// Why it was tried though the outcome before was unknown.
    pub override_reason: Option<String>,
    /// What the runbook has and why it was changed, when a person typed the command.
    pub edited: Option<Edited>,
    /// The record of its intention.
    pub seq: u64,
    /// When it was intended.
    pub intended: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// When its gate was opened, if it was.
    pub started: Option<DateTime<Utc>>,
    /// When its end, or its loss, was recorded.
    pub ended: Option<DateTime<Utc>>,
    /// What the keeper saw.
    pub outcome: Option<Outcome>,
    /// Why its end was not seen.
    pub lost: Option<String>,
    /// How a person settled it.
    pub settled: Option<Settled>,
}

/// How an attempt was settled by a person.
#[derive(Clone, Debug)]
pub struct Settled {
    /// As what.
    pub as_: SettledAs,
    /// How it is known.
    pub proof: Proof,
    /// What the probe said.
    pub probe: Option<Meaning>,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// How an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Provably nothing ran.
    NotStarted,
    /// Its end is not recorded.
    Running,
    /// It did what was expected.
    Passed,
    /// It ended otherwise.
    Failed,
    /// Its end was not seen and nobody has settled it.
    Unknown,
    /// Settled: it happened.
    SettledDone,
    /// Settled: it did not happen.
    SettledNotStarted,
    /// Settled: it happened and went wrong.
    SettledFailed,
}

impl Attempt {
    /// Returns how it stands.
    pub fn fate(&self) -> Fate {
        match &self.settled {
            None => self.seen(),
            Some(settled) => match settled.as_ {
                SettledAs::Done => Fate::SettledDone,
                SettledAs::NotStarted => Fate::SettledNotStarted,
                SettledAs::Failed => Fate::SettledFailed,
            },
        }
    }

    /// Returns what was seen of it, before any person settled it.
    pub fn seen(&self) -> Fate {
        if self.lost.is_some() {
            return Fate::Unknown;
        }
        let Some(outcome) = &self.outcome else {
            return if self.started.is_some() { Fate::Running } else { Fate::NotStarted };
        };
        match outcome.ended {
            Ended::CouldNotStart { .. } | Ended::NeverReleased => Fate::NotStarted,
            Ended::Exit { .. } if outcome.passed() => Fate::Passed,
            Ended::Exit { .. } => Fate::Failed,
            _ if self.hazard == Hazard::Read => Fate::Failed,
            _ => Fate::Unknown,
        }
    }

    /// Tells whether it changed something, or may have.
    pub fn changed(&self) -> bool {
        let nothing = matches!(self.fate(), Fate::NotStarted | Fate::SettledNotStarted);
        self.hazard > Hazard::Read && !nothing
    }
}

impl Fate {
    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Running => "running",
            Self::Passed => "ok",
            Self::Failed => "failed",
            Self::Unknown => "UNKNOWN",
            Self::SettledDone => "settled as done",
            Self::SettledNotStarted => "settled as not started",
            Self::SettledFailed => "settled as failed",
        }
    }
}

/// Says how long a command took; of a rehearsed one, how long in its story.
pub fn took(outcome: &Outcome) -> String {
    match outcome.story_ns {
        Some(story) => format!("{} of the story", words::duration(story)),
        None => words::duration(outcome.took_ns),
    }
}

/// Says how a command ended.
pub fn ended(ended: &Ended) -> String {
    match ended {
        Ended::Exit { code } => format!("exit {code}"),
        Ended::Signal { signal } => format!("ended by signal {signal}"),
        Ended::Timeout => "stopped when its time was up".into(),
        Ended::Interrupted => "interrupted".into(),
        Ended::CouldNotStart { reason } => format!("could not start: {reason}"),
        Ended::NeverReleased => "never released, nothing ran".into(),
    }
}

/// Says which guard was passed.
pub fn guard(guard: &Guard) -> String {
    match guard {
        Guard::None => "none needed".into(),
        Guard::Armed => "armed".into(),
        Guard::Typed { text } => format!("typed \"{text}\""),
        Guard::Witnessed { text, reason, witness } => {
            format!("typed \"{text}\", witness {witness} (spoken, not verified), because: {reason}")
        }
    }
}

/// Says how something is known.
pub fn proof(proof: &Proof) -> String {
    match proof {
        Proof::Verified => "verified".into(),
        Proof::Attested { how } => format!("attested: {how}"),
    }
}
