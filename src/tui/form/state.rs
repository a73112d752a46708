//! What the form remembers, and what its lines come to.

use super::facts::{Facts, Place};
use super::field::{Asked, Field, From, Subject};
use super::keys;
use super::lookup::Lookup;
use crate::driver;
use crate::runbook::model::{Definition, Values};
use crate::tui::help;
use crate::tui::look::Role;

/// What the form remembers.
#[derive(Clone, Debug)]
pub struct State {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The lines.
    pub fields: Vec<Field>,
    /// The line that has the keys; the button comes after the last.
    pub at: usize,
    /// How far the lower pane is scrolled.
    pub top: usize,
    /// The help over the form.
    pub help: Option<help::Reading>,
    /// The last word on the message line.
    pub said: Option<(Role, String)>,
    /// The newest look for the values of a parameter.
    pub lookup: Option<Lookup>,
}

impl State {
    /// Makes the form with what is given; the keys go to the first line that misses something.
    pub fn new(facts: &Facts) -> Self {
        let given = |text: &Option<String>, before: Option<&String>| match (text, before) {
            (Some(text), _) => (text.clone(), From::Flag),
            (None, Some(text)) => (text.clone(), From::Handed),
            (None, None) => (String::new(), From::Nowhere),
        };
        let before = facts.before.as_ref();
        let mut fields = Vec::new();
        let mut add = |subject, (text, from): (String, From)| {
            fields.push(Field::new(subject, &text, from));
        };
        if facts.trust.is_some() {
            add(Subject::Trust, (String::new(), From::Nowhere));
        }
        if facts.needs_environment() {
            add(Subject::Environment, given(&facts.environment, None));
        }
        for definition in &facts.plan.runbook().params {
            let name = &definition.name.value;
            let handed = before.and_then(|before| before.handed.with.get(name));
            let value = match (facts.given.get(name), handed) {
                (Some(given), _) => (given.value.clone(), From::of(given.source)),
                (None, Some(handed)) => (handed.clone(), From::Handed),
                (None, None) => (String::new(), From::Nowhere),
            };
            add(Subject::Param(Box::new(Asked::of(definition))), value);
        }
        let since = before.and_then(|before| before.since.as_ref());
        add(Subject::Since, given(&facts.since, since));
        let incident = before.and_then(|before| before.incident.as_ref());
        add(Subject::Incident, given(&facts.incident, incident));
        let (help, said, lookup) = (None, None, None);
        let mut state = Self { size: (80, 24), fields, at: 0, top: 0, help, said, lookup };
        state.follow(facts);
        state.at = state.first_fault(facts).unwrap_or(state.fields.len());
        state
    }

    /// Returns the line that has the keys; none when the button has them.
    pub fn field(&self) -> Option<&Field> {
        self.fields.get(self.at)
    }

    /// Returns where the keys go.
    pub fn place(&self, facts: &Facts) -> keys::Place {
        if self.help.is_some() { keys::Place::Help } else { self.under_help(facts) }
    }

    /// Returns where the keys go once the help is closed.
    pub fn under_help(&self, facts: &Facts) -> keys::Place {
        if let Some(place) = self.lookup.as_ref().and_then(Lookup::place) {
            return place;
        }
        match self.field() {
            None => keys::Place::Button,
            Some(field) if !choices(facts, field).is_empty() => keys::Place::Choice,
            Some(field) if definition(facts, field).is_none_or(|d| d.discover.is_none()) => {
                keys::Place::Line
            }
            Some(field)
                if self.lookup.as_ref().is_some_and(|look| look.runs_for(field.label())) =>
            {
                keys::Place::Waiting
            }
            Some(_) => keys::Place::Seek,
        }
    }

    /// Fills every line that nobody typed into from the environment, the run before and the defaults, which follow from
    /// earlier lines.
    pub fn follow(&mut self, facts: &Facts) {
        let place = self.environment(facts);
        let mut known = of_place(place);
        for field in &mut self.fields {
            let untouched = !field.from.is_by_hand();
            if let Some(definition) = definition(facts, field).filter(|_| untouched) {
                let set = place.and_then(|place| place.values.get(&definition.name.value));
                let before = facts.before.as_ref();
                let held = before.and_then(|before| before.handed.held.get(&definition.name.value));
                let default = || definition.default.as_ref()?.render(&known).ok();
                let (text, from) = match (set, held) {
                    (Some(value), _) => (value.clone(), From::Environment),
                    (None, Some(value)) => (value.replace('\n', ","), From::Before),
                    (None, None) => default()
                        .map_or((String::new(), From::Nowhere), |text| (text, From::Default)),
                };
                if field.typed() != text || field.from != from {
                    field.fill(&text, from);
                }
            }
            learn(&mut known, facts, field);
        }
    }

    /// Takes the keys back from a look for values, and waits for it no longer.
    pub fn let_go(&mut self) {
        if let Some(look) = &mut self.lookup {
            look.let_go();
        }
    }

