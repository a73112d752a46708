//! What became of a command: running, failed, unknown; and what became of the run.

use super::{Ended, Judged, Outcome, Outline, shown};
use crate::engine::event::{AttemptId, Part, Work};
use crate::engine::state::{Attempt, Life, StepState};
use crate::line::{clock, span};
use crate::outcome::Captured;
use crate::runbook::model::{Meaning, Repeat};
use crate::tui::look::Role;
use crate::tui::prose::Prose;
use crate::tui::sight::Sight;
use std::time::Duration;

/// Says how a command ended: `exit 1 after 1:12`.
pub fn how(outcome: &Outcome) -> String {
    let took = clock(outcome.took_ns);
    match &outcome.ended {
        Ended::Exit { code } => format!("exit {code} after {took}"),
        Ended::Signal { signal } => format!("ended by signal {signal} after {took}"),
        Ended::Timeout => format!("stopped by its timeout after {took}"),
        Ended::Interrupted => format!("interrupted after {took}"),
        Ended::CouldNotStart { reason } => format!("could not be started: {reason}"),
        Ended::NeverReleased => "was never started".into(),
    }
}

/// Says in the title how a step failed.
pub fn heading(sight: &dyn Sight, id: &AttemptId) -> String {
    let outcome = sight.run().attempt(id).and_then(|attempt| attempt.outcome());
    let how = outcome.map_or_else(String::new, |outcome| format!(": {}", how(outcome)));
    format!("FAILED{how}")
}

/// Says what was expected, what came instead, the last lines, and what it looks like.
pub fn failed(prose: &mut Prose, sight: &dyn Sight, id: &AttemptId) {
    let run = sight.run();
    let Some(attempt) = run.attempt(id) else { return };
    let values = run.values();
    let shown = shown(&values);
    let step = run.plan().step(&id.work.step);
    edited(prose, attempt);
    if let Some(outcome) = attempt.outcome() {
        verdicts(prose, outcome);
        last_lines(prose, &outcome.last_lines);
        for failure in outcome.failures.iter().filter_map(|at| step?.step.failures.get(*at)) {
            prose.labelled("LOOKS LIKE", Role::Warning, Role::Text, &shown(&failure.means));
            if let Some(fix) = failure.fix.as_ref().and_then(|fix| run.plan().step(&fix.value)) {
                prose.label(
                    "FIX",
                    Role::Strong,
                    &format!("{} {}", fix.number, shown(&fix.step.title)),
                );
            }
        }
    }
    if let Life::Lost { reason, last_lines: lines } = &attempt.life {
        prose.label("LOST", Role::Text, reason);
        last_lines(prose, lines);
    }
    let tries = run.attempts(&id.work).len();
    let call = step.and_then(|step| step.step.call.as_ref());
    let call = call.map_or(String::new(), |call| {
        let after = call.after_failures.map_or(String::new(), |n| format!(" after {n} failures"));
        format!("   CALL {}{after}", shown(&call.who))
    });
    prose.label("ATTEMPTS", Role::Text, &format!("{tries}{call}"));
}

/// Says that what ran is not what the runbook has, and shows it: what is judged and proved was written for another one.
fn edited(prose: &mut Prose, attempt: &Attempt) {
    if let Some(edited) = &attempt.edited {
        let ran = attempt.shown.lines().next().unwrap_or_default();
        let ran = format!("{ran}   because: {}", edited.why);
        prose.labelled("EDITED", Role::Warning, Role::Text, &ran);
    }
}

fn verdicts(prose: &mut Prose, outcome: &Outcome) {
    if !matches!(outcome.ended, Ended::Exit { .. }) {
        prose.label("ENDED", Role::Text, &how(outcome));
    }
    for verdict in outcome.verdicts.iter().filter(|verdict| verdict.result != Judged::Passed) {
        prose.label("EXPECTED", Role::Text, &verdict.expected);
        prose.labelled("GOT", Role::Failed, Role::Text, &verdict.got);
    }
    for (name, captured) in &outcome.captures {
        if let Captured::Bad(why) = captured {
            prose.labelled("NO VALUE", Role::Failed, Role::Text, &format!("{name}: {why}"));
        }
    }
}

fn last_lines(prose: &mut Prose, lines: &[String]) {
    for line in lines {
        prose.row(vec![(Role::Stderr, "  ! ".into()), (Role::Output, crate::screen::line(line))]);
    }
}

