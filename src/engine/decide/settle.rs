//! Settling what was not seen, and passing over what will not be done.

use super::spoken;
use super::turn::{in_force, on_turn, planned};
use crate::engine::command::Refusal;
use crate::engine::deferral::Without;
use crate::engine::event::{AttemptId, Event, Part, Proof, SettledAs, Work};
use crate::engine::plan::PlanStep;
use crate::engine::run::Run;
use crate::engine::state::{Attempt, StepState};
use crate::engine::uses;
use crate::outcome::{Captured, Ended};
use crate::runbook::model::{Capture, Meaning, StepId};
use crate::runbook::value;
use crate::runbook::value::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// What a person says about an attempt.
pub(super) struct Said<'a> {
    pub id: &'a AttemptId,
    pub as_: SettledAs,
    pub proof: &'a Proof,
    pub probe: Option<(u32, Meaning)>,
    pub captures: &'a BTreeMap<String, String>,
}

pub(super) fn settle(run: &Run, said: &Said<'_>) -> Result<Vec<Event>, Refusal> {
    let work = &said.id.work;
    let (step, slot) = planned(run, &work.step)?;
    let state = match work.part {
        Part::Main => &slot.state,
        Part::Undo => &slot.undo,
        Part::Probe | Part::Question(_) | Part::Fence => {
            return Err(Refusal::Kind {
                step: work.step.clone(),
                verb: "settle; only the step or its way back is",
            });
        }
    };
    // What is known to have failed needs no settling as failed; it would only open again what was undone since.
    let settles_nothing = *state == StepState::Failed && said.as_ == SettledAs::Failed;
    if !matches!(state, StepState::Unknown | StepState::Failed) || settles_nothing {
        return Err(Refusal::Already { step: work.step.clone(), state: state.word() });
    }
    if run.attempts(work).last().is_none_or(|last| last.number != said.id.attempt) {
        return Err(Refusal::Unknown { what: "open attempt", name: said.id.slug() });
    }
    let proof = match said.proof {
        Proof::Verified => proved(said).map(|()| Proof::Verified)?,
        Proof::Attested { how } => Proof::Attested { how: spoken(how)? },
    };
    if let Some((number, meaning)) = said.probe {
        quoted_truly(run, work, number, meaning)?;
    }
    let fills = work.part == Part::Main && said.as_ == SettledAs::Done;
    let found =
        said.probe.map(|(number, _)| probe_captures(run, &work.step, number)).unwrap_or_default();
    let captures = if fills { filled(run, step, found, said.captures)? } else { BTreeMap::new() };
    Ok(vec![Event::AttemptSettled {
        id: said.id.clone(),
        as_: said.as_,
        proof,
        probe: said.probe,
        captures,
    }])
}

pub(super) fn skip(
    run: &Run,
    step: &StepId,
    reason: &str,
    captures: &BTreeMap<String, String>,
) -> Result<Vec<Event>, Refusal> {
    let (planned, slot) = on_turn(run, step)?;
    let work = Work { step: step.clone(), part: Part::Main };
    match slot.state {
        StepState::Todo | StepState::Failed => {}
        StepState::Unknown => return Err(Refusal::UnknownOutcome { work }),
        StepState::Running => {
            return Err(Refusal::Running { attempt: run.next_attempt(&work) - 1, work });
        }
        _ => return Err(Refusal::Already { step: step.clone(), state: slot.state.word() }),
    }
    if planned.decision().is_some() {
        return Err(Refusal::Kind {
            step: step.clone(),
            verb: "skip; what comes after depends on what is decided",
        });
    }
    let captures = filled(run, planned, BTreeMap::new(), captures)?;
    Ok(vec![Event::Skipped { step: step.clone(), reason: spoken(reason)?, captures }])
}

/// Puts a step off. Nothing of it is done, so what a later step needs of it would be missing: then it cannot wait.
/// Steps whose condition hangs on it fall away with it, which every face says before.
pub(super) fn defer(
    run: &Run,
    step: &StepId,
    due: &str,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let (planned, slot) = on_turn(run, step)?;
    if planned.step.defer.is_none() {
        return Err(Refusal::Kind { step: step.clone(), verb: "put off; its runbook says so" });
    }
    if slot.state != StepState::Todo {
        return Err(Refusal::Already { step: step.clone(), state: slot.state.word() });
    }
    if let Some(needed) = Without::of(run, planned).needed(run, planned) {
        return Err(needed);
    }
    let due = value::parse_time(due)
        .map_err(|reason| Refusal::Value { name: "due".to_owned(), reason })?;
    let due = due.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(vec![Event::Deferred { step: step.clone(), due, reason: spoken(reason)? }])
}

/// Takes up a step that was put off: it is to do again, shown and guarded like any other, and nothing of it starts.
pub(super) fn take_up(run: &Run, step: &StepId) -> Result<Vec<Event>, Refusal> {
    let (_, slot) = in_force(run, step)?;
    if !matches!(slot.state, StepState::Deferred { .. }) {
        return Err(Refusal::NotPutOff { step: step.clone(), state: slot.state.word() });
    }
    // It becomes the step to do now, so nothing may be left behind it unseen.
    if let Some((id, _)) = run.living().into_iter().next() {
        return Err(Refusal::Running { work: id.work, attempt: id.attempt });
    }
    if let Some(work) = run.unknown().into_iter().next() {
        return Err(Refusal::UnknownOutcome { work });
    }
    Ok(vec![Event::StepsReopened { steps: vec![step.clone()], because: step.clone() }])
}

