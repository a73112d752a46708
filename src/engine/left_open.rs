//! Changes that a run leaves open, as facts that the run which goes on takes over: its own journal tells of them, because
//! the one in which they were made is closed and read by nobody at night.

use super::run::Run;
use crate::runbook::model::StepId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A change that a run left open. Every value is final: the runbook that made it is not at hand later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOpen {
    /// The full name of the run that made it.
    pub run: String,
    /// Its step there.
    pub step: StepId,
    /// The step's number there.
    pub number: String,
    /// The step's title.
    pub title: String,
    /// The thing that was acted on.
    pub target: Option<String>,
    /// The title of its way back, if there is one.
    pub undo: Option<String>,
    /// Why there is no way back, if that is so.
    pub no_undo: Option<String>,
}

impl LeftOpen {
    /// Returns the four letters of the run that made it.
    pub fn short(&self) -> &str {
        self.run.rsplit('-').next().unwrap_or(&self.run)
    }

    /// Tells whether it is the change of this step of this run.
    pub fn is(&self, run: &str, step: &StepId) -> bool {
        self.run == run && self.step == *step
    }

    /// Returns what people type to name it: `2XC4/pause`.
    pub fn handle(&self) -> String {
        format!("{}/{}", self.short(), self.step)
    }

    /// Says the way back: by hand, for the run that could have run it is closed.
    pub fn way_back(&self) -> String {
        match (&self.undo, &self.no_undo) {
            (Some(undo), _) => format!("way back, by hand: {undo}"),
            (None, Some(why)) => format!("no way back: {why}"),
            (None, None) => "no way back is written".to_owned(),
        }
    }
}

/// What it is, where it was made: `2.1 Pause the pipeline on ci, of run 2XC4`.
impl fmt::Display for LeftOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.title)?;
        if let Some(target) = &self.target {
            write!(f, " on {target}")?;
        }
        write!(f, ", of run {}", self.short())
    }
}

/// Lists what a run leaves open: its own changes, newest first, then those that it took over itself.
pub fn left_open(run: &Run) -> Vec<LeftOpen> {
    let outline = run.outline();
    let name = run.opened().map_or("", |opened| opened.run.as_str());
    let own = outline.open_changes.into_iter().map(|open| LeftOpen {
        run: name.to_owned(),
        step: open.step,
        number: open.number,
        title: open.title,
        target: open.target,
        undo: open.undo,
        no_undo: open.no_undo,
    });
    own.chain(outline.taken_over).collect()
}
