//! Other runbooks, looked up in the library before a run ends in one of them.

use super::super::context::Context;
use crate::driver::LookUp;

/// Makes the look-up that a driver is given: the library as it is now.
pub fn look_up(context: &Context) -> LookUp {
    let library = context.library().map_err(|failure| failure.in_one_line());
    Box::new(move |name| {
        let library = library.as_ref().map_err(Clone::clone)?;
        let entry = library.find(name).map_err(|error| error.to_string())?;
        entry.runbook().map_err(|_| format!("{} cannot be read", entry.full_name))
    })
}
