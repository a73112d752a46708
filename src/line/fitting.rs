//! What fits now: where the operator stands, and the words that may be typed there.

use super::typed::Verb;
use crate::driver::{CannotEdit, Driver};
use crate::engine::command::Refusal;
use crate::engine::deferral;
use crate::engine::event::{Part, Work};
use crate::engine::next::Next;
use crate::engine::onward::{instead, is_before_first};
use crate::engine::outline::Outline;
use crate::runbook::model::StepId;

/// The words that fit what is needed now, the suggested one first.
pub(super) fn verbs(driver: &Driver, next: &Next) -> Vec<Verb> {
    let check = |step: &StepId, question: u32| {
        let work = Work { step: step.clone(), part: Part::Question(question) };
        driver.run().plan().has(&work)
    };
    let mut verbs = match next {
        Next::Start { .. } => vec![Verb::Run, Verb::Edit, Verb::Skip],
        Next::Tick { .. } => vec![Verb::Done, Verb::Skip],
        Next::Answer { step, question } => {
            let mut verbs = vec![Verb::Yes, Verb::No, Verb::Unsure];
            if check(step, *question) {
                verbs.insert(0, Verb::Check);
            }
            verbs
        }
        Next::Decide { .. } => vec![Verb::Choose],
        Next::Failed { .. } => {
            vec![
                Verb::Fix,
                Verb::Again,
                Verb::Edit,
                Verb::Probe,
                Verb::Settle,
                Verb::Undo,
                Verb::Skip,
            ]
        }
        Next::Unknown { .. } => vec![Verb::Probe, Verb::Settle, Verb::Again, Verb::Skip],
        Next::Clear { .. } => vec![Verb::Clear],
        Next::Close => vec![Verb::Close],
        Next::Watch { .. } => vec![Verb::Interrupt],
        Next::Held { .. } | Next::Open | Next::Closed(_) | Next::Give { .. } => vec![],
    };
    let wanted = match next {
        Next::Start { work, .. } => Some(work),
        Next::Failed { id, .. } => Some(&id.work),
        _ => None,
    };
    if wanted.is_some_and(|work| keeps_its_command(driver, work)) {
        verbs.retain(|verb| *verb != Verb::Edit);
    }
    match deferral::offer(driver.run(), driver.now()) {
        Some(offer) if offer.refused.is_some() => {}
        Some(offer) if offer.first => verbs.insert(0, Verb::Defer),
        Some(_) => verbs.insert(1.min(verbs.len()), Verb::Defer),
        None => {}
    }
    if !verbs.contains(&Verb::Again) && !deferral::deferred(driver.run()).is_empty() {
        verbs.push(Verb::Again);
    }
    let offered = is_before_first(driver.run()) || matches!(next, Next::Failed { .. });
    if offered && !instead(driver.run()).is_empty() {
        verbs.push(Verb::Instead);
    }
    verbs.extend([
        Verb::Output,
        Verb::Steps,
        Verb::Note,
        Verb::Hold,
        Verb::Stop,
        Verb::Quit,
        Verb::Help,
    ]);
    verbs
}

/// Tells whether no command may be typed in the place of this one, whatever it is.
fn keeps_its_command(driver: &Driver, work: &Work) -> bool {
    matches!(
        driver.prepare_edit(work),
        Err(CannotEdit::ReadOnly(_) | CannotEdit::Refused(Refusal::EditedWait { .. }))
    )
}

/// The position of the current step among those in force, counted from 1.
pub(super) fn position(outline: &Outline) -> (usize, usize) {
    let force = outline.rows.iter().filter(|row| row.state.is_in_force());
    let n = force.clone().position(|row| row.current).map_or(outline.settled, |n| n + 1);
    (n, outline.in_force)
}
