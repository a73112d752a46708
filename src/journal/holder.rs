//! Who writes a journal at this moment: a courtesy for those who find it locked.
//!
//! The lock alone decides who may write. This file only says whom to ask, so it may be stale, and a process that is
//! named here is to be verified by boot, pid and start time before anything is done to it.

use super::durable;
use super::identity::Identity;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

const NAME: &str = "holder.json";

/// A process that took the lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its pid.
    pub pid: i32,
    /// Its start time in clock ticks since boot; 0 where the system does not say.
    pub started: u64,
    /// The boot it belongs to.
    pub boot: String,
    /// Whose it is.
    pub by: Identity,
    /// Since when it holds the journal.
    pub since: DateTime<Utc>,
}

/// Says who holds the journal. To be called by whoever took the lock.
pub fn say(dir: &Path, holder: &Holder) -> io::Result<()> {
    durable::put(dir, NAME, &serde_json::to_vec(holder).map_err(io::Error::other)?)
}

/// Reads who said last that they hold the journal; none if nobody did, or not readably.
pub fn read(dir: &Path) -> Option<Holder> {
    let bytes = durable::read_plain(&dir.join(NAME), 64 * 1024).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]
mod tests {
    use super::*;

    #[test]
    fn the_last_to_say_so_is_read() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()), None);
        let by = Identity { uid: 1000, ..Identity::default() };
        let since = DateTime::UNIX_EPOCH;
        for pid in [4711, 4712] {
            let holder = Holder { pid, started: 9, boot: "b".into(), by: by.clone(), since };
            say(dir.path(), &holder).unwrap();
            assert_eq!(read(dir.path()), Some(holder));
        }
        std::fs::write(dir.path().join(NAME), "{").unwrap();
        assert_eq!(read(dir.path()), None);
    }
}
