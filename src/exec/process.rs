//! Processes with an identity: a pid alone is never trusted, because pids are used again.

use super::system::{Here, Listed, System};
use crate::outcome::{Process, Survivor};
use rustix::process::Signal;
use std::io;

/// The variable that marks every process of an attempt, `RUN/ATTEMPT`.
pub const MARKER: &str = "RUTTER_RUN";

/// The longest command line that is kept of a survivor, in bytes.
const COMMAND_LIMIT: usize = 400;

/// Names the process that has this pid now.
pub fn identify(pid: i32) -> Option<Process> {
    Here::look(pid).map(|seen| named(&seen, &Here::boot()))
}

/// Tells whether this very process is still there and not a zombie.
pub fn is_alive(process: &Process) -> bool {
    process.boot == Here::boot()
        && Here::look(process.pid).is_some_and(|seen| seen.alive && seen.started == process.started)
}

/// Signals this very process; `NotFound` when it is gone.
pub fn signal(process: &Process, signal: Signal) -> io::Result<()> {
    if is_alive(process) {
        Here::signal(process, signal)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Which living processes belong to an attempt.
#[derive(Clone, Debug)]
pub struct Belonging<'a> {
    /// The command's first process: its group and session.
    pub child: &'a Process,
    /// The marker: `RUN/ATTEMPT`, or `RUN` for every attempt of the run.
    pub marker: &'a str,
    /// A process whose descendants all belong, itself excepted: the keeper.
    pub keeper: Option<i32>,
}

impl Belonging<'_> {
    /// Lists them, the command's first process included.
    pub fn living(&self) -> Vec<Listed> {
        let all = Here::all();
        let same_boot = self.child.boot == Here::boot();
        // A pid in use as a group is not given out again, so a stranger under this pid means that the
        // whole old group is gone.
        let stranger =
            all.iter().any(|p| p.pid == self.child.pid && p.started != self.child.started);
        let group_is_ours = same_boot && !stranger;
        let adopted = self.keeper.map(|keeper| descendants(keeper, &all)).unwrap_or_default();
        let me = i32::try_from(std::process::id()).unwrap_or(0);
        all.into_iter()
            .filter(|p| p.alive && p.pid != me && Some(p.pid) != self.keeper)
            .filter(|p| {
                let in_group = p.group == self.child.group || p.session == self.child.pid;
                (group_is_ours && in_group && p.started >= self.child.started)
                    || adopted.contains(&p.pid)
                    || self.carries_marker(p.pid)
            })
            .collect()
    }

    fn carries_marker(&self, pid: i32) -> bool {
        Here::variable(pid, MARKER).is_some_and(|value| {
            value
                .strip_prefix(self.marker.as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest.first() == Some(&b'/'))
        })
    }
}

/// Describes a process for a survivor list; `hide` masks secrets in its command line.
pub fn survivor(seen: &Listed, stays: bool, hide: impl Fn(&[u8]) -> String) -> Survivor {
    let mut command = hide(&Here::command_line(seen.pid));
    let cut = (0..=COMMAND_LIMIT.min(command.len())).rev().find(|at| command.is_char_boundary(*at));
    command.truncate(cut.unwrap_or(0));
    Survivor { process: named(seen, &Here::boot()), command, stays }
}

fn named(seen: &Listed, boot: &str) -> Process {
    Process { pid: seen.pid, group: seen.group, started: seen.started, boot: boot.to_owned() }
}

/// Every process below `root`, by walking parents.
fn descendants(root: i32, all: &[Listed]) -> Vec<i32> {
    let mut found = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        let children: Vec<i32> = all.iter().filter(|p| p.parent == parent).map(|p| p.pid).collect();
        let new: Vec<i32> = children.into_iter().filter(|pid| !found.contains(pid)).collect();
        found.extend(&new);
        parents.extend(new);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reused_pid_is_not_the_old_process() {
        let mut me = identify(i32::try_from(std::process::id()).unwrap()).unwrap();
        assert!(is_alive(&me));
        me.started += 1;
        assert!(!is_alive(&me));
    }

    #[test]
    fn another_boot_means_gone() {
        let mut me = identify(i32::try_from(std::process::id()).unwrap()).unwrap();
        me.boot = "another".into();
        assert!(!is_alive(&me));
        assert!(signal(&me, Signal::KILL).is_err());
    }

    #[test]
    fn descendants_are_walked_through_every_generation() {
        let row =
            |pid, parent| Listed { pid, parent, group: 0, session: 0, started: 0, alive: true };
        let all = [row(5, 1), row(6, 5), row(7, 6), row(8, 1)];
        assert_eq!(descendants(5, &all), vec![6, 7]);
    }
}
