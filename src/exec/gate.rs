//! The gate: a process that becomes the command, once and only if it is told to.
//!
//! It is the command's own pid, in its own session, before anything of the command exists. End of file
//! on its socket, for whatever reason, means that nothing runs.

use super::child_env;
use super::process;
use super::system::{Here, System};
use super::wire::{self, FromGate, GO, Load};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use signal_hook::consts::signal;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Runs the gate and ends the process; called by `main` for `rutter __gate`.
pub fn main() -> ! {
    // Nobody reads this code: the keeper knows from the socket what happened.
    std::process::exit(i32::from(hold().is_err()))
}

fn hold() -> io::Result<()> {
    // Close-on-exec, so that a successful exec is the end of file that the keeper waits for.
    let mut socket = UnixStream::from(fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?);
    rustix::process::setsid()?;
    Here::hide_memory();
    restore_signals()?;
    let stdin = receive_descriptor(&socket)?;
    let load: Load = wire::receive(&socket)?.ok_or(ErrorKind::UnexpectedEof)?;
    rustix::stdio::dup2_stdin(&stdin)?;
    drop(stdin);

    let me = i32::try_from(std::process::id()).map_err(|_| ErrorKind::InvalidData)?;
    let me = process::identify(me).ok_or(ErrorKind::NotFound)?;
    wire::send(&socket, &FromGate::Holding(me))?;
    let mut go = [0];
    socket.read_exact(&mut go)?;
    if go != [GO] {
        return Err(ErrorKind::InvalidData.into());
    }
    let reason = become_command(&load);
    wire::send(&socket, &FromGate::Failed(reason))
}

/// Gives signals their default meaning in the command: one that was ignored when Rutter was started (by
/// `nohup`, or a shell's `&`) would stay ignored, and the command could not be interrupted. A handler
/// is what exec resets; it has no other use here.
fn restore_signals() -> io::Result<()> {
    let unused = Arc::new(AtomicBool::new(false));
    for number in [
        signal::SIGINT,
        signal::SIGTERM,
        signal::SIGQUIT,
        signal::SIGHUP,
        signal::SIGUSR1,
        signal::SIGCHLD,
        signal::SIGXFSZ,
        signal::SIGTSTP,
    ] {
        signal_hook::flag::register(number, Arc::clone(&unused))?;
    }
    Ok(())
}

/// Executes the command. Returns only if that failed, with the reason.
fn become_command(load: &Load) -> String {
    let Some((program, words)) = load.words.split_first() else {
        return "there is no program to run".to_owned();
    };
    // Apart from exec, so that the reason can name the folder and not the program.
    if let Err(e) = std::env::set_current_dir(&load.cwd) {
        return format!("cannot enter the folder {}: {}", load.cwd.display(), plain(&e));
    }
    let mut command = Command::new(program);
    command.args(words);
    child_env::apply(&mut command, &load.remove, &load.set);
    let error = command.exec();
    match error.kind() {
        ErrorKind::NotFound if Path::new(program).exists() => {
            format!("cannot run `{program}`: its interpreter is missing")
        }
        ErrorKind::NotFound if program.contains('/') => format!("there is no program {program}"),
        ErrorKind::NotFound => format!("`{program}` was not found in PATH"),
        ErrorKind::ArgumentListTooLong => {
            format!("cannot run `{program}`: words and environment are too long for this system")
        }
        _ => format!("cannot run `{program}`: {}", plain(&error)),
    }
}

/// An error without Rust's "(os error 2)".
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Sends the descriptor that becomes the command's standard input.
pub(super) fn send_descriptor(socket: &UnixStream, stdin: &OwnedFd) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    let descriptors = [stdin.as_fd()];
    if !ancillary.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(ErrorKind::InvalidInput.into());
    }
    sendmsg(socket, &[IoSlice::new(&[0])], &mut ancillary, SendFlags::NOSIGNAL)?;
    Ok(())
}

fn receive_descriptor(socket: &UnixStream) -> io::Result<OwnedFd> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(socket, &mut [IoSliceMut::new(&mut byte)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    ancillary
        .drain()
        .find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
            _ => None,
        })
        .ok_or_else(|| ErrorKind::UnexpectedEof.into())
}
