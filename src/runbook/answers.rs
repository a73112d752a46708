//! An answers file: everything a person would have been asked, written down before.
//!
//! ```yaml
//! format: 1
//! params: {server: db-orders}
//! statements: all
//! steps:
//!   choose: {answers: [no, yes], outcome: cutover, why: rows are referenced}
//!   point: {outcome: [other, use], why: the first one was too late}
//!   restore: {confirm: db-orders-r1, on_failure: [retry, stop], ask: {restore_point: 02:36Z}}
//! ```
//!
//! Lists hold one answer per attempt; the last one stays, unless it would start a command again and again. A ladder's
//! answers are a list already: of a decision that is taken anew they are a list of lists.

use super::findings::{Findings, Says};
use super::model::Answer;
use super::place::{At, Finding, Place, Source};
use super::tree;
use super::tree::{Content, Node};
use std::collections::BTreeMap;

/// What to do when a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// Do the known fix, then the step again.
    Fix,
    /// Start it again.
    Retry,
    /// Leave it out, with the step's `reason`.
    Skip,
    /// Stop the run.
    Stop,
}

/// What to do when the end of a step was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUnknown {
    /// Run the probe and accept what it says.
    Probe,
    /// It is done; `reason` says how that is known.
    Done,
    /// It did not happen; `reason` says how that is known.
    NotStarted,
    /// Stop here, for a person to look.
    Stop,
}

/// Which statements are ticked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statements {
    /// None.
    #[default]
    None,
    /// All of them.
    All,
}

/// The answers for one step.
#[derive(Clone, Debug, Default)]
pub struct StepAnswers {
    /// The outcome to decide; one for each time it is decided.
    pub outcome: Vec<String>,
    /// The answers of its ladder, in the order of the questions; one list for each time.
    pub answers: Vec<Vec<Answer>>,
    /// Why it is decided so.
    pub why: Option<String>,
    /// The target's name, for the guard; one per attempt.
    pub confirm: Vec<String>,
    /// After each failure.
    pub on_failure: Vec<OnFailure>,
    /// After each unknown end.
    pub on_unknown: Vec<OnUnknown>,
    /// Values it asks for; one per attempt.
    pub ask: BTreeMap<String, Vec<String>>,
    /// What is said when a step by hand is ticked; `true` is "done".
    pub tick: Option<String>,
    /// Why it is put off.
    pub defer: Option<String>,
    /// Why it is skipped, or how something is known.
    pub reason: Option<String>,
}

/// A whole answers file.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Values of parameters.
    pub params: BTreeMap<String, String>,
    /// Which statements are ticked.
    pub statements: Statements,
    /// The answers by step id.
    pub steps: BTreeMap<String, StepAnswers>,
    /// Every answer with its place, as `steps.ID.KEY` or `params.NAME`, to tell which were never asked for.
    pub keys: BTreeMap<String, Place>,
}

/// Returns the answer for an attempt, counted from 1: the last one stays.
pub fn nth<T>(answers: &[T], attempt: u32) -> Option<&T> {
    let index = (attempt as usize).checked_sub(1)?;
    answers.get(index).or(answers.last())
}

/// Returns the answer to a failure, counted from 1. A retry and a fix are for one failure each, or a file could repeat a
/// change for ever; `skip` and `stop` stay.
pub fn to_failure(answers: &[OnFailure], failure: u32) -> Option<OnFailure> {
    let index = (failure as usize).checked_sub(1)?;
    let stays = |answer: &&OnFailure| matches!(answer, OnFailure::Skip | OnFailure::Stop);
    answers.get(index).or(answers.last().filter(stays)).copied()
}

/// Reads an answers file; every mistake is told at once.
pub fn parse(source: &Source) -> Result<Answers, Vec<Finding>> {
    let mut reading = Reading { findings: Findings::new(source), answers: Answers::default() };
    if let Some(root) = tree::read(source, &mut reading.findings) {
        reading.root(&root);
    }
    if reading.findings.is_empty() {
        Ok(reading.answers)
    } else {
        Err(reading.findings.into_sorted())
    }
}

/// Reads a file of names and values, as `--params` takes it.
pub fn parse_values(source: &Source) -> Result<BTreeMap<String, String>, Vec<Finding>> {
    let mut reading = Reading { findings: Findings::new(source), answers: Answers::default() };
    if let Some(root) = tree::read(source, &mut reading.findings) {
        reading.params(&root);
    }
    if reading.findings.is_empty() {
        Ok(reading.answers.params)
    } else {
        Err(reading.findings.into_sorted())
    }
}

