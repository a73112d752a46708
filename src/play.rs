//! What a player performs in place of a command: the words that the rehearsed world writes and `exec` plays.
//!
//! Pure, and below both, as `outcome` is: `exec` knows no scenario, and the world knows no process.

use crate::outcome::Ended;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What stands in for one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Play {
    /// One scene for each time the command is run. Only a `wait` has more than one; the last one stays.
    pub scenes: Vec<Scene>,
    /// How long the whole of it takes in the story, when that is said apart from the scenes.
    pub lasts: Option<Duration>,
    /// Between two polls, in the story.
    pub every: Duration,
    /// After the last good answer of a `wait`, in the story.
    pub settle: Duration,
    /// The time it is given, in the story.
    pub timeout: Option<Duration>,
    /// From this run on it never ends by itself, so that its time runs out as it would for real.
    pub hangs_from: Option<u32>,
}

/// One run of the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// What it writes to standard output.
    pub stdout: String,
    /// What it writes to standard error, after that.
    pub stderr: String,
    /// Its exit code.
    pub exit: i32,
    /// How long it takes in the story.
    pub story: Duration,
    /// How long it takes on the clock of the person who rehearses.
    pub real: Duration,
    /// Contact is lost at its end: nobody sees how it went.
    pub lost: bool,
}

impl Play {
    /// Makes the play of a command that is run once.
    pub fn once(scene: Scene) -> Self {
        let (every, settle) = (Duration::ZERO, Duration::ZERO);
        Self { scenes: vec![scene], lasts: None, every, settle, timeout: None, hangs_from: None }
    }

    /// Returns the scene of this run, counted from 0: the last one stays.
    pub fn scene(&self, run: u32) -> Option<&Scene> {
        self.scenes.get(run as usize).or_else(|| self.scenes.last())
    }

    /// Tells whether this run, counted from 0, never ends by itself.
    pub fn hangs(&self, run: u32) -> bool {
        self.hangs_from.is_some_and(|from| run >= from)
    }

    /// Tells how long an attempt took in the story that was run so often, took so long on the real clock and ended so;
    /// `None` when its end was not seen.
    ///
    /// What was cut short took its share of the story.
    pub fn story(&self, runs: u32, took: Duration, ended: Option<&Ended>) -> Duration {
        let whole = self.lasts.unwrap_or_else(|| self.told(runs));
        match ended {
            None | Some(Ended::Exit { .. }) => whole,
            Some(Ended::CouldNotStart { .. } | Ended::NeverReleased) => Duration::ZERO,
            Some(Ended::Timeout) => self.timeout.unwrap_or(whole),
            Some(Ended::Interrupted | Ended::Signal { .. }) => {
                let real: Duration = (0..runs).filter_map(|run| Some(self.scene(run)?.real)).sum();
                if real.is_zero() || took >= real {
                    return whole;
                }
                whole.mul_f64(took.as_secs_f64() / real.as_secs_f64())
            }
        }
    }

    /// So many runs, one after another: a poll begins when the one before is over, and no sooner than `every` after it.
    fn told(&self, runs: u32) -> Duration {
        let story = |run: u32| self.scene(run).map_or(Duration::ZERO, |scene| scene.story);
        let last = runs.saturating_sub(1);
        let before: Duration = (0..last).map(|run| story(run).max(self.every)).sum();
        before + story(last) + self.settle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn scene(story: u64, real: u64) -> Scene {
        let (story, real) = (seconds(story), seconds(real));
        Scene { stdout: String::new(), stderr: String::new(), exit: 0, story, real, lost: false }
    }

    const EXIT: Ended = Ended::Exit { code: 0 };

    #[test]
    fn a_command_that_ended_took_its_whole_story_however_fast_it_was_played() {
        let play = Play::once(scene(1320, 3));
        assert_eq!(play.story(1, seconds(0), Some(&EXIT)), seconds(1320));
        assert_eq!(play.story(1, seconds(9), None), seconds(1320), "lost: it happened, unseen");
    }

    #[test]
    fn a_command_that_was_cut_short_took_its_share_and_one_that_never_ran_took_nothing() {
        let play = Play::once(scene(1200, 4));
        assert_eq!(play.story(1, seconds(1), Some(&Ended::Interrupted)), seconds(300));
        assert_eq!(play.story(1, seconds(5), Some(&Ended::Interrupted)), seconds(1200));
        assert_eq!(play.story(0, seconds(0), Some(&Ended::NeverReleased)), seconds(0));
    }

    #[test]
    fn a_command_whose_time_ran_out_took_all_the_time_it_was_given() {
        let mut play = Play::once(scene(1200, 4));
        play.timeout = Some(seconds(600));
        assert_eq!(play.story(1, seconds(0), Some(&Ended::Timeout)), seconds(600));
    }

    #[test]
    fn a_wait_takes_the_time_between_its_polls_and_the_last_scene_stays() {
        let mut play = Play::once(scene(1, 0));
        play.scenes.push(scene(2, 0));
        (play.every, play.settle) = (seconds(30), seconds(10));
        assert_eq!(play.story(3, seconds(0), Some(&EXIT)), seconds(30 + 30 + 2 + 10));
        assert_eq!(play.scene(7), play.scenes.last());
        play.lasts = Some(seconds(5));
        assert_eq!(play.story(3, seconds(0), Some(&EXIT)), seconds(5), "said is said");
    }
}
