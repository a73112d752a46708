//! `rutter help`: commands and topics.

use super::arguments;
use super::exit::{self, Exit};
use super::failure::Failure;
use std::ffi::OsString;
use std::io::{self, Write};

/// Arguments of `rutter help`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A command (`journal verify`) or a topic (`exit-codes`).
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// Prints the help of a command or a topic.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    if args.words == ["exit-codes"] {
        for (_, code, meaning) in exit::TABLE {
            writeln!(out, "{code:>4}  {meaning}")?;
        }
        return Ok(Exit::Done);
    }
    let mut command = arguments::command();
    command.build();
    let mut found = &mut command;
    for word in &args.words {
        let known = found.find_subcommand_mut(word);
        found = known.ok_or_else(|| {
            Failure::usage(format!("there is no command or topic {word:?}"), "rutter help")
        })?;
    }
    writeln!(out, "{}", found.render_long_help())?;
    Ok(Exit::Done)
}

/// Prints the short help of the command that these words begin with.
pub fn print_for(words: &[OsString]) -> Exit {
    let mut command = arguments::command();
    command.build();
    let mut found = &mut command;
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        if found.find_subcommand(word).is_some() {
            found = found.find_subcommand_mut(word).expect("it was just found");
        }
    }
    // Nobody is left to tell when the stream is closed.
    let _ = writeln!(io::stdout().lock(), "{}", found.render_help());
    Exit::Done
}
