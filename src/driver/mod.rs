//! The one place where engine, journal, exec and the clock meet.
//!
//! ```text
//! face ──Command──▶ decide ─▶ try on a copy ─▶ append + sync ─▶ swap ─▶ settle what is owed
//!                     └ Refusal                 (durable first …  … then true)
//! ```
//!
//! Every face speaks to this one driver, so the screen, line mode and headless mode cannot behave differently.
//! Promises: nothing starts whose intent is not on disk; nothing is called done whose outcome is not on disk; waking a
//! history starts nothing. Non-promise: it does not ask anybody anything; questions belong to the faces.

mod clock;
mod discovery;
mod edit;
mod elsewhere;
mod env;
mod inbox;
mod judgement;
mod later;
mod log;
mod moment;
mod note;
mod open;
mod pinned;
mod place;
mod prepare;
mod resume;
mod said;
mod search;
mod secrets;
mod simulated;
mod status;
mod tasks;
mod words;

pub use crate::runbook::defined::secret_names;
pub use clock::Clock;
pub use clock::SystemClock;
pub use discovery::{Bench, Discovery, LONGEST as DISCOVERY_LONGEST};
pub use edit::CannotEdit;
pub use elsewhere::LookUp;
pub use inbox::Request;
pub use judgement::expect_words;
pub use later::{DoneLater, Later, LaterError, done_later};
pub use log::LogError;
pub use moment::{completed, completed_line, moment};
pub use note::NoteError;
pub use note::NoteTaken;
pub use note::leave_note;
pub use open::Setup;
pub use prepare::CannotPrepare;
pub use prepare::Prepared;
#[cfg(test)]
pub use prepare::{Surroundings as JobSurroundings, prepare as prepared};
pub use resume::Busy;
pub use resume::ResumeError;
pub use resume::Takeover;
pub use search::{Found, Search};
pub use secrets::AskSecret;
pub use secrets::SecretError;
pub use simulated::Rehearsal;
pub use simulated::simulated_secret;
pub use status::RunStatus;
pub use status::State;
pub use status::due_now;
pub use status::not_taken_up;
pub use status::onward;
pub use status::statuses;
pub use status::taken_up_by;
pub use words::next as next_in_words;

use crate::engine::command::Command;
use crate::engine::command::Refusal;
use crate::engine::event::AttemptId;
use crate::engine::event::Event;
use crate::engine::event::Guard;
use crate::engine::event::Part;
use crate::engine::event::Work;
use crate::engine::run::Run;
use crate::exec::attach::Secrets;
use crate::journal::error::AppendError;
use crate::journal::record::{EncodeError, MAX_RECORD};
use crate::journal::stamp::Stamp;
use crate::outcome::Process;
use crate::rehearsal::Stage;
use crate::runbook::model::Hazard;
use crate::runbook::model::StepId;
use chrono::{DateTime, Utc};
use log::Log;
use place::RunPlace;
use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use tasks::Task;

