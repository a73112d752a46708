//! Why a runbook was not found, with the nearest name.

use super::entry::{Origin, short};
use super::folder::ReadError;
use std::path::PathBuf;

/// Why a runbook was not found.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    /// No runbook of that name.
    #[error("there is no runbook {asked:?}")]
    Nothing {
        /// What was asked for.
        asked: String,
        /// The nearest full name. Never run by itself.
        suggestion: Option<String>,
    },
    /// The short name fits more than one.
    #[error("{asked:?} could be any of: {}", names.join(", "))]
    Several {
        /// What was asked for.
        asked: String,
        /// The full names.
        names: Vec<String>,
    },
    /// No runbook at that path.
    #[error("there is no runbook at {0}")]
    NoRunbookAt(PathBuf),
    /// A stronger place hides a different runbook of the same name.
    #[error("{full_name} from {origin} differs from the one {other}")]
    Differs {
        /// Its full name.
        full_name: String,
        /// The strongest place.
        origin: Origin,
        /// The place with the different one.
        other: Origin,
    },
    /// It was found and cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl NotFound {
    /// Returns the next command to type.
    pub fn next(&self) -> String {
        match self {
            Self::Nothing { suggestion: Some(name), .. } => {
                format!("Did you mean {name}? rutter show {name}")
            }
            Self::Nothing { suggestion: None, .. } => "rutter list".to_owned(),
            Self::Several { names, .. } => {
                format!("Give the full name: {}", names.first().map_or("", String::as_str))
            }
            Self::NoRunbookAt(_) => {
                "Name a folder with runbook.yaml in it, or a .yaml file".to_owned()
            }
            Self::Differs { full_name, .. } => {
                format!("Give the full name, {full_name}, or the folder with --runbooks")
            }
            Self::Read(_) => "rutter paths".to_owned(),
        }
    }
}

/// Makes the answer to a name that fits nothing, with the nearest one if any is near.
pub fn nothing(asked: &str, names: &[&str]) -> NotFound {
    let wanted = asked.to_lowercase();
    let nearness = |name: &str| {
        let short = short(name);
        strsim::jaro_winkler(&wanted, name).max(strsim::jaro_winkler(&wanted, short))
    };
    let nearest = names
        .iter()
        .map(|name| (nearness(name), *name))
        .filter(|(near, _)| *near > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let suggestion = nearest.map(|(_, name)| name.to_owned());
    NotFound::Nothing { asked: asked.to_owned(), suggestion }
}

/// Makes the answer to a short name that fits more than one.
pub fn several(asked: &str, names: &[&str]) -> NotFound {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    NotFound::Several { asked: asked.to_owned(), names }
}
