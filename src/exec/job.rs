//! What the keeper is told: one resolved command with its judgement. Plain data; knows no runbook.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One resolved command. Secrets appear by name only; their values travel apart, over a pipe.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The run's name; also put into the child's environment as `RUTTER_RUN`.
    pub run: String,
    /// The attempt's slug: `restore`, `restore-probe.2`.
    pub attempt: String,
    /// What runs.
    pub program: Program,
    /// Variables to set, in order: `RB_*` for scripts, then the step's `env`.
    pub env: Vec<(String, Value)>,
    /// Variables to remove from the inherited environment.
    pub env_remove: Vec<String>,
    /// The folder to run in.
    pub cwd: PathBuf,
    /// What it reads.
    pub stdin: Stdin,
    /// Files to make (0600) before the start; the path goes into the variable; removed afterwards.
    pub files: Vec<(String, Value)>,
    /// Where those files are made: a 0700 folder.
    pub private: PathBuf,
    /// How its streams are connected.
    pub io: Io,
    /// Stopped after this long, not counting suspend.
    pub timeout_ms: Option<u64>,
    /// The signal that interrupts it.
    pub signal: Signal,
    /// Processes left behind are on purpose.
    pub stays: bool,
    /// Judged when the end is not seen: true for hazard `read` only (signal, timeout → failed, not unknown).
    pub read_only: bool,
    /// What is expected; empty means exit 0.
    pub expect: Vec<Expect>,
    /// What is captured.
    pub capture: Vec<Capture>,
    /// Lists that a later step chooses from; nothing is judged by them.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// Answers of a probe or a question's check: the first that holds.
    pub answers: Vec<Expect>,
    /// Regular expressions of known failures, matched against both streams.
    pub failures: Vec<String>,
    /// Repeat until it answers as wanted.
    pub wait: Option<Wait>,
    /// The task's folder: outcome, requests, gate files.
    pub task: PathBuf,
    /// The spool file to write.
    pub spool: PathBuf,
    /// The most bytes the spool may take.
    pub spool_cap: u64,
}

/// What runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Program {
    /// These words.
    Words(Vec<String>),
    /// This text, by this shell (`sh -eu`, `bash -euo pipefail`), written to a file in the task's folder.
    Script {
        /// `sh` or `bash`.
        shell: String,
        /// The text.
        text: String,
    },
}

/// A value: written, or secret by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// This text.
    Text(String),
    /// The secret of this name.
    Secret(String),
}

/// What a command reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stdin {
    /// Nothing.
    Null,
    /// This file.
    File(PathBuf),
    /// This value.
    Value(Value),
}

/// How streams are connected. `auto` is settled by whoever makes the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Io {
    /// Two pipes.
    Split,
    /// One pipe.
    Merged,
    /// One pseudo-terminal, no controlling terminal.
    Pty,
}

/// The interrupting signals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signal {
    /// SIGINT.
    #[default]
    Int,
    /// SIGTERM.
    Term,
    /// SIGQUIT.
    Quit,
}

/// Which stream is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// Standard output.
    #[default]
    Stdout,
    /// Standard error.
    Stderr,
    /// Both, in the order they were read.
    Both,
}

/// A selector.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selector {
    /// The exit code is one of these.
    Exit(Vec<i32>),
    /// A JMESPath expression.
    Json(String),
    /// A regular expression; group 1, else the whole match.
    Text(String),
    /// The number of lines.
    LinesCount,
    /// Every line matches.
    LinesEach(String),
}

/// One expectation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expect {
    /// What is looked at.
    pub select: Selector,
    /// In which stream.
    pub from: From,
    /// How it is compared.
    pub compare: Option<Compare>,
    /// The expectation in words, for verdicts.
    pub words: String,
}

/// Comparers with resolved right sides.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The same.
    Equals(String),
    /// Not the same.
    Not(String),
    /// One of these.
    In(Vec<String>),
    /// Matches this expression.
    Matches(String),
    /// Not below; numbers, versions (`2.60`), times and durations compare as what they are.
    AtLeast(String),
    /// Not above.
    AtMost(String),
}

/// One capture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Capture {
    /// Its name.
    pub name: String,
    /// What is taken.
    pub select: Selector,
    /// In which stream.
    pub from: From,
    /// Full-match pattern of its type.
    pub pattern: Option<String>,
    /// What its type takes, where that is a list: said when something else was found.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// Largest length in bytes, at most 4096.
    pub max: usize,
    /// A leading `-` is allowed.
    pub dash: bool,
    /// The value is `true` or `false`: success of the selector itself.
    pub success: bool,
    /// The value is a list: items, one per line, each held to the pattern. JSON has to be a list of plain values.
    #[serde(default)]
    pub list: bool,
    /// The value is secret: registered, never written, handed to the face over the pipe.
    pub secret: bool,
    /// May be missing.
    pub optional: bool,
    /// Taken when missing.
    pub default: Option<String>,
}

/// A list that is taken from standard output, if it is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// The name it is recorded by.
    pub name: String,
    /// A JMESPath expression.
    pub json: String,
}

/// Repetition of a read-only job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Wait {
    /// Between two calls.
    pub every_ms: u64,
    /// Good when this holds.
    pub until: Expect,
    /// Failed when this holds.
    pub fail: Option<Expect>,
    /// Exit codes borne for so long.
    pub tolerate: Vec<(Vec<i32>, u64)>,
    /// So many good answers in a row.
    pub times: u32,
    /// Then so long.
    pub settle_ms: u64,
}
