//! A simulated executor: a run in memory, a clock that only the test moves, and commands that end as the test says.

use crate::driver::CannotEdit;
use crate::driver::CannotPrepare;
use crate::driver::JobSurroundings;
use crate::driver::Prepared;
use crate::driver::prepared;
use crate::engine::command::Command;
use crate::engine::command::Refusal;
use crate::engine::event::{AttemptId, Event, Given, Guard, Mode, Opened, Source as GivenBy, Work};
use crate::engine::left_open::LeftOpen;
use crate::engine::onward::There;
use crate::engine::plan::Plan;
use crate::engine::run::Run;
use crate::outcome::{Ended, Judged, Outcome, Process, SpoolSummary, Verdict};
use crate::runbook::model::Hazard;
use crate::runbook::parse::parse;
use crate::runbook::place::Source;
use crate::tui::sight::Sight;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Numbers every state of every run.
static WORLDS: AtomicUsize = AtomicUsize::new(1);

/// What the screens of a test look at, and what grants their wishes. Cheap to copy: a test tries every key from one.
#[derive(Clone)]
pub struct World {
    run: Arc<Run>,
    began: Arc<BTreeMap<AttemptId, DateTime<Utc>>>,
    now: DateTime<Utc>,
    identity: usize,
    /// No other runbook is there.
    pub gone: bool,
    /// What was started, in order, with its hazard and the guard that was passed.
    pub started: Vec<(Work, Hazard, Guard)>,
}

/// How a command ends.
#[derive(Clone, Copy, Debug)]
pub enum Ends {
    /// As expected.
    Passed,
    /// With another code; the first known failure of the step is recognised.
    Failed,
    /// Its keeper is gone, and nobody saw the end.
    Lost,
    /// On request.
    Interrupted,
    /// A probe or check finds its answer of this index.
    Answers(usize),
}

impl World {
    /// Opens a run of this runbook.
    pub fn of(text: &str, mode: Mode, environment: &str) -> Self {
        let runbook = match parse(&Source::new("book.yaml", text)) {
            Ok(runbook) => runbook,
            Err(findings) => {
                let faults: Vec<_> = findings.iter().map(|f| (&f.what, &f.next)).collect();
                panic!("the test's runbook is not one: {faults:#?}")
            }
        };
        let mut world = Self {
            run: Arc::new(Run::new(Plan::new(runbook))),
            began: Arc::default(),
            identity: 0,
            gone: false,
            now: "2026-11-21T03:12:04Z".parse().unwrap(),
            started: Vec::new(),
        };
        world.tries(&Command::Open(Box::new(record_zero(mode, environment)))).unwrap();
        world
    }

    /// Opens a live run that takes these changes over.
    pub fn taking_over(text: &str, open: Vec<LeftOpen>) -> Self {
        let mut world = Self::of(text, Mode::Live, "PROD");
        let zero = Opened { taken_over: open, ..record_zero(Mode::Live, "PROD") };
        world.run = Arc::new(Run::new(world.run.plan().clone()));
        world.tries(&Command::Open(Box::new(zero))).unwrap();
        world
    }

    /// Which state of a run it is: the same for copies, another as soon as anything happened.
    pub fn identity(&self) -> usize {
        self.identity
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: TimeDelta) {
        self.now += time;
    }

    /// Makes a command come true, or says the rule's no.
    pub fn tries(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let facts = self.run.decide(command)?;
        self.run = Arc::new(self.run.after(&facts).unwrap());
        self.identity = WORLDS.fetch_add(1, Ordering::Relaxed);
        for fact in &facts {
            if let Event::AttemptIntended { id, hazard, guard, .. }
            | Event::Ticked { id, hazard, guard, .. } = fact
            {
                self.started.push((id.work.clone(), *hazard, guard.clone()));
            }
        }
        Ok(facts)
    }

