//! Ladders and decisions.

use super::people::closing;
use super::spoken;
use super::turn::{all_given, condition_holds, on_turn, planned};
use crate::engine::command::Refusal;
use crate::engine::conditions::all_hold;
use crate::engine::event::{ClosedAs, Event, Part, Work};
use crate::engine::plan::{PlanStep, StepKind};
use crate::engine::run::Run;
use crate::engine::state::{Slot, StepState};
use crate::outcome::Ended;
use crate::runbook::model::{Answer, Decide, Leads, Question, StepId, Then};

pub(super) fn answer(
    run: &Run,
    step: &StepId,
    question: u32,
    answer: Answer,
    why: &str,
) -> Result<Vec<Event>, Refusal> {
    let (planned, slot, decide) = to_decide(run, step, "answer")?;
    let Some(current) = question_now(decide, slot) else {
        return Err(Refusal::Already { step: step.clone(), state: "answered to its end" });
    };
    if question != current {
        return Err(Refusal::Question { step: step.clone(), asked: question, current });
    }
    let suggested = suggested_answer(run, planned, slot, question);
    // Evidence is a check that says the same, or a line of text.
    let why = if suggested == Some(answer) { why.trim().to_owned() } else { spoken(why)? };
    Ok(vec![Event::Answered {
        step: step.clone(),
        attempt: slot.round(),
        question,
        answer,
        suggested,
        why,
    }])
}

pub(super) fn decide(
    run: &Run,
    step: &StepId,
    outcome: &str,
    why: &str,
) -> Result<Vec<Event>, Refusal> {
    let (planned, slot, decide) = to_decide(run, step, "decide")?;
    all_given(planned, slot)?;
    if let Some(current) = question_now(decide, slot) {
        return Err(Refusal::Ladder { step: step.clone(), current });
    }
    let chosen = decide.outcomes.iter().find(|one| one.name.value == outcome);
    let chosen =
        chosen.ok_or_else(|| Refusal::Unknown { what: "outcome", name: outcome.to_owned() })?;
    let deviation = expected(run, planned, slot).is_some_and(|expected| expected != outcome);
    let why = if deviation { spoken(why)? } else { why.trim().to_owned() };
    let decided = Event::Decided {
        step: step.clone(),
        attempt: slot.round(),
        outcome: outcome.to_owned(),
        why: why.clone(),
        deviation,
    };
    let mut facts = vec![decided];
    match &chosen.then {
        None => {}
        Some(Then::Go { runbook, .. }) => {
            let reason = if why.is_empty() { format!("{step}: {outcome}") } else { why };
            facts.push(closing(run, ClosedAs::ContinuedIn, reason, Some(runbook.value.clone()))?);
        }
        Some(Then::Stop(as_)) => {
            let reason = if why.is_empty() { format!("{step}: {outcome}") } else { why };
            facts.push(closing(run, (*as_).into(), reason, None)?);
        }
        Some(Then::Again(from)) => facts.push(reopening(run, &from.value, step)?),
    }
    Ok(facts)
}

/// Returns the question to answer now, counted from 1; `None` when there is no ladder or it is at its end.
pub(in crate::engine) fn question_now(decide: &Decide, slot: &Slot) -> Option<u32> {
    let answered = answers(slot).len();
    let led = answers(slot)
        .iter()
        .zip(&decide.ladder)
        .any(|((answer, _), question)| leads(question, *answer) != &Leads::Next);
    if led || answered >= decide.ladder.len() { None } else { u32::try_from(answered + 1).ok() }
}

