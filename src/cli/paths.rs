//! `rutter paths`: every place in use.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use std::io::Write;

/// Prints what lies where, and what is not there yet.
pub fn run(context: &Context) -> Result<Exit, Failure> {
    let places = &context.places;
    let mut out = context.results();
    let rows = [
        ("settings", places.settings.clone()),
        ("own runbooks", places.own_runbooks.clone()),
        ("journals", places.journals()),
        ("anchors", places.anchors()),
    ];
    for (what, path) in rows {
        let absent = if path.exists() { "" } else { "  (none yet)" };
        writeln!(out, "{what:<14}{}{absent}", path.display())?;
    }
    Ok(Exit::Done)
}
