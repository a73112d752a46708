//! A journal damaged in every way there is: exactly the records before the damage hold, the first bad one is named, and
//! a verifier in another language, which shares no code with ours, says the same of every single case.

use crate::support::damage::{self, Case, Dice, Sample, try_all};
use crate::support::story;
use rutter::journal::anchor::{Anchor, Anchors};
use rutter::journal::error::OpenError;
use rutter::journal::file::{self, Reopened, Writer};
use rutter::journal::identity::Identity;
use rutter::journal::record::Hash;
use rutter::journal::shelf::Shelf;
use rutter::journal::stamp::Stamp;
use std::fs;
use std::path::{Path, PathBuf};

const RUN: &str = "20261121T025512Z-restore-7F3K";
const RECORDS: usize = 20;

/// A run of twenty records on its shelf, anchored where it ends.
struct Bench {
    data: tempfile::TempDir,
    folder: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let data = damage::quick_folder();
        let (run, mut writer) = Shelf::new(data.path()).begin(RUN).unwrap();
        let by = Identity { uid: 1000, host: "h".into(), ..Identity::default() };
        for n in 0..RECORDS {
            let at = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap();
            let stamp = Stamp { at, mono_ns: n as u64, boot: "b".into() };
            writer.append(&stamp, &by, &[format!("{{\"ü\":{n}}}\n")]).unwrap();
        }
        let head = writer.confirm().unwrap().unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let anchor = Anchor { run: RUN.into(), seq: head.seq, h: head.h, at, what: "close".into() };
        Anchors::new(data.path()).append(&anchor).unwrap();
        Self { data, folder: run.path }
    }

    fn sample(&self) -> Sample {
        Sample::of(&self.folder)
    }

    fn anchors(&self) -> PathBuf {
        Anchors::new(self.data.path()).path()
    }

    fn try_all(&self, sample: &Sample, cases: impl Iterator<Item = Case>) -> usize {
        try_all(sample, Some(&self.anchors()), cases)
    }
}

#[test]
fn cut_at_every_byte_exactly_the_whole_records_remain() {
    let bench = Bench::new();
    let sample = bench.sample();
    let whole = bench.try_all(&sample, std::iter::once(sample.cut(sample.bytes.len())));
    let cuts = bench.try_all(&sample, (0..sample.bytes.len()).map(|at| sample.cut(at)));
    assert_eq!((whole, cuts), (1, sample.bytes.len()));
}

#[test]
fn opened_after_a_cut_at_every_byte_the_tail_is_set_aside_once_and_the_run_goes_on() {
    let bench = Bench::new();
    let sample = bench.sample();
    let (journal, torn) = (bench.folder.join(file::NAME), bench.folder.join("torn"));
    for at in 0..=sample.bytes.len() {
        fs::write(&journal, &sample.bytes[..at]).unwrap();
        let whole = sample.cut(at).count;
        let end = sample.ends[whole];
        let tail = &sample.bytes[end..at];
        for opening in ["first", "second"] {
            let opened = open(&bench.folder);
            assert_eq!(opened.records.len(), whole, "cut at {at}, {opening} opening");
            let kept: Vec<_> = opened.torn.iter().map(|t| (t.offset, t.len)).collect();
            let expected =
                if tail.is_empty() { vec![] } else { vec![(end as u64, tail.len() as u64)] };
            assert_eq!(kept, expected, "cut at {at}, {opening} opening");
            assert_eq!(fs::metadata(&journal).unwrap().len(), end as u64);
        }
        if !tail.is_empty() {
            assert_eq!(fs::read(torn.join(format!("{end}.bin"))).unwrap(), tail);
            fs::remove_dir_all(&torn).unwrap();
        }
    }
}

/// Opens the journal for writing. Its lock may outlive a writer for a moment, in a process that another test is just
/// starting: between fork and exec that has a copy of every descriptor.
fn open(folder: &Path) -> Reopened<String> {
    loop {
        match Writer::open(folder) {
            Err(OpenError::Held { .. }) => std::thread::yield_now(),
            opened => return opened.unwrap(),
        }
    }
}

#[test]
fn every_flipped_bit_is_found_in_its_record() {
    let bench = Bench::new();
    let sample = bench.sample();
    let bits = sample.bytes.len() * 8;
    assert_eq!(bench.try_all(&sample, (0..bits).map(|bit| sample.flipped(bit))), bits);
}

