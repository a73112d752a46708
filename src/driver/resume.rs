//! Coming back to a run: read, look at what its commands did meanwhile, wake it. Nothing is started.

use super::Driver;
use super::DriverError;
use super::clock::Clock;
use super::env;
use super::inbox::observed;
use super::log::{Log, LogError};
use super::note::{is_closed, torn_events};
use super::pinned;
use super::place;
use super::place::RunPlace;
use super::simulated;
use super::tasks;
use super::tasks::Task;
use crate::engine::command::Command;
use crate::engine::event::{AttemptId, Event, Opened};
use crate::engine::past::{Past, Seen};
use crate::engine::plan::Plan;
use crate::exec::attach;
use crate::exec::attach::{Look, Secrets};
use crate::exec::process;
use crate::journal::anchor;
use crate::journal::anchor::{Anchors, Standing};
use crate::journal::error::OpenError;
use crate::journal::file::{Reopened, Writer};
use crate::journal::holder;
use crate::journal::holder::Holder;
use crate::journal::identity::Identity;
use crate::journal::inbox;
use crate::journal::inbox::Asks;
use crate::journal::record::{Head, Record};
use crate::journal::shelf::RunFolder;
use crate::outcome::Process;
use crate::runbook::parse;
use crate::runbook::place::{Finding, Source};
use chrono::{DateTime, Utc};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// How long a holder is given to answer each way of asking.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Somebody else writes this run.
#[derive(Clone, Debug)]
pub struct Busy {
    /// Who said last that they hold it; none when they did not say.
    pub holder: Option<Holder>,
}

/// Why a run cannot be taken up.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// Somebody else writes it.
    #[error("another terminal holds this run{}", said(.0.holder.as_ref()))]
    Busy(Box<Busy>),
    /// It is closed.
    #[error("this run is closed")]
    Closed,
    /// It ends before a record that was anchored, or holds another one in its place. What is missing may have been the
    /// start of a change, so going on could do it twice.
    #[error(
        "the journal contradicts its anchor at record {seq}: records were cut off or rewritten"
    )]
    Contradicted {
        /// The anchored record.
        seq: u64,
    },
    /// Its journal does not say how it began.
    #[error("this journal has no first record that opens a run")]
    NoOpening,
    /// A pinned file is not what record 0 says.
    #[error("the pinned file {path} differs from what was recorded when the run was opened")]
    PinnedDiffers {
        /// The file.
        path: String,
    },
    /// It has no record: it was given up, or its machine stopped, before it was opened. Nothing of it ran.
    #[error("this run was never opened; nothing of it ran")]
    NeverOpened,
    /// The pinned runbook cannot be read by this version.
    #[error("this version cannot read the pinned runbook ({} findings)", .0.len())]
    Runbook(Vec<Finding>),
    /// The pinned scenario is not there, cannot be read, or is not told of in every record.
    #[error("this rehearsal cannot go on: {0}")]
    Scenario(String),
    /// Its facts contradict each other.
    #[error("the journal's facts contradict each other: {0}")]
    Corrupt(String),
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(OpenError),
    /// A file or folder.
    #[error(transparent)]
    Driver(#[from] DriverError),
}

fn said(holder: Option<&Holder>) -> String {
    let Some(holder) = holder else { return String::new() };
    let tty = holder.by.tty.as_deref().map_or(String::new(), |tty| format!(" on {tty}"));
    let (who, pid) = (holder.by.name(), holder.pid);
    format!(": {who}{tty}, pid {pid}, since {}", holder.since.format("%Y-%m-%d %H:%M:%SZ"))
}

/// What a face brings along when it takes a run up.
pub struct Takeover {
    /// The face.
    pub face: String,
    /// Take it from another terminal.
    pub take: bool,
    /// Refuse everything above `read`.
    pub read_only: bool,
    /// The program that keepers and gates are started from.
    pub exe: PathBuf,
    /// Names of the environment the program was started with.
    pub env_names: Vec<String>,
    /// The data folder, where the anchors are.
    pub data: PathBuf,
    /// Said by the face while it waits for a holder: one line each.
    pub tell: Box<dyn FnMut(&str)>,
}

