//! The appendix of a report: every command as it ran, with what was seen of it.

use super::attempts::{self, Attempt};
use super::escape::{block, markdown as md};
use super::markdown::work;
use super::model::Report;
use super::words;
use crate::outcome::{Captured, Judged, Outcome};
use std::fmt::{self, Write};

pub(super) fn write(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Appendix: the run\n\n");
    if let Some(opened) = &report.opened {
        writeln!(out, "- Program: {}, journal format {}", md(&opened.program), opened.format)?;
        writeln!(out, "- Run: {}", md(&opened.run))?;
        writeln!(
            out,
            "- Runbook: {} ({}), digest `{}`",
            md(&opened.runbook),
            md(&opened.origin),
            md(&opened.digest)
        )?;
        for file in &opened.pinned {
            writeln!(
                out,
                "- Pinned: {}, {}, SHA-256 `{}`",
                md(&file.path),
                words::size(file.size),
                md(&file.sha256)
            )?;
        }
        for (name, given) in &opened.params {
            let source = format!("{:?}", given.source).to_lowercase();
            writeln!(out, "- Parameter {}: {} ({source})", md(name), md(&given.value))?;
        }
        for (name, source) in &opened.secrets {
            writeln!(out, "- Secret {}: from {}, not recorded", md(name), md(source))?;
        }
    }
    if !report.not_taken.is_empty() {
        out.push_str("\n## Appendix: steps not taken\n\n");
        for (step, reason) in &report.not_taken {
            writeln!(out, "- {}: {}", md(&report.names.full(step)), md(reason))?;
        }
    }
    out.push_str("\n## Appendix: commands\n");
    report.attempts.iter().try_for_each(|attempt| command(out, report, attempt))
}

fn command(out: &mut String, report: &Report, attempt: &Attempt) -> fmt::Result {
    let fate = attempt.fate().words();
    writeln!(out, "\n### #{} {}: {fate}\n", attempt.seq, md(&work(report, attempt)))?;
    out.push_str(&block(&attempt.shown));
    out.push('\n');
    let target = attempt.target.as_ref().map(|target| format!(" on {}", md(target)));
    let (hazard, guard) = (attempt.hazard, md(&attempts::guard(&attempt.guard)));
    writeln!(
        out,
        "- Hazard: {hazard}{}; guard: {guard}; by {}",
        target.unwrap_or_default(),
        md(&attempt.by)
    )?;
    write!(out, "- Intended {}", words::day_and_time(attempt.intended))?;
    if let Some(started) = attempt.started {
        write!(out, ", started {}", words::time(started))?;
    }
    if let Some(ended) = attempt.ended {
        write!(out, ", end recorded {}", words::time(ended))?;
    }
    writeln!(out, "; digest `{}`", md(&attempt.digest))?;
    if let Some(reason) = &attempt.lost {
        writeln!(out, "- The end was not seen: {}", md(reason))?;
    }
    attempt.outcome.as_ref().map_or(Ok(()), |outcome| seen(out, outcome))
}

fn seen(out: &mut String, outcome: &Outcome) -> fmt::Result {
    let ended = md(&attempts::ended(&outcome.ended));
    writeln!(out, "- Ended: {ended}, after {}", attempts::took(outcome))?;
    for verdict in &outcome.verdicts {
        let result = match verdict.result {
            Judged::Passed => "passed",
            Judged::Failed => "failed",
            Judged::CannotJudge => "cannot be judged",
        };
        writeln!(out, "- Expected {}, got {}: {result}", md(&verdict.expected), md(&verdict.got))?;
    }
    for (name, captured) in &outcome.captures {
        let value = match captured {
            Captured::Value(value) => md(value),
            Captured::Secret => "secret, not recorded".into(),
            Captured::Missing => "missing".into(),
            Captured::Bad(reason) => format!("not usable: {}", md(reason)),
        };
        writeln!(out, "- Captured {}: {value}", md(name))?;
    }
    for survivor in &outcome.survivors {
        let why = if survivor.stays { "left on purpose" } else { "was stopped" };
        writeln!(out, "- Process {} {why}: {}", survivor.process.pid, md(&survivor.command))?;
    }
    for note in &outcome.notes {
        writeln!(out, "- {}", md(note))?;
    }
    let spool = &outcome.spool;
    if !spool.file.is_empty() {
        let cut = if spool.truncated { ", only its beginning was kept" } else { "" };
        writeln!(
            out,
            "- Output: {}, {} (stdout {}, stderr {}){cut}, SHA-256 `{}`",
            md(&spool.file),
            words::size(spool.size),
            words::size(spool.stdout_bytes),
            words::size(spool.stderr_bytes),
            md(&spool.sha256)
        )?;
    }
    if !outcome.last_lines.is_empty() {
        out.push('\n');
        out.push_str(&block(&outcome.last_lines.join("\n")));
    }
    Ok(())
}