#[test]
fn a_cut_between_records_holds_in_itself_and_contradicts_the_anchor() {
    let bench = Bench::new();
    let sample = bench.sample();
    let cuts = || sample.ends[..RECORDS].iter().map(|end| sample.cut(*end));
    assert!(cuts().all(|case| case.end == "OK"));
    assert_eq!(try_all(&sample, None, cuts()), RECORDS);
    assert_eq!(bench.try_all(&sample, cuts()), RECORDS);
    let known = Anchors::new(bench.data.path()).read().unwrap();
    for case in cuts() {
        let opinion = damage::ours(&case.bytes, RUN, &known);
        assert!(opinion.ends_with(" CONTRADICTED"), "{}: {opinion}", case.name);
    }
    // And as an auditor would call it, on files.
    let copy = bench.data.path().join("copy.jsonl");
    fs::write(&copy, &sample.bytes[..sample.ends[7]]).unwrap();
    let (alone, anchored) = (None, bench.anchors());
    if let Some(opinion) = damage::python_says(&copy, alone) {
        assert!(opinion.starts_with("OK 7 "), "{opinion}");
    }
    if let Some(opinion) = damage::python_says(&copy, Some(&anchored)) {
        assert!(opinion.ends_with(" CONTRADICTED"), "{opinion}");
    }
}

#[test]
fn records_deleted_swapped_or_repeated_in_any_pair_are_found() {
    let bench = Bench::new();
    let sample = bench.sample();
    let order: Vec<usize> = (0..RECORDS).collect();
    let mut cases = Vec::new();
    for a in 0..RECORDS {
        for b in a + 1..RECORDS {
            let without: Vec<_> = order.iter().copied().filter(|n| ![a, b].contains(n)).collect();
            cases.push(sample.shuffled(format!("{a} and {b} deleted"), &without));
            let mut swapped = order.clone();
            swapped.swap(a, b);
            cases.push(sample.shuffled(format!("{a} and {b} swapped"), &swapped));
            let mut again = order.clone();
            again.insert(b, a);
            cases.push(sample.shuffled(format!("{a} again before {b}"), &again));
        }
    }
    let count = cases.len();
    assert_eq!(bench.try_all(&sample, cases.into_iter()), count);
}

#[test]
fn a_byte_put_in_or_taken_out_anywhere_is_found() {
    let bench = Bench::new();
    let sample = bench.sample();
    let mut dice = Dice(7);
    let inserted = (0..=sample.bytes.len()).map(|at| {
        let there = sample.bytes.get(at).copied().unwrap_or(b'\n');
        sample.inserted(at, dice.byte_unlike(there))
    });
    bench.try_all(&sample, inserted);
    // Of a run of equal bytes any may go: the journal is the same. The first stands for all.
    let differs = |at: &usize| *at == 0 || sample.bytes[at - 1] != sample.bytes[*at];
    bench.try_all(&sample, (0..sample.bytes.len()).filter(differs).map(|at| sample.removed(at)));
}

#[test]
fn tails_of_zeros_and_of_garbage_are_set_aside_as_torn() {
    let bench = Bench::new();
    let sample = bench.sample();
    let mut dice = Dice(11);
    let cases: Vec<Case> = (0..=sample.bytes.len())
        .step_by(7)
        .map(|at| sample.filled(at, &dice.filling()))
        .filter(|case| !case.bytes.ends_with(b"\n"))
        .collect();
    assert!(cases.iter().all(|case| case.end == "TORN"));
    let count = cases.len();
    assert_eq!(bench.try_all(&sample, cases.into_iter()), count);
}

