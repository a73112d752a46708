//! A random walk through a run: mostly what a sensible operator would do next, sometimes anything at all, and now and
//! then the power goes.

use super::book::Book;
use rutter::engine::choices::Does;
use rutter::engine::command::{Command, Refusal};
use rutter::engine::event::{AttemptId, Event, Guard, Mode, Opened, Part, Proof, SettledAs, Work};
use rutter::engine::guards::GuardNeeded;
use rutter::engine::next::Next;
use rutter::engine::outline::Row;
use rutter::engine::past::{Past, Seen};
use rutter::engine::plan::Plan;
use rutter::engine::run::Run;
use rutter::engine::state::{Life, StepState};
use rutter::outcome::{Ended, Judged, Outcome, Process, SpoolSummary, Verdict};
use rutter::runbook::model::{Answer, Meaning, StepId, StopAs};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A run being walked.
pub struct Walk {
    pub book: Book,
    /// Its plan, read once.
    pub plan: Arc<Plan>,
    pub run: Run,
    /// The facts of every record, in order.
    pub records: Vec<Vec<Event>>,
}

impl Walk {
    /// Opens a run of this runbook.
    pub fn of(book: &Book) -> Self {
        let plan = Arc::new(book.plan());
        let run = Run::new(plan.clone());
        let mut walk = Self { book: book.clone(), plan, run, records: Vec::new() };
        walk.tries(&Command::Open(Box::new(record_zero()))).unwrap();
        walk
    }

    /// Returns all facts so far.
    pub fn facts(&self) -> Vec<Event> {
        self.records.concat()
    }

    /// Takes one random step. A refusal is an answer too, except one that only a broken rule can give.
    pub fn step(&mut self, pick: u32) {
        let dice = Dice(pick);
        if dice.one_in(16, 0) {
            return self.power_goes(dice);
        }
        let wild = dice.one_in(6, 1);
        let command = if wild { Some(self.anything(dice)) } else { self.sensible(dice) };
        if let Some(command) = command {
            let from_the_world = matches!(
                command,
                Command::Started { .. } | Command::Ended { .. } | Command::Lost { .. }
            );
            match self.tries(&command) {
                Err(Refusal::Impossible(corrupt)) if !from_the_world => {
                    panic!("decide offered what apply refuses: {corrupt}\n{command:?}")
                }
                Ok(()) | Err(_) => {}
            }
        }
    }

    fn tries(&mut self, command: &Command) -> Result<(), Refusal> {
        let facts = self.run.decide(command)?;
        assert!(!facts.is_empty(), "an allowed command makes a fact: {command:?}");
        self.run = match self.run.after(&facts) {
            Ok(run) => run,
            Err(corrupt) => panic!("decide offered what apply refuses: {corrupt}\n{command:?}"),
        };
        self.records.push(facts);
        Ok(())
    }

    /// The process dies; somebody looks at what was left and takes the run up again.
    fn power_goes(&mut self, dice: Dice) {
        let past = Past::read(self.plan.clone(), &self.facts()).unwrap();
        let mut seen = BTreeMap::new();
        for (at, id) in past.in_doubt().into_iter().enumerate() {
            let found = match dice.of(4, 3 + at) {
                0 => Seen::Alive,
                1 => Seen::Outcome(Box::new(outcome(dice, false))),
                _ => Seen::Gone {
                    reason: "the power went".into(),
                    last_lines: Vec::new(),
                    story_ns: None,
                },
            };
            seen.insert(id, found);
        }
        let (run, facts) = past.wake(&seen);
        self.run = run;
        if !facts.is_empty() {
            self.records.push(facts);
        }
    }

    /// What the outline asks for.
    fn sensible(&self, dice: Dice) -> Option<Command> {
        if dice.one_in(5, 2) {
            let open = self.run.outline().open_changes;
            if let Some(change) = open.get(dice.of(open.len().max(1), 3)) {
                return Some(self.act(&Work { step: change.step.clone(), part: Part::Undo }, None));
            }
        }
        if dice.one_in(6, 9)
            && let Some(work) = self.something_done(dice)
        {
            return Some(self.act(&work, None));
        }
        Some(match self.run.outline().next {
            Next::Open | Next::Closed(_) | Next::Give { .. } => return None,
            Next::Held { .. } => {
                Command::Resume { face: "line".into(), gap_ns: None, taken_from: None }
            }
            Next::Start { work, fence_first: true, .. } => {
                self.act(&Work { part: Part::Fence, ..work }, None)
            }
            Next::Start { work, .. } | Next::Tick { work, .. } => self.act(&work, None),
            Next::Watch { id, .. } => self.world(&id, dice),
            Next::Answer { step, question } => {
                Command::Answer { step, question, answer: Answer::Unsure, why: "seen".into() }
            }
            Next::Decide { step, .. } => decide(&step, ["x", "y", "z"][dice.of(3, 3)]),
            Next::Failed { id, choices } => {
                let does = &choices[[0, 1, 1, 1, 1, 3, 6][dice.of(7, 3)]].does;
                self.after_failure(&id, does, dice)
            }
            Next::Unknown { id, .. } => self.after_unknown(&id, dice),
            Next::Clear { steps } => {
                Command::Clear { step: steps[0].clone(), how: "put away".into() }
            }
            Next::Close => Command::Close,
        })
    }