struct Reading {
    findings: Findings,
    answers: Answers,
}

impl Reading {
    fn root(&mut self, root: &Node) {
        let mut format = None;
        for (key, value) in self.map(root, "the file") {
            match key.value.as_str() {
                "format" => format = self.one(value),
                "params" => self.params(value),
                "statements" => match self.one(value).as_deref() {
                    Some("all") => self.answers.statements = Statements::All,
                    Some("none") | None => {}
                    Some(_) => self.wrong(value.place, "statements", "all or none"),
                },
                "steps" => {
                    for (id, step) in self.map(value, "steps") {
                        let answers = self.step(id, step);
                        self.answers.steps.insert(id.value.clone(), answers);
                    }
                }
                other => {
                    self.unknown(key.place, other, &["format", "params", "statements", "steps"]);
                }
            }
        }
        if format.as_deref() != Some("1") {
            self.wrong(root.place, "format", "`format: 1` as the first line");
        }
    }

    fn params(&mut self, node: &Node) {
        for (name, value) in self.map(node, "params") {
            if let Some(text) = self.one(value) {
                self.answers.keys.insert(format!("params.{}", name.value), name.place);
                self.answers.params.insert(name.value.clone(), text);
            }
        }
    }

    fn step(&mut self, id: &At<String>, node: &Node) -> StepAnswers {
        const KEYS: [&str; 10] = [
            "outcome",
            "answers",
            "why",
            "confirm",
            "on_failure",
            "on_unknown",
            "ask",
            "tick",
            "defer",
            "reason",
        ];
        let mut step = StepAnswers::default();
        for (key, value) in self.map(node, "the answers of a step") {
            let known = KEYS.contains(&key.value.as_str());
            if known {
                let path = format!("steps.{}.{}", id.value, key.value);
                self.answers.keys.insert(path, key.place);
            }
            match key.value.as_str() {
                "outcome" => step.outcome = self.many(value),
                "why" => step.why = self.one(value),
                "reason" => step.reason = self.one(value),
                "defer" => step.defer = self.one(value),
                "confirm" => step.confirm = self.many(value),
                "tick" => {
                    step.tick =
                        self.one(value).map(|t| if t == "true" { "done".into() } else { t });
                }
                "answers" => step.answers = self.ladders(value),
                "on_failure" => {
                    step.on_failure =
                        self.words(value, "fix, retry, skip or stop", |word| match word {
                            "fix" => Some(OnFailure::Fix),
                            "retry" => Some(OnFailure::Retry),
                            "skip" => Some(OnFailure::Skip),
                            "stop" => Some(OnFailure::Stop),
                            _ => None,
                        });
                }
                "on_unknown" => {
                    let wanted = "probe, done, not_started or stop";
                    step.on_unknown = self.words(value, wanted, |word| match word {
                        "probe" => Some(OnUnknown::Probe),
                        "done" => Some(OnUnknown::Done),
                        "not_started" => Some(OnUnknown::NotStarted),
                        "stop" => Some(OnUnknown::Stop),
                        _ => None,
                    });
                }
                "ask" => {
                    for (name, value) in self.map(value, "ask") {
                        step.ask.insert(name.value.clone(), self.many(value));
                    }
                }
                other => self.unknown(key.place, other, &KEYS),
            }
        }
        step
    }

