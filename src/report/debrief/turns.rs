//! Wrong turns: what cost time and brought nothing. Every kind is a rule that can be read here; there is no score.

use super::super::fact::{Entry, events};
use super::Fixes;
use crate::engine::event::{Event, Part, SettledAs, Work};
use crate::outcome::Ended;
use crate::runbook::model::{Answer, StepId};
use std::collections::BTreeMap;

/// A wrong turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongTurn {
    /// The step.
    pub step: StepId,
    /// What was done.
    pub what: String,
}

/// A failure that nobody has done anything about yet.
struct Failure {
    fix: Option<StepId>,
    /// Something was looked at, said or changed since.
    answered: bool,
}

/// Lists the wrong turns of a rehearsal, in the order in which they were taken.
pub(super) fn turns(entries: &[Entry], fixes: &Fixes) -> Vec<WrongTurn> {
    let mut turns = Vec::new();
    let mut failed: BTreeMap<StepId, Failure> = BTreeMap::new();
    let mut said: BTreeMap<(StepId, u32, u32), Answer> = BTreeMap::new();
    let mut decided: BTreeMap<StepId, String> = BTreeMap::new();
    for (_, event) in events(entries) {
        let mut turn = |step: &StepId, what: String| {
            turns.push(WrongTurn { step: step.clone(), what });
        };
        match event {
            Event::AttemptIntended { id, override_reason, edited, .. } => {
                let Work { step, part } = &id.work;
                if override_reason.is_some() {
                    turn(step, "done again while its outcome before was unknown".into());
                }
                // Whoever changes the command has thought of something.
                let failure = failed.get(step).filter(|_| *part == Part::Main && edited.is_none());
                match failure {
                    Some(Failure { fix: Some(fix), .. }) => {
                        turn(step, format!("tried again without the fix that is known, {fix}"));
                    }
                    Some(Failure { answered: false, .. }) => {
                        turn(step, "tried again with nothing looked at and nothing changed".into());
                    }
                    _ => {}
                }
                look_around(&mut failed, &id.work);
            }
            Event::AttemptEnded { id, outcome, .. } if id.work.part == Part::Main => {
                let step = &id.work.step;
                failed.remove(step);
                if matches!(outcome.ended, Ended::Exit { .. }) && !outcome.passed() {
                    let fix = fixes.for_failure(step, &outcome.failures).cloned();
                    failed.insert(step.clone(), Failure { fix, answered: false });
                }
            }
            Event::AttemptSettled { id, as_: SettledAs::Done, .. } => {
                failed.remove(&id.work.step);
            }
            Event::FixChosen { step, .. } => {
                failed.remove(step);
            }
            Event::Skipped { step, .. } => {
                if let Some(Failure { fix: Some(fix), .. }) = failed.remove(step) {
                    turn(step, format!("skipped, though a fix is known, {fix}"));
                }
            }
            Event::Answered { step, attempt, question, answer, .. } => {
                let key = (step.clone(), *attempt, *question);
                if said.insert(key, *answer).is_some_and(|before| before != *answer) {
                    turn(step, format!("question {question} was answered anew"));
                }
            }
            Event::Decided { step, outcome, .. } => {
                let before = decided.insert(step.clone(), outcome.clone());
                if let Some(before) = before.filter(|before| before != outcome) {
                    turn(step, format!("decided {before}, then {outcome}"));
                }
            }
            Event::Noted { .. } | Event::ValuesGiven { .. } | Event::Ticked { .. } => {
                for failure in failed.values_mut() {
                    failure.answered = true;
                }
            }
            _ => {}
        }
    }
    turns
}

