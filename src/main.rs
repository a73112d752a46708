//! Rutter.

#![expect(clippy::disallowed_methods, reason = "main reads the arguments")]

use rutter::exec::{gate, keeper, player};
use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything else: these are started by Rutter itself, with nothing to parse.
    match std::env::args_os().nth(1) {
        Some(word) if word == "__keeper" => keeper::main(),
        Some(word) if word == "__gate" => gate::main(),
        Some(word) if word == "__play" => player::main(std::env::args_os().nth(2).map(Into::into)),
        _ => rutter::cli::main(std::env::args_os()),
    }
}
