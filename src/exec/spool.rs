//! The reading side of a spool: what a command wrote, masked, while it writes it and for ever after.
//!
//! ```text
//! RSP1\n   then frames:   u32 length │ u8 stream │ u64 ns since the gate opened │ bytes      (little endian)
//! ```
//!
//! A last frame that is not whole is not there yet, or never will be: both look the same and are left out.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// The first bytes of every spool: format 1.
pub const MAGIC: &[u8; 5] = b"RSP1\n";

/// The size of what stands before the bytes of a frame: length, stream, time.
pub const HEAD: usize = 4 + 1 + 8;

/// The longest frame that is believed: far more than a keeper reads at once.
const LONGEST: u32 = 16 << 20;

/// Which stream bytes came from; the number is the one in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output, or both streams in one.
    Out = 1,
    /// Standard error.
    Err = 2,
}

/// What stands before the bytes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// From which stream.
    pub stream: Stream,
    /// Nanoseconds since the gate was opened.
    pub at_ns: u64,
    /// How many bytes follow.
    pub len: u32,
}

impl Head {
    /// Reads one; none if no keeper can have written it.
    pub fn decode(head: [u8; HEAD]) -> Option<Self> {
        let (len, rest) = head.split_at(4);
        let len = u32::from_le_bytes(len.try_into().unwrap_or_default());
        let at_ns = u64::from_le_bytes(rest[1..].try_into().unwrap_or_default());
        let stream = match rest[0] {
            1 => Stream::Out,
            2 => Stream::Err,
            _ => return None,
        };
        (len <= LONGEST).then_some(Self { stream, at_ns, len })
    }
}

/// What was read from a command at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// From which stream.
    pub stream: Stream,
    /// Nanoseconds since the gate was opened.
    pub at_ns: u64,
    /// The bytes, masked; anything may be in them.
    pub bytes: Vec<u8>,
}

/// Reads a spool from its beginning, and follows it while it grows.
#[derive(Debug)]
pub struct Reader {
    file: BufReader<File>,
    /// Where the next frame begins.
    at: u64,
}

impl Reader {
    /// Opens it; `InvalidData` if it is no spool.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::new(File::open(path)?);
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic)?;
        if magic != *MAGIC {
            return Err(io::Error::new(ErrorKind::InvalidData, "this is not a spool"));
        }
        Ok(Self { file, at: MAGIC.len() as u64 })
    }

    /// Returns the next whole frame; none when there is none yet. Ask again later.
    pub fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        let Some((stream, at_ns, len)) = self.head()? else { return Ok(None) };
        let mut bytes = vec![0; len];
        if !whole(self.file.read_exact(&mut bytes))? {
            return self.rewound();
        }
        self.at += (HEAD + len) as u64;
        Ok(Some(Frame { stream, at_ns, bytes }))
    }

    fn head(&mut self) -> io::Result<Option<(Stream, u64, usize)>> {
        let mut head = [0; HEAD];
        if !whole(self.file.read_exact(&mut head))? {
            return self.rewound();
        }
        let Some(Head { stream, at_ns, len }) = Head::decode(head) else {
            return Err(damaged(self.at));
        };
        Ok(Some((stream, at_ns, usize::try_from(len).unwrap_or(0))))
    }

    /// Goes back to the beginning of a frame that is not whole yet.
    fn rewound<T>(&mut self) -> io::Result<Option<T>> {
        self.file.seek(SeekFrom::Start(self.at))?;
        Ok(None)
    }
}

/// Returns at most `most` of the last lines that are not blank, both streams in the order they were read.
pub fn last_lines(path: &Path, most: usize) -> io::Result<Vec<String>> {
    const FRAMES: usize = 400;
    const BYTES: usize = 64 << 10;
    let mut reader = Reader::open(path)?;
    let size = reader.file.get_ref().metadata()?.len();
    // Heads only: a spool may be gigabytes long, and its end is wanted.
    let mut starts = VecDeque::new();
    while let Some((_, _, len)) = reader.head()? {
        let next = reader.at + (HEAD + len) as u64;
        if next > size {
            break;
        }
        starts.push_back(reader.at);
        if starts.len() > FRAMES {
            starts.pop_front();
        }
        reader.file.seek_relative(i64::try_from(len).unwrap_or(0))?;
        reader.at = next;
    }
    let mut bytes = Vec::new();
    for start in starts {
        reader.at = start;
        reader.file.seek(SeekFrom::Start(start))?;
        bytes.extend(reader.next_frame()?.into_iter().flat_map(|frame| frame.bytes));
    }
    let end = &bytes[bytes.len().saturating_sub(BYTES)..];
    Ok(lines_of(end, most))
}

