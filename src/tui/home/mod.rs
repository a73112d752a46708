//! Home: the runbooks, what people see, and the runs that need somebody. The first start looks a little different.
//!
//! ```text
//! Facts (plain values) ──┐
//! Input ──press(State)───┴──▶ Choice          draw(State, Facts, Look)
//! ```
//!
//! Nothing starts from here: a choice leads to a screen that shows what would happen.

mod card;
mod draw;
mod facts;
mod find;
mod instead;
mod keys;
mod press;
pub mod run;
mod state;

#[cfg(test)]
mod tests;

pub use card::Card;
pub use facts::{Facts, Fault, Listed, Tale};
pub use press::Choice;
pub use state::State;
