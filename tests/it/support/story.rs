//! A run as it could have been, told in the engine's own events, the same each time to the byte.

use rutter::engine::event::{
    AttemptId, ClosedAs, Event, Given, Guard, Mode, Opened, Part, Pinned, Proof, SettledAs, Source,
    Work,
};
use rutter::journal::digest_file;
use rutter::journal::file::Writer;
use rutter::journal::identity::Identity;
use rutter::journal::stamp::Stamp;
use rutter::outcome::{Captured, Ended, Judged, Outcome, Process, SpoolSummary, Survivor, Verdict};
use rutter::runbook::model::{Answer, Hazard, Meaning, StepId};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The name of the run that is told.
pub const RUN: &str = "20261121T025512Z-database-corruption-7F3K";

/// Tells a run into its journal.
pub struct Teller<'a> {
    folder: &'a Path,
    writer: &'a mut Writer,
    by: Identity,
    seconds: i64,
    pid: i32,
    /// The record of the last intention: it names the output.
    intended: u64,
}

/// How a told command ends.
pub struct Told<'a> {
    step: &'a str,
    part: Part,
    attempt: u32,
    hazard: Hazard,
    shown: &'a str,
    output: &'a str,
}

impl<'a> Told<'a> {
    pub fn read(step: &'a str, shown: &'a str, output: &'a str) -> Self {
        Self { step, part: Part::Main, attempt: 1, hazard: Hazard::Read, shown, output }
    }

    pub fn change(step: &'a str, shown: &'a str, output: &'a str) -> Self {
        Self { hazard: Hazard::Change, ..Self::read(step, shown, output) }
    }

    fn of(self, part: Part) -> Self {
        Self { part, ..self }
    }

    fn again(self, attempt: u32) -> Self {
        Self { attempt, ..self }
    }

    fn id(&self) -> AttemptId {
        let work = Work { step: StepId::new(self.step), part: self.part.clone() };
        AttemptId { work, attempt: self.attempt }
    }
}

impl<'a> Teller<'a> {
    pub fn new(folder: &'a Path, writer: &'a mut Writer) -> Self {
        Self { folder, writer, by: mara(), seconds: 0, pid: 4700, intended: 0 }
    }

    /// Records events, so many seconds after those before.
    pub fn say(&mut self, later: i64, events: &[Event]) {
        self.seconds += later;
        let at =
            chrono::DateTime::from_timestamp(1_795_229_712 + self.seconds, 412_000_000).unwrap();
        let mono_ns = u64::try_from(81_234 + self.seconds).unwrap() * 1_000_000_000;
        let stamp = Stamp { at, mono_ns, boot: "9f1c2c58-1d0e-4a57-9d5e-0b1a6f0c7e11".into() };
        self.writer.append(&stamp, &self.by, events).unwrap();
    }

    /// Records a command from its intention to its start.
    pub fn start(&mut self, told: &Told) {
        let (typed, target) = match told.hazard {
            Hazard::Read => (Guard::None, None),
            _ => (Guard::Armed, Some("db-orders-r0".to_owned())),
        };
        let intended = Event::AttemptIntended {
            id: told.id(),
            hazard: told.hazard,
            target,
            shown: told.shown.into(),
            digest: "5e".repeat(32),
            guard: typed,
            override_reason: None,
            edited: None,
        };
        self.say(3, &[intended]);
        self.intended = self.writer.head().map_or(0, |head| head.seq);
        self.pid += 2;
        let (keeper, child) = (process(self.pid), process(self.pid + 1));
        self.say(0, &[Event::AttemptStarted { id: told.id(), keeper, child }]);
    }

    /// Records how a command ended, with its output beside the journal.
    pub fn end(&mut self, told: &Told, ended: Ended, took: i64, and: impl FnOnce(&mut Outcome)) {
        let passed = ended == Ended::Exit { code: 0 };
        let mut outcome = Outcome {
            took_ns: u64::try_from(took).unwrap() * 1_000_000_000,
            story_ns: None,
            verdicts: vec![Verdict {
                expected: "exit 0".into(),
                got: if passed { "exit 0" } else { "exit 1" }.into(),
                result: if passed { Judged::Passed } else { Judged::Failed },
            }],
            captures: BTreeMap::new(),
            failures: Vec::new(),
            answered: None,
            spool: self.spool(told),
            survivors: Vec::new(),
            last_lines: told.output.lines().rev().take(5).map(Into::into).collect(),
            notes: Vec::new(),
            ended,
        };
        and(&mut outcome);
        let outcome = Box::new(outcome);
        self.say(took, &[Event::AttemptEnded { id: told.id(), outcome, recovered: false }]);
    }

