//! The output of what runs, line by line while it comes, and whole afterwards.

use super::say::Say;
use crate::driver::Driver;
use crate::engine::event::{AttemptId, Event};
use crate::exec::spool::{Frame, Reader, Stream};
use std::collections::BTreeMap;
use std::io;
use std::io::Write;
use std::path::Path;

/// The most lines of one command that are said while it runs; the rest is in the record and one word away.
const MOST: usize = 200;

/// A line longer than this is said in pieces.
const LONGEST: usize = 4 << 10;

/// Puts frames together to lines, each stream for itself.
#[derive(Debug, Default)]
struct Lines {
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Lines {
    fn take(&mut self, frame: &Frame, mut give: impl FnMut(bool, &[u8])) {
        let stderr = frame.stream == Stream::Err;
        let kept = if stderr { &mut self.err } else { &mut self.out };
        let mut from = 0;
        for end in memchr::memchr_iter(b'\n', &frame.bytes) {
            kept.extend_from_slice(&frame.bytes[from..end]);
            give(stderr, kept);
            kept.clear();
            from = end + 1;
        }
        kept.extend_from_slice(&frame.bytes[from..]);
        while kept.len() > LONGEST {
            give(stderr, &kept[..LONGEST]);
            kept.drain(..LONGEST);
        }
    }

    fn finish(&mut self, mut give: impl FnMut(bool, &[u8])) {
        for (stderr, kept) in [(false, &mut self.out), (true, &mut self.err)] {
            if !kept.is_empty() {
                give(stderr, kept);
                kept.clear();
            }
        }
    }
}

/// One command's output that is being said.
struct Tail {
    reader: Reader,
    lines: Lines,
    said: usize,
}

impl Tail {
    fn follow<W: Write>(&mut self, say: &mut Say<W>) -> io::Result<()> {
        let mut due = Vec::new();
        while let Some(frame) = self.reader.next_frame()? {
            self.lines.take(&frame, |stderr, line| due.push((stderr, line.to_vec())));
            // A flood is counted, not said: whoever listens must be able to act.
            self.say(say, &mut due)?;
        }
        Ok(())
    }

    fn say<W: Write>(
        &mut self,
        say: &mut Say<W>,
        due: &mut Vec<(bool, Vec<u8>)>,
    ) -> io::Result<()> {
        for (stderr, line) in due.drain(..) {
            self.said += 1;
            match self.said {
                0..=MOST => say.output(stderr, &line)?,
                n if n == MOST + 1 => {
                    say.line("… more output is recorded; type output to see it all.")?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn finish<W: Write>(mut self, say: &mut Say<W>) -> io::Result<()> {
        self.follow(say)?;
        let mut due = Vec::new();
        self.lines.finish(|stderr, line| due.push((stderr, line.to_vec())));
        self.say(say, &mut due)
    }
}

/// The outputs that are being said.
#[derive(Default)]
pub(super) struct Tails {
    open: BTreeMap<AttemptId, Tail>,
}

impl Tails {
    /// Says what came since the last call.
    pub fn follow<W: Write>(
        &mut self,
        driver: &Driver,
        running: &[AttemptId],
        say: &mut Say<W>,
    ) -> io::Result<()> {
        for id in running {
            if let Some(tail) = self.open_for(driver, id) {
                tail.follow(say)?;
            }
        }
        Ok(())
    }

    /// Says the rest of an output before its end is said.
    pub fn before<W: Write>(
        &mut self,
        driver: &Driver,
        event: &Event,
        say: &mut Say<W>,
    ) -> io::Result<()> {
        let (Event::AttemptEnded { id, .. } | Event::AttemptLost { id, .. }) = event else {
            return Ok(());
        };
        self.open_for(driver, id);
        match self.open.remove(id) {
            Some(tail) => tail.finish(say),
            None => Ok(()),
        }
    }

    /// A spool that is not there yet, or is none, is looked for again the next time.
    fn open_for(&mut self, driver: &Driver, id: &AttemptId) -> Option<&mut Tail> {
        if !self.open.contains_key(id) {
            let reader = Reader::open(&driver.spool(id)?).ok()?;
            let tail = Tail { reader, lines: Lines::default(), said: 0 };
            self.open.insert(id.clone(), tail);
        }
        self.open.get_mut(id)
    }
}

/// Says a whole output.
pub(super) fn whole<W: Write>(say: &mut Say<W>, path: &Path) -> io::Result<()> {
    let mut reader = Reader::open(path)?;
    let (mut lines, mut failed) = (Lines::default(), Ok(()));
    let mut give = |stderr: bool, line: &[u8]| {
        if failed.is_ok() {
            failed = say.output(stderr, line);
        }
    };
    while let Some(frame) = reader.next_frame()? {
        lines.take(&frame, &mut give);
    }
    lines.finish(&mut give);
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_two_streams_do_not_mix() {
        let (mut lines, mut got) = (Lines::default(), Vec::new());
        for (stream, bytes) in
            [(Stream::Out, &b"ab"[..]), (Stream::Err, b"x\ny"), (Stream::Out, b"c\n")]
        {
            let frame = Frame { stream, at_ns: 0, bytes: bytes.to_vec() };
            lines.take(&frame, |stderr, line| got.push((stderr, line.to_vec())));
        }
        lines.finish(|stderr, line| got.push((stderr, line.to_vec())));
        let want: [(bool, &[u8]); 3] = [(true, b"x"), (false, b"abc"), (true, b"y")];
        assert_eq!(got, want.map(|(s, l)| (s, l.to_vec())));
    }

    #[test]
    fn a_line_without_end_is_said_in_pieces() {
        let (mut lines, mut pieces) = (Lines::default(), 0);
        let bytes = vec![b'a'; 3 * LONGEST + 1];
        lines.take(&Frame { stream: Stream::Out, at_ns: 0, bytes }, |_, _| pieces += 1);
        assert_eq!(pieces, 3);
    }
}
