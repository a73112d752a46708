//! A whole journal, read: the records that hold, and how the rest ends. Pure.

use super::record::{Chain, Flaw, Head, Record, looks_whole};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What was read from a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// Every record up to the first that does not hold.
    pub records: Vec<Record<T>>,
    /// The bytes they take.
    pub good: u64,
    /// How the file ends after them.
    pub end: End,
}

impl<T> Reading<T> {
    /// Returns the head of what holds.
    pub fn head(&self) -> Option<Head> {
        self.records.last().map(Record::head)
    }
}

/// How a journal ends after its good records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With the last record.
    Clean,
    /// With a write that was cut off: nothing in it was ever acknowledged as a whole record.
    Torn(Tail),
    /// With a line that does not hold though it is whole, or that has whole records after it.
    Bad {
        /// The number the first bad record should have.
        seq: u64,
        /// Where its line begins.
        offset: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
}

/// The bytes after the last good record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// Where they begin.
    pub offset: u64,
    /// How many there are.
    pub len: u64,
    /// Their SHA-256, hex.
    pub sha256: String,
}

/// Reads a whole journal. With `run`, every record must belong to it; without, to the run of the first record.
///
/// A tail counts as torn only if the file ends without a newline and no line in the tail ends as a whole record ends.
/// Only then is it certain that cutting it off loses nothing that was acknowledged.
pub fn scan<T: DeserializeOwned>(bytes: &[u8], run: Option<&str>) -> Reading<T> {
    scan_behind(Chain::start(run.map(str::to_owned)), bytes)
}

/// Reads what was appended behind a place in a journal that was read before. Offsets count from that place.
pub fn scan_behind<T: DeserializeOwned>(mut chain: Chain, bytes: &[u8]) -> Reading<T> {
    let mut records = Vec::new();
    let mut good = 0;
    let end = loop {
        let rest = &bytes[good..];
        if rest.is_empty() {
            break End::Clean;
        }
        let Some(length) = memchr::memchr(b'\n', rest) else {
            break End::Torn(tail(bytes, good));
        };
        match chain.read(&rest[..length]) {
            Ok(record) => records.push(record),
            Err(_) if is_torn(rest) => break End::Torn(tail(bytes, good)),
            Err(flaw) => break End::Bad { seq: chain.count(), offset: good as u64, flaw },
        }
        good += length + 1;
    };
    Reading { records, good: good as u64, end }
}

fn is_torn(rest: &[u8]) -> bool {
    let mut lines = rest.split(|&byte| byte == b'\n');
    // What follows the last newline is no whole line; it is empty exactly if the file ends with one.
    let unfinished = lines.next_back().is_some_and(|last| !last.is_empty());
    unfinished && !lines.any(looks_whole)
}

fn tail(bytes: &[u8], offset: usize) -> Tail {
    let rest = &bytes[offset..];
    Tail { offset: offset as u64, len: rest.len() as u64, sha256: hex(&Sha256::digest(rest)) }
}

/// Writes bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a String takes everything
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::identity::Identity;
    use crate::journal::stamp::Stamp;

    fn journal(records: usize) -> (Vec<u8>, Vec<usize>) {
        let stamp = Stamp { at: chrono::DateTime::UNIX_EPOCH, mono_ns: 1, boot: "b".into() };
        let mut chain = Chain::start(Some("r".into()));
        let (mut bytes, mut ends) = (Vec::new(), vec![0]);
        for n in 0..records {
            let sealed = chain.seal(&stamp, &Identity::default(), &[n]).unwrap();
            chain.passed(sealed.head);
            bytes.extend_from_slice(&sealed.line);
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    fn read(bytes: &[u8]) -> Reading<usize> {
        scan(bytes, None)
    }

    #[test]
    fn a_clean_journal_reads_to_its_end() {
        let (bytes, _) = journal(3);
        let reading = read(&bytes);
        assert_eq!(reading.records.len(), 3);
        assert_eq!((reading.end.clone(), reading.good), (End::Clean, bytes.len() as u64));
        assert_eq!(reading.head().unwrap().seq, 2);
        assert_eq!(read(b"").end, End::Clean);
    }

    #[test]
    fn zeros_and_garbage_after_a_cut_are_torn() {
        let (bytes, ends) = journal(3);
        for garbage in [&[0; 40][..], b"\x01garbage\nmore\n\xfe", b"{\"v\":1"] {
            for cut in [ends[2], ends[2] + 20] {
                let damaged = [&bytes[..cut], garbage].concat();
                let reading = read(&damaged);
                assert_eq!(reading.records.len(), 2);
                let End::Torn(tail) = reading.end else { panic!("{:?}", reading.end) };
                assert_eq!(
                    (tail.offset, tail.len),
                    (ends[2] as u64, (damaged.len() - ends[2]) as u64)
                );
            }
        }
    }

    #[test]
    fn damage_with_whole_records_after_it_is_never_a_torn_tail() {
        let (mut bytes, ends) = journal(4);
        bytes[ends[1] + 9] ^= 1;
        bytes.truncate(ends[4] - 10);
        let reading = read(&bytes);
        assert_eq!(reading.records.len(), 1);
        assert!(matches!(reading.end, End::Bad { seq: 1, .. }), "{:?}", reading.end);
    }

    #[test]
    fn a_changed_last_record_is_bad_and_not_torn() {
        let (mut bytes, ends) = journal(2);
        bytes[ends[1] + 9] ^= 1;
        let Reading { end: End::Bad { seq, offset, flaw }, .. } = read(&bytes) else { panic!() };
        assert_eq!((seq, offset, flaw), (1, ends[1] as u64, Flaw::Hash));
    }

    #[test]
    fn records_of_another_run_do_not_fit() {
        let (bytes, _) = journal(2);
        let reading = scan::<usize>(&bytes, Some("other"));
        assert!(matches!(reading.end, End::Bad { seq: 0, flaw: Flaw::Run(_), .. }));
    }
}
