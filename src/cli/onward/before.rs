//! `--continues RUN`: the run before, read from the shelf.

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::runs;
use super::taken_up;
use crate::driver;
use crate::engine::event::Mode;
use crate::engine::onward::Onward;
use crate::journal::shelf::{RunFolder, Shelf};

/// Finds the run that another one is to continue. It has to have ended in that runbook, in that mode.
pub fn named(
    run: Option<&str>,
    runbook: &str,
    mode: Mode,
    again: Again,
    context: &Context,
) -> Result<Option<Onward>, Failure> {
    let Some(run) = run else { return Ok(None) };
    let folder = runs::find(&Shelf::new(&context.data_dir()), Some(run))?;
    let short = folder.short();
    let next = format!("rutter journal show {short}");
    let mut onward = closed(&folder)?;
    let library = context.library()?;
    let (wanted, there) = (library.find(runbook)?, library.find(&onward.runbook)?);
    if wanted.full_name != there.full_name {
        let what =
            format!("run {short} goes on in {}, not in {}", there.full_name, wanted.full_name);
        return Err(Failure::usage(what, next));
    }
    if onward.mode != mode {
        let what = format!("run {short} is of another mode: {}", onward.mode.word());
        return Err(Failure::usage(what, next));
    }
    taken_up::wanted_again(&mut onward, again.wanted, again.can_say, context)?;
    Ok(Some(onward))
}

/// Whether a run may be continued that another one continues already.
#[derive(Clone, Copy, Debug)]
pub struct Again {
    /// It was asked for with a flag.
    pub wanted: bool,
    /// Somebody can be asked.
    pub can_say: bool,
}

/// Reads how a run on the shelf goes on; it has to have ended in another runbook.
pub fn closed(folder: &RunFolder) -> Result<Onward, Failure> {
    let short = folder.short();
    let next = format!("rutter journal show {short}");
    let onward = driver::onward(folder).map_err(|why| Failure::usage(why, next.as_str()))?;
    let what = format!("run {short} did not end in another runbook");
    onward.ok_or_else(|| Failure::usage(what, next))
}
