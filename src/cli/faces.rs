//! Which face a run gets, and how its walk ends.

use super::context::Context;
use super::findings;
use super::headless;
use super::headless::Headless;
use super::journal;
use super::onward;
use super::runs;
use super::{Exit, Failure};
use crate::driver::Driver;
use crate::engine::event::ClosedAs;
use crate::engine::onward::Onward;
use crate::engine::state::StepState;
use crate::journal::shelf::Shelf;
use crate::line::person::{Gone, Person};
use crate::line::signals::Signals;
use crate::line::terminal;
use crate::line::walk;
use crate::line::walk::End;
use crate::runbook::answers;
use crate::runbook::answers::Answers;
use crate::runbook::place::Source;
use crate::screen;
use crate::tui::run;
use crate::tui::run::Screen;
use crate::tui::terminal::Terminal;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;

/// A face that was chosen.
pub enum Face {
    /// A person at a screen.
    Screen,
    /// A person at a terminal, line by line.
    Line,
    /// An answers file.
    Headless(Box<Answers>, Vec<String>),
}

impl Face {
    /// Its name in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Screen => "tui",
            Self::Line => "line",
            Self::Headless(..) => "headless",
        }
    }
}

/// Chooses the face: answers make it headless; without a terminal to ask there must be answers.
pub fn choose(
    context: &Context,
    answers: Option<&Path>,
    confirm: &[String],
) -> Result<Face, Failure> {
    let Some(path) = answers else {
        if context.has_screen() {
            return Ok(Face::Screen);
        }
        if context.can_ask() {
            return Ok(Face::Line);
        }
        return Err(Failure::usage(
            "nobody can be asked here: standard input is not a terminal, or --no-input was given",
            "add --answers FILE (rutter help writing), or run it in a terminal",
        ));
    };
    let shown = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|e| Failure::usage(format!("{shown}: {e}"), "give a file that can be read"))?;
    let answers = answers::parse(&Source::new(shown, text))
        .map_err(|found| findings::failure(context, &found))?;
    Ok(Face::Headless(Box::new(answers), confirm.to_vec()))
}

/// Walks a run with a face, and the runs in other runbooks in which it goes on.
pub fn walk(driver: Driver, face: Face, context: &Context) -> Result<Exit, Failure> {
    let (mut driver, mut face) = (driver, face);
    loop {
        let again = match &face {
            Face::Screen => Face::Screen,
            Face::Line => Face::Line,
            Face::Headless(..) => return walk_one(driver, face, context).map(|walked| walked.exit),
        };
        let pace = driver.pace();
        let walked = walk_one(driver, face, context)?;
        let Some(onward) = walked.onward else { return Ok(walked.exit) };
        match onward::go_on(&onward, pace, &again, context)? {
            onward::Next::Run(next) => (driver, face) = (*next, again),
            onward::Next::Left => return Ok(walked.exit),
            onward::Next::Ended(exit) => return Ok(exit),
        }
    }
}

/// How one run was left.
struct Walked {
    exit: Exit,
    /// Where it goes on, when the person wants to go on now.
    onward: Option<Onward>,
}

/// Walks one run with a face, and says at the end how it stands.
fn walk_one(mut driver: Driver, face: Face, context: &Context) -> Result<Walked, Failure> {
    let signals = Signals::listen().map_err(|e| {
        Failure::new(Exit::Failed, format!("signals cannot be received: {e}"), "rutter status")
    })?;
    driver.look_elsewhere(onward::look_up(context));
    let name = face.name();
    let stop = signals.clone();
    let mut person: Box<dyn Person> = match face {
        Face::Screen => return on_screen(driver, &signals, context),
        Face::Line => Box::new(terminal::Terminal::new(context.results(), signals)),
        Face::Headless(answers, confirm) => {
            let quiet = context.globals.quiet;
            Box::new(Headless::new(*answers, confirm, context.results(), signals, quiet))
        }
    };
    let mut end = walk::walk(&mut driver, &mut *person).map_err(|e| runs::broken(&e))?;
    while matches!(end, End::Gone(Gone::Suspended)) {
        driver = suspended(driver, name, &stop, context)?;
        end = walk::walk(&mut driver, &mut *person).map_err(|e| runs::broken(&e))?;
    }
    let onward = Onward::of(driver.run()); // a person is asked; a file of answers is for one run
    let ended = match (&end, headless::unused(&person.left_over(&driver))) {
        (End::Closed, Some(failure)) => Err(failure),
        _ => ending(&driver, &end),
    };
    finish(driver, name, &end, context)?;
    ended.map(|exit| Walked { exit, onward })
}

/// Says how the run stands, and lets it go.
fn finish(mut driver: Driver, face: &str, end: &End, context: &Context) -> Result<(), Failure> {
    let why = match end {
        End::Closed => None,
        End::Left(why) => Some(why.clone()),
        End::Gone(gone) => Some(gone.to_string()),
    };
    // Recorded first: the head that is told must be the last one, or it contradicts what was left out of it.
    let left = why.map_or(Ok(()), |why| driver.record_leaving(face, &why));
    let mut out = context.results();
    // A terminal that is gone cannot be told anything; the journal and the exit code still say it.
    let _ = runs::farewell(&mut out, &driver);
    if matches!(end, End::Closed) && driver.is_rehearsal() {
        let _ = journal::debrief(&mut out, context, driver.name());
    }
    if let Some(onward) = Onward::of(driver.run()) {
        let _ = goes_on(&mut out, &onward, context);
    }
    left.map_err(|e| runs::broken(&e))
}

