//! How the runs on the shelf stand, seen from outside: read only, no lock, nothing taken in.

use super::later::Later;
use super::place::RunPlace;
use super::resume::{keepers_of, seqs_of};
use crate::engine::deferral::Due;
use crate::engine::event::{AttemptId, ClosedAs, Event, Mode, Opened};
use crate::engine::left_open::LeftOpen;
use crate::engine::onward::Onward;
use crate::engine::past::Past;
use crate::engine::plan::Plan;
use crate::exec::attach;
use crate::exec::attach::Look;
use crate::journal::file;
use crate::journal::record::{Head, Record};
use crate::journal::scan::End;
use crate::journal::shelf::{NotFound, RunFolder, Shelf};
use crate::runbook::parse;
use crate::runbook::place::Source;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

/// How one run stands.
#[derive(Clone, Debug, Serialize)]
pub struct RunStatus {
    /// Its name.
    pub run: String,
    /// Its short id.
    pub short: String,
    /// Live or rehearsal.
    pub mode: Option<Mode>,
    /// The environment's word.
    pub environment: String,
    /// The scenario of a rehearsal.
    pub scenario: Option<String>,
    /// `system/name`.
    pub runbook: String,
    /// Who opened it.
    pub operator: String,
    /// When it was opened.
    pub opened: Option<DateTime<Utc>>,
    /// Records so far.
    pub records: u64,
    /// One of the states below, in words.
    pub state: State,
    /// One sentence: where it is and what it needs.
    pub needs: String,
    /// Steps whose change is open, here or in the runs before it.
    pub open_changes: usize,
    /// The same, one by one.
    pub left_open: Vec<LeftOpen>,
    /// The full name of the run that it continues.
    pub continues: Option<String>,
    /// The runbook in which it goes on, once it closed so.
    pub goes_on: Option<String>,
    /// Steps that were put off and not done since, with the time at which each is due.
    pub deferred: Vec<Due>,
    /// Outcomes that lie in keepers' files and are not in the journal yet.
    pub not_taken_in: usize,
}

/// The state of a run as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A command runs.
    Running,
    /// A person is needed.
    Waiting,
    /// An outcome is unknown.
    Unknown,
    /// It is closed.
    Closed(ClosedAs),
    /// It has no record and nothing was ever launched: opening it was cut short.
    NeverOpened,
    /// Its journal is damaged.
    Damaged,
}

impl RunStatus {
    /// Lists what was put off in a run that is over and really happened; of an open run it stands under that run.
    pub fn left_for_later(&self) -> &[Due] {
        if self.state.is_open() { &[] } else { self.put_off() }
    }

    /// Lists what was put off in a run that really happens, whether it is over or not: in a rehearsal nothing becomes due.
    fn put_off(&self) -> &[Due] {
        if self.mode == Some(Mode::Live) { &self.deferred } else { &[] }
    }
}

/// Lists what is due now: put off in an open run, or in one that is over and whose runbook was not taken up again since.
pub fn due_now(runs: &[RunStatus], now: DateTime<Utc>) -> Vec<(&RunStatus, &Due)> {
    let mut due = Vec::new();
    for run in runs {
        for one in run.put_off() {
            let Ok(at) = one.due.parse::<DateTime<Utc>>() else { continue };
            let again = |other: &RunStatus| {
                other.mode == Some(Mode::Live)
                    && other.runbook == run.runbook
                    && other.opened.is_some_and(|opened| opened > at)
            };
            if at <= now && (run.state.is_open() || !runs.iter().any(again)) {
                due.push((run, one));
            }
        }
    }
    due
}

/// Lists the runs that continue this one.
pub fn taken_up_by<'a>(runs: &'a [RunStatus], run: &str) -> Vec<&'a RunStatus> {
    runs.iter().filter(|other| other.continues.as_deref() == Some(run)).collect()
}

/// Lists the closed runs that go on in another runbook and that no run continues: a hand-over that nobody took.
pub fn not_taken_up(runs: &[RunStatus]) -> Vec<&RunStatus> {
    let goes_on = runs.iter().filter(|run| run.goes_on.is_some());
    goes_on.filter(|run| taken_up_by(runs, &run.run).is_empty()).collect()
}

impl State {
    /// Tells whether the run may still go on.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed(_) | Self::NeverOpened)
    }

    /// Tells whether somebody has to come.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::Waiting | Self::Unknown | Self::Damaged)
    }
}

/// Tells how every run on the shelf stands, newest first. A damaged run hides no other.
pub fn statuses(shelf: &Shelf) -> Result<Vec<RunStatus>, NotFound> {
    Ok(shelf.list()?.iter().map(status).collect())
}

