//! Commands that run: launched behind the gate, watched, and taken in when their outcome is on disk.
#![expect(clippy::disallowed_methods, reason = "makes the task's own folders")]

use super::Driver;
use super::DriverError;
use super::place;
use super::prepare::Prepared;
use super::simulated;
use crate::engine::command::Command;
use crate::engine::event::AttemptId;
use crate::engine::event::Event;
use crate::exec::attach;
use crate::exec::attach::Look;
use crate::exec::spool;
use crate::outcome::{Ended, Outcome, Process, SpoolSummary};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A command whose end has not been recorded yet.
pub(super) struct Task {
    /// Its folder: outcome, requests.
    pub dir: PathBuf,
    /// Its spool.
    pub spool: PathBuf,
    /// Its keeper, once known.
    pub keeper: Process,
    /// The live connection to a keeper of this session; `None` after a resume.
    pub live: Option<attach::Task>,
}

impl Driver {
    /// Launches an intended attempt and opens its gate once `started` is on disk.
    pub(super) fn launch(
        &mut self,
        id: &AttemptId,
        seq: u64,
        prepared: &Prepared,
    ) -> Result<Vec<Event>, DriverError> {
        let slug = id.slug();
        let dir = self.place.task(seq);
        let spool = self.place.spool(seq, &slug);
        let mut job = prepared.job.clone();
        if let Err(reason) = self.play_instead(&mut job, id, prepared, &dir) {
            return self.could_not_start(id, &reason);
        }
        job.attempt.clone_from(&slug);
        job.task.clone_from(&dir);
        job.spool.clone_from(&spool);
        job.private = self.place.private(seq);
        job.spool_cap = place::spool_cap(&self.place.dir);
        let launched = fs::create_dir_all(&dir)
            .map_err(|e| e.to_string())
            .and_then(|()| place::private_folder(&job.private).map_err(|e| e.to_string()))
            .and_then(|()| {
                attach::launch(&self.exe, &job, &self.secrets).map_err(|e| e.to_string())
            });
        let held = match launched {
            Ok(held) => held,
            Err(reason) => return self.could_not_start(id, &reason),
        };
        let (keeper, child) = (held.keeper.clone(), held.child.clone());
        let started = Command::Started { id: id.clone(), keeper: keeper.clone(), child };
        // A failure here drops `held`: the gate stays shut and the keeper says so.
        let events = self.must(&started)?;
        // If the keeper went away between two breaths, its outcome file, or the lack of one, says what happened.
        let live = Some(held.release());
        self.tasks.insert(id.clone(), Task { dir, spool, keeper, live });
        Ok(events)
    }

    fn could_not_start(&mut self, id: &AttemptId, reason: &str) -> Result<Vec<Event>, DriverError> {
        let reason = self.redact(reason);
        let outcome = Box::new(nothing_ran(Ended::CouldNotStart { reason }));
        self.must(&Command::Ended { id: id.clone(), outcome, recovered: false })
    }

    /// Handles a command that reports a fact: the engine may not refuse it.
    pub(super) fn must(&mut self, command: &Command) -> Result<Vec<Event>, DriverError> {
        self.handle(command)?.map_err(|refusal| DriverError::Corrupt(refusal.to_string()))
    }

    /// Takes in what happened since the last call, or since the run was left: outcomes, lost keepers, notes and requests from other terminals.
    ///
    /// Never waits. Faces call it between two looks at the keyboard.
    pub fn pump(&mut self) -> Result<Vec<Event>, DriverError> {
        let mut news = std::mem::take(&mut self.meanwhile);
        news.extend(self.take_inbox()?);
        let ids: Vec<AttemptId> = self.tasks.keys().cloned().collect();
        for id in ids {
            news.extend(self.look_at(&id)?);
        }
        Ok(news)
    }

