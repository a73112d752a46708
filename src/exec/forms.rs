//! The forms a secret takes on its way through programs: quoted, escaped, encoded, cut into lines.
//!
//! What is not among them is not masked: other cases, reversal, compression, encryption.

use std::collections::BTreeSet;
use std::fmt::Write;

/// A line of a secret, or an encoded piece of one, shorter than this is too common to be masked alone.
const PIECE: usize = 8;

/// The same for a string inside a secret that is JSON.
const LEAF: usize = 6;

/// The widths at which encoders break their lines.
const WIDTHS: [usize; 3] = [60, 64, 76];

/// Every form of one secret.
pub(super) fn forms(secret: &str) -> BTreeSet<Vec<u8>> {
    let mut forms = BTreeSet::from([secret.as_bytes().to_vec()]);
    for part in parts(secret) {
        let bytes = part.as_bytes();
        let mut encoded = Vec::new();
        for alphabet in [STANDARD, URL_SAFE] {
            for offset in 0..3 {
                encoded.push(base64_inside(bytes, offset, alphabet));
            }
            // Alone in its encoding, its lines break where the encoder breaks them.
            let alone = base64_inside(bytes, 0, alphabet);
            let wrapped = WIDTHS.iter().filter(|width| alone.len() > **width);
            encoded.extend(wrapped.flat_map(|width| alone.chunks(*width).map(<[u8]>::to_vec)));
        }
        encoded.push(hex(bytes, b"0123456789abcdef"));
        encoded.push(hex(bytes, b"0123456789ABCDEF"));
        forms.extend(encoded.into_iter().filter(|form| form.len() >= PIECE));
        forms.extend(escaped(&part).into_iter().map(String::into_bytes));
        forms.insert(part.into_bytes());
    }
    forms.remove(&Vec::new());
    forms
}

/// The secret, its long lines, and the strings in it if it is JSON.
fn parts(secret: &str) -> Vec<String> {
    let mut parts = vec![secret.to_owned()];
    if secret.contains('\n') {
        // As a terminal or a file from Windows has it.
        parts.push(secret.replace("\r\n", "\n").replace('\n', "\r\n"));
        let lines = secret.lines().map(str::trim_end).filter(|line| line.len() >= PIECE);
        // A PEM file's first and last line say that it is one, which is no secret.
        let secret_lines = lines.filter(|line| !line.starts_with("-----"));
        parts.extend(secret_lines.map(str::to_owned));
    }
    let trimmed = secret.trim_end_matches('\n');
    if trimmed.len() < secret.len() && trimmed.len() >= LEAF {
        parts.push(trimmed.to_owned());
    }
    if let Ok(value @ (serde_json::Value::Object(_) | serde_json::Value::Array(_))) =
        serde_json::from_str(secret)
    {
        leaves(&value, &mut parts);
    }
    parts
}

fn leaves(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if text.len() >= LEAF => into.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| leaves(item, into)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| leaves(field, into)),
        _ => {}
    }
}

/// Forms that differ from the text only where it holds special characters.
fn escaped(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).unwrap_or_default();
    let json = json.get(1..json.len().saturating_sub(1)).unwrap_or_default().to_owned();
    vec![
        percent(text, "%20", true),
        percent(text, "%20", false),
        percent(text, "+", true),
        json.replace('/', "\\/"),
        ascii(&json),
        json,
        // What a shell's trace and its `printf %q` make of it.
        text.replace('\'', r"'\''"),
        text.replace('\'', "'\"'\"'"),
        each(text, |c| if is_plain(c) { String::from(c) } else { format!("\\{c}") }),
        each(text, |c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&#39;".to_owned(),
            c => String::from(c),
        }),
    ]
}

fn each(text: &str, form: impl Fn(char) -> String) -> String {
    text.chars().map(form).collect()
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "-_./:=@%+,".contains(c)
}

fn percent(text: &str, space: &str, upper: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                write!(out, "{}", char::from(byte))
            }
            b' ' => write!(out, "{space}"),
            byte if upper => write!(out, "%{byte:02X}"),
            byte => write!(out, "%{byte:02x}"),
        };
    }
    out
}