    /// Records a command that did what it should.
    pub fn run(&mut self, told: &Told) {
        self.start(told);
        self.end(told, Ended::Exit { code: 0 }, 2, |_| {});
    }

    fn spool(&self, told: &Told) -> SpoolSummary {
        let file = format!("{:04}-{}.spool", self.intended, told.id().slug());
        let mut frame = b"RSP1\n".to_vec();
        frame.extend_from_slice(&u32::try_from(told.output.len()).unwrap().to_le_bytes());
        frame.push(1);
        frame.extend_from_slice(&1_000_000_u64.to_le_bytes());
        frame.extend_from_slice(told.output.as_bytes());
        let path = self.folder.join("output").join(&file);
        fs::write(&path, frame).unwrap();
        let (size, sha256) = digest_file(&path).unwrap();
        let stdout_bytes = told.output.len() as u64;
        SpoolSummary { file, size, sha256, stdout_bytes, stderr_bytes: 0, truncated: false }
    }

    /// Opens the run, its runbook pinned beside the journal.
    pub fn open(&mut self) {
        let path = self.folder.join("runbook/runbook.yaml");
        fs::write(&path, RUNBOOK).unwrap();
        let (size, sha256) = digest_file(&path).unwrap();
        let given = |value: &str, source| Given { value: value.into(), source };
        let opened = Opened {
            format: 1,
            program: "rutter 0.1.0".into(),
            run: self.writer.run().into(),
            mode: Mode::Live,
            runbook: "heritage-hub/database-corruption".into(),
            title: "Database corruption".into(),
            version: "1.0".into(),
            origin: "built in".into(),
            digest: "d1".repeat(32),
            pinned: vec![Pinned { path: "runbook.yaml".into(), size, sha256 }],
            environment: "PROD".into(),
            operator: "mara".into(),
            host: "bastion-1".into(),
            incident: Some("INC-42".into()),
            incident_start: Some("2026-11-21T02:37:00Z".into()),
            params: BTreeMap::from([
                ("server".into(), given("db-orders", Source::Flag)),
                ("subscription".into(), given("hh-prod", Source::Environment)),
            ]),
            secrets: BTreeMap::from([("admin_password".into(), "command".into())]),
            builtins: BTreeMap::from([("run.stamp".into(), "20261121025512".into())]),
            inherited: ["HOME", "LANG", "PATH", "TERM"].map(Into::into).to_vec(),
            face: "line".into(),
            continues: None,
            taken_over: Vec::new(),
            scenario: None,
        };
        self.say(0, &[Event::RunOpened(Box::new(opened))]);
    }
}

/// Tells a run in which everything happens that can happen.
pub fn everything(folder: &Path, writer: &mut Writer) {
    let mut t = Teller::new(folder, writer);
    t.open();
    prepares(&mut t);
    loses_sight_of_the_restore(&mut t);
    decides_against_the_ladder(&mut t);
    fails_and_tries_again(&mut t);
    ends(&mut t);
}

fn prepares(t: &mut Teller) {
    let id = StepId::new;
    t.run(&Told::read("needs/tool-az", "az version --output json", "2.61.0\n"));
    t.say(9, &[tick("needs/say-1", "I am about to work on PROD, server db-orders.", Guard::None)]);
    let stop =
        Told::change("stop-writes", "az containerapp update --name shop --min-replicas 0", "ok\n");
    t.run(&stop);
    t.say(
        0,
        &[Event::Raised {
            step: id("stop-writes"),
            note: "Writers are stopped; the shop shows its maintenance page.".into(),
            owner: Some("mara".into()),
        }],
    );
    t.say(
        31,
        &[note(
            "Support says orders since 02:31Z look wrong. <b>See</b> *thread*\u{202e}\x1b[31m | x",
            None,
        )],
    );
    let given = Given { value: "2026-11-21T02:30:00Z".into(), source: Source::Operator };
    let values = BTreeMap::from([("restore_point".to_owned(), given)]);
    t.say(40, &[Event::ValuesGiven { step: id("restore"), values }]);
}

