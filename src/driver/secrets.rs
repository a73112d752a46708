//! Secrets: fetched when first needed, held in memory only, known to the redactor before they are used.
#![expect(clippy::disallowed_methods, reason = "reads secrets from the places the runbook names")]

use super::Driver;
use super::DriverError;
use super::judgement;
use super::prepare::Prepared;
use super::simulated;
use crate::engine::event::Part;
use crate::engine::event::Work;
use crate::exec::attach;
use crate::exec::attach::Secrets;
use crate::exec::job;
use crate::exec::redact;
use crate::outcome::{Captured, Ended, Outcome};
use crate::runbook::model::{SecretDef, SecretSource, StepId};
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::io;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// How long a command may take that prints a secret.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);

/// The longest secret, in bytes.
const LONGEST: u64 = 64 << 10;

/// Why a secret cannot be had. Never holds any part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It was captured or asked in an earlier session and lived in memory only.
    #[error("secret {name} is not in memory any more{}", step.as_ref().map_or(String::new(), |s| format!("; run step {s} again, it captures it")))]
    Gone {
        /// Its name.
        name: String,
        /// The step that captures it.
        step: Option<StepId>,
    },
    /// Its source gave nothing usable.
    #[error("secret {name}: {reason}")]
    Source {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// It has to be asked, and nobody asks here.
    #[error("secret {name} has to be typed: {prompt}")]
    Prompt {
        /// Its name.
        name: String,
        /// The question.
        prompt: String,
    },
}

/// Asks a person for a secret without echo; `None` when nobody can be asked.
pub type AskSecret<'a> = dyn FnMut(&str, &str) -> Option<SecretString> + 'a;

impl Driver {
    /// Takes a secret into memory and registers it with the redactor.
    pub fn hold_secret(&mut self, name: &str, value: SecretString) -> Result<(), SecretError> {
        redact::acceptable(&value)
            .map_err(|reason| SecretError::Source { name: name.into(), reason })?;
        self.secrets.insert(name.into(), value);
        self.log.know_secrets(&self.secrets);
        Ok(())
    }

    /// Hands all secrets over, for a face that lets the run go and means to come back.
    pub fn take_secrets(&mut self) -> Secrets {
        std::mem::take(&mut self.secrets)
    }

    /// Takes secrets back that were held before.
    pub fn give_secrets(&mut self, secrets: Secrets) {
        self.secrets = secrets;
        self.log.know_secrets(&self.secrets);
    }

    /// Names of the secrets that must be in memory before this work may start: its own, those of the fence that is
    /// checked before it, and every one that an earlier command of this run was given, so that no output can show one
    /// unmasked.
    pub fn secrets_wanted(&self, prepared: &Prepared) -> Vec<String> {
        let mut wanted: BTreeSet<String> = prepared.secrets.clone();
        let fence = Work { step: prepared.work.step.clone(), part: Part::Fence };
        let edited = prepared.edited.is_some();
        let fence = self.run.fence_first(&prepared.work, edited).then_some(&fence);
        for work in self.seqs.keys().map(|id| &id.work).chain(fence) {
            if let Ok(other) = self.prepare(work) {
                wanted.extend(other.secrets);
            }
        }
        wanted.into_iter().filter(|name| !self.secrets.contains_key(name)).collect()
    }

    pub(super) fn require_secrets(&self, prepared: &Prepared) -> Result<(), SecretError> {
        match self.secrets_wanted(prepared).into_iter().next() {
            None => Ok(()),
            Some(name) => Err(SecretError::Gone { step: self.captured_by(&name), name }),
        }
    }

    fn captured_by(&self, name: &str) -> Option<StepId> {
        let plan = self.run.plan();
        let step = plan
            .steps()
            .iter()
            .find(|planned| planned.step.capture.iter().any(|capture| capture.name.value == name));
        step.map(|planned| planned.id.clone())
    }

    /// Fetches every secret that this work wants and that has a source; asks for those that are typed.
    pub fn fetch_secrets(
        &mut self,
        prepared: &Prepared,
        ask: &mut AskSecret,
    ) -> Result<(), DriverError> {
        for name in self.secrets_wanted(prepared) {
            let value = self.fetch(&name, ask)?;
            self.hold_secret(&name, value)?;
        }
        Ok(())
    }

    fn fetch(&mut self, name: &str, ask: &mut AskSecret) -> Result<SecretString, DriverError> {
        if self.stage.is_some() {
            return Ok(simulated::secret(name));
        }
        let runbook = self.run.plan().runbook();
        let values = self.run.values();
        let bad = |reason: String| SecretError::Source { name: name.into(), reason };
        let Some(SecretDef { source, .. }) = runbook.secrets.iter().find(|s| s.name.value == name)
        else {
            let is_param = runbook.params.iter().find(|p| p.name.value == name);
            let Some(param) = is_param else {
                return Err(
                    SecretError::Gone { step: self.captured_by(name), name: name.into() }.into()
                );
            };
            let prompt = param.ask.as_ref().map_or(name.to_owned(), |t| t.render_known(&values));
            return ask(name, &prompt).ok_or_else(|| missing_prompt(name, &prompt));
        };
        match source {
            SecretSource::Env(variable) => Ok(from_env(&variable.value).map_err(bad)?),
            SecretSource::File(path) => {
                let path = path.render(&values).map_err(|e| bad(e.to_string()))?;
                Ok(from_file(&path).map_err(bad)?)
            }
            SecretSource::Prompt(text) => {
                let prompt = text.render_known(&values);
                ask(name, &prompt).ok_or_else(|| missing_prompt(name, &prompt))
            }
            SecretSource::Command(words, _) => {
                let rendered: Result<Vec<_>, _> = words.iter().map(|w| w.render(&values)).collect();
                let words = rendered.map_err(|e| bad(e.to_string()))?;
                self.ask_command(name, words)
            }
        }
    }

