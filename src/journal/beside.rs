//! The files beside a journal: the pinned runbook and the outputs, compared with what the records say of them.

#![expect(clippy::disallowed_methods, reason = "reads the files that the journal speaks of")]

use super::durable::digest_file;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// A file as the journal describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its path below `runbook/` or `output/`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
}

/// A file beside the journal that is not what the journal says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is gone.
    #[error("{place}/{name} is missing")]
    Missing {
        /// `runbook` or `output`.
        place: &'static str,
        /// Its path there.
        name: String,
    },
    /// It has other content.
    #[error("{place}/{name} is not what was recorded: {size} bytes with SHA-256 {sha256}")]
    Differs {
        /// `runbook` or `output`.
        place: &'static str,
        /// Its path there.
        name: String,
        /// The size found.
        size: u64,
        /// The digest found.
        sha256: String,
    },
    /// It cannot be read.
    #[error("{place}/{name} cannot be read: {reason}")]
    Unreadable {
        /// `runbook` or `output`.
        place: &'static str,
        /// Its path there.
        name: String,
        /// Why.
        reason: String,
    },
    /// No record speaks of it.
    #[error("{place}/{name} is in no record")]
    Extra {
        /// `runbook` or `output`.
        place: &'static str,
        /// Its path there.
        name: String,
    },
}

/// What was found beside a journal.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub faults: Vec<Fault>,
    /// Files that no record speaks of: place and path.
    pub unclaimed: Vec<(&'static str, String)>,
    /// Outputs of attempts whose end was not seen.
    pub unsealed: Vec<String>,
}

pub(super) fn check(
    folder: &Path,
    pinned: &[Claimed],
    outputs: &[Claimed],
    unsealed: &[String],
) -> Found {
    let mut found = Found::default();
    for (place, claimed) in [("runbook", pinned), ("output", outputs)] {
        let root = folder.join(place);
        found.faults.extend(claimed.iter().filter_map(|claim| compare(&root, place, claim)));
        let names: BTreeSet<&str> = claimed.iter().map(|claim| claim.path.as_str()).collect();
        let mut there = Vec::new();
        if let Err(e) = walk(&root, "", &mut there) {
            let (name, reason) = (String::new(), e.to_string());
            found.faults.push(Fault::Unreadable { place, name, reason });
        }
        there.sort();
        for name in there.into_iter().filter(|name| !names.contains(name.as_str())) {
            if place == "output" && unsealed.contains(&name) {
                found.unsealed.push(name);
            } else {
                found.unclaimed.push((place, name));
            }
        }
    }
    found
}

fn compare(root: &Path, place: &'static str, claim: &Claimed) -> Option<Fault> {
    let name = claim.path.clone();
    match digest_file(&root.join(&claim.path)) {
        Ok((size, sha256)) if (size, &sha256) == (claim.size, &claim.sha256) => None,
        Ok((size, sha256)) => Some(Fault::Differs { place, name, size, sha256 }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Some(Fault::Missing { place, name }),
        Err(e) => Some(Fault::Unreadable { place, name, reason: e.to_string() }),
    }
}

/// Lists every file below a folder. Links are files here: what they point to is not ours to follow.
fn walk(root: &Path, below: &str, files: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(below)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            walk(root, &name, files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}
