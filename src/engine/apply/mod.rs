//! What one fact makes of a run. Logic only: no guard, no order, no reason is asked for here, so that a journal written
//! under the rules of another release still reads.
//!
//! ```text
//!            intended ─▶ started ─▶ ended ──▶ done │ failed │ unknown ─▶ settled by a person
//!   todo ──▶    │           └─────▶ lost  ──▶      unknown (read: failed)
//!    ▲          └─▶ ended, never released ─┐
//!    └─── nothing ran: as it was before ◀──┘
//! ```

mod attempts;
mod steps;

use super::event::Event;
use super::run::{Corrupt, Run};
use super::state::{Closed, NoteRow};
use std::collections::BTreeMap;

/// Why a fact cannot be. Said to people who look at a journal that is not as we wrote it.
pub(super) type Fits = Result<(), String>;

impl Run {
    /// Takes in one fact, or says why it cannot have happened.
    pub(super) fn apply(&mut self, event: &Event) -> Result<(), Corrupt> {
        let at = self.facts + 1;
        self.fits_the_run(event)
            .and_then(|()| {
                self.facts = at;
                self.take_in(event)
            })
            .map_err(|why| Corrupt { at, fact: event.kind(), why })
    }

    fn fits_the_run(&self, event: &Event) -> Fits {
        match event {
            Event::RunOpened(_) => ensure(self.opened.is_none(), "the run is open already"),
            _ if self.opened.is_none() => Err("the run was not opened".to_owned()),
            // The writer may find a torn tail, or a person may look in, after the last word was said.
            Event::TailSetAside { .. } | Event::ClockJumped { .. } | Event::Left { .. } => Ok(()),
            _ => ensure(self.closed.is_none(), "the run was closed"),
        }
    }

    fn take_in(&mut self, event: &Event) -> Fits {
        match event {
            Event::RunOpened(opened) => {
                self.opened = Some(opened.clone());
                self.taken_over.clone_from(&opened.taken_over);
                Ok(())
            }
            Event::AttemptIntended {
                id,
                hazard,
                target,
                shown,
                digest,
                guard,
                override_reason,
                edited,
            } => {
                let shown = attempts::Shown {
                    target: target.as_deref(),
                    command: shown,
                    digest,
                    guard,
                    override_reason,
                    edited,
                };
                self.intended(id, *hazard, &shown)
            }
            Event::AttemptStarted { id, keeper, child } => self.started(id, keeper, child),
            Event::AttemptEnded { id, outcome, recovered } => self.ended(id, outcome, *recovered),
            Event::AttemptLost { id, reason, last_lines, .. } => self.lost(id, reason, last_lines),
            Event::StopRequested { id } => self.stop_requested(id),
            Event::AttemptSettled { id, as_, proof, captures, probe: _ } => {
                self.settled(id, *as_, proof, captures)
            }
            Event::Ticked { id, hazard, target, guard, said } => {
                self.ticked(id, *hazard, target.as_deref(), guard, said)
            }
            Event::NotApplicable { step, reason } => self.not_applicable(step, reason),
            Event::ValuesGiven { step, values } => self.given(step, values),
            Event::Answered { step, attempt, question, answer, why, suggested: _ } => {
                self.answered(step, *attempt, *question, *answer, why)
            }
            Event::Decided { step, attempt, outcome, why, deviation } => {
                self.decided(step, *attempt, outcome, why, *deviation)
            }
            Event::Skipped { step, reason, captures } => self.skipped(step, reason, captures),
            Event::Deferred { step, due, reason } => self.put_off(step, due, reason),
            Event::FixChosen { step, fix } => self.fix_chosen(step, fix),
            Event::StepsReopened { steps, because: _ } => self.reopened(steps),
            Event::Raised { step, note, owner } => self.raised_by(step, note, owner.as_deref()),
            Event::Cleared { step, how: _ } => self.cleared(step),
            Event::TakenOverSettled { run, step, how: _ } => {
                let at = self.taken_over.iter().position(|open| open.is(run, step));
                let at = at.ok_or("no such change is open of a run before")?;
                self.taken_over.remove(at);
                Ok(())
            }
            Event::Noted { text, kind, inbox, from } => {
                self.noted(inbox.as_deref())?;
                self.keep_note(text, kind, from.as_ref());
                Ok(())
            }
            Event::Held { reason } => {
                self.held = Some(reason.clone());
                Ok(())
            }
            Event::Resumed { .. } => {
                self.held = None;
                Ok(())
            }
            Event::Left { .. } | Event::TailSetAside { .. } | Event::ClockJumped { .. } => Ok(()),
            Event::RunClosed { as_, reason, open_changes, continued_in } => {
                ensure(self.living().is_empty(), "something is still running")?;
                self.closed = Some(Closed {
                    as_: *as_,
                    reason: reason.clone(),
                    open_changes: open_changes.clone(),
                    continued_in: continued_in.clone(),
                });
                Ok(())
            }
        }
    }

    fn keep_note(&mut self, text: &str, kind: &str, from: Option<&BTreeMap<String, String>>) {
        let by = from.and_then(|from| from.get("claimed").or_else(|| from.get("login"))).cloned();
        self.notes.push(NoteRow { text: text.to_owned(), kind: kind.to_owned(), by });
    }

    fn noted(&mut self, inbox: Option<&str>) -> Fits {
        match inbox {
            Some(id) => ensure(self.taken.insert(id.to_owned()), "that note was taken in already"),
            None => Ok(()),
        }
    }
}

pub(super) fn ensure(holds: bool, why: &str) -> Fits {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}
