//! `rutter journal verify`: what a journal proves.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::load;
use crate::driver::Later;
use crate::journal::code;
use crate::journal::verify::Verdict;
use crate::report::escape;
use std::io::Write;

/// Arguments of `rutter journal verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The run, or the path of a journal; the newest run when left out.
    #[arg(value_name = "RUN|FILE")]
    run: Option<String>,
    /// The head code that was kept elsewhere, as `rutter journal head` printed it.
    #[arg(long, value_name = "CODE")]
    expect: Option<String>,
}

/// Says in one line what was proved, and what is wrong or not proved below it.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let expect = args.expect.as_deref().map(code_in);
    let loaded = load::run_or_path(context, args.run.as_deref(), expect)?;
    let later = loaded.later();
    let exit = match loaded.verdict.exit() {
        _ if later.fault.is_some() => Exit::JournalBroken,
        0 => Exit::Done,
        6 => Exit::Waiting,
        _ => Exit::JournalBroken,
    };
    Failure::after_telling(exit, tell(context, &loaded.verdict, &later))
}

fn tell(context: &Context, verdict: &Verdict, later: &Later) -> Result<(), Failure> {
    let mut out = context.results();
    writeln!(out, "{}", verdict.sentence())?;
    if let Some(run) = &verdict.run {
        writeln!(out, "  run {}", escape::line(run))?;
    }
    for detail in verdict.details() {
        writeln!(out, "  {}", escape::line(&detail))?;
    }
    for done in &later.done {
        let said = format!("later/ holds: {} done {}", done.step, done.in_words());
        writeln!(out, "  {}", escape::line(&said))?;
    }
    if let Some(fault) = &later.fault {
        writeln!(out, "  later/ is not believed: {}", escape::line(fault))?;
    }
    Ok(())
}

/// The code in what was pasted: alone, or at the end of the whole line that `journal head` prints.
fn code_in(pasted: &str) -> &str {
    match code::read(pasted) {
        Some(_) => pasted,
        None => pasted.split_whitespace().next_back().unwrap_or(pasted),
    }
}
