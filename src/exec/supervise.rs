//! One running command: read what it writes, end it when it has to end, notice when it has ended.
//!
//! The end is its exit, never end of file: a grandchild may hold the output open for hours.

use super::intake::Intake;
use super::ladder::{self, Cause, Ladder};
use super::spool::Stream;
use super::start::Running;
use super::system::{Here, System};
use super::task_files::{Desk, Request};
use super::wake::Wake;
use crate::outcome::Ended;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process_group, waitid, waitpid,
};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

/// How long the output may stay open after the command has ended.
const DRAIN: Duration = Duration::from_millis(250);

/// How often children that the command left to us are reaped while it runs.
const REAP: Duration = Duration::from_millis(500);

/// Read at once; larger than a pipe, so one read empties it.
const CHUNK: usize = 128 << 10;

/// What a keeper watches with; one for all commands of an attempt.
pub(super) struct Watch {
    /// Signals.
    pub(super) wake: Wake,
    /// Requests and events.
    pub(super) desk: Desk,
    /// How it is made to end.
    pub(super) ladder: Ladder,
    /// Where output goes.
    pub(super) intake: Intake,
    /// When the gate was opened.
    pub(super) opened_ns: u64,
    buffer: Vec<u8>,
    /// A signal came since requests were last taken, and since children were last reaped.
    woken: (bool, bool),
    reaped: Instant,
}

/// How a command's first process ended; it is still a zombie, so that its group cannot be mistaken.
pub(super) struct Seen {
    /// As its parent sees it.
    pub(super) ended: Ended,
    /// When, by the system's clock.
    pub(super) at_ns: u64,
    /// Its output was still open after the drain window.
    pub(super) held_open: bool,
}

impl Watch {
    /// Starts the clocks: the gate has just been opened.
    pub(super) fn new(wake: Wake, desk: Desk, ladder: Ladder, intake: Intake) -> Self {
        let (opened_ns, reaped) = (Here::clock_ns(), Instant::now());
        Self {
            wake,
            desk,
            ladder,
            intake,
            opened_ns,
            buffer: vec![0; CHUNK],
            woken: (true, true),
            reaped,
        }
    }

    /// Notes an event with its time.
    pub(super) fn note(&mut self, what: String) {
        self.desk.note(Here::clock_ns().saturating_sub(self.opened_ns), what);
    }

    /// Follows one command to its end.
    pub(super) fn follow(&mut self, running: &mut Running) -> io::Result<Seen> {
        let mut end: Option<(Ended, u64, Instant)> = None;
        loop {
            self.look();
            if end.is_none() {
                end = peek(running.pid)?.map(|e| (e, Here::clock_ns(), Instant::now()));
            }
            let until = if let Some((_, _, at)) = &end {
                if running.readers.is_empty() || at.elapsed() >= DRAIN {
                    break;
                }
                Some(*at + DRAIN)
            } else {
                self.climb(running.pid);
                self.reap_adopted(running.pid);
                self.ladder.wants()
            };
            self.read_ready(&mut running.readers, until)?;
        }
        let held_open = !running.readers.is_empty();
        self.read_rest(&mut running.readers);
        let (ended, at_ns, _) = end.ok_or(ErrorKind::UnexpectedEof)?;
        Ok(Seen { ended, at_ns, held_open })
    }

    /// Waits without a command, for the next poll of a `wait`. True when it has to end instead.
    pub(super) fn pause(&mut self, until: Instant) -> io::Result<bool> {
        loop {
            self.look();
            self.take_requests();
            let now = Instant::now();
            // There is nothing to signal here: that a signal is due is enough.
            if self.ladder.climb(now).is_some() {
                return Ok(true);
            }
            if now >= until {
                return Ok(false);
            }
            let limit = self.ladder.wants().map_or(until, |wants| wants.min(until));
            self.read_ready(&mut Vec::new(), Some(limit))?;
        }
    }

    /// A folder is read and processes are listed only after a signal: a flood of output must not turn
    /// into a flood of both.
    fn look(&mut self) {
        if self.wake.clear() {
            self.woken = (true, true);
        }
    }

    fn take_requests(&mut self) {
        if !std::mem::take(&mut self.woken.0) {
            return;
        }
        for request in self.desk.take() {
            self.ladder.ask(request == Request::Stop, Instant::now());
        }
    }

