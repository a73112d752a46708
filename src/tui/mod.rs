//! Face 3: the operator's screen.
//!
//! ```text
//! terminal ──Input──▶ update(State, Sight) ──Ask──▶ run ──command──▶ driver
//!                          │                                            │
//!                          └──────── draw(State, Sight, Look) ◀── what is so now
//! ```
//!
//! `State` holds what is on the screen and not in the journal: it is forgotten on exit. What is so is read through
//! [`sight::Sight`], which can only look. `update` and `draw` are pure: no clock, no terminal, no driver, so every
//! screen and every key can be tried in a test. `run` is the one file in which keys become commands.

mod choosing;
mod draw;
mod edit;
mod fields;
pub mod form;
pub mod frame;
mod help;
pub mod home;
pub mod key;
mod keymap;
mod layout;
pub mod look;
#[cfg(test)]
mod looked_at;
mod note;
pub mod output;
mod page;
mod pending;
mod place;
mod prose;
pub mod run;
pub mod sight;
mod state;
mod table;
pub mod terminal;
#[cfg(test)]
mod tests;
mod update;
mod watch;
