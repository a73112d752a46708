//! The report as Markdown, in the order of a review after the incident.

use super::appendix;
use super::attempts::{self, Attempt, Fate};
use super::debrief::text::SIMULATED;
use super::escape::{markdown as md, sentence};
use super::model::{Decision, Report};
use super::timeline::{self, Level};
use super::words::{self, count};
use crate::engine::event::{ClosedAs, Mode};
use crate::journal::code;
use crate::journal::shelf;
use crate::journal::verify::Verdict;
use crate::runbook::model::Hazard;
use std::fmt::{self, Write};

/// Renders a report with what was verified of its journal.
pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail; the result is there for `?` alone.
    let _ = write_all(&mut out, report, verdict);
    out
}

fn write_all(out: &mut String, report: &Report, verdict: &Verdict) -> fmt::Result {
    let run = verdict.run.as_deref().unwrap_or("unknown");
    let title = report.opened.as_ref().map_or("Run", |opened| opened.title.as_str());
    writeln!(out, "# {}, run {}\n", md(title), md(shelf::short(run)))?;
    if report.opened.as_ref().is_some_and(|opened| opened.mode == Mode::Rehearsal) {
        writeln!(out, "**REHEARSAL.** {SIMULATED}\n")?;
    }
    writeln!(out, "{}\n", summary(report))?;
    proof(out, verdict)?;
    figures(out, report)?;
    people(out, report)?;
    timeline(out, report)?;
    decisions(out, report)?;
    deviations(out, report)?;
    deferred(out, report)?;
    unknowns(out, report)?;
    open_changes(out, report)?;
    notes(out, report)?;
    out.push_str("## What went well\n\n\n## What did not go well\n\n\n## To do\n\n- [ ] \n\n");
    appendix::write(out, report)
}

/// One sentence that says it all: when, who, what, where, how it ended.
pub fn summary(report: &Report) -> String {
    let Some(opened) = &report.opened else {
        return "The journal does not reach the opening of a run.".into();
    };
    let from = report.from.map(words::day_and_time).unwrap_or_default();
    let to = report.to.map(words::time).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for person in report.people.iter().filter(|person| person.role == "operator") {
        let name = md(&person.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mode = match opened.mode {
        Mode::Live => "live",
        Mode::Rehearsal => "as a rehearsal",
    };
    let incident = opened.incident.as_ref().map(|id| format!(" for incident {}", md(id)));
    let before = opened.continues.as_ref().map(|run| format!(", continuing run {}", md(run)));
    let end = match &report.closed {
        Some(closed) => {
            let closed = timeline::closed_as(closed.as_, closed.reason.trim_end_matches('.'));
            format!("the run was closed as {}", md(&closed))
        }
        None => "the run is not closed".into(),
    };
    format!(
        "From {from} to {to} {} walked {} version {} in {}, {mode}{}{}; {end}.",
        words::list(&names),
        md(&opened.runbook),
        md(&opened.version),
        md(&opened.environment),
        incident.unwrap_or_default(),
        before.unwrap_or_default(),
    )
}

fn proof(out: &mut String, verdict: &Verdict) -> fmt::Result {
    writeln!(out, "Journal: `{}`", verdict.sentence())?;
    if let Some(head) = verdict.head {
        writeln!(
            out,
            "Head code after {}: `{}`",
            count(head.seq + 1, "record", "records"),
            code::of(&head.h)
        )?;
    }
    out.push('\n');
    for detail in verdict.details() {
        writeln!(out, "- {}", md(&detail))?;
    }
    if !verdict.details().is_empty() {
        out.push('\n');
    }
    Ok(())
}

fn figures(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Figures\n\n| Figure | Value |\n| --- | --- |\n");
    for (name, value) in figure_rows(report) {
        writeln!(out, "| {name} | {} |", md(&value))?;
    }
    out.push('\n');
    Ok(())
}

/// The figures of a run: name and value.
pub fn figure_rows(report: &Report) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let wall = report.from.zip(report.to).and_then(|(from, to)| (to - from).num_nanoseconds());
    let lasted = match (report.lasted_ns, wall.and_then(|ns| u64::try_from(ns).ok())) {
        (Some(ns), _) => words::duration(ns),
        (None, Some(ns)) => format!("≈ {} (the machine was restarted)", words::duration(ns)),
        (None, None) => "not known".into(),
    };
    rows.push(("First to last record", lasted));
    if let Some(start) = report.opened.as_ref().and_then(|o| o.incident_start.as_ref()) {
        rows.push(("Incident start, as given", start.clone()));
        let parsed = chrono::DateTime::parse_from_rfc3339(start).ok().zip(report.from);
        if let Some(ns) = parsed.and_then(|(start, from)| (from - start.to_utc()).num_nanoseconds())
            && let Ok(ns) = u64::try_from(ns)
        {
            rows.push(("Incident start to run", format!("≈ {}", words::duration(ns))));
        }
    }
    let main = || report.attempts.iter();
    let fate = |fate: Fate| main().filter(|attempt| attempt.fate() == fate).count() as u64;
    let changes = main().filter(|attempt| attempt.hazard > Hazard::Read).count();
    rows.push((
        "Commands",
        format!(
            "{}, {changes} above read, {} failed, {} repeated",
            report.attempts.len(),
            fate(Fate::Failed),
            main().filter(|attempt| attempt.id.attempt > 1).count()
        ),
    ));
    let took: u64 = main().filter_map(|a| a.outcome.as_ref()).map(|o| o.took_ns).sum();
    rows.push(("Waiting on commands", words::duration(took)));
    rows.push(("Nobody there", words::duration(report.away_ns)));
    rows.push(("Statements and steps ticked", report.ticked.to_string()));
    rows.push(("Decisions", report.decisions.len().to_string()));
    rows.push(("Deviations", report.deviations.len().to_string()));
    let unknown = report.unknowns().count();
    let settled = report.unknowns().filter(|attempt| attempt.settled.is_some()).count();
    rows.push(("Unknown outcomes", format!("{unknown}, {settled} settled")));
    let (mut files, mut bytes) = (0, 0);
    for spool in main().filter_map(|a| a.outcome.as_ref()).map(|o| &o.spool) {
        files += u64::from(!spool.file.is_empty());
        bytes += spool.size;
    }
    rows.push((
        "Recorded output",
        format!("{} in {}", words::size(bytes), count(files, "file", "files")),
    ));
    rows
}

fn people(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str(
        "## People\n\n| Name | Role | Observed | From | To |\n| --- | --- | --- | --- | --- |\n",
    );
    for person in &report.people {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            md(&person.name),
            person.role,
            md(&person.observed),
            words::time(person.from),
            words::time(person.to)
        )?;
    }
    out.push('\n');
    Ok(())
}

