//! A discovery under way: in a thread and under a keeper, so that nobody who types waits for it.
#![expect(clippy::disallowed_methods, reason = "makes and removes the folder it runs in")]

use super::discovery::{Bench, Discovery};
use super::judgement;
use super::place;
use crate::exec::attach;
use crate::exec::attach::{Request, Secrets};
use crate::exec::spool::{Reader, Stream};
use crate::outcome::{Ended, Outcome};
use crate::runbook::offered;
use crate::runbook::value::ValueType;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is asked whether somebody wants it to end.
const LOOK: Duration = Duration::from_millis(50);

/// How long a keeper may take to end what its time limit has not ended.
const GRACE: Duration = Duration::from_secs(10);

/// How long is waited for a search that is dropped: whoever leaves should leave nothing behind.
const PARTING: Duration = Duration::from_secs(1);

/// What a masked secret begins with in what was kept of an output.
const MASK: &str = "‹secret:";

/// What a discovery came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It answered.
    Values {
        /// The values that do, as they will be kept, in the order of the answer.
        values: Vec<String>,
        /// So many others were no values of this type.
        unfit: usize,
    },
    /// It did not: why, in one line, without its secrets.
    Failed(String),
    /// It was ended on request.
    Ended,
}

/// A discovery that runs. Dropped, it is ended.
#[derive(Debug)]
pub struct Search {
    end: Arc<AtomicBool>,
    found: Receiver<Found>,
    over: bool,
}

impl Search {
    /// Starts it, and comes back at once.
    pub fn start(bench: &Bench, discovery: Discovery, secrets: Secrets) -> Self {
        let end = Arc::new(AtomicBool::new(false));
        let (sender, found) = channel();
        let (bench, wanted) = (bench.clone(), Arc::clone(&end));
        thread::spawn(move || {
            let found = search(&bench, discovery, &secrets, &wanted).unwrap_or_else(Found::Failed);
            let _ = fs::remove_dir_all(&bench.folder);
            // Nobody may listen any more.
            let _ = sender.send(found);
        });
        Self { end, found, over: false }
    }

    /// Returns what it came to, once.
    pub fn poll(&mut self) -> Option<Found> {
        match self.found.recv_timeout(Duration::ZERO) {
            Ok(found) => {
                self.over = true;
                Some(found)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) if self.over => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.over = true;
                Some(Found::Failed("it ended without a word".into()))
            }
        }
    }

    /// Asks it to end; its answer is [`Found::Ended`], or what it had found by then.
    pub fn end(&self) {
        self.end.store(true, Ordering::Relaxed);
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        if !self.over {
            self.end();
            let _ = self.found.recv_timeout(PARTING);
        }
    }
}

fn search(
    bench: &Bench,
    discovery: Discovery,
    secrets: &Secrets,
    end: &AtomicBool,
) -> Result<Found, String> {
    let Discovery { mut job, select, kind, .. } = discovery;
    job.expect = vec![judgement::exit_0()];
    make_ready(bench, &job.private)
        .map_err(|e| format!("{} cannot be used: {e}", bench.folder.display()))?;
    if end.load(Ordering::Relaxed) {
        return Ok(Found::Ended);
    }
    let held = attach::launch(&bench.exe, &job, secrets).map_err(|e| e.to_string())?;
    let mut task = held.release();
    let limit = job.timeout_ms.map_or(GRACE, Duration::from_millis) + GRACE;
    let (began, mut asked) = (Instant::now(), false);
    let outcome = loop {
        if let Some(outcome) = task.wait_timeout(LOOK) {
            break outcome;
        }
        if let Some(why) = task.lost() {
            return Err(why.to_owned());
        }
        if began.elapsed() > limit {
            return Err("it does not end".into());
        }
        if end.load(Ordering::Relaxed) && !asked {
            asked = true;
            attach::request(&job.task, task.keeper(), Request::Stop).map_err(|e| e.to_string())?;
        }
    };
    if outcome.ended == Ended::Interrupted {
        return Ok(Found::Ended);
    }
    if !outcome.passed() {
        return Err(why_not(&outcome));
    }
    if outcome.spool.truncated {
        return Err("its answer is longer than 1 MiB".into());
    }
    let text = answer(&job.spool, select.from).map_err(|e| format!("its answer is gone: {e}"))?;
    let found = offered::offered(&select.by, &text)?;
    Ok(fitting(found, &kind))
}

/// Makes the folder as it is for every discovery: empty, with the runbook's files beside it.
fn make_ready(bench: &Bench, private: &Path) -> io::Result<()> {
    if bench.folder.exists() {
        // Left by a search that was ended hard. That it is ours is asked before anything is removed.
        place::private_folder(&bench.folder)?;
        fs::remove_dir_all(&bench.folder)?;
    }
    place::private_folder(&bench.folder)?;
    place::private_folder(&bench.work())?;
    place::private_folder(private)?;
    for (path, bytes) in bench.files.iter() {
        place::pin(&bench.runbook(), path, bytes)?;
    }
    Ok(())
}

/// What it answered, as it was kept: secrets masked.
fn answer(spool: &Path, from: crate::runbook::model::From) -> io::Result<String> {
    use crate::runbook::model::From;
    let mut reader = Reader::open(spool)?;
    let mut bytes = Vec::new();
    while let Some(frame) = reader.next_frame()? {
        let wanted = match from {
            From::Stdout => frame.stream == Stream::Out,
            From::Stderr => frame.stream == Stream::Err,
            From::Both => true,
        };
        if wanted {
            bytes.extend(frame.bytes);
        }
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8"))
}

fn fitting(found: Vec<String>, kind: &ValueType) -> Found {
    let all = found.len();
    let fits = |value: String| kind.check(&value).ok().filter(|value| !value.contains(MASK));
    let values: Vec<String> = found.into_iter().filter_map(fits).collect();
    Found::Values { unfit: all - values.len(), values }
}

/// Why it did not answer: its end, and the last thing it said.
fn why_not(outcome: &Outcome) -> String {
    let end = match &outcome.ended {
        Ended::Exit { code } => format!("exit {code}"),
        Ended::Signal { signal } => format!("ended by signal {signal}"),
        Ended::Timeout => "stopped, for its time was up".into(),
        Ended::Interrupted => "ended".into(),
        Ended::CouldNotStart { reason } => return format!("it could not be started: {reason}"),
        Ended::NeverReleased => return "it was never started".into(),
    };
    match outcome.last_lines.last() {
        Some(last) => format!("{end}: {last}"),
        None => format!("{end}, and it said nothing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::value::Kind;

    #[test]
    fn only_values_of_the_type_are_offered_and_never_what_was_masked() {
        let found = ["db-a", "--help", "a\u{202e}b", "x\u{1b}[2J", "‹secret:password›"];
        let found = found.map(str::to_owned).to_vec();
        let text = ValueType::plain(Kind::Text);
        let wanted = Found::Values { values: vec!["db-a".into()], unfit: 4 };
        assert_eq!(fitting(found, &text), wanted);
    }

    #[test]
    fn why_it_failed_is_its_exit_and_the_last_thing_it_said() {
        let mut outcome = Outcome {
            ended: Ended::Exit { code: 3 },
            last_lines: vec!["warming up".into(), "not logged in".into()],
            ..crate::driver::tasks::nothing_ran(Ended::NeverReleased)
        };
        assert_eq!(why_not(&outcome), "exit 3: not logged in");
        outcome.ended = Ended::Timeout;
        outcome.last_lines.clear();
        assert_eq!(why_not(&outcome), "stopped, for its time was up, and it said nothing");
    }
}
