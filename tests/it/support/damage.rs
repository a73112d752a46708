//! Damages journals in every way, and asks two readers that share no code what they make of it.

use rutter::journal::anchor::{self, Anchors, Known, Standing};
use rutter::journal::file;
use rutter::journal::record::{Chain, Hash, Record};
use rutter::journal::scan::{End, Reading, scan, scan_behind};
use serde::de::IgnoredAny;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, thread};

/// A journal that holds, as bytes.
pub struct Sample {
    pub run: String,
    pub bytes: Vec<u8>,
    /// Where its records end: `ends[0]` is 0, `ends[n]` the end of record n - 1.
    pub ends: Vec<usize>,
}

/// What is made of a journal: how it ends, how many records hold, the last hash, how far anchors reach.
pub type Opinion = String;

/// One damaged journal with what has to be found in it.
pub struct Case {
    pub name: String,
    pub bytes: Vec<u8>,
    /// How many records must hold.
    pub count: usize,
    /// Whether the rest is a torn tail, damage, or nothing.
    pub end: &'static str,
}

impl Sample {
    /// Reads the journal of a run's folder.
    pub fn of(folder: &Path) -> Self {
        let bytes = fs::read(folder.join(file::NAME)).unwrap();
        let newlines = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let ends = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        Self { run: file::run_of(folder), bytes, ends }
    }

    pub fn records(&self) -> usize {
        self.ends.len() - 1
    }

    /// The record that a byte belongs to.
    pub fn record_at(&self, byte: usize) -> usize {
        self.ends.partition_point(|end| *end <= byte) - 1
    }

    pub fn line(&self, record: usize) -> &[u8] {
        &self.bytes[self.ends[record]..self.ends[record + 1]]
    }

    fn case(&self, name: String, bytes: Vec<u8>, count: usize) -> Case {
        // A file whose last line was begun and not ended is torn, unless a whole record stands behind the damage.
        let rest = &bytes[self.ends[count].min(bytes.len())..];
        let whole_lines =
            || rest.split_inclusive(|b| *b == b'\n').filter(|l| l.ends_with(b"\"}\n"));
        let end = match rest.last() {
            None => "OK",
            Some(b'\n') => "BAD",
            Some(_) if whole_lines().count() > 0 => "BAD",
            Some(_) => "TORN",
        };
        Case { name, bytes, count, end }
    }

    pub fn cut(&self, at: usize) -> Case {
        let whole = self.ends.iter().filter(|end| **end <= at).count() - 1;
        self.case(format!("cut at byte {at}"), self.bytes[..at].to_vec(), whole)
    }

    /// A cut, and then what an unlucky file system may leave behind it.
    pub fn filled(&self, at: usize, filling: &[u8]) -> Case {
        let cut = self.cut(at);
        let bytes = [&cut.bytes, filling].concat();
        self.case(format!("{} bytes of filling from byte {at}", filling.len()), bytes, cut.count)
    }

    pub fn flipped(&self, bit: usize) -> Case {
        let mut bytes = self.bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        self.case(format!("bit {bit} flipped"), bytes, self.record_at(bit / 8))
    }

    pub fn inserted(&self, at: usize, byte: u8) -> Case {
        let mut bytes = self.bytes.clone();
        bytes.insert(at, byte);
        let count = if at == self.bytes.len() { self.records() } else { self.record_at(at) };
        self.case(format!("byte {byte:#04x} inserted at {at}"), bytes, count)
    }

    pub fn removed(&self, at: usize) -> Case {
        let mut bytes = self.bytes.clone();
        bytes.remove(at);
        self.case(format!("byte {at} removed"), bytes, self.record_at(at))
    }

    /// The journal with its records in this order.
    pub fn shuffled(&self, name: String, order: &[usize]) -> Case {
        let bytes = order.iter().flat_map(|record| self.line(*record)).copied().collect();
        let count = order.iter().zip(0..).take_while(|(record, at)| *record == at).count();
        self.case(name, bytes, count)
    }
}

/// What the program's own reader makes of a journal.
pub fn ours(bytes: &[u8], run: &str, known: &Known) -> Opinion {
    opinion(&scan(bytes, Some(run)), run, known)
}

/// The same, without reading again what is not damaged: debug builds would take minutes over every bit.
fn ours_behind(
    sample: &Sample,
    whole: &[Record<IgnoredAny>],
    bytes: &[u8],
    known: &Known,
) -> Opinion {
    let same = |record: &usize| bytes[sample.ends[*record]..].starts_with(sample.line(*record));
    let count = (0..sample.records()).take_while(same).count();
    let head = count.checked_sub(1).map(|last| whole[last].head());
    let chain = Chain::behind(sample.run.clone(), head);
    let mut reading = scan_behind(chain, &bytes[sample.ends[count]..]);
    reading.records.splice(0..0, whole[..count].iter().cloned());
    opinion(&reading, &sample.run, known)
}

fn opinion(reading: &Reading<IgnoredAny>, run: &str, known: &Known) -> Opinion {
    let end = match &reading.end {
        End::Clean => "OK",
        End::Torn(_) => "TORN",
        End::Bad { seq, .. } => {
            assert_eq!(*seq, reading.records.len() as u64, "the first bad record is named");
            "BAD"
        }
    };
    let reach = match anchor::standing(known, run, &reading.records) {
        Standing::None => "0".to_owned(),
        Standing::To(head) => (head.seq + 1).to_string(),
        Standing::Contradicted { .. } => "CONTRADICTED".to_owned(),
    };
    let head = reading.head().map_or(Hash::NONE, |head| head.h);
    format!("{end} {} {head} {reach}", reading.records.len())
}

