//! How a command ended, and what was seen of it: the words that the keeper writes and the engine reads.
//!
//! Pure, and below both: `exec` and `engine` know nothing of each other, and neither owns what both must say.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A process, so that it cannot be confused with a later one of the same pid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its pid.
    pub pid: i32,
    /// Its process group.
    pub group: i32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
    /// The boot it belongs to.
    pub boot: String,
}

/// How an attempt ended, as seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum Ended {
    /// It exited with this code.
    Exit {
        /// The code.
        code: i32,
    },
    /// A signal ended it.
    Signal {
        /// The signal's number.
        signal: i32,
    },
    /// The timeout passed; the keeper stopped it.
    Timeout,
    /// It was interrupted on request.
    Interrupted,
    /// It could not be started: the program is missing, or the like. Provably nothing ran.
    CouldNotStart {
        /// Why.
        reason: String,
    },
    /// The gate was never opened. Provably nothing ran.
    NeverReleased,
}

/// One judged expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What was expected, in words: `exit 0`, `json state equals Ready`.
    pub expected: String,
    /// What was got, redacted and cut.
    pub got: String,
    /// `passed`, `failed`, or `cannot_judge`.
    pub result: Judged,
}

/// The result of one judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// Too much output, or not text: never counted as passed.
    CannotJudge,
}

/// A captured value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Captured {
    /// The value.
    Value(String),
    /// The value is secret and lives in memory only.
    Secret,
    /// Allowed to be missing, and missing.
    Missing,
    /// Wanted and not usable; the reason.
    Bad(String),
}

/// What a spool holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpoolSummary {
    /// File name under `output/`.
    pub file: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Bytes the command wrote to standard output.
    pub stdout_bytes: u64,
    /// Bytes the command wrote to standard error.
    pub stderr_bytes: u64,
    /// True when the cap was reached and only the head was kept.
    pub truncated: bool,
}

/// A process that was still there when the command had ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// The process.
    pub process: Process,
    /// Its command line, redacted and cut.
    pub command: String,
    /// True when it was left on purpose (`stays`), false when it was stopped.
    pub stays: bool,
}

/// The durable outcome of an attempt, as the keeper judged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub ended: Ended,
    /// From gate to end, in nanoseconds.
    pub took_ns: u64,
    /// How long it took in the story of a rehearsal, in nanoseconds; absent where everything is real.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story_ns: Option<u64>,
    /// The expectations, in written order.
    pub verdicts: Vec<Verdict>,
    /// The captures by name.
    pub captures: BTreeMap<String, Captured>,
    /// Names of known failures that matched: index into `failures`.
    pub failures: Vec<usize>,
    /// For probes and question checks: index of the first answer that matched.
    pub answered: Option<usize>,
    /// The output.
    pub spool: SpoolSummary,
    /// Processes still there at the end.
    pub survivors: Vec<Survivor>,
    /// The last lines of the output, redacted, for people: at most five, cut.
    pub last_lines: Vec<String>,
    /// What the keeper saw and did besides, in words: signals sent, output held open by others.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Says in a note that a list to choose from could not be kept.
pub fn no_list(name: &str, why: &str) -> String {
    format!("{name}{NO_LIST}{why}")
}

/// What stands in that note between the name and the reason.
const NO_LIST: &str = " is not there: ";

impl Outcome {
    /// Returns why a list to choose from could not be kept, where that is so.
    pub fn why_no_list(&self, name: &str) -> Option<&str> {
        let said = |note: &'_ String| note.strip_prefix(name)?.strip_prefix(NO_LIST).map(str::len);
        self.notes.iter().find_map(|note| said(note).map(|len| &note[note.len() - len..]))
    }

    /// Tells whether everything that was expected was seen.
    pub fn passed(&self) -> bool {
        matches!(self.ended, Ended::Exit { .. })
            && self.verdicts.iter().all(|v| v.result == Judged::Passed)
            && !self.captures.values().any(|c| matches!(c, Captured::Bad(_)))
    }
}
