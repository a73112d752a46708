//! The one file with calls that only Linux has.

use super::system::{Listed, System};
use crate::outcome::Process;
use rustix::fs::{FallocateFlags, MemfdFlags, fallocate, memfd_create};
use rustix::process::{
    DumpableBehavior, Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal,
    set_child_subreaper, set_dumpable_behavior,
};
use rustix::time::{ClockId, clock_gettime};
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

/// What a pipe may hold: four of the keeper's reads.
const PIPE: usize = 512 << 10;

/// Linux with `/proc`.
#[derive(Debug)]
pub struct Linux;

impl System for Linux {
    fn boot() -> String {
        fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .map(|id| id.trim().to_owned())
            .unwrap_or_default()
    }

    fn look(pid: i32) -> Option<Listed> {
        // Bytes, not text: the name in brackets is whatever the process calls itself.
        parse_stat(pid, &fs::read(format!("/proc/{pid}/stat")).ok()?)
    }

    fn all() -> Vec<Listed> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter_map(Self::look)
            .collect()
    }

    fn variable(pid: i32, name: &str) -> Option<Vec<u8>> {
        let environ = fs::read(format!("/proc/{pid}/environ")).ok()?;
        environ.split(|byte| *byte == 0).find_map(|entry| {
            let rest = entry.strip_prefix(name.as_bytes())?;
            rest.strip_prefix(b"=").map(<[u8]>::to_vec)
        })
    }

    fn command_line(pid: i32) -> Vec<u8> {
        let mut line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        while line.last() == Some(&0) {
            line.pop();
        }
        line.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
        line
    }

    fn own_program() -> io::Result<PathBuf> {
        // An upgrade during a run leaves "rutter (deleted)"; the link itself still leads to the old file.
        let exe = std::env::current_exe()?;
        Ok(if exe.exists() { exe } else { PathBuf::from("/proc/self/exe") })
    }

    fn adopt_orphans() {
        // Without it a daemon is still found by session and marker, so a refusal is no reason to stop.
        let _ = set_child_subreaper(Some(getpid()));
    }

    fn hide_memory() {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }

    fn reserve(file: &File, len: u64) -> io::Result<()> {
        match fallocate(file, FallocateFlags::KEEP_SIZE, 0, len) {
            // A file system that cannot promise space cannot be made to; the write will tell.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => Ok(()),
            result => Ok(result?),
        }
    }

    fn nameless_file() -> io::Result<File> {
        Ok(memfd_create("rutter-stdin", MemfdFlags::CLOEXEC)?.into())
    }

    fn widen(pipe: &OwnedFd) {
        // Refused when this user has too many large pipes already: the usual size works too.
        let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE);
    }

    fn clock_ns() -> u64 {
        let now = clock_gettime(ClockId::Boottime);
        u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000
            + u64::try_from(now.tv_nsec).unwrap_or(0)
    }

    fn signal(process: &Process, signal: Signal) -> io::Result<()> {
        let pid = Pid::from_raw(process.pid).filter(|_| process.pid > 0);
        let pid = pid.ok_or(io::ErrorKind::NotFound)?;
        // The descriptor is taken before the check: from then on the pid cannot change its meaning.
        let fd = pidfd_open(pid, PidfdFlags::empty())?;
        let same = Self::look(process.pid).is_some_and(|seen| seen.started == process.started);
        if !same || process.boot != Self::boot() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(pidfd_send_signal(&fd, signal)?)
    }
}

/// Reads `/proc/PID/stat`; the name may hold spaces and brackets, so fields count from the last `)`.
fn parse_stat(pid: i32, stat: &[u8]) -> Option<Listed> {
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    let fields: Vec<&str> =
        std::str::from_utf8(&stat[end + 1..]).ok()?.split_whitespace().collect();
    Some(Listed {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        session: fields.get(3)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
        alive: !matches!(*fields.first()?, "Z" | "X"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_process_name_does_not_shift_the_fields() {
        let stat = b"7 (a) R 9 9) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0";
        let seen = parse_stat(7, stat).unwrap();
        assert_eq!((seen.parent, seen.group, seen.session, seen.started), (1, 7, 7, 4242));
        assert!(seen.alive);
    }

    #[test]
    fn this_process_is_found_with_its_variables_and_words() {
        let me = i32::try_from(std::process::id()).unwrap();
        let seen = Linux::look(me).unwrap();
        assert!(seen.started > 0 && seen.alive);
        assert!(Linux::all().contains(&seen));
        assert!(!Linux::command_line(me).is_empty());
        assert!(!Linux::boot().is_empty());
        assert_eq!(Linux::variable(me, "NO_SUCH_VARIABLE_HERE"), None);
    }

    #[test]
    fn a_signal_is_refused_when_the_start_time_is_another() {
        let pid = i32::try_from(std::process::id()).unwrap();
        let process = Process { pid, group: pid, started: 1, boot: Linux::boot() };
        let refused = Linux::signal(&process, Signal::KILL).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::NotFound);
    }
}
