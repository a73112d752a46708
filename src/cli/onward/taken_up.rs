//! Whether somebody else has gone on already: what happens twice is meant twice.

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::runs::not_found;
use super::super::typing::Typing;
use crate::driver;
use crate::engine::onward::Onward;
use crate::journal::shelf::Shelf;

/// Returns the short ids of the runs that continue this one.
fn by(run: &str, context: &Context) -> Result<Vec<String>, Failure> {
    let runs = driver::statuses(&Shelf::new(&context.data_dir())).map_err(|e| not_found(&e))?;
    let by = driver::taken_up_by(&runs, run).into_iter();
    Ok(by.map(|other| other.short.clone()).collect())
}

/// Notes who took the run up already, and lets that pass only when it is wanted: by `--again`, or by a word where
/// somebody `can_say` it.
pub fn wanted_again(
    onward: &mut Onward,
    again: bool,
    can_say: bool,
    context: &Context,
) -> Result<(), Failure> {
    onward.taken_up_by = by(&onward.run, context)?;
    if onward.taken_up_by.is_empty() || again {
        return Ok(());
    }
    let question = format!(
        "{} Type again to open another run that continues it, anything else leaves it:",
        said(onward.short(), &onward.taken_up_by)
    );
    let typed = if can_say { Typing::new(context)?.word(&question) } else { None };
    if typed.as_deref() == Some("again") {
        Ok(())
    } else {
        Err(refused(onward.short(), &onward.taken_up_by))
    }
}

/// Makes sure, right before the next run is opened, that nobody went on while a form was filled.
pub fn still_free(onward: &Onward, context: &Context) -> Result<(), Failure> {
    let now = by(&onward.run, context)?;
    if now.iter().all(|short| onward.taken_up_by.contains(short)) {
        return Ok(());
    }
    Err(refused(onward.short(), &now))
}

fn said(run: &str, by: &[String]) -> String {
    format!("Run {run} was already taken up by {}.", by.join(", "))
}

fn refused(run: &str, by: &[String]) -> Failure {
    let what = format!("run {run} was already taken up by {}", by.join(", "));
    let next = format!("rutter resume {}", by.first().map_or("", String::as_str));
    Failure::usage(what, next)
        .because("nothing was opened; --again opens another run that continues it")
}
