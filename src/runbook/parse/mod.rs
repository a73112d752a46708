//! From the text of a file to a runbook, or to everything that is wrong with it.
//!
//! ```text
//! text ──tree──▶ nodes with places ──reader, fields──▶ model ──refer──▶ Runbook
//!                                        │                      │
//!                                        └──────────┬───────────┘
//!                                                findings
//! ```
//!
//! Every part is read even when the one before it is broken, and what is broken keeps its name, so that one mistake
//! is reported once and hides no other.

mod beside;
mod call;
mod decide;
mod define;
pub mod fields;
mod head;
mod needs;
mod patterns;
pub mod reader;
mod refer;
mod rules;
pub mod scenario;
mod select;
mod step;
mod wait;
mod when;

use super::model::Runbook;
use super::place::{Finding, Source};
use super::tree::{self, Content};
use reader::Reader;

/// Reads a runbook. The error is every mistake of form, in the order of the file.
pub fn parse(source: &Source) -> Result<Runbook, Vec<Finding>> {
    let mut reader = Reader::new(source);
    let Some(tree) = tree::read_part(source, &mut reader.findings) else {
        return Err(reader.findings.into_sorted());
    };
    if let Content::Null = tree.root.content {
        let why = "there is nothing in it but blanks and comments";
        let next = "Begin with `format: 1`; `rutter show example` shows a complete runbook.";
        reader.error("RB015", tree.root.place, "an empty file", why, next);
        return Err(reader.findings.into_sorted());
    }
    let runbook = head::runbook(&tree.root, &mut reader);
    if let Some(runbook) = runbook.as_ref().filter(|_| tree.whole) {
        refer::check(runbook, &mut reader);
    }
    if !tree.whole {
        reader.findings.retain(|code| !NEEDS_THE_WHOLE.contains(&code));
    }
    match runbook {
        Some(runbook) if reader.findings.is_empty() => Ok(runbook),
        _ => Err(reader.findings.into_sorted()),
    }
}

/// Findings about something missing: in a file that could not be read to its end it may be in the rest.
const NEEDS_THE_WHOLE: [&str; 9] =
    ["RB011", "RB023", "RB050", "RB051", "RB052", "RB053", "RB055", "RB056", "RB072"];
