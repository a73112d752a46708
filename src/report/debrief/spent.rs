//! Where the time of a rehearsal went: the story's for commands, the person's for everything between them.

use super::super::attempts;
use super::super::fact::{Entry, Fact, events};
use super::touched;
use crate::engine::event::{AttemptId, Event, Part};
use crate::outcome::Ended;
use crate::runbook::model::StepId;
use std::collections::{BTreeMap, BTreeSet};

/// Where the time went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Every step that was touched, in that order.
    pub steps: Vec<StepTime>,
    /// All commands, in the story.
    pub story_ns: u64,
    /// All that lay between them, on the real clock.
    pub human_ns: u64,
    /// Time in which nobody was there; it counts for nothing.
    pub away_ns: u64,
}

/// The time of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTime {
    /// The step.
    pub step: StepId,
    /// Its commands, in the story.
    pub story_ns: u64,
    /// What the person took for it.
    pub human_ns: u64,
    /// How often the step itself was tried.
    pub tries: u32,
    /// How it stood at last, in a word.
    pub end: String,
}

/// Adds up the time by step.
///
/// What lies between two records belongs to the step of the later one: it was read, thought about and answered then.
/// While a command ran, the story's time counts instead.
pub(super) fn spent(entries: &[Entry]) -> Spent {
    let mut spent = Spent::default();
    let mut steps: BTreeMap<StepId, StepTime> = BTreeMap::new();
    let mut running: BTreeSet<AttemptId> = BTreeSet::new();
    let mut now: Option<StepId> = None;
    for (index, entry) in entries.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| entries[at].stamp());
        let gap = before.and_then(|before| entry.stamp().since(&before)).unwrap_or_default();
        let known = || entry.events.iter().filter_map(Fact::known);
        let came_back = known().any(|event| matches!(event, Event::Resumed { .. }));
        now = known().find_map(step_of).cloned().or(now);
        if came_back {
            spent.away_ns += gap;
        } else if running.is_empty() {
            spent.human_ns += gap;
            if let Some(step) = &now {
                time_of(&mut steps, step).human_ns += gap;
            }
        }
        for event in known() {
            match event {
                Event::AttemptStarted { id, .. } => _ = running.insert(id.clone()),
                Event::AttemptEnded { id, .. } | Event::AttemptLost { id, .. } => {
                    running.remove(id);
                }
                _ => {}
            }
        }
    }
    for (_, event) in events(entries) {
        let Some(step) = step_of(event) else { continue };
        let time = time_of(&mut steps, step);
        take_in(time, event);
        spent.story_ns += story(event);
    }
    spent.steps = touched(entries).iter().filter_map(|step| steps.remove(step)).collect();
    spent
}

fn time_of<'a>(steps: &'a mut BTreeMap<StepId, StepTime>, step: &StepId) -> &'a mut StepTime {
    steps.entry(step.clone()).or_insert_with(|| StepTime {
        step: step.clone(),
        story_ns: 0,
        human_ns: 0,
        tries: 0,
        end: String::new(),
    })
}

fn story(event: &Event) -> u64 {
    match event {
        Event::AttemptEnded { outcome, .. } => outcome.story_ns.unwrap_or_default(),
        Event::AttemptLost { story_ns, .. } => story_ns.unwrap_or_default(),
        _ => 0,
    }
}

fn take_in(time: &mut StepTime, event: &Event) {
    time.story_ns += story(event);
    let end = match event {
        Event::AttemptIntended { id, .. } if id.work.part == Part::Main => {
            time.tries += 1;
            return;
        }
        Event::AttemptEnded { id, outcome, .. } if id.work.part == Part::Main => {
            match &outcome.ended {
                Ended::Exit { .. } if outcome.passed() => "done".to_owned(),
                Ended::Exit { .. } => "failed".to_owned(),
                other => attempts::ended(other),
            }
        }
        Event::AttemptLost { id, .. } if id.work.part == Part::Main => "unknown".to_owned(),
        Event::AttemptSettled { as_, .. } => match as_ {
            crate::engine::event::SettledAs::Done => "settled as done",
            crate::engine::event::SettledAs::NotStarted => "settled as not started",
            crate::engine::event::SettledAs::Failed => "settled as failed",
        }
        .to_owned(),
        Event::Ticked { .. } => "said".to_owned(),
        Event::Decided { outcome, .. } => outcome.clone(),
        Event::Skipped { .. } => "skipped".to_owned(),
        Event::Deferred { .. } => "deferred".to_owned(),
        _ => return,
    };
    time.end = end;
}

/// Returns the step that a fact belongs to; a branch that was not taken took nobody's time.
pub(super) fn step_of(event: &Event) -> Option<&StepId> {
    match event {
        Event::AttemptIntended { id, .. }
        | Event::AttemptStarted { id, .. }
        | Event::AttemptEnded { id, .. }
        | Event::AttemptLost { id, .. }
        | Event::StopRequested { id }
        | Event::AttemptSettled { id, .. }
        | Event::Ticked { id, .. } => Some(&id.work.step),
        Event::ValuesGiven { step, .. }
        | Event::Answered { step, .. }
        | Event::Decided { step, .. }
        | Event::Skipped { step, .. }
        | Event::Deferred { step, .. }
        | Event::FixChosen { step, .. }
        | Event::Cleared { step, .. } => Some(step),
        _ => None,
    }
}
