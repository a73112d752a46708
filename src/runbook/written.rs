//! A decoded text together with the bytes it was written as, to point back into the file.
//!
//! YAML folds lines, removes indentation and resolves escapes, so byte 40 of a value is rarely byte 40 of its span.
//! Decoding never reorders, so walking both texts side by side finds every place again.

use super::place::{Place, Source};
use std::cell::OnceCell;
use std::ops::Range;

/// A decoded text and where it stands.
#[derive(Debug)]
pub struct Written<'a> {
    /// The text as YAML decodes it.
    pub value: &'a str,
    /// Its whole place in the file.
    pub place: Place,
    file: &'a str,
    map: OnceCell<Vec<u32>>,
}

impl<'a> Written<'a> {
    /// Joins a decoded text to its place in a file.
    pub fn new(value: &'a str, place: Place, source: &'a Source) -> Self {
        Self { value, place, file: &source.text, map: OnceCell::new() }
    }

    /// Returns the place in the file of these bytes of the decoded text.
    pub fn at(&self, range: Range<usize>) -> Place {
        let map = self.map.get_or_init(|| self.align());
        let find = |byte: usize| map.get(byte).copied().unwrap_or(self.place.end);
        let start = find(range.start);
        let end = if range.end > range.start { find(range.end - 1) + 1 } else { start };
        Place { start, end: end.max(start) }
    }

    /// Walks the written bytes beside the decoded ones; `map[i]` is the place of decoded byte `i`.
    fn align(&self) -> Vec<u32> {
        let start = self.place.start as usize;
        let raw = self.file.get(start..self.place.end as usize).unwrap_or("").as_bytes();
        let quote =
            raw.first().copied().filter(|byte| matches!(byte, b'"' | b'\'') && raw.len() > 1);
        let quote = quote.filter(|_| raw != self.value.as_bytes());
        let mut at = usize::from(quote.is_some());
        let mut map = Vec::with_capacity(self.value.len());
        for &byte in self.value.as_bytes() {
            let blank = byte.is_ascii_whitespace();
            while !blank && at < raw.len() && raw[at] != byte && raw[at].is_ascii_whitespace() {
                at += 1;
            }
            let here = at.min(raw.len());
            map.push(u32::try_from(start + here).unwrap_or(u32::MAX));
            at = here + width(raw, here, byte, quote);
        }
        map
    }
}

/// Returns how many written bytes one decoded byte took.
fn width(raw: &[u8], at: usize, byte: u8, quote: Option<u8>) -> usize {
    match (quote, raw.get(at)) {
        (_, None) => 0,
        (Some(b'\''), Some(b'\'')) => 2,
        (Some(b'"'), Some(b'\\')) => match raw.get(at + 1) {
            Some(b'x') => 4,
            Some(b'u') => 6,
            Some(b'U') => 10,
            _ => 2,
        },
        // A decoded blank may stand for a line break, or may come from nowhere (folding): stay if so.
        (_, Some(found)) if byte.is_ascii_whitespace() => usize::from(found.is_ascii_whitespace()),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(file: &str, span: Range<usize>, value: &str, part: &str) -> String {
        let source = Source::new("t.yaml", file);
        let byte = |at| u32::try_from(at).unwrap();
        let place = Place { start: byte(span.start), end: byte(span.end) };
        let written = Written::new(value, place, &source);
        let from = value.find(part).unwrap();
        let found = written.at(from..from + part.len());
        file[found.start as usize..found.end as usize].to_owned()
    }

    #[test]
    fn a_part_is_found_again_in_every_way_of_writing() {
        assert_eq!(place_of("a: one {{ x }}", 3..14, "one {{ x }}", "{{ x }}"), "{{ x }}");
        assert_eq!(place_of("a: 'it''s {{ x }}'", 3..18, "it's {{ x }}", "{{ x }}"), "{{ x }}");
        assert_eq!(place_of("a: \"q\\\" {{ x }}\"", 3..16, "q\" {{ x }}", "{{ x }}"), "{{ x }}");
        let folded = "a: >-\n  é one\n  two {{ x }}\n";
        assert_eq!(place_of(folded, 8..folded.len(), "é one two {{ x }}", "{{ x }}"), "{{ x }}");
        let literal = "a: |\r\n  one\r\n    {{ x }}\r\n";
        assert_eq!(place_of(literal, 8..literal.len(), "one\n  {{ x }}\n", "{{ x }}"), "{{ x }}");
    }
}
