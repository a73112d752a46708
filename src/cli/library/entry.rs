//! A runbook as it was found, with all its files.

use crate::runbook::model::Runbook;
use crate::runbook::parse;
use crate::runbook::place::{Finding, Source};
use crate::runbook::tree;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::PathBuf;

/// Where a runbook comes from, strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A path on the command line.
    Path(PathBuf),
    /// `--runbooks DIR`.
    Flag(PathBuf),
    /// `RUTTER_RUNBOOKS`.
    Variable(PathBuf),
    /// `.rutter/runbooks` or `runbooks/` in the current folder or above it.
    Nearby(PathBuf),
    /// The person's own folder beside the settings.
    Own(PathBuf),
    /// Inside this binary.
    BuiltIn,
}

impl Origin {
    /// Whether the person named this place in the command, or put the runbook there on purpose.
    pub fn is_chosen(&self) -> bool {
        match self {
            Self::Path(_) | Self::Flag(_) | Self::Own(_) | Self::BuiltIn => true,
            Self::Variable(_) | Self::Nearby(_) => false,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Flag(folder) => write!(f, "{} (--runbooks)", folder.display()),
            Self::Variable(folder) => write!(f, "{} (RUTTER_RUNBOOKS)", folder.display()),
            Self::Nearby(folder) => write!(f, "{}", folder.display()),
            Self::Own(folder) => write!(f, "{} (yours)", folder.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}

/// A runbook as it was found. Its files were read once, so that what was checked and shown is what is run.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `system/name`, or `name` where it lies in no system's folder.
    pub full_name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Another place with a different runbook of the same name, weaker than `origin`.
    pub differs_from: Option<Origin>,
    /// It is byte for byte the one inside this binary, wherever it was found.
    pub same_as_built_in: bool,
    /// Every file with its path inside the runbook's folder, `runbook.yaml` first, then by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// SHA-256 over the names and bytes of all files, hex.
    pub digest: String,
    /// The runbook's text, under the name to show in findings. What is not UTF-8 in it is replaced here, and
    /// refused by [`Entry::runbook`].
    pub source: Source,
}

impl Entry {
    /// Returns the name without the system.
    pub fn short_name(&self) -> &str {
        short(&self.full_name)
    }

    /// Whether a live run has to ask first: nobody chose this place, and the files are not the built-in ones.
    pub fn asks_for_trust(&self) -> bool {
        !self.origin.is_chosen() && !self.same_as_built_in
    }

    /// Reads the runbook; every mistake is told at once.
    pub fn runbook(&self) -> Result<Runbook, Vec<Finding>> {
        let bytes = self.file(RUNBOOK_FILE).unwrap_or_default();
        let source = tree::decode(&self.source.name, bytes).map_err(|finding| vec![*finding])?;
        parse::parse(&source)
    }

    /// Returns every file but the runbook itself, under the name to show in findings.
    pub fn beside(&self) -> impl Iterator<Item = (String, &[u8])> {
        let folder = self.source.name.strip_suffix(RUNBOOK_FILE).unwrap_or_default();
        self.files
            .iter()
            .filter(|(path, _)| path != RUNBOOK_FILE)
            .map(move |(path, bytes)| (format!("{folder}{path}"), bytes.as_slice()))
    }

    /// Whether a file beside a runbook is a scenario of it.
    pub fn is_scenario(path: &str) -> bool {
        let mut parts = path.rsplit('/');
        parts.next().is_some_and(|name| name.strip_suffix(".yaml").is_some())
            && parts.next() == Some("scenarios")
    }

    /// Returns the bytes of a file of this runbook.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.iter().find(|(name, _)| name == path).map(|(_, bytes)| bytes.as_slice())
    }
}

/// The file that makes a folder a runbook.
pub const RUNBOOK_FILE: &str = "runbook.yaml";

/// Returns the name without the system.
pub fn short(full_name: &str) -> &str {
    full_name.rsplit_once('/').map_or(full_name, |(_, name)| name)
}

/// Orders files: `runbook.yaml` first, then by name.
pub fn in_order(mut files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    files.sort_by(|(a, _), (b, _)| (a != RUNBOOK_FILE, a).cmp(&(b != RUNBOOK_FILE, b)));
    files
}

/// Digests names and contents; lengths go in too, so that no two sets of files run together to the same bytes.
pub fn digest_of(files: &[(String, Vec<u8>)]) -> String {
    let mut hash = Sha256::new_with_prefix(b"rutter.runbook.v1\n");
    for (path, bytes) in files {
        for part in [path.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(u32::from(half), 16));
        }
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_moved_from_one_file_to_the_next_changes_the_digest() {
        let files = |a: &str, b: &str| vec![("a".into(), a.into()), ("b".into(), b.into())];
        assert_ne!(digest_of(&files("xy", "z")), digest_of(&files("x", "yz")));
        assert_eq!(digest_of(&files("xy", "z")), digest_of(&files("xy", "z")));
    }

    #[test]
    fn the_runbook_comes_first_and_the_rest_by_name() {
        let files = ["scenarios/a.yaml", "audit.sql", "runbook.yaml"];
        let ordered = in_order(files.map(|path| (path.to_owned(), Vec::new())).to_vec());
        let names: Vec<&str> = ordered.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["runbook.yaml", "audit.sql", "scenarios/a.yaml"]);
    }
}