#[test]
fn a_forged_record_that_parsers_read_differently_is_refused_by_both_readers() {
    let bench = Bench::new();
    let sample = bench.sample();
    let last = String::from_utf8(sample.line(RECORDS - 1).to_vec()).unwrap();
    let long = format!("\"boot\":\"{}\"", "b".repeat(70_000));
    let deep = format!("\"boot\":\"b\",\"x\":{}1{}", "[".repeat(20), "]".repeat(20));
    let nest = format!("\"boot\":\"b\",\"x\":{}1{}", "[".repeat(15), "]".repeat(15));
    let refused = [
        "\"boot\":\"b\",\"boot\":\"c\"",
        "\"boot\":\"b\",\"\\u0062oot\":\"c\"",
        "\"boot\":\"\\ud800\"",
        "\"boot\":\"b\",\"x\":1.0",
        "\"boot\":\"b\",\"x\":1e2",
        "\"boot\":\"b\",\"x\":-0",
        "\"boot\":\"b\",\"x\":18446744073709551616",
        "\"boot\":\"b\",\"x\":NaN",
        "\"boot\":\"b\",\"x\":01",
        "\"boot\":\"b\",\"seq\":19",
        "\"boot\":7",
        "\"boot\":null",
        "\"b\":\"b\"",
        &long,
        &deep,
    ];
    let accepted = ["\"boot\":\"c\"", "\"boot\":\"b\",\"x\":18446744073709551615", &nest];
    let forge = |with: &str, end| {
        let body = last.replace("\"boot\":\"b\"", with);
        assert_ne!(body, last, "{with}");
        let bytes = [&sample.bytes[..sample.ends[RECORDS - 1]], &resealed(&body)].concat();
        let count = if end == "OK" { RECORDS } else { RECORDS - 1 };
        Case { name: with.chars().take(40).collect(), bytes, count, end }
    };
    let cases = refused.iter().map(|with| forge(with, "BAD"));
    let cases: Vec<Case> = cases.chain(accepted.iter().map(|with| forge(with, "OK"))).collect();
    assert_eq!(try_all(&sample, None, cases.into_iter()), 18);
}

/// Seals a changed line again, as somebody who owns the file and knows the recipe can.
fn resealed(line: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let body = &line[..line.rfind(",\"h\":\"").unwrap()];
    let prev = body.split("\"prev\":\"").nth(1).unwrap().get(..64).unwrap();
    let prev: Vec<u8> =
        (0..32).map(|n| u8::from_str_radix(&prev[n * 2..n * 2 + 2], 16).unwrap()).collect();
    let mut hash = Sha256::new();
    hash.update(b"rutter.journal.v1\n");
    hash.update(prev);
    hash.update((body.len() as u64).to_be_bytes());
    hash.update(body);
    let h = Hash(hash.finalize().into());
    format!("{body},\"h\":\"{h}\"}}\n").into_bytes()
}

#[test]
fn a_long_run_of_real_events_is_damaged_at_two_thousand_places() {
    let data = damage::quick_folder();
    let (run, mut writer) = Shelf::new(data.path()).begin(RUN).unwrap();
    story::long(&run.path, &mut writer, 200);
    let head = writer.confirm().unwrap().unwrap();
    assert_eq!(head.seq, 199);
    let at = chrono::DateTime::UNIX_EPOCH;
    let anchor = Anchor { run: RUN.into(), seq: head.seq, h: head.h, at, what: "close".into() };
    Anchors::new(data.path()).append(&anchor).unwrap();
    damage::survives_sampled_damage(&run.path, &Anchors::new(data.path()).path(), 2_000);
}

#[test]
fn a_torn_line_among_the_anchors_hides_no_other_from_either_reader() {
    let data = damage::quick_folder();
    let (run, mut writer) = Shelf::new(data.path()).begin(RUN).unwrap();
    story::long(&run.path, &mut writer, 5);
    let head = writer.confirm().unwrap().unwrap();
    let at = chrono::DateTime::UNIX_EPOCH;
    let anchor = Anchor { run: RUN.into(), seq: head.seq, h: head.h, at, what: "close".into() };
    let anchors = Anchors::new(data.path());
    anchors.append(&anchor).unwrap();
    let whole = fs::read(anchors.path()).unwrap();
    let sample = Sample::of(&run.path);
    for torn in 1..whole.len() - 1 {
        let torn = [&whole[..torn], b"\n\xff\n", &whole[..], &whole[..torn]].concat();
        fs::write(anchors.path(), torn).unwrap();
        let ours = damage::ours(&sample.bytes, &sample.run, &anchors.read().unwrap());
        assert!(ours.ends_with(" 5"), "anchored to its end: {ours}");
    }
    let journal = run.path.join(file::NAME);
    let ours = damage::ours(&sample.bytes, &sample.run, &anchors.read().unwrap());
    if let Some(theirs) = damage::python_says(&journal, Some(&anchors.path())) {
        assert_eq!(theirs, ours);
    }
}

#[test]
fn the_verifier_in_python_is_short_enough_to_be_read_at_one_sitting() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_journal.py");
    assert!(fs::read_to_string(script).unwrap().lines().count() <= 60);
}
