//! How much an attempt can hurt: the one answer that guard, fence, journal, resume and report go by.

use crate::runbook::model::Hazard;

/// Returns the hazard of an attempt: what the runbook says of the command that it wrote, and of one that a person typed
/// at least `change`. Nobody declared what that does, so a step that only looks does not vouch for it.
pub fn of_attempt(written: Hazard, edited: bool) -> Hazard {
    if edited { written.max(Hazard::Change) } else { written }
}