/// JSON with everything beyond ASCII spelled out, as some languages write it.
fn ascii(json: &str) -> String {
    let mut out = String::new();
    for unit in json.encode_utf16() {
        let _ = match u8::try_from(unit) {
            Ok(byte @ b' '..=b'~') => write!(out, "{}", char::from(byte)),
            _ => write!(out, "\\u{unit:04x}"),
        };
    }
    out
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    bytes.iter().flat_map(|b| [digits[usize::from(b >> 4)], digits[usize::from(b & 15)]]).collect()
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The digits that encode these bytes alone, whatever stands before (`offset` bytes into a group of three)
/// and after them.
fn base64_inside(bytes: &[u8], offset: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let first = (offset * 8).div_ceil(6);
    let end = (offset + bytes.len()) * 8 / 6;
    let bit = |at: usize| {
        let byte = (at / 8).checked_sub(offset).and_then(|index| bytes.get(index));
        byte.is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1)
    };
    (first..end)
        .map(|digit| (0..6).fold(0, |value, n| value << 1 | usize::from(bit(digit * 6 + n))))
        .map(|value| alphabet[value])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(secret: &str, form: &str) -> bool {
        forms(secret).contains(form.as_bytes())
    }

    #[test]
    fn base64_is_found_at_every_alignment_inside_a_longer_text() {
        let secret = "correct-horse?>battery";
        let forms = forms(secret);
        // Each made by `base64` from the text before it.
        for text in [
            "Y29ycmVjdC1ob3JzZT8+YmF0dGVyeQ==",     // the secret
            "eGNvcnJlY3QtaG9yc2U/PmJhdHRlcnl5",     // x…y
            "eHhjb3JyZWN0LWhvcnNlPz5iYXR0ZXJ5eXl5", // xx…yyy
            "Y29ycmVjdC1ob3JzZT8-YmF0dGVyeQ",
        ] {
            let found = forms.iter().any(|form| {
                form.len() >= 26 && text.as_bytes().windows(form.len()).any(|w| w == form)
            });
            assert!(found, "{text}");
        }
    }

    #[test]
    fn every_way_to_write_it_is_a_form() {
        let secret = "it's <a> \"b\"/c\\d é";
        for form in [
            "it's <a> \"b\"/c\\d é",
            "697427732",
            "it%27s%20%3Ca%3E%20%22b%22%2Fc%5Cd%20%C3%A9",
            "it%27s+%3Ca%3E+%22b%22%2Fc%5Cd+%C3%A9",
            "it's <a> \\\"b\\\"/c\\\\d é",
            "it's <a> \\\"b\\\"\\/c\\\\d é",
            "it's <a> \\\"b\\\"/c\\\\d \\u00e9",
            "it'\\''s <a> \"b\"/c\\d é",
            "it\\'s\\ \\<a\\>\\ \\\"b\\\"/c\\\\d\\ é",
            "it&#39;s &lt;a&gt; &quot;b&quot;/c\\d é",
        ] {
            let found = has(secret, form)
                || forms(secret).iter().any(|known| known.starts_with(form.as_bytes()));
            assert!(found, "{form}");
        }
    }

    #[test]
    fn a_key_is_known_by_its_lines_but_not_by_its_frame() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\nshort\n-----END KEY-----\n";
        assert!(has(key, "MIIEvQIBADANBg") && has(key, "kqhkiG9w0BAQ"));
        assert!(has(key, &key.replace('\n', "\r\n")) && has(key, &key.replace('\n', "\\n")));
        assert!(!has(key, "short") && !has(key, "-----BEGIN KEY-----"));
    }

    #[test]
    fn a_document_is_known_by_the_strings_in_it() {
        let document =
            r#"{"client":"id-1234567","nested":[{"secret":"p/q\"rst"}],"port":5432,"a":"b"}"#;
        assert!(has(document, "id-1234567") && has(document, "p/q\"rst"));
        assert!(!has(document, "b") && !has(document, "5432") && !has(document, "client"));
    }

    #[test]
    fn a_long_secret_is_known_by_the_lines_of_its_encoding() {
        let secret = "0123456789".repeat(10);
        let line = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2";
        assert_eq!(line.len(), 76);
        assert!(has(&secret, line) && has(&secret, &line[..64]));
    }
}
