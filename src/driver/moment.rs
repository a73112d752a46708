//! Moments as tired people type them: `02:36Z` is the last time it was that late, `-20m` was twenty minutes ago.

use crate::runbook::value;
use crate::runbook::value::Kind;
use chrono::{DateTime, Duration, NaiveTime, Utc};

/// Returns a typed moment as a whole one, RFC 3339 in UTC; `None` when it is no moment.
pub fn moment(text: &str, now: DateTime<Utc>) -> Option<String> {
    let written = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    if let Ok(at) = value::parse_time(text) {
        return Some(written(at));
    }
    if let Some(ago) = text.trim().strip_prefix('-') {
        let ago = Duration::from_std(value::parse_duration(ago).ok()?).ok()?;
        return now.checked_sub_signed(ago).map(written);
    }
    let clock = text.trim().strip_suffix('Z')?;
    let clock = ["%H:%M", "%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(clock, form).ok())?;
    let today = now.date_naive().and_time(clock).and_utc();
    Some(written(if today > now { today - Duration::days(1) } else { today }))
}

/// Completes a typed value of kind time; every other value stays as it was typed.
pub fn completed(kind: Kind, typed: String, now: DateTime<Utc>) -> String {
    match kind {
        Kind::Time if value::parse_time(&typed).is_err() => moment(&typed, now).unwrap_or(typed),
        _ => typed,
    }
}

/// Completes a value that was typed into one line, where the items of a list stand with commas.
pub fn completed_line(kind: Kind, typed: String, now: DateTime<Utc>) -> String {
    match kind {
        Kind::List => typed.split([',', '\n']).map(str::trim).collect::<Vec<_>>().join("\n"),
        kind => completed(kind, typed, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_time_is_the_last_time_it_was_that_late() {
        let now = "2026-11-21T02:53:00Z".parse().unwrap();
        let at = |text| moment(text, now);
        assert_eq!(at("02:37Z").unwrap(), "2026-11-21T02:37:00Z");
        assert_eq!(at("23:10:05Z").unwrap(), "2026-11-20T23:10:05Z");
        assert_eq!(at("2026-11-20T01:00:00+01:00").unwrap(), "2026-11-20T00:00:00Z");
        assert_eq!(at("-20m").unwrap(), "2026-11-21T02:33:00Z");
        assert_eq!(at("half past two"), None);
    }

    #[test]
    fn only_moments_are_completed() {
        let now = "2026-11-21T02:53:00Z".parse().unwrap();
        assert_eq!(completed(Kind::Text, "02:37Z".into(), now), "02:37Z");
        assert_eq!(completed(Kind::Time, "02:37Z".into(), now), "2026-11-21T02:37:00Z");
        assert_eq!(completed(Kind::Time, "soon".into(), now), "soon");
        assert_eq!(completed_line(Kind::Time, "02:37Z".into(), now), "2026-11-21T02:37:00Z");
    }

    #[test]
    fn in_one_line_the_items_of_a_list_stand_with_commas() {
        let items = |typed: &str| completed_line(Kind::List, typed.into(), DateTime::default());
        assert_eq!(items("device, channel,codec"), "device\nchannel\ncodec");
        assert_eq!(items("device\nchannel"), "device\nchannel", "a default has them in lines");
        assert_eq!(completed(Kind::List, "a,b".into(), DateTime::default()), "a,b", "in a file");
    }
}