    /// Returns the secrets in memory, and those declared ones that are had without asking anybody or running anything.
    /// They are for comparing with what a person typed, and are not kept.
    pub(super) fn secrets_at_hand(&self) -> Secrets {
        let mut known = self.secrets.clone();
        if self.stage.is_some() {
            return known; // a rehearsal has no real ones
        }
        let values = self.run.values();
        for declared in &self.run.plan().runbook().secrets {
            let value = match &declared.source {
                SecretSource::Env(variable) => from_env(&variable.value).ok(),
                // A pipe would wait for somebody to write.
                SecretSource::File(path) => path
                    .render(&values)
                    .ok()
                    .filter(|path| Path::new(path).is_file())
                    .and_then(|path| from_file(&path).ok()),
                SecretSource::Prompt(_) | SecretSource::Command(..) => None,
            };
            if let Some(value) = value.filter(|value| redact::acceptable(value).is_ok()) {
                known.entry(declared.name.value.clone()).or_insert(value);
            }
        }
        known
    }

    /// Runs the command through a keeper of its own, so that its output is withheld like any captured secret.
    fn ask_command(&self, name: &str, words: Vec<String>) -> Result<SecretString, DriverError> {
        let bad = |reason: String| SecretError::Source { name: name.into(), reason };
        self.require_pinned()?;
        let task = self.place.dir.join("tasks").join(format!("secret-{name}"));
        let _ = std::fs::remove_dir_all(&task);
        std::fs::create_dir_all(&task)
            .map_err(|error| DriverError::Io { what: task.display().to_string(), error })?;
        let shown = words.first().cloned().unwrap_or_default();
        let job = secret_job(self.name(), name, words, &task, &self.place.work, &self.env_remove);
        let held =
            attach::launch(&self.exe, &job, &self.secrets).map_err(|e| bad(e.to_string()))?;
        let mut running = held.release();
        let outcome = running
            .wait_timeout(COMMAND_TIMEOUT + Duration::from_secs(5))
            .ok_or_else(|| bad(format!("{shown} did not end")))?;
        let value = running.take_secret_captures().remove(name);
        let _ = std::fs::remove_dir_all(&task);
        match value {
            Some(value) if outcome.passed() => Ok(value),
            _ => {
                Err(bad(format!("{shown} gave nothing usable: {}", why_not(name, &outcome))).into())
            }
        }
    }
}

/// Says why a command that should print a secret did not, without anything that it printed.
fn why_not(name: &str, outcome: &Outcome) -> String {
    match (&outcome.ended, outcome.captures.get(name)) {
        (Ended::Exit { code: 0 }, Some(Captured::Bad(why))) => why.clone(),
        (Ended::Exit { code }, _) => format!("it ended with exit {code}"),
        (Ended::Signal { signal }, _) => format!("it was ended by signal {signal}"),
        (Ended::Timeout, _) => "its time was up".into(),
        (Ended::Interrupted, _) => "it was interrupted".into(),
        (Ended::CouldNotStart { reason }, _) => format!("it could not be started: {reason}"),
        (Ended::NeverReleased, _) => "it was never started".into(),
    }
}

fn missing_prompt(name: &str, prompt: &str) -> DriverError {
    SecretError::Prompt { name: name.into(), prompt: prompt.into() }.into()
}

fn from_env(variable: &str) -> Result<SecretString, String> {
    let value = std::env::var(variable).map_err(|_| format!("the variable {variable} is not set"));
    value.map(Into::into)
}

fn from_file(path: &str) -> Result<SecretString, String> {
    let text = read_file(path).map_err(|e| format!("{path}: {e}"))?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).into())
}

/// Reads a secret, and no more than the longest that is one: a device has no end.
fn read_file(path: &str) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("it is longer than {LONGEST} bytes")));
    }
    Ok(text)
}

fn secret_job(
    run: &str,
    name: &str,
    words: Vec<String>,
    task: &Path,
    cwd: &Path,
    env_remove: &[String],
) -> job::Job {
    job::Job {
        run: run.into(),
        attempt: Work { step: StepId::new(format!("secret-{name}")), part: Part::Main }.to_string(),
        program: job::Program::Words(words),
        env: Vec::new(),
        env_remove: env_remove.to_vec(),
        cwd: cwd.into(),
        stdin: job::Stdin::Null,
        files: Vec::new(),
        private: task.join("private"),
        io: job::Io::Split,
        timeout_ms: u64::try_from(COMMAND_TIMEOUT.as_millis()).ok(),
        signal: job::Signal::Int,
        stays: false,
        read_only: true,
        expect: vec![judgement::exit_0()],
        capture: vec![job::Capture {
            name: name.into(),
            select: job::Selector::Text(r"(?s)\A(.*)\z".into()),
            from: job::From::Stdout,
            pattern: None,
            one_of: Vec::new(),
            max: usize::try_from(LONGEST).unwrap_or(usize::MAX),
            dash: true,
            success: false,
            list: false,
            secret: true,
            optional: false,
            default: None,
        }],
        offers: Vec::new(),
        answers: Vec::new(),
        failures: Vec::new(),
        wait: None,
        task: task.into(),
        spool: task.join("output.spool"),
        spool_cap: 1 << 20,
    }
}