/// Returns the outcome that the ladder leads to, or that the runbook suggests; never applied by itself.
///
/// A ladder whose every question leads on has said that it cannot tell: then it is the outcome for those who cannot.
pub(in crate::engine) fn expected(run: &Run, planned: &PlanStep, slot: &Slot) -> Option<String> {
    let decide = planned.decision()?;
    if decide.ladder.is_empty() {
        let values = run.values();
        let first = decide.suggests.iter().find(|(conditions, _)| all_hold(conditions, &values));
        return first.map(|(_, outcome)| outcome.value.clone());
    }
    if question_now(decide, slot).is_some() {
        return None;
    }
    let led = answers(slot).iter().zip(&decide.ladder).find_map(|((answer, _), question)| {
        match leads(question, *answer) {
            Leads::Outcome(outcome) => Some(outcome.clone()),
            Leads::Next => None,
        }
    });
    led.or_else(|| decide.unsure.as_ref().map(|unsure| unsure.value.clone()))
}

fn answers(slot: &Slot) -> &[(Answer, String)] {
    slot.rounds.last().map(|round| round.answers.as_slice()).unwrap_or_default()
}

fn leads(question: &Question, answer: Answer) -> &Leads {
    match answer {
        Answer::Yes => &question.yes,
        Answer::No => &question.no,
        Answer::Unsure => &question.unsure,
    }
}

/// Returns what the newest evidence check of a question suggests, in this time through the decision.
pub(in crate::engine) fn suggested_answer(
    run: &Run,
    planned: &PlanStep,
    slot: &Slot,
    question: u32,
) -> Option<Answer> {
    let work = Work { step: planned.id.clone(), part: Part::Question(question) };
    let attempt = run.attempts(&work).last().filter(|attempt| attempt.since > slot.reopened)?;
    let outcome =
        attempt.outcome().filter(|outcome| matches!(outcome.ended, Ended::Exit { .. }))?;
    let asked = planned.decision()?.ladder.get((question as usize).checked_sub(1)?)?;
    Some(asked.check.as_ref()?.suggests.get(outcome.answered?)?.1)
}

fn to_decide<'a>(
    run: &'a Run,
    step: &StepId,
    verb: &'static str,
) -> Result<(&'a PlanStep, &'a Slot, &'a Decide), Refusal> {
    let (step_of_plan, _) = planned(run, step)?;
    let decide =
        step_of_plan.decision().ok_or_else(|| Refusal::Kind { step: step.clone(), verb })?;
    let (planned, slot) = on_turn(run, step)?;
    if slot.state != StepState::Todo {
        return Err(Refusal::Already { step: step.clone(), state: slot.state.word() });
    }
    condition_holds(run, planned, &run.values())?;
    Ok((planned, slot, decide))
}

/// Opens a step and everything after it again, as far as anything happened there.
fn reopening(run: &Run, from: &StepId, because: &StepId) -> Result<Event, Refusal> {
    if let Some((id, _)) = run.living().into_iter().next() {
        return Err(Refusal::Running { work: id.work, attempt: id.attempt });
    }
    let start = run
        .plan()
        .position(from)
        .ok_or_else(|| Refusal::Unknown { what: "step", name: from.to_string() })?;
    let touched = |(at, (planned, slot)): (usize, (&PlanStep, &Slot))| {
        let happened =
            !matches!(slot.state, StepState::Todo | StepState::Dormant | StepState::NotTaken(_))
                || !slot.given.is_empty()
                || planned.id == *because;
        // A fix belongs to the step it was chosen for.
        let place = if planned.kind == StepKind::Fix { fixed_place(run, slot) } else { Some(at) };
        (happened && place.is_some_and(|place| place >= start)).then(|| planned.id.clone())
    };
    let steps = run.placed().enumerate().filter_map(touched).collect();
    Ok(Event::StepsReopened { steps, because: because.clone() })
}

/// Returns the place of the step that a fix was chosen for, through fixes of fixes.
fn fixed_place(run: &Run, slot: &Slot) -> Option<usize> {
    let fixed = slot.fix_for.as_ref()?;
    match run.slot(fixed).filter(|slot| slot.fix_for.is_some()) {
        Some(of_a_fix) => fixed_place(run, of_a_fix),
        None => run.plan().position(fixed),
    }
}
