//! A stream as a reader sees it: without colours, line breaks and overstriking, which can stand inside a secret.

use memchr::{memchr, memchr3};

/// The visible bytes, and where each stands in the stream.
pub(super) struct Shadow {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// For a run of bytes: where it begins here, and where in the stream.
    runs: Vec<(usize, usize)>,
}

impl Shadow {
    /// Makes it.
    pub(super) fn of(stream: &[u8]) -> Self {
        let mut shadow = Self { bytes: Vec::with_capacity(stream.len()), runs: Vec::new() };
        // Rare, and one byte too many to look for at full speed.
        let steps_back = memchr(0x08, stream).is_some();
        let mut at = 0;
        while at < stream.len() {
            let skipped = match stream[at] {
                b'\r' => 1,
                // An encoder's line break may be followed by a document's indent.
                b'\n' => 1 + length_while(&stream[at + 1..], |b| matches!(b, b' ' | b'\t')),
                0x08 => {
                    shadow.step_back();
                    1
                }
                0x1b => escape_length(&stream[at..]),
                _ => 0,
            };
            if skipped > 0 {
                at += skipped;
                continue;
            }
            let rest = &stream[at..];
            let run = if steps_back {
                length_while(rest, |b| !matches!(b, b'\r' | b'\n' | 0x08 | 0x1b))
            } else {
                memchr3(b'\n', b'\r', 0x1b, rest).unwrap_or(rest.len())
            };
            shadow.runs.push((shadow.bytes.len(), at));
            shadow.bytes.extend_from_slice(&stream[at..at + run]);
            at += run;
        }
        shadow
    }

    /// Where a visible byte stands in the stream.
    pub(super) fn origin(&self, index: usize) -> usize {
        let run = self.runs.partition_point(|(here, _)| *here <= index).saturating_sub(1);
        self.runs.get(run).map_or(index, |(here, there)| there + (index - here))
    }

    fn step_back(&mut self) {
        self.bytes.pop();
        let len = self.bytes.len();
        while self.runs.last().is_some_and(|(here, _)| *here >= len) {
            self.runs.pop();
        }
    }
}

fn length_while(bytes: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !holds(*byte)).unwrap_or(bytes.len())
}

/// The length of the escape sequence that these bytes begin with, or of what there is of it.
fn escape_length(bytes: &[u8]) -> usize {
    let rest = bytes.get(2..).unwrap_or_default();
    match bytes.get(1) {
        Some(b'[') => {
            let parameters = length_while(rest, |byte| matches!(byte, 0x20..=0x3f));
            (2 + parameters + 1).min(bytes.len())
        }
        // Titles and links: up to a bell or the terminator, which is an escape sequence itself.
        Some(b']') => {
            let text = length_while(rest, |byte| !matches!(byte, 0x07 | 0x1b));
            let bell = usize::from(rest.get(text) == Some(&0x07));
            2 + text + bell
        }
        Some(_) => 2,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_does_not_see_is_not_in_it() {
        for (stream, seen) in [
            (&b"plain"[..], "plain"),
            (b"a\r\n  b\tc\n", "ab\tc"),
            (b"\x1b[1;31mr\x1b[0me\x1b[Kd", "red"),
            (b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x07!", "link!"),
            (b"b\x08bo\x08ol\x08ld\x08d _\x08u", "bold u"),
            (b"\x08\x08x\x1b", "x"),
            (b"\x1b[3", ""),
        ] {
            let shadow = Shadow::of(stream);
            assert_eq!(String::from_utf8_lossy(&shadow.bytes), seen, "{stream:?}");
            for (index, byte) in shadow.bytes.iter().enumerate() {
                assert_eq!(stream[shadow.origin(index)], *byte, "{stream:?} at {index}");
            }
        }
    }
}
