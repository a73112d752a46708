//! What looks for the values that a parameter can have: a read-only command, resolved like a step's.
//!
//! No run is open then, so nothing of it is recorded; it is shown before it runs, and it runs in a folder of its own that
//! is gone afterwards. What it finds is offered to a person and never taken by itself.

use super::env;
use super::prepare;
use super::prepare::Surroundings;
use crate::exec::job;
use crate::runbook::defined::{list_names, secret_names};
use crate::runbook::filled::Filled;
use crate::runbook::model::{Definition, Runbook, Select, Values};
use crate::runbook::resolve;
use crate::runbook::resolve::Scope;
use crate::runbook::value::ValueType;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long a discovery may take: somebody waits for it.
pub const LONGEST: Duration = Duration::from_secs(10);

/// Where discoveries of one runbook run. Making one touches nothing.
#[derive(Clone, Debug)]
pub struct Bench {
    pub(super) exe: PathBuf,
    pub(super) folder: PathBuf,
    /// The runbook's files: there is no pinned copy yet.
    pub(super) files: Arc<[(String, Vec<u8>)]>,
    env_remove: Vec<String>,
}

/// A discovery, resolved: exactly what will be shown and run.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// The full command as a person could paste it; secrets by name.
    pub shown: String,
    /// SHA-256 of the resolved command: another one means that the values it needs have changed.
    pub digest: String,
    pub(super) job: job::Job,
    pub(super) select: Select,
    pub(super) kind: ValueType,
}

impl Bench {
    /// Says from which program, with which of these names of variables, and with which files of a runbook.
    pub fn new(
        exe: PathBuf,
        env_names: impl Iterator<Item = String>,
        files: Vec<(String, Vec<u8>)>,
    ) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let uid = rustix::process::geteuid().as_raw();
        let (pid, number) = (std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let folder = PathBuf::from(format!("/tmp/rutter-{uid}-form-{pid}-{number}"));
        Self { exe, folder, files: files.into(), env_remove: env::split(env_names).1 }
    }

    /// The folder a discovery runs in.
    pub(super) fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// The runbook's files while it runs.
    pub(super) fn runbook(&self) -> PathBuf {
        self.folder.join("runbook")
    }

    /// Resolves the discovery of a parameter with the values of a form. The error names what has to be given first.
    ///
    /// `None` when the parameter has none.
    pub fn discovery(
        &self,
        runbook: &Runbook,
        definition: &Definition,
        given: &Values,
        secrets: &BTreeSet<String>,
    ) -> Option<Result<Discovery, Vec<String>>> {
        let discover = definition.discover.as_ref()?;
        let (work, files) = (self.work(), self.runbook());
        let (work, files) = (work.to_string_lossy(), files.to_string_lossy());
        let mut given = given.clone();
        given.insert("run.work".into(), work.clone().into_owned());
        given.insert("runbook.dir".into(), files.clone().into_owned());
        let filled = Filled::new(runbook, &given);
        let scope = Scope {
            values: filled.known(),
            lists: &list_names(runbook),
            secrets: &secret_names(runbook),
            work: &work,
            runbook_dir: &files,
        };
        let resolved = match resolve::resolve(&discover.call, &scope) {
            Ok(resolved) => resolved,
            Err(missing) => return Some(Err(missing)),
        };
        // Secrets that have a source of their own are fetched inside a run, where that is recorded.
        let wanted = prepare::secrets_of(&resolved);
        let missing: Vec<String> = wanted.difference(secrets).cloned().collect();
        if !missing.is_empty() {
            return Some(Err(missing));
        }
        let around = Surroundings {
            work: self.work(),
            runbook: self.runbook(),
            env_remove: self.env_remove.clone(),
            run: "discovery".into(),
        };
        let job = prepare::job_of(&resolved, &discover.call, &around);
        let (select, kind) = (discover.select.clone(), definition.kind.clone());
        Some(Ok(Discovery {
            shown: resolved.shown,
            digest: resolved.digest,
            job: self.placed(job, &definition.name),
            select,
            kind,
        }))
    }

    fn placed(&self, mut job: job::Job, name: &str) -> job::Job {
        let most = u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX);
        job.attempt = format!("discover-{name}");
        job.timeout_ms = Some(job.timeout_ms.map_or(most, |own| own.min(most)));
        // Its answer is read, so a terminal must not be in between.
        job.io = job::Io::Split;
        job.private = self.folder.join("private");
        job.task = self.folder.join("task");
        job.spool = self.folder.join("output.spool");
        job.spool_cap = 1 << 20;
        job
    }
}
