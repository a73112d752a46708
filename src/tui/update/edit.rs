//! Changing a command before it runs: its text, and from there to the guard that every changed command has.

use super::super::edit::Edit;
use super::super::fields::{Accepts, Field};
use super::super::look::Role;
use super::super::sight::Sight;
use super::super::state::{Layer, State};
use super::{Ask, go};
use crate::engine::event::{Mode, Work};
use crate::engine::guards::GuardNeeded;

/// The name of the line that says why it was changed.
pub(super) const WHY: &str = "edited";

/// Opens the text of a command; one that was begun and left stands there again.
pub(super) fn open(state: &mut State, sight: &dyn Sight, work: &Work) {
    match sight.prepare_edit(work) {
        Ok(prepared) => {
            let fresh = Edit::new(Box::new(prepared));
            let left = state.edit.take().filter(|left| left.same_as(&fresh));
            state.open(Layer::Edit(Box::new(left.unwrap_or(fresh))));
        }
        Err(why) => state.say(sight.now(), Role::Warning, format!("No: {why}.")),
    }
}

/// Brings the changed command before its guard: the difference is shown, the name typed, the reason given.
pub(super) fn done(state: &mut State, sight: &dyn Sight) -> Option<Ask> {
    let Some(Layer::Edit(edit)) = state.layers.last() else { return None };
    let prepared = match sight.edit(&edit.prepared, &edit.words()) {
        Ok(prepared) => Box::new(prepared),
        Err(why) => {
            state.say(sight.now(), Role::Warning, format!("Not yet: {why}."));
            return None;
        }
    };
    if let Some(Layer::Edit(edit)) = state.layers.pop() {
        state.edit = Some(*edit);
    }
    let work = prepared.work.clone();
    let (target, witness) = match sight.run().guard_if_edited(&work)? {
        GuardNeeded::Witnessed { target } => (target, true),
        GuardNeeded::Typed { target } => (target, false),
        GuardNeeded::None | GuardNeeded::Armed => return None,
    };
    let mut form = go::typed(sight, Some(prepared), &work, &target, witness);
    let why = Accepts::Words { optional: false };
    form.lines.push(Field::new(WHY, "Why it is changed, in one line", why));
    form.at = form.lines.len();
    form.lead.push("EDITED  Not what the runbook has. Recorded as a deviation.".into());
    if sight.run().opened().is_some_and(|opened| opened.mode == Mode::Rehearsal) {
        form.lead
            .push("REHEARSAL  The scenario answers for the runbook's; yours is not run.".into());
    }
    go::open_guard(state, sight, form)
}
