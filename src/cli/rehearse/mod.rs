//! `rutter rehearse`: a run in which everything is simulated.
//!
//! ```text
//! words ──choose──▶ runbook, scenario ──open──▶ Driver ──faces::walk──▶ the same walk as a live run, then the debrief
//! ```

mod choose;
mod list;
mod open;

use super::context::Context;
use super::exit::Exit;
use super::faces;
use super::faces::Face;
use super::failure::Failure;
use super::onward::{self, Again};
use super::typing::Typing;
use crate::engine::event::Mode;
use crate::line::Say;
use crate::rehearsal::Pace;
use crate::runbook::model::Definition;
use choose::Choice;
use std::path::PathBuf;

pub use choose::{Candidate, Past, candidates, choose, name_of, next_story, past, titles};
pub use open::{left_open, open_rehearsal};

/// Arguments of `rutter rehearse`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter rehearse --quick                five minutes of practice, no account
  rutter rehearse lab/example            one runbook, one of its scenarios
  rutter rehearse --list                 what can be rehearsed, and when it was

")]
pub struct Args {
    /// The runbook; without one, what was rehearsed longest ago.
    pub runbook: Option<String>,
    /// Take a scenario that is short enough for a first try.
    #[arg(long)]
    pub quick: bool,
    /// Take the scenario of this name.
    #[arg(long, value_name = "NAME", requires = "runbook", conflicts_with = "quick")]
    pub scenario: Option<String>,
    /// Take every answer from FILE; nothing is waited for.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Tell the story N times as fast; 1 waits three seconds at most for a command.
    #[arg(long, value_name = "N", value_parser = speed, hide_short_help = true)]
    pub speed: Option<f64>,
    /// List what can be rehearsed, and when it last was.
    #[arg(long, conflicts_with_all = ["quick", "scenario", "answers", "speed"])]
    pub list: bool,
    /// Print the list as JSON.
    #[arg(long, requires = "list", hide_short_help = true)]
    pub json: bool,
    /// Give a value other than the scenario's; as often as needed.
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = super::run::name_and_value)]
    pub param: Vec<(String, String)>,
    /// Who acts; the login name when not said.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub operator: Option<String>,
    /// Take up what the closed rehearsal RUN handed over to this runbook.
    #[arg(long, value_name = "RUN", requires = "runbook", hide_short_help = true)]
    pub continues: Option<String>,
    /// Continue RUN though another rehearsal took it up already.
    #[arg(long, requires = "continues", hide_short_help = true)]
    pub again: bool,
}

impl Args {
    /// Makes the words for one story of one runbook.
    pub fn of(runbook: &str, scenario: &str) -> Self {
        Self {
            runbook: Some(runbook.into()),
            quick: false,
            scenario: Some(scenario.into()),
            answers: None,
            speed: None,
            list: false,
            json: false,
            param: Vec::new(),
            operator: None,
            continues: None,
            again: false,
        }
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed > 0.0 => Ok(speed),
        _ => Err("wanted a number above 0, as 2 or 0.5".to_owned()),
    }
}

/// Rehearses a runbook, or lists what can be rehearsed.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.list {
        return list::run(args.runbook.as_deref(), args.json, context);
    }
    let choice = choose(args, context)?;
    let name = &choice.entry.full_name;
    let can_say = args.answers.is_none() && context.can_ask();
    let again = Again { wanted: args.again, can_say };
    let before = args.continues.as_deref();
    let onward = onward::named(before, name, Mode::Rehearsal, again, context)?;
    let face = faces::choose(context, args.answers.as_deref(), &[])?;
    let mut say = Say::new(context.messages());
    if !context.globals.quiet {
        announce(&mut say, &choice)?;
    }
    let answers = match &face {
        Face::Headless(answers, _) => Some(&**answers),
        Face::Screen | Face::Line => None,
    };
    let mut form = None;
    let mut ask = |value: &Definition, why: Option<&str>| {
        // What the story does not give is asked for, where somebody can be asked.
        if answers.is_none() && form.is_none() {
            form = Typing::new(context).ok();
        }
        form.as_mut()?.ask(value, why)
    };
    let name = face.name();
    let driver = open_rehearsal(choice, args, context, name, answers, onward.as_ref(), &mut ask)?;
    faces::walk(driver, face, context)
}

/// How fast a story is told to this face: a file of answers has nobody to wait for.
fn pace(speed: Option<f64>, headless: bool) -> Pace {
    match speed {
        Some(speed) => Pace::Told { speed },
        None if headless => Pace::AtOnce,
        None => Pace::default(),
    }
}

/// Says before anything else that nothing is real, and which story is told.
pub fn announce(say: &mut Say<impl std::io::Write>, choice: &Choice) -> std::io::Result<()> {
    say.line(&format!("REHEARSAL of {}: {}", choice.entry.full_name, choice.runbook.title))?;
    say.line(&format!("SCENARIO {}: {}", choice.name(), choice.scenario.title))?;
    say.line("Everything is simulated: no command is run, no account is touched. Keys and guards are those of a live run.")?;
    if choice.others > 0 {
        let name = &choice.entry.full_name;
        say.line(&format!("There are other scenarios: rutter rehearse --list {name}"))?;
    }
    Ok(())
}
