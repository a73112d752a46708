//! `journal verify` says what was proved and what was not, about every way a journal can be wrong.

use rutter::journal::anchor::{Anchor, Anchors};
use rutter::journal::file::{self, Writer};
use rutter::journal::identity::Identity;
use rutter::journal::record::Head;
use rutter::journal::shelf::Shelf;
use rutter::journal::stamp::Stamp;
use rutter::journal::verify::{Claimed, Claims, Target, Unreadable, Verdict, verify};
use rutter::journal::{code, digest_file};
use std::fs;
use std::path::PathBuf;

const RUN: &str = "20261121T025512Z-restore-7F3K";

struct Bench {
    data: tempfile::TempDir,
    folder: PathBuf,
    writer: Writer,
}

impl Bench {
    fn new(records: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (run, writer) = Shelf::new(data.path()).begin(RUN).unwrap();
        let mut bench = Self { data, folder: run.path, writer };
        for n in 0..records {
            bench.append(&n.to_string());
        }
        bench
    }

    fn append(&mut self, event: &str) {
        self.writer.append(&Stamp::now(), &Identity::default(), &[event]).unwrap();
    }

    fn anchors(&self) -> Anchors {
        Anchors::new(self.data.path())
    }

    fn anchor(&self) {
        let Head { seq, h } = self.writer.head().unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let anchor = Anchor { run: RUN.into(), seq, h, at, what: "test".into() };
        self.anchors().append(&anchor).unwrap();
    }

    fn verify(&self, expect: Option<&str>, claims: Claims) -> Verdict {
        let target = Target::run(&self.folder);
        verify::<String>(&target, &self.anchors(), expect, |_| claims).unwrap()
    }

    fn says(&self, closed: bool) -> (String, u8) {
        let verdict = self.verify(None, Claims { closed, ..Claims::default() });
        (verdict.sentence(), verdict.exit())
    }

    fn claim(&self, path: &str) -> Claimed {
        let (size, sha256) = digest_file(&self.folder.join(path)).unwrap();
        Claimed { path: path.split_once('/').unwrap().1.into(), size, sha256 }
    }

    fn put(&self, path: &str, text: &str) {
        fs::write(self.folder.join(path), text).unwrap();
    }
}

fn says(sentence: &str, exit: u8) -> (String, u8) {
    (sentence.to_owned(), exit)
}

#[test]
fn a_closed_journal_anchored_to_its_end_is_proved() {
    let bench = Bench::new(3);
    bench.anchor();
    assert_eq!(bench.says(true), says("chain ok 3/3 · closed · anchored to 3 (local)", 0));
}

#[test]
fn what_is_not_proved_is_never_a_bare_ok() {
    let mut bench = Bench::new(3);
    assert_eq!(bench.says(true), says("chain ok 3/3 · closed · UNANCHORED 3", 6));
    bench.anchor();
    assert_eq!(bench.says(false), says("chain ok 3/3 · open · anchored to 3 (local)", 6));
    bench.append("more");
    assert_eq!(
        bench.says(true),
        says("chain ok 4/4 · closed · anchored to 3 (local) · UNANCHORED 1", 6)
    );
}

#[test]
fn an_empty_journal_proves_nothing() {
    let bench = Bench::new(0);
    assert_eq!(bench.says(false), says("chain ok 0/0 · open", 6));
}

#[test]
fn a_lost_anchor_file_is_said() {
    let bench = Bench::new(1);
    bench.anchor();
    fs::remove_file(bench.anchors().path()).unwrap();
    let verdict = bench.verify(None, Claims { closed: true, ..Claims::default() });
    assert_eq!(verdict.exit(), 6);
    assert_eq!(verdict.details(), ["there is no anchor file on this machine"]);
}

#[test]
fn a_cut_at_a_record_contradicts_the_anchor() {
    let bench = Bench::new(3);
    bench.anchor();
    let text = fs::read_to_string(bench.folder.join(file::NAME)).unwrap();
    let first: String = text.lines().take(1).flat_map(|line| [line, "\n"]).collect();
    bench.put(file::NAME, &first);
    assert_eq!(
        bench.says(false),
        says("chain ok 1/1 · open · CONTRADICTS ANCHOR 3 · UNANCHORED 1", 7)
    );
}