/// Says where the run goes on, and the command for it.
fn goes_on(out: &mut impl Write, onward: &Onward, context: &Context) -> io::Result<()> {
    writeln!(out, "GOES ON IN {}", screen::line(&onward.runbook))?;
    match onward::command(onward, context) {
        Ok(told) => {
            for why in &told.left_out {
                writeln!(out, "NOT TAKEN OVER {}", screen::line(why))?;
            }
            writeln!(out, "NEXT {}", screen::strict(&told.command))
        }
        Err(failure) => writeln!(out, "BUT {}", screen::line(failure.in_one_line())),
    }
}

/// Shows a run on the screen, and says at the end how it stands.
fn on_screen(mut driver: Driver, signals: &Signals, context: &Context) -> Result<Walked, Failure> {
    let face = Face::Screen.name();
    let next = format!("rutter resume {} --line", driver.short_id());
    let no_screen = |e: &io::Error| {
        let next = next.clone();
        Failure::new(Exit::Usage, format!("this terminal cannot be used as a screen: {e}"), next)
    };
    let end = loop {
        let mut terminal = Terminal::take().map_err(|e| no_screen(&e))?;
        let shown = Screen::over(&mut driver, context.look()).run(&mut terminal, signals);
        drop(terminal);
        match shown.map_err(|e| runs::broken(&e))? {
            run::End::Suspended => driver = suspended(driver, face, signals, context)?,
            end => break end,
        }
    };
    let onward = matches!(end, run::End::GoOn).then(|| Onward::of(driver.run())).flatten();
    let end = match end {
        run::End::Closed | run::End::GoOn => End::Closed,
        run::End::Left(why) => End::Left(why),
        run::End::Suspended => End::Gone(Gone::Suspended),
        run::End::Signal(signal) => End::Gone(Gone::Signal(signal)),
        run::End::Gone(error) => End::Gone(Gone::Io(error)),
    };
    let ended = ending(&driver, &end);
    finish(driver, face, &end, context)?;
    ended.map(|exit| Walked { exit, onward })
}

/// Lets the run go, stops this process as Control-Z does, and takes the run up again when it is continued. Secrets
/// stay in memory meanwhile. Whoever took the run over in between keeps it.
fn suspended(
    mut driver: Driver,
    face: &str,
    signals: &Signals,
    context: &Context,
) -> Result<Driver, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let folder = runs::find(&shelf, Some(driver.name()))?;
    let secrets = driver.take_secrets();
    let mut out = context.messages();
    let _ = writeln!(
        out,
        "\nSuspended. Commands go on, the run is free to be taken up elsewhere. fg comes back."
    );
    driver.leave(face, "suspended").map_err(|e| runs::broken(&e))?;
    signals.suspend().map_err(|e| {
        let next = format!("rutter resume {}", folder.short());
        Failure::new(Exit::Waiting, format!("this process cannot be stopped: {e}"), next)
    })?;
    let mut driver = runs::resume(context, &folder, face, false)
        .map_err(|error| runs::failure(context, &folder, &error))?;
    driver.give_secrets(secrets);
    driver.look_elsewhere(onward::look_up(context));
    Ok(driver)
}

fn ending(driver: &Driver, end: &End) -> Result<Exit, Failure> {
    let run = driver.run();
    let unknown = if run.unknown().is_empty() { Exit::Done } else { Exit::Unknown };
    let exit = match end {
        End::Closed | End::Gone(Gone::Stuck(_)) if failed_before_start(driver) => Exit::Preflight,
        End::Closed => match run.closed().map(|closed| closed.as_) {
            Some(ClosedAs::Done | ClosedAs::ContinuedIn | ClosedAs::HandedOver) => Exit::Done,
            _ => Exit::Failed,
        },
        End::Gone(Gone::Signal(2)) => Exit::Interrupted,
        End::Gone(Gone::Signal(_)) => Exit::Terminated,
        End::Left(_) | End::Gone(Gone::End | Gone::Io(_) | Gone::Suspended) => Exit::Waiting,
        End::Gone(Gone::Stuck(why)) => {
            let next = format!("rutter resume {}", driver.short_id());
            return Err(Failure::new(Exit::Waiting.worse(unknown), why.clone(), next));
        }
        End::Gone(missing @ Gone::Missing { .. }) => {
            let next =
                format!("add it to the answers file, then: rutter resume {}", driver.short_id());
            return Err(Failure::usage(missing.to_string(), next));
        }
    };
    Ok(exit.worse(unknown))
}

/// Tells whether what must hold before the first step does not hold.
fn failed_before_start(driver: &Driver) -> bool {
    let outline = driver.run().outline();
    outline.rows.iter().any(|row| row.phase == 0 && row.state == StepState::Failed)
}
