//! What an author wrote, after it was read: typed, complete, and with the place of every part.

use super::place::{At, Place};
use super::template::{Text, Word};
use super::value::ValueType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// The values that every run has, each known once it is open. Nothing else may have these names.
pub const BUILT_IN: [&str; 10] = [
    "environment",
    "mode",
    "operator",
    "incident.id",
    "incident.start",
    "run.id",
    "run.stamp",
    "run.work",
    "run.tmp",
    "runbook.dir",
];

/// The id of a step, check or fix, as written: lower case words joined by `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub String);

impl StepId {
    /// Makes an id from text that is already known to be one.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much a step can hurt, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hazard {
    /// Looks only.
    Read,
    /// Changes something that has a way back.
    Change,
    /// Loses something.
    Destructive,
    /// Loses something for good.
    Irreversible,
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Change => "change",
            Self::Destructive => "destructive",
            Self::Irreversible => "irreversible",
        })
    }
}

/// A whole runbook.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// Short name, the folder's or file's name: `database-corruption`.
    pub name: At<String>,
    /// One line for lists.
    pub title: At<String>,
    /// The system as people call it: `Heritage Community Hub`.
    pub system: At<String>,
    /// The author's version text.
    pub version: At<String>,
    /// Two sentences at most: what this runbook does.
    pub summary: At<String>,
    /// Who keeps it true.
    pub owner: Option<At<String>>,
    /// Day of the last review, `YYYY-MM-DD`.
    pub reviewed: Option<At<String>>,
    /// How long a review holds.
    pub review_every: Option<Duration>,
    /// How long a passed drill holds.
    pub drill_every: Option<Duration>,
    /// When this is the right runbook.
    pub use_when: Vec<At<String>>,
    /// When another one is.
    pub not_when: Vec<NotWhen>,
    /// What people see and say.
    pub symptoms: Vec<At<String>>,
    /// Allowed time to service, allowed data loss.
    pub objectives: Objectives,
    /// Whether an environment of the settings must be chosen.
    pub environment: EnvironmentRule,
    /// What must hold before the first step.
    pub needs: Needs,
    /// The read-only check that names the account, cluster or host this runbook belongs to.
    pub fence: Option<Check>,
    /// Values asked before the run.
    pub params: Vec<Definition>,
    /// Secrets and where they come from.
    pub secrets: Vec<SecretDef>,
    /// Values derived from others, in order of definition.
    pub values: Vec<(At<String>, Text)>,
    /// The procedure.
    pub phases: Vec<Phase>,
    /// Steps that are reached from a known failure only.
    pub fixes: Vec<Step>,
}

/// Another runbook for another situation.
#[derive(Clone, Debug)]
pub struct NotWhen {
    /// The situation.
    pub when: At<String>,
    /// The runbook to take instead.
    pub go: Option<At<String>>,
}

/// The promises to the business.
#[derive(Clone, Debug, Default)]
pub struct Objectives {
    /// Time to service.
    pub rto: Option<Duration>,
    /// Data that may be lost, as time.
    pub rpo: Option<Duration>,
}

/// Whether a run needs an environment from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentRule {
    /// A live run names one (`--env`).
    Required,
    /// The labs: everything lies in the run's own folder, no settings needed.
    Local,
}

/// What must hold before the first step.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Programs with their oldest usable version.
    pub tools: Vec<Tool>,
    /// Read-only checks with an id, a title and an expected result.
    pub checks: Vec<Check>,
    /// Sentences the operator says and ticks.
    pub statements: Vec<Statement>,
}

/// A program that must be on the path.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name.
    pub name: At<String>,
    /// Oldest version that will do, from `">=2.60"`.
    pub at_least: Option<At<String>>,
}

/// A sentence to say and tick.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The sentence.
    pub say: Text,
    /// Values asked together with it.
    pub ask: Vec<Definition>,
    /// Where it stands.
    pub place: Place,
}