/// Puts every case before both readers: each must find what is to be found, and they must agree on all of it.
pub fn try_all(
    sample: &Sample,
    anchors: Option<&Path>,
    cases: impl Iterator<Item = Case>,
) -> usize {
    let known = anchors
        .map_or_else(Known::default, |path| Anchors::new(path.parent().unwrap()).read().unwrap());
    let mut theirs = Python::start(anchors);
    let mut tried = 0;
    let mut judge = |(name, expected, ours): (String, String, Opinion),
                     theirs: &mut Option<Python>| {
        assert!(ours.starts_with(&expected), "{name}: wanted {expected}, and we found {ours}");
        if let Some(theirs) = theirs {
            assert_eq!(theirs.next(), ours, "{name}: the verifier in Python disagrees");
        }
        tried += 1;
    };
    let mut waiting = VecDeque::new();
    let whole = scan(&sample.bytes, Some(&sample.run)).records;
    assert_eq!(whole.len(), sample.records(), "the sample holds before it is damaged");
    for (n, case) in cases.enumerate() {
        let ours = match n % 32 {
            0 => ours(&case.bytes, &sample.run, &known),
            _ => ours_behind(sample, &whole, &case.bytes, &known),
        };
        waiting.push_back((case.name, format!("{} {} ", case.end, case.count), ours));
        if let Some(theirs) = &theirs {
            theirs.ask(case.bytes);
        }
        if waiting.len() > 64 {
            judge(waiting.pop_front().unwrap(), &mut theirs);
        }
    }
    if let Some(theirs) = &mut theirs {
        theirs.finish();
    }
    for asked in waiting {
        judge(asked, &mut theirs);
    }
    tried
}

/// Damages a journal at so many places, chosen by a fixed seed, and puts every case before both readers.
///
/// Takes the folder of any run whose journal holds, so that journals of real runs are damaged like made-up ones.
pub fn survives_sampled_damage(folder: &Path, anchors: &Path, places: usize) {
    let sample = Sample::of(folder);
    let mut dice = Dice(0x5eed);
    let cases = (0..places).map(|n| {
        let at = dice.below(sample.bytes.len());
        match n % 5 {
            0 => sample.cut(at),
            1 => sample.flipped(at * 8 + dice.below(8)),
            2 => sample.inserted(at, dice.byte_unlike(sample.bytes[at])),
            3 => sample.removed(sample.removable(at)),
            _ => sample.filled(at, &dice.filling()),
        }
    });
    assert_eq!(try_all(&sample, Some(anchors), cases), places);
}

impl Sample {
    /// A place whose removal changes the file: of two equal neighbours either may go, and the first counts.
    fn removable(&self, at: usize) -> usize {
        (0..=at).rev().take_while(|i| self.bytes[*i] == self.bytes[at]).last().unwrap_or(at)
    }
}

/// The verifier in Python, one process for many journals.
struct Python {
    questions: Option<std::sync::mpsc::SyncSender<Vec<u8>>>,
    answers: BufReader<std::process::ChildStdout>,
    child: std::process::Child,
}

impl Python {
    /// Starts it. Without Python only our own reader is asked, except where every component has to be there.
    fn start(anchors: Option<&Path>) -> Option<Self> {
        let mut python = Command::new("python3");
        python.args([script(), PathBuf::from("-")]).args(anchors);
        let mut child = match python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(e) if std::env::var_os("RUTTER_ALL_COMPONENTS").is_none() => {
                eprintln!(
                    "the second verifier was not asked: python3 does not start ({e}); {INSTALL}"
                );
                return None;
            }
            Err(e) => panic!("python3 does not start ({e}); {INSTALL}"),
        };
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut stdin = child.stdin.take().unwrap();
        let (questions, asked) = std::sync::mpsc::sync_channel::<Vec<u8>>(32);
        thread::spawn(move || {
            for bytes in asked {
                // A verifier that died is seen by who waits for its answer.
                let _ = writeln!(stdin, "{}", bytes.len()).and_then(|()| stdin.write_all(&bytes));
            }
        });
        Some(Self { questions: Some(questions), answers, child })
    }

    fn ask(&self, bytes: Vec<u8>) {
        self.questions.as_ref().unwrap().send(bytes).unwrap();
    }

    fn finish(&mut self) {
        self.questions = None;
    }

    fn next(&mut self) -> Opinion {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.wait();
    }
}

/// What the verifier in Python makes of one file, called as an auditor would; none without Python.
pub fn python_says(journal: &Path, anchors: Option<&Path>) -> Option<Opinion> {
    Python::start(None)?;
    let output = Command::new("python3").arg(script()).arg(journal).args(anchors).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

const INSTALL: &str = "to install it: apt-get install python3";

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_journal.py")
}

/// Numbers that look random and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    /// A byte that is not this one: inserted before an equal one it would count as inserted after it.
    pub fn byte_unlike(&mut self, other: u8) -> u8 {
        let byte = self.roll().to_be_bytes()[0];
        if byte == other { byte ^ 0xff } else { byte }
    }

    /// Some bytes such as a crash may leave: zeros, or anything.
    pub fn filling(&mut self) -> Vec<u8> {
        let zeros = self.roll().is_multiple_of(2);
        let length = 1 + self.below(600);
        (0..length).map(|_| if zeros { 0 } else { self.roll().to_be_bytes()[0] }).collect()
    }
}

/// A place for many files that are synced often: in memory, where the system has one.
pub fn quick_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.unwrap()
}
