//! One record of a journal, and the chain that holds records together. Pure.
//!
//! ```text
//! {"v":1,"run":…,"seq":17,"prev":"<h of 16>","at":…,"mono_ns":…,"boot":…,"by":{…},"events":[…],"h":"<64 hex>"}
//! └───────────────────────────────── B ─────────────────────────────────────────────────────┘└──── seal ────┘
//! ```
//!
//! The seal covers `B` and the hash before it, so a record proves both what it says and where it stands. A reader
//! checks the seal first and parses the very same bytes afterwards: nothing unproved is ever interpreted.

use super::identity::Identity;
use super::stamp::{Stamp, micros, utc};
use super::strict;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;

/// The version of the record format.
pub const VERSION: u32 = 1;

/// The most bytes a record may take, with its newline.
pub const MAX_RECORD: usize = 64 * 1024;

const DOMAIN: &[u8] = b"rutter.journal.v1\n";
const SEAL_OPENS: &[u8] = br#","h":""#;
const SEAL_CLOSES: &[u8] = br#""}"#;
const SEAL: usize = SEAL_OPENS.len() + 64 + SEAL_CLOSES.len();

/// The hash of a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first record names as the one before it.
    pub const NONE: Self = Self([0; 32]);

    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &[u8]) -> Option<Self> {
        let digit = |c: u8| match c {
            b'0'..=b'9' => Some(c - b'0'),
            b'a'..=b'f' => Some(c - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 32];
        if text.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Computes the hash of the record with these bytes before its seal.
    fn of(prev: Self, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(prev.0);
        hash.update((body.len() as u64).to_be_bytes());
        hash.update(body);
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::from_hex(text.as_bytes())
            .ok_or_else(|| serde::de::Error::custom("not 64 lower-case hexadecimal digits"))
    }
}

/// The end of a chain: its last record's number and hash. Whoever knows it can tell whether anything before it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the last record, counted from 0.
    pub seq: u64,
    /// Its hash.
    pub h: Hash,
}

/// One record, read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<T> {
    /// Version of the record format.
    pub v: u32,
    /// The run it belongs to.
    pub run: String,
    /// What kind of run it is, where it is not a live one: `rehearsal`. In every record, so that no line of a rehearsal
    /// can be taken for one of a live run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Its number, counted from 0.
    pub seq: u64,
    /// The hash of the record before.
    pub prev: Hash,
    /// Wall clock, for people.
    #[serde(serialize_with = "micros", deserialize_with = "utc")]
    pub at: DateTime<Utc>,
    /// Nanoseconds since boot, for durations.
    pub mono_ns: u64,
    /// The boot that `mono_ns` counts from.
    pub boot: String,
    /// Who wrote it.
    pub by: Identity,
    /// What happened: all events of one command.
    pub events: Vec<T>,
    /// The hash of this record.
    pub h: Hash,
}

impl<T> Record<T> {
    /// Returns the head of a chain that ends here.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, h: self.h }
    }

    /// Returns when it was written, as a stamp.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.at, mono_ns: self.mono_ns, boot: self.boot.clone() }
    }
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It does not end like a record.
    #[error("it does not end with a hash")]
    NotSealed,
    /// It is longer than any record.
    #[error("it is longer than {MAX_RECORD} bytes")]
    TooLong,
    /// The bytes are not those that were sealed, or the record before is not the one that was there.
    #[error("its hash does not match: its bytes were changed, or a record before it is missing")]
    Hash,
    /// Sealed, but not JSON that every reader reads alike.
    #[error("it is not strict JSON: {0}")]
    Json(String),
    /// JSON, but not a record this version can read.
    #[error("it is not a record that this version can read: {0}")]
    Shape(String),
    /// Written in another format.
    #[error("it has format {0}, and this version reads format {VERSION}")]
    Version(u32),
    /// Not the next number.
    #[error("it says it is record {0}")]
    Seq(u64),
    /// It names another record before it than the one that stands there.
    #[error("it names another record before it than the one that stands there")]
    Prev,
    /// It belongs to another run.
    #[error("it belongs to run {0:?}")]
    Run(String),
    /// It belongs to another kind of run than the records before it.
    #[error("it is of a {} run, and the records before it are not", .0.as_deref().unwrap_or("live"))]
    Mode(Option<String>),
}