/// A read-only command with an expected result.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its id, `needs/<id>` in journal and scenarios.
    pub id: At<StepId>,
    /// One line.
    pub title: Text,
    /// What runs.
    pub call: Call,
    /// What passes; empty means exit 0.
    pub expect: Vec<Expect>,
    /// What is kept of the answer.
    pub capture: Vec<Capture>,
    /// May run again before an irreversible step and at resume.
    pub recheck: bool,
}

/// A value with a name, a type and a question.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: At<String>,
    /// Its type with pattern, range and choices.
    pub kind: ValueType,
    /// The question, a short noun phrase.
    pub ask: Option<Text>,
    /// What a person needs to know to answer.
    pub help: Option<Text>,
    /// A good answer, for forms and `show`.
    pub example: Option<At<String>>,
    /// Taken when nothing is given.
    pub default: Option<Text>,
    /// May stay empty.
    pub optional: bool,
    /// A read-only command whose answer offers candidates.
    pub discover: Option<Discover>,
    /// Choices taken from the captured output of an earlier step: step id and JMESPath expression.
    pub choices_from: Option<(At<StepId>, At<String>)>,
}

/// A read-only command that offers candidates for a value.
#[derive(Clone, Debug)]
pub struct Discover {
    /// What runs.
    pub call: Call,
    /// What is taken from its output.
    pub select: Select,
}

/// A secret: a name and a source, never a literal.
#[derive(Clone, Debug)]
pub struct SecretDef {
    /// Its name.
    pub name: At<String>,
    /// Where it comes from.
    pub source: SecretSource,
}

/// Where a secret comes from.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// The standard output of a command, one final newline removed.
    Command(Vec<Word>, Place),
    /// An environment variable of the operator.
    Env(At<String>),
    /// A file, one final newline removed.
    File(Text),
    /// Asked without echo.
    Prompt(Text),
}

/// A group of steps with one goal.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Its title.
    pub title: At<String>,
    /// When it is in force.
    pub when: Vec<Condition>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// `when: {NAME: value | [values] | {not: value}}`; all must hold.
#[derive(Clone, Debug)]
pub struct Condition {
    /// A decision's step id, or a value of type bool or choice.
    pub name: At<String>,
    /// The accepted values.
    pub any_of: Vec<String>,
    /// True for `{not: …}`: holds when the value is none of `any_of`.
    pub negated: bool,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id.
    pub id: At<StepId>,
    /// One line.
    pub title: Text,
    /// What it does.
    pub what: Option<Text>,
    /// Why it is done, and done here.
    pub why: Option<Text>,
    /// How much it can hurt. `decide` and `wait` are `read` unless written.
    pub hazard: Hazard,
    /// The thing acted on, by its real name.
    pub target: Option<Text>,
    /// What is lost; required from destructive up.
    pub loses: Option<Text>,
    /// When it is in force.
    pub when: Vec<Condition>,
    /// How it acts.
    pub act: Act,
    /// Values asked within the run, before the step acts.
    pub ask: Vec<Definition>,
    /// What passes; empty means exit 0.
    pub expect: Vec<Expect>,
    /// What is kept of the output.
    pub capture: Vec<Capture>,
    /// How long it takes.
    pub takes: Takes,
    /// When the keeper stops it.
    pub timeout: Option<Duration>,
    /// Whether it may be repeated.
    pub repeat: Repeat,
    /// The check that answers "did it happen?".
    pub probe: Option<Probe>,
    /// The way back.
    pub undo: Option<Box<Undo>>,
    /// Why there is no way back.
    pub no_undo: Option<Text>,
    /// Known failures.
    pub failures: Vec<Failure>,
    /// A consequence that must be cleared before the run closes.
    pub raises: Option<Raises>,
    /// The step after which the service is back.
    pub restores_service: bool,
    /// What stays and for how long.
    pub keeps: Option<Text>,
    /// Offered deferral.
    pub defer: Option<Defer>,
    /// Whom to call, and when.
    pub call: Option<CallFor>,
    /// Steps that may be done while this one runs.
    pub meanwhile: Vec<At<StepId>>,
    /// Steps whose change is not open any more once this one is done: it took them back, or made them permanent.
    /// Its own id says that its own change is permanent.
    pub closes: Vec<At<StepId>>,
    /// Further reading.
    pub links: Vec<At<String>>,
    /// Hints for drills, from where to look to what to do.
    pub hints: Vec<Text>,
    /// May run again before an irreversible step and at resume.
    pub recheck: bool,
    /// The command gets the terminal. Parsed; refused at run for now.
    pub interactive: bool,
    /// The command becomes a task. Parsed; refused at run for now.
    pub background: bool,
    /// Where the step begins in the file.
    pub place: Place,
}

