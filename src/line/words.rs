//! How durations are said, and who is to be called when.

use crate::runbook::model::CallFor;
use crate::runbook::template::Text;
use std::time::Duration;

/// Says a duration as people do: `45 s`, `22 min`, `1 h 30 min`, `4 h`, `7 days`.
pub fn span(d: Duration) -> String {
    let s = d.as_secs();
    match s {
        0..120 => format!("{s} s"),
        120..7200 if s.is_multiple_of(60) => format!("{} min", s / 60),
        120..7200 => format!("{} min {} s", s / 60, s % 60),
        172_800.. if s.is_multiple_of(86_400) => format!("{} days", s / 86_400),
        _ if s % 3600 / 60 == 0 => format!("{} h", s / 3600),
        _ => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

/// Says a measured time: `0:00.4`, `22:03`, `1:02:03`.
pub fn clock(ns: u64) -> String {
    let (s, tenths) = (ns / 1_000_000_000, ns / 100_000_000 % 10);
    match s {
        0..60 => format!("{s}.{tenths} s"),
        60..3600 => format!("{}:{:02}", s / 60, s % 60),
        _ => format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60),
    }
}

/// Ends a text with a full stop, unless it ends like a sentence already.
pub fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?', '!', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// Says whom to call and when: `ana of the database team, after 2 failures or 20 min`.
pub fn whom(call: &CallFor, shown: &impl Fn(&Text) -> String) -> String {
    let failures = call.after_failures.map(|n| match n {
        1 => "a failure".to_owned(),
        n => format!("{n} failures"),
    });
    let when: Vec<String> = failures.into_iter().chain(call.after.map(span)).collect();
    let who = shown(&call.who);
    if when.is_empty() { who } else { format!("{who}, after {}", when.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_the_units_that_people_use_for_it() {
        let said = |s| span(Duration::from_secs(s));
        assert_eq!([said(45), said(119), said(1320)], ["45 s", "119 s", "22 min"]);
        assert_eq!([said(3605), said(7200), said(12_660)], ["60 min 5 s", "2 h", "3 h 31 min"]);
        assert_eq!([said(86_400), said(604_800)], ["24 h", "7 days"]);
    }
}
