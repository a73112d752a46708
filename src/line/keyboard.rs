//! Lines typed by a person, and the two ways of asking that are not an ordinary line: a guard and a secret.
#![expect(clippy::disallowed_methods, reason = "the face that reads the terminal")]

use rustix::termios::{LocalModes, OptionalActions, QueueSelector};
use rustix::termios::{tcflush, tcgetattr, tcsetattr};
use secrecy::SecretString;
use std::io;
use std::io::BufRead;
use std::sync::mpsc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// What came from the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A line, without its newline.
    Line(String),
    /// Nothing within the time.
    Nothing,
    /// The end: the terminal is gone, or control-D.
    End,
}

/// Reads lines in a thread of its own, so that what runs can be watched while nobody types.
pub struct Keyboard {
    lines: Receiver<String>,
}

impl Keyboard {
    /// Reads from standard input from now on.
    pub fn new() -> Self {
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Self { lines }
    }

    /// Waits for a line, at most so long.
    pub fn next(&self, patience: Duration) -> Typed {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Typed::Line(line),
            Err(RecvTimeoutError::Timeout) => Typed::Nothing,
            Err(RecvTimeoutError::Disconnected) => Typed::End,
        }
    }

    /// Throws away everything that was typed before this moment: no answer to a guard is given before it was read.
    pub fn forget(&self) {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush); // not a terminal: nothing is queued there
        while self.lines.try_recv().is_ok() {}
    }

    /// Reads one line without echo.
    pub fn secret(&self) -> Option<SecretString> {
        self.forget();
        let echo = tcgetattr(io::stdin()).ok();
        if let Some(modes) = &echo {
            let mut silent = modes.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &silent);
        }
        let line = self.lines.recv().ok();
        if let Some(modes) = &echo {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
        }
        line.map(SecretString::from)
    }
}

impl Default for Keyboard {
    fn default() -> Self {
        Self::new()
    }
}
