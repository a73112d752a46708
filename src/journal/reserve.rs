//! Space kept back for the end of what was begun.
//!
//! A step may fill the disk that its own outcome has to be written to. So the space for that outcome is taken before
//! the step may start: past the end of the file where the system can do that, as a ballast file elsewhere.

#![expect(clippy::disallowed_methods, reason = "holds the ballast file")]

use super::durable;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

const BALLAST: &str = ".reserve";

/// The space held for one journal.
#[derive(Debug)]
pub(super) struct Reserve {
    folder: PathBuf,
    /// The file may grow to here without asking for space.
    until: u64,
}

impl Reserve {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), until: 0 }
    }

    /// Holds `size` bytes past `end`.
    pub(super) fn hold(&mut self, file: &File, end: u64, size: u64) -> io::Result<()> {
        if self.until >= end + size {
            return Ok(());
        }
        match past_the_end(file, end, size) {
            Err(e) if e.kind() == io::ErrorKind::Unsupported => self.ballast(size),
            Err(e) => Err(e),
            Ok(()) => {
                self.until = end + size;
                Ok(())
            }
        }
    }

    /// Gives the ballast up, if there is one; tells whether trying again makes sense.
    pub(super) fn release(&mut self) -> bool {
        self.until = 0;
        fs::remove_file(self.folder.join(BALLAST)).is_ok()
    }

    fn ballast(&self, size: u64) -> io::Result<()> {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match fs::metadata(self.folder.join(BALLAST)) {
            Ok(meta) if meta.len() >= size as u64 => Ok(()),
            // Not zeros: a file system that compresses would hold nothing back for them.
            _ => durable::put(&self.folder, BALLAST, &noise(size)),
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn past_the_end(file: &File, end: u64, size: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    loop {
        match fallocate(file, FallocateFlags::KEEP_SIZE, end, size) {
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {
                return Err(io::ErrorKind::Unsupported.into());
            }
            other => return other.map_err(Into::into),
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn past_the_end(_: &File, _: u64, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..size).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_space_does_not_change_the_size_of_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::create(dir.path().join("f")).unwrap();
        let mut reserve = Reserve::new(dir.path());
        reserve.hold(&file, 0, 65_536).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 0);
    }

    #[test]
    fn ballast_is_made_once_and_given_up_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut reserve = Reserve::new(dir.path());
        reserve.ballast(4096).unwrap();
        reserve.ballast(4096).unwrap();
        assert_eq!(fs::metadata(dir.path().join(BALLAST)).unwrap().len(), 4096);
        assert!(reserve.release());
        assert!(!reserve.release());
    }

    #[test]
    fn ballast_does_not_compress_to_nothing() {
        let bytes = noise(4096);
        let distinct: std::collections::BTreeSet<_> = bytes.iter().collect();
        assert!(distinct.len() > 200);
    }
}
