//! What a command leaves behind: named if that is its purpose, ended if it is not.

use super::process::{self, Belonging, survivor};
use super::supervise::reap_zombies;
use super::system::{Here, Listed, System};
use crate::outcome::{Process, Survivor};
use rustix::process::{Pid, Signal};
use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between TERM and KILL for what was left behind; nobody waits for it to do anything useful.
const GRACE: Duration = Duration::from_millis(500);

/// After KILL: what is still there then is in an uninterruptible call, and is listed as it is.
const LAST: Duration = Duration::from_secs(2);

/// For what is already ending by itself.
const GOING: Duration = Duration::from_millis(100);

/// Between two looks at the list of processes.
const LOOK: Duration = Duration::from_millis(10);

/// What was left, and what could not be ended.
pub(super) struct Left {
    /// Everything that was there.
    pub(super) survivors: Vec<Survivor>,
    /// Pids that are still there although they were not to be.
    pub(super) stubborn: Vec<i32>,
}

/// Lists what the command left, and ends it unless it `stays`.
///
/// The leader must not be reaped yet: its zombie keeps the group from being reused.
pub(super) fn settle(
    child: &Process,
    leader: Pid,
    marker: &str,
    stays: bool,
    hide: impl Fn(&[u8]) -> String,
) -> Left {
    let keeper = i32::try_from(std::process::id()).ok();
    let belonging = Belonging { child, marker, keeper };
    let mut left = belonging.living();
    // The last of a pipeline may be a few milliseconds behind the shell that started it.
    until_gone(&mut left, &belonging, leader, GOING, |_| ());
    let survivors: Vec<_> = left.iter().map(|seen| survivor(seen, stays, &hide)).collect();
    if stays {
        return Left { survivors, stubborn: Vec::new() };
    }
    for (signal, patience) in [(Signal::TERM, GRACE), (Signal::KILL, LAST)] {
        // New ones too, once each: what forks while it is being ended must not outrun us.
        let mut told = BTreeSet::new();
        until_gone(&mut left, &belonging, leader, patience, |seen| {
            if told.insert((seen.pid, seen.started)) {
                end(seen, signal);
            }
        });
    }
    Left { survivors, stubborn: left.iter().map(|seen| seen.pid).collect() }
}

fn until_gone(
    left: &mut Vec<Listed>,
    belonging: &Belonging<'_>,
    leader: Pid,
    patience: Duration,
    mut each: impl FnMut(&Listed),
) {
    let until = Instant::now() + patience;
    while !left.is_empty() && Instant::now() < until {
        left.iter().for_each(&mut each);
        sleep(LOOK);
        reap_zombies(Some(leader));
        *left = belonging.living();
    }
}

fn end(seen: &Listed, signal: Signal) {
    let Some(process) = process::identify(seen.pid).filter(|p| p.started == seen.started) else {
        return;
    };
    // Gone in the meantime is what was wanted.
    let _ = Here::signal(&process, signal);
    let _ = Here::signal(&process, Signal::CONT);
}
