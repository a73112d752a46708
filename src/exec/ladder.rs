//! How a command is made to end: which signal comes next, and when. Told the time, so that it is tested without one.

use super::job;
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// Between one signal and the next stronger one.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// Why a command is being ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Its time is up.
    Timeout,
    /// Somebody asked for it.
    Request,
}

/// The signals that are left, and what makes the next one due.
#[derive(Debug)]
pub(super) struct Ladder {
    rungs: Vec<Signal>,
    sent: usize,
    due: Option<Instant>,
    by_itself: bool,
    deadline: Option<Instant>,
    cause: Option<Cause>,
}

impl Ladder {
    /// Starts with the job's own signal; the timeout counts from `now`.
    pub(super) fn new(first: job::Signal, timeout: Option<Duration>, now: Instant) -> Self {
        let first = match first {
            job::Signal::Int => Signal::INT,
            job::Signal::Term => Signal::TERM,
            job::Signal::Quit => Signal::QUIT,
        };
        let mut rungs = vec![first, Signal::TERM, Signal::KILL];
        rungs.dedup();
        // A timeout too large for the clock is no timeout.
        let deadline = timeout.and_then(|timeout| now.checked_add(timeout));
        Self { rungs, sent: 0, due: None, by_itself: false, deadline, cause: None }
    }

    /// Somebody asked for one signal, or for all of them in turn (`by_itself`).
    pub(super) fn ask(&mut self, by_itself: bool, now: Instant) {
        self.cause.get_or_insert(Cause::Request);
        self.by_itself |= by_itself;
        self.due = Some(now);
    }

    /// Returns the signal to send now, if one is due, and moves on.
    pub(super) fn climb(&mut self, now: Instant) -> Option<Signal> {
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            self.deadline = None;
            self.cause.get_or_insert(Cause::Timeout);
            self.by_itself = true;
            self.due.get_or_insert(now);
        }
        if self.due.is_none_or(|due| now < due) {
            return None;
        }
        let signal = self.next();
        self.sent += 1;
        self.due = self.by_itself.then(|| now + GRACE);
        signal
    }

    /// When to look again, at the latest.
    pub(super) fn wants(&self) -> Option<Instant> {
        [self.due, self.deadline].into_iter().flatten().min()
    }

    /// Why the command was signalled, once it was.
    pub(super) fn cause(&self) -> Option<Cause> {
        self.cause
    }

    /// What happens after the last signal, in words.
    pub(super) fn outlook(&self) -> String {
        let next = self.next().map(name).unwrap_or_default();
        if self.by_itself {
            format!("{next} follows in {} s", GRACE.as_secs())
        } else {
            format!("{next} only on a further request")
        }
    }

    /// The last rung has no end: a process in an uninterruptible call dies when the call returns.
    fn next(&self) -> Option<Signal> {
        self.rungs.get(self.sent).or(self.rungs.last()).copied()
    }
}

/// A signal's name without `SIG`.
pub(super) fn name(signal: Signal) -> &'static str {
    match signal {
        Signal::INT => "INT",
        Signal::TERM => "TERM",
        Signal::QUIT => "QUIT",
        Signal::KILL => "KILL",
        _ => "a signal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_climbs_by_itself_and_stays_at_kill() {
        let start = Instant::now();
        let mut ladder = Ladder::new(job::Signal::Int, Some(Duration::from_secs(5)), start);
        assert_eq!(ladder.climb(start + Duration::from_secs(4)), None);
        let mut now = start + Duration::from_secs(5);
        for signal in [Signal::INT, Signal::TERM, Signal::KILL, Signal::KILL] {
            assert_eq!(ladder.climb(now), Some(signal));
            assert_eq!(ladder.climb(now), None, "one signal at a time");
            assert_eq!(ladder.wants(), Some(now + GRACE));
            now += GRACE;
        }
        assert_eq!(ladder.cause(), Some(Cause::Timeout));
    }

    #[test]
    fn an_interrupt_sends_one_signal_and_asks_before_anything_stronger() {
        let now = Instant::now();
        let mut ladder = Ladder::new(job::Signal::Term, None, now);
        assert_eq!(ladder.climb(now), None);
        ladder.ask(false, now);
        assert_eq!(ladder.climb(now), Some(Signal::TERM));
        assert_eq!(ladder.wants(), None);
        assert_eq!(ladder.climb(now + GRACE * 100), None);
        ladder.ask(false, now);
        assert_eq!(ladder.climb(now), Some(Signal::KILL), "TERM is not sent twice");
        assert_eq!(ladder.cause(), Some(Cause::Request));
    }

    #[test]
    fn a_timeout_after_an_interrupt_goes_on_from_there_and_keeps_the_cause() {
        let start = Instant::now();
        let mut ladder = Ladder::new(job::Signal::Int, Some(Duration::from_secs(1)), start);
        ladder.ask(false, start);
        assert_eq!(ladder.climb(start), Some(Signal::INT));
        assert_eq!(ladder.climb(start + Duration::from_secs(1)), Some(Signal::TERM));
        assert_eq!(ladder.cause(), Some(Cause::Request));
    }

    #[test]
    fn an_endless_timeout_does_not_overflow_the_clock() {
        let ladder = Ladder::new(job::Signal::Int, Some(Duration::MAX), Instant::now());
        assert_eq!(ladder.wants(), None);
    }
}
