//! A start that was asked for and has to wait: for a secret to be typed, or for the fence. It waits for nothing else.

use super::fields::Purpose;
use super::sight::Sight;
use super::state::{ARMED_FOR, Layer, State};
use crate::driver::Prepared;
use crate::engine::event::Guard;
use chrono::{DateTime, Utc};

/// A start that waits.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Exactly what was shown.
    pub prepared: Box<Prepared>,
    /// The guard that was passed.
    pub guard: Guard,
    /// Why it is started against the rule.
    pub override_reason: Option<String>,
    /// The fence was started for it.
    pub fenced: bool,
    /// A secret was asked for and not given yet.
    asked: bool,
    since: DateTime<Utc>,
}

/// What becomes of a start that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It goes on waiting.
    Wait,
    /// Nothing is in its way.
    Go,
    /// It does not start any more, because of this.
    Over(&'static str),
}

impl Pending {
    /// Begins to wait.
    pub fn new(
        prepared: Box<Prepared>,
        guard: Guard,
        override_reason: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        Self { prepared, guard, override_reason, fenced: false, asked: false, since: now }
    }

    /// Notes that a secret is asked for.
    pub fn asks(&mut self) {
        self.asked = true;
    }

    /// Notes that the secret was given.
    pub fn given(&mut self, now: DateTime<Utc>) {
        self.asked = false;
        self.since = now;
    }

    /// Says what becomes of it now.
    ///
    /// The key that was pressed for it must stay the last thing the operator did: a change that starts while help is
    /// read, or when a list is closed, would be started by that key.
    pub fn turn(&self, state: &State, sight: &dyn Sight) -> Turn {
        let secret = matches!(
            state.layers.as_slice(),
            [Layer::Fields(fields)] if matches!(fields.purpose, Purpose::Secret { .. })
        );
        match () {
            () if secret && self.asked => Turn::Wait,
            () if self.asked => Turn::Over("its secret was not given"),
            () if !state.layers.is_empty() || state.looked.is_some() => {
                Turn::Over("something else was opened meanwhile")
            }
            () if sight.now() - self.since >= ARMED_FOR => {
                Turn::Over("the way to it took more than 60 s")
            }
            () if !sight.run().outline().running.is_empty() => Turn::Wait,
            () => Turn::Go,
        }
    }
}
