//! A search on its way through a spool.

use super::cursor::slot;
use super::hits::Group;
use super::lines::Extent;
use super::pattern::Pattern;
use super::window::PIECE;
use super::window::Window;
use crate::exec::spool::MAGIC;
use crate::exec::spool::Stream;
use std::io;

/// How much is searched in one step.
const STEP: u64 = 64 << 10;

/// A line that is longer is searched in pieces of this size, which overlap.
const LONG: usize = 256 << 10;

/// The overlap: no longer match is found across two pieces.
const OVERLAP: usize = 4 << 10;

/// Where a search is.
#[derive(Debug)]
pub(super) struct Scan {
    pattern: Pattern,
    at: u64,
    lines: u64,
    /// The unfinished line of each stream.
    begun: [Begun; 2],
}

#[derive(Debug, Default)]
struct Begun {
    bytes: Vec<u8>,
    /// A piece that is no longer held had a hit.
    hit: bool,
}

impl Scan {
    pub fn new(pattern: Pattern) -> Self {
        Self { pattern, at: MAGIC.len() as u64, lines: 0, begun: Default::default() }
    }

    /// How far it is in the file.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// How many lines it has seen the end of.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Goes on a little, not beyond what is indexed, and returns what was found.
    pub fn step(&mut self, window: &mut Window, extent: &Extent) -> io::Result<Option<Group>> {
        let stop = extent.end.at.min(self.at + STEP);
        let mut found = None;
        while self.at < stop {
            let Some(frame) = window.frame(self.at)? else { break };
            let mut at = frame.content();
            while at < frame.next() {
                let left = usize::try_from(frame.next() - at).unwrap_or(PIECE);
                let Some(piece) = window.bytes(at, left)? else { return Ok(found) };
                at += piece.len() as u64;
                self.take(frame.stream, piece, &mut found);
            }
            self.at = frame.next();
        }
        Ok(found)
    }

    /// Returns which of the lines that have not ended have a hit.
    pub fn unfinished(&self, extent: &Extent) -> Vec<u64> {
        let numbered = extent.end.unfinished().zip(extent.end.lines..);
        let hits = numbered.filter(|((stream, _), _)| self.hit(*stream));
        hits.map(|(_, number)| number).collect()
    }

    fn hit(&self, stream: Stream) -> bool {
        let begun = &self.begun[slot(stream)];
        begun.hit || self.pattern.is_in(&begun.bytes)
    }

    /// Searches bytes of one stream. What has no newline yet is kept for later.
    fn take(&mut self, stream: Stream, mut piece: &[u8], found: &mut Option<Group>) {
        let mut add = |line| match found {
            Some(group) => group.add(line),
            None => *found = Some(Group::of(line)),
        };
        let begun = &mut self.begun[slot(stream)];
        if !begun.bytes.is_empty() {
            let first = memchr::memchr(b'\n', piece);
            begun.bytes.extend_from_slice(&piece[..first.unwrap_or(piece.len())]);
            let Some(end) = first else { return begun.shorten(&self.pattern) };
            if begun.hit || self.pattern.is_in(&begun.bytes) {
                add(self.lines);
            }
            begun.bytes.clear();
            begun.hit = false;
            self.lines += 1;
            piece = &piece[end + 1..];
        }
        let whole = memchr::memrchr(b'\n', piece).map_or(0, |last| last + 1);
        self.pattern.each_in(&piece[..whole], self.lines, add);
        self.lines += memchr::memchr_iter(b'\n', &piece[..whole]).count() as u64;
        begun.bytes.extend_from_slice(&piece[whole..]);
        begun.shorten(&self.pattern);
    }
}

impl Begun {
    fn shorten(&mut self, pattern: &Pattern) {
        if self.bytes.len() > LONG {
            self.hit = self.hit || pattern.is_in(&self.bytes);
            self.bytes.drain(..self.bytes.len() - OVERLAP);
        }
    }
}
