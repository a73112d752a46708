//! The one integration binary: a module for each subject, linked once.

#![expect(
    clippy::disallowed_methods,
    reason = "tests arrange files, processes and the environment of the program they try"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test may fail like the test; clippy knows only functions marked as tests"
)]

mod architecture;
mod at_home;
mod bad_runbooks;
mod choices;
mod cli;
mod commands;
mod damaged_runbooks;
mod deferral;
mod edited;
mod engine_props;
mod every_key;
mod found;
mod handed_back;
mod headless;
mod hostile;
mod hostile_values;
mod journal_cli;
mod journal_damage;
mod journal_faults;
mod journal_golden;
mod journal_verify;
mod keeper;
mod kill_anywhere;
mod lab;
mod never_opened;
mod onward;
mod open_changes;
mod pinned;
mod rehearsal;
mod secrets;
mod shipped;
mod support;
mod terminals;
mod too_long;
