//! A piece of work, resolved: exactly what will be shown, hashed, and run.

use super::judgement;
use crate::engine::event::Edited;
use crate::engine::event::Part;
use crate::engine::event::Work;
use crate::engine::hazard;
use crate::engine::run::Run;
use crate::exec::job;
use crate::runbook::defined::{list_names, secret_names};
use crate::runbook::edited;
use crate::runbook::edited::EditError;
use crate::runbook::model::{Act, Call, Hazard, Io, Runbook, Shell, Step, Values};
use crate::runbook::resolve;
use crate::runbook::resolve::{Resolved, Scope};
use crate::runbook::template::Text;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// How long a read-only helper (probe, evidence check, fence) may take when nobody says otherwise.
const HELPER_TIMEOUT: Duration = Duration::from_secs(120);

/// Why a piece of work cannot be prepared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotPrepare {
    /// There is no such step, or no such part of it.
    #[error("{0} has nothing to run")]
    NothingToRun(Work),
    /// Values are not known yet.
    #[error("{} not known yet: {}", if names.len() == 1 { "a value is" } else { "values are" }, names.join(", "))]
    Missing {
        /// Their names.
        names: Vec<String>,
    },
}

/// A piece of work, resolved.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The work.
    pub work: Work,
    /// Its hazard: that of the step or of its undo, of a typed command at least `change`; every other part reads.
    pub hazard: Hazard,
    /// The thing acted on.
    pub target: Option<String>,
    /// What is lost.
    pub loses: Option<String>,
    /// The full command as a person could paste it; secrets by name.
    pub shown: String,
    /// SHA-256 of the resolved command.
    pub digest: String,
    /// What is expected, in words.
    pub expects: Vec<String>,
    /// Names of secrets it uses.
    pub secrets: BTreeSet<String>,
    /// Set when a person changed the command.
    pub edited: Option<Edited>,
    resolved: Resolved,
    pub(super) job: job::Job,
}

impl Prepared {
    /// Returns the text that a person may change: the words quoted, or the script.
    pub fn text(&self) -> String {
        edited::text(&self.resolved)
    }

    /// Returns the same in one line, unless a word has several: for reading beside a line that is typed anew.
    pub fn in_one_line(&self) -> String {
        edited::line(&self.resolved)
    }

    /// Returns the same work with a command that a person wrote. It is judged as the runbook's; what it may hold is for
    /// [`Driver::edit`](super::Driver::edit) to say.
    pub fn edit(&self, text: &str, why: &str) -> Result<Self, EditError> {
        let resolved = edited::edited(&self.resolved, text)?;
        let runbook = self
            .edited
            .as_ref()
            .map_or_else(|| self.shown.clone(), |before| before.runbook.clone());
        let mut changed = self.clone();
        changed.job.program = program(&resolved);
        changed.shown.clone_from(&resolved.shown);
        changed.digest.clone_from(&resolved.digest);
        changed.edited = Some(Edited { runbook, why: why.to_owned() });
        changed.resolved = resolved;
        changed.hazard = hazard::of_attempt(self.hazard, true);
        changed.job.read_only = changed.hazard == Hazard::Read;
        Ok(changed)
    }

    /// Returns the texts of the program itself: its words, or its script.
    pub(super) fn program_texts(&self) -> Vec<&str> {
        match &self.resolved.program {
            resolve::ResolvedProgram::Words(words) => words.iter().map(String::as_str).collect(),
            resolve::ResolvedProgram::Script { text, .. } => vec![text],
        }
    }

    /// Returns where the command is given a secret: in which variables, or as its input.
    pub(super) fn given_in(&self, secret: &str) -> Vec<String> {
        let is = |value: &resolve::ResolvedValue| matches!(value, resolve::ResolvedValue::Secret(name) if name == secret);
        let around = self.resolved.env.iter().chain(&self.resolved.files);
        let variables = around.filter(|(_, value)| is(value)).map(|(name, _)| name.clone());
        let input = match &self.resolved.stdin {
            resolve::ResolvedStdin::Value(value) if is(value) => Some("its input".to_owned()),
            _ => None,
        };
        variables.chain(input).collect()
    }
}

/// The folders and limits a job needs besides the runbook.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// `run.work`.
    pub work: PathBuf,
    /// The pinned runbook.
    pub runbook: PathBuf,
    /// Names removed from the inherited environment.
    pub env_remove: Vec<String>,
    /// The run's name.
    pub run: String,
}

