//! What the screen may look at. It can ask, and cannot do anything.

use crate::driver::{CannotEdit, CannotPrepare, Driver, Prepared};
use crate::engine::event::{AttemptId, Work};
use crate::engine::onward::There;
use crate::engine::run::Run;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// What is so, now.
pub trait Sight {
    /// The run.
    fn run(&self) -> &Run;
    /// Resolves a piece of work to what will be shown and, unchanged, run.
    fn prepare(&self, work: &Work) -> Result<Prepared, CannotPrepare>;
    /// Resolves a piece of work whose command a person means to replace, if anything may be typed for it.
    fn prepare_edit(&self, work: &Work) -> Result<Prepared, CannotEdit>;
    /// Puts what a person typed in the place of the command.
    fn edit(&self, prepared: &Prepared, text: &str) -> Result<Prepared, CannotEdit>;
    /// The time on the clock of the records.
    fn now(&self) -> DateTime<Utc>;
    /// The id people say.
    fn short_id(&self) -> &str;
    /// When an attempt was started.
    fn began(&self, id: &AttemptId) -> Option<DateTime<Utc>>;
    /// Another runbook, or why there is none; `None` where nothing can be looked up.
    fn elsewhere(&self, runbook: &str) -> Option<Arc<There>>;
}

impl Sight for Driver {
    fn run(&self) -> &Run {
        Self::run(self)
    }

    fn prepare(&self, work: &Work) -> Result<Prepared, CannotPrepare> {
        Self::prepare(self, work)
    }

    fn prepare_edit(&self, work: &Work) -> Result<Prepared, CannotEdit> {
        Self::prepare_edit(self, work)
    }

    fn edit(&self, prepared: &Prepared, text: &str) -> Result<Prepared, CannotEdit> {
        Self::edit(self, prepared, text, "")
    }

    fn now(&self) -> DateTime<Utc> {
        Self::now(self)
    }

    fn short_id(&self) -> &str {
        Self::short_id(self)
    }

    fn began(&self, id: &AttemptId) -> Option<DateTime<Utc>> {
        Self::began(self, id)
    }

    fn elsewhere(&self, runbook: &str) -> Option<Arc<There>> {
        Self::elsewhere(self, runbook)
    }
}
