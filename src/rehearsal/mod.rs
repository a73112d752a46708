//! The simulated world of a rehearsal: what its commands answer, and what they change in it. Pure.
//!
//! ```text
//! scenario + facts of the journal ──World──▶ state
//! work, attempt, state ──respond──▶ the answer as written ──cast, at a pace──▶ Play, for a player to perform
//! ```
//!
//! Promises: the world is a fold of the scenario over the journal and nothing else, so a rehearsal that was left or
//! killed goes on in the same world; nothing in here can start anything. Non-promise: that what is played is what a real
//! system would say. It is what the author of the scenario wrote.

mod cast;
mod fill;
mod login;
mod pace;
mod unsaid;
mod world;

pub use cast::{Cast, Polling, Role, Stage};
pub use pace::Pace;
pub use world::{World, keys};

#[cfg(test)]
mod tests;
