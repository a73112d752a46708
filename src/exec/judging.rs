//! From what was seen to an outcome: verdicts, captures, answers, known failures.

use super::attempt::End;
use super::compare;
use super::intake::Intake;
use super::job::{Capture, Expect, From, Job, Offer, Selector};
use super::redact;
use super::secret::Secrets;
use super::select::{Found, find, items};
use crate::outcome::{Captured, Ended, Judged, Outcome, Verdict, no_list};
use regex::bytes::Regex;
use std::collections::BTreeMap;

/// The most of what was got that a verdict repeats, in characters.
const GOT: usize = 200;

/// The longest list to choose from, in bytes.
const OFFERED: usize = 4096;

/// An outcome and what must not stand in it.
pub(super) struct Concluded {
    /// The outcome.
    pub(super) outcome: Outcome,
    /// Secret captures.
    pub(super) captured: BTreeMap<String, String>,
}

/// Judges one expectation on the command that ended last.
pub(super) fn check(expect: &Expect, code: Option<i32>, intake: &Intake) -> Verdict {
    let (result, got) = judge(expect, code, intake);
    // Masked before it is cut: half a secret would not be recognised.
    let got = intake.hide(got.as_bytes()).chars().take(GOT).collect();
    Verdict { expected: expect.words.clone(), got, result }
}

fn judge(expect: &Expect, code: Option<i32>, intake: &Intake) -> (Judged, String) {
    match find(&expect.select, expect.from, code, intake) {
        Found::Unclear(reason) => (Judged::CannotJudge, reason),
        Found::Missing => (Judged::Failed, "nothing".to_owned()),
        Found::Value { text, holds } => {
            let holds = match &expect.compare {
                None => Some(holds),
                Some(compare) => compare::holds(compare, &text),
            };
            let result = match holds {
                Some(true) => Judged::Passed,
                Some(false) => Judged::Failed,
                None => Judged::CannotJudge,
            };
            let exit = matches!(expect.select, Selector::Exit(_));
            (result, if exit { format!("exit {text}") } else { text })
        }
    }
}

/// Judges everything, finishes the spool, and makes the outcome.
pub(super) fn conclude(job: &Job, mut secrets: Secrets, end: End, mut intake: Intake) -> Concluded {
    let code = match end.ended {
        Ended::Exit { code } => Some(code),
        _ => None,
    };
    let raw: BTreeMap<&str, Result<Option<String>, String>> = match code {
        Some(_) => job.capture.iter().map(|c| (c.name.as_str(), take(c, code, &intake))).collect(),
        // What a command that was cut short has printed so far is nobody's value.
        None => BTreeMap::new(),
    };
    let mut learned = BTreeMap::new();
    for capture in job.capture.iter().filter(|capture| capture.secret) {
        if let Some(Ok(Some(value))) = raw.get(capture.name.as_str()) {
            learned.insert(capture.name.clone(), value.clone());
            secrets.insert(capture.name.clone(), value.clone().into());
        }
    }
    let wanted = job.capture.iter().filter(|capture| capture.secret).count();
    // One secret that was not found may stand anywhere in the output: then all of it stays unseen.
    let unseen = learned.len() < wanted;
    if !unseen {
        intake.learn(&secrets);
    }

    let mut verdicts = match end.waited {
        Some(verdict) => vec![verdict],
        None => expected(job).iter().map(|expect| check(expect, code, &intake)).collect(),
    };
    if unseen {
        for verdict in &mut verdicts {
            "withheld".clone_into(&mut verdict.got);
        }
    }
    let passed = |expect: &Expect| judge(expect, code, &intake).0 == Judged::Passed;
    let answered = job.answers.iter().position(passed);
    let failures = known_failures(job, &intake);
    let published = raw.into_iter().map(|(name, value)| {
        let secret = learned.contains_key(name);
        (name.to_owned(), publish(value, secret, unseen, &intake))
    });
    let mut captures: BTreeMap<String, Captured> = published.collect();
    let mut notes = Vec::new();
    for offer in job.offers.iter().filter(|_| code.is_some()) {
        match offered(offer, unseen, &intake) {
            Ok(list) => _ = captures.insert(offer.name.clone(), Captured::Value(list)),
            // A list helps a person to type and proves nothing: without it the step is what it is.
            Err(why) => notes.push(no_list(&offer.name, &why)),
        }
    }
    let finished = intake.finish(job);
    notes.extend(finished.trouble);
    let outcome = Outcome {
        ended: end.ended,
        took_ns: 0,
        story_ns: None,
        verdicts,
        captures,
        failures,
        answered,
        spool: finished.summary,
        survivors: Vec::new(),
        last_lines: finished.last_lines,
        notes,
    };
    Concluded { outcome, captured: learned }
}