/// Any other work is a look, or a change, before the next try.
fn look_around(failed: &mut BTreeMap<StepId, Failure>, work: &Work) {
    for (step, failure) in failed {
        failure.answered |= work.part != Part::Main || work.step != *step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::{AttemptId, Guard};
    use crate::outcome::{Judged, Outcome, SpoolSummary, Verdict};
    use crate::report::fact::Fact;
    use crate::runbook::model::Hazard;
    use chrono::DateTime;

    fn id(step: &str, part: Part, attempt: u32) -> AttemptId {
        AttemptId { work: Work { step: StepId::new(step), part }, attempt }
    }

    fn intended(id: AttemptId) -> Event {
        Event::AttemptIntended {
            id,
            hazard: Hazard::Read,
            target: None,
            shown: String::new(),
            digest: String::new(),
            guard: Guard::None,
            override_reason: None,
            edited: None,
        }
    }

    fn failed(id: AttemptId, known: &[usize]) -> Event {
        let verdict =
            Verdict { expected: "exit 0".into(), got: "exit 1".into(), result: Judged::Failed };
        let outcome = Outcome {
            ended: Ended::Exit { code: 1 },
            took_ns: 0,
            story_ns: None,
            verdicts: vec![verdict],
            captures: BTreeMap::new(),
            failures: known.to_vec(),
            answered: None,
            spool: SpoolSummary::default(),
            survivors: Vec::new(),
            last_lines: Vec::new(),
            notes: Vec::new(),
        };
        Event::AttemptEnded { id, outcome: Box::new(outcome), recovered: false }
    }

    /// What is found in a rehearsal of one step `a`, whose known failure 0 names the fix `f`.
    fn found(events: Vec<Event>) -> Vec<String> {
        let entry = Entry {
            v: 1,
            run: "r".into(),
            mode: Some("rehearsal".into()),
            seq: 0,
            prev: crate::journal::record::Hash::NONE,
            at: DateTime::UNIX_EPOCH,
            mono_ns: 0,
            boot: "b".into(),
            by: crate::journal::identity::Identity::default(),
            events: events.into_iter().map(|event| Fact::Known(Box::new(event))).collect(),
            h: crate::journal::record::Hash::NONE,
        };
        let fixes = Fixes(BTreeMap::from([(StepId::new("a"), vec![Some(StepId::new("f"))])]));
        turns(&[entry], &fixes).into_iter().map(|turn| turn.what).collect()
    }

    fn again(between: Vec<Event>, known: &[usize]) -> Vec<String> {
        let (first, second) = (id("a", Part::Main, 1), id("a", Part::Main, 2));
        let begun = vec![intended(first.clone()), failed(first, known)];
        found([begun, between, vec![intended(second)]].concat())
    }

    #[test]
    fn a_second_try_with_nothing_in_between_is_a_wrong_turn_and_one_after_a_look_is_none() {
        let blind = "tried again with nothing looked at and nothing changed";
        assert_eq!(again(Vec::new(), &[]), [blind]);
        assert_eq!(again(vec![intended(id("a", Part::Probe, 1))], &[]), [""; 0]);
        assert_eq!(again(vec![intended(id("b", Part::Main, 1))], &[]), [""; 0]);
    }

    #[test]
    fn a_known_fix_that_is_not_chosen_is_a_wrong_turn_even_after_a_look() {
        let looked = vec![intended(id("a", Part::Probe, 1))];
        assert_eq!(again(looked, &[0]), ["tried again without the fix that is known, f"]);
        let fixed = vec![Event::FixChosen { step: StepId::new("a"), fix: StepId::new("f") }];
        assert_eq!(again(fixed, &[0]), [""; 0]);
    }

    #[test]
    fn an_answer_or_a_decision_that_was_changed_is_told() {
        let answered = |answer| Event::Answered {
            step: StepId::new("a"),
            attempt: 1,
            question: 2,
            answer,
            suggested: None,
            why: String::new(),
        };
        let decided = |outcome: &str| Event::Decided {
            step: StepId::new("a"),
            attempt: 1,
            outcome: outcome.into(),
            why: String::new(),
            deviation: false,
        };
        assert_eq!(found(vec![answered(Answer::Yes), answered(Answer::Yes)]), [""; 0]);
        assert_eq!(
            found(vec![answered(Answer::Yes), answered(Answer::No)]),
            ["question 2 was answered anew"]
        );
        assert_eq!(found(vec![decided("x"), decided("y")]), ["decided x, then y"]);
    }
}