/// The last lines of some bytes: not blank, without control characters, cut.
pub(super) fn lines_of(bytes: &[u8], most: usize) -> Vec<String> {
    const CHARS: usize = 200;
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let shown = lines[lines.len().saturating_sub(most)..].iter();
    shown.map(|line| line.chars().filter(|c| !c.is_control()).take(CHARS).collect()).collect()
}

/// Tells whether a read found all it wanted.
fn whole(read: io::Result<()>) -> io::Result<bool> {
    match read {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

fn damaged(at: u64) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the spool is damaged at byte {at}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::frames::Frames;
    use std::fs;
    use std::io::Write;

    fn written(
        cap: u64,
        pieces: &[(Stream, &[u8])],
    ) -> (tempfile::TempDir, std::path::PathBuf, bool) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("output/1.spool");
        let mut frames = Frames::create(&path, cap).unwrap();
        for (number, (stream, bytes)) in pieces.iter().enumerate() {
            frames.write(*stream, number as u64, bytes);
        }
        let finished = frames.finish().unwrap();
        assert_eq!(finished.size, fs::metadata(&path).unwrap().len());
        (dir, path, finished.truncated)
    }

    fn all(reader: &mut Reader) -> Vec<(Stream, u64, Vec<u8>)> {
        let mut frames = Vec::new();
        while let Some(frame) = reader.next_frame().unwrap() {
            frames.push((frame.stream, frame.at_ns, frame.bytes));
        }
        frames
    }

    #[test]
    fn frames_come_back_as_they_were_written() {
        let (_dir, path, truncated) = written(
            1 << 20,
            &[(Stream::Out, b"out\n"), (Stream::Err, b"\xff\0"), (Stream::Out, b"")],
        );
        assert!(!truncated);
        let frames = all(&mut Reader::open(&path).unwrap());
        let wanted = [(Stream::Out, 0, b"out\n".to_vec()), (Stream::Err, 1, b"\xff\0".to_vec())];
        assert_eq!(frames, wanted);
    }

    #[test]
    fn a_torn_last_frame_is_left_out_at_every_byte_and_read_when_it_is_whole() {
        let (_dir, path, _) =
            written(1 << 20, &[(Stream::Out, b"first\n"), (Stream::Err, b"second\n")]);
        let bytes = fs::read(&path).unwrap();
        let first = MAGIC.len() + HEAD + 6;
        let growing = path.with_extension("growing");
        for cut in first..bytes.len() {
            fs::write(&growing, &bytes[..cut]).unwrap();
            let mut reader = Reader::open(&growing).unwrap();
            assert_eq!(all(&mut reader).len(), 1, "cut at {cut}");
            assert_eq!(last_lines(&growing, 5).unwrap(), ["first"], "cut at {cut}");
            let mut file = fs::OpenOptions::new().append(true).open(&growing).unwrap();
            file.write_all(&bytes[cut..]).unwrap();
            assert_eq!(all(&mut reader), [(Stream::Err, 1, b"second\n".to_vec())]);
        }
    }

    #[test]
    fn a_full_spool_keeps_its_head_to_the_last_byte_of_its_cap() {
        let cap = (MAGIC.len() + HEAD + 4) as u64;
        let (_dir, path, truncated) =
            written(cap, &[(Stream::Out, b"abcdef"), (Stream::Out, b"gh")]);
        assert!(truncated);
        assert_eq!(fs::metadata(&path).unwrap().len(), cap);
        assert_eq!(all(&mut Reader::open(&path).unwrap())[0].2, b"abcd");
    }

    #[test]
    fn the_last_lines_are_those_of_both_streams_without_control_characters() {
        let lines: Vec<String> = (0..1000).map(|n| format!("line \x1b[31m{n}\n\n")).collect();
        let streams = [Stream::Out, Stream::Err].into_iter().cycle();
        let pieces: Vec<_> = streams.zip(lines.iter().map(String::as_bytes)).collect();
        let (_dir, path, _) = written(1 << 20, &pieces);
        assert_eq!(last_lines(&path, 2).unwrap(), ["line [31m998", "line [31m999"]);
    }

    #[test]
    fn what_is_no_spool_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        fs::write(&path, "hello, world, this is no spool").unwrap();
        assert_eq!(Reader::open(&path).unwrap_err().kind(), ErrorKind::InvalidData);
        fs::write(&path, b"RSP1\n\x01\0\0\0\x07\0\0\0\0\0\0\0\0x").unwrap();
        let mut reader = Reader::open(&path).unwrap();
        assert_eq!(reader.next_frame().unwrap_err().kind(), ErrorKind::InvalidData);
    }
}
