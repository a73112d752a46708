//! A face's hold on a keeper that it started itself.

use super::outcome_file;
use super::process;
use super::secret::Secrets;
use super::wire::{self, GO, ToFace};
use crate::outcome::{Outcome, Process};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a message that was sent may take; a keeper that dies in between ends the wait.
const ON_ITS_WAY: Duration = Duration::from_secs(5);

/// A command that waits at its gate. Dropped, it never runs, and its outcome says so.
#[derive(Debug)]
pub struct Held {
    /// The keeper, for the `started` record.
    pub keeper: Process,
    /// What becomes the command, for the same.
    pub child: Process,
    pub(super) gate: ChildStdin,
    pub(super) task: Task,
}

impl Held {
    /// Opens the gate. The caller has made its `started` record durable before this.
    pub fn release(mut self) -> Task {
        // A keeper that is gone has opened nothing: the task will be lost, which is the truth.
        let _ = self.gate.write_all(&[GO]);
        self.task
    }
}

/// A command that runs under a keeper. Dropping it changes nothing for the command.
#[derive(Debug)]
pub struct Task {
    folder: PathBuf,
    keeper: Process,
    messages: Receiver<Message>,
    captured: Secrets,
    outcome: Option<Box<Outcome>>,
    lost: Option<String>,
}

#[derive(Debug)]
enum Message {
    Captured(Secrets),
    Ended,
    Closed,
}

impl Task {
    pub(super) fn follow(
        folder: PathBuf,
        keeper: Process,
        from: ChildStdout,
        child: Child,
    ) -> Self {
        let (sender, messages) = channel();
        thread::spawn(move || listen(from, child, &sender));
        let (captured, outcome, lost) = (Secrets::new(), None, None);
        Self { folder, keeper, messages, captured, outcome, lost }
    }

    /// Returns the outcome once it is durable.
    pub fn poll(&mut self) -> Option<Outcome> {
        self.wait_timeout(Duration::ZERO)
    }

    /// Waits for the outcome, but not longer than this.
    pub fn wait_timeout(&mut self, patience: Duration) -> Option<Outcome> {
        // A patience beyond the clock is a day at a time: long enough to come back and ask again.
        let until = Instant::now() + patience.min(Duration::from_secs(24 * 60 * 60));
        while self.outcome.is_none() && self.lost.is_none() {
            match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Message::Captured(values)) => self.captured.extend(values),
                Ok(Message::Ended) => self.read_outcome("the outcome file is not there"),
                // The pipe may break for other reasons than its death, so the file is asked too.
                Ok(Message::Closed) | Err(RecvTimeoutError::Disconnected) => {
                    self.read_outcome("the keeper is gone and has left no outcome");
                }
                Err(RecvTimeoutError::Timeout) => break,
            }
        }
        self.outcome.as_deref().cloned()
    }

    /// Says why there will never be an outcome, once that is certain: the command's fate is unknown.
    pub fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// Takes the values of secret captures; they exist nowhere else. Complete once the outcome is there,
    /// whoever saw it first.
    pub fn take_secret_captures(&mut self) -> Secrets {
        if matches!(outcome_file::read(&self.folder), Ok(Some(_))) {
            // The keeper sent them before it wrote that file; they may still be on their way to us.
            let _ = self.wait_timeout(ON_ITS_WAY);
        }
        std::mem::take(&mut self.captured)
    }

    /// The keeper.
    pub fn keeper(&self) -> &Process {
        &self.keeper
    }

    fn read_outcome(&mut self, missing: &str) {
        match outcome_file::read(&self.folder) {
            Ok(Some(outcome)) => self.outcome = Some(Box::new(outcome)),
            Ok(None) if process::is_alive(&self.keeper) => {
                self.lost = Some("the keeper lives but speaks no more".to_owned());
            }
            Ok(None) => self.lost = Some(missing.to_owned()),
            Err(e) => self.lost = Some(format!("the outcome file cannot be read: {e}")),
        }
    }
}

/// Reads what the keeper says, then reaps it: a face that runs for days must not collect zombies.
fn listen(mut from: ChildStdout, mut child: Child, to: &Sender<Message>) {
    while let Ok(Some(message)) = wire::receive(&mut from) {
        let message = match message {
            ToFace::Captured { values } => Message::Captured(
                values.into_iter().map(|(name, value)| (name, value.into())).collect(),
            ),
            ToFace::Ended => Message::Ended,
            ToFace::Held { .. } | ToFace::Refused { .. } => continue,
        };
        // Nobody listens any more; the keeper is still reaped.
        let _ = to.send(message);
    }
    let _ = child.wait();
    let _ = to.send(Message::Closed);
}
