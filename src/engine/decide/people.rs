//! What people give, choose, clear and write, and how a run ends.

use super::spoken;
use super::turn::{in_force, on_turn, planned};
use crate::engine::command::Refusal;
use crate::engine::deferral::deferred;
use crate::engine::event::{ClosedAs, Event, Given, Part};
use crate::engine::onward::instead;
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::StepState;
use crate::runbook::model::{Definition, StepId, StopAs};
use crate::runbook::value::Kind;
use std::collections::BTreeMap;

pub(super) fn give(
    run: &Run,
    step: &StepId,
    values: &BTreeMap<String, Given>,
) -> Result<Vec<Event>, Refusal> {
    let (planned, slot) = in_force(run, step)?;
    match slot.state {
        // After a failure another value may be the cure.
        StepState::Todo | StepState::Failed => {}
        _ => return Err(Refusal::Already { step: step.clone(), state: slot.state.word() }),
    }
    if values.is_empty() {
        return Err(Refusal::Missing { names: super::asked_and_missing(planned, slot) });
    }
    let checked: Result<BTreeMap<String, Given>, Refusal> = values
        .iter()
        .map(|(name, given)| Ok((name.clone(), one_given(run, planned, name, given)?)))
        .collect();
    Ok(vec![Event::ValuesGiven { step: step.clone(), values: checked? }])
}

fn one_given(run: &Run, planned: &PlanStep, name: &str, given: &Given) -> Result<Given, Refusal> {
    let asked: Option<&Definition> = planned.step.ask.iter().find(|asked| asked.name.value == name);
    let asked =
        asked.ok_or_else(|| Refusal::Unknown { what: "asked value", name: name.to_owned() })?;
    let refuse = |reason| Refusal::Value { name: name.to_owned(), reason };
    if asked.kind.kind == Kind::Secret {
        return Err(refuse("it is secret, and a journal holds no secrets".to_owned()));
    }
    let value = run.asked(asked).kind.check(&given.value).map_err(refuse)?;
    Ok(Given { value, source: given.source })
}

pub(super) fn fix(run: &Run, step: &StepId, fix: &StepId) -> Result<Vec<Event>, Refusal> {
    let (failed, slot) = on_turn(run, step)?;
    if slot.state != StepState::Failed {
        return Err(Refusal::Already { step: step.clone(), state: slot.state.word() });
    }
    let offered = failed
        .step
        .failures
        .iter()
        .any(|known| known.fix.as_ref().is_some_and(|named| named.value == *fix));
    if !offered {
        return Err(Refusal::Unknown { what: "fix of this step", name: fix.to_string() });
    }
    let (_, chosen) = planned(run, fix)?;
    if !chosen.state.is_settled() {
        return Err(Refusal::Already { step: fix.clone(), state: chosen.state.word() });
    }
    Ok(vec![Event::FixChosen { step: step.clone(), fix: fix.clone() }])
}

pub(super) fn clear(run: &Run, step: &StepId, how: &str) -> Result<Vec<Event>, Refusal> {
    let (_, slot) = planned(run, step)?;
    if slot.raised.is_none() {
        return Err(Refusal::Unknown { what: "raised consequence", name: step.to_string() });
    }
    Ok(vec![Event::Cleared { step: step.clone(), how: spoken(how)? }])
}

/// The run that made the change is closed, so nothing can prove this: a person says it.
pub(super) fn settle_taken_over(
    run: &Run,
    of: &str,
    step: &StepId,
    how: &str,
) -> Result<Vec<Event>, Refusal> {
    if !run.taken_over().iter().any(|open| open.is(of, step)) {
        return Err(Refusal::Unknown {
            what: "open change of a run before",
            name: step.to_string(),
        });
    }
    Ok(vec![Event::TakenOverSettled { run: of.to_owned(), step: step.clone(), how: spoken(how)? }])
}

pub(super) fn note(
    run: &Run,
    text: &str,
    kind: &str,
    inbox: Option<&String>,
    from: Option<&BTreeMap<String, String>>,
) -> Result<Vec<Event>, Refusal> {
    if inbox.is_some_and(|id| run.taken.contains(id)) {
        return Err(Refusal::NotNow("holding that note already"));
    }
    let (text, kind) = (text.to_owned(), kind.to_owned());
    Ok(vec![Event::Noted { text, kind, inbox: inbox.cloned(), from: from.cloned() }])
}

pub(super) fn stop(run: &Run, as_: StopAs, reason: &str) -> Result<Vec<Event>, Refusal> {
    Ok(vec![closing(run, as_.into(), spoken(reason)?, None)?])
}

/// Ends a run that was the wrong one. Only a runbook that this one names can be the right one: nobody has to remember a
/// name, and none can be misspelt.
pub(super) fn go_on(run: &Run, runbook: &str, reason: &str) -> Result<Vec<Event>, Refusal> {
    if !instead(run).iter().any(|(_, known)| *known == runbook) {
        return Err(Refusal::Unknown { what: "other runbook", name: runbook.to_owned() });
    }
    let reason = spoken(reason)?;
    Ok(vec![closing(run, ClosedAs::ContinuedIn, reason, Some(runbook.to_owned()))?])
}

pub(super) fn close(run: &Run) -> Result<Vec<Event>, Refusal> {
    let mut what: Vec<String> = run
        .path()
        .filter(|(_, slot)| !slot.state.is_settled())
        .map(|(step, slot)| format!("{} {} is {}", step.number, step.id, slot.state.word()))
        .collect();
    let undo_unknown = run.unknown().into_iter().filter(|work| work.part == Part::Undo);
    what.extend(undo_unknown.map(|work| format!("{work} is UNKNOWN")));
    what.extend(
        run.raised()
            .iter()
            .map(|raised| format!("{} is not cleared: {}", raised.step, raised.note)),
    );
    if !what.is_empty() {
        return Err(Refusal::Open { what });
    }
    let reason = match deferred(run).len() {
        0 => String::new(),
        1 => "1 step deferred".to_owned(),
        many => format!("{many} steps deferred"),
    };
    Ok(vec![closing(run, ClosedAs::Done, reason, None)?])
}

/// Makes the last fact of a run. Open changes are listed and do not stand in the way; what still runs does, because
/// nobody would be there to record its end.
pub(super) fn closing(
    run: &Run,
    as_: ClosedAs,
    reason: String,
    continued_in: Option<String>,
) -> Result<Event, Refusal> {
    if let Some((id, _)) = run.living().into_iter().next() {
        return Err(Refusal::Running { work: id.work, attempt: id.attempt });
    }
    Ok(Event::RunClosed { as_, reason, open_changes: run.open_changes(), continued_in })
}
