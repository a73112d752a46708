//! From the bytes of a file to text, or to the reason why it is none.

use super::place::{Finding, Place, Severity, Source};

/// The largest file that is read.
pub const LARGEST: usize = 1 << 20;

/// Makes a source of the bytes of a file, or says why it cannot be one.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Source, Box<Finding>> {
    let refuse = |what: &str, why: &str, next: &str, text: &str| {
        let place = span_of(text.len(), text.len());
        Box::new(Finding {
            code: "RB001",
            severity: Severity::Error,
            source: Source::new(name, text),
            place,
            what: what.to_owned(),
            why: why.to_owned(),
            next: next.to_owned(),
        })
    };
    if bytes.len() > LARGEST {
        return Err(refuse(
            "the file is larger than 1 MiB",
            "runbooks are read by people",
            "Split it, and keep data in files beside it.",
            "",
        ));
    }
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, _, 0, ..] | [0, _, 0, _, ..]) {
        return Err(refuse(
            "the file is UTF-16",
            "files are read as UTF-8",
            "Save it as UTF-8.",
            "",
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            let what = format!("byte {} is not UTF-8", error.valid_up_to());
            Err(refuse(&what, "files are read as UTF-8", "Save it as UTF-8.", good))
        }
    }
}

/// Returns the place between two bytes.
pub(super) fn span_of(start: usize, end: usize) -> Place {
    let byte = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Place { start: byte(start), end: byte(end) }
}