fn call_of<'a>(runbook: &'a Runbook, step: &'a Step, part: &Part) -> Option<&'a Call> {
    let act_call = |act: &'a Act| match act {
        Act::Call(call) => Some(&**call),
        Act::Wait(wait) => Some(&wait.call),
        Act::Manual(_) | Act::Decide(_) => None,
    };
    match part {
        Part::Main => act_call(&step.act),
        Part::Probe => step.probe.as_ref().map(|probe| &probe.call),
        Part::Undo => step.undo.as_ref().and_then(|undo| act_call(&undo.act)),
        Part::Question(n) => match &step.act {
            Act::Decide(decide) => {
                let question = decide.ladder.get((*n as usize).checked_sub(1)?)?;
                question.check.as_ref().map(|check| &check.call)
            }
            _ => None,
        },
        Part::Fence => runbook.fence.as_ref().map(|fence| &fence.call),
    }
}

/// Resolves a piece of work with the values known now.
pub fn prepare(run: &Run, work: &Work, around: &Surroundings) -> Result<Prepared, CannotPrepare> {
    let runbook = run.plan().runbook();
    let planned =
        run.plan().step(&work.step).ok_or_else(|| CannotPrepare::NothingToRun(work.clone()))?;
    let step = &planned.step;
    let call = call_of(runbook, step, &work.part)
        .ok_or_else(|| CannotPrepare::NothingToRun(work.clone()))?;
    let values = run.values();
    let scope = Scope {
        values: &values,
        lists: &list_names(runbook),
        secrets: &secret_names(runbook),
        work: &around.work.to_string_lossy(),
        runbook_dir: &around.runbook.to_string_lossy(),
    };
    let resolved =
        resolve::resolve(call, &scope).map_err(|names| CannotPrepare::Missing { names })?;
    let mut missing = Vec::new();
    let mut job = job_of(&resolved, call, around);
    judge_by(&mut job, runbook, step, &work.part, &values, &mut missing);
    if work.part == Part::Main {
        let offers = run.plan().offers(&work.step).into_iter();
        job.offers = offers.map(|(name, json)| job::Offer { name, json }).collect();
    }
    let shown_text = |text: Option<&Text>| text.map(|t| t.render_known(&values));
    let undo = (work.part == Part::Undo).then_some(step.undo.as_deref()).flatten();
    let (hazard, target, loses) = match (&work.part, undo) {
        (Part::Undo, Some(undo)) => (
            undo.hazard,
            undo.target.as_ref().or(step.target.as_ref()),
            undo.loses.as_ref().or(step.loses.as_ref()),
        ),
        (Part::Main, _) => (step.hazard, step.target.as_ref(), step.loses.as_ref()),
        _ => (Hazard::Read, None, None),
    };
    if hazard > Hazard::Read
        && let Some(text) = target
        && let Err(names) = text.render(&values)
    {
        missing.extend(names.names);
    }
    if !missing.is_empty() {
        missing.sort();
        missing.dedup();
        return Err(CannotPrepare::Missing { names: missing });
    }
    job.read_only = hazard == Hazard::Read;
    job.io = match call.io {
        Io::Split => job::Io::Split,
        Io::Merged => job::Io::Merged,
        Io::Auto if judgement::reads_output(&job) => job::Io::Split,
        Io::Pty | Io::Auto => job::Io::Pty,
    };
    Ok(Prepared {
        work: work.clone(),
        hazard,
        target: shown_text(target),
        loses: shown_text(loses),
        shown: resolved.shown.clone(),
        digest: resolved.digest.clone(),
        expects: job.expect.iter().map(|e| e.words.clone()).collect(),
        secrets: secrets_of(&resolved),
        edited: None,
        resolved,
        job,
    })
}

fn value(value: &resolve::ResolvedValue) -> job::Value {
    match value {
        resolve::ResolvedValue::Text(text) => job::Value::Text(text.clone()),
        resolve::ResolvedValue::Secret(name) => job::Value::Secret(name.clone()),
    }
}

/// Names of the secrets a command is given.
pub(super) fn secrets_of(resolved: &Resolved) -> BTreeSet<String> {
    let stdin = match &resolved.stdin {
        resolve::ResolvedStdin::Value(value) => Some(value),
        resolve::ResolvedStdin::Null | resolve::ResolvedStdin::File(_) => None,
    };
    let around = resolved.env.iter().chain(&resolved.files).map(|(_, value)| value);
    around
        .chain(stdin)
        .filter_map(|value| match value {
            resolve::ResolvedValue::Secret(name) => Some(name.clone()),
            resolve::ResolvedValue::Text(_) => None,
        })
        .collect()
}

