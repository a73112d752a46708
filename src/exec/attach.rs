//! What a face can do with a keeper: start one, look at one, ask one to interrupt, find what is left of one.

use super::job::Job;
use super::process::{self, Belonging, survivor};
pub use super::secret::Secrets;
use super::secret::exposed;
pub use super::task::{Held, Task};
pub use super::task_files::{Event, Request, events};
use super::task_files::{LOG, ask};
use super::wake::KNOCK;
use super::wire::{self, Order, ToFace};
use super::{durable, outcome_file};
use crate::outcome::{Outcome, Process, Survivor};
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Why nothing was started; provably nothing ran.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The task's folder could not be made ready.
    #[error("cannot use the folder {folder}: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// Why.
        source: io::Error,
    },
    /// No keeper could be started.
    #[error("cannot start the process that keeps the command: {0}")]
    Keeper(io::Error),
    /// The keeper said no, with the reason.
    #[error("{0}")]
    Refused(String),
    /// The keeper ended without a word; its log may say why.
    #[error("the process that keeps the command ended at once; see {0}")]
    Silent(String),
}

/// What is known of a task from outside.
#[derive(Debug)]
pub enum Look {
    /// It has ended, and this is how.
    Outcome(Box<Outcome>),
    /// Its keeper lives.
    Alive,
    /// Its keeper is gone without an outcome: what happened is unknown.
    Gone,
}

/// Starts a keeper for `job` and returns when the command is held at its gate.
///
/// `exe` is this program. Whoever gets the [`Held`] makes its `started` record durable and then releases.
pub fn launch(exe: &Path, job: &Job, secrets: &Secrets) -> Result<Held, LaunchError> {
    let folder = |source| LaunchError::Folder { folder: job.task.display().to_string(), source };
    durable::private_folder(&job.task).map_err(folder)?;
    let log = job.task.join(LOG);
    let stderr = durable::append(&log).map_err(folder)?;
    let mut child = Command::new(exe)
        .arg("__keeper")
        .arg(&job.task)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(stderr)
        // Rutter inside a step of another run: its commands are not that step's.
        .env_remove(process::MARKER)
        .spawn()
        .map_err(LaunchError::Keeper)?;
    let (Some(mut gate), Some(mut from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(LaunchError::Silent(log.display().to_string()));
    };
    let order = Order { job: job.clone(), secrets: exposed(secrets) };
    // A keeper that died while it was being told says why in its log, not in our broken pipe.
    let answer = wire::send(&mut gate, &order).and_then(|()| wire::receive(&mut from));
    match answer {
        Ok(Some(ToFace::Held { keeper, child: held })) => {
            let task = Task::follow(job.task.clone(), keeper.clone(), from, child);
            Ok(Held { keeper, child: held, gate, task })
        }
        Ok(Some(ToFace::Refused { reason })) => {
            drop(gate);
            end(child);
            Err(LaunchError::Refused(reason))
        }
        _ => {
            drop(gate);
            end(child);
            Err(LaunchError::Silent(log.display().to_string()))
        }
    }
}

/// Waits for a keeper that has nothing to do any more.
fn end(mut child: Child) {
    let _ = child.wait();
}

/// Looks at a task whose keeper was started by anybody, also by a face that is gone.
pub fn look(task: &Path, keeper: &Process) -> io::Result<Look> {
    // Liveness first: a keeper that ends between the two questions has written its outcome before.
    let alive = process::is_alive(keeper);
    Ok(match outcome_file::read(task) {
        Ok(Some(outcome)) => Look::Outcome(Box::new(outcome)),
        Err(e) if e.kind() != io::ErrorKind::InvalidData => return Err(e),
        // An outcome that is not what a keeper wrote proves nothing, like none at all.
        Ok(None) | Err(_) if alive => Look::Alive,
        Ok(None) | Err(_) => Look::Gone,
    })
}

/// Asks a keeper to interrupt its command: the step's own signal first, a stronger one each further time.
pub fn interrupt(task: &Path, keeper: &Process) -> io::Result<()> {
    request(task, keeper, Request::Interrupt)
}

/// Leaves a request and knocks. `NotFound` when the keeper is gone: then there is nobody to ask.
pub fn request(task: &Path, keeper: &Process, request: Request) -> io::Result<()> {
    ask(task, request)?;
    process::signal(keeper, KNOCK)
}

/// Lists what lives of an attempt: the command's group and session, and whatever carries its marker.
///
/// `marker` is `RUN/ATTEMPT`, or `RUN` for all attempts of a run.
pub fn orphans(marker: &str, child: &Process) -> Vec<Survivor> {
    let living = Belonging { child, marker, keeper: None }.living();
    // Without the keeper there is no redactor, so of the words only the program is shown.
    let program = |line: &[u8]| {
        let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
        String::from_utf8_lossy(&line[..end]).into_owned()
    };
    living.iter().map(|seen| survivor(seen, false, program)).collect()
}
