//! Every exit code, named and explained, in one table.

use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done,
    /// The run ended failed or stopped, or the outside world said no.
    Failed,
    /// Wrong use: a flag, a missing answer, no terminal where one is needed.
    Usage,
    /// A runbook, scenario, answers or settings file is not valid.
    Invalid,
    /// What must hold before the first step does not hold.
    Preflight,
    /// The end of a command that may have changed something was not seen.
    Unknown,
    /// A run is on hold or waits for a person.
    Waiting,
    /// A journal is broken, torn or contradicted.
    JournalBroken,
    /// A drill is under the pass mark, or drills are stale.
    Drill,
    /// A bug in Rutter.
    Bug,
    /// Interrupted from the keyboard.
    Interrupted,
    /// Told to end.
    Terminated,
}

/// Each code with its meaning, as `rutter help exit-codes` prints it.
pub const TABLE: &[(Exit, u8, &str)] = &[
    (Exit::Done, 0, "done"),
    (Exit::Failed, 1, "the run ended failed or stopped, or the command could not do its work"),
    (Exit::Usage, 2, "wrong use: a flag, a missing answer, no terminal where one is needed"),
    (Exit::Invalid, 3, "a runbook, scenario, answers or settings file is not valid"),
    (Exit::Preflight, 4, "what must hold before the first step does not hold"),
    (Exit::Unknown, 5, "ended with an unknown outcome: a person has to look"),
    (Exit::Waiting, 6, "on hold or waiting for a person; can be resumed"),
    (Exit::JournalBroken, 7, "a journal is broken, torn or contradicted"),
    (Exit::Drill, 8, "a drill is under the pass mark, or drills are stale"),
    (Exit::Bug, 70, "a bug in Rutter"),
    (Exit::Interrupted, 130, "interrupted from the keyboard"),
    (Exit::Terminated, 143, "told to end"),
];

impl Exit {
    /// Returns the number that the shell sees.
    pub fn code(self) -> u8 {
        TABLE.iter().find(|(exit, ..)| *exit == self).map_or(70, |(_, code, _)| *code)
    }

    /// Returns the one of two that matters more: unknown, then a broken journal, then a failure, then a wait.
    #[must_use]
    pub fn worse(self, other: Exit) -> Exit {
        const ORDER: [Exit; 4] = [Exit::Unknown, Exit::JournalBroken, Exit::Failed, Exit::Waiting];
        let rank = |exit: Exit| match ORDER.iter().position(|known| *known == exit) {
            Some(place) => place,
            None if exit == Exit::Done => usize::MAX,
            None => ORDER.len(),
        };
        if rank(other) < rank(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_endings_share_a_code() {
        for (index, (exit, code, meaning)) in TABLE.iter().enumerate() {
            assert_eq!(exit.code(), *code, "{meaning}");
            assert!(TABLE[..index].iter().all(|(_, earlier, _)| earlier != code), "{code} twice");
        }
    }

    #[test]
    fn an_unknown_outcome_matters_more_than_anything_else() {
        assert_eq!(Exit::Waiting.worse(Exit::Unknown), Exit::Unknown);
        assert_eq!(Exit::JournalBroken.worse(Exit::Failed), Exit::JournalBroken);
        assert_eq!(Exit::Done.worse(Exit::Waiting), Exit::Waiting);
        assert_eq!(Exit::Failed.worse(Exit::Done), Exit::Failed);
        assert_eq!(Exit::Preflight.worse(Exit::Failed), Exit::Failed);
    }
}
