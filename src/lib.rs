//! Rutter: a terminal runbook navigator.
//!
//! The house, downwards only (`tests/it/architecture.rs` holds it to that):
//!
//! ```text
//! main → cli → {tui, line, headless} → driver → {engine → runbook, journal, exec}
//! report → engine, runbook, journal          outcome: words shared by engine and exec
//! ```

pub mod cli;
pub mod config;
pub mod driver;
pub mod engine;
pub mod exec;
pub mod journal;
pub mod line;
pub mod outcome;
pub mod report;
pub mod runbook;
pub mod screen;