/// Returns what the last probe of a step found, if it was begun after the last attempt at this work had ended.
pub(in crate::engine) fn last_meaning(run: &Run, work: &Work) -> Option<Meaning> {
    let ended = run.attempts(work).last()?.until?;
    let probe = run.attempts(&probe_of(&work.step)).last().filter(|probe| probe.since > ended)?;
    meaning_of(run, &work.step, probe)
}

/// Returns what a probe attempt found: the first answer that matched, by the runbook's words.
pub(in crate::engine) fn meaning_of(run: &Run, step: &StepId, probe: &Attempt) -> Option<Meaning> {
    let outcome = probe.outcome().filter(|outcome| matches!(outcome.ended, Ended::Exit { .. }))?;
    let written = run.plan().step(step)?.step.probe.as_ref()?;
    Some(written.answers.get(outcome.answered?)?.means)
}

/// Checks that the probe of this settlement proves it.
fn proved(said: &Said<'_>) -> Result<(), Refusal> {
    let step = said.id.work.step.clone();
    let Some((_, meaning)) = said.probe else {
        return Err(Refusal::Proof {
            step,
            reason: "no probe was run; say how you know instead".to_owned(),
        });
    };
    let proves = match (&said.id.work.part, said.as_) {
        (Part::Main, SettledAs::Done) | (Part::Undo, SettledAs::NotStarted) => {
            meaning == Meaning::Done
        }
        // A step that is not there is what a way back is for.
        (Part::Main, SettledAs::NotStarted) | (Part::Undo, SettledAs::Done) => {
            meaning == Meaning::NotStarted
        }
        (_, SettledAs::Failed) => meaning == Meaning::Failed,
        (Part::Probe | Part::Question(_) | Part::Fence, _) => false,
    };
    if proves {
        Ok(())
    } else {
        Err(Refusal::Proof { step, reason: "its probe says something else".to_owned() })
    }
}

/// Checks that a quoted probe is the newest one, was run after the attempt, and meant what is said.
fn quoted_truly(run: &Run, work: &Work, number: u32, meaning: Meaning) -> Result<(), Refusal> {
    let newest = run.attempts(&probe_of(&work.step)).last().map(|probe| probe.number);
    if newest == Some(number) && last_meaning(run, work) == Some(meaning) {
        return Ok(());
    }
    let reason = format!(
        "probe {number} is not the newest, is older than the attempt, or says something else"
    );
    Err(Refusal::Proof { step: work.step.clone(), reason })
}

fn probe_of(step: &StepId) -> Work {
    Work { step: step.clone(), part: Part::Probe }
}

fn probe_captures(run: &Run, step: &StepId, number: u32) -> BTreeMap<String, String> {
    let probe = run.attempts(&probe_of(step)).iter().find(|probe| probe.number == number);
    let captures = probe.and_then(Attempt::outcome).map(|outcome| &outcome.captures);
    let values = captures.into_iter().flatten().filter_map(|(name, captured)| match captured {
        Captured::Value(value) => Some((name.clone(), value.clone())),
        Captured::Secret | Captured::Missing | Captured::Bad(_) => None,
    });
    values.collect()
}

/// Joins what a probe found and what a person typed, and checks that every capture that is needed later is there.
///
/// What the probe saw is not overruled by typing.
fn filled(
    run: &Run,
    planned: &PlanStep,
    found: BTreeMap<String, String>,
    typed: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut captures = BTreeMap::new();
    for (name, raw) in typed {
        let written = planned.step.capture.iter().find(|capture| capture.name.value == *name);
        let written =
            written.ok_or_else(|| Refusal::Unknown { what: "capture", name: name.clone() })?;
        captures.insert(name.clone(), checked(written, raw)?);
    }
    let declared =
        |name: &String| planned.step.capture.iter().any(|capture| capture.name.value == *name);
    captures.extend(found.into_iter().filter(|(name, _)| declared(name)));
    let names: Vec<String> = needed_captures(run, planned)
        .into_iter()
        .filter(|name| !captures.contains_key(name))
        .collect();
    if names.is_empty() { Ok(captures) } else { Err(Refusal::Missing { names }) }
}

fn checked(capture: &Capture, raw: &str) -> Result<String, Refusal> {
    let name = capture.name.value.clone();
    if capture.kind.kind == Kind::Secret {
        return Err(Refusal::Value {
            name,
            reason: "it is secret, and a journal holds no secrets".to_owned(),
        });
    }
    capture.kind.check(raw).map_err(|reason| Refusal::Value { name, reason })
}

/// Lists the captures of a step that a later step in force needs. Optional ones may stay missing, and secret ones are
/// never in a journal.
pub(in crate::engine) fn needed_captures(run: &Run, planned: &PlanStep) -> Vec<String> {
    let later = run.path().skip_while(|(step, _)| step.id != planned.id).skip(1);
    let used: BTreeSet<String> = later.flat_map(|(step, _)| uses::of(run.plan(), step)).collect();
    let captures = planned.step.capture.iter();
    let needed = captures.filter(|capture| !capture.optional && capture.kind.kind != Kind::Secret);
    needed.map(|capture| capture.name.value.clone()).filter(|name| used.contains(name)).collect()
}
