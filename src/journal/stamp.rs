//! When something was recorded: a time for people, and a clock that never goes back for durations.

#![expect(clippy::disallowed_methods, reason = "reads the clocks")]

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, as three clocks see it.
///
/// `at` is for people and may jump. Durations come from `mono_ns`, and only between stamps of the same `boot`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Wall clock, UTC, to the microsecond.
    #[serde(serialize_with = "micros", deserialize_with = "utc")]
    pub at: DateTime<Utc>,
    /// Nanoseconds since boot. Counts through suspend on Linux; elsewhere it may stand still meanwhile.
    pub mono_ns: u64,
    /// The boot that `mono_ns` counts from; empty where the system does not say.
    pub boot: String,
}

impl Stamp {
    /// Reads the clocks.
    pub fn now() -> Self {
        let mono = rustix::time::clock_gettime(SINCE_BOOT);
        let seconds = u64::try_from(mono.tv_sec).unwrap_or(0);
        let nanos = u64::try_from(mono.tv_nsec).unwrap_or(0);
        Self { at: Utc::now(), mono_ns: seconds * 1_000_000_000 + nanos, boot: boot() }
    }

    /// Returns the nanoseconds from `earlier` to this stamp, if both belong to one boot.
    pub fn since(&self, earlier: &Self) -> Option<u64> {
        if self.boot.is_empty() || self.boot != earlier.boot {
            return None;
        }
        self.mono_ns.checked_sub(earlier.mono_ns)
    }

    /// Returns how far wall clock and boot clock moved apart since `earlier`, in nanoseconds (wall, boot),
    /// when that is more than two seconds.
    pub fn jumped(&self, earlier: &Self) -> Option<(i64, i64)> {
        let boot = i64::try_from(self.since(earlier)?).ok()?;
        let wall = (self.at - earlier.at).num_nanoseconds()?;
        (wall.abs_diff(boot) > 2_000_000_000).then_some((wall, boot))
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const SINCE_BOOT: rustix::time::ClockId = rustix::time::ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SINCE_BOOT: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}

pub(super) fn micros<S: Serializer>(at: &DateTime<Utc>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

pub(super) fn utc<'de, D: Deserializer<'de>>(d: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(d)?;
    let at = DateTime::parse_from_rfc3339(&text).map_err(serde::de::Error::custom)?;
    Ok(at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn stamp(seconds: i64, mono_s: u64, boot: &str) -> Stamp {
        let at = DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap();
        Stamp { at, mono_ns: mono_s * 1_000_000_000, boot: boot.into() }
    }

    #[test]
    fn time_goes_on() {
        let (a, b) = (Stamp::now(), Stamp::now());
        assert!(b.mono_ns >= a.mono_ns);
        assert!(b.mono_ns > 0);
    }

    #[test]
    fn no_duration_across_boots() {
        assert_eq!(stamp(5, 9, "b").since(&stamp(0, 3, "a")), None);
        assert_eq!(stamp(5, 9, "").since(&stamp(0, 3, "")), None);
        assert_eq!(stamp(5, 9, "a").since(&stamp(0, 3, "a")), Some(6_000_000_000));
    }

    #[test]
    fn a_moved_wall_clock_is_a_jump_and_a_long_wait_is_not() {
        let start = stamp(0, 100, "a");
        assert_eq!(stamp(3600, 3700, "a").jumped(&start), None);
        assert_eq!(stamp(2, 100, "a").jumped(&start), None);
        let back = stamp(-3600, 110, "a").jumped(&start).unwrap();
        assert_eq!(back, (-3_600_000_000_000, 10_000_000_000));
    }

    #[test]
    fn a_stamp_is_written_to_the_microsecond_in_utc() {
        let mut one = stamp(0, 1, "a");
        one.at += TimeDelta::microseconds(42);
        let text = serde_json::to_string(&one).unwrap();
        assert!(text.contains(".000042Z\""), "{text}");
        assert_eq!(serde_json::from_str::<Stamp>(&text).unwrap(), one);
    }
}
