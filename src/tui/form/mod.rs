//! The form of a live run: where, with which values, since when. Nothing is changed from it, and the one thing that runs
//! from it, a discovery, only reads and is shown first.
//!
//! The same three pure parts as home: what is remembered, what a key does, how it looks. What is typed is checked with
//! the very check that opens the run, and the commands that it goes into are shown beside it.

mod draw;
mod facts;
mod field;
mod keys;
mod lookup;
mod press;
mod preview;
pub mod run;
mod state;

#[cfg(test)]
mod tests;

pub use facts::{Before, Facts, Place, Trust};
pub use press::{Choice, Filled};
pub use state::State;