#[test]
fn a_pasted_code_anchors_and_contradicts() {
    let mut bench = Bench::new(2);
    let code = code::of(&bench.writer.head().unwrap().h);
    let closed = || Claims { closed: true, ..Claims::default() };
    bench.append("last");
    let verdict = bench.verify(Some(&code.to_uppercase()), closed());
    assert_eq!(verdict.sentence(), "chain ok 3/3 · closed · anchored to 2 (code) · UNANCHORED 1");
    bench.anchor();
    let code = code::of(&bench.writer.head().unwrap().h);
    let verdict = bench.verify(Some(&code), closed());
    assert_eq!(verdict.sentence(), "chain ok 3/3 · closed · anchored to 3 (local, code)");
    assert_eq!(verdict.exit(), 0);

    let other = Bench::new(2);
    let verdict = other.verify(Some(&code), closed());
    assert_eq!(verdict.exit(), 7);
    assert!(verdict.sentence().contains("CODE NOT FOUND"));
    let target = Target::run(&other.folder);
    let wrong = verify::<String>(&target, &other.anchors(), Some("7f3a"), |_| closed());
    assert!(matches!(wrong, Err(Unreadable::Code(_))));
}

#[test]
fn damage_and_torn_tails_are_named() {
    let bench = Bench::new(3);
    let text = fs::read_to_string(bench.folder.join(file::NAME)).unwrap();
    bench.put(file::NAME, &text.replace("[\"1\"]", "[\"7\"]"));
    let verdict = bench.verify(None, Claims::default());
    assert_eq!(verdict.sentence(), "chain BROKEN at record 1, 1/3 · open · UNANCHORED 1");
    assert!(verdict.details()[0].starts_with("record 1 (line 2, byte "), "{:?}", verdict.details());
    bench.put(file::NAME, &format!("{text}{{\"v\""));
    let verdict = bench.verify(None, Claims::default());
    assert_eq!(verdict.sentence(), "chain TORN 3/3 · open · UNANCHORED 3");
    assert_eq!(verdict.exit(), 7);
}

#[test]
fn the_files_beside_it_are_compared_with_their_digests() {
    let bench = Bench::new(1);
    bench.anchor();
    bench.put("runbook/runbook.yaml", "format: 1\n");
    bench.put("output/2-look.spool", "RSP1\n");
    let claims = || Claims {
        closed: true,
        mode: None,
        pinned: vec![bench.claim("runbook/runbook.yaml")],
        outputs: vec![bench.claim("output/2-look.spool")],
        unsealed: vec!["3-lost.spool".into()],
    };
    let (good, before) = (bench.verify(None, claims()), claims());
    assert_eq!((good.exit(), good.details()), (0, vec![]));

    bench.put("output/3-lost.spool", "RSP1\n");
    let unsealed = bench.verify(None, claims());
    assert_eq!(unsealed.exit(), 0);
    assert_eq!(
        unsealed.details(),
        ["output/3-lost.spool has no digest: no end is recorded for it"]
    );

    bench.put("output/4-planted.spool", "RSP1\n");
    bench.put("output/2-look.spool", "RSP2\n");
    fs::remove_file(bench.folder.join("runbook/runbook.yaml")).unwrap();
    let verdict = bench.verify(None, before.clone());
    assert_eq!(verdict.exit(), 7);
    assert!(verdict.sentence().ends_with("3 FILES DIFFER"), "{}", verdict.sentence());
    let open = bench.verify(None, Claims { closed: false, ..before });
    assert_eq!(open.faults.len(), 2, "an output not recorded yet is no fault of an open run");
}

#[test]
fn a_lone_copy_says_what_was_not_checked() {
    let bench = Bench::new(2);
    bench.anchor();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("evidence.jsonl");
    fs::copy(bench.folder.join(file::NAME), &copy).unwrap();
    let claims = Claims { closed: true, ..Claims::default() };
    let verdict =
        verify::<String>(&Target::copy(&copy), &bench.anchors(), None, |_| claims).unwrap();
    assert_eq!(verdict.exit(), 0);
    assert_eq!(verdict.details(), ["runbook and outputs are not beside it and were not checked"]);
}

#[test]
fn a_live_journal_never_raises_a_false_alarm() {
    let mut bench = Bench::new(1);
    bench.anchor();
    let (target, anchors) = (Target::run(&bench.folder), bench.anchors());
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|s| {
        s.spawn(|| {
            for n in 0..200 {
                bench.append(&"x".repeat(n * 40));
                bench.anchor();
            }
            done.store(true, std::sync::atomic::Ordering::Release);
        });
        let mut looks = 0;
        while !done.load(std::sync::atomic::Ordering::Acquire) || looks < 3 {
            let verdict = verify::<String>(&target, &anchors, None, |_| Claims::default()).unwrap();
            assert_eq!(verdict.exit(), 6, "{} {:?}", verdict.sentence(), verdict.details());
            looks += 1;
        }
    });
}
