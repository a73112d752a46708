//! Signals to the face. None of them stops a command: those belong to their keepers.

use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a signal asks of the face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Control-C.
    Interrupt,
    /// To leave: hang-up or termination.
    Leave(i32),
    /// To stop itself until it is continued.
    Suspend,
}

/// Signals that came since they were last looked at.
#[derive(Clone, Debug)]
pub struct Signals {
    flags: Vec<(i32, Arc<AtomicBool>)>,
}

impl Signals {
    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        let mut flags = Vec::new();
        for signal in [SIGHUP, SIGTERM, SIGINT, SIGTSTP] {
            let flag = Arc::new(AtomicBool::new(false));
            signal_hook::flag::register(signal, Arc::clone(&flag))?;
            flags.push((signal, flag));
        }
        Ok(Self { flags })
    }

    /// Takes the next one, the gravest first.
    pub fn next(&self) -> Option<Asked> {
        let (signal, _) =
            self.flags.iter().find(|(_, flag)| flag.swap(false, Ordering::Relaxed))?;
        Some(match *signal {
            SIGINT => Asked::Interrupt,
            SIGTSTP => Asked::Suspend,
            other => Asked::Leave(other),
        })
    }

    /// Stops this process as Control-Z does, until it is continued.
    pub fn suspend(&self) -> io::Result<()> {
        self.obey(Asked::Suspend)
    }

    /// Does what the signal does to a program that does not listen: ends or stops this process.
    pub fn obey(&self, asked: Asked) -> io::Result<()> {
        signal_hook::low_level::emulate_default_handler(match asked {
            Asked::Interrupt => SIGINT,
            Asked::Leave(signal) => signal,
            Asked::Suspend => SIGTSTP,
        })
    }
}
