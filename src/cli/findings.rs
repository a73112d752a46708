//! Mistakes in files people write, as they are told: place, source line, reason, next step; all at once.

use super::context::Context;
use super::{Exit, Failure};
use crate::runbook::place::{Finding, Severity};
use crate::screen;
use std::fmt::Write;

/// Says one finding in five lines.
pub fn told(finding: &Finding) -> String {
    let (line, column) = finding.source.line_column(finding.place.start);
    let source = finding.source.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let safe = screen::line(source);
    let gutter = line.to_string().len();
    let mut out = String::new();
    let name = screen::line(finding.source.name.as_bytes());
    let what = screen::line(&finding.what);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{severity}[{}]: {what}", finding.code);
    let _ = writeln!(out, "{:gutter$}--> {name}:{line}:{column}", "");
    let _ = writeln!(out, "{line} | {}", screen::fit(&safe, 100));
    let caret = column.saturating_sub(1).min(100);
    let _ = writeln!(out, "{:gutter$} | {:caret$}^ {}", "", "", screen::line(&finding.why));
    let _ = writeln!(out, "{:gutter$} = {}", "", screen::line(&finding.next));
    out
}

/// Makes the failure for a file that cannot be used, and tells every finding on standard error first.
pub fn failure(context: &Context, found: &[Finding]) -> Failure {
    use std::io::Write as _;
    let mut messages = context.messages();
    for finding in found {
        let _ = writeln!(messages, "{}", told(finding)); // a closed stream is no reason to stop
    }
    let name = found.first().map_or("the file", |finding| &*finding.source.name);
    let mistakes = if found.len() == 1 { "1 mistake" } else { "mistakes" };
    let count = if found.len() == 1 { String::new() } else { format!("{} ", found.len()) };
    Failure::new(
        Exit::Invalid,
        format!("{name} cannot be used: {count}{mistakes}"),
        "mend what is named above, then try again",
    )
}
