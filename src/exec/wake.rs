//! What wakes a keeper: a child that ended, or a request. Every other signal is taken and ignored.

use rustix::event::{PollFd, PollFlags};
use signal_hook::consts::signal;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The signal that tells a keeper to look at its requests.
pub(super) const KNOCK: rustix::process::Signal = rustix::process::Signal::USR1;

/// A descriptor that becomes readable when something happened.
pub(super) struct Wake {
    reader: UnixStream,
}

impl Wake {
    /// Installs the signal handlers of a keeper.
    ///
    /// Hang-up, interrupt and terminate are aimed at whoever sits in front of a screen, or at everything
    /// when the machine goes down: a keeper that stays can still record how its command ended.
    /// A file-size limit must show as a failed write, not as death.
    pub(super) fn install() -> io::Result<Self> {
        let (reader, writer) = UnixStream::pair()?;
        reader.set_nonblocking(true)?;
        for number in [signal::SIGUSR1, signal::SIGCHLD] {
            signal_hook::low_level::pipe::register(number, writer.try_clone()?)?;
        }
        let unused = Arc::new(AtomicBool::new(false));
        for number in [
            signal::SIGHUP,
            signal::SIGINT,
            signal::SIGQUIT,
            signal::SIGTERM,
            signal::SIGTSTP,
            signal::SIGXFSZ,
        ] {
            signal_hook::flag::register(number, Arc::clone(&unused))?;
        }
        Ok(Self { reader })
    }

    /// For `poll`.
    pub(super) fn poll_fd(&self) -> PollFd<'_> {
        PollFd::new(&self.reader, PollFlags::IN)
    }

    /// Forgets what has happened so far and tells whether anything did; look at the world after this.
    pub(super) fn clear(&mut self) -> bool {
        let mut bytes = [0; 64];
        let mut woken = false;
        while matches!(self.reader.read(&mut bytes), Ok(n) if n > 0) {
            woken = true;
        }
        woken
    }
}
