//! The record itself, for programs: every record as it was written, in one document.

use super::fact::Entry;
use crate::journal::verify::Verdict;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    run: Option<&'a str>,
    verified: Verified<'a>,
    records: &'a [Entry],
}

#[derive(Serialize)]
struct Verified<'a> {
    sentence: String,
    exit: u8,
    details: Vec<String>,
    head: Option<String>,
    run_closed: bool,
    end: &'a str,
}

/// Renders the records of a run with what was verified of them.
pub fn render(entries: &[Entry], verdict: &Verdict) -> Result<String, serde_json::Error> {
    use crate::journal::scan::End;
    let document = Document {
        format: 1,
        run: verdict.run.as_deref(),
        verified: Verified {
            sentence: verdict.sentence(),
            exit: verdict.exit(),
            details: verdict.details(),
            head: verdict.head.map(|head| head.h.to_string()),
            run_closed: verdict.closed,
            end: match verdict.end {
                End::Clean => "clean",
                End::Torn(_) => "torn",
                End::Bad { .. } => "bad",
            },
        },
        records: entries,
    };
    serde_json::to_string_pretty(&document).map(|mut text| {
        text.push('\n');
        text
    })
}
