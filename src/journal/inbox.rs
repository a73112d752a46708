//! Notes and requests that other terminals leave for the one writer of a journal.
//!
//! ```text
//! note, take ──put: temporary, fsync, rename──▶ inbox/<id>.json ──list──▶ the writer records it ──remove──▶ gone
//! ```
//!
//! The id goes into the record, so an item that was recorded but not yet removed is not recorded twice.

#![expect(clippy::disallowed_methods, reason = "reads and removes what was left")]

use super::durable;
use super::identity::Identity;
use super::stamp::Stamp;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The folder's name.
pub const FOLDER: &str = "inbox";

/// The longest text of a note.
pub const MAX_TEXT: usize = 16 * 1024;

const MAX_ITEM: u64 = 64 * 1024;

/// What was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its own id, also its file's name.
    pub id: String,
    /// Who left it, as observed by the program that left it.
    pub by: Identity,
    /// When.
    pub stamp: Stamp,
    /// What is wanted.
    pub asks: Asks,
}

/// What an item asks of the writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Asks {
    /// To record a note.
    Note {
        /// The text.
        text: String,
        /// The kind of note.
        kind: String,
    },
    /// To let the journal go, so that this one can take the run over.
    Take {
        /// The pid that waits for it.
        pid: i32,
    },
    /// To stop the run.
    Stop {
        /// Why.
        reason: String,
    },
    /// To put the run on hold.
    Hold {
        /// Why.
        reason: String,
    },
}

/// An item as it was found, with what the file system says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The item.
    pub item: Item,
    /// The owner of its file.
    pub owner: u32,
}

/// Leaves an item in a run's inbox; returns its id once it is durable.
pub fn leave(dir: &Path, by: &Identity, stamp: &Stamp, asks: Asks) -> io::Result<String> {
    let id = new_id()?;
    let item = Item { id: id.clone(), by: by.clone(), stamp: stamp.clone(), asks };
    let bytes = serde_json::to_vec(&item).map_err(io::Error::other)?;
    if bytes.len() as u64 > MAX_ITEM {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("it is too long for the inbox; the most is {MAX_TEXT} bytes"),
        ));
    }
    durable::put(&dir.join(FOLDER), &file_name(&id), &bytes)?;
    Ok(id)
}

/// Lists what was left, oldest first. What cannot be read is passed over and stays where it is.
pub fn list(dir: &Path) -> io::Result<Vec<Found>> {
    let inbox = dir.join(FOLDER);
    let mut found = Vec::new();
    for entry in fs::read_dir(&inbox)? {
        let path = entry?.path();
        let Ok(bytes) = durable::read_plain(&path, MAX_ITEM) else { continue };
        let Ok(item) = serde_json::from_slice::<Item>(&bytes) else { continue };
        // A copy under another name would come in twice.
        let own_name = path.file_name().is_some_and(|name| *name == *file_name(&item.id));
        if own_name {
            found.push(Found { item, owner: fs::symlink_metadata(&path)?.uid() });
        }
    }
    found.sort_by(|a, b| (a.item.stamp.at, &a.item.id).cmp(&(b.item.stamp.at, &b.item.id)));
    Ok(found)
}

/// Tells whether an item is still waiting.
pub fn waits(dir: &Path, id: &str) -> bool {
    dir.join(FOLDER).join(file_name(id)).exists()
}

/// Removes an item. One that is gone already is no error.
pub fn remove(dir: &Path, id: &str) -> io::Result<()> {
    match fs::remove_file(dir.join(FOLDER).join(file_name(id))) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn file_name(id: &str) -> String {
    format!("{id}.json")
}

fn new_id() -> io::Result<String> {
    Ok(super::scan::hex(&durable::random::<16>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(FOLDER)).unwrap();
        dir
    }

    fn note(text: &str) -> Asks {
        Asks::Note { text: text.into(), kind: "note".into() }
    }

    fn leave_at(dir: &Path, mono_ns: u64, text: &str) -> String {
        let at = chrono::DateTime::from_timestamp_nanos(i64::try_from(mono_ns).unwrap());
        let stamp = Stamp { at, mono_ns, boot: "b".into() };
        leave(dir, &Identity::default(), &stamp, note(text)).unwrap()
    }

    #[test]
    fn what_is_left_is_found_oldest_first_and_removed_once() {
        let dir = run();
        let second = leave_at(dir.path(), 2_000, "second");
        let first = leave_at(dir.path(), 1_000, "first");
        let ids = || list(dir.path()).unwrap().into_iter().map(|f| f.item.id).collect::<Vec<_>>();
        assert_eq!(ids(), [first.clone(), second.clone()]);
        remove(dir.path(), &first).unwrap();
        remove(dir.path(), &first).unwrap();
        assert_eq!(ids(), std::slice::from_ref(&second));
        assert!(waits(dir.path(), &second) && !waits(dir.path(), &first));
    }

    #[test]
    fn half_written_items_copies_and_strangers_are_passed_over() {
        let dir = run();
        let id = leave_at(dir.path(), 1, "one");
        let inbox = dir.path().join(FOLDER);
        fs::copy(inbox.join(file_name(&id)), inbox.join("copy.json")).unwrap();
        fs::write(inbox.join("torn.json"), "{\"id\":").unwrap();
        fs::create_dir(inbox.join("folder")).unwrap();
        let found = list(dir.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].owner, rustix::process::geteuid().as_raw());
    }

    #[test]
    fn a_note_too_long_for_a_record_is_refused() {
        let dir = run();
        let text = "x".repeat(70_000);
        leave(dir.path(), &Identity::default(), &Stamp::now(), note(&text)).unwrap_err();
        assert_eq!(fs::read_dir(dir.path().join(FOLDER)).unwrap().count(), 0);
    }
}
