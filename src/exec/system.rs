//! What a keeper needs from the operating system beyond POSIX, and the weaker answers where there is none.

use crate::outcome::Process;
use rustix::process::Signal;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

#[cfg(target_os = "linux")]
pub use super::linux::Linux as Here;
#[cfg(not(target_os = "linux"))]
pub use Portable as Here;

/// One process as the system lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its pid.
    pub pid: i32,
    /// Its parent's pid.
    pub parent: i32,
    /// Its process group.
    pub group: i32,
    /// Its session.
    pub session: i32,
    /// Its start time in clock ticks since boot; 0 where the system does not tell.
    pub started: u64,
    /// False for a zombie: it holds a pid and does nothing.
    pub alive: bool,
}

/// The calls that differ between systems, each with what it promises.
pub trait System {
    /// Names the current boot; empty where the system does not tell.
    fn boot() -> String;
    /// Looks one process up.
    fn look(pid: i32) -> Option<Listed>;
    /// Lists every process that this user may see.
    fn all() -> Vec<Listed>;
    /// Tells whether the environment that `pid` was started with holds `name`, and its value.
    fn variable(pid: i32, name: &str) -> Option<Vec<u8>>;
    /// Returns the words of a command line, as bytes with spaces between them.
    fn command_line(pid: i32) -> Vec<u8>;
    /// The program that this process runs, also when its file was replaced meanwhile.
    fn own_program() -> io::Result<PathBuf>;
    /// Makes orphaned descendants ours, so that a daemon cannot slip out of sight.
    fn adopt_orphans();
    /// Keeps this process's memory, which holds secrets, out of core files and from other processes.
    fn hide_memory();
    /// Reserves space on disk, so that writing that much later cannot fail for want of it.
    fn reserve(file: &File, len: u64) -> io::Result<()>;
    /// Makes a file that has no name, for a secret on standard input.
    fn nameless_file() -> io::Result<File>;
    /// Lets a pipe hold more than usual, so that a writer waits less often for its reader.
    fn widen(pipe: &OwnedFd);
    /// Nanoseconds since some fixed moment, counting through suspend where the system can.
    fn clock_ns() -> u64;
    /// Signals exactly this process, or fails with `NotFound` if it is not there any more.
    fn signal(process: &Process, signal: Signal) -> io::Result<()>;
}

/// POSIX only: no start times, no list of processes, so a reused pid cannot be told from the old one.
#[cfg(any(not(target_os = "linux"), test))]
#[derive(Debug)]
pub struct Portable;

#[cfg(any(not(target_os = "linux"), test))]
impl System for Portable {
    fn boot() -> String {
        String::new()
    }

    fn look(pid: i32) -> Option<Listed> {
        use rustix::process::{Pid, getpgid, test_kill_process};
        let id = Pid::from_raw(pid).filter(|_| pid > 0)?;
        test_kill_process(id).ok()?;
        let group = getpgid(Some(id)).map_or(0, |p| p.as_raw_nonzero().get());
        // Parent and session matter only among listed processes, and nothing is listed here.
        Some(Listed { pid, parent: 0, group, session: 0, started: 0, alive: true })
    }

    fn all() -> Vec<Listed> {
        Vec::new()
    }

    fn variable(_pid: i32, _name: &str) -> Option<Vec<u8>> {
        None
    }

    fn command_line(_pid: i32) -> Vec<u8> {
        Vec::new()
    }

    fn own_program() -> io::Result<PathBuf> {
        std::env::current_exe()
    }

    fn adopt_orphans() {}

    fn hide_memory() {}

    fn reserve(file: &File, len: u64) -> io::Result<()> {
        use std::io::{Seek, Write};
        let mut file = file;
        let zeros = vec![0; usize::try_from(len).unwrap_or(0)];
        file.write_all(&zeros)?;
        file.rewind()
    }

    fn nameless_file() -> io::Result<File> {
        use std::os::unix::fs::OpenOptionsExt;
        let name = format!("rutter-{}-{}", std::process::id(), Self::clock_ns());
        let path = std::env::temp_dir().join(name);
        let file = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        std::fs::remove_file(path)?;
        Ok(file)
    }

    fn widen(_pipe: &OwnedFd) {}

    fn clock_ns() -> u64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000
            + u64::try_from(now.tv_nsec).unwrap_or(0)
    }

    fn signal(process: &Process, signal: Signal) -> io::Result<()> {
        let pid = rustix::process::Pid::from_raw(process.pid).filter(|_| process.pid > 0);
        let pid = pid.ok_or(io::ErrorKind::NotFound)?;
        Ok(rustix::process::kill_process(pid, signal)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek, Write};

    #[test]
    fn the_fallback_sees_a_process_by_its_pid_alone() {
        use std::os::unix::process::CommandExt;
        // In a group of its own: in a container this test's own group may be one that has no number there.
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let seen = Portable::look(pid).unwrap();
        assert!(seen.alive && seen.group == pid, "{seen:?}");
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!(Portable::look(pid), None);
        assert_eq!(Portable::look(0), None);
        assert_eq!(Portable::look(i32::MAX), None);
        let gone = Process { pid: i32::MAX, group: 1, started: 0, boot: String::new() };
        assert!(Portable::signal(&gone, Signal::CONT).is_err());
        assert!(Portable::clock_ns() > 0);
    }

    #[test]
    fn both_systems_reserve_space_without_leaving_anything_in_it_to_be_read_as_content() {
        for (reserve, len) in
            [(Here::reserve as fn(&File, u64) -> io::Result<()>, 0), (Portable::reserve, 4096)]
        {
            let file = tempfile::tempfile().unwrap();
            reserve(&file, 4096).unwrap();
            assert_eq!(file.metadata().unwrap().len(), len);
            let mut writer = &file;
            writer.write_all(b"x").unwrap();
            assert_eq!(writer.stream_position().unwrap(), 1, "writing begins at the beginning");
        }
    }

    #[test]
    fn a_nameless_file_is_read_back_and_has_no_name() {
        for make in [Here::nameless_file as fn() -> io::Result<File>, Portable::nameless_file] {
            let mut file = make().unwrap();
            file.write_all(b"secret").unwrap();
            file.rewind().unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert_eq!(text, "secret");
            assert_eq!(std::os::unix::fs::MetadataExt::nlink(&file.metadata().unwrap()), 0);
        }
    }
}
