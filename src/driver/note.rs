//! A note from another terminal: into the journal if nobody writes it, else into the inbox.

use super::clock::Clock;
use super::inbox::observed;
use crate::engine::event::Event;
use crate::journal::error::OpenError;
use crate::journal::file::{Reopened, Writer};
use crate::journal::identity::Identity;
use crate::journal::inbox;
use crate::journal::inbox::Asks;
use crate::journal::record::Record;
use crate::journal::shelf::RunFolder;
use crate::journal::tail::Torn;
use std::thread;
use std::time::Duration;

/// Where a note went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteTaken {
    /// It is record number so and so.
    Recorded(u64),
    /// It waits in the inbox; the writer takes it in when it looks next.
    Inbox(String),
}

/// How long the writer is given to take a note in before we say that it lies in the inbox.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Why a note cannot be left.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// The run is closed.
    #[error("the run is closed; a closed journal takes no more notes")]
    Closed,
    /// It has no first record, so a note would become it.
    #[error("this run was never opened; nothing of it ran, and it takes no notes")]
    NeverOpened,
    /// The journal or the inbox.
    #[error("{0}")]
    Io(String),
}

/// Leaves a note in a run, whoever writes it.
pub fn leave_note(
    folder: &RunFolder,
    identity: &Identity,
    clock: &dyn Clock,
    text: &str,
    kind: &str,
) -> Result<NoteTaken, NoteError> {
    let io = |e: &dyn std::fmt::Display| NoteError::Io(e.to_string());
    match Writer::open::<Event>(&folder.path) {
        Ok(Reopened { mut writer, records, torn }) => {
            if records.is_empty() {
                return Err(NoteError::NeverOpened);
            }
            if is_closed(&records) {
                return Err(NoteError::Closed);
            }
            let mut events: Vec<Event> = torn_events(&torn, &records);
            events.push(Event::Noted {
                text: text.into(),
                kind: kind.into(),
                inbox: None,
                from: Some(observed(identity)),
            });
            let head = writer.append(&clock.stamp(), identity, &events).map_err(|e| io(&e))?;
            Ok(NoteTaken::Recorded(head.seq))
        }
        Err(OpenError::Held { .. }) => {
            let asks = Asks::Note { text: text.into(), kind: kind.into() };
            let id =
                inbox::leave(&folder.path, identity, &clock.stamp(), asks).map_err(|e| io(&e))?;
            Ok(wait_for(folder, id))
        }
        Err(other) => Err(io(&other)),
    }
}

/// Tells whether records close a run.
pub(super) fn is_closed(records: &[Record<Event>]) -> bool {
    let mut events = records.iter().flat_map(|record| &record.events);
    events.any(|event| matches!(event, Event::RunClosed { .. }))
}

/// The facts about torn tails that no record tells yet.
pub(super) fn torn_events(torn: &[Torn], records: &[Record<Event>]) -> Vec<Event> {
    let told = |torn: &Torn| {
        records
            .iter()
            .flat_map(|record| &record.events)
            .any(|event| matches!(event, Event::TailSetAside { file, .. } if *file == torn.file))
    };
    torn.iter()
        .filter(|torn| !told(torn))
        .map(|torn| Event::TailSetAside {
            offset: torn.offset,
            length: torn.len,
            sha256: torn.sha256.clone(),
            file: torn.file.clone(),
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "waits for another process, which cannot wake us")]
fn wait_for(folder: &RunFolder, id: String) -> NoteTaken {
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        if !inbox::waits(&folder.path, &id)
            && let Some(seq) = recorded(folder, &id)
        {
            return NoteTaken::Recorded(seq);
        }
        thread::sleep(LOOK_EVERY);
        waited += LOOK_EVERY;
    }
    NoteTaken::Inbox(id)
}

fn recorded(folder: &RunFolder, id: &str) -> Option<u64> {
    let reading = crate::journal::file::read::<Event>(&folder.path).ok()?;
    let has = |record: &Record<Event>| {
        record
            .events
            .iter()
            .any(|event| matches!(event, Event::Noted { inbox: Some(inbox), .. } if inbox == id))
    };
    reading.records.iter().rev().find(|record| has(record)).map(|record| record.seq)
}
