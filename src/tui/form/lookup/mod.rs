//! Looking for the values of a parameter: the command is shown, run when a person says so, and its answers are offered.
//!
//! ```text
//! ^F ─▶ Asked (shown, nothing runs) ─Enter─▶ Running (typing goes on) ─▶ Found ─Enter─▶ the line says "discovered"
//!                                                                   └──▶ Failed: one line
//! ```

pub mod pane;
#[cfg(test)]
mod tests;

use super::facts::Facts;
use super::field::{Field, From, Subject};
use super::keys::Place;
use super::state::{State, check, definition};
use crate::driver::{Discovery, Found};
use crate::exec::attach::Secrets;
use crate::runbook::model::Values;
use crate::runbook::value::Kind;
use crate::tui::look::Role;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A look for the values of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The parameter.
    pub name: String,
    /// The command, as it was shown.
    pub shown: String,
    /// What the command came from: another digest is another question.
    digest: String,
    /// How far it is.
    pub phase: Phase,
    /// The keys are in its pane.
    pub open: bool,
}

/// How far a look is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is shown, and nothing has run.
    Asked,
    /// It runs.
    Running {
        /// Since when.
        since: DateTime<Utc>,
        /// Nothing was typed or moved since, so somebody waits for it.
        awaited: bool,
    },
    /// It has answered.
    Found {
        /// The values.
        values: Vec<String>,
        /// So many others do not fit.
        unfit: usize,
        /// The one that is marked.
        at: usize,
    },
    /// It has not: why, in one line.
    Failed(String),
}

/// A discovery that was seen and is wanted.
#[derive(Clone, Debug)]
pub struct Order {
    /// The command.
    pub discovery: Discovery,
    /// Every secret of the form, for the command and to be masked.
    pub secrets: Secrets,
}

/// What a parameter's discovery is now.
pub enum Offer {
    /// It can be run.
    Ready(Box<Discovery>),
    /// These have to be filled in first.
    Needs(Vec<String>),
}

impl Lookup {
    /// Returns where the keys go while its pane has them.
    pub fn place(&self) -> Option<Place> {
        match self.phase {
            Phase::Asked if self.open => Some(Place::Asked),
            Phase::Found { .. } if self.open => Some(Place::Found),
            _ => None,
        }
    }

    /// Tells whether it runs, and for this parameter.
    pub fn runs_for(&self, name: &str) -> bool {
        self.name == name && self.is_running()
    }

    fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running { .. })
    }

    /// Something was typed or moved: nobody waits for it, and what it finds must not take the keys.
    pub fn let_go(&mut self) {
        self.open = false;
        if let Phase::Running { awaited, .. } = &mut self.phase {
            *awaited = false;
        }
    }
}

/// Returns what can be run for a line; `None` when its values cannot be looked for.
pub fn offer(state: &State, facts: &Facts, field: &Field) -> Option<Offer> {
    let definition = definition(facts, field)?;
    definition.discover.as_ref()?;
    // Before it is trusted, nothing that a runbook brings may run.
    let trust = state.fields.iter().find(|field| field.subject == Subject::Trust);
    if let Some(line) = trust.filter(|line| check(facts, line).is_err()) {
        return Some(Offer::Needs(vec![line.label().to_owned()]));
    }
    let (runbook, given) = (facts.plan.runbook(), values(state, facts));
    let secrets: BTreeSet<String> = secrets(state, facts).into_keys().collect();
    Some(match facts.bench.discovery(runbook, definition, &given, &secrets)? {
        Ok(discovery) => Offer::Ready(Box::new(discovery)),
        Err(names) => Offer::Needs(names),
    })
}

/// Every value that a run with this form would have from its beginning.
fn values(state: &State, facts: &Facts) -> Values {
    let mut values = state.known(facts);
    values.insert("mode".into(), "live".into());
    values.insert("operator".into(), facts.operator.clone());
    for (subject, name) in [(Subject::Since, "incident.start"), (Subject::Incident, "incident.id")]
    {
        let field = state.fields.iter().find(|field| field.subject == subject);
        if let Some(Ok(Some(value))) = field.map(|field| check(facts, field)) {
            values.insert(name.into(), value);
        }
    }
    values
}

/// The secrets that were typed and do.
fn secrets(state: &State, facts: &Facts) -> Secrets {
    let typed = state.fields.iter().filter_map(|field| match &field.subject {
        Subject::Param(asked) if asked.secret => {
            Some((asked.name.clone(), check(facts, field).ok()??.into()))
        }
        _ => None,
    });
    typed.collect()
}

