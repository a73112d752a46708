//! The one integration binary: a module for each subject, linked once.

#![expect(
    clippy::disallowed_methods,
    reason = "tests arrange files, processes and the environment of the program they try"
)]

mod architecture;
mod journal_damage;
mod journal_verify;
mod keeper;
mod support;
