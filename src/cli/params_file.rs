//! `--params FILE`: a file of names and values.

use super::findings;
use super::{Exit, Failure};
use crate::runbook::answers;
use crate::runbook::place::Source;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Reads the file.
pub fn read(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|e| Failure::usage(format!("{shown}: {e}"), "give a file that can be read"))?;
    answers::parse_values(&Source::new(shown.as_str(), text)).map_err(|found| {
        let failure = Failure::new(Exit::Invalid, format!("{shown} cannot be used"), "mend it");
        found
            .iter()
            .fold(failure, |failure, finding| failure.because(findings::told(finding, false)))
    })
}
