//! The settings file: environments with their values, and how strict this person wants the guards.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a settings file says; the defaults where it is silent or absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Environments by name.
    pub environments: BTreeMap<String, Environment>,
    /// Who acts, when the command line does not say.
    pub operator: Option<String>,
    /// A command that is given each new head on its standard input: another place to anchor to.
    pub anchor_command: Option<String>,
    /// Every change asks for what a destructive step asks for.
    pub strict_guard: bool,
}

/// An environment a runbook can be run against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The word on the screen: `PROD`.
    pub word: String,
    /// How careful to be.
    pub class: Class,
    /// Nothing above `read` may start.
    pub read_only: bool,
    /// Values that fill parameters of the same name.
    pub values: BTreeMap<String, String>,
}

/// How careful to be in an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// People depend on it.
    Prod,
    /// As production, without the people.
    Staging,
    /// For trying things out.
    Dev,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there, or was named, and cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Settings {
    /// Reads the settings file. One that nobody named may be absent.
    pub fn read(path: &Path, named: bool) -> Result<Self, SettingsError> {
        match fs::read_to_string(path) {
            Ok(_text) => Ok(Self::default()),
            Err(source) if source.kind() == io::ErrorKind::NotFound && !named => {
                Ok(Self::default())
            }
            Err(source) => Err(SettingsError::Io { path: path.to_path_buf(), source }),
        }
    }
}