    fn map<'a>(&mut self, node: &'a Node, what: &str) -> &'a [(At<String>, Node)] {
        match &node.content {
            Content::Map(pairs) => pairs,
            Content::Broken => &[],
            Content::Null | Content::Scalar(_) | Content::List(_) => {
                self.wrong(node.place, what, "names with values, one per line");
                &[]
            }
        }
    }

    fn one(&mut self, node: &Node) -> Option<String> {
        match &node.content {
            Content::Scalar(text) => Some(text.clone()),
            Content::Broken => None,
            Content::Null | Content::List(_) | Content::Map(_) => {
                self.wrong(
                    node.place,
                    node.kind(),
                    "one value; quote it if it has colons or braces",
                );
                None
            }
        }
    }

    fn many(&mut self, node: &Node) -> Vec<String> {
        match &node.content {
            Content::List(items) => items.iter().filter_map(|item| self.one(item)).collect(),
            _ => self.one(node).into_iter().collect(),
        }
    }

    /// One ladder's answers, or a list of them.
    fn ladders(&mut self, node: &Node) -> Vec<Vec<Answer>> {
        let nested = |items: &[Node]| items.iter().any(|i| matches!(i.content, Content::List(_)));
        let ladders: Vec<&Node> = match &node.content {
            Content::List(items) if nested(items) => items.iter().collect(),
            _ => vec![node],
        };
        let read = |word: &str| match word {
            "yes" => Some(Answer::Yes),
            "no" => Some(Answer::No),
            "unsure" => Some(Answer::Unsure),
            _ => None,
        };
        ladders.into_iter().map(|ladder| self.words(ladder, "yes, no or unsure", read)).collect()
    }

    fn words<T>(&mut self, node: &Node, wanted: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let items: Vec<&Node> = match &node.content {
            Content::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let mut words = Vec::new();
        for item in items {
            let Some(text) = self.one(item) else { continue };
            match read(&text) {
                Some(word) => words.push(word),
                None => self.wrong(item.place, &text, wanted),
            }
        }
        words
    }

    fn wrong(&mut self, place: Place, what: &str, wanted: &str) {
        let says = Says::new(
            format!("`{what}` cannot be read here"),
            format!("expected {wanted}"),
            format!("Write {wanted}."),
        );
        self.findings.error("AN002", place, says);
    }

    fn unknown(&mut self, place: Place, key: &str, known: &[&str]) {
        let near = known.iter().map(|k| (strsim::damerau_levenshtein(k, key), *k));
        let near = near.filter(|(distance, _)| *distance <= 2).min();
        let next = near.map_or_else(
            || format!("Use one of: {}.", known.join(", ")),
            |(_, near)| format!("Did you mean `{near}`?"),
        );
        let says =
            Says::new(format!("unknown key `{key}`"), "no such key in an answers file", next);
        self.findings.error("AN001", place, says);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Answers, Vec<Finding>> {
        parse(&Source::new("answers.yaml", text))
    }

    #[test]
    fn lists_are_per_attempt_and_the_last_stays() {
        let answers =
            read("format: 1\nsteps:\n  a: {on_failure: [retry, stop], confirm: x}\n").unwrap();
        let step = &answers.steps["a"];
        assert_eq!(nth(&step.on_failure, 1), Some(&OnFailure::Retry));
        assert_eq!(nth(&step.on_failure, 9), Some(&OnFailure::Stop));
        assert_eq!(nth(&step.confirm, 2).map(String::as_str), Some("x"));
        assert!(answers.keys.contains_key("steps.a.confirm"));
    }

    #[test]
    fn a_retry_is_for_one_failure_and_a_stop_for_all_that_follow() {
        use OnFailure::{Fix, Retry, Stop};
        assert_eq!(to_failure(&[Retry], 1), Some(Retry));
        assert_eq!(to_failure(&[Retry], 2), None);
        assert_eq!(to_failure(&[Retry, Fix], 3), None);
        assert_eq!(to_failure(&[Retry, Stop], 3), Some(Stop));
        assert_eq!(to_failure(&[], 1), None);
    }

    #[test]
    fn yes_and_no_are_words_not_booleans() {
        let answers = read("format: 1\nsteps: {a: {answers: [no, yes, unsure]}}\n").unwrap();
        assert_eq!(answers.steps["a"].answers, [[Answer::No, Answer::Yes, Answer::Unsure]]);
    }

    #[test]
    fn a_decision_that_is_taken_anew_has_a_list_of_ladders_and_of_outcomes() {
        let answers =
            read("format: 1\nsteps: {a: {answers: [[no], [no, yes]], outcome: [x, y]}}\n").unwrap();
        let step = &answers.steps["a"];
        assert_eq!(nth(&step.answers, 1), Some(&vec![Answer::No]));
        assert_eq!(nth(&step.answers, 3), Some(&vec![Answer::No, Answer::Yes]));
        assert_eq!(nth(&step.outcome, 2).map(String::as_str), Some("y"));
        let mixed = read("format: 1\nsteps: {a: {answers: [no, [yes, maybe]]}}\n").unwrap_err();
        assert_eq!(mixed.len(), 1, "{mixed:?}");
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let found = read("format: 2\nparms: {}\nsteps: {a: {on_failure: [again]}}\n").unwrap_err();
        let codes: Vec<_> = found.iter().map(|f| f.code).collect();
        assert_eq!(codes, ["AN002", "AN001", "AN002"], "{found:?}");
        assert!(found[1].next.contains("params"), "{}", found[1].next);
    }
}
