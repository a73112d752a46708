//! Times, durations and sizes as people read them.

use chrono::{DateTime, Utc};

/// Writes a duration as `h:mm:ss`, and below a minute as seconds.
pub fn duration(ns: u64) -> String {
    let seconds = ns / 1_000_000_000;
    match seconds {
        0..=9 => format!("{}.{} s", seconds, ns % 1_000_000_000 / 100_000_000),
        10..=59 => format!("{seconds} s"),
        _ => format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
    }
}

/// Writes a time of day in UTC.
pub fn time(at: DateTime<Utc>) -> String {
    at.format("%H:%M:%SZ").to_string()
}

/// Writes a day and time in UTC.
pub fn day_and_time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// Writes a number of bytes.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return count(bytes, "byte", "bytes");
    }
    let mut tenths = bytes * 10 / 1024;
    let mut unit = UNITS[0];
    for next in &UNITS[1..] {
        if tenths < 10_240 {
            break;
        }
        tenths /= 1024;
        unit = next;
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// Writes a number of things.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Joins names with commas and a last "and".
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let seconds = |n: u64| duration(n * 1_000_000_000);
        assert_eq!(duration(480_000_000), "0.4 s");
        assert_eq!((seconds(12), seconds(60)), ("12 s".into(), "0:01:00".into()));
        assert_eq!(seconds(100 * 3600 + 61), "100:01:01");
    }

    #[test]
    fn sizes_have_their_unit() {
        assert_eq!((size(1), size(1023)), ("1 byte".into(), "1023 bytes".into()));
        assert_eq!((size(1024), size(1_500_000)), ("1.0 KiB".into(), "1.4 MiB".into()));
        assert_eq!(size(u64::from(u32::MAX) * 1024), "3.9 TiB".to_owned());
    }

    #[test]
    fn lists_end_with_and() {
        let names =
            |n: usize| ["a", "b", "c"][..n].iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(list(&names(0)), "");
        assert_eq!((list(&names(1)), list(&names(3))), ("a".into(), "a, b and c".into()));
    }
}