    /// A step that was done and may be worth doing again.
    fn something_done(&self, dice: Dice) -> Option<Work> {
        let done = |row: &&Row| matches!(row.state, StepState::Done(_));
        let rows = self.run.outline().rows;
        let done: Vec<&Row> = rows.iter().filter(done).collect();
        let row = done.get(dice.of(done.len().max(1), 3))?;
        Some(Work { step: row.id.clone(), part: Part::Main })
    }

    fn after_failure(&self, id: &AttemptId, does: &Does, dice: Dice) -> Command {
        let step = id.work.step.clone();
        match does {
            Does::Fix(Some(fix)) => Command::Fix { step, fix: fix.clone() },
            Does::Retry if self.run.fence_first(&id.work, false) => {
                self.act(&Work { step, part: Part::Fence }, None)
            }
            Does::Retry if self.run.against_the_rule(&id.work).is_none() => {
                self.act(&id.work, None)
            }
            Does::Retry if dice.one_in(2, 4) => self.act(&Work { step, part: Part::Probe }, None),
            Does::Retry => self.act(&id.work, Some("the author was asked")),
            Does::Check => self.settles(id, dice),
            _ => skip(&step),
        }
    }

    fn after_unknown(&self, id: &AttemptId, dice: Dice) -> Command {
        let step = id.work.step.clone();
        match dice.of(8, 3) {
            0..=2 => self.act(&Work { step, part: Part::Probe }, None),
            3 if self.run.fence_first(&id.work, false) => {
                self.act(&Work { step, part: Part::Fence }, None)
            }
            3 => self.act(&id.work, Some("it is dead, I watched")),
            _ => self.settles(id, dice),
        }
    }

    /// Settles as the probe says, if it says anything, else as the dice do.
    fn settles(&self, id: &AttemptId, dice: Dice) -> Command {
        let probe = Work { step: id.work.step.clone(), part: Part::Probe };
        let number = self.run.next_attempt(&probe) - 1;
        let probed = self.run.probed(&id.work);
        let undo = id.work.part == Part::Undo;
        let verdict = match (probed, undo) {
            (Some(Meaning::Done), false) | (Some(Meaning::NotStarted), true) => {
                Some(SettledAs::Done)
            }
            (Some(Meaning::NotStarted), false) | (Some(Meaning::Done), true) => {
                Some(SettledAs::NotStarted)
            }
            (Some(Meaning::Failed), _) => Some(SettledAs::Failed),
            (Some(Meaning::Running) | None, _) => None,
        };
        let attested = [SettledAs::Done, SettledAs::NotStarted, SettledAs::Failed][dice.of(3, 4)];
        let proof = match verdict {
            Some(_) => Proof::Verified,
            None => Proof::Attested { how: "I looked".into() },
        };
        Command::Settle {
            id: id.clone(),
            as_: verdict.unwrap_or(attested),
            proof,
            probe: probed.map(|meaning| (number, meaning)),
            captures: BTreeMap::new(),
        }
    }

    /// What the world reports of a living attempt.
    fn world(&self, id: &AttemptId, dice: Dice) -> Command {
        let intended =
            self.run.attempt(id).is_some_and(|attempt| matches!(attempt.life, Life::Intended));
        let ends = |outcome| Command::Ended {
            id: id.clone(),
            outcome: Box::new(outcome),
            recovered: false,
        };
        match (intended, dice.of(12, 3)) {
            (true, 0) => ends(ended(Ended::CouldNotStart { reason: "missing".into() })),
            (true, _) => Command::Started { id: id.clone(), keeper: process(), child: process() },
            (false, 0) => Command::Interrupt { id: id.clone() },
            (false, 1) => Command::Lost {
                id: id.clone(),
                reason: "gone".into(),
                last_lines: Vec::new(),
                story_ns: None,
            },
            (false, _) => ends(outcome(dice, id.work.part == Part::Probe)),
        }
    }

