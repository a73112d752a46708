//! Comparisons as what the written side is: a number, a version, a time, a duration, else text.

use super::job::Compare;
use chrono::{DateTime, Utc};
use regex::Regex;
use std::cmp::Ordering;

/// Tells whether `got` is as wanted; none when the two cannot be compared.
pub(super) fn holds(compare: &Compare, got: &str) -> Option<bool> {
    match compare {
        Compare::Equals(wanted) => Some(same(got, wanted)),
        Compare::Not(wanted) => Some(!same(got, wanted)),
        Compare::In(wanted) => Some(wanted.iter().any(|wanted| same(got, wanted))),
        Compare::Matches(pattern) => Regex::new(pattern).ok().map(|regex| regex.is_match(got)),
        Compare::AtLeast(wanted) => order(got, wanted).map(Ordering::is_ge),
        Compare::AtMost(wanted) => order(got, wanted).map(Ordering::is_le),
    }
}

/// `3` and `3.0` are the same number, `03` and `3` too; text is the same byte for byte.
fn same(got: &str, wanted: &str) -> bool {
    let numbers = number(got).zip(number(wanted));
    got == wanted || numbers.is_some_and(|(a, b)| a.partial_cmp(&b) == Some(Ordering::Equal))
}

fn order(got: &str, wanted: &str) -> Option<Ordering> {
    if is_version(got) || is_version(wanted) {
        return Some(version(got)?.cmp(&version(wanted)?));
    }
    if let (Some(got), Some(wanted)) = (number(got), number(wanted)) {
        return got.partial_cmp(&wanted);
    }
    if let (Some(got), Some(wanted)) = (time(got), time(wanted)) {
        return Some(got.cmp(&wanted));
    }
    Some(duration(got)?.cmp(&duration(wanted)?))
}

fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|_| plain)
}

/// Two dots, or a `v`, or a last part nobody writes in a number: `2.60` is not 2.6.
fn is_version(text: &str) -> bool {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let dots = bare.matches('.').count();
    let zero = dots == 1 && bare.ends_with('0') && !bare.ends_with(".0");
    version(text).is_some() && (bare.len() < text.len() || dots >= 2 || zero)
}

/// `v2.60.1-rc1` as its numbers; what follows them does not count, and missing ones are zero.
fn version(text: &str) -> Option<[u64; 4]> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let end = bare.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(bare.len());
    let mut parts = [0; 4];
    for (number, part) in bare[..end].trim_end_matches('.').split('.').enumerate() {
        *parts.get_mut(number)? = part.parse().ok()?;
    }
    Some(parts)
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

/// `90s`, `1h30m`, `2d`, in milliseconds.
fn duration(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let unit =
            rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |n| n + digits);
        let scale = match &rest[digits..unit] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        total = total.checked_add(rest[..digits].parse::<u64>().ok()?.checked_mul(scale)?)?;
        rest = &rest[unit..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_compare_as_what_they_are() {
        let at_least = |got: &str, wanted: &str| holds(&Compare::AtLeast(wanted.into()), got);
        for (small, large) in [
            ("9", "10"),
            ("-3", "2"),
            ("0.5", "1.25"),
            ("2.9.1", "2.60"),
            ("2.60", "2.60.1"),
            ("v1.9", "v1.10"),
            ("2026-11-21T02:00:00Z", "2026-11-21T03:30:00+01:00"),
            ("90s", "2m"),
            ("23h", "1d"),
        ] {
            assert_eq!(at_least(large, small), Some(true), "{large} >= {small}");
            assert_eq!(at_least(small, large), Some(false), "{small} >= {large}");
            assert_eq!(holds(&Compare::AtMost(large.into()), small), Some(true));
        }
    }

    #[test]
    fn what_has_no_order_is_not_compared() {
        for (got, wanted) in [("Ready", "3"), ("", "1"), ("12 GB", "3"), ("5m", "3")] {
            assert_eq!(holds(&Compare::AtLeast(wanted.into()), got), None, "{got} {wanted}");
        }
        assert_eq!(holds(&Compare::Matches("(".into()), "x"), None);
    }

    #[test]
    fn equal_means_the_same_text_or_the_same_number() {
        let equals = |got: &str, wanted: &str| holds(&Compare::Equals(wanted.into()), got);
        assert_eq!(equals("3.0", "3"), Some(true));
        assert_eq!(equals("Ready", "ready"), Some(false));
        assert_eq!(equals("nan", "nan "), Some(false));
        assert_eq!(holds(&Compare::In(vec!["a".into(), "1".into()]), "01"), Some(true));
    }
}
