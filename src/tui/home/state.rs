//! What home remembers: what is chosen, what is typed, what is open. Forgotten on exit.

use super::facts::Facts;
use super::find;
use super::keys::Place;
use crate::tui::help;
use crate::tui::look::Role;

/// What home remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The pane that has the keys; none before the first key: then it is what matters most.
    pub focus: Option<Focus>,
    /// The full name of the chosen runbook.
    pub chosen: Option<String>,
    /// The runbook whose `NOT WHEN` was followed, and to which of its places.
    pub instead: Option<(String, usize)>,
    /// The marked line of what people see.
    pub symptom: usize,
    /// Which of the runs that need somebody is shown.
    pub needy: usize,
    /// The filter.
    pub filter: String,
    /// What is open over the lists.
    pub view: View,
    /// The help over it.
    pub help: Option<help::Reading>,
    /// The last word on the message line.
    pub said: Option<(Role, String)>,
}

/// A pane of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The line of a run that needs somebody.
    Needy,
    /// The runbooks.
    Runbooks,
    /// What people see.
    Symptoms,
}

/// What is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The lists.
    #[default]
    Lists,
    /// The lists, and a filter that is typed.
    Filter,
    /// A runbook is read.
    Reading {
        /// Its full name.
        name: String,
        /// How far it is scrolled.
        top: usize,
    },
    /// The runs.
    Runs {
        /// The marked one.
        at: usize,
    },
    /// What a rehearsal will be.
    Rehearsal {
        /// The runbook's full name.
        name: String,
    },
}

impl State {
    /// Returns the pane that has the keys: until one was chosen, the run that needs somebody comes first.
    pub fn focus(&self, facts: &Facts) -> Focus {
        let needy = !facts.needy().is_empty();
        match self.focus {
            Some(Focus::Needy) | None if needy => Focus::Needy,
            Some(Focus::Symptoms) if !facts.is_first_start() && !facts.symptoms().is_empty() => {
                Focus::Symptoms
            }
            _ => Focus::Runbooks,
        }
    }

    /// Returns where the keys go.
    pub fn place(&self, facts: &Facts) -> Place {
        if self.help.is_some() {
            return Place::Help;
        }
        self.under_help(facts)
    }

    /// Returns where the keys go once the help is closed.
    pub fn under_help(&self, facts: &Facts) -> Place {
        match &self.view {
            View::Filter => Place::Filter,
            View::Reading { .. } => Place::Reading,
            View::Runs { .. } => Place::Runs,
            View::Rehearsal { .. } => Place::Rehearsal,
            View::Lists => match self.focus(facts) {
                Focus::Needy => Place::Needy,
                Focus::Runbooks => Place::Runbooks,
                Focus::Symptoms => Place::Symptoms,
            },
        }
    }

    /// Returns the line of the chosen runbook among those that fit the filter.
    pub fn at(&self, facts: &Facts) -> usize {
        let hits = find::hits(facts, &self.filter);
        let chosen = self.chosen.as_deref();
        hits.iter().position(|hit| Some(hit.listed.name.as_str()) == chosen).unwrap_or(0)
    }

    /// Returns the full name of the runbook that is meant: the one that is read, that belongs to what is seen, or the
    /// chosen one.
    pub fn meant<'a>(&self, facts: &'a Facts) -> Option<&'a str> {
        match &self.view {
            View::Reading { name, .. } | View::Rehearsal { name } => {
                facts.runbook(name).map(|listed| listed.name.as_str())
            }
            View::Lists if self.focus(facts) == Focus::Symptoms => {
                facts.symptoms().get(self.symptom).map(|(_, name)| *name)
            }
            _ => find::hits(facts, &self.filter)
                .get(self.at(facts))
                .map(|hit| hit.listed.name.as_str()),
        }
    }

    /// Says something on the message line.
    pub fn say(&mut self, role: Role, text: impl Into<String>) {
        self.said = Some((role, text.into()));
    }
}