    /// Returns the environment that is named, if the settings know it.
    pub fn environment<'f>(&self, facts: &'f Facts) -> Option<&'f Place> {
        let line = self.fields.iter().find(|field| field.subject == Subject::Environment)?;
        facts.environments.get(&line.typed())
    }

    /// Returns the values that are known and do; secrets are left out.
    pub fn known(&self, facts: &Facts) -> Values {
        let mut known = of_place(self.environment(facts));
        for field in &self.fields {
            learn(&mut known, facts, field);
        }
        known
    }

    /// Returns what a person put into the lines, as words of the command line; secrets are left out.
    pub fn words(&self, facts: &Facts) -> Vec<String> {
        let mut words = Vec::new();
        let by_hand = |field: &&Field| field.from.is_by_hand() && field.from != From::Handed;
        for field in self.fields.iter().filter(by_hand).filter(|field| !field.is_secret()) {
            let value = match check(facts, field) {
                Ok(value) => value.unwrap_or_default(),
                Err(_) => field.typed(), // what is wrong is put right there
            };
            match &field.subject {
                _ if value.is_empty() => {}
                Subject::Trust => {}
                Subject::Environment => words.extend(["--env".to_owned(), value]),
                Subject::Since => words.extend(["--since".to_owned(), value]),
                Subject::Incident => words.extend(["--incident".to_owned(), value]),
                Subject::Param(asked) => {
                    words.extend(["-p".to_owned(), format!("{}={value}", asked.name)]);
                }
            }
        }
        words
    }

    /// Returns the first line that misses something.
    pub fn first_fault(&self, facts: &Facts) -> Option<usize> {
        self.fields.iter().position(|field| check(facts, field).is_err())
    }

    /// Returns how many lines hold what they must, of how many that must hold something.
    pub fn count(&self, facts: &Facts) -> (usize, usize) {
        let must: Vec<_> = self.fields.iter().filter(|field| !field.is_optional()).collect();
        (must.iter().filter(|field| check(facts, field).is_ok()).count(), must.len())
    }
}

/// Returns the values that a place brings.
fn of_place(place: Option<&Place>) -> Values {
    let Some(place) = place else { return Values::new() };
    let mut known = place.values.clone();
    known.insert("environment".into(), place.word.clone());
    known
}

/// Adds the value of a line, if it does and is no secret.
fn learn(known: &mut Values, facts: &Facts, field: &Field) {
    if let Subject::Param(asked) = &field.subject
        && !asked.secret
        && let Ok(Some(value)) = check(facts, field)
    {
        known.insert(asked.name.clone(), value);
    }
}

/// Returns the definition of the parameter that a line is for.
pub fn definition<'f>(facts: &'f Facts, field: &Field) -> Option<&'f Definition> {
    let Subject::Param(asked) = &field.subject else { return None };
    facts.plan.runbook().params.iter().find(|definition| definition.name.value == asked.name)
}

/// Returns the values that a line may have, where they are counted.
pub fn choices(facts: &Facts, field: &Field) -> Vec<String> {
    match &field.subject {
        Subject::Environment => facts.environments.keys().cloned().collect(),
        Subject::Param(asked) => asked.choices.clone(),
        Subject::Trust | Subject::Since | Subject::Incident => Vec::new(),
    }
}

/// Returns the value of a line as it will be used, nothing where it may stay empty and does, or what is wrong with it.
pub fn check(facts: &Facts, field: &Field) -> Result<Option<String>, String> {
    let text = field.typed();
    if text.is_empty() && field.is_optional() {
        return Ok(None);
    }
    match &field.subject {
        Subject::Trust if text == "yes" => Ok(Some(text)),
        Subject::Trust => Err("type yes to trust it, or go back".into()),
        Subject::Environment => environment(facts, text),
        Subject::Since => match driver::moment(&text, facts.now) {
            Some(at) => Ok(Some(at)),
            None => Err("is not a moment; give 02:37Z or 2026-11-21T02:37:00Z".into()),
        },
        Subject::Incident => Ok(Some(text)),
        Subject::Param(_) => {
            let Some(definition) = definition(facts, field) else { return Ok(Some(text)) };
            let text = driver::completed_line(definition.kind.kind, text, facts.now);
            definition.kind.check(&text).map(Some)
        }
    }
}

fn environment(facts: &Facts, name: String) -> Result<Option<String>, String> {
    if facts.environments.contains_key(&name) {
        return Ok(Some(name));
    }
    let known: Vec<&str> = facts.environments.keys().map(String::as_str).collect();
    Err(match &known[..] {
        [] => format!("the settings name none: see below what to write into {}", facts.settings),
        _ if name.is_empty() => format!("is not named; {}", known.join(" or ")),
        _ => format!("is not in the settings; {}", known.join(" or ")),
    })
}
