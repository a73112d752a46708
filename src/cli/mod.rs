//! The command line: flags, commands, help, exit codes.
//!
//! ```text
//! words ──clap──▶ Verb ──run(args, &Context)──▶ Exit
//!                                           └─▶ Failure: what, why, next
//! ```
//!
//! Results go to standard output, everything else to standard error.

#![expect(
    clippy::disallowed_methods,
    reason = "a face: it reads runbooks, answers and the terminal, and hands them down as values"
)]

mod again;
mod arguments;
mod ascii;
pub mod bug;
mod context;
pub mod exit;
mod failure;
pub mod library;

mod begin;
mod check;
mod checked;
mod done;
mod elsewhere;
mod faces;
mod find;
mod findings;
mod form;
mod headless;
mod help;
mod home;
mod journal;
mod list;
mod note;
mod onward;
mod params_file;
mod paths;
mod plan;
mod rehearse;
mod resume;
mod run;
mod runs;
mod sheet;
mod show;
mod status;
mod stop;
mod topics;
mod typing;
mod version;

pub use arguments::Globals;
pub use context::Context;
pub use exit::Exit;
pub use failure::Failure;

use crate::screen;
use arguments::{Cli, Verb};
use ascii::Ascii;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Runs the program on the words of its command line, the program's own name first.
pub fn main(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    outlive_file_size_limits();
    let words: Vec<OsString> = words.into_iter().collect();
    bug::guarded(|| run(&words)).into()
}

fn run(words: &[OsString]) -> Exit {
    let cli = match arguments::parse(words) {
        Ok(cli) => cli,
        Err(told) => return told,
    };
    let ascii = cli.globals.ascii;
    match dispatch(cli) {
        Ok(exit) => exit,
        Err(failure) => {
            // Nobody is left to tell when standard error is closed too; the exit code still speaks.
            let _ = tell(&failure, &mut Ascii::new(io::stderr().lock(), ascii));
            failure.exit()
        }
    }
}

/// Makes a write beyond `ulimit -f` an error that the journal names, where the system would end the program.
///
/// A handler, not "ignore": commands start with every handler reset, and would inherit what is ignored.
fn outlive_file_size_limits() {
    use signal_hook::consts::signal::SIGXFSZ;
    // It fails for signals that cannot be caught; this one can.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Hands the command to its file.
fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let verb = match cli.verb {
        // These answer even when the settings are broken or there is no home.
        Some(Verb::Help(args)) => return help::run(&args),
        Some(Verb::Version(args)) => return version::run(&args),
        other => other,
    };
    let context = Context::new(cli.globals)?;
    match verb {
        None => home::run(&context),
        Some(Verb::Run(args)) => run::run(args, &context),
        Some(Verb::Rehearse(args)) => rehearse::run(&args, &context),
        Some(Verb::Resume(args)) => resume::run(&args, &context),
        Some(Verb::Status(args)) => status::run(&args, &context),
        Some(Verb::Done(args)) => done::run(&args, &context),
        Some(Verb::Note(args)) => note::run(args, &context),
        Some(Verb::Stop(args)) => stop::run(args, &context),
        Some(Verb::Find(args)) => find::run(&args, &context),
        Some(Verb::List(args)) => list::run(&args, &context),
        Some(Verb::Show(args)) => show::run(&args, &context),
        Some(Verb::Plan(args)) => plan::run(&args, &context),
        Some(Verb::Check(args)) => check::run(&args, &context),
        Some(Verb::Journal(args)) => journal::run(args, &context),
        Some(Verb::Paths) => paths::run(&context),
        Some(Verb::Help(args)) => help::run(&args),
        Some(Verb::Version(args)) => version::run(&args),
    }
}

/// Prints a failure: what happened, why, and last the next command.
fn tell(failure: &Failure, out: &mut impl Write) -> io::Result<()> {
    let Failure::Told { what, why, next, .. } = failure else { return Ok(()) };
    writeln!(out, "error: {}", screen::line(what))?;
    for line in why.iter().flat_map(screen::text) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "next:  {}", screen::line(next))
}
