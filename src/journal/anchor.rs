//! Anchors: heads that are known outside the journal.
//!
//! A chain alone can be cut at any record, or rewritten as a whole, by whoever owns the file. An anchor is what it
//! then contradicts.

use super::durable::{self, Unsafe};
use super::record::{Hash, Head, Record};
use chrono::{DateTime, Utc};
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// The file's name in the data folder.
pub const NAME: &str = "anchors.jsonl";

const MAX_FILE: u64 = 1 << 28;

/// A head of a run, and when and why it was put outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The run.
    pub run: String,
    /// The record's number.
    pub seq: u64,
    /// Its hash.
    pub h: Hash,
    /// When.
    pub at: DateTime<Utc>,
    /// On what occasion: `open`, `change`, `close`.
    pub what: String,
}

impl Anchor {
    /// Returns the line that says it, newline included: for `anchors.jsonl`, and for the input of `anchor.command`.
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default(); // plain fields, nothing can fail
        line.push('\n');
        line
    }
}

/// The anchors of this machine.
#[derive(Clone, Debug)]
pub struct Anchors {
    folder: PathBuf,
}

/// What the anchor file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The anchors, in the order they were written.
    pub anchors: Vec<Anchor>,
    /// Lines that cannot be read.
    pub unreadable: usize,
    /// There is no such file.
    pub missing: bool,
}

impl Anchors {
    /// Uses the anchor file in a data folder.
    pub fn new(data: &Path) -> Self {
        Self { folder: data.to_owned() }
    }

    /// Returns the file's path.
    pub fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Appends an anchor and returns once it is on disk. Other runs may append at the same time.
    pub fn append(&self, anchor: &Anchor) -> Result<(), Unsafe> {
        let failed = |source| Unsafe::Io { path: self.path(), source };
        durable::make_folders(&self.folder).map_err(failed)?;
        let folder = durable::open_folder(&self.folder)?;
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
        let mut file = durable::open_file(&folder, &self.folder, NAME, flags)?;
        file.lock().map_err(failed)?;
        let line = anchor.line();
        // A line cut off by a crash must not swallow this one.
        let line = if ends_open(&mut file).map_err(failed)? { format!("\n{line}") } else { line };
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        folder.sync_all().map_err(failed)
    }

    /// Reads all anchors. A line that cannot be read is counted, and hides no other.
    pub fn read(&self) -> io::Result<Known> {
        let bytes = match durable::read_plain(&self.path(), MAX_FILE) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Ok(Known { missing: true, ..Known::default() });
            }
            other => other?,
        };
        let mut known = Known::default();
        for line in bytes.split(|&b| b == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            match serde_json::from_slice(line) {
                Ok(anchor) => known.anchors.push(anchor),
                Err(_) => known.unreadable += 1,
            }
        }
        Ok(known)
    }
}

fn ends_open(file: &mut File) -> io::Result<bool> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut last = [b'\n'];
    if end > 0 {
        file.read_exact_at(&mut last, end - 1)?;
    }
    Ok(last != *b"\n")
}

/// How a journal stands to the anchors of its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No anchor is known for it.
    None,
    /// The last anchor that it agrees with.
    To(Head),
    /// An anchor says otherwise.
    Contradicted {
        /// The anchored head.
        anchor: Head,
        /// The hash that stands there now; none if the journal ends before.
        found: Option<Hash>,
    },
}

/// Compares a journal with the anchors of its run. One contradiction outweighs every agreement.
pub fn standing<T>(known: &Known, run: &str, records: &[Record<T>]) -> Standing {
    let mut standing = Standing::None;
    for anchor in known.anchors.iter().filter(|anchor| anchor.run == run) {
        let head = Head { seq: anchor.seq, h: anchor.h };
        let at = usize::try_from(anchor.seq).unwrap_or(usize::MAX);
        let found = records.get(at).map(|record| record.h);
        if found != Some(anchor.h) {
            return Standing::Contradicted { anchor: head, found };
        }
        if !matches!(standing, Standing::To(known) if known.seq >= head.seq) {
            standing = Standing::To(head);
        }
    }
    standing
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]
mod tests {
    use super::*;
    use crate::journal::identity::Identity;
    use std::fs::{self, OpenOptions};

