//! `rutter` without a command: the home screen, or the list where there is no screen.

mod facts;
mod watch;

use super::begin;
use super::context::Context;
use super::exit::Exit;
use super::faces;
use super::faces::Face;
use super::failure::Failure;
use super::list;
use super::onward;
use super::rehearse;
use super::run::Args;
use super::runs;
use super::sheet::{Answer, Sheet};
use crate::driver::{Clock, Driver, SystemClock};
use crate::journal::shelf::Shelf;
use crate::line::signals::Signals;
use crate::tui::home::run as screen;
use crate::tui::home::run::{End, World};
use crate::tui::home::{Choice, Facts, State};
use crate::tui::look::Role;
use crate::tui::terminal::Terminal;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use watch::Watch;

/// Shows home, and goes where the person chooses.
pub fn run(context: &Context) -> Result<Exit, Failure> {
    if !context.has_screen() {
        return list::home(context);
    }
    let signals = Signals::listen().map_err(|e| {
        Failure::new(Exit::Failed, format!("signals cannot be received: {e}"), "rutter list")
    })?;
    let mut facts = facts::gather(context)?;
    let mut state = State::default();
    let mut sheets = Sheets::new();
    let driver = loop {
        let choice = match shown(context, &signals, &mut state, &mut facts)? {
            End::Chosen(Choice::Leave) => return Ok(Exit::Done),
            End::Chosen(choice) => choice,
            End::Signal(2) => return Ok(Exit::Interrupted),
            End::Signal(_) => return Ok(Exit::Terminated),
        };
        match opened(&choice, context, &mut sheets) {
            Ok(Next::Run(driver)) => break *driver,
            Ok(Next::Home) => {}
            Ok(Next::End(exit)) => return Ok(exit),
            // What could not be opened is told where it was chosen; nothing was lost by trying.
            Err(failure) => state.say(Role::Warning, failure.in_one_line()),
        }
    };
    faces::walk(driver, Face::Screen, context)
}

/// Shows the screen until something is chosen; the terminal is handed back before anything is done about it.
fn shown(
    context: &Context,
    signals: &Signals,
    state: &mut State,
    facts: &mut Facts,
) -> Result<End, Failure> {
    let clock = SystemClock;
    let watch = Watch::over(Shelf::new(&context.data_dir()));
    let mut world = World { now: &|| clock.stamp().at, runs: &mut || watch.newest() };
    let no_screen = |e: std::io::Error| {
        let what = format!("this terminal cannot be used as a screen: {e}");
        Failure::new(Exit::Usage, what, "rutter list")
    };
    let mut terminal = Terminal::take().map_err(no_screen)?;
    screen::run(&mut terminal, signals, state, facts, context.look(), &mut world).map_err(no_screen)
}

/// Forms that were begun, by runbook: what was typed into them is kept.
type Sheets = BTreeMap<String, Sheet>;

/// What comes after a choice.
enum Next {
    Run(Box<Driver>),
    Home,
    End(Exit),
}

fn opened(choice: &Choice, context: &Context, sheets: &mut Sheets) -> Result<Next, Failure> {
    let face = Face::Screen.name();
    let driver = match choice {
        Choice::Resume(name) => {
            let folder = runs::find(&Shelf::new(&context.data_dir()), Some(name))?;
            runs::resume(context, &folder, face, false)
                .map_err(|error| runs::failure(context, &folder, &error))?
        }
        Choice::GoOn(name) => {
            let folder = runs::find(&Shelf::new(&context.data_dir()), Some(name))?;
            match onward::go_on(&onward::closed(&folder)?, None, &Face::Screen, context)? {
                onward::Next::Run(driver) => *driver,
                onward::Next::Left => return Ok(Next::Home),
                onward::Next::Ended(exit) => return Ok(Next::End(exit)),
            }
        }
        Choice::Rehearse { runbook, scenario } => {
            let args = rehearse::Args::of(runbook, scenario);
            let choice = rehearse::choose(&args, context)?;
            rehearse::open_rehearsal(choice, &args, context, face, None, None, &mut |_, _| None)?
        }
        Choice::Live(name) => {
            let args = Args::of(name);
            let sheet = match sheets.entry(name.clone()) {
                Entry::Occupied(begun) => begun.into_mut(),
                Entry::Vacant(free) => free.insert(Sheet::of(&args, context, None)?.kept()),
            };
            match sheet.fill(context)? {
                Answer::Filled(filled) => {
                    begin::open(&args, context, face, None, Some(&filled), None, &mut |_, _| None)?
                }
                Answer::Back => return Ok(Next::Home),
                Answer::Ended(exit) => return Ok(Next::End(exit)),
            }
        }
        // Leaving was dealt with before; the others never leave the screen.
        Choice::Leave | Choice::Suspend | Choice::Redraw => return Ok(Next::Home),
    };
    Ok(Next::Run(Box::new(driver)))
}