/// What the job expects; nothing written means exit 0, unless answers are what it is run for.
fn expected(job: &Job) -> Vec<Expect> {
    if !job.expect.is_empty() || !job.answers.is_empty() {
        return job.expect.clone();
    }
    let words = "exit 0".to_owned();
    vec![Expect { select: Selector::Exit(vec![0]), from: From::Stdout, compare: None, words }]
}

fn known_failures(job: &Job, intake: &Intake) -> Vec<usize> {
    let matches = |pattern: &String| {
        Regex::new(pattern).is_ok_and(|regex| {
            regex.is_match(&intake.out.bytes) || regex.is_match(&intake.err.bytes)
        })
    };
    (0..job.failures.len()).filter(|index| matches(&job.failures[*index])).collect()
}

/// Takes one capture as it is; none when it is missing and may be.
fn take(capture: &Capture, code: Option<i32>, intake: &Intake) -> Result<Option<String>, String> {
    let found = if capture.list {
        items(&capture.select, capture.from, code, intake)
    } else {
        find(&capture.select, capture.from, code, intake)
    };
    if capture.success {
        let holds = matches!(found, Found::Value { holds: true, .. });
        return Ok(Some(holds.to_string()));
    }
    let text = match found {
        Found::Value { text, .. } => text,
        Found::Missing => match &capture.default {
            Some(default) => default.clone(),
            None if capture.optional => return Ok(None),
            None => return Err("nothing was found to capture".to_owned()),
        },
        Found::Unclear(reason) => return Err(reason),
    };
    fits(capture, &text)?;
    Ok(Some(text))
}

fn fits(capture: &Capture, text: &str) -> Result<(), String> {
    if text.len() > capture.max {
        return Err(format!("{} bytes long; {} is the most", text.len(), capture.max));
    }
    if capture.secret {
        redact::acceptable(&text.into())?;
    }
    if !capture.list {
        return fits_as_word(capture, text).map_err(|why| format!("it {why}"));
    }
    // Each item becomes a word of its own, so each is looked at as one. No item at all is a list as well.
    for (at, item) in text.split('\n').enumerate().filter(|_| !text.is_empty()) {
        let sound = match item.chars().find(|c| c.is_control()) {
            _ if item.is_empty() => Err("is empty".to_owned()),
            Some(c) => Err(format!("holds the character U+{:04X}", u32::from(c))),
            None => fits_as_word(capture, item),
        };
        sound.map_err(|why| format!("item {} {why}", at + 1))?;
    }
    Ok(())
}

fn fits_as_word(capture: &Capture, text: &str) -> Result<(), String> {
    if !capture.dash && text.starts_with('-') {
        return Err("begins with `-` and could be taken for an option".to_owned());
    }
    if let Some(pattern) = &capture.pattern {
        let regex = regex::Regex::new(&format!(r"\A(?:{pattern})\z"));
        if !regex.is_ok_and(|regex| regex.is_match(text)) {
            return Err(match capture.one_of.as_slice() {
                [] => "does not have the form of its type".to_owned(),
                known => format!("is none of {}", known.join(", ")),
            });
        }
    }
    Ok(())
}

/// Takes a list that a later step chooses from.
fn offered(offer: &Offer, unseen: bool, intake: &Intake) -> Result<String, String> {
    let select = Selector::Json(offer.json.clone());
    let list = match find(&select, From::Stdout, None, intake) {
        Found::Value { text, .. } => text,
        Found::Missing => return Err("nothing was found".to_owned()),
        Found::Unclear(reason) => return Err(reason),
    };
    if list.len() > OFFERED {
        return Err(format!("{} bytes long; {OFFERED} is the most", list.len()));
    }
    if unseen || intake.hide(list.as_bytes()) != list {
        return Err("it may hold a secret".to_owned());
    }
    Ok(list)
}

/// What of a capture may be written down.
fn publish(
    value: Result<Option<String>, String>,
    secret: bool,
    unseen: bool,
    intake: &Intake,
) -> Captured {
    match value {
        Ok(None) => Captured::Missing,
        Ok(Some(_)) if secret => Captured::Secret,
        Ok(Some(_)) if unseen => {
            Captured::Bad("the output is withheld: a secret was not found in it".to_owned())
        }
        Ok(Some(text)) if intake.hide(text.as_bytes()) != text => {
            Captured::Bad("it holds a secret: declare it secret".to_owned())
        }
        Ok(Some(text)) => Captured::Value(text),
        Err(reason) => Captured::Bad(reason),
    }
}
