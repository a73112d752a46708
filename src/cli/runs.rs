//! Runs on the shelf, as the commands that work on one need them.

use super::begin::{environment_names, this_program};
use super::context::Context;
use super::findings;
use super::{Exit, Failure};
use crate::driver;
use crate::driver::{Driver, DriverError, ResumeError, State, SystemClock, Takeover};
use crate::journal::identity::Identity;
use crate::journal::shelf::{NotFound, RunFolder, Shelf};
use crate::screen;
use std::io;
use std::io::Write;

/// Finds the run that was named, or the one open run when none was.
pub fn find(shelf: &Shelf, wanted: Option<&str>) -> Result<RunFolder, Failure> {
    if let Some(wanted) = wanted {
        return shelf.find(wanted).map_err(|e| not_found(&e));
    }
    let runs = driver::statuses(shelf).map_err(|e| not_found(&e))?;
    let open = || runs.iter().filter(|run| run.state.is_open() && run.state != State::Damaged);
    let needy: Vec<_> = open().filter(|run| run.state.needs_person()).collect();
    let candidates = if needy.is_empty() { open().collect() } else { needy };
    match candidates.as_slice() {
        [] => Err(Failure::usage("there is no open run", "rutter journal list")),
        [one] => shelf.find(&one.run).map_err(|e| not_found(&e)),
        several => {
            let next = format!("rutter resume {}", several[0].short);
            let failure = Failure::usage("several runs are open; name one", next);
            Err(several.iter().fold(failure, |failure, run| {
                failure.because(format!("{}  {}  {}", run.short, run.runbook, run.needs))
            }))
        }
    }
}

/// Tells that there is no such run, or that nobody can tell.
pub fn not_found(error: &NotFound) -> Failure {
    let next = match error {
        NotFound::Io { .. } => "rutter paths",
        NotFound::None { .. } | NotFound::Several { .. } => "rutter journal list",
    };
    let failure = Failure::usage(error.to_string(), next);
    match error {
        NotFound::Several { names, .. } => {
            names.iter().fold(failure, |failure, name| failure.because(name.clone()))
        }
        NotFound::None { .. } | NotFound::Io { .. } => failure,
    }
}

/// Takes a run up for a face.
pub fn resume(
    context: &Context,
    folder: &RunFolder,
    face: &str,
    take: bool,
) -> Result<Driver, ResumeError> {
    let exe = this_program().unwrap_or_default();
    let with = Takeover {
        face: face.into(),
        take,
        read_only: context.globals.read_only,
        exe,
        env_names: environment_names(),
        data: context.data_dir(),
        tell: Box::new(eprintln_safe),
    };
    let identity = Identity::observe(context.settings.operator.as_deref());
    let mut driver = Driver::resume(folder, identity, Box::new(SystemClock), with)?;
    let word = driver.run().opened().map(|opened| opened.environment.clone());
    let environments = context.settings.environments.values();
    if environments.filter(|known| Some(&known.word) == word.as_ref()).any(|known| known.read_only)
    {
        driver.forbid_changes();
    }
    Ok(driver)
}

/// Writes a message; a closed standard error is no reason to stop.
fn eprintln_safe(line: &str) {
    let _ = writeln!(io::stderr(), "{}", screen::line(line));
}

/// Tells why a run cannot be taken up.
pub fn failure(context: &Context, folder: &RunFolder, error: &ResumeError) -> Failure {
    let short = folder.short();
    match error {
        ResumeError::Busy(_) => {
            Failure::new(Exit::Waiting, error.to_string(), format!("rutter resume {short} --take"))
        }
        ResumeError::Runbook(found) => findings::failure(context, found),
        ResumeError::PinnedDiffers { .. }
        | ResumeError::Contradicted { .. }
        | ResumeError::Open(_)
        | ResumeError::NoOpening
        | ResumeError::Scenario(_)
        | ResumeError::Corrupt(_) => Failure::new(
            Exit::JournalBroken,
            error.to_string(),
            format!("rutter journal verify {short}"),
        ),
        ResumeError::Closed | ResumeError::NeverOpened | ResumeError::Driver(_) => {
            Failure::new(Exit::Failed, error.to_string(), format!("rutter journal show {short}"))
        }
    }
}

/// Tells that the journal, or our own logic, stands in the way.
pub fn broken(error: &DriverError) -> Failure {
    let exit = match error {
        DriverError::Corrupt(_) => Exit::Bug,
        _ => Exit::Failed,
    };
    Failure::new(exit, error.to_string(), "rutter status")
}

/// The last lines on the terminal: which run, how it stands, its head, and how to come back. At most eight.
pub fn farewell(out: &mut impl Write, driver: &Driver) -> io::Result<()> {
    let run = driver.run();
    let outline = run.outline();
    let mut lines = vec![format!("RUN {}. {}", driver.name(), driver::next_in_words(&outline))];
    let open = run.changes_open();
    if open > 0 {
        let own = run.open_changes().into_iter().map(|step| step.to_string());
        let before = run.taken_over().iter().map(ToString::to_string);
        let names: Vec<_> = own.chain(before).collect();
        lines.push(format!("OPEN CHANGES {open}: {}", names.join(", ")));
    }
    let (seq, code) = driver.head();
    lines.push(format!("HEAD #{seq} {code}   keep it in the incident channel"));
    lines.push(format!("JOURNAL {}", driver.dir().display()));
    if run.closed().is_none() {
        lines.push(format!("COME BACK rutter resume {}", driver.short_id()));
    }
    writeln!(out)?;
    for line in lines {
        writeln!(out, "{}", screen::line(&line))?;
    }
    Ok(())
}
