//! Face 2: the same procedure as a plain dialogue, and the walk that headless mode shares with it.
//!
//! ```text
//! walk ──the next thing, its command──▶ person ──wish──▶ walk ──command──▶ driver
//!                                         │
//!                            Terminal (typed lines) or an answers file
//! ```
//!
//! No cursor movement, no redrawing, no spinner: made for screen readers, serial lines, and logs.

mod asking;
mod describe;
mod edit;
mod elsewhere;
mod fitting;
mod guard;
pub mod keyboard;
pub mod news;
pub mod person;
mod say;
pub mod signals;
mod tail;
pub mod terminal;
mod typed;
pub mod walk;
pub mod wish;
mod words;

pub use describe::question;
pub use say::Say;
pub use words::{clock, span, whom};
