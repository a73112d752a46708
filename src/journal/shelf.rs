//! The shelf: all runs of this account, one folder each.

#![expect(clippy::disallowed_methods, reason = "lists the runs")]

use super::durable::{self, Unsafe};
use super::error::OpenError;
use super::file::{self, Reopened, Writer};
use super::inbox;
use super::record::Record;
use super::tail;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders of a run, besides its journal.
const FOLDERS: [&str; 5] = ["runbook", "output", "tasks", inbox::FOLDER, tail::FOLDER];

/// Characters of a short id: no `0 1 I L O U`.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The folder of all runs.
#[derive(Clone, Debug)]
pub struct Shelf {
    journals: PathBuf,
}

/// The folder of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    /// The run's name: `20261121T025512Z-database-corruption-7F3K`.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
}

impl RunFolder {
    /// Returns the short id: the last four characters of the name.
    pub fn short(&self) -> &str {
        short(&self.name)
    }
}

/// Returns the folder of what was recorded after a run was closed. It bears the run's name, so that its records do too.
pub fn later(dir: &Path, run: &str) -> PathBuf {
    dir.join("later").join(run)
}

impl RunFolder {
    /// Opens the journal of what happened after this run was closed, and makes it where there is none yet. The run's own
    /// journal is neither opened nor locked.
    pub fn open_later<T: DeserializeOwned>(&self) -> Result<Reopened<T>, OpenError> {
        let dir = later(&self.path, &self.name);
        let failed = |source| OpenError::Io { path: dir.clone(), source };
        durable::make_folders(&dir.join(tail::FOLDER)).map_err(failed)?;
        if !dir.join(file::NAME).exists() {
            let writer = Writer::create(&dir)?;
            return Ok(Reopened { writer, records: Vec::new(), torn: Vec::new() });
        }
        Writer::open(&dir)
    }
}

/// Why a run was not found.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    /// No run of that name.
    #[error("there is no run {wanted:?}")]
    None {
        /// What was asked for.
        wanted: String,
    },
    /// More than one.
    #[error("{wanted:?} is short for more than one run; give more of the name")]
    Several {
        /// What was asked for.
        wanted: String,
        /// The candidates, newest first.
        names: Vec<String>,
    },
    /// The folder of all runs cannot be read.
    #[error("the journals in {path} cannot be listed: {source}")]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Shelf {
    /// Uses the journals below a data folder.
    pub fn new(data: &Path) -> Self {
        Self { journals: data.join("journals") }
    }

    /// Returns the folder of all runs.
    pub fn path(&self) -> &Path {
        &self.journals
    }

    /// Names a new run: time, runbook, and a short id that no run on this shelf has.
    pub fn new_name(&self, at: DateTime<Utc>, runbook: &str) -> Result<String, NotFound> {
        let taken = self.list()?;
        loop {
            let id = random_id().map_err(self.io())?;
            if taken.iter().all(|run| run.short() != id) {
                return Ok(format!("{}-{runbook}-{id}", at.format("%Y%m%dT%H%M%SZ")));
            }
        }
    }

    /// Makes the folders of a new run, private and durable. Its journal is then made by [`Writer::create`].
    pub fn create(&self, name: &str) -> Result<RunFolder, Unsafe> {
        let failed = |source| Unsafe::Io { path: self.journals.clone(), source };
        durable::make_folders(&self.journals).map_err(failed)?;
        durable::open_folder(&self.journals)?;
        let run = RunFolder { name: name.to_owned(), path: self.journals.join(name) };
        let failed = |source| Unsafe::Io { path: run.path.clone(), source };
        durable::make_folder(&run.path).map_err(failed)?;
        for folder in FOLDERS {
            durable::make_folder(&run.path.join(folder)).map_err(failed)?;
        }
        Ok(run)
    }

    /// Makes the folders and the journal of a new run.
    pub fn begin(&self, name: &str) -> Result<(RunFolder, Writer), OpenError> {
        let run = self.create(name)?;
        let writer = Writer::create(&run.path)?;
        Ok((run, writer))
    }

    /// Lists all runs, newest first, whatever state they are in.
    pub fn list(&self) -> Result<Vec<RunFolder>, NotFound> {
        let entries = match fs::read_dir(&self.journals) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(self.io())?,
        };
        let mut runs: Vec<RunFolder> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir())
            .map(|entry| RunFolder {
                name: entry.file_name().to_string_lossy().into_owned(),
                path: entry.path(),
            })
            .filter(|run| !run.name.starts_with('.'))
            .collect();
        runs.sort_by(|a, b| b.name.cmp(&a.name));
        Ok(runs)
    }

    /// Finds one run by its short id (in any case), its name, or the beginning of its name.
    pub fn find(&self, wanted: &str) -> Result<RunFolder, NotFound> {
        let runs = self.list()?;
        let pick = |fits: &dyn Fn(&RunFolder) -> bool| -> Vec<RunFolder> {
            runs.iter().filter(|run| fits(run)).cloned().collect()
        };
        let ways: [&dyn Fn(&RunFolder) -> bool; 3] =
            [&|run| run.name == wanted, &|run| run.short().eq_ignore_ascii_case(wanted), &|run| {
                !wanted.is_empty() && run.name.starts_with(wanted)
            }];
        for way in ways {
            let mut fitting = pick(way);
            match fitting.len() {
                0 => {}
                1 => return Ok(fitting.remove(0)),
                _ => {
                    let names = fitting.into_iter().map(|run| run.name).collect();
                    return Err(NotFound::Several { wanted: wanted.to_owned(), names });
                }
            }
        }
        Err(NotFound::None { wanted: wanted.to_owned() })
    }

    /// Finds the newest run whose records are not closed. Runs that cannot be read are passed over.
    pub fn newest_open<T: DeserializeOwned>(
        &self,
        closed: impl Fn(&[Record<T>]) -> bool,
    ) -> Result<Option<RunFolder>, NotFound> {
        let open = |run: &RunFolder| {
            let reading = file::read::<T>(&run.path);
            reading.is_ok_and(|r| !r.records.is_empty() && !closed(&r.records))
        };
        Ok(self.list()?.into_iter().find(open))
    }

    fn io(&self) -> impl FnOnce(io::Error) -> NotFound {
        let path = self.journals.clone();
        move |source| NotFound::Io { path, source }
    }
}

