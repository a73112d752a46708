//! `--ascii`: the same text for terminals and fonts that have no more than ASCII.

use std::io::{self, Write};

/// A stream that spells in ASCII whatever is not, when it is asked to.
#[derive(Debug)]
pub struct Ascii<W> {
    inner: W,
    wanted: bool,
    /// The beginning of a character whose rest has not been written yet.
    begun: Vec<u8>,
}

impl<W: Write> Ascii<W> {
    /// Wraps a stream; without `wanted` every byte passes as it is.
    pub fn new(inner: W, wanted: bool) -> Self {
        Self { inner, wanted, begun: Vec::new() }
    }
}

impl<W: Write> Write for Ascii<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.wanted {
            return self.inner.write(bytes);
        }
        self.begun.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            Ok(text) => text.len(),
            // At most three bytes may wait for the rest of their character; anything else is no UTF-8 at all.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.begun.len(),
        };
        let rest = self.begun.split_off(whole);
        let text = String::from_utf8_lossy(&self.begun).into_owned();
        self.begun = rest;
        self.inner.write_all(text.chars().map(spelled).collect::<String>().as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Spells one character; what has no usual spelling is named, as commands name it everywhere.
fn spelled(c: char) -> String {
    match c {
        c if c.is_ascii() => c.into(),
        '·' | '–' | '—' | '─' => "-".into(),
        '│' => "|".into(),
        '…' => "...".into(),
        '‹' => "<".into(),
        '›' => ">".into(),
        '→' => "->".into(),
        '≈' => "~".into(),
        '“' | '”' => "\"".into(),
        '‘' | '’' => "'".into(),
        c => format!("<U+{:04X}>", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_writes_is_spelled_once() {
        let mut out = Vec::new();
        let mut ascii = Ascii::new(&mut out, true);
        for byte in "a · b… ‹secret:é›".bytes() {
            ascii.write_all(&[byte]).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "a - b... <secret:<U+00E9>>");
    }

    #[test]
    fn nothing_changes_unless_it_is_asked_for() {
        let mut out = Vec::new();
        Ascii::new(&mut out, false).write_all("a · b".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a · b");
    }
}