impl Driver {
    /// Takes a run up again. What its commands did meanwhile is taken in from their keepers' files; nothing is started.
    pub fn resume(
        folder: &RunFolder,
        identity: Identity,
        clock: Box<dyn Clock>,
        mut with: Takeover,
    ) -> Result<Self, ResumeError> {
        let (opened, taken_from) = open_or_take(folder, &identity, &*clock, &mut with)?;
        let Reopened { writer, records, torn } = opened;
        say_holder(&folder.path, &identity, &*clock);
        let anchors = Anchors::new(&with.data);
        let reach = anchored(&anchors, &folder.name, &records)?;
        if records.is_empty() {
            return Err(ResumeError::NeverOpened);
        }
        if is_closed(&records) {
            // The machine may have stopped between the last record and its anchor.
            if reach != writer.head() {
                let mut log = Log::new(writer, anchors, identity, clock, None);
                log.anchor("close").map_err(DriverError::from)?;
            }
            return Err(ResumeError::Closed);
        }
        let facts: Vec<Event> = records.iter().flat_map(|r| r.events.iter().cloned()).collect();
        let Some(Event::RunOpened(first)) = facts.first() else {
            return Err(ResumeError::NoOpening);
        };
        let marked = records.first().and_then(|record| record.mode.as_deref());
        if marked != first.mode.mark() {
            return Err(ResumeError::Scenario("its records tell of another kind of run".into()));
        }
        let place = place_of(&folder.path, first)
            .map_err(|error| DriverError::Io { what: "the folders of the run".into(), error })?;
        let plan = pinned_plan(&place, first)?;
        let past = Past::read(plan, &facts).map_err(|e| ResumeError::Corrupt(e.to_string()))?;
        let seqs = seqs_of(&records);
        let (seen, running) = look_around(&past, &place, &seqs, &facts);
        let last = records.last().map(Record::stamp);
        let gap_ns = last.as_ref().and_then(|last| clock.stamp().since(last));
        let stage = simulated::reopened(&place, first, past.plan().runbook(), &facts)?;
        let opened_at = records.first().map_or_else(|| clock.stamp(), Record::stamp);
        let (run, woken) = past.wake(&seen);
        let (_, env_remove) = env::split(with.env_names.into_iter());
        let mut driver = Self {
            run,
            log: Log::new(writer, anchors, identity, clock, last),
            place,
            tasks: running,
            seqs,
            children: children_of(&facts),
            // A story has its own clock, and what was on is over in a moment.
            began: if stage.is_some() { BTreeMap::new() } else { began_of(&records) },
            secrets: Secrets::new(),
            exe: with.exe,
            env_remove,
            read_only: with.read_only,
            request: None,
            meanwhile: Vec::new(),
            elsewhere: super::elsewhere::Elsewhere::default(),
            stage,
            opened_at,
            playing: BTreeMap::new(),
        };
        driver.record(&torn_events(&torn, &records))?;
        driver.log.append_woken(&woken)?;
        driver.tell_the_world(&woken);
        driver.must(&Command::Resume { face: with.face, gap_ns, taken_from })?;
        driver.meanwhile = woken;
        Ok(driver)
    }
}

/// Returns the farthest anchored head; a journal that an anchor contradicts is not gone on with.
fn anchored(
    anchors: &Anchors,
    run: &str,
    records: &[Record<Event>],
) -> Result<Option<Head>, ResumeError> {
    let known = anchors
        .read()
        .map_err(|error| DriverError::Io { what: "reading the anchors".into(), error })?;
    match anchor::standing(&known, run, records) {
        Standing::None => Ok(None),
        Standing::To(head) => Ok(Some(head)),
        Standing::Contradicted { anchor, .. } => Err(ResumeError::Contradicted { seq: anchor.seq }),
    }
}

type TakenFrom = Option<BTreeMap<String, String>>;

fn open_or_take(
    folder: &RunFolder,
    identity: &Identity,
    clock: &dyn Clock,
    with: &mut Takeover,
) -> Result<(Reopened<Event>, TakenFrom), ResumeError> {
    let open = || Writer::open::<Event>(&folder.path);
    match open() {
        Ok(opening) => return Ok((opening, None)),
        Err(OpenError::Held { .. }) => {}
        Err(other) => return Err(ResumeError::Open(other)),
    }
    let holder = holder::read(&folder.path);
    if !with.take {
        return Err(ResumeError::Busy(Box::new(Busy { holder })));
    }
    let pid = rustix::process::getpid().as_raw_nonzero().get();
    let asked = inbox::leave(&folder.path, identity, &clock.stamp(), Asks::Take { pid });
    (with.tell)(&format!("asked the other terminal to let go{}", said(holder.as_ref())));
    let mut ways: Vec<(&str, &[Signal])> = vec![("", &[])];
    ways.push(("no answer; sending it TERM", &[Signal::TERM, Signal::CONT]));
    ways.push(("still no answer; ending it (its commands go on)", &[Signal::KILL]));
    for (tell, signals) in ways {
        if !tell.is_empty() {
            (with.tell)(tell);
        }
        let named = holder.as_ref().map(process_of);
        for signal in signals {
            if let Some(named) = &named {
                // Boot, pid and start time are checked there; a stranger with the same pid is left alone.
                let _ = process::signal(named, *signal);
            }
        }
        let mut waited = Duration::ZERO;
        while waited < PATIENCE {
            match open() {
                Ok(opening) => {
                    if let Ok(id) = &asked {
                        let _ = inbox::remove(&folder.path, id);
                    }
                    let from = holder.as_ref().map(|h| observed(&h.by)).unwrap_or_default();
                    return Ok((opening, Some(from)));
                }
                Err(OpenError::Held { .. }) => pause(),
                Err(other) => return Err(ResumeError::Open(other)),
            }
            waited += LOOK_EVERY;
        }
    }
    Err(ResumeError::Busy(Box::new(Busy { holder })))
}

#[expect(clippy::disallowed_methods, reason = "waits for another process, which cannot wake us")]
fn pause() {
    thread::sleep(LOOK_EVERY);
}

