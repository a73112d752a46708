//! A person at a terminal who reads what is asked and types what the hints say.

use crate::support::program::Home;
use crate::support::terminal::{Terminal, until};
use std::collections::{BTreeMap, VecDeque};

/// How the last line ends when the program waits for the person.
const PROMPTS: [&str; 5] = ["> ", " = ", "disarms: ", "to go on: ", "all the same: "];

/// What the person knows before the walk begins.
pub struct Person {
    answers: VecDeque<&'static str>,
    outcomes: VecDeque<&'static str>,
    values: BTreeMap<&'static str, &'static str>,
    /// Failures for which the fix was chosen already.
    fixed: Vec<String>,
    /// Titles of steps that are left out.
    skipped: Vec<&'static str>,
    target: String,
}

impl Person {
    /// Answers to the questions of ladders and outcomes of decisions, in order.
    pub fn new<const A: usize, const O: usize>(
        answers: [&'static str; A],
        outcomes: [&'static str; O],
    ) -> Self {
        let (answers, outcomes) = (answers.into(), outcomes.into());
        let (values, fixed, skipped) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { answers, outcomes, values, fixed, skipped, target: String::new() }
    }

    /// A value that will be asked for.
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.values.insert(name, value);
        self
    }

    /// A step to leave out, by its title; also when it fails.
    pub fn without(mut self, title: &'static str) -> Self {
        self.skipped.push(title);
        self
    }

    /// Walks to the end of the program; returns everything it said.
    pub fn walks(&mut self, home: &Home, words: &[&str]) -> String {
        let mut terminal = Terminal::start(home.rutter(words));
        let mut read = 0;
        loop {
            let asked = until("a prompt", || {
                let heard = terminal.heard();
                let last = heard[read..].rsplit('\n').next().unwrap_or_default().to_owned();
                if PROMPTS.iter().any(|end| last.ends_with(end)) {
                    return Some(Some(heard[read..].to_owned()));
                }
                terminal.child.try_wait().unwrap().map(|_| None)
            });
            let Some(said) = asked else { return terminal.heard_out() };
            read = terminal.heard().len();
            let line = self.reply(&said);
            terminal.say(&line);
        }
    }

    fn reply(&mut self, said: &str) -> String {
        let lines = || said.lines().rev();
        if let Some(name) = lines().find_map(|line| line.strip_prefix("TARGET ")) {
            name.trim_end().trim_end_matches('.').clone_into(&mut self.target);
        }
        let prompt = said.rsplit('\n').next().unwrap_or_default();
        if prompt.ends_with("disarms: ") {
            return "yes-run".into();
        }
        if prompt.ends_with("to go on: ") {
            return self.target.clone();
        }
        if let Some(name) = prompt.strip_suffix(" = ") {
            return (*self.values.get(name.trim()).unwrap_or(&"")).to_owned();
        }
        let step = lines().find(|line| line.starts_with("STEP ")).unwrap_or("");
        if self.skipped.iter().any(|title| step.contains(title)) {
            return "skip there was no time".into();
        }
        if let Some(failed) = lines().find(|line| line.starts_with("FAILED ")) {
            return self.after_failure(said, failed);
        }
        if said.contains("OUTCOME UNKNOWN") {
            let probed = said.contains("The probe says: done");
            return if probed { "settle done".into() } else { "probe".into() };
        }
        let hint = lines().find_map(|line| line.strip_prefix("Type ")).unwrap_or("");
        match hint.split([',', ' ', '.']).next().unwrap_or_default() {
            word @ ("run" | "close") => word.into(),
            "done" => "done seen".into(),
            "check" | "yes" => format!("{} looked", self.answers.pop_front().unwrap()),
            "choose" => format!("choose {} looked", self.outcomes.pop_front().unwrap()),
            other => panic!("no reply to {other:?} in:\n{said}"),
        }
    }

    fn after_failure(&mut self, said: &str, failed: &str) -> String {
        let fix = said.lines().find_map(|line| line.trim().strip_prefix("fix "));
        let fix = fix.and_then(|fix| fix.split(':').next());
        match fix {
            _ if said.contains("FAILED quiet") => "skip they write on".into(),
            Some(fix) if !self.fixed.iter().any(|done| done == failed) => {
                self.fixed.push(failed.to_owned());
                format!("fix {fix}")
            }
            _ => "again".into(),
        }
    }
}
