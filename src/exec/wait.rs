//! When a repeated question has its answer. Told the time and what was seen, so that it is tested without either.

use super::job::Wait;
use std::time::{Duration, Instant};

/// So many unexpected exits in a row end a wait.
const BAD_IN_A_ROW: u32 = 3;

/// Between two polls, whatever the job says: a loop must not eat a processor.
const SHORTEST: Duration = Duration::from_millis(10);

/// What one poll showed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Poll {
    /// Its exit code; none if a signal ended it or it could not be started.
    pub(super) code: Option<i32>,
    /// `until` holds.
    pub(super) until: bool,
    /// `fail` holds.
    pub(super) fail: bool,
}

/// What to do after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Poll again.
    Again,
    /// It holds, often enough.
    Good,
    /// `fail` holds.
    Failed,
    /// Unexpected exits, too many in a row.
    Broken,
}

/// The memory of a wait.
#[derive(Debug)]
pub(super) struct Patience<'a> {
    wait: &'a Wait,
    good: u32,
    bad: u32,
    /// Since when each tolerated exit has been coming without a break.
    borne: Vec<Option<Instant>>,
}

impl<'a> Patience<'a> {
    /// Begins to wait.
    pub(super) fn new(wait: &'a Wait) -> Self {
        Self { wait, good: 0, bad: 0, borne: vec![None; wait.tolerate.len()] }
    }

    /// Takes in one poll.
    pub(super) fn after(&mut self, poll: Poll, now: Instant) -> Next {
        if poll.fail {
            return Next::Failed;
        }
        // Text printed on the way to a failure is no answer, unless the exit code is the question.
        let asks_exit = matches!(self.wait.until.select, super::job::Selector::Exit(_));
        if poll.until && (poll.code == Some(0) || asks_exit) {
            self.good += 1;
            self.bad = 0;
            self.borne.fill(None);
            return if self.good >= self.wait.times.max(1) { Next::Good } else { Next::Again };
        }
        self.good = 0;
        let tolerated = self.tolerates(poll.code, now);
        let bad = poll.code != Some(0) && !tolerated;
        self.bad = if bad { self.bad + 1 } else { 0 };
        if self.bad >= BAD_IN_A_ROW { Next::Broken } else { Next::Again }
    }

    /// When to poll next, for a poll begun at `begun`.
    pub(super) fn next_poll(&self, begun: Instant, now: Instant) -> Instant {
        let every = Duration::from_millis(self.wait.every_ms);
        let next = begun.checked_add(every).unwrap_or(now);
        next.max(now + SHORTEST)
    }

    fn tolerates(&mut self, code: Option<i32>, now: Instant) -> bool {
        let mut tolerated = false;
        for ((codes, for_ms), since) in self.wait.tolerate.iter().zip(&mut self.borne) {
            if code.is_some_and(|code| codes.contains(&code)) {
                let since = *since.get_or_insert(now);
                tolerated |= now.duration_since(since) < Duration::from_millis(*for_ms);
            } else {
                *since = None;
            }
        }
        tolerated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::job::{Expect, From, Selector};

    fn wait(select: Selector, times: u32, tolerate: Vec<(Vec<i32>, u64)>) -> Wait {
        let until = Expect { select, from: From::Stdout, compare: None, words: String::new() };
        Wait { every_ms: 1000, until, fail: None, tolerate, times, settle_ms: 0 }
    }

    fn text() -> Selector {
        Selector::Text("ready".into())
    }

    fn poll(code: i32, until: bool) -> Poll {
        Poll { code: Some(code), until, fail: false }
    }

    #[test]
    fn good_answers_count_only_in_a_row() {
        let wait = wait(text(), 2, Vec::new());
        let (mut patience, now) = (Patience::new(&wait), Instant::now());
        assert_eq!(patience.after(poll(0, true), now), Next::Again);
        assert_eq!(patience.after(poll(0, false), now), Next::Again);
        assert_eq!(patience.after(poll(0, true), now), Next::Again);
        assert_eq!(patience.after(poll(0, true), now), Next::Good);
    }

    #[test]
    fn the_third_unexpected_exit_in_a_row_ends_it_and_a_good_one_between_does_not_count() {
        let wait = wait(text(), 1, Vec::new());
        let (mut patience, now) = (Patience::new(&wait), Instant::now());
        assert_eq!(patience.after(poll(1, false), now), Next::Again);
        assert_eq!(patience.after(poll(1, false), now), Next::Again);
        assert_eq!(patience.after(poll(0, false), now), Next::Again);
        assert_eq!(patience.after(poll(1, false), now), Next::Again);
        assert_eq!(patience.after(poll(2, false), now), Next::Again);
        assert_eq!(
            patience.after(Poll { code: None, until: false, fail: false }, now),
            Next::Broken
        );
    }

    #[test]
    fn the_right_words_with_the_wrong_exit_are_no_answer() {
        let wait = wait(text(), 1, Vec::new());
        let mut patience = Patience::new(&wait);
        assert_eq!(patience.after(poll(1, true), Instant::now()), Next::Again);
    }

    #[test]
    fn an_exit_code_that_is_asked_for_is_an_answer() {
        let wait = wait(Selector::Exit(vec![3]), 1, Vec::new());
        let mut patience = Patience::new(&wait);
        assert_eq!(patience.after(poll(3, true), Instant::now()), Next::Good);
    }

    #[test]
    fn an_exit_is_borne_for_its_time_from_when_it_was_first_seen() {
        let wait = wait(text(), 1, vec![(vec![3], 5000)]);
        let (mut patience, start) = (Patience::new(&wait), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for second in 0..5 {
            assert_eq!(patience.after(poll(3, false), at(second)), Next::Again);
        }
        assert_eq!(patience.after(poll(0, false), at(5)), Next::Again, "a new count begins");
        for second in 6..11 {
            assert_eq!(patience.after(poll(3, false), at(second)), Next::Again);
        }
        assert_eq!(patience.after(poll(3, false), at(11)), Next::Again);
        assert_eq!(patience.after(poll(3, false), at(12)), Next::Again);
        assert_eq!(patience.after(poll(3, false), at(13)), Next::Broken);
    }

    #[test]
    fn a_failing_answer_ends_it_whatever_else_holds() {
        let wait = wait(text(), 1, Vec::new());
        let mut patience = Patience::new(&wait);
        let both = Poll { code: Some(0), until: true, fail: true };
        assert_eq!(patience.after(both, Instant::now()), Next::Failed);
    }

    #[test]
    fn a_slow_poll_is_followed_at_once_but_never_without_a_breath() {
        let wait = wait(text(), 1, Vec::new());
        let (patience, begun) = (Patience::new(&wait), Instant::now());
        let late = begun + Duration::from_secs(9);
        assert_eq!(patience.next_poll(begun, late), late + SHORTEST);
        assert_eq!(patience.next_poll(begun, begun), begun + Duration::from_secs(1));
    }
}