/// How a step acts.
#[derive(Clone, Debug)]
pub enum Act {
    /// Runs a command line or a script.
    Call(Box<Call>),
    /// States something to be done by hand and ticked.
    Manual(Text),
    /// Asks for a decision.
    Decide(Box<Decide>),
    /// Repeats a read-only call until it answers as wanted.
    Wait(Box<Wait>),
}

/// A command line or a script with everything around it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What runs.
    pub program: Program,
    /// Variables set for it, in order.
    pub env: Vec<(At<String>, Word)>,
    /// Its folder; the run's work folder when absent.
    pub cwd: Option<Word>,
    /// What it reads.
    pub stdin: Option<Stdin>,
    /// Files made for it (0600), their path in the named variable, removed afterwards.
    pub files: Vec<(At<String>, FileContent)>,
    /// When the keeper stops it.
    pub timeout: Option<Duration>,
    /// How its streams are connected.
    pub io: Io,
    /// Leaves processes behind on purpose.
    pub stays: bool,
    /// The signal that interrupts it, `INT` when absent: `INT`, `TERM` or `QUIT`.
    pub signal: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What runs.
#[derive(Clone, Debug)]
pub enum Program {
    /// `run:`, split into words at load.
    Words(Vec<Word>),
    /// `script:`, constant text.
    Script {
        /// `sh` or `bash`.
        shell: Shell,
        /// The text.
        text: At<String>,
    },
}

/// The shells a script may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shell {
    /// `sh -eu`.
    Sh,
    /// `bash -euo pipefail`.
    Bash,
}

/// What a command reads.
#[derive(Clone, Debug)]
pub enum Stdin {
    /// This text.
    Text(Text),
    /// This file; relative paths lie in the runbook's folder.
    File(Word),
    /// The value of this name.
    Value(At<String>),
    /// The secret of this name.
    Secret(At<String>),
}

/// What a made file holds.
#[derive(Clone, Debug)]
pub enum FileContent {
    /// This text.
    Text(Text),
    /// The secret of this name.
    Secret(At<String>),
}

/// How the streams of a command are connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Io {
    /// Split when stdout is captured or judged, else a pty without controlling terminal.
    #[default]
    Auto,
    /// Two pipes.
    Split,
    /// One pseudo-terminal.
    Pty,
    /// One pipe.
    Merged,
}

/// What is selected from an ended command.
#[derive(Clone, Debug)]
pub struct Select {
    /// The selector.
    pub by: Selector,
    /// Which stream it reads.
    pub from: From,
    /// Where it stands.
    pub place: Place,
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            Selector::Exit(codes) => {
                let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
                write!(f, "exit {}", codes.join(" or "))?;
            }
            Selector::Json(expression) => write!(f, "json {expression}")?,
            Selector::Text(pattern) => write!(f, "text {pattern}")?,
            Selector::LinesCount => f.write_str("number of lines")?,
            Selector::LinesEach(pattern) => write!(f, "every line {pattern}")?,
        }
        match self.from {
            From::Stdout => Ok(()),
            From::Stderr => f.write_str(" on stderr"),
            From::Both => f.write_str(" on both streams"),
        }
    }
}