/// Why a record cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Too much in one record.
    #[error("the record would take {size} bytes; the most is {MAX_RECORD}")]
    TooLong {
        /// Its size.
        size: usize,
    },
    /// An event that strict readers would refuse.
    #[error("the record cannot be written: {0}")]
    Events(String),
}

/// A record that was sealed and not yet written.
#[derive(Debug)]
pub struct Sealed {
    /// The line, newline included.
    pub line: Vec<u8>,
    /// The head once it is written.
    pub head: Head,
}

/// A place in a chain: which run, how many records, and the hash of the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    run: Option<String>,
    mode: Option<String>,
    next: u64,
    prev: Hash,
}

impl Chain {
    /// Stands before the first record. Without a run, the first record names it.
    pub fn start(run: Option<String>) -> Self {
        Self { run, mode: None, next: 0, prev: Hash::NONE }
    }

    /// Makes it a chain of this kind of run; only the first record, or what was read before, can tell.
    #[must_use]
    pub fn of_mode(self, mode: Option<String>) -> Self {
        Self { mode, ..self }
    }

    /// Stands behind the record with this head.
    pub fn behind(run: String, head: Option<Head>) -> Self {
        let mut chain = Self::start(Some(run));
        if let Some(Head { seq, h }) = head {
            (chain.next, chain.prev) = (seq + 1, h);
        }
        chain
    }

    /// Returns the run, once it is known.
    pub fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// Returns how many records stand before this place.
    pub fn count(&self) -> u64 {
        self.next
    }

    /// Returns the last record's number and hash; none before the first.
    pub fn head(&self) -> Option<Head> {
        self.next.checked_sub(1).map(|seq| Head { seq, h: self.prev })
    }

    /// Seals the next record. The place does not move: that is [`Chain::passed`]'s, once the line is written.
    pub fn seal<T: Serialize>(
        &self,
        stamp: &Stamp,
        by: &Identity,
        events: &[T],
    ) -> Result<Sealed, EncodeError> {
        let body = Body {
            v: VERSION,
            run: self.run.as_deref().unwrap_or_default(),
            mode: self.mode.as_deref(),
            seq: self.next,
            prev: self.prev,
            stamp,
            by,
            events,
        };
        let mut line = serde_json::to_vec(&body).map_err(|e| EncodeError::Events(e.to_string()))?;
        // Whatever a reader would refuse must not be written: it would end the journal for good.
        strict::check(&line).map_err(EncodeError::Events)?;
        line.pop(); // the closing brace comes after the seal
        let h = Hash::of(self.prev, &line);
        line.extend_from_slice(SEAL_OPENS);
        line.extend_from_slice(h.to_string().as_bytes());
        line.extend_from_slice(SEAL_CLOSES);
        line.push(b'\n');
        if line.len() > MAX_RECORD {
            return Err(EncodeError::TooLong { size: line.len() });
        }
        Ok(Sealed { line, head: Head { seq: self.next, h } })
    }

    /// Moves behind a record that was sealed here and is now written.
    pub fn passed(&mut self, head: Head) {
        debug_assert_eq!(head.seq, self.next, "records are passed in the order they were sealed");
        self.next = head.seq + 1;
        self.prev = head.h;
    }

