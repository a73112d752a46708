//! From a written answer to a play: output in full, story time, real time.

use super::fill::fill;
use super::login;
use super::pace::Pace;
use super::unsaid;
use super::world::World;
use crate::engine::event::{AttemptId, Part};
use crate::engine::plan::PlanStep;
use crate::play::{Play, Scene};
use crate::runbook::model::{Act, Values, Wait};
use crate::runbook::scenario::{Output, Response, Trouble};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a command takes in the story when nobody says.
const UNSAID: Duration = Duration::from_secs(1);

/// So many polls after the last written one: by then nothing new can be said.
const AFTER_THE_LAST: u32 = 3;

/// A world with the texts it speaks in, and the pace it is told at.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The world.
    pub world: World,
    /// The files of the runbook that are text, by path.
    pub files: BTreeMap<String, String>,
    /// The pace.
    pub pace: Pace,
}

/// A command that is to be played instead of run.
#[derive(Clone, Copy, Debug)]
pub struct Role<'a> {
    /// Which try at which work.
    pub id: &'a AttemptId,
    /// Its step.
    pub planned: &'a PlanStep,
    /// The command as shown.
    pub shown: &'a str,
    /// The values known now.
    pub values: &'a Values,
    /// The time it is given.
    pub timeout: Option<Duration>,
}

/// A play, and how the loop around it is timed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// What is performed.
    pub play: Play,
    /// For a `wait`: the same loop on the real clock.
    pub wait: Option<Polling>,
    /// When its time is up on the real clock; `None` for a play that ends before.
    pub timeout: Option<Duration>,
}

/// The loop of a `wait` on the real clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polling {
    /// Between two polls.
    pub every: Duration,
    /// After the last good one.
    pub settle: Duration,
    /// For each tolerated exit: the polls that answer so fit into the time it is borne.
    pub borne: Vec<bool>,
}

impl Stage {
    /// Casts the play for a command. The error says what the scenario leaves out.
    pub fn cast(&self, role: &Role<'_>) -> Result<Cast, String> {
        let waits = match (&role.id.work.part, &role.planned.step.act) {
            (Part::Main, Act::Wait(wait)) => Some(wait),
            _ => None,
        };
        let polls = match self.world.respond(role.id) {
            Some(response) => self.scenes(response, role)?,
            None => match unsaid::answer(role.planned, &role.id.work.part, role.values) {
                Some((stdout, exit)) => vec![self.scene(stdout, String::new(), exit, UNSAID)],
                None => return Err(self.world.silence(role.id)),
            },
        };
        let mut play = Play { scenes: polls, timeout: role.timeout, ..Play::once(self.nothing()) };
        match waits {
            Some(wait) => {
                play.lasts = self.world.respond(role.id).and_then(|response| response.takes);
                Ok(self.polled(play, wait))
            }
            None => Ok(self.once(play)),
        }
    }

    fn scenes(&self, response: &Response, role: &Role<'_>) -> Result<Vec<Scene>, String> {
        if response.polls.is_empty() {
            return Ok(vec![self.performed(response, role)?]);
        }
        response.polls.iter().map(|poll| self.performed(poll, role)).collect()
    }

    fn performed(&self, response: &Response, role: &Role<'_>) -> Result<Scene, String> {
        let stdout = match &response.output {
            Output::None => String::new(),
            Output::Text(text) => ended(&text.value),
            Output::File(file) => {
                let path = format!("scenarios/{}", file.trim_start_matches("./"));
                let text = self.files.get(&path);
                text.cloned().ok_or_else(|| format!("{path} is not there, or is not text"))?
            }
        };
        let mut stderr = response.stderr.as_ref().map_or(String::new(), |text| ended(&text.value));
        let mut exit = response.exit;
        if response.trouble == Some(Trouble::ExpiredLogin) {
            if stderr.is_empty() {
                login::expired(role.shown).clone_into(&mut stderr);
            }
            exit = if exit == 0 { 1 } else { exit };
        }
        let story = story(response, role);
        let (stdout, stderr) = (fill(&stdout, role.values), fill(&stderr, role.values));
        let scene = self.scene(stdout, stderr, exit, story);
        Ok(Scene { lost: response.trouble == Some(Trouble::Lost), ..scene })
    }

    fn scene(&self, stdout: String, stderr: String, exit: i32, story: Duration) -> Scene {
        Scene { stdout, stderr, exit, story, real: self.pace.real(story), lost: false }
    }

    fn nothing(&self) -> Scene {
        self.scene(String::new(), String::new(), 0, Duration::ZERO)
    }

    /// A story longer than the time it is given ends as it would for real: its time runs out.
    fn once(&self, mut play: Play) -> Cast {
        let Some((scene, timeout)) = play.scenes.first_mut().zip(play.timeout) else {
            return Cast { play, wait: None, timeout: None };
        };
        if scene.story <= timeout {
            return Cast { play, wait: None, timeout: None };
        }
        scene.real = self.pace.real(timeout);
        let timeout = Some(scene.real.max(Duration::from_millis(1)));
        play.hangs_from = Some(0);
        Cast { play, wait: None, timeout }
    }

    /// The whole wait takes as long as one command of its length would; what answers for ever the same hangs, and its
    /// time runs out.
    fn polled(&self, mut play: Play, wait: &Wait) -> Cast {
        let polls = u32::try_from(play.scenes.len()).unwrap_or(u32::MAX).max(1);
        play.every = wait.every;
        play.settle = wait.settle;
        let whole = play.lasts.unwrap_or(wait.every * polls);
        let every = self.pace.real(whole) / polls;
        let settle = self.pace.real(wait.settle);
        for scene in &mut play.scenes {
            scene.real = scene.real.min(every);
        }
        let last = polls.saturating_add(wait.times).saturating_add(AFTER_THE_LAST);
        play.hangs_from = Some(last);
        // Each poll starts a process: generous, so that a loaded machine does not change the story.
        let poll = every + Duration::from_millis(250);
        let timeout = (poll * last + settle + Duration::from_secs(5)).into();
        let borne = wait.tolerate.iter().map(|borne| {
            let (most, for_ever) = longest_run(&play.scenes, &borne.exit);
            !for_ever && wait.every * most <= borne.span
        });
        let polling = Polling { every, settle, borne: borne.collect() };
        Cast { play, wait: Some(polling), timeout }
    }
}

/// The most scenes in a row that exit with one of these codes, and whether the last one does, which stays.
fn longest_run(scenes: &[Scene], codes: &[i32]) -> (u32, bool) {
    let (mut run, mut longest) = (0, 0);
    for scene in scenes {
        run = if codes.contains(&scene.exit) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    (longest, run > 0)
}

fn story(response: &Response, role: &Role<'_>) -> Duration {
    let takes = role.planned.step.takes;
    let typical = takes.typical.filter(|_| role.id.work.part == Part::Main);
    let told = response.takes.or(typical).unwrap_or(UNSAID);
    if response.trouble != Some(Trouble::Slow) {
        return told;
    }
    // Slower than the slow day of the runbook, so that its "longer than usual" is seen.
    let slow = takes.slow.map(|slow| slow + slow / 2).or(takes.typical.map(|typical| typical * 3));
    told.max(slow.unwrap_or(UNSAID * 30))
}

/// The first word of a command line, without the folder it lies in.
pub(super) fn first_word(shown: &str) -> &str {
    let word = shown.split_whitespace().next().unwrap_or_default();
    word.rsplit('/').next().unwrap_or(word)
}

/// A text as a program would write it: with its last line ended.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
