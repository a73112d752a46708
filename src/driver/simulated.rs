//! A rehearsal's side of the driver: where a live run launches the runbook's command, a player is launched instead.
//!
//! Everything around that one place is the same: intent, keeper, gate, spool, judgement, records, resume.

use super::Driver;
use super::ResumeError;
use super::place;
use super::place::RunPlace;
use super::prepare::Prepared;
use crate::engine::event::{AttemptId, Event, Mode, Opened, Rehearsed};
use crate::exec::job;
use crate::exec::player;
use crate::journal::stamp::Stamp;
use crate::outcome::Outcome;
use crate::rehearsal::{Cast, Pace, Polling, Role, Stage, World};
use crate::runbook::model::Runbook;
use crate::runbook::parse;
use crate::runbook::place::Source;
use crate::runbook::scenario::Scenario;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// A play ends by itself; this is for the day on which one does not.
const NEVER_LONGER: Duration = Duration::from_secs(600);

/// The scenario of a new rehearsal.
pub struct Rehearsal {
    /// The scenario as it was read.
    pub scenario: Scenario,
    /// Its file among the runbook's: `scenarios/bad-migration.yaml`.
    pub file: String,
    /// How fast it is told.
    pub pace: Pace,
}

impl Rehearsal {
    /// Returns what record 0 says of it.
    pub(super) fn named(&self) -> Rehearsed {
        let begins = self.scenario.start.at.as_ref();
        Rehearsed {
            name: name_of(&self.file).to_owned(),
            file: self.file.clone(),
            title: self.scenario.title.value.clone(),
            begins: begins.map(|at| at.value.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        }
    }

    /// Sets the stage as it is at the beginning.
    pub(super) fn stage(self, runbook: &Runbook, files: &[(String, Vec<u8>)]) -> Stage {
        let texts = files.iter().filter_map(|(path, bytes)| {
            Some((path.clone(), String::from_utf8(bytes.clone()).ok()?))
        });
        stage(self.scenario, runbook, texts.collect(), self.pace)
    }
}

fn stage(
    scenario: Scenario,
    runbook: &Runbook,
    files: BTreeMap<String, String>,
    pace: Pace,
) -> Stage {
    let fence = runbook.fence.as_ref().map(|fence| fence.id.value.to_string());
    Stage { world: World::new(scenario, fence), files, pace }
}

/// Returns the name of a scenario by its file.
fn name_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".yaml").unwrap_or(name)
}

/// Sets the stage again as the facts of a run left it; `None` for a live run.
pub(super) fn reopened(
    place: &RunPlace,
    opened: &Opened,
    runbook: &Runbook,
    facts: &[Event],
) -> Result<Option<Stage>, ResumeError> {
    let named = match (opened.mode, &opened.scenario) {
        (Mode::Live, None) => return Ok(None),
        (Mode::Rehearsal, Some(named)) => named,
        // Without its world a rehearsal would have nothing to play, and with one a live run must not exist.
        (Mode::Live, Some(_)) | (Mode::Rehearsal, None) => {
            return Err(ResumeError::Scenario("its first record contradicts itself".into()));
        }
    };
    let failed =
        |why: &dyn std::fmt::Display| ResumeError::Scenario(format!("{}: {why}", named.file));
    let mut files = BTreeMap::new();
    for file in &opened.pinned {
        let bytes = place::pinned(&place.runbook(), &file.path).map_err(|e| failed(&e))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.insert(file.path.clone(), text);
        }
    }
    let text = files.get(&named.file).ok_or_else(|| failed(&"it is not pinned"))?;
    let source = Source::new(named.file.as_str(), text.as_str());
    let scenario = parse::scenario::parse(&source).map_err(|found| {
        failed(&found.first().map_or("it cannot be read", |finding| finding.what.as_str()))
    })?;
    let mut stage = stage(scenario, runbook, files, Pace::default());
    for fact in facts {
        stage.world.take(fact);
    }
    Ok(Some(stage))
}

/// Makes up a secret for a rehearsal. It is masked like a real one.
pub fn simulated_secret(name: &str) -> String {
    format!("simulated-{name}")
}

/// The same, as secrets are kept.
pub(super) fn secret(name: &str) -> SecretString {
    simulated_secret(name).into()
}

/// Puts the time an outcome took in the story beside the time it took for real.
pub(super) fn told(task: &Path, outcome: &mut Outcome) {
    let took = Duration::from_nanos(outcome.took_ns);
    outcome.story_ns = player::story(task, took, Some(&outcome.ended)).map(nanos);
}

/// Returns how long a command took in the story whose end nobody saw.
pub(super) fn unseen(task: &Path) -> Option<u64> {
    player::story(task, Duration::ZERO, None).map(nanos)
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}

impl Driver {
    /// Returns whether everything is simulated.
    pub fn is_rehearsal(&self) -> bool {
        self.stage.is_some()
    }

    /// Chooses how fast a rehearsal is told from here on; a live run has its own time.
    pub fn set_pace(&mut self, pace: Pace) {
        if let Some(stage) = &mut self.stage {
            stage.pace = pace;
        }
    }

