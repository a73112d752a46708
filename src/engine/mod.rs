//! What has happened in a run, and what is owed. Pure: no clock, no files, no processes.
//!
//! ```text
//!            decide                 after                  owed
//! Command ──────────▶ Vec<Event> ──────────▶ next Run ──────────▶ Vec<Effect>
//!            └──▶ Refusal          └──▶ Corrupt
//! ```
//!
//! A replayed history is a [`run::Past`]: it can be looked at and owes nothing until it is woken.

pub mod command;
pub mod event;
