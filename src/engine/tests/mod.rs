//! The engine's rules, each as a sentence. [`Play`] walks a run through them; what it knows of a run it learns from
//! the same doors that a face uses.

mod branches;
mod changes;
mod decisions;
mod deferral;
mod edited;
mod ends;
mod facts;
mod fixes;
mod guards;
mod offers;
mod onward;
mod order;
mod outline;
mod probes;
mod unknown;
mod values;
mod waking;

use super::command::{Command, Refusal};
use super::event::{
    AttemptId, Event, Given, Guard, Mode, Opened, Part, Proof, SettledAs, Source as GivenBy, Work,
};
use super::guards::GuardNeeded;
use super::plan::Plan;
use super::run::Run;
use super::state::StepState;
use crate::outcome::{Captured, Ended, Judged, Outcome, Process, SpoolSummary, Verdict};
use crate::runbook::model::{Answer, Meaning, StepId};
use crate::runbook::parse::parse;
use crate::runbook::place::Source;
use std::collections::BTreeMap;

/// A run under test, and every fact of it.
pub(super) struct Play {
    pub run: Run,
    pub facts: Vec<Event>,
}

/// Makes a plan from the text below `phases:` and, before it, anything else of a runbook.
pub(super) fn plan(text: &str) -> Plan {
    let head = "format: 1\nname: t\ntitle: T\nsystem: S\nversion: '1'\nsummary: Tests.\n";
    let source = Source::new("t.yaml", format!("{head}{text}"));
    match parse(&source) {
        Ok(runbook) => Plan::new(runbook),
        Err(findings) => panic!("the test's runbook is not one: {findings:#?}"),
    }
}

pub(super) fn id(step: &str) -> StepId {
    StepId::new(step)
}

pub(super) fn main(step: &str) -> Work {
    Work { step: id(step), part: Part::Main }
}

pub(super) fn part(step: &str, part: Part) -> Work {
    Work { step: id(step), part }
}

pub(super) fn attempt(work: &Work, attempt: u32) -> AttemptId {
    AttemptId { work: work.clone(), attempt }
}

pub(super) fn process() -> Process {
    Process { pid: 1, group: 1, started: 1, boot: "b".into() }
}

pub(super) fn ended(ended: Ended) -> Outcome {
    Outcome {
        ended,
        took_ns: 1,
        story_ns: None,
        verdicts: Vec::new(),
        captures: BTreeMap::new(),
        failures: Vec::new(),
        answered: None,
        spool: SpoolSummary::default(),
        survivors: Vec::new(),
        last_lines: Vec::new(),
        notes: Vec::new(),
    }
}

pub(super) fn passed() -> Outcome {
    Outcome { verdicts: vec![verdict(Judged::Passed)], ..ended(Ended::Exit { code: 0 }) }
}

pub(super) fn failed() -> Outcome {
    Outcome { verdicts: vec![verdict(Judged::Failed)], ..ended(Ended::Exit { code: 1 }) }
}

pub(super) fn captured(values: &[(&str, &str)]) -> Outcome {
    let captures = values.iter();
    let captures =
        captures.map(|(name, value)| ((*name).to_owned(), Captured::Value((*value).to_owned())));
    Outcome { captures: captures.collect(), ..passed() }
}

fn verdict(result: Judged) -> Verdict {
    Verdict { expected: "exit 0".into(), got: String::new(), result }
}

pub(super) fn attested() -> Proof {
    Proof::Attested { how: "I looked".into() }
}

pub(super) fn record_zero(mode: Mode, params: &[(&str, &str)]) -> Opened {
    let given = |value: &str| Given { value: value.to_owned(), source: GivenBy::Flag };
    Opened {
        format: 1,
        program: "rutter test".into(),
        run: "test".into(),
        mode,
        runbook: "s/t".into(),
        title: "T".into(),
        version: "1".into(),
        origin: "test".into(),
        digest: String::new(),
        pinned: Vec::new(),
        environment: "PROD".into(),
        operator: "mara".into(),
        host: "h".into(),
        incident: None,
        incident_start: None,
        params: params.iter().map(|(name, value)| ((*name).to_owned(), given(value))).collect(),
        secrets: BTreeMap::new(),
        builtins: BTreeMap::new(),
        inherited: Vec::new(),
        face: "test".into(),
        continues: None,
        taken_over: Vec::new(),
        scenario: None,
    }
}

impl Play {
    /// Opens a live run of this runbook.
    pub fn of(text: &str) -> Self {
        Self::with(text, Mode::Live, &[])
    }

    pub fn with(text: &str, mode: Mode, params: &[(&str, &str)]) -> Self {
        let mut play = Self { run: Run::new(plan(text)), facts: Vec::new() };
        play.does(&Command::Open(Box::new(record_zero(mode, params))));
        play
    }

    /// Does a command that has to be allowed; returns the facts it made.
    pub fn does(&mut self, command: &Command) -> Vec<Event> {
        match self.tries(command) {
            Ok(facts) => facts,
            Err(refusal) => panic!("refused {command:?}: {refusal}"),
        }
    }

    /// Does a command if it is allowed.
    pub fn tries(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let facts = self.run.decide(command)?;
        self.run = self.run.after(&facts).unwrap();
        self.facts.extend(facts.clone());
        Ok(facts)
    }