/// Says what is known about a step whose end was not seen.
pub fn unknown(prose: &mut Prose, sight: &dyn Sight, id: &AttemptId) {
    let run = sight.run();
    let Some(attempt) = run.attempt(id) else { return };
    let values = run.values();
    let began = sight.began(id).map_or_else(String::new, |at| at.format(" %H:%M:%SZ").to_string());
    prose.label("STARTED", Role::Text, &format!("yes{began}"));
    edited(prose, attempt);
    match &attempt.life {
        Life::Lost { reason, last_lines: lines } => {
            prose.label("FINISHED", Role::Text, &format!("not known here: {reason}"));
            if let Some(last) = lines.last() {
                prose.label("LAST SEEN", Role::Text, &format!("\"{last}\""));
            }
        }
        _ => {
            if let Some(outcome) = attempt.outcome() {
                prose.label("FINISHED", Role::Text, &how(outcome));
            }
        }
    }
    match (&attempt.target, &attempt.edited) {
        (Some(target), _) => {
            let changed = format!("{target} may be changed, wholly or half");
            prose.label("CHANGE", Role::Warning, &changed);
        }
        (None, Some(_)) => {
            prose.label("CHANGE", Role::Warning, "what it was typed for may be half done");
        }
        (None, None) => {}
    }
    let Some(planned) = run.plan().step(&id.work.step) else { return };
    let repeat = match planned.step.repeat {
        _ if attempt.edited.is_some() => "no; nobody declared that of a typed command",
        Repeat::Safe => "yes, it is written as safe to repeat",
        _ => "no; not before it is known what happened",
    };
    prose.label("REPEAT?", Role::Text, repeat);
    if let Some(probe) = &planned.step.probe {
        let said = match run.probed(&id.work) {
            Some(meaning) => format!("says {}", meaning_word(meaning)),
            None if run
                .attempts(&Work { step: id.work.step.clone(), part: Part::Probe })
                .is_empty() =>
            {
                "read only; not run yet".into()
            }
            None => "gave no answer that the runbook knows".into(),
        };
        let of = if attempt.edited.is_some() { "; written for the runbook's command" } else { "" };
        prose.label("PROBE", Role::Strong, &format!("{said}{of}"));
        let answers: Vec<String> = probe
            .answers
            .iter()
            .map(|answer| {
                format!(
                    "{} = {}",
                    crate::driver::expect_words(&answer.expect, &values),
                    meaning_word(answer.means)
                )
            })
            .collect();
        prose.label("", Role::Dim, &answers.join(", "));
    }
}

/// The word of what a probe found.
pub fn meaning_word(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Done => "done",
        Meaning::Running => "still going",
        Meaning::NotStarted => "did not happen",
        Meaning::Failed => "failed",
    }
}

/// Says what runs, for how long, and what comes after it.
pub fn running(prose: &mut Prose, sight: &dyn Sight, id: &AttemptId, stopping: bool) {
    let run = sight.run();
    let values = run.values();
    let shown = shown(&values);
    let Some(planned) = run.plan().step(&id.work.step) else { return };
    let step = &planned.step;
    if let Some(began) = sight.began(id) {
        let passed = (sight.now() - began).to_std().unwrap_or_default();
        prose.row(vec![
            (Role::Running, format!("RUNNING  {}", minutes(passed))),
            (Role::Text, format!("  since {}", began.format("%H:%M:%SZ"))),
        ]);
        if let Some(typical) = step.takes.typical.filter(|_| id.work.part == Part::Main) {
            prose.row(bar(passed, typical, step.takes.slow));
        }
    }
    if stopping {
        prose.labelled(
            "STOPPING",
            Role::Warning,
            Role::Text,
            "an interrupt was sent; waiting for its end",
        );
    }
    if let Some(what) = &step.what {
        prose.text(Role::Text, &shown(what));
    }
    let expects: Vec<_> =
        step.expect.iter().map(|e| crate::driver::expect_words(e, &values)).collect();
    if !expects.is_empty() {
        prose.label("EXPECT", Role::Text, &expects.join(" and "));
    }
    if let Some(attempt) = run.attempt(id) {
        if let Some(target) = attempt.target.as_ref().filter(|_| id.work.part == Part::Main) {
            prose.label("TARGET", Role::Value, target);
        }
        if let Some(edited) = &attempt.edited {
            let why = format!("not the runbook's command, because: {}", edited.why);
            prose.labelled("EDITED", Role::Warning, Role::Text, &why);
        }
        prose.label("COMMAND", Role::Dim, attempt.shown.lines().next().unwrap_or_default());
    }
}

/// A bar by time: it says what it measures and never reaches its end by itself.
fn bar(passed: Duration, typical: Duration, slow: Option<Duration>) -> Vec<(Role, String)> {
    const CELLS: u64 = 24;
    let whole = slow.unwrap_or(typical).as_secs().max(1);
    let full = (passed.as_secs() * CELLS / whole).min(CELLS - 1);
    let drawn = "█".repeat(usize::try_from(full).unwrap_or(0));
    let rest = "░".repeat(usize::try_from(CELLS - full).unwrap_or(0));
    let (role, word) = match slow {
        _ if passed <= typical => (Role::Inside, format!("usually {}", span(typical))),
        Some(slow) if passed <= slow => {
            (Role::Tight, format!("slower than {}, inside {}", span(typical), span(slow)))
        }
        _ => (Role::Over, format!("slower than {}", span(slow.unwrap_or(typical)))),
    };
    vec![(role, format!("{drawn}{rest} ")), (Role::Text, format!("by time: {word}"))]
}

