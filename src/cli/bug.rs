//! What happens when Rutter itself is broken: no stack trace in a person's face, and nothing lost.

use super::exit::Exit;
use crate::screen;
use crate::tui::terminal;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};

/// Does the work; a panic within it is told in four lines and ends with its own code.
pub fn guarded(work: impl FnOnce() -> Exit) -> Exit {
    panic::set_hook(Box::new(|panic| {
        terminal::hand_back();
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let said = text.unwrap_or("no message");
        // A closed stream is no reason to panic again; the exit code still speaks.
        let _ = write!(
            io::stderr().lock(),
            "error: a bug in Rutter{place}: {}\n  \
             Commands that run go on, and what was acknowledged is on disk.\n  \
             Please report these lines with what you did before.\n\
             next:  rutter status\n",
            screen::line(said)
        );
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Exit::Bug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_with_the_code_for_bugs() {
        assert_eq!(guarded(|| Exit::Waiting), Exit::Waiting);
        let before = panic::take_hook();
        let exit = guarded(|| panic!("a table that cannot be empty is empty"));
        panic::set_hook(before);
        assert_eq!(exit, Exit::Bug);
    }
}