    /// Returns the refusal of a command that must not be allowed.
    pub fn refuses(&self, command: &Command) -> Refusal {
        self.run.decide(command).expect_err("this had to be refused")
    }

    pub fn start_command(&self, work: &Work) -> Command {
        Command::Start {
            work: work.clone(),
            guard: self.right_guard(work),
            shown: "true".into(),
            digest: "d".into(),
            target: self.run.target(work),
            override_reason: None,
            edited: None,
        }
    }

    /// Returns a guard that is just enough.
    pub fn right_guard(&self, work: &Work) -> Guard {
        match self.run.guard_needed(work).unwrap() {
            GuardNeeded::None => Guard::None,
            GuardNeeded::Armed => Guard::Armed,
            GuardNeeded::Typed { target } => Guard::Typed { text: target },
            GuardNeeded::Witnessed { target } => {
                Guard::Witnessed { text: target, reason: "now".into(), witness: "lena".into() }
            }
        }
    }

    /// Starts a work under the right guard; returns the attempt, which then runs.
    pub fn starts(&mut self, work: &Work) -> AttemptId {
        let id = self.intends(work);
        self.does(&Command::Started { id: id.clone(), keeper: process(), child: process() });
        id
    }

    pub fn intends(&mut self, work: &Work) -> AttemptId {
        self.does(&self.start_command(work));
        attempt(work, self.run.next_attempt(work) - 1)
    }

    pub fn ends(&mut self, id: &AttemptId, outcome: Outcome) -> Vec<Event> {
        self.does(&Command::Ended { id: id.clone(), outcome: Box::new(outcome), recovered: false })
    }

    /// Starts a work and ends it like this.
    pub fn runs(&mut self, work: &Work, outcome: Outcome) -> AttemptId {
        let id = self.starts(work);
        self.ends(&id, outcome);
        id
    }

    /// Starts a work and loses it.
    pub fn loses(&mut self, work: &Work) -> AttemptId {
        let id = self.starts(work);
        self.does(&Command::Lost {
            id: id.clone(),
            reason: "gone".into(),
            last_lines: Vec::new(),
            story_ns: None,
        });
        id
    }

    /// Runs the probe of a step, which answers with the answer of this index.
    pub fn probes(&mut self, step: &str, answer: usize) -> u32 {
        let outcome = Outcome { answered: Some(answer), ..ended(Ended::Exit { code: 0 }) };
        self.runs(&part(step, Part::Probe), outcome).attempt
    }

    pub fn ticks(&mut self, step: &str) -> Vec<Event> {
        self.does(&self.tick_command(&main(step)))
    }

    pub fn tick_command(&self, work: &Work) -> Command {
        Command::Tick { work: work.clone(), guard: self.right_guard(work), said: "so it is".into() }
    }

    pub fn decides(&mut self, step: &str, outcome: &str) -> Vec<Event> {
        self.does(&decide(step, outcome, ""))
    }

    pub fn skips(&mut self, step: &str) -> Vec<Event> {
        self.does(&skip(step))
    }

    pub fn state(&self, step: &str) -> StepState {
        self.run.state(&id(step))
    }

    pub fn word(&self, step: &str) -> &'static str {
        self.state(step).word()
    }

    pub fn current(&self) -> String {
        self.run.current().map(|step| step.id.to_string()).unwrap_or_default()
    }
}

pub(super) fn decide(step: &str, outcome: &str, why: &str) -> Command {
    Command::Decide { step: id(step), outcome: outcome.into(), why: why.into() }
}

pub(super) fn answer(step: &str, question: u32, answer: Answer, why: &str) -> Command {
    Command::Answer { step: id(step), question, answer, why: why.into() }
}

pub(super) fn skip(step: &str) -> Command {
    Command::Skip { step: id(step), reason: "not needed today".into(), captures: BTreeMap::new() }
}

pub(super) fn settle(
    id: &AttemptId,
    as_: SettledAs,
    proof: Proof,
    probe: Option<(u32, Meaning)>,
) -> Command {
    Command::Settle { id: id.clone(), as_, proof, probe, captures: BTreeMap::new() }
}

pub(super) fn give(step: &str, values: &[(&str, &str)]) -> Command {
    let given = |value: &str| Given { value: value.to_owned(), source: GivenBy::Operator };
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), given(value))).collect();
    Command::Give { step: id(step), values }
}

/// A read step.
pub(super) fn read_step(id: &str) -> String {
    format!("      - {{id: {id}, title: Look at {id}, hazard: read, run: 'true'}}\n")
}

/// A change with a way back; `more` is put inside.
pub(super) fn change_step(id: &str, more: &str) -> String {
    format!(
        "      - {{id: {id}, title: Change {id}, what: It., hazard: change, target: db-{id}, run: 'true', \
         undo: {{title: Change it back, hazard: change, run: 'true'}}{more}}}\n"
    )
}

/// One phase with these steps.
pub(super) fn one_phase(steps: &[String]) -> String {
    format!("phases:\n  - title: P\n    steps:\n{}", steps.concat())
}

/// A probe whose answers 0 to 3 mean done, running, not started, failed.
pub(super) const PROBE: &str = ", probe: {run: 'true', answers: [{exit: 0, means: done}, {exit: 1, means: running}, \
                                {exit: 2, means: not_started}, {exit: 3, means: failed}]}";
