//! Guards: what a person must have done before work of a hazard may start. Nobody can make them laxer.

use super::command::Refusal;
use super::event::Guard;
use crate::runbook::model::Hazard;

/// What a guard asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardNeeded {
    /// Nothing: it only looks.
    None,
    /// Shown in full, armed, and started with a second key.
    Armed,
    /// Armed, and this name typed.
    Typed {
        /// The name to type.
        target: String,
    },
    /// This name typed, a reason given, and a witness named.
    Witnessed {
        /// The name to type.
        target: String,
    },
}

impl GuardNeeded {
    /// Returns what the guard of a hazard asks for.
    pub fn of(hazard: Hazard, target: &str) -> Self {
        let target = target.to_owned();
        match hazard {
            Hazard::Read => Self::None,
            Hazard::Change => Self::Armed,
            Hazard::Destructive => Self::Typed { target },
            Hazard::Irreversible => Self::Witnessed { target },
        }
    }

    /// Returns the guard for starting against the rule: typed at least, whatever the hazard.
    pub fn against_the_rule(hazard: Hazard, target: &str) -> Self {
        Self::of(hazard.max(Hazard::Destructive), target)
    }

    /// Checks a guard that was passed. A stronger one than needed will do, if it is true in itself.
    pub(super) fn check(
        &self,
        passed: &Guard,
        target: &str,
        operator: &str,
    ) -> Result<(), Refusal> {
        match passed {
            Guard::None | Guard::Armed => {}
            Guard::Typed { text } => typed(text, target)?,
            Guard::Witnessed { text, reason, witness } => {
                typed(text, target)?;
                witnessed(reason, witness, operator)?;
            }
        }
        if strength(passed) >= self.strength() {
            return Ok(());
        }
        match self {
            Self::None => Ok(()),
            Self::Armed => refuse("a change is armed first, then started with a second key"),
            Self::Typed { target } => refuse(format!("type the target's name, {target}")),
            Self::Witnessed { target } => {
                refuse(format!("type the target's name, {target}, with a reason and a witness"))
            }
        }
    }

    fn strength(&self) -> u8 {
        match self {
            Self::None => 0,
            Self::Armed => 1,
            Self::Typed { .. } => 2,
            Self::Witnessed { .. } => 3,
        }
    }
}

fn strength(passed: &Guard) -> u8 {
    match passed {
        Guard::None => 0,
        Guard::Armed => 1,
        Guard::Typed { .. } => 2,
        Guard::Witnessed { .. } => 3,
    }
}

fn typed(text: &str, target: &str) -> Result<(), Refusal> {
    if text == target {
        Ok(())
    } else {
        refuse(format!("you typed {text}, the target is {target}"))
    }
}

fn witnessed(reason: &str, witness: &str, operator: &str) -> Result<(), Refusal> {
    let witness = witness.trim();
    if reason.trim().is_empty() {
        return refuse("say why it is done now and not deferred");
    }
    if witness.is_empty() {
        return refuse("name the witness");
    }
    // Names, not secrets: "Mara" is no witness for "mara".
    if witness.to_lowercase() == operator.trim().to_lowercase() {
        return refuse("the operator cannot be their own witness");
    }
    Ok(())
}

fn refuse(needs: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::Guard { needs: needs.into() })
}
