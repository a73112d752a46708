//! Torn tails: set aside before they are cut off, and never deleted.

#![expect(clippy::disallowed_methods, reason = "reads and keeps torn tails")]

use super::durable;
use super::scan::{End, Tail};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// A torn tail that lies in the run's `torn/` folder.
///
/// Setting a tail aside and recording that it was set aside are two writes. A crash may come between them, so the
/// caller compares what lies there with what its history names, and records the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Where in the journal the tail began.
    pub offset: u64,
    /// How many bytes it had.
    pub len: u64,
    /// Their SHA-256, hex.
    pub sha256: String,
    /// The file's name below `torn/`.
    pub file: String,
}

/// The folder's name.
pub(super) const FOLDER: &str = "torn";

/// Copies a torn tail out of the journal, then cuts it off. May be interrupted anywhere and called again.
pub(super) fn set_aside(dir: &Path, journal: &File, bytes: &[u8], tail: &Tail) -> io::Result<()> {
    let torn = dir.join(FOLDER);
    durable::make_folders(&torn)?;
    let at = usize::try_from(tail.offset).map_err(io::Error::other)?;
    if !is_there(&torn, tail)? {
        let name = free_name(&torn, tail.offset);
        durable::put(&torn, &name, &bytes[at..])?;
    }
    journal.set_len(tail.offset)?;
    journal.sync_all()
}

/// Lists what lies in `torn/`, by offset.
pub fn list(dir: &Path) -> io::Result<Vec<Torn>> {
    let torn = dir.join(FOLDER);
    let entries = match fs::read_dir(&torn) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut list = Vec::new();
    for entry in entries {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if let Some(offset) = offset_of(&file) {
            let (len, sha256) = durable::digest_file(&torn.join(&file))?;
            list.push(Torn { offset, len, sha256, file });
        }
    }
    list.sort_by(|a, b| (a.offset, &a.file).cmp(&(b.offset, &b.file)));
    Ok(list)
}

/// Tells the torn tail of a reading, if that is how it ends.
pub(super) fn of(end: &End) -> Option<&Tail> {
    match end {
        End::Torn(tail) => Some(tail),
        End::Clean | End::Bad { .. } => None,
    }
}

fn is_there(torn: &Path, tail: &Tail) -> io::Result<bool> {
    let same = |name: String| -> io::Result<bool> {
        Ok(durable::digest_file(&torn.join(name))? == (tail.len, tail.sha256.clone()))
    };
    for name in names(tail.offset).take_while(|name| torn.join(name).exists()) {
        if same(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn free_name(torn: &Path, offset: u64) -> String {
    names(offset).find(|name| !torn.join(name).exists()).unwrap_or_default()
}

/// `4711.bin`, `4711-2.bin`, `4711-3.bin`, …: the same place may tear more than once.
fn names(offset: u64) -> impl Iterator<Item = String> {
    let again = (2..).map(move |n: u32| format!("{offset}-{n}.bin"));
    std::iter::once(format!("{offset}.bin")).chain(again)
}

fn offset_of(name: &str) -> Option<u64> {
    let stem = name.strip_suffix(".bin")?;
    stem.split_once('-').map_or(stem, |(offset, _)| offset).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::scan::scan;

    fn tear(dir: &Path, bytes: &[u8]) {
        let path = dir.join("journal.jsonl");
        fs::write(&path, bytes).unwrap();
        let file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        let reading = scan::<String>(bytes, None);
        set_aside(dir, &file, bytes, of(&reading.end).unwrap()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
    }

    #[test]
    fn the_same_tail_is_kept_once_and_another_at_the_same_place_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        tear(dir.path(), b"abc");
        tear(dir.path(), b"abc"); // as after a crash between copying and cutting
        tear(dir.path(), b"other");
        let kept = list(dir.path()).unwrap();
        let files: Vec<_> = kept.iter().map(|t| (t.file.as_str(), t.offset, t.len)).collect();
        assert_eq!(files, [("0-2.bin", 0, 5), ("0.bin", 0, 3)]);
    }

    #[test]
    fn without_a_torn_folder_nothing_is_torn() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(list(dir.path()).unwrap(), []);
    }
}