/// The restore is lost from sight, the journal was torn, and the run is resumed.
fn loses_sight_of_the_restore(t: &mut Teller) {
    let restore = Told::change(
        "restore",
        "az postgres flexible-server restore --name db-orders-r0",
        "\x1b]52;c;aGk=\x07Provisioning\n",
    );
    t.start(&restore);
    t.say(225, &[Event::Left { face: "line".into(), why: "hang-up".into() }]);
    let lost = Event::AttemptLost {
        id: restore.id(),
        reason: "the keeper is gone and left no outcome: the machine was restarted".into(),
        last_lines: vec!["Provisioning".into()],
        story_ns: None,
    };
    let resumed =
        Event::Resumed { face: "line".into(), gap_ns: Some(440_000_000_000), taken_from: None };
    let torn = Event::TailSetAside {
        offset: 9_120,
        length: 77,
        sha256: "7a".repeat(32),
        file: "9120.bin".into(),
    };
    t.say(440, &[torn, resumed, lost]);
    t.say(1, &[Event::ClockJumped { wall_ns: 443_000_000_000, boot_ns: 440_000_000_000 }]);
    let probe =
        Told::read("restore", "az postgres flexible-server show --name db-orders-r0", "Ready\n");
    let probe = probe.of(Part::Probe);
    t.start(&probe);
    t.end(&probe, Ended::Exit { code: 0 }, 4, |o| o.answered = Some(0));
    let captures = BTreeMap::from([("new_host".into(), "db-orders-r0.example.net".into())]);
    let probe = Some((1, Meaning::Done));
    let (as_, proof) = (SettledAs::Done, Proof::Verified);
    t.say(5, &[Event::AttemptSettled { id: restore.id(), as_, proof, probe, captures }]);
}

/// The ladder, against its own suggestion.
fn decides_against_the_ladder(t: &mut Teller) {
    let id = StepId::new;
    let check = Told::read("choose", "psql -Atc 'select count(*) from invoice_line'", "412\n");
    t.run(&check.of(Part::Question(1)));
    let answered = |question, answer, why: &str| Event::Answered {
        step: id("choose"),
        attempt: 1,
        question,
        answer,
        suggested: Some(Answer::Yes),
        why: why.into(),
    };
    t.say(20, &[answered(1, Answer::No, "3 tables, from 1.2")]);
    let decided = Event::Decided {
        step: id("choose"),
        attempt: 1,
        outcome: "cutover".into(),
        why: "449 rows refer to the damaged tables".into(),
        deviation: true,
    };
    let not_taken =
        Event::NotApplicable { step: id("copy-tables"), reason: "choose is cutover".into() };
    t.say(44, &[answered(2, Answer::Yes, "449 rows refer"), decided, not_taken]);
}

/// A failure, its fix, and a second attempt.
fn fails_and_tries_again(t: &mut Teller) {
    let id = StepId::new;
    let cutover = Told::change(
        "cutover",
        "az containerapp secret set --secrets db=‹secret:admin_password›",
        "password authentication failed for user `orders`\n",
    );
    t.start(&cutover);
    t.end(&cutover, Ended::Exit { code: 1 }, 12, |o| o.failures = vec![0]);
    t.say(9, &[Event::FixChosen { step: id("cutover"), fix: id("reset-password") }]);
    t.run(&Told::change("reset-password", "psql --file reset.sql", "ALTER ROLE\n"));
    let again = cutover.again(2);
    t.start(&again);
    t.end(&again, Ended::Exit { code: 0 }, 33, |o| {
        let value = Captured::Value("shop--r2".into());
        o.captures.insert("revision".into(), value);
        o.survivors =
            vec![Survivor { process: process(4999), command: "ssh -N tunnel".into(), stays: true }];
    });
}

