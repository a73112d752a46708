//! `--continues RUN`: the run before, read from the shelf.

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::runs;
use crate::driver;
use crate::engine::event::Mode;
use crate::engine::onward::Onward;
use crate::journal::shelf::Shelf;

/// Finds the run that another one is to continue. It has to have ended in that runbook, in that mode.
pub fn named(
    run: Option<&str>,
    runbook: &str,
    mode: Mode,
    context: &Context,
) -> Result<Option<Onward>, Failure> {
    let Some(run) = run else { return Ok(None) };
    let folder = runs::find(&Shelf::new(&context.data_dir()), Some(run))?;
    let short = folder.short();
    let next = format!("rutter journal show {short}");
    let onward = driver::onward(&folder).map_err(|why| Failure::usage(why, next.as_str()))?;
    let Some(onward) = onward else {
        return Err(Failure::usage(format!("run {short} did not end in another runbook"), next));
    };
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
    Ok(Some(onward))
}