/// Tells how one run stands.
pub fn status(folder: &RunFolder) -> RunStatus {
    let damaged = |needs: String| RunStatus {
        run: folder.name.clone(),
        short: folder.short().to_owned(),
        mode: None,
        environment: String::new(),
        scenario: None,
        runbook: String::new(),
        operator: String::new(),
        opened: None,
        records: 0,
        state: State::Damaged,
        needs,
        open_changes: 0,
        left_open: Vec::new(),
        continues: None,
        goes_on: None,
        deferred: Vec::new(),
        not_taken_in: 0,
    };
    let never_opened = || {
        let mut status = damaged("it was never opened; nothing of it ran".into());
        status.state = State::NeverOpened;
        status
    };
    let reading = match file::read::<Event>(&folder.path) {
        Ok(reading) => reading,
        // The journal is made before the runbook is pinned, and that before anything is launched.
        Err(e) if e.kind() == ErrorKind::NotFound && is_empty(folder, "runbook") => {
            return never_opened();
        }
        Err(e) => return damaged(format!("the journal cannot be read: {e}")),
    };
    let records = &reading.records;
    // Without a record, but with something launched, records were lost.
    if records.is_empty() && !matches!(reading.end, End::Bad { .. }) && is_empty(folder, "tasks") {
        return never_opened();
    }
    let Some(Event::RunOpened(opened)) = records.first().and_then(|r| r.events.first()) else {
        return damaged("the journal does not say how the run began".into());
    };
    let mut status = damaged(String::new());
    status.mode = Some(opened.mode);
    status.environment.clone_from(&opened.environment);
    status.scenario = opened.scenario.as_ref().map(|scenario| scenario.name.clone());
    status.runbook.clone_from(&opened.runbook);
    status.operator.clone_from(&opened.operator);
    status.continues.clone_from(&opened.continues);
    status.opened = records.first().map(|r| r.at);
    status.records = records.len() as u64;
    if let End::Bad { seq, .. } = &reading.end {
        status.needs = format!("the journal is damaged at record {seq}");
        return status;
    }
    match look(folder, opened, records) {
        Ok(seen) => Seen::into(seen, &mut status),
        Err(why) => status.needs = why,
    }
    status
}

/// Tells whether a folder of the run has nothing in it, or is not there.
#[expect(clippy::disallowed_methods, reason = "looks into the run's folder")]
fn is_empty(folder: &RunFolder, inner: &str) -> bool {
    match fs::read_dir(folder.path.join(inner)) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) => e.kind() == ErrorKind::NotFound,
    }
}

struct Seen {
    state: State,
    needs: String,
    left_open: Vec<LeftOpen>,
    goes_on: Option<String>,
    deferred: Vec<Due>,
    not_taken_in: usize,
}

impl Seen {
    fn into(self, status: &mut RunStatus) {
        status.state = self.state;
        status.needs = self.needs;
        status.open_changes = self.left_open.len();
        status.left_open = self.left_open;
        status.goes_on = self.goes_on;
        status.deferred = self.deferred;
        status.not_taken_in = self.not_taken_in;
    }
}

/// Tells in which runbook a closed run goes on, and with what; the error says why that cannot be read.
pub fn onward(folder: &RunFolder) -> Result<Option<Onward>, String> {
    let reading = file::read::<Event>(&folder.path)
        .map_err(|e| format!("the journal of {} cannot be read: {e}", folder.short()))?;
    let first = reading.records.first().and_then(|record| record.events.first());
    let opened = first.and_then(Event::opened);
    let opened = opened.ok_or_else(|| format!("{} was never opened", folder.short()))?;
    Ok(history(folder, opened, &reading.records)?.onward())
}

fn place_of(folder: &RunFolder) -> RunPlace {
    RunPlace { dir: folder.path.clone(), work: PathBuf::new(), tmp: PathBuf::new() }
}

/// Reads the history of a run with the runbook that it pinned.
fn history(folder: &RunFolder, opened: &Opened, records: &[Record<Event>]) -> Result<Past, String> {
    let place = place_of(folder);
    let first = opened.pinned.first().ok_or("no runbook is pinned")?;
    let bytes = super::place::pinned(&place.runbook(), &first.path)
        .map_err(|e| format!("the pinned runbook cannot be read: {e}"))?;
    let text = String::from_utf8(bytes).map_err(|e| e.to_string())?;
    let runbook = parse::parse(&Source::new(first.path.as_str(), text))
        .map_err(|_| "this version cannot read the pinned runbook")?;
    let facts: Vec<Event> = records.iter().flat_map(|r| r.events.iter().cloned()).collect();
    Past::read(Plan::new(runbook), &facts).map_err(|e| e.to_string())
}

fn look(folder: &RunFolder, opened: &Opened, records: &[Record<Event>]) -> Result<Seen, String> {
    let place = place_of(folder);
    let past = history(folder, opened, records)?;
    let facts: Vec<Event> = records.iter().flat_map(|r| r.events.iter().cloned()).collect();
    let outline = past.outline();
    let mut seen = Seen {
        state: State::Waiting,
        needs: super::words::next(&outline),
        left_open: past.left_open(),
        goes_on: outline.closed.as_ref().and_then(|closed| closed.continued_in.clone()),
        deferred: outline.deferred.clone(),
        not_taken_in: 0,
    };
    if let Some(closed) = &outline.closed {
        seen.state = State::Closed(closed.as_);
        // What was done since is not put off any more.
        let knows = |head: &Head| records.iter().any(|record| record.head() == *head);
        let later = Later::read(&folder.path, &folder.name, knows);
        seen.deferred.retain(|due| later.of(&due.step).is_none());
        return Ok(seen);
    }
    if !outline.unknown.is_empty() {
        seen.state = State::Unknown;
    }
    let (seqs, keepers) = (seqs_of(records), keepers_of(&facts));
    for id in past.in_doubt() {
        let (Some(seq), Some(keeper)) = (seqs.get(&id), keepers.get(&id)) else { continue };
        match attach::look(&place.task(*seq), keeper) {
            Ok(Look::Outcome(_)) => {
                seen.not_taken_in += 1;
                seen.needs = ended(&id);
            }
            Ok(Look::Alive) => {
                seen.state = State::Running;
                seen.needs = format!("{} runs", id.work);
            }
            Ok(Look::Gone) | Err(_) => {
                seen.state = State::Unknown;
                seen.needs = format!("the end of {} was not seen", id.work);
            }
        }
    }
    Ok(seen)
}

fn ended(id: &AttemptId) -> String {
    format!("{} has ended; its outcome is on disk and not yet in the journal", id.work)
}
