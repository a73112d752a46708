//! What a search of an output has found so far, and the way from one hit to the next.

use super::Output;
use super::hits::Group;
use super::hits::Hits;
use super::hits::Near;
use super::pattern::Pattern;

/// How many lines are read at once to find a hit among its neighbours.
const LINES: usize = 512;

/// The most of a line that is searched again.
const LONG: usize = 1 << 20;

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many lines have what is searched for.
    pub lines: u64,
    /// How much of the spool was searched, in hundredths; 100 is all that is there.
    pub percent: u8,
}

/// The hit that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Line(u64),
    /// In this line, beyond the end and on from the other one.
    Around(u64),
    /// The search has not come that far.
    NotYet,
    None,
}

impl Output {
    /// Searches for something else from now on, or for nothing.
    pub(super) fn look_for(&self, pattern: Option<&Pattern>) {
        self.searches.set(self.searches.get() + 1);
        self.shared.ask(|now| {
            now.search = pattern.map(|pattern| (self.searches.get(), pattern.clone()));
            now.hits = Hits::default();
            now.version += 1;
        });
    }

    /// Returns where the spool ends.
    pub(super) fn end(&self) -> u64 {
        self.extent.end.at
    }

    /// Returns the first hit in a line or behind it; from the beginning when there is none. `end` is how far the search
    /// must have come to say that.
    pub(super) fn at_or_after(&self, pattern: &Pattern, line: u64, end: u64) -> Next {
        let (near, first, complete) = {
            let now = self.shared.now();
            (now.hits.at_or_after(line), now.hits.at_or_after(0), now.searched(end))
        };
        let first_in = |near| match near {
            Near::Line(line) => line,
            Near::Inside(group) => self.first_in(pattern, group, line),
        };
        match (near.map(first_in), first.map(first_in)) {
            (Some(line), _) => Next::Line(line),
            (None, _) if !complete => Next::NotYet,
            (None, Some(line)) => Next::Around(line),
            (None, None) => Next::None,
        }
    }

    /// Returns the last hit before a line; from the end when there is none.
    pub(super) fn before(&self, pattern: &Pattern, line: u64, end: u64) -> Next {
        let (near, last, complete, lines) = {
            let now = self.shared.now();
            (now.hits.before(line), now.hits.before(u64::MAX), now.searched(end), now.hits.lines)
        };
        let last_in = |near| match near {
            Near::Line(line) => line,
            Near::Inside(group) => self.last_in(pattern, group, line),
        };
        if !complete && lines < line {
            return Next::NotYet;
        }
        match (near.map(last_in), last.map(last_in)) {
            (Some(line), _) => Next::Line(line),
            (None, _) if !complete => Next::NotYet,
            (None, Some(line)) => Next::Around(line),
            (None, None) => Next::None,
        }
    }

    /// Looks for the first hit in or behind a line, inside a group.
    fn first_in(&self, pattern: &Pattern, group: Group, line: u64) -> u64 {
        let mut at = line;
        while at < group.last {
            let lines = self.raw(at, LINES, LONG);
            if let Some(hit) = lines.iter().position(|raw| pattern.is_in(&raw.bytes)) {
                return (at + hit as u64).min(group.last);
            }
            at += LINES as u64;
        }
        group.last
    }

    /// Looks for the last hit before a line, inside a group.
    fn last_in(&self, pattern: &Pattern, group: Group, line: u64) -> u64 {
        let mut end = line;
        while end > group.first {
            let from = end.saturating_sub(LINES as u64).max(group.first);
            let lines = self.raw(from, usize::try_from(end - from).unwrap_or(LINES), LONG);
            if let Some(hit) = lines.iter().rposition(|raw| pattern.is_in(&raw.bytes)) {
                return from + hit as u64;
            }
            end = from;
        }
        group.first
    }
}