    /// Returns how fast a rehearsal is told; nothing for a live run.
    pub fn pace(&self) -> Option<Pace> {
        self.stage.as_ref().map(|stage| stage.pace)
    }

    /// Returns the time that people are shown: the clock's, and in a rehearsal the story's.
    pub fn now(&self) -> DateTime<Utc> {
        let stamp = self.clock().stamp();
        let Some(drill) = self.drill_clock() else { return stamp.at };
        let scenario = self.stage.as_ref().map(|stage| stage.world.scenario());
        let begins = scenario.and_then(|scenario| Some(scenario.start.at.as_ref()?.value));
        let drill = TimeDelta::from_std(drill).unwrap_or_default();
        begins.unwrap_or(self.opened_at.at) + drill
    }

    /// Returns the drill clock: commands at their length in the story, people at the length they really took. Time in
    /// which nobody was there does not count. `None` in a live run.
    pub fn drill_clock(&self) -> Option<Duration> {
        let stage = self.stage.as_ref()?;
        let (story, real) = stage.world.spent();
        let stamp = self.clock().stamp();
        let since = |earlier| Duration::from_nanos(stamp.since(earlier).unwrap_or_default());
        let (mut running, mut told) = (Duration::ZERO, Duration::ZERO);
        for playing in self.playing.values() {
            let passed = since(&playing.since);
            running += passed;
            told += playing.told(passed);
        }
        Some(since(&self.opened_at).saturating_sub(real + running) + story + told)
    }

    pub(super) fn tell_the_world(&mut self, facts: &[Event]) {
        for fact in facts {
            match fact {
                Event::AttemptStarted { id, .. } => {
                    let since = self.log.clock().stamp();
                    self.playing.entry(id.clone()).and_modify(|playing| playing.since = since);
                }
                Event::AttemptEnded { id, .. } | Event::AttemptLost { id, .. } => {
                    self.playing.remove(id);
                }
                _ => {}
            }
        }
        if let Some(stage) = &mut self.stage {
            for fact in facts {
                stage.world.take(fact);
            }
        }
    }

    /// In a rehearsal, puts a player in the place of the command. The error says what the scenario leaves out.
    ///
    /// Nothing of the command is left in the job: no word, variable, file, folder or input of it. What stays is how its
    /// output is connected and judged.
    pub(super) fn play_instead(
        &mut self,
        job: &mut job::Job,
        id: &AttemptId,
        prepared: &Prepared,
        task: &Path,
    ) -> Result<(), String> {
        let Some(stage) = &self.stage else { return Ok(()) };
        let values = self.run.values();
        let planned = self.run.plan().step(&id.work.step).ok_or("there is no such step")?;
        let timeout = job.timeout_ms.map(Duration::from_millis);
        let shown = prepared.shown.as_str();
        let cast = stage.cast(&Role { id, planned, shown, values: &values, timeout })?;
        let words = player::prepare(&self.exe, task, &cast.play)
            .map_err(|e| format!("the play cannot be written: {e}"))?;
        self.playing.insert(id.clone(), Playing::of(&cast, self.log.clock().stamp()));
        job.program = job::Program::Words(words);
        job.env.clear();
        job.files.clear();
        job.stdin = job::Stdin::Null;
        job.cwd.clone_from(&self.place.work);
        job.stays = false;
        job.timeout_ms = Some(millis(cast.timeout.unwrap_or(NEVER_LONGER)));
        if let (Some(wait), Some(polling)) = (&mut job.wait, &cast.wait) {
            on_real_clock(wait, polling);
        }
        Ok(())
    }
}

/// A play that is on: how far its story is told by now.
pub(super) struct Playing {
    since: Stamp,
    real: Duration,
    story: Duration,
}

impl Playing {
    fn of(cast: &Cast, since: Stamp) -> Self {
        let runs = u32::try_from(cast.play.scenes.len()).unwrap_or(u32::MAX);
        let story = cast.play.story(runs, Duration::ZERO, None);
        let real = match &cast.wait {
            Some(polling) => polling.every * runs + polling.settle,
            None => cast.play.scenes.iter().map(|scene| scene.real).sum(),
        };
        Self { since, real, story }
    }

    fn told(&self, passed: Duration) -> Duration {
        if self.real.is_zero() {
            return Duration::ZERO; // told in one piece, at its end
        }
        if passed >= self.real {
            return self.story;
        }
        self.story.mul_f64(passed.as_secs_f64() / self.real.as_secs_f64())
    }
}

fn on_real_clock(wait: &mut job::Wait, polling: &Polling) {
    wait.every_ms = millis(polling.every);
    wait.settle_ms = u64::try_from(polling.settle.as_millis()).unwrap_or(u64::MAX);
    for ((_, for_ms), borne) in wait.tolerate.iter_mut().zip(&polling.borne) {
        // Counted in the story, where the author wrote it: here the polls come faster.
        *for_ms = if *borne { u64::MAX } else { 0 };
    }
}
