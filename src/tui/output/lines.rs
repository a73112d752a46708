//! The raw lines of a page: found through a mark, put together from the frames of their stream, and cut when very long.

use super::cursor::Cursor;
use super::cursor::Place;
use super::cursor::short;
use super::cursor::slot;
use super::index::Index;
use super::window::Frame;
use super::window::PIECE;
use super::window::Window;
use crate::exec::spool::Stream;
use std::io;

/// The most of one line that is shown; the record has it whole.
pub(super) const SHOWN: usize = 32 << 10;

/// How far the bytes of one line are followed when those of the other stream lie between them.
const SCATTERED: u64 = 256 << 10;

/// What has been indexed of a spool: everything before the cursor, and nothing after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// The end.
    pub end: Cursor,
    /// How many bytes the command has written in all.
    pub bytes: u64,
    /// When each stream last wrote.
    pub last_ns: [u64; 2],
}

impl Extent {
    pub const NOTHING: Self = Self { end: Cursor::START, bytes: 0, last_ns: [0; 2] };

    /// The number of lines, with those that have not ended.
    pub fn lines(&self) -> u64 {
        self.end.lines + self.end.unfinished().count() as u64
    }
}

/// A line as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub stderr: bool,
    /// When it ended, or last grew.
    pub ns: u64,
    /// Without its newline.
    pub bytes: Vec<u8>,
    /// Something is missing at its end.
    pub cut: bool,
    /// No command has written it.
    pub note: bool,
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
struct Span {
    stream: Stream,
    from: Place,
    to: Place,
    ns: u64,
}

/// Returns lines by their number, at most `most` bytes of each.
pub(super) fn read(
    window: &mut Window,
    index: &Index,
    extent: &Extent,
    first: u64,
    count: usize,
    most: usize,
) -> io::Result<Vec<Raw>> {
    let from = index.before_line(first.min(extent.end.lines));
    let spans = spans(window, from, extent, first, count)?;
    let mut lines = Vec::with_capacity(spans.len());
    for span in spans {
        lines.push(line(window, index, &span, most)?);
    }
    Ok(lines)
}

/// Finds lines from a mark before the end of the first.
fn spans(
    window: &mut Window,
    mut cursor: Cursor,
    extent: &Extent,
    first: u64,
    count: usize,
) -> io::Result<Vec<Span>> {
    let mut found = Vec::new();
    while cursor.at < extent.end.at && found.len() < count {
        let Some(frame) = window.frame(cursor.at)? else { break };
        let mut inner = 0;
        while inner < frame.len {
            let Some(piece) = window.bytes(
                frame.content() + u64::from(inner),
                usize::try_from(frame.len - inner).unwrap_or(PIECE),
            )?
            else {
                return Ok(found);
            };
            let before = cursor;
            cursor.pass(&frame, inner, piece);
            if cursor.lines > first {
                ends(&mut found, &frame, inner, piece, &before, first, count);
            }
            inner += short(piece.len());
        }
        cursor.at = frame.next();
    }
    let behind = extent.end.unfinished().zip(extent.end.lines..);
    let to = Place { frame: extent.end.at, inner: 0 };
    let wanted = behind.filter(|(_, number)| *number >= first);
    found.extend(wanted.map(|((stream, from), _)| {
        let ns = extent.last_ns[slot(stream)];
        Span { stream, from, to, ns }
    }));
    found.truncate(count);
    Ok(found)
}

/// Adds the wanted lines that end in a piece of a frame.
fn ends(
    found: &mut Vec<Span>,
    frame: &Frame,
    inner: u32,
    piece: &[u8],
    before: &Cursor,
    first: u64,
    count: usize,
) {
    let place = |at: usize| Place { frame: frame.at, inner: inner + short(at) };
    let mut from = before.begun[slot(frame.stream)].unwrap_or(place(0));
    for (end, number) in memchr::memchr_iter(b'\n', piece).zip(before.lines..) {
        if found.len() == count {
            return;
        }
        if number >= first {
            found.push(Span { stream: frame.stream, from, to: place(end), ns: frame.ns });
        }
        from = place(end + 1);
    }
}

/// Reads the beginning of a line; of one that is too long and rewrites itself, its end.
fn line(window: &mut Window, index: &Index, span: &Span, most: usize) -> io::Result<Raw> {
    let stderr = span.stream == Stream::Err;
    let mut raw = Raw { stderr, ns: span.ns, bytes: Vec::new(), cut: false, note: false };
    raw.cut = !gather(window, span, span.from.frame, most, &mut raw.bytes)?;
    if raw.cut {
        // The frame that holds the end may be larger than what is wanted of it, so count from that frame on.
        let near = (span.to.frame + u64::from(span.to.inner)).saturating_sub(most as u64);
        let near = index.before_byte(near.min(span.to.frame)).at;
        let mut end = Vec::new();
        tail(window, span, near.max(span.from.frame), most, &mut end)?;
        let rewrites = end.strip_suffix(b"\r").unwrap_or(&end);
        if let Some(last) = memchr::memchr(b'\r', rewrites) {
            end.drain(..=last);
            (raw.bytes, raw.cut) = (end, false);
        }
    }
    Ok(raw)
}

/// Collects the bytes of a line from its beginning. False if there are more of them, or they are too far apart.
fn gather(
    window: &mut Window,
    span: &Span,
    mut at: u64,
    most: usize,
    into: &mut Vec<u8>,
) -> io::Result<bool> {
    let far = span.from.frame + SCATTERED + u64::from(span.from.inner);
    while let Some((frame, from, to)) = next_part(window, span, &mut at, far)? {
        let len = usize::try_from(to - from).unwrap_or(usize::MAX);
        let wanted = len.min(most - into.len());
        copy(window, &frame, from, wanted, into)?;
        if wanted < len {
            return Ok(false);
        }
    }
    Ok(Place { frame: at, inner: 0 } >= span.to)
}

/// Collects the last bytes of a line, looking for them from a frame on.
fn tail(
    window: &mut Window,
    span: &Span,
    mut at: u64,
    most: usize,
    into: &mut Vec<u8>,
) -> io::Result<()> {
    while let Some((frame, from, to)) = next_part(window, span, &mut at, u64::MAX)? {
        let len = usize::try_from(to - from).unwrap_or(usize::MAX).min(most);
        copy(window, &frame, to - short(len), len, into)?;
        let over = into.len().saturating_sub(most);
        into.drain(..over);
    }
    Ok(())
}

/// Returns the next frame of a line's stream that begins before some place, and which of its bytes are the line's. Goes
/// behind it.
fn next_part(
    window: &mut Window,
    span: &Span,
    at: &mut u64,
    far: u64,
) -> io::Result<Option<(Frame, u32, u32)>> {
    while *at < far && (Place { frame: *at, inner: 0 }) < span.to {
        let Some(frame) = window.frame(*at)? else { break };
        *at = frame.next();
        if frame.stream == span.stream {
            let from = if frame.at == span.from.frame { span.from.inner } else { 0 };
            let to = if frame.at == span.to.frame { span.to.inner } else { frame.len };
            return Ok(Some((frame, from, to)));
        }
    }
    Ok(None)
}

fn copy(
    window: &mut Window,
    frame: &Frame,
    mut from: u32,
    mut len: usize,
    into: &mut Vec<u8>,
) -> io::Result<()> {
    while len > 0 {
        let Some(bytes) = window.bytes(frame.content() + u64::from(from), len)? else { break };
        into.extend_from_slice(bytes);
        len -= bytes.len();
        from += short(bytes.len());
    }
    Ok(())
}