/// Returns the short id of a run's name.
pub fn short(name: &str) -> &str {
    name.rsplit('-').next().unwrap_or(name)
}

fn random_id() -> io::Result<String> {
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    Ok(durable::random::<4>()?.iter().map(letter).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::identity::Identity;
    use crate::journal::stamp::Stamp;
    use std::os::unix::fs::MetadataExt;

    const OLD: &str = "20261120T010000Z-restore-AAAA";
    const NEW: &str = "20261121T010000Z-restore-7F3K";

    fn shelf() -> (tempfile::TempDir, Shelf) {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(&dir.path().join("data"));
        (dir, shelf)
    }

    fn record(writer: &mut Writer, text: &str) {
        writer.append(&Stamp::now(), &Identity::default(), &[text]).unwrap();
    }

    #[test]
    fn a_new_run_has_its_private_folders() {
        let (_dir, shelf) = shelf();
        let (run, _writer) = shelf.begin(NEW).unwrap();
        for name in ["", "runbook", "output", "tasks", "inbox", "torn"] {
            let mode = fs::metadata(run.path.join(name)).unwrap().mode() & 0o777;
            assert_eq!(mode, 0o700, "{name}");
        }
        assert_eq!(fs::metadata(run.path.join(file::NAME)).unwrap().mode() & 0o777, 0o600);
        shelf.begin(NEW).unwrap_err();
    }

    #[test]
    fn runs_are_found_by_short_id_prefix_and_name() {
        let (_dir, shelf) = shelf();
        assert!(matches!(shelf.find("7F3K"), Err(NotFound::None { .. })));
        shelf.create(OLD).unwrap();
        shelf.create(NEW).unwrap();
        for wanted in ["7F3K", "7f3k", NEW, "20261121"] {
            assert_eq!(shelf.find(wanted).unwrap().name, NEW, "{wanted}");
        }
        assert!(
            matches!(shelf.find("20261"), Err(NotFound::Several { names, .. }) if names.len() == 2)
        );
        assert!(matches!(shelf.find(""), Err(NotFound::None { .. })));
    }

    #[test]
    fn the_newest_open_run_is_found_behind_damaged_and_closed_ones() {
        let (_dir, shelf) = shelf();
        let (_, mut open) = shelf.begin(OLD).unwrap();
        record(&mut open, "open");
        let (_, mut done) = shelf.begin(NEW).unwrap();
        record(&mut done, "closed");
        let damaged = shelf.create("20261122T010000Z-restore-BBBB").unwrap();
        fs::write(damaged.path.join(file::NAME), "rubbish\n").unwrap();
        shelf.create("20261123T010000Z-restore-CCCC").unwrap(); // crashed before its first record
        fs::write(shelf.path().join("stray"), "").unwrap();

        let names: Vec<_> = shelf.list().unwrap().into_iter().map(|run| run.name).collect();
        assert_eq!(names.len(), 4);
        assert_eq!((names[2].as_str(), names[3].as_str()), (NEW, OLD));
        let closed = |records: &[Record<String>]| records.iter().any(|r| r.events == ["closed"]);
        assert_eq!(shelf.newest_open(closed).unwrap().unwrap().name, OLD);
    }

    #[test]
    fn names_sort_by_time_and_end_with_a_fresh_short_id() {
        let (_dir, shelf) = shelf();
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let name = shelf.new_name(at, "database-corruption").unwrap();
        assert!(name.starts_with("20261118T") && name.contains("Z-database-corruption-"), "{name}");
        assert_eq!(short(&name).len(), 4);
    }
}
