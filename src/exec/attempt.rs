//! One attempt from the opened gate to its end: one command, or the same one again and again.

use super::files::Prepared;
use super::intake::Intake;
use super::job::{Expect, Job, Wait};
use super::judging;
use super::ladder::Cause;
use super::start::{self, Gated, Opened};
use super::streams;
use super::supervise::{Watch, reap_zombies};
use super::survivors;
use super::wait::{Next, Patience, Poll};
use crate::outcome::{Ended, Judged, Survivor, Verdict};
use std::io;
use std::time::{Duration, Instant};

/// An attempt under way.
pub(super) struct Attempt<'a> {
    /// What was ordered.
    pub(super) job: &'a Job,
    /// The same, made ready.
    pub(super) prepared: &'a Prepared,
    /// Everything it is watched with.
    pub(super) watch: Watch,
    /// What was left behind so far.
    pub(super) survivors: Vec<Survivor>,
}

/// How it ended.
pub(super) struct End {
    /// The way.
    pub(super) ended: Ended,
    /// When, by the system's clock.
    pub(super) at_ns: u64,
    /// The verdict of a `wait`; a single command is judged by what it was expected to do.
    pub(super) waited: Option<Verdict>,
}

/// Starts a gate for a job that is ready.
pub(super) fn gate(job: &Job, prepared: &Prepared) -> Result<Gated, String> {
    let stdin = prepared.stdin()?;
    let streams =
        streams::connect(job.io).map_err(|e| format!("cannot connect its output: {e}"))?;
    start::start(&job.task, &prepared.marker, &prepared.load, &stdin, streams)
        .map_err(|e| format!("cannot start the command's process: {e}"))
}

impl Attempt<'_> {
    /// Runs it to its end.
    pub(super) fn run(&mut self, first: Opened) -> io::Result<End> {
        match &self.job.wait {
            None => {
                let (ended, at_ns) = self.one(first)?;
                Ok(End { ended, at_ns, waited: None })
            }
            Some(wait) => self.wait(wait, first),
        }
    }

    /// One command, and everything that it leaves.
    fn one(&mut self, opened: Opened) -> io::Result<(Ended, u64)> {
        let mut running = match opened {
            Opened::Failed(reason) => {
                return Ok((Ended::CouldNotStart { reason }, super::now_ns()));
            }
            Opened::Running(running) => running,
        };
        let seen = self.watch.follow(&mut running)?;
        let intake: &Intake = &self.watch.intake;
        let left = survivors::settle(
            &running.child,
            running.pid,
            &self.prepared.marker,
            self.job.stays,
            |bytes| intake.hide(bytes),
        );
        running.reap()?;
        reap_zombies(None);
        if seen.held_open {
            let pids: Vec<_> = left.survivors.iter().map(|s| s.process.pid.to_string()).collect();
            let by = if pids.is_empty() { "nobody we can see".to_owned() } else { pids.join(", ") };
            self.watch.note(format!("its output was still held open when it had ended, by {by}"));
        }
        for pid in left.stubborn {
            self.watch.note(format!("process {pid} is still there after KILL"));
        }
        self.survivors.extend(left.survivors);
        let ended = match self.watch.ladder.cause() {
            Some(cause) => {
                self.watch.note(format!("it ended with {}", in_words(&seen.ended)));
                because(cause)
            }
            None => seen.ended,
        };
        Ok((ended, seen.at_ns))
    }

    fn wait(&mut self, wait: &Wait, first: Opened) -> io::Result<End> {
        let mut patience = Patience::new(wait);
        let mut opened = first;
        loop {
            let begun = Instant::now();
            self.watch.intake.begin_command();
            let (ended, at_ns) = self.one(opened)?;
            let code = match &ended {
                Ended::Exit { code } => Some(*code),
                Ended::Signal { .. } | Ended::CouldNotStart { .. } => None,
                _ => return Ok(cut_short(wait, ended, at_ns)),
            };
            let until = self.check(&wait.until, code);
            let fail = wait.fail.as_ref().map(|fail| self.check(fail, code));
            let poll = Poll {
                code,
                until: until.result == Judged::Passed,
                fail: fail.as_ref().is_some_and(|fail| fail.result == Judged::Passed),
            };
            let got = match patience.after(poll, Instant::now()) {
                Next::Again => None,
                Next::Good => {
                    let settled = Instant::now() + Duration::from_millis(wait.settle_ms);
                    if self.watch.pause(settled)? {
                        return Ok(cut_short(wait, self.why(), super::now_ns()));
                    }
                    let waited = Some(until);
                    return Ok(End { ended, at_ns: super::now_ns(), waited });
                }
                Next::Failed => fail.map(|fail| format!("{}: {}", fail.expected, fail.got)),
                Next::Broken => Some(format!("{}, three times running", in_words(&ended))),
            };
            if let Some(got) = got {
                let waited = Some(failed(&wait.until, got));
                return Ok(End { ended, at_ns, waited });
            }
            if self.watch.pause(patience.next_poll(begun, Instant::now()))? {
                return Ok(cut_short(wait, self.why(), super::now_ns()));
            }
            opened = match gate(self.job, self.prepared) {
                Ok(gated) => gated.open()?,
                Err(reason) => Opened::Failed(reason),
            };
        }
    }

    fn check(&self, expect: &Expect, code: Option<i32>) -> Verdict {
        judging::check(expect, code, &self.watch.intake)
    }

    fn why(&self) -> Ended {
        because(self.watch.ladder.cause().unwrap_or(Cause::Request))
    }
}

fn cut_short(wait: &Wait, ended: Ended, at_ns: u64) -> End {
    let got = format!("{} before it held", in_words(&ended));
    End { ended, at_ns, waited: Some(failed(&wait.until, got)) }
}

fn because(cause: Cause) -> Ended {
    match cause {
        Cause::Timeout => Ended::Timeout,
        Cause::Request => Ended::Interrupted,
    }
}

fn failed(expect: &Expect, got: String) -> Verdict {
    Verdict { expected: expect.words.clone(), got, result: Judged::Failed }
}

fn in_words(ended: &Ended) -> String {
    match ended {
        Ended::Exit { code } => format!("exit {code}"),
        Ended::Signal { signal } => format!("signal {signal}"),
        Ended::Timeout => "its time was up".to_owned(),
        Ended::Interrupted => "it was interrupted".to_owned(),
        Ended::CouldNotStart { reason } => reason.clone(),
        Ended::NeverReleased => "the gate was never opened".to_owned(),
    }
}
