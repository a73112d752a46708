//! Where lines begin and end in the frames of two streams.
//!
//! A line gets its number when it ends, so a number never changes while the spool grows: the order is that of the
//! newlines. A line that has not ended stands behind all that have; if both streams have one, the one begun first stands
//! first.

use super::window::Frame;
use crate::exec::spool::MAGIC;
use crate::exec::spool::Stream;

/// A byte of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The offset of its frame.
    pub frame: u64,
    /// How many bytes of that frame are before it.
    pub inner: u32,
}

/// What is known at the beginning of a frame: enough to go on from there without anything before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The offset of the frame.
    pub at: u64,
    /// How many lines have ended before it.
    pub lines: u64,
    /// Where the unfinished line of each stream began.
    pub begun: [Option<Place>; 2],
}

/// The number of a stream in tables of both.
pub(super) fn slot(stream: Stream) -> usize {
    match stream {
        Stream::Out => 0,
        Stream::Err => 1,
    }
}

impl Cursor {
    /// The beginning of a spool.
    pub const START: Self = Self { at: MAGIC.len() as u64, lines: 0, begun: [None; 2] };

    /// Goes over bytes of a frame without looking at every line in them.
    pub fn pass(&mut self, frame: &Frame, inner: u32, bytes: &[u8]) {
        let begun = &mut self.begun[slot(frame.stream)];
        let place = |after: usize| Place { frame: frame.at, inner: inner + short(after) };
        match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                self.lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
                *begun = (last + 1 < bytes.len()).then(|| place(last + 1));
            }
            None if begun.is_none() && !bytes.is_empty() => *begun = Some(place(0)),
            None => {}
        }
    }

    /// Returns the unfinished lines in their order.
    pub fn unfinished(&self) -> impl Iterator<Item = (Stream, Place)> + use<> {
        let [out, err] = self.begun;
        let mut both = [(Stream::Out, out), (Stream::Err, err)];
        if err < out {
            both.swap(0, 1);
        }
        both.into_iter().filter_map(|(stream, begun)| Some((stream, begun?)))
    }
}

/// A place inside a frame; a frame is shorter than 16 MiB.
pub(super) fn short(inner: usize) -> u32 {
    u32::try_from(inner).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unfinished_line_that_began_first_stands_first() {
        let place = |frame| Some(Place { frame, inner: 0 });
        let order = |begun| {
            let cursor = Cursor { begun, ..Cursor::START };
            cursor.unfinished().map(|(stream, _)| stream).collect::<Vec<_>>()
        };
        assert_eq!(order([place(5), place(9)]), [Stream::Out, Stream::Err]);
        assert_eq!(order([place(9), place(5)]), [Stream::Err, Stream::Out]);
        assert_eq!(order([place(9), None]), [Stream::Out]);
        assert_eq!(order([None, place(9)]), [Stream::Err]);
        assert_eq!(order([None, None]), []);
    }

    #[test]
    fn a_newline_at_the_end_of_a_frame_leaves_no_line_begun() {
        let frame = Frame { at: 5, stream: Stream::Out, ns: 0, len: 4 };
        let mut cursor = Cursor::START;
        cursor.pass(&frame, 0, b"a\n");
        assert_eq!((cursor.lines, cursor.begun[0]), (1, None));
        cursor.pass(&frame, 2, b"b");
        assert_eq!((cursor.lines, cursor.begun[0]), (1, Some(Place { frame: 5, inner: 2 })));
        cursor.pass(&frame, 3, b"\n");
        assert_eq!((cursor.lines, cursor.begun[0]), (2, None));
    }
}
