//! The ends of a command's output: pipes, or a pseudo-terminal that is nobody's controlling terminal.

use super::job::Io;
use super::spool::Stream;
use super::system::{Here, System};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{
    LocalModes, OptionalActions, OutputModes, Winsize, tcgetattr, tcsetattr, tcsetwinsize,
};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

/// Rows and columns of a pseudo-terminal: wide enough for tables, the same on every machine.
const SIZE: Winsize = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };

/// Both sides of a command's output.
pub(super) struct Streams {
    /// For the command.
    pub(super) stdout: OwnedFd,
    /// For the command.
    pub(super) stderr: OwnedFd,
    /// For the keeper.
    pub(super) readers: Vec<(Stream, File)>,
}

/// Opens them.
pub(super) fn connect(io: Io) -> io::Result<Streams> {
    match io {
        Io::Split => {
            let ((out, stdout), (err, stderr)) = (pipe()?, pipe()?);
            let readers = vec![(Stream::Out, out.into()), (Stream::Err, err.into())];
            Ok(Streams { stdout, stderr, readers })
        }
        Io::Merged => {
            let (reader, writer) = pipe()?;
            one(reader, writer)
        }
        Io::Pty => {
            let (master, slave) = open_pty()?;
            one(master, slave)
        }
    }
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = io::pipe()?;
    let reader = OwnedFd::from(reader);
    Here::widen(&reader);
    Ok((reader, writer.into()))
}

fn one(reader: OwnedFd, writer: OwnedFd) -> io::Result<Streams> {
    let stderr = writer.try_clone()?;
    Ok(Streams { stdout: writer, stderr, readers: vec![(Stream::Out, reader.into())] })
}

fn open_pty() -> io::Result<(OwnedFd, OwnedFd)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let slave = open(ptsname(&master, Vec::new())?, flags, Mode::empty())?;
    let mut modes = tcgetattr(&slave)?;
    modes.local_modes.remove(LocalModes::ECHO);
    // Otherwise every newline becomes two bytes, secrets of several lines stop matching, and the
    // terminal driver costs six sevenths of the throughput.
    modes.output_modes.remove(OutputModes::OPOST);
    tcsetattr(&slave, OptionalActions::Now, &modes)?;
    tcsetwinsize(&slave, SIZE)?;
    Ok((master, slave))
}
