//! Mistakes in files people write, as they are told: place, source line, reason, next step; all at once.

use super::context::Context;
use super::{Exit, Failure};
use crate::runbook::place::{Finding, Place, Severity};
use crate::screen;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The columns of the narrowest screen we write for.
const COLUMNS: usize = 80;
/// A reason at most this wide stands beside the caret.
const BESIDE: usize = 48;

/// Says one finding: what, where, the source line with the part that is meant, why, and what to do next.
pub fn told(finding: &Finding, colour: bool) -> String {
    let (line_number, column) = finding.source.line_column(finding.place.start);
    let (line, start) = line_at(finding);
    let (line, from, to) = safe_line(line, start, finding.place);
    let (what, why) = (screen::line(&finding.what), screen::line(&finding.why));
    let path = format!("{}:{line_number}:{column}", screen::line(finding.source.name.as_bytes()));
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // A short reason stands at the caret; a long one would run off the screen.
    let beside = why.chars().count() <= BESIDE && from + why.chars().count() < COLUMNS - 10;
    let caret = AnnotationKind::Primary.span(from..to);
    let caret = if beside { caret.label(why.as_str()) } else { caret };
    let reason = screen::wrap(&why, COLUMNS - 14, 0).join("\n");
    let next = screen::wrap(&screen::line(&finding.next), COLUMNS - 14, 0).join("\n");
    let snippet = Snippet::source(line.as_str()).line_start(line_number).fold(false);
    let mut group = Group::with_title(level.primary_title(what.as_str()).id(finding.code))
        .element(snippet.path(path.as_str()).annotation(caret));
    if !beside {
        group = group.element(Level::NOTE.with_name("why").message(reason.as_str()));
    }
    group = group.element(Level::HELP.with_name("next").message(next.as_str()));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let report = renderer.decor_style(DecorStyle::Ascii).term_width(COLUMNS).render(&[group]);
    // The snippet numbers the one line it was given by itself; the path above already says line and column.
    report.replacen(&format!("{path}:{line_number}:{}", from + 1), &path, 1)
}

/// Returns the finding as JSON, for `--format json`.
pub fn json(finding: &Finding) -> Value {
    let (line, column) = finding.source.line_column(finding.place.start);
    let (end_line, end_column) = finding.source.line_column(finding.place.end);
    json!({
        "code": finding.code,
        "severity": severity(finding.severity),
        "file": &*finding.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "what": finding.what,
        "why": finding.why,
        "next": finding.next,
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Says how many there are: `2 errors, 1 warning`.
pub fn count(errors: usize, warnings: usize) -> String {
    let mut text = String::new();
    for (number, word) in [(errors, "error"), (warnings, "warning")] {
        if number > 0 {
            let comma = if text.is_empty() { "" } else { ", " };
            let plural = if number == 1 { "" } else { "s" };
            let _ = write!(text, "{comma}{number} {word}{plural}"); // writing to a string cannot fail
        }
    }
    if text.is_empty() { "no mistakes".to_owned() } else { text }
}

/// Makes the failure for a file that cannot be used, and tells every finding on standard error first.
pub fn failure(context: &Context, found: &[Finding]) -> Failure {
    use std::io::Write as _;
    let mut messages = context.messages();
    for finding in found {
        // A closed stream is no reason to stop: the exit code still speaks.
        let _ = writeln!(messages, "{}\n", told(finding, context.colour_messages()));
    }
    let name = found.first().map_or("the file", |finding| &*finding.source.name);
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error).count();
    Failure::new(
        Exit::Invalid,
        format!("{} cannot be used: {}", screen::line(name), count(errors, found.len() - errors)),
        "Mend the file, then give the command again",
    )
}

/// Returns the line a finding begins on, and where that line begins in the file.
fn line_at(finding: &Finding) -> (&str, usize) {
    let text = &finding.source.text;
    let mut at = (finding.place.start as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    (&text[start..end], start)
}

/// Returns a line with nothing in it that a terminal would act on, and the part of it that is meant, in bytes.
fn safe_line(line: &str, start: usize, place: Place) -> (String, usize, usize) {
    let mut safe = String::with_capacity(line.len());
    let (mut from, mut to) = (None, None);
    for (at, c) in line.trim_end_matches('\r').char_indices() {
        let at = start + at;
        if from.is_none() && at >= place.start as usize {
            from = Some(safe.len());
        }
        if to.is_none() && from.is_some() && at >= place.end as usize {
            to = Some(safe.len());
        }
        // One character for one, so that the caret stands where the person sees it.
        let harmless = c == '\t' || screen::line(c.to_string()).chars().eq([c]) || c == ' ';
        safe.push(if harmless { c } else { '\u{FFFD}' });
    }
    let from = from.unwrap_or(safe.len());
    let to = to.unwrap_or_else(|| safe.trim_end().len()).max(from);
    (safe, from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::place::Source;

    fn finding(text: &str, start: u32, end: u32) -> Finding {
        Finding {
            code: "RB010",
            severity: Severity::Error,
            source: Source::new("x/runbook.yaml", text),
            place: Place { start, end },
            what: "unknown key `timout`".to_owned(),
            why: "a step knows `timeout`".to_owned(),
            next: "Did you mean `timeout`?".to_owned(),
        }
    }

    #[test]
    fn a_finding_says_what_where_why_and_what_next() {
        let shown = told(&finding("a: 1\n  timout: 5m\nb: 2\n", 7, 13), false);
        assert_eq!(
            shown,
            "error[RB010]: unknown key `timout`\n \
             --> x/runbook.yaml:2:3\n  \
             |\n\
             2 |   timout: 5m\n  \
             |   ^^^^^^ a step knows `timeout`\n  \
             |\n  \
             = next: Did you mean `timeout`?"
        );
    }

    #[test]
    fn nothing_in_a_file_reaches_the_terminal_as_it_is() {
        let text = "k: \u{1b}]0;title\u{7}\u{202e}evil\n";
        let shown = told(&finding(text, 3, 20), false);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
        assert!(shown.contains("evil"), "{shown}");
    }

    #[test]
    fn a_place_at_the_end_of_a_file_and_over_many_lines_is_shown_on_its_first_line() {
        let shown = told(&finding("a: 1\n", 5, 5), false);
        assert!(shown.contains("x/runbook.yaml:2:1"), "{shown}");
        let shown = told(&finding("a:\n  b\n  c\n", 0, 10), false);
        assert!(shown.contains("^^") && !shown.contains(" c"), "{shown}");
    }
}