    fn climb(&mut self, group: Pid) {
        self.take_requests();
        if let Some(signal) = self.ladder.climb(Instant::now()) {
            signal_group(group, signal);
            let why = match self.ladder.cause() {
                Some(Cause::Timeout) => "its time is up",
                _ => "on request",
            };
            let outlook = self.ladder.outlook();
            self.note(format!("{} sent, {why}; {outlook}", ladder::name(signal)));
        }
    }

    /// Reads every stream that has something, once; returns at `until` at the latest.
    fn read_ready(
        &mut self,
        readers: &mut Vec<(Stream, File)>,
        until: Option<Instant>,
    ) -> io::Result<()> {
        let timeout = until.map(|until| {
            // One millisecond late rather than a spin that is early.
            until.saturating_duration_since(Instant::now()) + Duration::from_millis(1)
        });
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let ready = {
            let mut fds: Vec<PollFd<'_>> =
                readers.iter().map(|(_, file)| PollFd::new(file, PollFlags::IN)).collect();
            fds.push(self.wake.poll_fd());
            match poll(&mut fds, timeout.as_ref()) {
                Ok(_) => fds.iter().map(|fd| !fd.revents().is_empty()).collect::<Vec<_>>(),
                Err(Errno::INTR) => return Ok(()),
                Err(e) => return Err(e.into()),
            }
        };
        let mut ready = ready.into_iter();
        readers.retain_mut(|(stream, file)| {
            !ready.next().unwrap_or(false) || self.read_once(*stream, file, CHUNK).is_some()
        });
        Ok(())
    }

    /// Reads what is in the pipes now: written before the drain window ended, so it counts.
    fn read_rest(&mut self, readers: &mut Vec<(Stream, File)>) {
        for (stream, file) in readers.iter_mut() {
            let waiting = rustix::io::ioctl_fionread(&*file).unwrap_or(0);
            let mut left = usize::try_from(waiting).unwrap_or(0);
            while left > 0 {
                match self.read_once(*stream, file, left.min(CHUNK)) {
                    Some(n) if n > 0 => left = left.saturating_sub(n),
                    _ => break,
                }
            }
        }
        readers.clear();
    }

    /// Reads at most `most` bytes; none at the end of the stream.
    fn read_once(&mut self, stream: Stream, file: &mut File, most: usize) -> Option<usize> {
        match file.read(&mut self.buffer[..most]) {
            Ok(0) => None,
            Ok(n) => {
                let at_ns = Here::clock_ns().saturating_sub(self.opened_ns);
                self.intake.take(stream, at_ns, &self.buffer[..n]);
                Some(n)
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => Some(0),
            // A pseudo-terminal says its end with an error.
            Err(_) => None,
        }
    }

    /// Reaps what the command's daemons left behind: a long command may leave thousands.
    fn reap_adopted(&mut self, leader: Pid) {
        if !self.woken.1 || self.reaped.elapsed() < REAP {
            return;
        }
        self.woken.1 = false;
        self.reaped = Instant::now();
        reap_zombies(Some(leader));
    }
}

/// Sends a signal to a group whose leader is not reaped, and lets a stopped one receive it.
pub(super) fn signal_group(group: Pid, signal: Signal) {
    // Fails only when nothing is left to signal.
    let _ = kill_process_group(group, signal);
    let _ = kill_process_group(group, Signal::CONT);
}

/// Reaps every dead child but `spared`, whose status belongs to duct.
pub(super) fn reap_zombies(spared: Option<Pid>) {
    let me = i32::try_from(std::process::id()).unwrap_or(0);
    for dead in Here::all().into_iter().filter(|p| p.parent == me && !p.alive) {
        let pid = Pid::from_raw(dead.pid).filter(|pid| Some(*pid) != spared);
        if let Some(pid) = pid {
            let _ = waitpid(Some(pid), WaitOptions::NOHANG);
        }
    }
}

/// Looks whether the leader has ended, without reaping it.
fn peek(leader: Pid) -> io::Result<Option<Ended>> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    let status = match waitid(WaitId::Pid(leader), options) {
        Err(Errno::INTR) => None,
        status => status?,
    };
    Ok(status.map(|status| match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Ended::Exit { code },
        (None, signal) => Ended::Signal { signal: signal.unwrap_or(0) },
    }))
}