    fn look_at(&mut self, id: &AttemptId) -> Result<Vec<Event>, DriverError> {
        let Some(task) = self.tasks.get_mut(id) else { return Ok(Vec::new()) };
        let seen = match task.live.as_mut().and_then(attach::Task::poll) {
            Some(outcome) => Look::Outcome(Box::new(outcome)),
            None => attach::look(&task.dir, &task.keeper).unwrap_or(Look::Alive),
        };
        match seen {
            Look::Alive => Ok(Vec::new()),
            Look::Outcome(outcome) => self.take_in(id, outcome),
            Look::Gone => {
                let last_lines = last_lines(&task.spool);
                let story_ns = simulated::unseen(&task.dir);
                self.tasks.remove(id);
                let reason = "the keeper is gone and left no outcome".to_owned();
                self.must(&Command::Lost { id: id.clone(), reason, last_lines, story_ns })
            }
        }
    }

    fn take_in(
        &mut self,
        id: &AttemptId,
        mut outcome: Box<Outcome>,
    ) -> Result<Vec<Event>, DriverError> {
        let task = self.tasks.remove(id);
        if let Some(seq) = self.seqs.get(id) {
            outcome.spool.file = place::RunPlace::spool_name(*seq, &id.slug());
            // The folder for made files is empty by now; a left-over file keeps it, and `verify` does not mind.
            let _ = fs::remove_dir(self.place.private(*seq));
        }
        if let Some(task) = &task {
            simulated::told(&task.dir, &mut outcome);
        }
        let captured = task.and_then(|task| task.live).map(|mut live| live.take_secret_captures());
        // Also after a resume: what had ended by then was taken in by it, and the rest is watched from there on.
        let events = self.must(&Command::Ended { id: id.clone(), outcome, recovered: false })?;
        for (name, value) in captured.into_iter().flatten() {
            self.secrets.insert(name, value);
        }
        self.log.know_secrets(&self.secrets);
        Ok(events)
    }

    /// Asks the keeper to interrupt a command. The answer is the outcome.
    pub fn interrupt(&mut self, id: &AttemptId) -> Result<super::Answer, DriverError> {
        let answer = self.handle(&Command::Interrupt { id: id.clone() })?;
        if answer.is_ok()
            && let Some(task) = self.tasks.get(id)
        {
            attach::interrupt(&task.dir, &task.keeper)
                .map_err(|error| DriverError::Io { what: "asking the keeper".into(), error })?;
        }
        Ok(answer)
    }

    /// Attempts that run now.
    pub fn running(&self) -> Vec<AttemptId> {
        self.tasks.keys().cloned().collect()
    }

    /// Refuses to repeat work while processes of an earlier attempt at it live, unless they were left on purpose.
    pub(super) fn refuse_while_alive(
        &self,
        work: &crate::engine::event::Work,
    ) -> Result<(), DriverError> {
        let mut alive = Vec::new();
        for (id, child) in self.children.iter().filter(|(id, _)| id.work == *work) {
            let outcome = self.run.attempt(id).and_then(|attempt| attempt.outcome());
            let stays = outcome.is_some_and(|o| o.survivors.iter().any(|s| s.stays));
            if stays {
                continue;
            }
            let marker = format!("{}/{}", self.name(), id.slug());
            for survivor in attach::orphans(&marker, child) {
                let command = self.redact(&survivor.command);
                alive.push(format!("pid {} ({command}) is still running", survivor.process.pid));
            }
        }
        if alive.is_empty() {
            return Ok(());
        }
        Err(DriverError::StillAlive { work: work.clone(), alive })
    }
}

/// The last lines a spool holds, safe for people.
pub(super) fn last_lines(spool: &Path) -> Vec<String> {
    const MOST: usize = 5;
    spool::last_lines(spool, MOST).unwrap_or_default()
}

/// An outcome that says that provably nothing ran.
pub(super) fn nothing_ran(ended: Ended) -> Outcome {
    Outcome {
        ended,
        took_ns: 0,
        story_ns: None,
        verdicts: Vec::new(),
        captures: BTreeMap::new(),
        failures: Vec::new(),
        answered: None,
        spool: SpoolSummary::default(),
        survivors: Vec::new(),
        last_lines: Vec::new(),
        notes: Vec::new(),
    }
}
