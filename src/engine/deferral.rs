//! Putting a step off: a normal way to finish, with a time at which it is due and a reason.

use super::command::Refusal;
use super::conditions::may_come;
use super::consequences::follow;
use super::decide::needed_captures;
use super::event::Event;
use super::plan::PlanStep;
use super::run::Run;
use super::state::StepState;
use super::uses;
use super::values::fill_visibly;
use crate::runbook::model::{Hazard, StepId, Values};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// A step that was put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The step.
    pub step: StepId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// When it is due, RFC 3339 UTC.
    pub due: String,
    /// Why it was put off.
    pub reason: String,
}

/// The current step may be put off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The step.
    pub step: StepId,
    /// When it is due then, RFC 3339 UTC.
    pub due: String,
    /// The same for people: a day, or for less than a day the time too.
    when: String,
    /// Why waiting is better, as the runbook says.
    pub why: String,
    /// Waiting is the better choice unless somebody knows more: what it does cannot be undone.
    pub first: bool,
    /// The steps that fall away with it, because their condition hangs on what it would have brought: `1.3 Mend it`.
    pub falls: Vec<String>,
    /// Why it cannot be put off all the same: a later step needs what it brings.
    pub refused: Option<Refusal>,
}

impl Offer {
    /// Returns when it is due, for people: the day, and the time where that is less than a day away.
    pub fn when(&self) -> &str {
        &self.when
    }

    /// Says which steps fall away with it, if any do: to be read before it is put off.
    pub fn costs(&self) -> Option<String> {
        if self.falls.is_empty() {
            return None;
        }
        Some(format!("With it these are left out of this run: {}.", self.falls.join("; ")))
    }
}

/// Returns the offer to put the current step off, where its runbook makes one.
pub fn offer(run: &Run, now: DateTime<Utc>) -> Option<Offer> {
    let step = run.current()?;
    // What has failed may be half done: that is settled, not put off.
    let waits = run.state(&step.id) == StepState::Todo;
    let defer = step.step.defer.as_ref().filter(|_| waits)?;
    let due = now.checked_add_signed(TimeDelta::from_std(defer.span).ok()?)?;
    let values = run.values();
    let without = Without::of(run, step);
    Some(Offer {
        step: step.id.clone(),
        when: spoken(due, now),
        due: due.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        why: fill_visibly(&defer.why, &values),
        first: step.step.hazard == Hazard::Irreversible,
        falls: without.falls(run, &values),
        refused: without.needed(run, step),
    })
}

/// A day says enough for next week; for tonight it takes the time.
fn spoken(due: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let form = match due.date_naive() == now.date_naive() {
        true => "%H:%MZ",
        false if due - now < TimeDelta::days(1) => "%Y-%m-%d %H:%MZ",
        false => "%Y-%m-%d",
    };
    due.format(form).to_string()
}

/// A run in which a step was put off, to see what that comes to before anybody does it.
pub(super) struct Without {
    after: Run,
    facts: Vec<Event>,
}

impl Without {
    /// Puts a step off on a copy, with everything that follows from it.
    pub(super) fn of(run: &Run, step: &PlanStep) -> Self {
        let (step, due) = (step.id.clone(), String::new());
        let put_off = Event::Deferred { step, due, reason: String::new() };
        // What may not be put off is refused elsewhere; here it then costs nothing.
        let (after, facts) =
            follow(run, vec![put_off]).unwrap_or_else(|_| (run.clone(), Vec::new()));
        Self { after, facts }
    }

    /// Names the steps that fall away.
    fn falls(&self, run: &Run, values: &Values) -> Vec<String> {
        let fallen = self.facts.iter().filter_map(|fact| match fact {
            Event::NotApplicable { step, .. } => run.plan().step(step),
            _ => None,
        });
        fallen
            .map(|step| format!("{} {}", step.number, fill_visibly(&step.step.title, values)))
            .collect()
    }

    /// Refuses when a step that stays to be done would miss a value: what is captured, decided or asked for here.
    pub(super) fn needed(&self, run: &Run, planned: &PlanStep) -> Option<Refusal> {
        let captured = needed_captures(run, planned);
        let given = run.slot(&planned.id).map(|slot| &slot.given);
        let asked = planned.step.ask.iter().filter(|asked| !asked.optional);
        let asked = asked.map(|asked| asked.name.value.clone());
        let decided = planned.decision().map(|_| planned.id.to_string());
        let own: Vec<String> = asked
            .filter(|name| given.is_none_or(|given| !given.contains_key(name)))
            .chain(decided)
            .filter(|name| !may_come(&self.after, name))
            .collect();
        let mut by = Vec::new();
        for (later, _) in run.path().skip_while(|(step, _)| step.id != planned.id).skip(1) {
            let used = uses::of(run.plan(), later);
            let stays = self.after.state(&later.id).is_in_force();
            let own = own.iter().filter(|_| stays);
            let names = captured.iter().chain(own).filter(|name| used.contains(*name));
            by.extend(names.map(|name| format!("{} {} needs {name}", later.number, later.id)));
        }
        (!by.is_empty()).then(|| Refusal::Needed { step: planned.id.clone(), by })
    }
}

/// Lists the steps that were put off, in plan order.
pub fn deferred(run: &Run) -> Vec<Due> {
    let values = run.values();
    let due = run.placed().filter_map(|(step, slot)| {
        let StepState::Deferred { due, reason } = &slot.state else { return None };
        Some(Due {
            step: step.id.clone(),
            number: step.number.clone(),
            title: fill_visibly(&step.step.title, &values),
            due: due.clone(),
            reason: reason.clone(),
        })
    });
    due.collect()
}
