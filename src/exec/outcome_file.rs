//! The outcome on disk: space reserved before the start, written last, and able to prove itself whole.

use super::durable;
use super::system::{Here, System};
use crate::outcome::Outcome;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Its name in the task's folder.
pub const NAME: &str = "outcome.json";

/// Reserved before a command starts, so that a disk filled by that command cannot swallow its outcome.
const RESERVED: u64 = 64 << 10;

/// Separates this hash from every other use of the same bytes.
const DOMAIN: &[u8] = b"rutter.outcome.v1\n";

/// What stands before the hash, in the bytes that are hashed.
#[derive(Serialize, Deserialize)]
struct Body<O> {
    v: u32,
    run: String,
    attempt: String,
    outcome: O,
}

/// An outcome file that is open, has its space, and waits for its content.
pub(super) struct Reserved {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
}

/// Reserves the space and the name.
pub(super) fn reserve(task: &Path) -> io::Result<Reserved> {
    let path = task.join(NAME);
    let temporary = path.with_extension("part");
    let file = durable::create(&temporary)?;
    Here::reserve(&file, RESERVED)?;
    file.sync_all()?;
    durable::sync_folder_of(&path)?;
    Ok(Reserved { file, temporary, path })
}

impl Reserved {
    /// Writes the outcome; it is durable when this returns.
    pub(super) fn write(mut self, run: &str, attempt: &str, outcome: &Outcome) -> io::Result<()> {
        let body = Body { v: 1, run: run.to_owned(), attempt: attempt.to_owned(), outcome };
        let line = sealed(&serde_json::to_string(&body)?);
        self.file.write_all(line.as_bytes())?;
        self.file.set_len(line.len() as u64)?;
        durable::publish(&self.file, &self.temporary, &self.path)
    }
}

/// Reads an outcome; none when there is none yet, an error when it is not what a keeper wrote.
pub fn read(task: &Path) -> io::Result<Option<Outcome>> {
    let line = match fs::read_to_string(task.join(NAME)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        result => result?,
    };
    let damaged = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let (open, _) = line.rsplit_once(",\"h\":").ok_or_else(|| damaged("it carries no hash"))?;
    let body = format!("{open}}}");
    if sealed(&body) != line {
        return Err(damaged("its hash does not fit its content"));
    }
    let body: Body<Outcome> = serde_json::from_str(&body)?;
    if body.v != 1 {
        return Err(damaged("it was written by a newer version"));
    }
    Ok(Some(body.outcome))
}

/// Adds the hash of everything before it as the last field.
fn sealed(body: &str) -> String {
    let open = &body[..body.len() - 1];
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(open.as_bytes());
    let mut line = format!("{open},\"h\":\"");
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(line, "{byte:02x}");
    }
    line.push_str("\"}\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Ended, SpoolSummary};
    use std::collections::BTreeMap;

    fn outcome() -> Outcome {
        Outcome {
            ended: Ended::Exit { code: 3 },
            took_ns: 1,
            story_ns: None,
            verdicts: Vec::new(),
            captures: BTreeMap::new(),
            failures: Vec::new(),
            answered: None,
            spool: SpoolSummary::default(),
            survivors: Vec::new(),
            last_lines: vec!["said ,\"h\":\"x\"} in passing".to_owned()],
            notes: Vec::new(),
        }
    }

    #[test]
    fn an_outcome_comes_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()).unwrap(), None);
        let reserved = reserve(dir.path()).unwrap();
        assert_eq!(read(dir.path()).unwrap(), None, "a reserved outcome is not an outcome");
        reserved.write("run", "step", &outcome()).unwrap();
        assert_eq!(read(dir.path()).unwrap(), Some(outcome()));
        assert!(!dir.path().join("outcome.part").exists());
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        reserve(dir.path()).unwrap().write("run", "step", &outcome()).unwrap();
        let path = dir.path().join(NAME);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            assert!(read(dir.path()).is_err(), "bit flip at {at} went unnoticed");
            fs::write(&path, &good[..at]).unwrap();
            assert!(read(dir.path()).is_err(), "cut at {at} went unnoticed");
        }
    }

    #[test]
    fn a_second_attempt_cannot_reserve_the_same_outcome() {
        let dir = tempfile::tempdir().unwrap();
        let _first = reserve(dir.path()).unwrap();
        assert!(reserve(dir.path()).is_err());
    }
}
