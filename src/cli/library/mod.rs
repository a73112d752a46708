//! Where runbooks come from: folders named on the command line, near the current folder, the person's own, and the
//! ones inside this binary.

use crate::cli::failure::Failure;
use std::ffi::OsString;
use std::path::PathBuf;

/// The places to look in, strongest first.
#[derive(Clone, Debug, Default)]
pub struct LibraryOptions {
    /// `--runbooks DIR`, in the order given.
    pub named: Vec<PathBuf>,
    /// `RUTTER_RUNBOOKS`: folders, separated as in `PATH`.
    pub variable: Option<OsString>,
    /// The current folder: `.rutter/runbooks` and `runbooks/` are looked for in it and in its parents.
    pub current: PathBuf,
    /// The person's own folder.
    pub own: Option<PathBuf>,
}

/// Where a runbook comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `--runbooks`, or a path on the command line: named by the person.
    Named(PathBuf),
    /// `RUTTER_RUNBOOKS`.
    Variable(PathBuf),
    /// `.rutter/runbooks` or `runbooks/` in the current folder or above.
    Nearby(PathBuf),
    /// The person's own folder beside the settings.
    Own(PathBuf),
    /// Inside this binary.
    BuiltIn,
}

/// A runbook as it was found: all its files, read once, so that what is checked is what is run.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `system/name`, or `name` for a lone file.
    pub full_name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Every file with its path inside the runbook's folder, `runbook.yaml` first.
    pub files: Vec<(String, Vec<u8>)>,
    /// SHA-256 over all files, hex.
    pub digest: String,
    /// The runbook's text, with the name to show in findings.
    pub source: crate::runbook::place::Source,
    /// The folder its files lie in on disk; `None` for those inside the binary.
    pub folder: Option<PathBuf>,
}

/// All runbooks that can be found.
#[derive(Debug)]
pub struct Library {}

impl Library {
    /// Opens the library.
    pub fn open(_options: &LibraryOptions) -> Result<Self, Failure> {
        Ok(Self {})
    }
}
