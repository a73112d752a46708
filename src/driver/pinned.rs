//! The pinned runbook: what runs is what record 0 names, byte for byte, at every start and not only at the first.

use super::Driver;
use super::DriverError;
use super::open::sha256;
use super::place;
use crate::engine::event::Pinned;
use std::path::Path;

/// Reads every pinned file and compares it with its record; returns the first, which is the runbook itself. The error
/// is the path of the first that differs.
pub(super) fn read(root: &Path, recorded: &[Pinned]) -> Result<Option<(String, Vec<u8>)>, String> {
    let mut first = None;
    for file in recorded {
        let bytes = place::pinned(root, &file.path).map_err(|_| file.path.clone())?;
        if bytes.len() as u64 != file.size || sha256(&bytes) != file.sha256 {
            return Err(file.path.clone());
        }
        first.get_or_insert((file.path.clone(), bytes));
    }
    Ok(first)
}

impl Driver {
    /// Refuses to start anything while a pinned file differs: a script in it would not be the one that was reviewed.
    pub(super) fn require_pinned(&self) -> Result<(), DriverError> {
        let recorded = self.run.opened().map_or(&[][..], |opened| &opened.pinned);
        match read(&self.place.runbook(), recorded) {
            Ok(_) => Ok(()),
            Err(path) => Err(DriverError::PinnedDiffers { path }),
        }
    }
}
