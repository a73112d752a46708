//! From what was seen to an outcome.

use super::attempt::End;
use super::intake::Intake;
use super::job::{Expect, Job, Selector};
use super::secret::Known;
use crate::outcome::{Ended, Judged, Outcome, Verdict};
use std::collections::BTreeMap;
use std::io;

/// An outcome and what must not stand in it.
pub(super) struct Concluded {
    /// The outcome.
    pub(super) outcome: Outcome,
    /// Secret captures.
    pub(super) captured: BTreeMap<String, String>,
}

/// Judges one expectation on the command that ended last.
pub(super) fn check(expect: &Expect, code: Option<i32>, _intake: &Intake) -> Verdict {
    let result = match (&expect.select, code) {
        (Selector::Exit(codes), Some(code)) if codes.contains(&code) => Judged::Passed,
        (Selector::Exit(_), _) => Judged::Failed,
        _ => Judged::CannotJudge,
    };
    let got = code.map_or_else(String::new, |code| format!("exit {code}"));
    Verdict { expected: expect.words.clone(), got, result }
}

/// Judges everything, finishes the spool, and makes the outcome.
pub(super) fn conclude(
    job: &Job,
    _secrets: &Known,
    end: End,
    intake: Intake,
) -> io::Result<Concluded> {
    let code = match end.ended {
        Ended::Exit { code } => Some(code),
        _ => None,
    };
    let zero = [Expect {
        select: Selector::Exit(vec![0]),
        from: super::job::From::Stdout,
        compare: None,
        words: "exit 0".to_owned(),
    }];
    let expect = if job.expect.is_empty() { &zero[..] } else { &job.expect[..] };
    let verdicts = match end.waited {
        Some(verdict) => vec![verdict],
        None => expect.iter().map(|expect| check(expect, code, &intake)).collect(),
    };
    let outcome = Outcome {
        ended: end.ended,
        took_ns: 0,
        verdicts,
        captures: BTreeMap::new(),
        failures: Vec::new(),
        answered: None,
        spool: intake.finish(),
        survivors: Vec::new(),
        last_lines: Vec::new(),
        notes: Vec::new(),
    };
    Ok(Concluded { outcome, captured: BTreeMap::new() })
}