/// What goes wrong in the driver besides a rule's no.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// The journal cannot be written; nothing new starts, what runs goes on.
    #[error("the journal cannot be written: {0}")]
    Log(#[from] LogError),
    /// The engine contradicted itself; nothing was recorded.
    #[error("a bug in Rutter: {0}")]
    Corrupt(String),
    /// A file or folder of the run.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The work cannot be prepared.
    #[error(transparent)]
    Prepare(#[from] CannotPrepare),
    /// A secret is missing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Repeating is refused while what ran before lives.
    #[error("{work} cannot be repeated: {}", alive.join(", "))]
    StillAlive {
        /// The work.
        work: Work,
        /// `pid 4711 (pg_restore …) is still running`.
        alive: Vec<String>,
    },
    /// A pinned file is not what record 0 says: what would run is not what was shown.
    #[error("the pinned file {path} differs from what was recorded when the run was opened")]
    PinnedDiffers {
        /// The file.
        path: String,
    },
    /// What a person typed for a command cannot run.
    #[error(transparent)]
    Edit(#[from] CannotEdit),
    /// Settings forbid changes.
    #[error("this run is read only: {0} is not started")]
    ReadOnly(Work),
}

/// The answer to a command: the facts it made, or a rule's no.
pub type Answer = Result<Vec<Event>, Refusal>;

/// A living run.
pub struct Driver {
    run: Run,
    log: Log,
    place: RunPlace,
    tasks: BTreeMap<AttemptId, Task>,
    seqs: BTreeMap<AttemptId, u64>,
    children: BTreeMap<AttemptId, Process>,
    began: BTreeMap<AttemptId, DateTime<Utc>>,
    secrets: Secrets,
    exe: PathBuf,
    env_remove: Vec<String>,
    read_only: bool,
    request: Option<Request>,
    meanwhile: Vec<Event>,
    /// The simulated world of a rehearsal. While it is there, nothing of the runbook is run.
    stage: Option<Stage>,
    /// The runbooks in which this run could go on.
    elsewhere: elsewhere::Elsewhere,
    opened_at: Stamp,
    /// Plays that are on.
    playing: BTreeMap<AttemptId, simulated::Playing>,
}

impl Driver {
    /// The run as it stands: durable facts only.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The run's name.
    pub fn name(&self) -> &str {
        self.run.opened().map_or("", |opened| opened.run.as_str())
    }

    /// The short id people say: the last four characters of the name.
    pub fn short_id(&self) -> &str {
        let name = self.name();
        name.rsplit('-').next().unwrap_or(name)
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.place.dir
    }

    /// The newest record's number and the code that stands for its hash.
    pub fn head(&self) -> (u64, String) {
        self.log.head_code()
    }

    /// The clock the records are written by.
    pub fn clock(&self) -> &dyn Clock {
        self.log.clock()
    }

    /// Refuses everything above `read` from now on, as the environment's settings or the person wish.
    pub fn forbid_changes(&mut self) {
        self.read_only = true;
    }

    /// Masks every known secret in a text made by ourselves.
    pub fn redact(&self, text: &str) -> String {
        self.log.redact(text)
    }

    /// Resolves a piece of work to what will be shown and, unchanged, run.
    pub fn prepare(&self, work: &Work) -> Result<Prepared, CannotPrepare> {
        prepare::prepare(&self.run, work, &self.surroundings())
    }

    fn surroundings(&self) -> prepare::Surroundings {
        prepare::Surroundings {
            work: self.place.work.clone(),
            runbook: self.place.runbook(),
            env_remove: self.env_remove.clone(),
            run: self.name().to_owned(),
        }
    }

    /// Asks the engine, and makes its answer durable before it is true.
    pub fn handle(&mut self, command: &Command) -> Result<Answer, DriverError> {
        let events = match self.run.decide(&self.masked(command)) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match self.record(&events) {
            Ok(_) => Ok(Ok(events)),
            Err(error) => too_long(error).map(Err),
        }
    }

    /// Tries facts on a copy, appends them as one record, then makes them true. Returns the record's number.
    fn record(&mut self, events: &[Event]) -> Result<Option<u64>, DriverError> {
        if events.is_empty() {
            return Ok(None);
        }
        let next = self.run.after(events).map_err(|e| DriverError::Corrupt(e.to_string()))?;
        let seq = self.log.append(events, self.must_be_durable(events))?;
        for event in events {
            match event {
                Event::AttemptIntended { id, .. } => drop(self.seqs.insert(id.clone(), seq)),
                Event::AttemptStarted { id, child, .. } => {
                    self.children.insert(id.clone(), child.clone());
                    self.began.insert(id.clone(), self.now());
                }
                _ => {}
            }
        }
        self.run = next;
        self.tell_the_world(events);
        if events.iter().any(|event| matches!(event, Event::RunClosed { .. })) {
            self.log.anchor("close")?;
            self.log.give_back();
            place::leave_tmp(&self.place.tmp);
        }
        Ok(Some(seq))
    }

    /// The start of read-only work may reach the disk with the next record; everything else is synced at once.
    fn must_be_durable(&self, events: &[Event]) -> bool {
        let lazy = |event: &Event| match event {
            Event::AttemptIntended { hazard, .. } => *hazard == Hazard::Read,
            Event::AttemptStarted { id, .. } => {
                self.run.attempt(id).is_some_and(|attempt| attempt.hazard == Hazard::Read)
            }
            _ => false,
        };
        !events.iter().all(lazy)
    }

    /// Starts a prepared piece of work: intent on disk, keeper held at the gate, `started` on disk, gate opened.
    ///
    /// A command that cannot be started is a fact of the run, not an error.
    pub fn start(
        &mut self,
        prepared: &Prepared,
        guard: Guard,
        override_reason: Option<String>,
    ) -> Result<Answer, DriverError> {
        if self.read_only && prepared.hazard > Hazard::Read {
            return Err(DriverError::ReadOnly(prepared.work.clone()));
        }
        self.refuse_while_alive(&prepared.work)?;
        self.require_pinned()?;
        self.require_secrets(prepared)?;
        // Once more: by now the secrets are in memory that this work and those before it are given.
        self.holds_no_secret(prepared)?;
        let command = Command::Start {
            work: prepared.work.clone(),
            guard,
            shown: prepared.shown.clone(),
            digest: prepared.digest.clone(),
            target: prepared.target.clone(),
            override_reason,
            edited: prepared.edited.clone(),
        };
        let events = match self.run.decide(&self.masked(&command)) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if prepared.hazard > Hazard::Read {
            self.log.reserve()?;
            self.log.anchor("before a change")?;
        }
        let seq = match self.record(&events) {
            Ok(seq) => seq.unwrap_or_default(),
            Err(error) => return too_long(error).map(Err),
        };
        let id = events.iter().find_map(|event| match event {
            Event::AttemptIntended { id, .. } => Some(id.clone()),
            _ => None,
        });
        let Some(id) = id else { return Ok(Ok(events)) };
        let mut all = events;
        all.extend(self.launch(&id, seq, prepared)?);
        Ok(Ok(all))
    }

    /// The spool of an attempt, to be tailed while it runs and read afterwards.
    pub fn spool(&self, id: &AttemptId) -> Option<PathBuf> {
        self.seqs.get(id).map(|seq| self.place.spool(*seq, &id.slug()))
    }

    /// When an attempt was started, by the clock of the records.
    pub fn began(&self, id: &AttemptId) -> Option<DateTime<Utc>> {
        self.began.get(id).copied()
    }

    /// The newest attempt that has output: of this step, or of all.
    pub fn newest_attempt(&self, step: Option<&StepId>) -> Option<AttemptId> {
        let seen = self.seqs.iter().filter(|(id, _)| id.work.part != Part::Fence);
        let of = seen.filter(|(id, _)| step.is_none_or(|step| id.work.step == *step));
        of.max_by_key(|(_, seq)| **seq).map(|(id, _)| id.clone())
    }

    /// The newest attempt at a step itself.
    pub fn last_attempt(&self, step: &StepId) -> Option<AttemptId> {
        let of_step = |id: &&AttemptId| id.work.step == *step && id.work.part == Part::Main;
        self.seqs.keys().rfind(of_step).cloned()
    }

    /// Leaves the run: records that the face went, and lets the writer's lock go. Commands go on.
    pub fn leave(mut self, face: &str, why: &str) -> Result<(), DriverError> {
        self.record_leaving(face, why)
    }

    /// Records that the face goes, as the last record of this session: what is told afterwards tells the newest head.
    pub fn record_leaving(&mut self, face: &str, why: &str) -> Result<(), DriverError> {
        if self.run.closed().is_none() {
            let command = Command::Leave { face: face.into(), why: why.into() };
            if let Err(refusal) = self.handle(&command)? {
                return Err(DriverError::Corrupt(refusal.to_string()));
            }
        }
        Ok(())
    }
}

/// What finds no room in one record was not recorded and did not happen: a no, and no reason to stop.
fn too_long(error: DriverError) -> Result<Refusal, DriverError> {
    match error {
        DriverError::Log(LogError::Append(AppendError::Encode(EncodeError::TooLong { size }))) => {
            Ok(Refusal::TooLong { size, most: MAX_RECORD })
        }
        other => Err(other),
    }
}
