//! What just happened, in one line or a few.

use super::describe::outcome;
use super::say::Say;
use super::words::span;
use crate::driver::Driver;
use crate::engine::event::{AttemptId, Event, Part, SettledAs, Work};
use crate::engine::state::{Attempt, StepState};
use std::io;
use std::io::Write;

/// Says a fact, if a person should hear of it when it happens.
pub fn event<W: Write>(say: &mut Say<W>, driver: &Driver, event: &Event) -> io::Result<()> {
    match event {
        Event::AttemptStarted { id, .. } => {
            let at = driver.now().format("%H:%M:%SZ");
            say.line(&format!("{at} STARTED {}.{}", named(driver, id), usual(driver, id)))
        }
        Event::AttemptEnded { id, outcome: ended, recovered } => {
            let at = driver.now().format("%H:%M:%SZ");
            let back = if *recovered { " It ended while nobody watched." } else { "" };
            say.line(&format!("{at} ENDED {}.{back}", named(driver, id)))?;
            outcome(say, ended)?;
            let word = standing(driver, id);
            let failures = known_failures(driver, id, &ended.failures);
            say.line(&word)?;
            failures.iter().try_for_each(|line| say.line(line))
        }
        Event::AttemptLost { id, reason, last_lines, .. } => {
            say.line(&format!("OUTCOME UNKNOWN {}: {reason}.", id.work))?;
            for line in last_lines {
                say.output(false, line.as_bytes())?;
            }
            say.line("Nothing is assumed and nothing is repeated by itself.")
        }
        other => match sentence(other) {
            Some(text) => say.line(&text),
            None => Ok(()),
        },
    }
}

/// Says that a command runs which was started before this face came.
pub(super) fn running<W: Write>(
    say: &mut Say<W>,
    driver: &Driver,
    id: &AttemptId,
) -> io::Result<()> {
    say.line(&format!("RUNNING {}.{} Its output so far:", named(driver, id), usual(driver, id)))?;
    say.line("Type interrupt, note, quit or help.")
}

/// Names work as people find it and type it: `5.2 Restore the copy (restore)`; a part of it by its id.
fn named(driver: &Driver, id: &AttemptId) -> String {
    let row = driver.run().outline().rows.into_iter().find(|row| row.id == id.work.step);
    match row {
        Some(row) if id.work.part == Part::Main => {
            format!("{} {} ({})", row.number, row.title.trim_end_matches('.'), row.id)
        }
        _ => id.work.to_string(),
    }
}

fn usual(driver: &Driver, id: &AttemptId) -> String {
    let step = driver.run().plan().step(&id.work.step);
    let typical = step.filter(|_| id.work.part == Part::Main).and_then(|s| s.step.takes.typical);
    typical.map_or(String::new(), |d| format!(" Usually {}.", span(d)))
}

fn standing(driver: &Driver, id: &AttemptId) -> String {
    let run = driver.run();
    match id.work.part {
        Part::Main => format!("{}.", run.state(&id.work.step).word().to_uppercase()),
        Part::Undo => match run.undo_state(&id.work.step) {
            StepState::Done(_) => "UNDONE.".into(),
            other => format!("WAY BACK {}.", other.word().to_uppercase()),
        },
        Part::Probe => match run.found(id) {
            Some(meaning) => {
                let main = Work { step: id.work.step.clone(), part: Part::Main };
                // Before the step was started there is nothing to settle.
                let then =
                    if run.attempts(&main).is_empty() { "" } else { " Accept it with settle." };
                format!("The probe says: {}.{then}", meaning.words())
            }
            None => "The probe gave no answer that the runbook knows.".into(),
        },
        Part::Question(n) => match run.suggested(&id.work.step, n) {
            Some(answer) => {
                format!("The check suggests: {}.", format!("{answer:?}").to_lowercase())
            }
            None => "The check suggests nothing.".into(),
        },
        Part::Fence => match run.attempt(id).and_then(Attempt::outcome) {
            Some(outcome) if outcome.passed() => "The fence holds.".into(),
            _ => {
                "The fence does not hold: this may not be the place the runbook belongs to.".into()
            }
        },
    }
}

fn known_failures(driver: &Driver, id: &AttemptId, matched: &[usize]) -> Vec<String> {
    let Some(step) = driver.run().plan().step(&id.work.step) else { return Vec::new() };
    let values = driver.run().values();
    let known = matched.iter().filter_map(|at| step.step.failures.get(*at));
    known
        .map(|failure| {
            let means = failure.means.render_known(&values);
            match &failure.fix {
                Some(fix) => format!("LOOKS LIKE {means} FIX {fix}"),
                None => format!("LOOKS LIKE {means}"),
            }
        })
        .collect()
}

/// Says a fact in one sentence; `None` for those that have a text of their own or none at all.
pub fn sentence(event: &Event) -> Option<String> {
    Some(match event {
        Event::NotApplicable { step, reason } => format!("NOT TAKEN {step}: {reason}."),
        Event::StopRequested { id } => {
            format!("INTERRUPT asked for {}; waiting for its end.", id.work)
        }
        Event::AttemptSettled { id, as_, .. } => {
            let as_ = match as_ {
                SettledAs::Done => "done",
                SettledAs::NotStarted => "not started",
                SettledAs::Failed => "failed",
            };
            format!("SETTLED {}: {as_}.", id.work)
        }
        Event::Ticked { id, .. } => format!("SAID {}: done.", id.work),
        Event::Decided { outcome, deviation, .. } => {
            let deviation =
                if *deviation { " This differs from the runbook; recorded." } else { "" };
            format!("DECIDED {outcome}.{deviation}")
        }
        Event::Deferred { step, due, .. } => format!("DEFERRED {step}, due {due}."),
        Event::Skipped { step, .. } => format!("SKIPPED {step}; recorded as a deviation."),
        Event::FixChosen { step, fix } => format!("FIX {fix} first, then {step} again."),
        Event::StepsReopened { steps, because } if *steps == [because.clone()] => {
            format!("REOPENED {because}; it is to do again.")
        }
        Event::StepsReopened { steps, .. } => {
            let steps: Vec<_> = steps.iter().map(ToString::to_string).collect();
            format!("REOPENED {}.", steps.join(", "))
        }
        Event::Raised { note, .. } => format!("TO CLEAR {note}"),
        Event::Cleared { step, .. } => format!("CLEARED what {step} raised."),
        Event::TakenOverSettled { run, step, .. } => format!("SETTLED {step} of run {run}."),
        Event::Noted { text, .. } => format!("NOTE {text}"),
        Event::Held { reason } => format!("HOLD {reason}."),
        Event::TailSetAside { length, file, .. } => {
            format!("A torn end of {length} bytes was set aside as {file}.")
        }
        Event::ClockJumped { wall_ns, boot_ns } => {
            let seconds = |ns: i64| ns / 1_000_000_000;
            format!("CLOCK JUMP wall {} s, machine {} s.", seconds(*wall_ns), seconds(*boot_ns))
        }
        Event::RunClosed { reason, continued_in: Some(runbook), .. } => {
            format!("CLOSED here, goes on in {runbook}. {reason}")
        }
        Event::RunClosed { as_, reason, .. } => {
            format!("CLOSED {}. {reason}", format!("{as_:?}").to_lowercase())
        }
        _ => return None,
    })
}
