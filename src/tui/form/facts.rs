//! What the form is about, handed in as plain values.

use crate::driver::Bench;
use crate::engine::event::Given;
use crate::engine::left_open::LeftOpen;
use crate::engine::onward::Handed;
use crate::engine::plan::Plan;
use crate::runbook::model::EnvironmentRule;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Everything the form is about.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The runbook's full name.
    pub name: String,
    /// The runbook, made flat.
    pub plan: Plan,
    /// Where it was found, when nobody chose it by place: then it has to be trusted first.
    pub trust: Option<Trust>,
    /// The environments of the settings, by name.
    pub environments: BTreeMap<String, Place>,
    /// The settings file.
    pub settings: String,
    /// The environment that was named on the command line.
    pub environment: Option<String>,
    /// Values that were given on the command line or in files.
    pub given: BTreeMap<String, Given>,
    /// The incident's beginning, as given.
    pub since: Option<String>,
    /// The incident, as given.
    pub incident: Option<String>,
    /// The run that this one continues, if it does.
    pub before: Option<Before>,
    /// What is typed is still there when the form is opened again.
    pub kept: bool,
    /// Now.
    pub now: DateTime<Utc>,
    /// Who sits there.
    pub operator: String,
    /// Where a look for values runs.
    pub bench: Bench,
}

/// The run that a new one continues.
#[derive(Clone, Debug)]
pub struct Before {
    /// Its four letters.
    pub short: String,
    /// The word of the environment it acted on; it is said and never taken over.
    pub environment: String,
    /// What it hands over.
    pub handed: Handed,
    /// What it left open: the new run takes that over.
    pub left_open: Vec<LeftOpen>,
    /// The incident's beginning, as it had it.
    pub since: Option<String>,
    /// The incident, as it had it.
    pub incident: Option<String>,
}

/// A place to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its word on the screens.
    pub word: String,
    /// Nothing above `read` may start there.
    pub read_only: bool,
    /// Its values, which fill parameters of the same name.
    pub values: BTreeMap<String, String>,
}

/// A runbook that was merely found: nearby, or where a variable points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Where.
    pub origin: String,
    /// The digest of all its files.
    pub digest: String,
}

impl Facts {
    /// Tells whether an environment has to be named.
    pub fn needs_environment(&self) -> bool {
        self.plan.runbook().environment == EnvironmentRule::Required
    }
}
