//! What a command would make happen, or why it may not: one file for each family of commands.
//!
//! Policy lives here. Every rule's no says what is in the way and, where there is one, the way around.

mod allowed;
mod attempts;
mod decisions;
mod guarding;
mod people;
mod repeat;
mod settle;
mod turn;

pub(super) use attempts::may_start;
pub(super) use decisions::{expected, question_now, suggested_answer};
pub(super) use guarding::{by_hand, fence_stands, guard_needed, target};
pub(super) use repeat::{Again, again};
pub(super) use settle::{last_meaning, meaning_of, needed_captures};
pub(super) use turn::asked_and_missing;

use super::command::{Command, Refusal};
use super::consequences::follow;
use super::event::Event;
use super::run::Run;

/// Decides a command: the facts it makes, with everything that follows from them, as one record.
pub(super) fn decide(run: &Run, command: &Command) -> Result<Vec<Event>, Refusal> {
    open_for(run, command)?;
    let facts = match command {
        Command::Open(opened) => vec![Event::RunOpened(opened.clone())],
        Command::Give { step, values } => people::give(run, step, values)?,
        Command::Start { work, guard, shown, digest, target, override_reason, edited } => {
            let asked =
                attempts::Asked { work, guard, shown, digest, target, override_reason, edited };
            attempts::start(run, &asked)?
        }
        Command::Started { id, keeper, child } => {
            vec![Event::AttemptStarted {
                id: id.clone(),
                keeper: keeper.clone(),
                child: child.clone(),
            }]
        }
        Command::Ended { id, outcome, recovered } => {
            vec![Event::AttemptEnded {
                id: id.clone(),
                outcome: outcome.clone(),
                recovered: *recovered,
            }]
        }
        Command::Lost { id, reason, last_lines, story_ns } => {
            vec![Event::AttemptLost {
                id: id.clone(),
                reason: reason.clone(),
                last_lines: last_lines.clone(),
                story_ns: *story_ns,
            }]
        }
        Command::Interrupt { id } => attempts::interrupt(run, id)?,
        Command::Settle { id, as_, proof, probe, captures } => {
            settle::settle(run, &settle::Said { id, as_: *as_, proof, probe: *probe, captures })?
        }
        Command::Tick { work, guard, said } => attempts::tick(run, work, guard, said)?,
        Command::Answer { step, question, answer, why } => {
            decisions::answer(run, step, *question, *answer, why)?
        }
        Command::Decide { step, outcome, why } => decisions::decide(run, step, outcome, why)?,
        Command::Skip { step, reason, captures } => settle::skip(run, step, reason, captures)?,
        Command::Defer { step, due, reason } => settle::defer(run, step, due, reason)?,
        Command::TakeUp { step } => settle::take_up(run, step)?,
        Command::Fix { step, fix } => people::fix(run, step, fix)?,
        Command::Clear { step, how } => people::clear(run, step, how)?,
        Command::SettleTakenOver { run: of, step, how } => {
            people::settle_taken_over(run, of, step, how)?
        }
        Command::Note { text, kind, inbox, from } => {
            people::note(run, text, kind, inbox.as_ref(), from.as_ref())?
        }
        Command::Hold { reason } => vec![Event::Held { reason: spoken(reason)? }],
        Command::Resume { face, gap_ns, taken_from } => {
            vec![Event::Resumed {
                face: face.clone(),
                gap_ns: *gap_ns,
                taken_from: taken_from.clone(),
            }]
        }
        Command::Leave { face, why } => vec![Event::Left { face: face.clone(), why: why.clone() }],
        Command::Stop { as_, reason } => people::stop(run, *as_, reason)?,
        Command::GoOn { runbook, reason } => people::go_on(run, runbook, reason)?,
        Command::Close => people::close(run)?,
    };
    let (_, facts) = follow(run, facts)?;
    Ok(facts)
}

/// Checks that the run takes this kind of command now.
fn open_for(run: &Run, command: &Command) -> Result<(), Refusal> {
    match (command, run.opened(), run.closed()) {
        (_, _, Some(_)) => return Err(Refusal::Closed),
        (Command::Open(_), Some(_), None) => return Err(Refusal::NotNow("open already")),
        (Command::Open(_), None, None) => return Ok(()),
        (_, None, None) => return Err(Refusal::NotNow("not open yet")),
        (_, Some(_), None) => {}
    }
    let goes_on_during_a_hold = match command {
        // What the world reports is true whatever the run is doing, and to look, write and stop is always allowed.
        Command::Started { .. }
        | Command::Ended { .. }
        | Command::Lost { .. }
        | Command::Interrupt { .. }
        | Command::Note { .. }
        | Command::Resume { .. }
        | Command::Leave { .. }
        | Command::Stop { .. }
        | Command::GoOn { .. } => true,
        Command::Open(_)
        | Command::Give { .. }
        | Command::Start { .. }
        | Command::Settle { .. }
        | Command::Tick { .. }
        | Command::Answer { .. }
        | Command::Decide { .. }
        | Command::Skip { .. }
        | Command::Defer { .. }
        | Command::TakeUp { .. }
        | Command::Fix { .. }
        | Command::Clear { .. }
        | Command::SettleTakenOver { .. }
        | Command::Hold { .. }
        | Command::Close => false,
    };
    if run.held().is_some() && !goes_on_during_a_hold {
        return Err(Refusal::NotNow("on hold; resume it first"));
    }
    Ok(())
}

/// Returns the words of a reason, or the refusal that asks for one.
fn spoken(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::Reason) } else { Ok(reason.to_owned()) }
}
