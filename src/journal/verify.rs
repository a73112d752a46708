//! What a journal proves, and how far its proof reaches.
//!
//! The chain proves that nothing inside was changed. An anchor proves that nothing was cut off its end or rewritten as
//! a whole, up to the anchored record. The digests in it prove the files beside it. Each is said by itself, and what was
//! not proved is said too.

use super::anchor::{self, Anchors, Known, Standing};
use super::code;
use super::file;
use super::record::{Head, Record};
use super::scan::{End, Reading};
use super::tail;
use serde::de::DeserializeOwned;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use super::beside::{Claimed, Fault};

/// What to verify.
#[derive(Clone, Debug)]
pub struct Target {
    journal: PathBuf,
    folder: Option<PathBuf>,
    run: Option<String>,
}

impl Target {
    /// A run in its folder on the shelf: the folder's name must be the run's.
    pub fn run(folder: &Path) -> Self {
        Self {
            journal: folder.join(file::NAME),
            folder: Some(folder.to_owned()),
            run: Some(file::run_of(folder)),
        }
    }

    /// A copy somewhere: a folder, a journal in a folder of its kind, or a lone file.
    #[expect(clippy::disallowed_methods, reason = "asks what kind of path it was given")]
    pub fn copy(path: &Path) -> Self {
        if path.is_dir() {
            let (journal, folder) = (path.join(file::NAME), Some(path.to_owned()));
            return Self { journal, folder, run: None };
        }
        let folder = path.parent().filter(|folder| {
            path.file_name().is_some_and(|name| name == file::NAME)
                && folder.join("runbook").is_dir()
        });
        Self { journal: path.to_owned(), folder: folder.map(Path::to_owned), run: None }
    }

    /// Returns the journal's path.
    pub fn journal(&self) -> &Path {
        &self.journal
    }
}

/// What the events of a journal say about its state and the files beside it; told by whoever can read them.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// The run is closed.
    pub closed: bool,
    /// What kind of run its facts tell of, where it is not a live one; every record has to say the same.
    pub mode: Option<String>,
    /// Files below `runbook/`, by record 0.
    pub pinned: Vec<Claimed>,
    /// Files below `output/`, by the outcomes.
    pub outputs: Vec<Claimed>,
    /// Names of outputs that may lie there without a digest: of attempts whose end was not seen.
    pub unsealed: Vec<String>,
}

/// The result for a pasted head code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// It is the code of this record.
    Record(Head),
    /// It is the code of no record here.
    Nowhere,
}

/// What was proved.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The run, as its records name it.
    pub run: Option<String>,
    /// What kind of run its records say it is, where it is not a live one.
    pub mode: Option<String>,
    /// Its facts tell of another kind of run than its records.
    pub mixed: bool,
    /// How many records hold.
    pub count: u64,
    /// How many lines the file has.
    pub lines: u64,
    /// How the file ends after them.
    pub end: End,
    /// Whether the run is closed.
    pub closed: bool,
    /// The last head that holds.
    pub head: Option<Head>,
    /// How it stands to the anchors of this machine.
    pub local: Standing,
    /// How it stands to a pasted head code.
    pub pasted: Option<Pasted>,
    /// Files beside it that are not what it says.
    pub faults: Vec<Fault>,
    /// What else a reader should know, one sentence each.
    pub remarks: Vec<String>,
}

/// Why a journal cannot be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The expected code is not one.
    #[error(
        "{0:?} is not a head code; it has 26 letters and digits, as `rutter journal head` prints it"
    )]
    Code(String),
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Verifies a journal, also while it is being written.
pub fn verify<T: DeserializeOwned>(
    target: &Target,
    anchors: &Anchors,
    expect: Option<&str>,
    claims: impl FnOnce(&[Record<T>]) -> Claims,
) -> Result<Verdict, Unreadable> {
    let expect = match expect {
        Some(text) => Some(code::read(text).ok_or_else(|| Unreadable::Code(text.to_owned()))?),
        None => None,
    };
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Unreadable::Io { path, source }
    };
    // The anchors first: one that is written while we read would otherwise contradict the older journal in our hands.
    let known = anchors.read().map_err(failed(&anchors.path()))?;
    let (reading, lines) = settled::<T>(target).map_err(failed(&target.journal))?;
    let claims = claims(&reading.records);
    let run = reading.records.first().map(|record| record.run.clone()).or(target.run.clone());
    let mode = reading.records.first().and_then(|record| record.mode.clone());
    let mut verdict = Verdict {
        mixed: !reading.records.is_empty() && mode != claims.mode,
        mode,
        count: reading.records.len() as u64,
        lines,
        closed: claims.closed,
        head: reading.head(),
        local: anchor::standing(&known, run.as_deref().unwrap_or_default(), &reading.records),
        pasted: expect.map(|code| pasted(&reading.records, &code)),
        faults: Vec::new(),
        remarks: remarks(&known),
        end: reading.end,
        run,
    };
    match &target.folder {
        Some(folder) => beside(&mut verdict, folder, &claims),
        None => verdict
            .remarks
            .push("runbook and outputs are not beside it and were not checked".into()),
    }
    Ok(verdict)
}

/// Reads the journal; a tail that looks torn is looked at again, for it may be a record that is just being written.
fn settled<T: DeserializeOwned>(target: &Target) -> io::Result<(Reading<T>, u64)> {
    const LOOKS: u32 = 4;
    let read = || file::read_as::<T>(&target.journal, target.run.as_deref());
    let (mut reading, mut lines) = read()?;
    for _ in 1..LOOKS {
        let Some(torn) = tail::of(&reading.end).cloned() else { break };
        #[expect(clippy::disallowed_methods, reason = "a write that is under way ends in no time")]
        std::thread::sleep(Duration::from_millis(20));
        (reading, lines) = read()?;
        if tail::of(&reading.end) == Some(&torn) {
            break; // nobody is writing
        }
    }
    Ok((reading, lines))
}

