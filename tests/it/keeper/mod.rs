//! Commands under a real keeper: this program, started as it starts itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot be arranged has failed")]

mod bench;
mod delivery;
mod ending;
mod gate;
mod judged;
mod left_behind;
mod lost_faces;
mod output;
mod secrets;
mod waiting;
