//! Reads a spool at any place, a piece at a time, through one buffer of a fixed size.

use crate::exec::spool::HEAD;
use crate::exec::spool::Head;
use crate::exec::spool::Stream;
use std::fs::File;
use std::io;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The most bytes that are handed out at once. A keeper writes no larger frame, but a larger one is believed.
pub(super) const PIECE: usize = 128 << 10;

/// What is read ahead: two frames of a keeper, whole. Were it a little less, half of everything would be read twice.
const AHEAD: usize = 2 * (PIECE + HEAD);

/// A frame and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// The offset of its head in the file.
    pub at: u64,
    /// From which stream.
    pub stream: Stream,
    /// Nanoseconds since the gate was opened.
    pub ns: u64,
    /// How many bytes it has.
    pub len: u32,
}

impl Frame {
    /// The offset of its first byte.
    pub fn content(&self) -> u64 {
        self.at + HEAD as u64
    }

    /// The offset of the next frame.
    pub fn next(&self) -> u64 {
        self.content() + u64::from(self.len)
    }
}

/// A file and the part of it that was read last.
#[derive(Debug)]
pub(super) struct Window {
    file: File,
    start: u64,
    held: usize,
    buffer: Vec<u8>,
}

impl Window {
    #[expect(
        clippy::disallowed_methods,
        reason = "the pane reads the spool by itself, as it grows"
    )]
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, start: 0, held: 0, buffer: vec![0; AHEAD] })
    }

    /// The file, for questions about its size and its mode.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Returns at most [`PIECE`] bytes; none if the file ends before their end.
    pub fn bytes(&mut self, at: u64, len: usize) -> io::Result<Option<&[u8]>> {
        let len = len.min(PIECE);
        if !self.holds(at, len) {
            self.read(at, len)?;
        }
        if !self.holds(at, len) {
            return Ok(None);
        }
        let from = usize::try_from(at - self.start).unwrap_or(0);
        Ok(Some(&self.buffer[from..from + len]))
    }

    /// Returns the frame that begins there; none if its head is not whole.
    pub fn frame(&mut self, at: u64) -> io::Result<Option<Frame>> {
        let Some(bytes) = self.bytes(at, HEAD)? else { return Ok(None) };
        let head = bytes.try_into().ok().and_then(Head::decode);
        let Some(Head { stream, at_ns, len }) = head else {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                format!("the spool is damaged at byte {at}; what follows is not shown"),
            ));
        };
        Ok(Some(Frame { at, stream, ns: at_ns, len }))
    }

    fn holds(&self, at: u64, len: usize) -> bool {
        at >= self.start && at + len as u64 <= self.start + self.held as u64
    }

    fn read(&mut self, at: u64, len: usize) -> io::Result<()> {
        (self.start, self.held) = (at, 0);
        while self.held < len {
            match self.file.read_at(&mut self.buffer[self.held..], at + self.held as u64) {
                Ok(0) => break,
                Ok(n) => self.held += n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}