fn process_of(holder: &Holder) -> Process {
    Process {
        pid: holder.pid,
        group: holder.pid,
        started: holder.started,
        boot: holder.boot.clone(),
    }
}

/// Says in the run's folder who writes it now. A courtesy: the lock alone decides.
pub(super) fn say_holder(dir: &Path, identity: &Identity, clock: &dyn Clock) {
    let pid = rustix::process::getpid().as_raw_nonzero().get();
    let Some(us) = process::identify(pid) else { return };
    let holder = Holder {
        pid,
        started: us.started,
        boot: us.boot,
        by: identity.clone(),
        since: clock.stamp().at,
    };
    let _ = holder::say(dir, &holder);
}

fn place_of(dir: &Path, opened: &Opened) -> std::io::Result<RunPlace> {
    let at =
        |name: &str, fallback: PathBuf| opened.builtins.get(name).map_or(fallback, PathBuf::from);
    let place = RunPlace {
        dir: dir.to_path_buf(),
        work: at("run.work", dir.join("work")),
        tmp: at("run.tmp", dir.join("tmp")),
    };
    // A reboot empties /tmp.
    place::private_folder(&place.work)?;
    place::private_folder(&place.tmp)?;
    Ok(place)
}

fn pinned_plan(place: &RunPlace, opened: &Opened) -> Result<Plan, ResumeError> {
    let differs = |path| ResumeError::PinnedDiffers { path };
    let first = pinned::read(&place.runbook(), &opened.pinned).map_err(differs)?;
    let (path, bytes) = first.ok_or(ResumeError::NoOpening)?;
    let text = String::from_utf8(bytes).map_err(|_| differs(path.clone()))?;
    let runbook = parse::parse(&Source::new(path, text)).map_err(ResumeError::Runbook)?;
    Ok(Plan::new(runbook))
}

/// The record of each attempt's intent: it names the attempt's folder and spool.
pub(super) fn seqs_of(records: &[Record<Event>]) -> BTreeMap<AttemptId, u64> {
    let mut seqs = BTreeMap::new();
    for record in records {
        for event in &record.events {
            if let Event::AttemptIntended { id, .. } = event {
                seqs.insert(id.clone(), record.seq);
            }
        }
    }
    seqs
}

/// The keeper each started attempt was given.
pub(super) fn keepers_of<'a>(
    facts: impl IntoIterator<Item = &'a Event>,
) -> BTreeMap<AttemptId, Process> {
    let started = facts.into_iter().filter_map(|event| match event {
        Event::AttemptStarted { id, keeper, .. } => Some((id.clone(), keeper.clone())),
        _ => None,
    });
    started.collect()
}

/// The process of each started attempt.
fn children_of(facts: &[Event]) -> BTreeMap<AttemptId, Process> {
    let started = facts.iter().filter_map(|event| match event {
        Event::AttemptStarted { id, child, .. } => Some((id.clone(), child.clone())),
        _ => None,
    });
    started.collect()
}

/// When each started attempt was started.
fn began_of(records: &[Record<Event>]) -> BTreeMap<AttemptId, DateTime<Utc>> {
    let mut began = BTreeMap::new();
    for record in records {
        for event in &record.events {
            if let Event::AttemptStarted { id, .. } = event {
                began.insert(id.clone(), record.stamp().at);
            }
        }
    }
    began
}

type Around = (BTreeMap<AttemptId, Seen>, BTreeMap<AttemptId, Task>);

/// Looks at every command whose end is not recorded: ended, alive, or gone.
fn look_around(
    past: &Past,
    place: &RunPlace,
    seqs: &BTreeMap<AttemptId, u64>,
    facts: &[Event],
) -> Around {
    let keepers = keepers_of(facts);
    let (mut seen, mut running) = (BTreeMap::new(), BTreeMap::new());
    for id in past.in_doubt() {
        let (Some(seq), Some(keeper)) = (seqs.get(&id), keepers.get(&id)) else { continue };
        let (dir, spool) = (place.task(*seq), place.spool(*seq, &id.slug()));
        let found = match attach::look(&dir, keeper) {
            Ok(Look::Outcome(mut outcome)) => {
                simulated::told(&dir, &mut outcome);
                outcome.spool.file = RunPlace::spool_name(*seq, &id.slug());
                Seen::Outcome(outcome)
            }
            Ok(Look::Alive) => {
                let task = Task { dir, spool, keeper: keeper.clone(), live: None };
                running.insert(id.clone(), task);
                Seen::Alive
            }
            Ok(Look::Gone) => Seen::Gone {
                reason: "the keeper is gone and left no outcome".into(),
                last_lines: tasks::last_lines(&spool),
                story_ns: simulated::unseen(&dir),
            },
            Err(e) => Seen::Gone {
                reason: format!("the keeper's files cannot be read: {e}"),
                last_lines: tasks::last_lines(&spool),
                story_ns: simulated::unseen(&dir),
            },
        };
        seen.insert(id, found);
    }
    (seen, running)
}

impl From<LogError> for ResumeError {
    fn from(error: LogError) -> Self {
        Self::Driver(error.into())
    }
}
