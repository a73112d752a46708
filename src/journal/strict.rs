//! JSON as one reader can only read it one way: no key twice, no floats, no deep nests.
//!
//! Two programs that read the same bytes differently would let a journal say one thing to the verifier and another
//! to the report. What is left after these rules is read alike by every JSON parser that is worth the name.

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// The deepest nest of arrays and objects.
pub(super) const MAX_DEPTH: usize = 16;

/// Checks one JSON text; the error says what is wrong in it.
pub(super) fn check(text: &[u8]) -> Result<(), String> {
    let mut json = serde_json::Deserializer::from_slice(text);
    Nest { left: MAX_DEPTH }.deserialize(&mut json).map_err(|e| e.to_string())?;
    json.end().map_err(|e| e.to_string())
}

struct Nest {
    left: usize,
}

impl Nest {
    fn deeper<E: de::Error>(&self) -> Result<Self, E> {
        let left = self.left.checked_sub(1);
        left.map(|left| Self { left })
            .ok_or_else(|| E::custom(format_args!("nested deeper than {MAX_DEPTH}")))
    }
}

impl<'de> DeserializeSeed<'de> for Nest {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nest {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without floats")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(self.deeper()?)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(Key(key)) = map.next_key()? {
            map.next_value_seed(self.deeper()?)?;
            if let Some(twice) = seen.replace(key) {
                return Err(de::Error::custom(format_args!(
                    "the key `{twice}` stands there twice"
                )));
            }
        }
        Ok(())
    }
}

/// A key as it reads: borrowed from the line unless something in it is escaped.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_json_passes() {
        check(br#"{"a":[1,-2,null,true,"x\u0041"],"b":{"a":1}}"#).unwrap();
        check(b"18446744073709551615").unwrap();
    }

    #[test]
    fn what_parsers_read_differently_is_refused() {
        for text in [
            &br#"{"a":1,"a":1}"#[..],
            br#"{"seq":1,"\u0073eq":2}"#,
            b"1.0",
            b"1e3",
            b"18446744073709551616",
            b"NaN",
            b"[1] [2]",
            b"[1,]",
            b"\"\\ud800\"",
            b"\"\xff\"",
            b"\xef\xbb\xbf{}",
            b"",
        ] {
            check(text).expect_err(&String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn the_deepest_nest_is_sixteen() {
        let nest = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        check(nest(16).as_bytes()).unwrap();
        check(nest(17).as_bytes()).unwrap_err();
        check(nest(60_000).as_bytes()).unwrap_err();
    }
}
