//! A history that was read and not woken: it can be looked at, it owes nothing.

use super::consequences;
use super::event::{AttemptId, Event, Opened};
use super::left_open::{LeftOpen, left_open};
use super::onward::Onward;
use super::outline::Outline;
use super::plan::Plan;
use super::run::{Corrupt, Run};
use super::state::Life;
use crate::outcome::{Ended, Outcome, SpoolSummary};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A history that was read and not woken.
///
/// There is no way from it to an effect except [`Past::wake`]: that a resumed run starts nothing by itself is a
/// matter of types, not of somebody remembering it.
#[derive(Clone, Debug)]
pub struct Past(Run);

/// What was found when somebody looked for a started attempt.
#[derive(Clone, Debug)]
pub enum Seen {
    /// Its keeper left an outcome.
    Outcome(Box<Outcome>),
    /// Its keeper lives.
    Alive,
    /// Its keeper is gone and left no outcome.
    Gone {
        /// How that is known.
        reason: String,
        /// The last lines that were kept.
        last_lines: Vec<String>,
        /// How long it took in the story of a rehearsal.
        story_ns: Option<u64>,
    },
}

impl Past {
    /// Reads a history.
    pub fn read(plan: impl Into<Arc<Plan>>, events: &[Event]) -> Result<Self, Corrupt> {
        Run::blank(plan.into()).after(events).map(Self)
    }

    /// Makes the history in which nothing has happened.
    pub(super) fn empty(plan: Arc<Plan>) -> Self {
        Self(Run::blank(plan))
    }

    /// Returns the read model of it.
    pub fn outline(&self) -> Outline {
        self.0.outline()
    }

    /// Returns record 0, if there is one.
    pub fn opened(&self) -> Option<&Opened> {
        self.0.opened()
    }

    /// Returns where it goes on, if it closed so.
    pub fn onward(&self) -> Option<Onward> {
        Onward::of(&self.0)
    }

    /// Lists what is open in it, its own changes and those that it took over.
    pub fn left_open(&self) -> Vec<LeftOpen> {
        left_open(&self.0)
    }

    /// Returns the plan.
    pub fn plan(&self) -> &Plan {
        self.0.plan()
    }

    /// Lists the attempts that were started and have no end: somebody has to look for them before waking.
    pub fn in_doubt(&self) -> Vec<AttemptId> {
        let living = self.0.living().into_iter();
        living
            .filter(|(_, attempt)| matches!(attempt.life, Life::Started { .. }))
            .map(|(id, _)| id)
            .collect()
    }

    /// Wakes it: returns the living run and the facts that must be durable before it may act.
    ///
    /// An attempt that was intended and never started provably never ran. One that was started is what was seen of
    /// it; one that nobody looked for stays started, because to watch is harmless and to guess is not.
    pub fn wake(self, seen: &BTreeMap<AttemptId, Seen>) -> (Run, Vec<Event>) {
        let facts: Vec<Event> = self
            .0
            .living()
            .into_iter()
            .filter_map(|(id, attempt)| woken(id, &attempt.life, seen))
            .collect();
        consequences::settle(&self.0, facts)
    }
}

fn woken(id: AttemptId, life: &Life, seen: &BTreeMap<AttemptId, Seen>) -> Option<Event> {
    if matches!(life, Life::Intended) {
        return Some(Event::AttemptEnded {
            id,
            outcome: Box::new(never_released()),
            recovered: true,
        });
    }
    match seen.get(&id)? {
        Seen::Outcome(outcome) => {
            Some(Event::AttemptEnded { id, outcome: outcome.clone(), recovered: true })
        }
        Seen::Gone { reason, last_lines, story_ns } => {
            let (reason, last_lines) = (reason.clone(), last_lines.clone());
            Some(Event::AttemptLost { id, reason, last_lines, story_ns: *story_ns })
        }
        Seen::Alive => None,
    }
}

fn never_released() -> Outcome {
    Outcome {
        ended: Ended::NeverReleased,
        took_ns: 0,
        story_ns: None,
        verdicts: Vec::new(),
        captures: BTreeMap::new(),
        failures: Vec::new(),
        notes: Vec::new(),
        answered: None,
        spool: SpoolSummary::default(),
        survivors: Vec::new(),
        last_lines: Vec::new(),
    }
}
