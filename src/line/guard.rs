//! Passing a guard by typing: never with what was typed before it was read, never with one word that stands already.

use super::person::Gone;
use super::terminal::Terminal;
use crate::driver::Prepared;
use crate::engine::event::Guard;
use crate::engine::guards::GuardNeeded;
use std::io::Write;

/// What nobody declared of a command that a person typed.
pub(super) const UNDECLARED: &str =
    "A typed command counts as a change, and no way back is written for it.";

/// What has to be known of a typed command where nothing is run.
pub(super) const PLAYED: &str =
    "REHEARSAL: the scenario answers for the runbook's command. Yours is not looked at.";

/// Asks for what the guard of a command needs. `None` when the person did not pass it; then nothing starts.
pub(super) fn pass<W: Write>(
    at: &mut Terminal<W>,
    needed: &GuardNeeded,
    prepared: &Prepared,
) -> Result<Option<Guard>, Gone> {
    if *needed == GuardNeeded::None {
        return Ok(Some(Guard::None));
    }
    at.say.line("")?;
    let edited = if prepared.edited.is_some() { ", EDITED" } else { "" };
    at.say.line(&format!("ARMED, {}{edited}.", prepared.hazard.to_string().to_uppercase()))?;
    if prepared.edited.is_some() {
        at.say.line(UNDECLARED)?;
    }
    match &prepared.target {
        Some(target) => at.say.label("TARGET", Some(target))?,
        None if *needed == GuardNeeded::Armed => {}
        None => {
            at.say.label("STEP", Some(&format!("{} (it names no target)", prepared.work.step)))?;
        }
    }
    at.say.label("LOSES", prepared.loses.as_deref())?;
    at.say.command(&prepared.shown)?;
    let named = if prepared.target.is_some() { "target" } else { "step" };
    let Some(guard) = names(at, needed, named)? else { return Ok(None) };
    at.keys.forget();
    let word = at.ask("Type yes-run to start it, anything else disarms:")?;
    if word == "yes-run" {
        return Ok(Some(guard));
    }
    at.say.line("Disarmed. Nothing was started.")?;
    Ok(None)
}

/// Asks for what the guard of work by hand needs, before its tick counts.
pub(super) fn pass_by_hand<W: Write>(
    at: &mut Terminal<W>,
    needed: &GuardNeeded,
) -> Result<Option<Guard>, Gone> {
    match needed {
        GuardNeeded::None => Ok(Some(Guard::None)),
        _ => names(at, needed, "target"),
    }
}

fn names<W: Write>(
    at: &mut Terminal<W>,
    needed: &GuardNeeded,
    named: &str,
) -> Result<Option<Guard>, Gone> {
    match needed {
        GuardNeeded::None | GuardNeeded::Armed => Ok(Some(Guard::Armed)),
        GuardNeeded::Typed { target } => {
            Ok(typed(at, target, named)?.map(|text| Guard::Typed { text }))
        }
        GuardNeeded::Witnessed { target } => {
            at.say.line("This cannot be undone. At night nothing irreversible is urgent.")?;
            let Some(text) = typed(at, target, named)? else { return Ok(None) };
            let reason = at.ask("Why now, and not deferred:")?;
            let witness = at.ask("Name of the witness who heard the target read aloud:")?;
            Ok(Some(Guard::Witnessed { text, reason, witness }))
        }
    }
}

fn typed<W: Write>(
    at: &mut Terminal<W>,
    target: &str,
    named: &str,
) -> Result<Option<String>, Gone> {
    at.keys.forget();
    let text = at.ask(&format!("Type the {named}'s name to go on:"))?;
    if text == target {
        return Ok(Some(text));
    }
    at.say.line(&format!("You typed {text}, the {named} is {target}. Nothing was started."))?;
    Ok(None)
}