/// An interrupted command, settled by word; a way back; another operator; the rest.
fn ends(t: &mut Teller) {
    let id = StepId::new;
    let vacuum = Told::change("analyze", "psql -c 'VACUUM ANALYZE'", "");
    t.start(&vacuum);
    t.say(60, &[Event::StopRequested { id: vacuum.id() }]);
    t.end(&vacuum, Ended::Interrupted, 2, |o| o.verdicts.clear());
    let proof = Proof::Attested { how: "pg_stat_progress_vacuum is empty".into() };
    let (as_, captures) = (SettledAs::NotStarted, BTreeMap::new());
    t.say(30, &[Event::AttemptSettled { id: vacuum.id(), as_, proof, probe: None, captures }]);
    t.run(
        &Told::change("stop-writes", "az containerapp update --name shop --min-replicas 2", "ok\n")
            .of(Part::Undo),
    );
    t.say(4, &[Event::Cleared { step: id("stop-writes"), how: "the shop takes orders".into() }]);
    t.say(
        2,
        &[Event::Skipped {
            step: id("analyze"),
            reason: "tonight's job does it".into(),
            captures: BTreeMap::new(),
        }],
    );
    t.say(7, &[Event::StepsReopened { steps: vec![id("prove")], because: id("choose") }]);
    t.say(1, &[Event::Held { reason: "waiting for the owner of orders".into() }]);
    t.by = lena();
    let taken_from =
        Some(BTreeMap::from([("login".into(), "mara".into()), ("tty".into(), "pts/3".into())]));
    t.say(
        300,
        &[Event::Resumed { face: "line".into(), gap_ns: Some(299_000_000_000), taken_from }],
    );
    let from = BTreeMap::from([("login".to_owned(), "tomas".to_owned())]);
    t.say(2, &[note("orders owner agrees", Some(from))]);
    let typed = Guard::Typed { text: "db-orders".into() };
    t.say(50, &[tick("tell", "The owner of orders was told.", typed)]);
    t.run(&Told::read("prove", "psql -Atc 'select count(*) from orders'", "104233\n"));
    let closed = Event::RunClosed {
        as_: ClosedAs::Done,
        reason: "the shop takes orders on the copy".into(),
        open_changes: vec![id("restore"), id("cutover")],
        continued_in: None,
    };
    t.say(12, &[closed]);
}

/// Tells a run of so many records, as long as a bad night.
pub fn long(folder: &Path, writer: &mut Writer, records: u64) {
    let mut t = Teller::new(folder, writer);
    t.open();
    let output = "orders      104233  ok\nshipments    99871  ok\naudit_log   311042  ok\n";
    while t.writer.head().is_some_and(|head| head.seq + 5 < records) {
        let n = t.writer.head().map_or(0, |head| head.seq);
        let step = format!("step-{n}");
        let shown = format!("psql --no-psqlrc --dbname orders --command 'select {n}'");
        let told = if n.is_multiple_of(3) {
            Told::change(&step, &shown, output)
        } else {
            Told::read(&step, &shown, output)
        };
        t.run(&told);
        t.say(2, &[note(&format!("“{n}” — \\ \"quoted\"\n\tand a second line 🦀"), None)]);
    }
    while t.writer.head().is_some_and(|head| head.seq + 1 < records) {
        t.say(1, &[note("the end", None)]);
    }
}

fn tick(step: &str, said: &str, guard: Guard) -> Event {
    let work = Work { step: StepId::new(step), part: Part::Main };
    Event::Ticked {
        id: AttemptId { work, attempt: 1 },
        hazard: Hazard::Read,
        target: None,
        guard,
        said: said.into(),
    }
}

fn note(text: &str, from: Option<BTreeMap<String, String>>) -> Event {
    let inbox = from.as_ref().map(|_| "b0".repeat(16));
    Event::Noted { text: text.into(), kind: "note".into(), inbox, from }
}

fn process(pid: i32) -> Process {
    let boot = "9f1c2c58-1d0e-4a57-9d5e-0b1a6f0c7e11".into();
    Process { pid, group: pid, started: 811_234, boot }
}

fn mara() -> Identity {
    Identity {
        uid: 1000,
        login: Some("mara".into()),
        claimed: Some("Mara R.".into()),
        loginuid: Some(1000),
        tty: Some("pts/3".into()),
        ssh: Some("10.0.0.7".into()),
        host: "bastion-1".into(),
        ..Identity::default()
    }
}

fn lena() -> Identity {
    Identity {
        uid: 1001,
        login: Some("lena".into()),
        claimed: None,
        tty: Some("pts/4".into()),
        ..mara()
    }
}

const RUNBOOK: &str = "\
format: 1
name: database-corruption
title: Database corruption
";
