//! The state of the world, and which answer holds in it.

use crate::engine::event::{AttemptId, Event, Part, Work};
use crate::outcome::Ended;
use crate::runbook::scenario::{Response, Scenario};
use std::collections::BTreeMap;
use std::time::Duration;

/// A simulated world: a fold of its scenario over the facts of a run.
#[derive(Clone, Debug)]
pub struct World {
    scenario: Scenario,
    /// The name under which the scenario answers for the fence.
    fence: Option<String>,
    state: BTreeMap<String, String>,
    /// What each running command will have changed when it has ended.
    owed: BTreeMap<AttemptId, Vec<(String, String)>>,
    story: Duration,
    real: Duration,
}

/// Returns the names under which a scenario may answer for this work, the best first.
pub fn keys(work: &Work, fence: Option<&str>) -> Vec<String> {
    let step = work.step.as_str();
    match work.part {
        // Checks of `needs` are steps, and carry it in their ids.
        Part::Main => vec![step.to_owned()],
        Part::Probe => vec![format!("{step}/probe")],
        Part::Undo => vec![format!("{step}/undo")],
        Part::Question(n) => vec![format!("{step}/q{n}"), format!("{step}/check")],
        Part::Fence => fence.map(|id| format!("needs/{id}")).into_iter().collect(),
    }
}

impl World {
    /// Makes the world as it is at the beginning of the scenario.
    pub fn new(scenario: Scenario, fence: Option<String>) -> Self {
        let pair = |(name, value): &(_, _)| text(name, value);
        let state = scenario.state.iter().map(pair).collect();
        let (owed, story, real) = (BTreeMap::new(), Duration::ZERO, Duration::ZERO);
        Self { scenario, fence, state, owed, story, real }
    }

    /// Takes a fact in.
    ///
    /// A command changes the world when it has run to its end, also when nobody saw that end; one that was cut short, or
    /// never ran, changes nothing.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::AttemptStarted { id, .. } => {
                let changes = self.changes(id);
                self.owed.insert(id.clone(), changes);
            }
            Event::AttemptEnded { id, outcome, .. } => {
                let owed = self.owed.remove(id);
                if matches!(outcome.ended, Ended::Exit { .. }) {
                    self.state.extend(owed.unwrap_or_default());
                }
                self.real += Duration::from_nanos(outcome.took_ns);
                self.story += Duration::from_nanos(outcome.story_ns.unwrap_or_default());
            }
            Event::AttemptLost { id, story_ns, .. } => {
                let owed = self.owed.remove(id);
                self.state.extend(owed.unwrap_or_default());
                self.story += Duration::from_nanos(story_ns.unwrap_or_default());
            }
            // Nobody was there: neither the story nor the drill went on.
            Event::Resumed { gap_ns, .. } => {
                self.real += Duration::from_nanos(gap_ns.unwrap_or_default());
            }
            // What a person does by hand is done in this world too.
            Event::Ticked { id, .. } => {
                let changes = self.changes(id);
                self.state.extend(changes);
            }
            _ => {}
        }
    }

    /// Returns the answer to this attempt: the first whose conditions hold now.
    pub fn respond(&self, id: &AttemptId) -> Option<&Response> {
        let keys = keys(&id.work, self.fence.as_deref());
        keys.iter().find_map(|key| {
            self.answers(key)?.iter().find(|response| self.holds(response, id.attempt))
        })
    }

    /// Says why nothing answers this attempt.
    pub fn silence(&self, id: &AttemptId) -> String {
        let keys = keys(&id.work, self.fence.as_deref());
        let key = keys.first().map_or("", String::as_str);
        if self.answers(key).is_none_or(<[Response]>::is_empty) {
            return format!("this scenario has no answer for `{key}`, so it cannot be rehearsed");
        }
        let state: Vec<_> =
            self.state.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let attempt = id.attempt;
        format!(
            "none of this scenario's answers for `{key}` fits: attempt {attempt}, {}",
            state.join(", ")
        )
    }

    /// Returns the state, by name.
    pub fn state(&self) -> &BTreeMap<String, String> {
        &self.state
    }

    /// Returns how long the commands so far took in the story, and how long on the real clock.
    pub fn spent(&self) -> (Duration, Duration) {
        (self.story, self.real)
    }

    /// Returns the scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn answers(&self, key: &str) -> Option<&[Response]> {
        let mut all = self.scenario.steps.iter();
        all.find(|(name, _)| name.value == key).map(|(_, answers)| answers.as_slice())
    }

    fn holds(&self, response: &Response, attempt: u32) -> bool {
        response.attempt.is_none_or(|wanted| wanted == attempt)
            && response.when.iter().all(|condition| {
                let is = self.state.get(&condition.name.value);
                condition.any_of.iter().any(|value| is == Some(&value.value))
            })
    }

    fn changes(&self, id: &AttemptId) -> Vec<(String, String)> {
        let set = self.respond(id).map(|response| response.set.as_slice()).unwrap_or_default();
        set.iter().map(|(name, value)| text(name, value)).collect()
    }
}

fn text(
    name: &crate::runbook::place::At<String>,
    value: &crate::runbook::place::At<String>,
) -> (String, String) {
    (name.value.clone(), value.value.clone())
}
