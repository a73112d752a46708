//! Moments and spans of time as people write them.

use chrono::{DateTime, Utc};
use std::time::Duration;

/// Reads a moment with its zone. Seconds may be left out; a clock time without a day needs a clock and is not read here.
pub fn parse_time(raw: &str) -> Result<DateTime<Utc>, String> {
    let seconds = |at: usize| raw.as_bytes().get(at) == Some(&b':');
    // RFC 3339 wants seconds; people leave them out. Only `…T02:36Z` has a zone where seconds would begin.
    let full = if raw.len() > 16 && !seconds(16) {
        format!("{}:00{}", &raw[..16], &raw[16..])
    } else {
        raw.to_owned()
    };
    DateTime::parse_from_rfc3339(&full)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| "is not a time with its zone, as in `2026-11-21T02:53:00Z`".to_owned())
}

/// Reads a duration: `90s`, `5m`, `1h30m`, `180d`, `2w`.
pub fn parse_duration(raw: &str) -> Result<Duration, String> {
    let bad = || "is not a duration, as in `90s`, `5m`, `1h30m` or `180d`".to_owned();
    let mut total: u64 = 0;
    let mut rest = raw;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let number: u64 = rest[..digits].parse().map_err(|_| bad())?;
        let unit = match rest.as_bytes()[digits] {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return Err(bad()),
        };
        let seconds = number.checked_mul(unit).and_then(|part| total.checked_add(part));
        // Ten years: longer is a mistake, and far below every overflow further on.
        total =
            seconds.filter(|seconds| *seconds <= 315_360_000).ok_or("is longer than ten years")?;
        rest = &rest[digits + 1..];
    }
    if raw.is_empty() { Err(bad()) } else { Ok(Duration::from_secs(total)) }
}