    /// Reads the line that stands here (without its newline), and moves behind it.
    pub fn read<T: DeserializeOwned>(&mut self, line: &[u8]) -> Result<Record<T>, Flaw> {
        if line.len() >= MAX_RECORD {
            return Err(Flaw::TooLong);
        }
        let (body, h) = unseal(line).ok_or(Flaw::NotSealed)?;
        if Hash::of(self.prev, body) != h {
            return Err(Flaw::Hash);
        }
        strict::check(line).map_err(Flaw::Json)?;
        let record: Record<T> = serde_json::from_slice(line).map_err(|e| shape(line, &e))?;
        if record.v != VERSION {
            return Err(Flaw::Version(record.v));
        }
        if record.seq != self.next {
            return Err(Flaw::Seq(record.seq));
        }
        if record.prev != self.prev {
            return Err(Flaw::Prev);
        }
        match &self.run {
            Some(run) if *run != record.run => return Err(Flaw::Run(record.run)),
            Some(_) => {}
            None => self.run = Some(record.run.clone()),
        }
        if self.next == 0 {
            self.mode.clone_from(&record.mode);
        } else if self.mode != record.mode {
            return Err(Flaw::Mode(record.mode));
        }
        self.passed(record.head());
        Ok(record)
    }
}

/// Tells whether a line ends as only a whole record ends.
pub(super) fn looks_whole(line: &[u8]) -> bool {
    unseal(line).is_some()
}

fn unseal(line: &[u8]) -> Option<(&[u8], Hash)> {
    let (body, seal) = line.split_at_checked(line.len().checked_sub(SEAL)?)?;
    let hex = seal.strip_prefix(SEAL_OPENS)?.strip_suffix(SEAL_CLOSES)?;
    Some((body, Hash::from_hex(hex)?))
}

/// The fields of `B`, in their written order.
#[derive(Serialize)]
struct Body<'a, T> {
    v: u32,
    run: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'a str>,
    seq: u64,
    prev: Hash,
    #[serde(flatten)]
    stamp: &'a Stamp,
    by: &'a Identity,
    events: &'a [T],
}