fn pasted<T>(records: &[Record<T>], expected: &str) -> Pasted {
    let found = records.iter().find(|record| code::of(&record.h) == *expected);
    found.map_or(Pasted::Nowhere, |record| Pasted::Record(record.head()))
}

fn remarks(known: &Known) -> Vec<String> {
    let mut remarks = Vec::new();
    if known.missing {
        remarks.push("there is no anchor file on this machine".to_owned());
    }
    if known.unreadable > 0 {
        remarks.push(format!("{} of the anchor file cannot be read", lines_of(known.unreadable)));
    }
    remarks
}

fn lines_of(n: usize) -> String {
    if n == 1 { "1 line".into() } else { format!("{n} lines") }
}

fn beside(verdict: &mut Verdict, folder: &Path, claims: &Claims) {
    let found = super::beside::check(folder, &claims.pinned, &claims.outputs, &claims.unsealed);
    verdict.faults = found.faults;
    for (place, extra) in found.unclaimed {
        // While a run is open, the output of a running command is there before its digest is.
        if claims.closed || place == "runbook" {
            verdict.faults.push(Fault::Extra { place, name: extra });
        } else {
            verdict.remarks.push(format!("{place}/{extra} is not recorded yet"));
        }
    }
    for name in found.unsealed {
        verdict.remarks.push(format!("output/{name} has no digest: no end is recorded for it"));
    }
}

impl Verdict {
    /// Returns how many records are known outside, and by what.
    pub fn anchored(&self) -> (u64, Vec<&'static str>) {
        let mut places = Vec::new();
        let mut count = 0;
        if let Standing::To(head) = self.local {
            places.push((head.seq + 1, "local"));
        }
        if let Some(Pasted::Record(head)) = self.pasted {
            places.push((head.seq + 1, "code"));
        }
        for (reach, _) in &places {
            count = count.max(*reach);
        }
        let names = places.into_iter().filter(|(reach, _)| *reach == count).map(|(_, name)| name);
        (count, names.collect())
    }

    /// Tells whether anything is wrong, as against merely unproved.
    pub fn is_broken(&self) -> bool {
        self.end != End::Clean
            || matches!(self.local, Standing::Contradicted { .. })
            || self.pasted == Some(Pasted::Nowhere)
            || !self.faults.is_empty()
            || self.mixed
    }

    /// Returns the exit code: 0 closed and anchored to its end, 6 intact but open or not anchored to its end, 7 broken.
    pub fn exit(&self) -> u8 {
        if self.is_broken() {
            7
        } else if self.closed && self.count > 0 && self.anchored().0 == self.count {
            0
        } else {
            6
        }
    }

    /// Says in one line what was proved: `chain ok 214/214 · closed · anchored to 214 (local)`.
    pub fn sentence(&self) -> String {
        let mode = self.mode.iter().map(|mode| mode.to_uppercase());
        let mut parts: Vec<String> = mode.chain([self.chain()]).collect();
        parts.push(if self.closed { "closed" } else { "open" }.to_owned());
        let (anchored, names) = self.anchored();
        if anchored > 0 {
            parts.push(format!("anchored to {anchored} ({})", names.join(", ")));
        }
        if let Standing::Contradicted { anchor, .. } = &self.local {
            parts.push(format!("CONTRADICTS ANCHOR {}", anchor.seq + 1));
        }
        if self.pasted == Some(Pasted::Nowhere) {
            parts.push("CODE NOT FOUND".to_owned());
        }
        if self.count > anchored {
            parts.push(format!("UNANCHORED {}", self.count - anchored));
        }
        if self.mixed {
            parts.push("LIVE AND REHEARSED MIXED".to_owned());
        }
        match self.faults.len() {
            0 => {}
            1 => parts.push("1 FILE DIFFERS".to_owned()),
            n => parts.push(format!("{n} FILES DIFFER")),
        }
        parts.join(" · ")
    }

    fn chain(&self) -> String {
        let (count, lines) = (self.count, self.lines);
        match &self.end {
            End::Clean => format!("chain ok {count}/{lines}"),
            End::Torn(_) => format!("chain TORN {count}/{lines}"),
            End::Bad { seq, .. } => format!("chain BROKEN at record {seq}, {count}/{lines}"),
        }
    }

    /// Says what is wrong and what is not proved, one sentence each.
    pub fn details(&self) -> Vec<String> {
        let mut details = Vec::new();
        match &self.end {
            End::Clean => {}
            End::Torn(tail) => details.push(format!(
                "after record {} there are {} bytes of a record that was never completed; \
                 resuming the run sets them aside",
                self.count.saturating_sub(1),
                tail.len
            )),
            End::Bad { seq, offset, flaw } => {
                details.push(format!("record {seq} (line {}, byte {offset}): {flaw}", seq + 1));
            }
        }
        if let Standing::Contradicted { anchor, found } = &self.local {
            let (seq, h) = (anchor.seq, anchor.h);
            details.push(match found {
                None => format!("record {seq} was anchored, and the journal ends before it: records were cut off"),
                Some(now) => format!(
                    "record {seq} was anchored as {h} and is now {now}: the journal was rewritten"
                ),
            });
        }
        if self.mixed {
            details.push("its records and its first fact tell of different kinds of run: one of them was rewritten".into());
        }
        if self.pasted == Some(Pasted::Nowhere) {
            details.push("no record here has the expected code: the journal was cut or rewritten, or the code is another run's".into());
        }
        details.extend(self.faults.iter().map(ToString::to_string));
        details.extend(self.remarks.iter().cloned());
        details
    }
}