    fn anchor(run: &str, seq: u64, byte: u8) -> Anchor {
        let at = DateTime::UNIX_EPOCH;
        Anchor { run: run.into(), seq, h: Hash([byte; 32]), at, what: "open".into() }
    }

    fn records(hashes: &[u8]) -> Vec<Record<()>> {
        let record = |(seq, byte): (usize, &u8)| Record {
            v: 1,
            run: "r".into(),
            mode: None,
            seq: seq as u64,
            prev: Hash::NONE,
            at: DateTime::UNIX_EPOCH,
            mono_ns: 0,
            boot: String::new(),
            by: Identity::default(),
            events: Vec::new(),
            h: Hash([*byte; 32]),
        };
        hashes.iter().enumerate().map(record).collect()
    }

    #[test]
    fn anchors_are_read_back_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let anchors = Anchors::new(&dir.path().join("data"));
        assert!(anchors.read().unwrap().missing);
        for n in 0..3 {
            anchors.append(&anchor("r", n, 7)).unwrap();
        }
        let known = anchors.read().unwrap();
        assert_eq!(known.anchors.iter().map(|a| a.seq).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!((known.unreadable, known.missing), (0, false));
    }

    #[test]
    fn a_line_cut_off_by_a_crash_hides_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let anchors = Anchors::new(dir.path());
        anchors.append(&anchor("r", 0, 7)).unwrap();
        let mut file = OpenOptions::new().append(true).open(anchors.path()).unwrap();
        file.write_all(b"{\"run\":\"r\",\"se").unwrap();
        anchors.append(&anchor("r", 1, 8)).unwrap();
        let known = anchors.read().unwrap();
        assert_eq!((known.anchors.len(), known.unreadable), (2, 1));
    }

    #[test]
    fn many_writers_lose_and_mix_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let write = |run: String| {
            let anchors = Anchors::new(dir.path());
            (0..25).for_each(|n| anchors.append(&anchor(&run, n, 1)).unwrap());
        };
        std::thread::scope(|s| {
            for run in ["a", "b", "c", "d"] {
                s.spawn(move || write(run.into()));
            }
        });
        let known = Anchors::new(dir.path()).read().unwrap();
        assert_eq!((known.anchors.len(), known.unreadable), (100, 0));
    }

    #[test]
    fn a_linked_anchor_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("elsewhere"), "").unwrap();
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), dir.path().join(NAME)).unwrap();
        Anchors::new(dir.path()).append(&anchor("r", 0, 7)).unwrap_err();
    }

    #[test]
    fn the_farthest_anchor_counts_and_other_runs_do_not() {
        let known = Known {
            anchors: vec![anchor("r", 2, 3), anchor("other", 9, 9), anchor("r", 0, 1)],
            ..Known::default()
        };
        let journal = records(&[1, 2, 3, 4]);
        let Standing::To(head) = standing(&known, "r", &journal) else { panic!() };
        assert_eq!(head.seq, 2);
        assert_eq!(standing(&known, "nobody", &journal), Standing::None);
    }

    #[test]
    fn a_cut_or_rewritten_journal_contradicts() {
        let known =
            Known { anchors: vec![anchor("r", 0, 1), anchor("r", 2, 3)], ..Known::default() };
        let cut = standing(&known, "r", &records(&[1, 2]));
        assert!(matches!(cut, Standing::Contradicted { found: None, .. }));
        let rewritten = standing(&known, "r", &records(&[1, 2, 9, 9]));
        assert!(matches!(rewritten, Standing::Contradicted { found: Some(_), .. }));
    }
}