/// The kinds of selector.
#[derive(Clone, Debug)]
pub enum Selector {
    /// The exit code is one of these.
    Exit(Vec<i32>),
    /// A JMESPath expression over the output as JSON.
    Json(At<String>),
    /// A regular expression: group 1, else the whole match.
    Text(At<String>),
    /// The number of lines.
    LinesCount,
    /// Every line matches this expression.
    LinesEach(At<String>),
}

/// Which stream a selector reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// Standard output.
    #[default]
    Stdout,
    /// Standard error.
    Stderr,
    /// Both, in the order of the spool.
    Both,
}

/// One expectation: a selector and, where it selects a value, a comparer.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What is looked at.
    pub select: Select,
    /// How it is compared; `None` means "it matched" or "exit is in the list".
    pub compare: Option<Compare>,
}

/// Comparers; both sides are compared as the type of the written side.
#[derive(Clone, Debug)]
pub enum Compare {
    /// The same.
    Equals(Text),
    /// Not the same.
    Not(Text),
    /// One of these.
    In(Vec<Text>),
    /// Matches this regular expression.
    Matches(At<String>),
    /// Not below.
    AtLeast(Text),
    /// Not above.
    AtMost(Text),
}

/// A value kept from an ended command.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Its name.
    pub name: At<String>,
    /// What is taken. `Exit` with type bool captures success itself.
    pub select: Select,
    /// Its type; `secret` keeps it in memory only.
    pub kind: ValueType,
    /// A missing answer is allowed.
    pub optional: bool,
    /// Taken when the answer is missing.
    pub default: Option<Text>,
}

/// How long a step takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Takes {
    /// Usually.
    pub typical: Option<Duration>,
    /// On a slow day.
    pub slow: Option<Duration>,
    /// Silence that is normal.
    pub quiet: Option<Duration>,
}

/// Whether a step may be repeated after its end was not seen or not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeat {
    /// Any time.
    Safe,
    /// After the probe says that it did not happen.
    Probe,
    /// Only under the destructive guard.
    Never,
}

/// The read-only check that answers "did it happen?".
#[derive(Clone, Debug)]
pub struct Probe {
    /// What runs.
    pub call: Call,
    /// The first that matches says what it means.
    pub answers: Vec<ProbeAnswer>,
    /// What is kept of its output, to fill the step's captures.
    pub capture: Vec<Capture>,
}

/// One answer of a probe.
#[derive(Clone, Debug)]
pub struct ProbeAnswer {
    /// What is looked at.
    pub expect: Expect,
    /// What it means.
    pub means: Meaning,
}

/// What a probe found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// It happened.
    Done,
    /// It is still going on.
    Running,
    /// It did not happen.
    NotStarted,
    /// It happened, and went wrong.
    Failed,
}

impl Meaning {
    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Running => "running",
            Self::NotStarted => "not started",
            Self::Failed => "failed",
        }
    }
}

/// The way back from a step.
#[derive(Clone, Debug)]
pub struct Undo {
    /// One line.
    pub title: Text,
    /// How much it can hurt.
    pub hazard: Hazard,
    /// The thing acted on; the step's own when absent.
    pub target: Option<Text>,
    /// What is lost.
    pub loses: Option<Text>,
    /// A call, or a statement for `manual`.
    pub act: Act,
    /// Where it stands.
    pub place: Place,
}

/// A known failure: how to recognise it, what it means, what helps.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Regular expression over the output of both streams.
    pub pattern: At<String>,
    /// What it means.
    pub means: Text,
    /// The step in `fixes` that helps.
    pub fix: Option<At<StepId>>,
}

/// A consequence that must be cleared.
#[derive(Clone, Debug)]
pub struct Raises {
    /// What must be cleared.
    pub note: Text,
    /// By whom.
    pub owner: Option<Text>,
    /// Until when.
    pub due: Option<Duration>,
}

