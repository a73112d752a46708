//! Where a command's output goes: masked into the spool, and as it came to the judge.

use super::frames::Frames;
use super::job::{From, Job, Selector};
use super::mask::{Carry, Masks};
use super::secret::Secrets;
use super::spool::{self, Stream};
use crate::outcome::SpoolSummary;

/// The most that is kept of one stream for judging.
pub(super) const JUDGED: usize = 8 << 20;

/// The most that is withheld before a secret capture is given up.
const WITHHELD: usize = 2 * JUDGED;

/// Bytes kept up to a limit.
pub(super) struct Kept {
    /// The head.
    pub(super) bytes: Vec<u8>,
    /// True when there was more: what is kept is not all.
    pub(super) more: bool,
    limit: usize,
}

impl Kept {
    fn new(wanted: bool) -> Self {
        Self { bytes: Vec::new(), more: false, limit: if wanted { JUDGED } else { 0 } }
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.more |= room < bytes.len();
    }
}

/// What became of the output.
pub(super) struct Finished {
    /// The spool.
    pub(super) summary: SpoolSummary,
    /// Its last lines, for people.
    pub(super) last_lines: Vec<String>,
    /// What went wrong with it at the very end.
    pub(super) trouble: Option<String>,
}

/// Takes a command's output.
pub(super) struct Intake {
    /// Standard output of the command that is judged.
    pub(super) out: Kept,
    /// Its standard error.
    pub(super) err: Kept,
    /// Both as they were read.
    pub(super) both: Kept,
    masks: Masks,
    carries: [Carry; 2],
    frames: Frames,
    /// Output that may hold a secret nobody knows yet, until it is known.
    withheld: Option<Withheld>,
    counted: [u64; 2],
    tail: Tail,
    last_ns: u64,
}

#[derive(Default)]
struct Withheld {
    pieces: Vec<(Stream, u64, Vec<u8>)>,
    size: usize,
    overflown: bool,
}

impl Intake {
    /// Opens the spool. Nothing has been started yet, so every error is a reason not to.
    pub(super) fn open(job: &Job, secrets: &Secrets) -> Result<Self, String> {
        let frames = Frames::create(&job.spool, job.spool_cap)
            .map_err(|e| format!("cannot create the spool {}: {e}", job.spool.display()))?;
        let withholds = job.capture.iter().any(|capture| capture.secret);
        Ok(Self {
            out: Kept::new(is_judged(job, From::Stdout)),
            err: Kept::new(is_judged(job, From::Stderr)),
            both: Kept::new(is_judged(job, From::Both)),
            masks: Masks::new(secrets),
            carries: Default::default(),
            frames,
            withheld: withholds.then(Withheld::default),
            counted: [0; 2],
            tail: Tail::default(),
            last_ns: 0,
        })
    }

    /// Takes what was read at once.
    pub(super) fn take(&mut self, stream: Stream, at_ns: u64, bytes: &[u8]) {
        self.counted[index(stream)] += bytes.len() as u64;
        self.last_ns = at_ns;
        match stream {
            Stream::Out => self.out.add(bytes),
            Stream::Err => self.err.add(bytes),
        }
        self.both.add(bytes);
        match &mut self.withheld {
            None => self.pass(stream, at_ns, bytes),
            Some(withheld) => withheld.add(stream, at_ns, bytes),
        }
    }

    /// Forgets what was kept for judging: the next command of a loop is judged by its own words.
    pub(super) fn begin_command(&mut self) {
        for kept in [&mut self.out, &mut self.err, &mut self.both] {
            kept.bytes.clear();
            kept.more = false;
        }
    }

    /// Masks secrets in a short text.
    pub(super) fn hide(&self, bytes: &[u8]) -> String {
        self.masks.text(bytes)
    }

    /// Learns secrets that were found in the output itself; what was withheld can be written now.
    pub(super) fn learn(&mut self, secrets: &Secrets) {
        self.masks = Masks::new(secrets);
        let Some(withheld) = self.withheld.take_if(|withheld| !withheld.overflown) else {
            return;
        };
        for (stream, at_ns, bytes) in withheld.pieces {
            self.pass(stream, at_ns, &bytes);
        }
    }

    /// Finishes the spool. What is still withheld is never written: somebody's secret may be in it.
    pub(super) fn finish(mut self, job: &Job) -> Finished {
        let complete = self.withheld.is_none() || self.counted == [0; 2];
        for stream in [Stream::Out, Stream::Err] {
            let rest = self.masks.finish(&mut self.carries[index(stream)]);
            self.tail.add(&rest);
            self.frames.write(stream, self.last_ns, &rest);
        }
        let name = job.spool.file_name().unwrap_or_default();
        let mut summary = SpoolSummary {
            file: name.to_string_lossy().into_owned(),
            stdout_bytes: self.counted[0],
            stderr_bytes: self.counted[1],
            truncated: true,
            ..SpoolSummary::default()
        };
        // A spool that cannot be finished costs its digest; the outcome must be told all the same.
        let trouble = match self.frames.finish() {
            Ok(frames) => {
                summary.size = frames.size;
                summary.sha256 = frames.sha256;
                summary.truncated = frames.truncated || !complete;
                None
            }
            Err(e) => Some(format!("the output could not be made durable: {e}")),
        };
        Finished { summary, last_lines: self.tail.lines(), trouble }
    }

    fn pass(&mut self, stream: Stream, at_ns: u64, bytes: &[u8]) {
        let masked = self.masks.feed(&mut self.carries[index(stream)], bytes);
        self.tail.add(&masked);
        self.frames.write(stream, at_ns, &masked);
    }
}

impl Withheld {
    fn add(&mut self, stream: Stream, at_ns: u64, bytes: &[u8]) {
        // A piece costs more than its bytes, and a million pieces of one byte are a million.
        self.size += bytes.len() + 64;
        if self.size > WITHHELD {
            self.overflown = true;
            self.pieces = Vec::new();
        } else {
            self.pieces.push((stream, at_ns, bytes.to_vec()));
        }
    }
}

/// Tells whether anything is looked for in this stream: what nobody asks about is not kept.
fn is_judged(job: &Job, from: From) -> bool {
    let expected = job.expect.iter().chain(&job.answers);
    let waited = job.wait.iter().flat_map(|wait| std::iter::once(&wait.until).chain(&wait.fail));
    let expected = expected.chain(waited).map(|expect| (&expect.select, expect.from));
    let captured = job.capture.iter().map(|capture| (&capture.select, capture.from));
    let mut selected = expected.chain(captured);
    let known_failures = !job.failures.is_empty() && from != From::Both;
    let offered = !job.offers.is_empty() && from == From::Stdout;
    known_failures
        || offered
        || selected.any(|(select, of)| of == from && !matches!(select, Selector::Exit(_)))
}

fn index(stream: Stream) -> usize {
    stream as usize - 1
}

/// The last masked bytes, for people.
#[derive(Default)]
struct Tail(Vec<u8>);

impl Tail {
    const BYTES: usize = 8 << 10;
    const LINES: usize = 5;

    fn add(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&bytes[bytes.len().saturating_sub(Self::BYTES)..]);
        // Cut now and then, not every time.
        if self.0.len() > 4 * Self::BYTES {
            self.0.drain(..self.0.len() - Self::BYTES);
        }
    }

    fn lines(&self) -> Vec<String> {
        spool::lines_of(&self.0[self.0.len().saturating_sub(Self::BYTES)..], Self::LINES)
    }
}
