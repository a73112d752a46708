//! The exact command that goes on, for who cannot be asked now.

use super::super::again;
use super::super::context::Context;
use super::super::failure::Failure;
use super::super::rehearse;
use super::super::runs;
use super::before::closed;
use crate::driver::RunStatus;
use crate::engine::event::Mode;
use crate::engine::onward::{Handed, Onward};
use crate::journal::shelf::Shelf;
use crate::runbook::model::EnvironmentRule;

/// A command, and what it does not hand over.
pub struct Told {
    /// The command, as a shell reads it.
    pub command: String,
    /// What is not taken over, and why.
    pub left_out: Vec<String>,
}

/// Writes the command that opens the next run, every value in it, so that nothing is taken over unseen. The error says
/// why there is none.
pub fn command(onward: &Onward, context: &Context) -> Result<Told, Failure> {
    let (mut words, handed) = match onward.mode {
        Mode::Live => live(onward, context)?,
        Mode::Rehearsal => rehearsal(onward, context)?,
    };
    for (name, value) in handed.with.iter().chain(&handed.held) {
        words.extend(["-p".to_owned(), format!("{name}={value}")]);
    }
    words.extend(again::globals(context));
    Ok(Told { command: again::quoted(&words), left_out: handed.left_out })
}

/// The same for a run on the shelf.
pub fn command_for(run: &RunStatus, context: &Context) -> Result<Told, Failure> {
    let folder = runs::find(&Shelf::new(&context.data_dir()), Some(&run.run))?;
    command(&closed(&folder)?, context)
}

fn of(verb: &str, name: &str) -> Vec<String> {
    ["rutter", verb, name].map(str::to_owned).to_vec()
}

fn live(onward: &Onward, context: &Context) -> Result<(Vec<String>, Handed), Failure> {
    let library = context.library()?;
    let entry = library.find(&onward.runbook)?;
    let runbook = entry.runbook().map_err(|_| unreadable(&entry.full_name))?;
    let mut words = of("run", &entry.full_name);
    if runbook.environment == EnvironmentRule::Required {
        let known = context.settings.environments.iter();
        let mut named = known.filter(|(_, known)| known.word == onward.environment);
        words.extend(["--env".to_owned(), named.next().map_or("NAME".into(), |(n, _)| n.clone())]);
    }
    words.extend(["--continues".to_owned(), onward.short().to_owned()]);
    Ok((words, onward.hands(&runbook)))
}

fn rehearsal(onward: &Onward, context: &Context) -> Result<(Vec<String>, Handed), Failure> {
    let story = rehearse::next_story(&onward.runbook, context)?;
    let mut words = of("rehearse", &story.entry.full_name);
    words.extend(["--scenario".to_owned(), story.name().to_owned()]);
    words.extend(["--continues".to_owned(), onward.short().to_owned()]);
    Ok((words, rehearse::left_open(onward, &story.runbook, &story.scenario)))
}

fn unreadable(name: &str) -> Failure {
    Failure::usage(format!("{name} cannot be read"), format!("rutter check {name}"))
}