fn timeline(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Timeline (UTC)\n\n| # | Time | | Step | What | |\n| --- | --- | --- | --- | --- | --- |\n");
    let mut day = None;
    for line in report.timeline.iter().filter(|line| line.level == Level::Main) {
        let today = line.at.date_naive();
        let at =
            if day == Some(today) { words::time(line.at) } else { words::day_and_time(line.at) };
        day = Some(today);
        writeln!(
            out,
            "| {} | {at} | {} | {} | {} | {} |",
            line.seq,
            line.mark.sign(),
            md(&line.step),
            md(&line.what),
            md(&line.text)
        )?;
    }
    let hidden = report.timeline.iter().filter(|line| line.level == Level::More).count() as u64;
    writeln!(
        out,
        "\nLeft out here: {} of reads, ticks and values; see the appendix.\n",
        count(hidden, "entry", "entries")
    )
}

fn decisions(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Decisions\n\n");
    if report.decisions.is_empty() {
        out.push_str("None.\n\n");
    }
    report.decisions.iter().try_for_each(|decision| one_decision(out, report, decision))
}

fn one_decision(out: &mut String, report: &Report, decision: &Decision) -> fmt::Result {
    let outcome = if decision.outcome.is_empty() { "not decided" } else { &decision.outcome };
    writeln!(out, "### {}: {}\n", md(&report.names.full(&decision.step)), md(outcome))?;
    let besides = if decision.deviation { " The runbook suggests another outcome." } else { "" };
    writeln!(
        out,
        "{} by {} Reason: {}{besides}\n",
        words::day_and_time(decision.at),
        sentence(&decision.by),
        sentence(&decision.why)
    )?;
    for answer in &decision.answers {
        write!(
            out,
            "- Question {}: {}. {}",
            answer.question,
            timeline::yes_no(answer.answer),
            sentence(&answer.why)
        )?;
        if let Some(suggested) = answer.suggested {
            write!(out, " Check: {}.", timeline::yes_no(suggested))?;
        }
        if let Some(evidence) = answer.evidence.and_then(|at| report.attempts.get(at)) {
            write!(out, " Evidence: {}", evidence_words(evidence))?;
        }
        out.push('\n');
    }
    out.push('\n');
    Ok(())
}

fn evidence_words(attempt: &Attempt) -> String {
    let at = attempt.ended.map(words::time).unwrap_or_default();
    let Some(outcome) = &attempt.outcome else {
        return format!("command of record {}.", attempt.seq);
    };
    let lines: Vec<String> = outcome.last_lines.iter().map(|line| md(line)).collect();
    format!("{at}, {}: {}", md(&attempts::ended(&outcome.ended)), lines.join(" ⏎ "))
}

fn deviations(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Deviations\n\n");
    if report.deviations.is_empty() {
        out.push_str("None.\n");
    }
    for deviation in &report.deviations {
        writeln!(
            out,
            "- {} {}: {}. Reason: {} ({})",
            words::time(deviation.at),
            md(&report.names.full(&deviation.step)),
            md(&deviation.what),
            md(&deviation.reason),
            md(&deviation.by)
        )?;
    }
    out.push('\n');
    Ok(())
}