/// Shows the command of the line that has the keys, or again what it found.
pub fn open(state: &mut State, facts: &Facts) {
    let Some(field) = state.field() else { return };
    let name = field.label().to_owned();
    if let Some(other) = state.lookup.as_ref().filter(|look| look.is_running()) {
        let said = format!("The values of {} are being looked for; one at a time.", other.name);
        state.said = Some((Role::Warning, said));
        return;
    }
    match offer(state, facts, field) {
        None => {
            let said = format!("No discovery is written for {name}: it is typed or chosen.");
            state.said = Some((Role::Warning, said));
        }
        Some(Offer::Needs(names)) => {
            let said = format!("Not yet: this needs {} first.", names.join(" and "));
            state.said = Some((Role::Warning, said));
        }
        Some(Offer::Ready(found)) => {
            state.top = 0;
            let same = |look: &&mut Lookup| look.name == name && look.digest == found.digest;
            let answered = |look: &&mut Lookup| matches!(look.phase, Phase::Found { .. });
            if let Some(look) = state.lookup.as_mut().filter(same).filter(answered) {
                look.open = true;
                return;
            }
            let (shown, digest) = (found.shown, found.digest);
            state.lookup = Some(Lookup { name, shown, digest, phase: Phase::Asked, open: true });
        }
    }
}

/// Hands the command over that is shown, once all of it was on the screen.
pub fn run(state: &mut State, facts: &Facts) -> Option<Order> {
    let (unread, page) = pane::below(state, facts);
    if unread > 0 {
        state.top += page.min(unread);
        state.said = Some((Role::Warning, "Read the whole command first.".into()));
        return None;
    }
    let offer = offer(state, facts, state.field()?)?;
    let secrets = secrets(state, facts);
    let look = state.lookup.as_mut()?;
    match offer {
        // What runs is what was shown, or nothing.
        Offer::Ready(discovery) if discovery.digest == look.digest => {
            look.phase = Phase::Running { since: facts.now, awaited: true };
            look.open = false;
            state.top = 0;
            Some(Order { discovery: *discovery, secrets })
        }
        Offer::Ready(_) | Offer::Needs(_) => {
            state.lookup = None;
            None
        }
    }
}

/// Takes what a discovery came to. Nothing is put into a line by this.
pub fn answered(state: &mut State, found: Found) {
    let at_its_line = state.field().map(Field::label).map(str::to_owned);
    let Some(look) = state.lookup.as_mut().filter(|look| look.is_running()) else { return };
    let awaited = matches!(look.phase, Phase::Running { awaited: true, .. });
    let (name, here) = (look.name.clone(), at_its_line.as_ref() == Some(&look.name));
    match found {
        Found::Ended => {
            state.lookup = None;
            state.said = Some((Role::Text, format!("The discovery of {name} was ended.")));
        }
        Found::Failed(why) => {
            state.said = Some((Role::Warning, format!("{name} was not discovered: {why}")));
            look.phase = Phase::Failed(why);
        }
        Found::Values { values, unfit } if values.is_empty() => {
            let why = match unfit {
                0 => "nothing was found".to_owned(),
                n => format!("{n} answers, none of which fits"),
            };
            state.said = Some((Role::Warning, format!("{name} was not discovered: {why}")));
            look.phase = Phase::Failed(why);
        }
        Found::Values { values, unfit } => {
            let count = values.len();
            look.phase = Phase::Found { values, unfit, at: 0 };
            look.open = awaited && here && state.help.is_none();
            state.top = if look.open { 0 } else { state.top };
            let how = if look.open { "arrows choose, Enter takes one" } else { "^F on its line" };
            state.said = Some((Role::Verified, format!("{name}: {count} found; {how}.")));
        }
    }
}

/// Moves the mark in what was found.
pub fn choose(state: &mut State, forward: bool) {
    let look = state.lookup.as_mut();
    if let Some(Phase::Found { values, at, .. }) = look.map(|look| &mut look.phase) {
        let all = values.len().max(1);
        *at = if forward { *at + 1 } else { *at + all - 1 } % all;
    }
}

/// Moves the mark by a page, and no further than the ends.
pub fn page(state: &mut State, forward: bool) {
    const PAGE: usize = 8;
    let look = state.lookup.as_mut();
    if let Some(Phase::Found { values, at, .. }) = look.map(|look| &mut look.phase) {
        let last = values.len().saturating_sub(1);
        *at = if forward { (*at + PAGE).min(last) } else { at.saturating_sub(PAGE) };
    }
}

/// Puts the marked value into its line; one more item where the line is a list.
pub fn take(state: &mut State, facts: &Facts) {
    let Some(look) = state.lookup.as_mut().filter(|look| look.open) else { return };
    let Phase::Found { values, at, .. } = &look.phase else { return };
    let Some(value) = values.get(*at).cloned() else { return };
    look.open = false;
    let name = look.name.clone();
    let Some(field) = state.fields.get_mut(state.at).filter(|field| field.label() == name) else {
        return;
    };
    let is_list = definition(facts, field).is_some_and(|d| d.kind.kind == Kind::List);
    let before = field.typed();
    let text = match (is_list, field.from) {
        (true, From::Discovered) if before.split(',').any(|item| item.trim() == value) => before,
        (true, From::Discovered) if !before.is_empty() => format!("{before},{value}"),
        _ => value,
    };
    field.fill(&text, From::Discovered);
    state.follow(facts);
    state.said = Some((Role::Verified, format!("{name} is taken from what was discovered")));
}
