//! What has happened in a run, and what is owed. Pure: no clock, no files, no processes.
//!
//! ```text
//!            decide                 after                  owed
//! Command ──────────▶ Vec<Event> ──────────▶ next Run ──────────▶ Vec<Effect>
//!            └──▶ Refusal          └──▶ Corrupt
//! ```
//!
//! A replayed history is a [`past::Past`]: it can be looked at and owes nothing until it is woken.
//!
//! Two kinds of rule, kept apart on purpose. What a person may do next is *policy* and lives in `decide`: it may
//! change from release to release. What can follow what at all is *logic* and lives in `apply`: it must read the
//! journals of every release before it, so it knows nothing of guards, order or reasons.

mod apply;
mod before;
pub mod choices;
pub mod command;
mod conditions;
mod consequences;
mod decide;
pub mod deferral;
pub mod event;
pub mod guards;
pub mod hazard;
pub mod left_open;
mod needs;
pub mod next;
mod offers;
pub mod onward;
pub mod outline;
pub mod past;
pub mod plan;
pub mod run;
pub mod state;
mod uses;
mod values;

#[cfg(test)]
mod tests;
