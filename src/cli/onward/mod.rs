//! A run that ended in another runbook goes on there: its form opens filled, or its rehearsal begins.
//!
//! ```text
//! closed run ──Onward──▶ the person says so ──▶ form or questions ──▶ the next run, which names the one before
//!                └────▶ nobody to ask, or not now: the exact command is printed
//! ```

mod before;
mod command;
mod look_up;
mod taken_up;

pub use before::{Again, closed, named};
pub use command::{command, command_for};
pub use look_up::look_up;
pub use taken_up::still_free;

use super::begin;
use super::context::Context;
use super::exit::Exit;
use super::faces::Face;
use super::failure::Failure;
use super::rehearse;
use super::run::{self, Args};
use super::sheet::{Answer, Sheet};
use super::typing::Typing;
use crate::driver::Driver;
use crate::engine::event::Mode;
use crate::engine::onward::Onward;
use crate::journal::identity::Identity;
use crate::line::Say;
use crate::rehearsal::Pace;
use crate::runbook::model::{EnvironmentRule, Runbook};

/// What came of going on.
pub enum Next {
    /// The next run is open.
    Run(Box<Driver>),
    /// Not now: the command for it stands on the terminal.
    Left,
    /// A signal ended the form.
    Ended(Exit),
}

/// Goes on with a person: asks for what is missing, opens the next run. The one before is closed and stays so.
pub fn go_on(
    onward: &Onward,
    pace: Option<Pace>,
    face: &Face,
    context: &Context,
) -> Result<Next, Failure> {
    let next = match (onward.mode, face) {
        (_, Face::Headless(..)) => Ok(Next::Left),
        (Mode::Rehearsal, _) => rehearsed(onward, pace, face, context),
        (Mode::Live, Face::Screen) => by_form(onward, context),
        (Mode::Live, Face::Line) => by_line(onward, context),
    };
    next.map_err(|failure| failure.because(format!("run {} is closed and kept", onward.short())))
}

/// Makes the words of the next live run.
fn words(onward: &Onward, context: &Context) -> Args {
    Args { operator: operator(onward, context), ..Args::of(&onward.runbook) }
}

/// The operator goes on under the same name.
fn operator(onward: &Onward, context: &Context) -> Option<String> {
    let observed = Identity::observe(context.settings.operator.as_deref()).name();
    (observed != onward.operator).then(|| onward.operator.clone())
}

fn by_form(onward: &Onward, context: &Context) -> Result<Next, Failure> {
    let args = words(onward, context);
    // It is shown even where nothing is missing: a value that was taken over is looked at before it is used.
    let filled = match Sheet::of(&args, context, Some(onward))?.fill(context)? {
        Answer::Filled(filled) => filled,
        Answer::Back => return Ok(Next::Left),
        Answer::Ended(exit) => return Ok(Next::Ended(exit)),
    };
    let face = Face::Screen.name();
    let driver =
        begin::open(&args, context, face, None, Some(&filled), Some(onward), &mut |_, _| None)?;
    Ok(Next::Run(Box::new(driver)))
}

fn by_line(onward: &Onward, context: &Context) -> Result<Next, Failure> {
    let mut args = words(onward, context);
    let (entry, runbook) = begin::read_runbook(context, &args.runbook)?;
    let mut say = Say::new(context.messages());
    say.line(&format!("GOES ON in {}: {}.", entry.full_name, runbook.title))?;
    hear(&mut say, onward, &runbook)?;
    let mut typing = Typing::new(context)?;
    if runbook.environment == EnvironmentRule::Required && !context.settings.environments.is_empty()
    {
        let known: Vec<&str> = context.settings.environments.keys().map(String::as_str).collect();
        say.line(&format!(
            "Run {} acted on {}. The environment is chosen anew.",
            onward.short(),
            onward.environment
        ))?;
        let question = format!("Type the environment, {}; nothing leaves it:", known.join(" or "));
        match typing.word(&question).filter(|name| !name.is_empty()) {
            Some(name) => args.values.env = Some(name),
            None => return Ok(Next::Left),
        }
    }
    if typing.word("Type go to open this run, anything else leaves it:").as_deref() != Some("go") {
        return Ok(Next::Left);
    }
    let driver = run::by_line(&args, context, Face::Line.name(), Some(onward))?;
    Ok(Next::Run(Box::new(driver)))
}

/// Says what is taken over, value by value, and what is not.
fn hear(
    say: &mut Say<impl std::io::Write>,
    onward: &Onward,
    runbook: &Runbook,
) -> std::io::Result<()> {
    let handed = onward.hands(runbook);
    for (name, value) in handed.with.iter().chain(&handed.held) {
        let value = value.replace('\n', ",");
        say.line(&format!("  {name} = {value}, from run {}", onward.short()))?;
    }
    for why in &handed.left_out {
        say.line(&format!("  not taken over: {why}"))?;
    }
    for open in &onward.left_open {
        say.line(&format!("  still open: {open}; {}", open.way_back()))?;
    }
    Ok(())
}

fn rehearsed(
    onward: &Onward,
    pace: Option<Pace>,
    face: &Face,
    context: &Context,
) -> Result<Next, Failure> {
    let story = rehearse::next_story(&onward.runbook, context)?;
    let name = story.name().to_owned();
    let args = rehearse::Args {
        operator: operator(onward, context),
        ..rehearse::Args::of(&story.entry.full_name, &name)
    };
    let mut typing = None;
    if matches!(face, Face::Line) {
        let mut say = Say::new(context.messages());
        say.line(&format!("GOES ON in {}, scenario {name}.", story.entry.full_name))?;
        let question = "Type go to rehearse that too, anything else leaves it:";
        let asked = typing.insert(Typing::new(context)?).word(question);
        if asked.as_deref() != Some("go") {
            return Ok(Next::Left);
        }
        rehearse::announce(&mut say, &story)?;
    }
    let mut driver = rehearse::open_rehearsal(
        story,
        &args,
        context,
        face.name(),
        None,
        Some(onward),
        &mut |value, why| {
            if typing.is_none() {
                typing = Typing::new(context).ok();
            }
            typing.as_mut()?.ask(value, why)
        },
    )?;
    if let Some(pace) = pace {
        driver.set_pace(pace);
    }
    Ok(Next::Run(Box::new(driver)))
}
