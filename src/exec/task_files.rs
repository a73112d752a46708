//! What a task's folder holds besides the outcome: requests going in, and what the keeper did about them.

use super::durable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The job without secrets, for people and for resume.
pub const JOB: &str = "job.json";
/// Keeper and child, as the `started` record has them.
pub const PROCESSES: &str = "processes.json";
/// What the keeper's own standard error holds; empty unless something is wrong.
pub const LOG: &str = "keeper.log";
const EVENTS: &str = "events.jsonl";
const REQUESTS: &str = "request";

/// What a face may ask of a keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// One signal: the step's own first, a stronger one each further time.
    Interrupt,
    /// Signal after signal, with a pause between, until it has ended.
    Stop,
}

/// What a keeper did to a running command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Nanoseconds since the gate was opened.
    pub at_ns: u64,
    /// In words: `INT sent on request; TERM follows in 2 s`.
    pub what: String,
}

/// Leaves a request; durable when this returns.
pub(super) fn ask(task: &Path, request: Request) -> io::Result<()> {
    let folder = task.join(REQUESTS);
    durable::private_folder(&folder)?;
    // Unique without a counter that two terminals would have to share.
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|e| io::Error::other(e.to_string()))?;
    let name = format!("{:016x}.json", u64::from_ne_bytes(random));
    durable::write(&folder.join(name), &serde_json::to_vec(&request)?)
}

/// Reads the events so far, oldest first; a torn last line is left out.
pub fn events(task: &Path) -> io::Result<Vec<Event>> {
    let text = match fs::read_to_string(task.join(EVENTS)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        result => result?,
    };
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// The keeper's side: takes requests once each, and writes events.
pub(super) struct Desk {
    requests: PathBuf,
    taken: BTreeSet<PathBuf>,
    events: Option<File>,
    notes: Vec<String>,
}

impl Desk {
    /// Opens it.
    pub(super) fn open(task: &Path) -> io::Result<Self> {
        let requests = task.join(REQUESTS);
        durable::private_folder(&requests)?;
        let events = Some(durable::append(&task.join(EVENTS))?);
        Ok(Self { requests, taken: BTreeSet::new(), events, notes: Vec::new() })
    }

    /// Takes the requests that are new, in no particular order: they are alike.
    pub(super) fn take(&mut self) -> Vec<Request> {
        let Ok(entries) = fs::read_dir(&self.requests) else { return Vec::new() };
        let mut new = Vec::new();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let whole = path.extension().is_some_and(|e| e == "json");
            if whole && self.taken.insert(path.clone()) {
                let content = fs::read(&path).unwrap_or_default();
                new.extend(serde_json::from_slice::<Request>(&content).ok());
            }
        }
        new
    }

    /// Writes an event and keeps it for the outcome. A full disk costs the live event only.
    pub(super) fn note(&mut self, at_ns: u64, what: String) {
        let event = Event { at_ns, what };
        if let (Some(file), Ok(mut line)) = (&mut self.events, serde_json::to_vec(&event)) {
            line.push(b'\n');
            if file.write_all(&line).is_err() {
                self.events = None;
            }
        }
        self.notes.push(event.what);
    }

    /// Everything noted, for the outcome.
    pub(super) fn into_notes(self) -> Vec<String> {
        self.notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_taken_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut desk = Desk::open(dir.path()).unwrap();
        assert_eq!(desk.take(), []);
        ask(dir.path(), Request::Interrupt).unwrap();
        ask(dir.path(), Request::Interrupt).unwrap();
        assert_eq!(desk.take(), [Request::Interrupt, Request::Interrupt]);
        assert_eq!(desk.take(), []);
        ask(dir.path(), Request::Stop).unwrap();
        assert_eq!(desk.take(), [Request::Stop]);
    }

    #[test]
    fn a_request_that_is_not_whole_is_not_taken() {
        let dir = tempfile::tempdir().unwrap();
        let mut desk = Desk::open(dir.path()).unwrap();
        fs::write(dir.path().join("request/1.part"), "\"stop\"").unwrap();
        fs::write(dir.path().join("request/2.json"), "\"st").unwrap();
        assert_eq!(desk.take(), []);
    }

    #[test]
    fn events_are_readable_while_the_last_is_torn() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(events(dir.path()).unwrap(), []);
        let mut desk = Desk::open(dir.path()).unwrap();
        desk.note(7, "INT sent".into());
        fs::OpenOptions::new()
            .append(true)
            .open(dir.path().join(EVENTS))
            .unwrap()
            .write_all(b"{\"at_ns\":9,")
            .unwrap();
        assert_eq!(events(dir.path()).unwrap(), [Event { at_ns: 7, what: "INT sent".into() }]);
        assert_eq!(desk.into_notes(), ["INT sent"]);
    }
}
