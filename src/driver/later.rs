//! What became of steps that were put off, once their run was closed.
//!
//! A closed journal stays closed. What was done since stands in a journal of its own beside it, in `later/`, with the same
//! records and the same chain; each of its facts names the record of the run's journal that it follows.

use super::clock::Clock;
use super::note::is_closed;
use super::status::{RunStatus, State, status};
use crate::engine::deferral::Due;
use crate::engine::event::{Event, Mode};
use crate::journal::error::OpenError;
use crate::journal::file;
use crate::journal::identity::Identity;
use crate::journal::record::Head;
use crate::journal::scan::End;
use crate::journal::shelf::{RunFolder, later};
use crate::runbook::model::StepId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::Path;

/// A fact of `later/`; the vocabulary of its own small journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Fact {
    /// What was put off was done.
    DoneLater {
        step: StepId,
        /// When it was due.
        due: String,
        /// What was done, in the words of who did it.
        said: String,
        /// The head of the run's journal at that time.
        journal: Head,
    },
}

/// A step that was done after its run was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneLater {
    /// The step.
    pub step: StepId,
    /// What was done.
    pub said: String,
    /// When that was recorded.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

impl DoneLater {
    /// Says it: when, by whom, what.
    pub fn in_words(&self) -> String {
        format!("{} by {}: {}", self.at.format("%Y-%m-%dT%H:%M:%SZ"), self.by, self.said)
    }
}

/// Everything that is recorded beside a closed journal.
#[derive(Clone, Debug, Default)]
pub struct Later {
    /// What was done, in the order in which it was recorded. Only what holds and follows this very journal.
    pub done: Vec<DoneLater>,
    /// What of it cannot be believed, if anything: then the step counts as not done.
    pub fault: Option<String>,
}

impl Later {
    /// Reads what lies in a run's folder; `knows` tells whether a head is one of the run's own journal.
    pub fn read(dir: &Path, run: &str, knows: impl Fn(&Head) -> bool) -> Self {
        let reading = match file::read::<Fact>(&later(dir, run)) {
            Ok(reading) => reading,
            Err(e) if e.kind() == ErrorKind::NotFound => return Self::default(),
            Err(e) => return Self { fault: Some(format!("it cannot be read: {e}")), done: vec![] },
        };
        let mut all = Self::default();
        if let End::Bad { seq, flaw, .. } = &reading.end {
            all.fault = Some(format!("its record {seq} does not hold: {flaw}"));
        }
        for record in &reading.records {
            for Fact::DoneLater { step, said, journal, .. } in &record.events {
                if knows(journal) {
                    let (step, said) = (step.clone(), said.clone());
                    all.done.push(DoneLater { step, said, at: record.at, by: record.by.name() });
                } else {
                    let seq = record.seq;
                    all.fault = Some(format!("its record {seq} follows another journal than this"));
                }
            }
        }
        all
    }

    /// Finds what was done about a step.
    pub fn of(&self, step: &StepId) -> Option<&DoneLater> {
        self.done.iter().find(|done| done.step == *step)
    }
}

/// Why it cannot be recorded that something was done later.
#[derive(Debug, thiserror::Error)]
pub enum LaterError {
    /// The run still goes on.
    #[error("the run is open; what was put off is taken up and done in it")]
    Open,
    /// Nothing of it happened.
    #[error("this was a rehearsal; nothing that was put off in it is due")]
    Rehearsal,
    /// The journal of the run does not hold, or cannot be read.
    #[error("the journal of this run does not hold: {0}")]
    Damaged(String),
    /// No such step was put off.
    #[error("{wanted} was not put off in this run")]
    NotPutOff {
        /// What was named.
        wanted: String,
        /// What was put off, and waits.
        waits: Vec<Due>,
    },
    /// It was recorded before.
    #[error("{step} is recorded as done already: {before}")]
    Already {
        /// The step.
        step: StepId,
        /// When, by whom, what.
        before: String,
    },
    /// Another terminal is at it.
    #[error("another terminal is writing beside this journal")]
    Held,
    /// The files.
    #[error("it cannot be recorded: {0}")]
    Io(String),
}

/// Records that a step which was put off in a closed run was done: beside its journal, which stays as it is.
///
/// Returns what was recorded. Nothing is started, and nothing is recorded twice.
pub fn done_later(
    folder: &RunFolder,
    identity: &Identity,
    clock: &dyn Clock,
    wanted: &str,
    said: &str,
) -> Result<DoneLater, LaterError> {
    let io = |e: &dyn std::fmt::Display| LaterError::Io(e.to_string());
    let reading = file::read::<Event>(&folder.path).map_err(|e| io(&e))?;
    let stands = status(folder);
    if stands.state == State::Damaged {
        return Err(LaterError::Damaged(stands.needs));
    }
    if !is_closed(&reading.records) {
        return Err(LaterError::Open);
    }
    if stands.mode != Some(Mode::Live) {
        return Err(LaterError::Rehearsal);
    }
    let head = reading.head().ok_or(LaterError::Open)?;
    let knows = |head: &Head| reading.records.iter().any(|record| record.head() == *head);
    // Asked before anything is made, and again under the lock: two terminals that say it at once are one record.
    let open = || still_open(&stands, wanted, &Later::read(&folder.path, &folder.name, knows));
    open()?;
    let opened = folder.open_later::<Fact>().map_err(|e| match e {
        OpenError::Held { .. } => LaterError::Held,
        other => io(&other),
    })?;
    let mut writer = opened.writer;
    let due = open()?;
    let fact = Fact::DoneLater {
        step: due.step.clone(),
        due: due.due,
        said: said.to_owned(),
        journal: head,
    };
    let stamp = clock.stamp();
    writer.append(&stamp, identity, &[fact]).map_err(|e| io(&e))?;
    Ok(DoneLater { step: due.step, said: said.into(), at: stamp.at, by: identity.name() })
}

/// Finds what is named among what was put off, if nobody has recorded it as done.
fn still_open(stands: &RunStatus, wanted: &str, later: &Later) -> Result<Due, LaterError> {
    if let Some(done) = later.done.iter().find(|done| done.step.as_str() == wanted) {
        return Err(LaterError::Already { step: done.step.clone(), before: done.in_words() });
    }
    let fits = |due: &&Due| due.step.as_str() == wanted || due.number == wanted;
    let due = stands.deferred.iter().find(fits).filter(|due| later.of(&due.step).is_none());
    due.cloned().ok_or_else(|| LaterError::NotPutOff {
        wanted: wanted.into(),
        waits: stands.deferred.clone(),
    })
}