fn deferred(out: &mut String, report: &Report) -> fmt::Result {
    if report.deferred.is_empty() {
        return Ok(());
    }
    out.push_str("## Deferred\n\n");
    for one in &report.deferred {
        let step = md(&report.names.full(&one.step));
        let done =
            one.done.as_ref().map_or(String::new(), |done| format!(". Done later {}", md(done)));
        let tick = if one.done.is_some() { "x" } else { " " };
        let (due, reason) = (md(&one.due), md(&one.reason));
        writeln!(out, "- [{tick}] {step}: due {due}. Reason: {reason}{done}")?;
    }
    out.push('\n');
    Ok(())
}

fn unknowns(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Unknown outcomes\n\n");
    if report.unknowns().next().is_none() {
        out.push_str("None.\n");
    }
    for attempt in report.unknowns() {
        let reason = match (&attempt.lost, &attempt.outcome) {
            (Some(reason), _) => reason.clone(),
            (None, Some(outcome)) => attempts::ended(&outcome.ended),
            (None, None) => String::new(),
        };
        let since = attempt.ended.map(words::time).unwrap_or_default();
        write!(out, "- {}, unknown since {since}: {}.", md(&work(report, attempt)), md(&reason))?;
        match &attempt.settled {
            None => out.push_str(" Not settled."),
            Some(settled) => write!(
                out,
                " {} {} by {} ({}).",
                words::time(settled.at),
                attempt.fate().words(),
                md(&settled.by),
                md(&attempts::proof(&settled.proof))
            )?,
        }
        out.push('\n');
    }
    out.push('\n');
    Ok(())
}

fn open_changes(out: &mut String, report: &Report) -> fmt::Result {
    out.push_str("## Open changes\n\n");
    let mut none = true;
    if let Some(closed) = &report.closed {
        for step in &closed.open_changes {
            let of_step = |a: &&Attempt| a.id.work.step == *step && a.changed();
            let target = report.attempts.iter().rev().find(of_step).and_then(|a| a.target.as_ref());
            let on = target.map(|target| format!(" on {}", md(target))).unwrap_or_default();
            writeln!(out, "- {}{on}", md(&report.names.full(step)))?;
            for attempt in report.attempts.iter().filter(of_step) {
                typed(out, attempt)?;
            }
            none = false;
        }
        if closed.as_ == ClosedAs::ContinuedIn {
            let run = closed.continued_in.as_deref().unwrap_or("another run");
            writeln!(out, "- The work goes on in {}.", md(run))?;
            none = false;
        }
    } else {
        for attempt in report.attempts.iter().filter(|attempt| attempt.changed()) {
            writeln!(out, "- {}: {}", md(&work(report, attempt)), attempt.fate().words())?;
            typed(out, attempt)?;
            none = false;
        }
    }
    for (open, settled) in &report.taken_over {
        let stands = match settled {
            None => open.way_back(),
            Some(how) => format!("settled by a person: {how}"),
        };
        writeln!(out, "- {}; {}", md(&open.to_string()), md(&stands))?;
        none = false;
    }
    for raised in report.raised.iter().filter(|raised| raised.cleared.is_none()) {
        writeln!(
            out,
            "- To clear, from {}: {}",
            md(&report.names.full(&raised.step)),
            md(&raised.note)
        )?;
        none = false;
    }
    if none {
        out.push_str("None.\n");
    }
    out.push('\n');
    Ok(())
}

/// A change by a command that a person typed shows it: no way back was written for it.
fn typed(out: &mut String, attempt: &Attempt) -> fmt::Result {
    match attempt.edited {
        Some(_) => writeln!(out, "  - edited, no way back is written for: {}", md(&attempt.shown)),
        None => Ok(()),
    }
}

fn notes(out: &mut String, report: &Report) -> fmt::Result {
    if report.notes.is_empty() {
        return Ok(());
    }
    out.push_str("## Notes\n\n");
    for note in &report.notes {
        writeln!(
            out,
            "- {} {}, {}: {}",
            words::time(note.at),
            md(&note.by),
            md(&note.kind),
            md(&note.text)
        )?;
    }
    out.push('\n');
    Ok(())
}

/// Names an attempt: number, title, part, and from the second try on its number.
pub(super) fn work(report: &Report, attempt: &Attempt) -> String {
    let id = &attempt.id;
    let full = report.names.full(&id.work.step);
    let written = id.work.to_string();
    let part = written.strip_prefix(id.work.step.as_str()).unwrap_or_default();
    let part = part.strip_prefix('/').map(|part| format!(", {part}")).unwrap_or_default();
    match id.attempt {
        1 => format!("{full}{part}"),
        n => format!("{full}{part}, attempt {n}"),
    }
}
