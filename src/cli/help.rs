//! `rutter help`: commands and topics.

use super::arguments;
use super::exit::Exit;
use super::failure::Failure;
use super::topics;
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
    if let [word] = &args.words[..]
        && let Some(topic) = topics::ALL.iter().find(|topic| topic.name == word)
    {
        write!(out, "{}", topic.text())?;
        return Ok(Exit::Done);
    }
    let mut command = arguments::command();
    command.build();
    let mut found = &mut command;
    for word in &args.words {
        if found.find_subcommand(word).is_none() {
            return Err(nothing_about(word, found));
        }
        found = found.find_subcommand_mut(word).expect("it was just found");
    }
    writeln!(out, "{}", found.render_long_help())?;
    if args.words.is_empty() {
        writeln!(out, "Topics (rutter help TOPIC):")?;
        for topic in &topics::ALL {
            writeln!(out, "  {:<11}{}", topic.name, topic.about)?;
        }
    }
    Ok(Exit::Done)
}

fn nothing_about(word: &str, command: &clap::Command) -> Failure {
    let commands = command.get_subcommands().map(clap::Command::get_name);
    let near = commands
        .chain(topics::ALL.iter().map(|topic| topic.name))
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(near, _)| *near > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let next = match near {
        Some((_, near)) => format!("Did you mean {near}? rutter help {near}"),
        None => "rutter help".to_owned(),
    };
    Failure::usage(format!("there is no command or topic {word:?}"), next)
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
