//! How fast a story is told.

use std::time::Duration;

/// The longest that anybody waits for one command at the usual pace.
const LONGEST: Duration = Duration::from_secs(3);

/// A command of this length takes half of that.
const HALFWAY: Duration = Duration::from_secs(60);

/// How fast a story is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// For people: a second is over at once, a minute takes a breath, an hour never more than three seconds. So a short
    /// command can be told from a long one, and nobody learns to look away. The number makes all of it faster.
    Told {
        /// So many times as fast.
        speed: f64,
    },
    /// For machines: nothing is waited for.
    AtOnce,
}

impl Default for Pace {
    fn default() -> Self {
        Self::Told { speed: 1.0 }
    }
}

impl Pace {
    /// Returns how long this much of the story takes on a real clock.
    pub fn real(self, story: Duration) -> Duration {
        let Self::Told { speed } = self else { return Duration::ZERO };
        let share = story.as_secs_f64() / (story.as_secs_f64() + HALFWAY.as_secs_f64());
        Duration::try_from_secs_f64(LONGEST.as_secs_f64() * share / speed).unwrap_or(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(pace: Pace, seconds: u64) -> u128 {
        pace.real(Duration::from_secs(seconds)).as_millis()
    }

    #[test]
    fn what_is_short_is_over_at_once_and_nothing_takes_longer_than_three_seconds() {
        let pace = Pace::default();
        assert!(millis(pace, 1) < 60, "{}", millis(pace, 1));
        assert_eq!(millis(pace, 60), 1500);
        assert!(millis(pace, 22 * 60) > 2500);
        assert!(millis(pace, 400 * 86_400) <= 3000);
    }

    #[test]
    fn a_longer_command_always_takes_longer() {
        let pace = Pace::default();
        let lengths = [0, 1, 5, 15, 60, 300, 1800].map(|seconds| millis(pace, seconds));
        assert!(lengths.is_sorted_by(|a, b| a < b), "{lengths:?}");
    }

    #[test]
    fn speed_divides_and_a_machine_waits_for_nothing() {
        assert_eq!(millis(Pace::Told { speed: 3.0 }, 60), 500);
        assert_eq!(millis(Pace::AtOnce, 3600), 0);
    }
}