fn program(resolved: &Resolved) -> job::Program {
    match &resolved.program {
        resolve::ResolvedProgram::Words(words) => job::Program::Words(words.clone()),
        resolve::ResolvedProgram::Script { shell, text } => job::Program::Script {
            shell: match shell {
                Shell::Sh => "sh".into(),
                Shell::Bash => "bash".into(),
            },
            text: text.clone(),
        },
    }
}

/// Translates a resolved call; what judges it is added by whoever knows that.
pub(super) fn job_of(resolved: &Resolved, call: &Call, around: &Surroundings) -> job::Job {
    let stdin = match &resolved.stdin {
        resolve::ResolvedStdin::Null => job::Stdin::Null,
        resolve::ResolvedStdin::Value(v) => job::Stdin::Value(value(v)),
        resolve::ResolvedStdin::File(path) => job::Stdin::File(PathBuf::from(path)),
    };
    job::Job {
        run: around.run.clone(),
        attempt: String::new(),
        program: program(resolved),
        env: resolved.env.iter().map(|(name, v)| (name.clone(), value(v))).collect(),
        env_remove: around.env_remove.clone(),
        cwd: PathBuf::from(&resolved.cwd),
        stdin,
        files: resolved.files.iter().map(|(name, v)| (name.clone(), value(v))).collect(),
        private: PathBuf::new(),
        io: job::Io::Split,
        timeout_ms: call.timeout.map(|d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
        signal: match call.signal.as_deref() {
            Some("TERM") => job::Signal::Term,
            Some("QUIT") => job::Signal::Quit,
            _ => job::Signal::Int,
        },
        stays: call.stays,
        read_only: true,
        expect: Vec::new(),
        capture: Vec::new(),
        offers: Vec::new(),
        answers: Vec::new(),
        failures: Vec::new(),
        wait: None,
        task: PathBuf::new(),
        spool: PathBuf::new(),
        spool_cap: 0,
    }
}

/// What is expected, and exit 0 where nobody wrote anything.
fn expects(
    written: &[crate::runbook::model::Expect],
    values: &Values,
    missing: &mut Vec<String>,
) -> Vec<job::Expect> {
    if written.is_empty() {
        return vec![judgement::exit_0()];
    }
    written.iter().map(|e| judgement::expect(e, values, missing)).collect()
}

fn judge_by(
    job: &mut job::Job,
    runbook: &Runbook,
    step: &Step,
    part: &Part,
    values: &Values,
    missing: &mut Vec<String>,
) {
    let ms = |d: Duration| u64::try_from(d.as_millis()).unwrap_or(u64::MAX);
    job.timeout_ms = job.timeout_ms.or(Some(ms(HELPER_TIMEOUT)));
    match part {
        Part::Main => {
            job.timeout_ms = step.timeout.map(ms);
            job.expect = expects(&step.expect, values, missing);
            job.capture =
                step.capture.iter().map(|c| judgement::capture(c, values, missing)).collect();
            job.failures = step.failures.iter().map(|f| f.pattern.value.clone()).collect();
            if let Act::Wait(wait) = &step.act {
                job.expect.clear(); // `until` and `fail` judge a wait
                job.wait = Some(judgement::wait(wait, values, missing));
            }
        }
        Part::Probe => {
            let Some(probe) = &step.probe else { return };
            let answers = probe.answers.iter();
            job.answers = answers.map(|a| judgement::expect(&a.expect, values, missing)).collect();
            job.capture =
                probe.capture.iter().map(|c| judgement::capture(c, values, missing)).collect();
        }
        Part::Undo => job.expect = vec![judgement::exit_0()],
        Part::Question(n) => {
            let Act::Decide(decide) = &step.act else { return };
            let question = decide.ladder.get((*n as usize).saturating_sub(1));
            let Some(check) = question.and_then(|q| q.check.as_ref()) else { return };
            let suggests = check.suggests.iter();
            job.answers = suggests.map(|(e, _)| judgement::expect(e, values, missing)).collect();
        }
        Part::Fence => {
            let Some(fence) = &runbook.fence else { return };
            job.expect = expects(&fence.expect, values, missing);
        }
    }
}