/// An offered deferral.
#[derive(Clone, Debug)]
pub struct Defer {
    /// For how long.
    pub span: Duration,
    /// Why.
    pub why: Text,
}

/// Whom to call, and when.
#[derive(Clone, Debug)]
pub struct CallFor {
    /// Who.
    pub who: Text,
    /// After so many failures.
    pub after_failures: Option<u32>,
    /// After so long.
    pub after: Option<Duration>,
}

/// A decision: a plain choice, or a ladder where the first deciding answer wins.
#[derive(Clone, Debug)]
pub struct Decide {
    /// The question; the step's title when absent.
    pub question: Option<Text>,
    /// What can be decided, in written order.
    pub outcomes: Vec<Outcome>,
    /// The outcome for those who cannot tell.
    pub unsure: Option<At<String>>,
    /// Why that one.
    pub because: Option<Text>,
    /// Time allowed for deciding.
    pub within: Option<Duration>,
    /// Ordered questions.
    pub ladder: Vec<Question>,
    /// Suggested outcomes by condition; first match, never applied by itself.
    pub suggests: Vec<(Vec<Condition>, At<String>)>,
    /// What does not count as evidence.
    pub not_enough: Option<Text>,
}

/// One outcome of a decision.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its key.
    pub name: At<String>,
    /// One line.
    pub title: Text,
    /// What it means.
    pub means: Option<Text>,
    /// What it costs.
    pub costs: Option<Text>,
    /// Where it leads besides conditions on it.
    pub then: Option<Then>,
}

/// Where an outcome leads besides conditions on it.
#[derive(Clone, Debug)]
pub enum Then {
    /// This run closes as "continued in" that runbook.
    Go {
        /// `system/name` or `name`.
        runbook: At<String>,
        /// Values handed over.
        with: Vec<(At<String>, Text)>,
    },
    /// The run stops.
    Stop(StopAs),
    /// That step and the later ones in force are opened again.
    Again(At<StepId>),
}

/// How a run stops on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopAs {
    /// It did not reach its goal.
    Failed,
    /// Somebody else goes on.
    HandedOver,
}

impl StopAs {
    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Failed => "as failed",
            Self::HandedOver => "handed over",
        }
    }
}

/// One question of a ladder.
#[derive(Clone, Debug)]
pub struct Question {
    /// The question.
    pub ask: Text,
    /// How to find out.
    pub how: Option<Text>,
    /// Where yes leads.
    pub yes: Leads,
    /// Where no leads.
    pub no: Leads,
    /// Where unsure leads.
    pub unsure: Leads,
    /// The evidence check.
    pub check: Option<Box<QuestionCheck>>,
    /// What does not count as evidence.
    pub not_enough: Option<Text>,
    /// Where it stands.
    pub place: Place,
}

/// Where an answer leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To the next question.
    Next,
    /// To this outcome.
    Outcome(String),
}

/// The evidence check of a question.
#[derive(Clone, Debug)]
pub struct QuestionCheck {
    /// What runs.
    pub call: Call,
    /// The first that matches suggests an answer.
    pub suggests: Vec<(Expect, Answer)>,
}

/// The answers of a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Cannot tell.
    Unsure,
}

/// A read-only call repeated until it answers as wanted.
#[derive(Clone, Debug)]
pub struct Wait {
    /// What runs each time.
    pub call: Call,
    /// Time between two calls.
    pub every: Duration,
    /// Good when this holds.
    pub until: Expect,
    /// Failed when this holds.
    pub fail: Option<Expect>,
    /// Exit codes borne for a while.
    pub tolerate: Vec<Tolerate>,
    /// So many good answers in a row.
    pub times: u32,
    /// Then this long.
    pub settle: Duration,
}

/// An exit code borne for a while.
#[derive(Clone, Debug)]
pub struct Tolerate {
    /// The exit codes.
    pub exit: Vec<i32>,
    /// For how long.
    pub span: Duration,
}

/// Resolved values by name. Secrets are never in it.
pub type Values = BTreeMap<String, String>;