/// Says why a line is no record: a newer format is named as such, whatever else has changed in it.
fn shape(line: &[u8], error: &serde_json::Error) -> Flaw {
    #[derive(Deserialize)]
    struct Format {
        v: u32,
    }
    match serde_json::from_slice::<Format>(line) {
        Ok(Format { v }) if v != VERSION => Flaw::Version(v),
        _ => Flaw::Shape(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> Stamp {
        let at = DateTime::from_timestamp(1_795_000_000, 123_456_000).unwrap();
        Stamp { at, mono_ns: 81_234, boot: "9f1c".into() }
    }

    fn by() -> Identity {
        Identity {
            uid: 1000,
            login: Some("mara".into()),
            host: "bastion".into(),
            ..Identity::default()
        }
    }

    fn sealed(chain: &Chain, events: &[&str]) -> Sealed {
        chain.seal(&stamp(), &by(), events).unwrap()
    }

    /// Seals any body, as a forger who knows the recipe would.
    fn forged(chain: &Chain, body: &str) -> Vec<u8> {
        let mut line = body.as_bytes().to_vec();
        let h = Hash::of(chain.prev, &line);
        line.extend_from_slice(format!(r#","h":"{h}"}}"#).as_bytes());
        line
    }

    fn read(line: &[u8]) -> Result<Record<String>, Flaw> {
        Chain::start(None).read(line)
    }

    const BODY: &str = concat!(
        r#"{"v":1,"run":"r","seq":0,"prev":""#,
        "0000000000000000000000000000000000000000000000000000000000000000",
        r#"","at":"2026-11-21T02:14:07.123456Z","mono_ns":1,"boot":"b","by":{"uid":1},"events":[]"#,
    );

    #[test]
    fn what_is_sealed_is_read_back_as_it_was() {
        let mut writer = Chain::start(Some("r".into()));
        let mut reader = Chain::start(None);
        for events in [&["one", "two"][..], &[], &["line\nbreak \u{202e} 🦀"]] {
            let sealed = sealed(&writer, events);
            writer.passed(sealed.head);
            let record: Record<String> = reader.read(sealed.line.trim_ascii_end()).unwrap();
            assert_eq!(record.events, events);
            assert_eq!((record.stamp(), &record.by), (stamp(), &by()));
            assert_eq!(record.head(), sealed.head);
        }
        assert_eq!(reader, writer);
        assert_eq!(reader.count(), 3);
    }

    #[test]
    fn a_record_is_one_line_with_its_fields_in_order() {
        let chain = Chain::start(Some("r".into()));
        let line = String::from_utf8(sealed(&chain, &["a\nb"]).line).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        let mut last = 0;
        for key in ["v", "run", "seq", "prev", "at", "mono_ns", "boot", "by", "events", "h"] {
            let at = line.find(&format!("\"{key}\":")).unwrap();
            assert!(at >= last, "{key} stands too early in {line}");
            last = at;
        }
    }

    #[test]
    fn the_hash_is_that_of_the_published_recipe() {
        // printf 'rutter.journal.v1\n', 32 zero bytes, 00 00 00 00 00 00 00 02, '{}' piped into sha256sum
        assert_eq!(
            Hash::of(Hash::NONE, b"{}").to_string(),
            "6f6fc6641eeeb3ccc449b3ec450fad6515728c134d8b3bc1e1219f4202c168f3"
        );
    }

    #[test]
    fn a_record_too_long_for_readers_is_not_made() {
        let chain = Chain::start(Some("r".into()));
        let text = "x".repeat(MAX_RECORD);
        let error = chain.seal(&stamp(), &by(), &[text]).unwrap_err();
        assert!(matches!(error, EncodeError::TooLong { .. }), "{error}");
    }

    #[test]
    fn an_event_that_readers_would_refuse_is_not_written() {
        let chain = Chain::start(Some("r".into()));
        let error = chain.seal(&stamp(), &by(), &[1.5_f64]).unwrap_err();
        assert!(matches!(error, EncodeError::Events(_)), "{error}");
    }

    #[test]
    fn a_forged_seal_does_not_excuse_what_it_seals() {
        let zero = Chain::start(None);
        read(&forged(&zero, BODY)).unwrap();
        let swap = |from: &str, to: &str| {
            assert!(BODY.contains(from));
            read(&forged(&zero, &BODY.replace(from, to))).unwrap_err()
        };
        assert_eq!(swap(r#""seq":0"#, r#""seq":1"#), Flaw::Seq(1));
        assert_eq!(swap(r#""v":1"#, r#""v":2"#), Flaw::Version(2));
        assert_eq!(swap(r#""v":1,"run":"r""#, r#""v":2,"runs":["r"]"#), Flaw::Version(2));
        assert_eq!(swap("000000\"", "000001\""), Flaw::Prev);
        assert!(matches!(swap(r#""boot":"b""#, r#""boot":"b","boot":"c""#), Flaw::Json(_)));
        assert!(matches!(swap(r#""boot":"b""#, r#""boot":"b","\u0062oot":"c""#), Flaw::Json(_)));
        assert!(matches!(swap(r#""mono_ns":1"#, r#""mono_ns":1e3"#), Flaw::Json(_)));
        assert!(matches!(swap(r#""events":[]"#, r#""events":[7]"#), Flaw::Shape(_)));
        assert!(matches!(swap(r#","events":[]"#, ""), Flaw::Shape(_)));
    }

    #[test]
    fn a_record_of_another_run_is_named() {
        let mut chain = Chain::start(Some("mine".into()));
        let line = forged(&chain, BODY);
        assert_eq!(chain.read::<String>(&line).unwrap_err(), Flaw::Run("r".into()));
        assert_eq!(chain.count(), 0);
    }

    #[test]
    fn fields_of_later_versions_are_passed_over() {
        let body = BODY.replace(r#""boot":"b""#, r#""boot":"b","later":{"x":[1]}"#);
        read(&forged(&Chain::start(None), &body)).unwrap();
    }
}
