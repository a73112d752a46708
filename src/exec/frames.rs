//! The writing side of a spool: frames of stream, time and bytes, synced behind the writer's back.

use super::durable;
use super::spool::{HEAD, MAGIC, Stream};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Synced at the latest when this much is written, or this long after the last time.
const PIECE: u64 = 8 << 20;
const EVERY: Duration = Duration::from_secs(1);

/// A spool being written.
pub(super) struct Frames {
    path: PathBuf,
    file: File,
    cap: u64,
    size: u64,
    since_sync: u64,
    truncated: bool,
    /// One frame, in one write: a reader that follows sees it whole or not at all.
    frame: Vec<u8>,
    dirty: Arc<AtomicBool>,
    syncer: Option<(SyncSender<()>, JoinHandle<()>)>,
}

/// A spool that is complete.
pub(super) struct Finished {
    /// Its size.
    pub(super) size: u64,
    /// SHA-256, hex.
    pub(super) sha256: String,
    /// Something is missing at its end.
    pub(super) truncated: bool,
}

impl Frames {
    /// Creates the file; it must not exist.
    pub(super) fn create(path: &Path, cap: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            durable::private_folder(folder)?;
        }
        let mut file = durable::create(path)?;
        file.write_all(MAGIC)?;
        durable::sync_folder_of(path)?;
        let dirty = Arc::new(AtomicBool::new(true));
        let syncer = Some(start_syncer(file.try_clone()?, Arc::clone(&dirty)));
        let size = MAGIC.len() as u64;
        let path = path.to_owned();
        Ok(Self {
            path,
            file,
            cap,
            size,
            since_sync: 0,
            truncated: false,
            frame: Vec::new(),
            dirty,
            syncer,
        })
    }

    /// Appends what was read at once. A full disk or the cap ends the spool, never the command.
    pub(super) fn write(&mut self, stream: Stream, at_ns: u64, bytes: &[u8]) {
        if self.truncated || bytes.is_empty() {
            return;
        }
        let room = self.cap.saturating_sub(self.size).saturating_sub(HEAD as u64);
        let kept = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        self.truncated = kept < bytes.len();
        let Ok(len) = u32::try_from(kept) else { return };
        if kept == 0 {
            return;
        }
        self.frame.clear();
        self.frame.extend_from_slice(&len.to_le_bytes());
        self.frame.push(stream as u8);
        self.frame.extend_from_slice(&at_ns.to_le_bytes());
        self.frame.extend_from_slice(&bytes[..kept]);
        if self.file.write_all(&self.frame).is_err() {
            self.truncated = true;
            // Half a frame would be cut by every reader; cut here, the digest is of what they see.
            let _ = self.file.set_len(self.size);
            return;
        }
        self.size += self.frame.len() as u64;
        self.since_sync += self.frame.len() as u64;
        self.dirty.store(true, Ordering::Release);
        if let Some((knock, _)) = self.syncer.as_ref().filter(|_| self.since_sync >= PIECE) {
            self.since_sync = 0;
            // One that is not taken yet is enough.
            let _ = knock.try_send(());
        }
    }

    /// Syncs and hashes the file. The digest is taken from the file, not from what was meant to be in it.
    pub(super) fn finish(mut self) -> io::Result<Finished> {
        if let Some((knock, syncer)) = self.syncer.take() {
            drop(knock);
            let _ = syncer.join();
        }
        // Complete: nobody has a reason to write here any more.
        self.file.set_permissions(Permissions::from_mode(0o400))?;
        self.file.sync_all()?;
        let mut file = File::open(&self.path)?;
        let (mut hasher, mut buffer, mut size) = (Sha256::new(), vec![0; 128 << 10], 0);
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                n => {
                    hasher.update(&buffer[..n]);
                    size += n as u64;
                }
            }
        }
        let mut sha256 = String::with_capacity(64);
        for byte in hasher.finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(Finished { size, sha256, truncated: self.truncated })
    }
}

fn start_syncer(file: File, dirty: Arc<AtomicBool>) -> (SyncSender<()>, JoinHandle<()>) {
    let (knock, knocked) = sync_channel(1);
    let thread = thread::spawn(move || {
        while !matches!(knocked.recv_timeout(EVERY), Err(RecvTimeoutError::Disconnected)) {
            if dirty.swap(false, Ordering::Acquire) {
                // A failure shows again in the last sync, where it can be told.
                let _ = file.sync_data();
            }
        }
    });
    (knock, thread)
}