/// Says a running time: `0:04`, `28:00`, `1:02:03`.
pub fn minutes(passed: Duration) -> String {
    let s = passed.as_secs();
    match s {
        0..3600 => format!("{}:{:02}", s / 60, s % 60),
        _ => format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60),
    }
}

/// Says how a run stands at its end.
pub fn summary(prose: &mut Prose, outline: &Outline) {
    let count = |wanted: fn(&StepState) -> bool| {
        outline.rows.iter().filter(|row| wanted(&row.state)).count()
    };
    if let Some(closed) = &outline.closed {
        let as_ = match closed.continued_in {
            Some(_) => "continued in another runbook".to_owned(),
            None => format!("{:?}", closed.as_).to_lowercase(),
        };
        prose.label("CLOSED", Role::Strong, &format!("{as_}. {}", closed.reason));
        if let Some(runbook) = &closed.continued_in {
            let said =
                format!("in {runbook}. Enter goes on there; q leaves and prints the command");
            prose.labelled("GOES ON", Role::Strong, Role::Strong, &said);
        }
    } else {
        prose.text(Role::Strong, "Nothing is left to do. Closing the run seals its journal.");
    }
    let verified = count(|s| matches!(s, StepState::Done(crate::engine::event::Proof::Verified)));
    let attested =
        count(|s| matches!(s, StepState::Done(crate::engine::event::Proof::Attested { .. })));
    let skipped = count(|s| matches!(s, StepState::Skipped(_)));
    let deferred = match outline.deferred.len() {
        0 => String::new(),
        some => format!(" {some} deferred,"),
    };
    let not_taken = count(|s| matches!(s, StepState::NotTaken(_)));
    prose.label(
        "STEPS",
        Role::Text,
        &format!(
            "{verified} verified, {attested} attested,{deferred} {skipped} skipped, {not_taken} not taken"
        ),
    );
    for due in &outline.deferred {
        let said = format!("{} {}, due {}: {}", due.number, due.title, due.due, due.reason);
        prose.labelled("DEFERRED", Role::Strong, Role::Text, &said);
    }
    if !outline.deferred.is_empty() && outline.closed.is_none() {
        prose.label("", Role::Dim, "a: take up what was put off");
    }
    for open in &outline.open_changes {
        let undo = open.undo.as_ref().map_or(String::new(), |undo| format!("   undo: {undo}"));
        let undo = if open.edited.is_empty() { undo } else { format!("   {}", open.typed()) };
        prose.labelled(
            "OPEN",
            Role::Warning,
            Role::Text,
            &format!("{} {}{undo}", open.number, open.title),
        );
    }
    for open in &outline.taken_over {
        let said = format!("{open}; {}", open.way_back());
        prose.labelled("OPEN", Role::Warning, Role::Text, &said);
    }
    if outline.changes_open() == 0 {
        prose.label("OPEN", Role::Text, "no change is open");
    }
    for deviation in &outline.deviations {
        prose.label(
            "DEVIATION",
            Role::Text,
            &format!("{} {}: {}", deviation.step, deviation.what, deviation.reason),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::SpoolSummary;
    use std::collections::BTreeMap;

    #[test]
    fn a_value_that_cannot_be_used_is_named_with_the_reason() {
        let why = "item 2 begins with `-` and could be taken for an option".to_owned();
        let captures = [("host", Captured::Value("db".into())), ("names", Captured::Bad(why))];
        let captures: BTreeMap<_, _> =
            captures.into_iter().map(|(name, captured)| (name.to_owned(), captured)).collect();
        let outcome = Outcome {
            ended: Ended::Exit { code: 0 },
            took_ns: 0,
            story_ns: None,
            verdicts: Vec::new(),
            captures,
            failures: Vec::new(),
            answered: None,
            spool: SpoolSummary::default(),
            survivors: Vec::new(),
            last_lines: Vec::new(),
            notes: Vec::new(),
        };
        let mut prose = Prose::new(76);
        verdicts(&mut prose, &outcome);
        let row = |row: &Vec<(Role, String)>| row.iter().map(|(_, text)| text.as_str()).collect();
        let rows: Vec<String> = prose.rows.iter().map(row).collect();
        assert_eq!(
            rows,
            ["NO VALUE names: item 2 begins with `-` and could be taken for an option"]
        );
    }
}