    /// Any command about any step: most of them are refused, and none may do harm.
    fn anything(&self, dice: Dice) -> Command {
        let steps = self.run.plan().steps();
        let step = steps[dice.of(steps.len(), 3)].id.clone();
        let part =
            [Part::Main, Part::Main, Part::Undo, Part::Probe, Part::Fence, Part::Question(1)]
                [dice.of(6, 4)]
            .clone();
        let work = Work { step: step.clone(), part };
        let id = AttemptId {
            attempt: self.run.next_attempt(&work) - u32::from(dice.one_in(2, 5)),
            work: work.clone(),
        };
        match dice.of(14, 6) {
            0..=2 => self.act(&work, None),
            3 => self.act(&work, Some("because")),
            4 => Command::Tick { guard: self.guard(&work), work, said: "so".into() },
            5 => skip(&step),
            6 => decide(&step, "z"),
            7 => Command::Hold { reason: "call".into() },
            8 => Command::Fix { step, fix: StepId::new("fix") },
            9 => self.settles(&id, dice),
            10 => self.world(&id, dice),
            11 => Command::Interrupt { id },
            12 if dice.one_in(8, 7) => {
                Command::Stop { as_: StopAs::HandedOver, reason: "enough".into() }
            }
            12 => Command::Close,
            _ => Command::Note { text: "n".into(), kind: "note".into(), inbox: None, from: None },
        }
    }

    /// Starts or ticks a work under the guard it needs.
    fn act(&self, work: &Work, why: Option<&str>) -> Command {
        if self.run.by_hand(work) {
            return Command::Tick {
                work: work.clone(),
                guard: self.guard(work),
                said: "so it is".into(),
            };
        }
        Command::Start {
            work: work.clone(),
            guard: self.guard(work),
            shown: "true".into(),
            digest: "d".into(),
            target: self.run.target(work),
            override_reason: why.map(ToOwned::to_owned),
            edited: None,
        }
    }

    fn guard(&self, work: &Work) -> Guard {
        match self.run.guard_needed(work) {
            None | Some(GuardNeeded::None) => Guard::None,
            Some(GuardNeeded::Armed) => Guard::Armed,
            Some(GuardNeeded::Typed { target }) => Guard::Typed { text: target },
            Some(GuardNeeded::Witnessed { target }) => {
                Guard::Witnessed { text: target, reason: "now".into(), witness: "lena".into() }
            }
        }
    }
}

fn decide(step: &StepId, outcome: &str) -> Command {
    Command::Decide { step: step.clone(), outcome: outcome.into(), why: "so".into() }
}

fn skip(step: &StepId) -> Command {
    Command::Skip { step: step.clone(), reason: "not today".into(), captures: BTreeMap::new() }
}

/// How a command ends in this world: well, more often than not.
fn outcome(dice: Dice, probe: bool) -> Outcome {
    let answered = probe.then(|| dice.of(4, 8));
    let judged = |code, result| Outcome {
        answered,
        verdicts: vec![Verdict { expected: "exit 0".into(), got: String::new(), result }],
        ..ended(Ended::Exit { code })
    };
    match dice.of(10, 7) {
        0..=2 => judged(1, Judged::Failed),
        3 => ended(Ended::Timeout),
        4 => ended(
            [Ended::Interrupted, Ended::Signal { signal: 9 }, Ended::NeverReleased][dice.of(3, 8)]
                .clone(),
        ),
        5 => judged(0, Judged::CannotJudge),
        _ => judged(0, Judged::Passed),
    }
}

fn ended(ended: Ended) -> Outcome {
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

fn process() -> Process {
    Process { pid: 1, group: 1, started: 1, boot: "b".into() }
}

fn record_zero() -> Opened {
    Opened {
        format: 1,
        program: "rutter test".into(),
        run: "test".into(),
        mode: Mode::Live,
        runbook: "s/r".into(),
        title: "R".into(),
        version: "1".into(),
        origin: "test".into(),
        digest: String::new(),
        pinned: Vec::new(),
        environment: "PROD".into(),
        operator: "mara".into(),
        host: "h".into(),
        incident: None,
        incident_start: None,
        params: BTreeMap::new(),
        secrets: BTreeMap::new(),
        builtins: BTreeMap::new(),
        inherited: Vec::new(),
        face: "test".into(),
        continues: None,
        taken_over: Vec::new(),
        scenario: None,
    }
}

/// Randomness of one step of a walk: independent numbers out of one, so that proptest can shrink it.
#[derive(Clone, Copy)]
struct Dice(u32);

impl Dice {
    fn of(self, sides: usize, throw: usize) -> usize {
        let mut mixed = u64::from(self.0) ^ (throw as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed >> 33) % sides as u64).unwrap()
    }

    fn one_in(self, sides: usize, throw: usize) -> bool {
        self.of(sides, throw) == 0
    }
}
