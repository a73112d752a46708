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
pub mod reader;
mod refer;
pub mod scenario;
mod select;
mod step;
mod wait;
mod when;

use super::model::Runbook;
use super::place::{Finding, Source};
use super::tree;
use reader::Reader;

/// Reads a runbook. The error is every mistake of form, in the order of the file.
pub fn parse(source: &Source) -> Result<Runbook, Vec<Finding>> {
    let mut reader = Reader::new(source);
    let tree = tree::read(source, &mut reader.findings);
    let runbook = tree.and_then(|tree| head::runbook(&tree, &mut reader));
    if let Some(runbook) = &runbook {
        refer::check(runbook, &mut reader);
    }
    match runbook {
        Some(runbook) if reader.findings.is_empty() => Ok(runbook),
        _ => Err(reader.findings.into_sorted()),
    }
}