    /// Starts what was prepared: the keeper holds it, the gate opens, it runs.
    pub fn starts(
        &mut self,
        prepared: &Prepared,
        guard: Guard,
        override_reason: Option<String>,
    ) -> Result<(), Refusal> {
        let facts = self.tries(&Command::Start {
            work: prepared.work.clone(),
            guard,
            shown: prepared.shown.clone(),
            digest: prepared.digest.clone(),
            target: prepared.target.clone(),
            override_reason,
            edited: prepared.edited.clone(),
        })?;
        let intended = |fact: &Event| match fact {
            Event::AttemptIntended { id, .. } => Some(id.clone()),
            _ => None,
        };
        let id = facts.iter().find_map(intended).unwrap();
        let (keeper, child) = (process(), process());
        self.tries(&Command::Started { id: id.clone(), keeper, child })?;
        Arc::make_mut(&mut self.began).insert(id, self.now);
        Ok(())
    }

    /// Ends what runs.
    pub fn ends(&mut self, how: Ends) {
        let id = self.run.outline().running.first().cloned().expect("something runs");
        let command = match how {
            Ends::Lost => {
                let reason = "the keeper is gone".into();
                Command::Lost {
                    id,
                    reason,
                    last_lines: vec!["41 of 312 tables".into()],
                    story_ns: None,
                }
            }
            other => Command::Ended { id, outcome: Box::new(outcome(other)), recovered: false },
        };
        self.tries(&command).unwrap();
    }
}

impl Sight for World {
    fn run(&self) -> &Run {
        &self.run
    }

    fn prepare(&self, work: &Work) -> Result<Prepared, CannotPrepare> {
        let around = JobSurroundings {
            work: PathBuf::from("/work/7F3K"),
            runbook: PathBuf::from("/runbook"),
            env_remove: Vec::new(),
            run: "7F3K".into(),
        };
        prepared(&self.run, work, &around)
    }

    fn prepare_edit(&self, work: &Work) -> Result<Prepared, CannotEdit> {
        match self.run.in_the_way_of_edit(work) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(self.prepare(work)?),
        }
    }

    fn edit(&self, prepared: &Prepared, text: &str) -> Result<Prepared, CannotEdit> {
        Ok(prepared.edit(text, "")?)
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn short_id(&self) -> &'static str {
        "7F3K"
    }

    fn began(&self, id: &AttemptId) -> Option<DateTime<Utc>> {
        self.began.get(id).copied()
    }

    fn elsewhere(&self, runbook: &str) -> Option<Arc<There>> {
        self.gone.then(|| Arc::new(Err(format!("there is no runbook {runbook}"))))
    }
}

fn outcome(how: Ends) -> Outcome {
    let (ended, result) = match how {
        Ends::Passed | Ends::Answers(_) => (Ended::Exit { code: 0 }, Judged::Passed),
        Ends::Interrupted => (Ended::Interrupted, Judged::CannotJudge),
        Ends::Failed | Ends::Lost => (Ended::Exit { code: 1 }, Judged::Failed),
    };
    let failed = matches!(how, Ends::Failed);
    Outcome {
        ended,
        took_ns: 72_000_000_000,
        story_ns: None,
        verdicts: vec![Verdict { expected: "exit 0".into(), got: "exit 1".into(), result }],
        captures: BTreeMap::new(),
        failures: if failed { vec![0] } else { Vec::new() },
        answered: if let Ends::Answers(answer) = how { Some(answer) } else { None },
        spool: SpoolSummary::default(),
        survivors: Vec::new(),
        last_lines: if failed { vec!["No space left".into()] } else { Vec::new() },
        notes: Vec::new(),
    }
}

fn process() -> Process {
    Process { pid: 1, group: 1, started: 1, boot: "b".into() }
}

fn record_zero(mode: Mode, environment: &str) -> Opened {
    let server = Given { value: "db-orders".into(), source: GivenBy::Flag };
    Opened {
        format: 1,
        program: "rutter test".into(),
        run: "20261121T031200Z-places-7F3K".into(),
        mode,
        runbook: "test/places".into(),
        title: "Every place of the screen".into(),
        version: "1.0".into(),
        origin: "test".into(),
        digest: String::new(),
        pinned: Vec::new(),
        environment: environment.into(),
        operator: "mara".into(),
        host: "jump".into(),
        incident: None,
        incident_start: Some("2026-11-21T02:37:00Z".into()),
        params: BTreeMap::from([("server".to_owned(), server)]),
        secrets: BTreeMap::new(),
        builtins: BTreeMap::new(),
        inherited: Vec::new(),
        face: "tui".into(),
        continues: None,
        taken_over: Vec::new(),
        scenario: None,
    }
}
