//! Rutter: a terminal runbook navigator.
//!
//! The house, downwards only (`tests/it/architecture.rs` holds it to that):
//!
//! ```text
//! main → cli → {line, tui} → driver → {engine → runbook, outcome; journal; exec → outcome}
//! report → engine, runbook, journal          screen: hostile bytes made safe, for every face and report
//! ```

pub mod cli;
pub mod config;
pub mod driver;
pub mod engine;
pub mod exec;
pub mod journal;
pub mod line;
pub mod outcome;
pub mod play;
pub mod rehearsal;
pub mod report;
pub mod runbook;
pub mod screen;
pub mod tui;
