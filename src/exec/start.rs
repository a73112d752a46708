//! The keeper's side of the gate: start it through duct, hold it, open it.

use super::gate::send_descriptor;
use super::process::MARKER;
use super::spool::Stream;
use super::streams::Streams;
use super::system::{Here, System};
use super::wire::{self, FromGate, GO, Load};
use crate::outcome::Process;
use rustix::process::Pid;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

/// A command that waits at its gate. Dropped, it never runs.
pub(super) struct Gated {
    /// The gate, which becomes the command under the same pid.
    pub(super) child: Process,
    socket: UnixStream,
    handle: duct::Handle,
    readers: Vec<(Stream, File)>,
}

/// What opening the gate led to.
pub(super) enum Opened {
    /// The command runs.
    Running(Box<Running>),
    /// It could not be executed: nothing ran.
    Failed(String),
}

/// A command that runs. It has to be reaped.
pub(super) struct Running {
    /// Its first process; the leader of its group and session.
    pub(super) child: Process,
    /// The same, as the calls want it.
    pub(super) pid: Pid,
    /// The keeper's ends of its output.
    pub(super) readers: Vec<(Stream, File)>,
    handle: duct::Handle,
}

/// Starts the gate; it holds when this returns.
pub(super) fn start(
    task: &Path,
    marker: &str,
    load: &Load,
    stdin: &OwnedFd,
    streams: Streams,
) -> io::Result<Gated> {
    let (socket, theirs) = UnixStream::pair()?;
    let exe = Here::own_program()?;
    let Streams { stdout, stderr, readers } = streams;
    let expression = duct::cmd(exe, [Path::new("__gate"), task])
        .stdin_file(OwnedFd::from(theirs))
        .stdout_file(stdout)
        .stderr_file(stderr)
        .env(MARKER, marker)
        .unchecked();
    let handle = expression.start()?;
    // It owns copies of the command's ends: while it lives, end of file never comes.
    drop(expression);
    match holding(&socket, load, stdin) {
        Ok(child) if handle.pids() == [child.pid.unsigned_abs()] => {
            Ok(Gated { child, socket, handle, readers })
        }
        other => {
            // Closing the socket ends the gate, so this wait is short.
            drop(socket);
            handle.wait()?;
            Err(other.err().unwrap_or_else(|| ErrorKind::InvalidData.into()))
        }
    }
}

fn holding(socket: &UnixStream, load: &Load, stdin: &OwnedFd) -> io::Result<Process> {
    send_descriptor(socket, stdin)?;
    wire::send(socket, load)?;
    match wire::receive(socket)? {
        Some(FromGate::Holding(child)) => Ok(child),
        Some(FromGate::Failed(reason)) => Err(io::Error::other(reason)),
        None => Err(io::Error::new(ErrorKind::UnexpectedEof, "the gate ended before it held")),
    }
}

impl Gated {
    /// Opens the gate and waits until the command runs or could not be executed.
    pub(super) fn open(mut self) -> io::Result<Opened> {
        let killed = || Some(FromGate::Failed("the process at the gate was killed".to_owned()));
        let answer = match self.socket.write_all(&[GO]) {
            Ok(()) => match wire::receive(&self.socket) {
                // What we wrote was never read: the gate was not opened.
                Err(e) if e.kind() == ErrorKind::ConnectionReset => killed(),
                answer => answer?,
            },
            // The gate is gone, and nobody opened it.
            Err(_) => killed(),
        };
        if let Some(FromGate::Failed(reason)) = answer {
            self.handle.wait()?;
            return Ok(Opened::Failed(reason));
        }
        let pid = Pid::from_raw(self.child.pid).ok_or(ErrorKind::InvalidData)?;
        let Self { child, handle, readers, .. } = self;
        Ok(Opened::Running(Box::new(Running { child, pid, readers, handle })))
    }

    /// Leaves the gate closed for good and waits until its process is gone.
    pub(super) fn abandon(self) -> io::Result<()> {
        drop(self.socket);
        self.handle.wait().map(drop)
    }
}

impl Running {
    /// Takes the exit status and frees the pid; last of all, because until then the pid is ours.
    pub(super) fn reap(self) -> io::Result<std::process::ExitStatus> {
        Ok(self.handle.wait()?.status)
    }
}
