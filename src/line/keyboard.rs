//! Lines typed by a person, and the two ways of asking that are not an ordinary line: a guard and a secret.
//!
//! Nothing is read ahead. What was typed before a guard's question stands in the terminal's own queue, or here, and both
//! are emptied before it is asked; a reading thread could have held a line in its hand just then.
#![expect(clippy::disallowed_methods, reason = "the face that reads the terminal")]

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios};
use rustix::termios::{tcflush, tcgetattr, tcsetattr};
use std::io;
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

/// Reads lines from standard input, one when it is asked for one.
#[derive(Default)]
pub struct Keyboard {
    /// What was read behind the last line.
    read: Vec<u8>,
    ended: bool,
}

impl Keyboard {
    /// Reads from standard input from now on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for a line, at most so long; a signal ends the wait.
    pub fn next(&mut self, patience: Duration) -> Typed {
        if let Some(line) = self.line() {
            return Typed::Line(line);
        }
        if self.ended {
            return Typed::End;
        }
        self.fill(patience);
        match self.line() {
            Some(line) => Typed::Line(line),
            None if self.ended => Typed::End,
            None => Typed::Nothing,
        }
    }

    /// Throws away everything that was typed before this moment: no answer to a guard is given before it was read.
    pub fn forget(&mut self) {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush); // not a terminal: nothing is queued there
        self.read.clear();
    }

    /// Turns the echo off until what it returns is dropped. What was typed before is thrown away.
    pub fn hush(&mut self) -> Hush {
        self.forget();
        let modes = tcgetattr(io::stdin()).ok();
        if let Some(modes) = &modes {
            let mut silent = modes.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &silent);
        }
        Hush { modes }
    }

    /// Takes the first whole line of what was read; at the end, what stands there without a newline.
    fn line(&mut self) -> Option<String> {
        let end = match self.read.iter().position(|byte| *byte == b'\n') {
            Some(at) => at + 1,
            None if self.ended && !self.read.is_empty() => self.read.len(),
            None => return None,
        };
        let line: Vec<u8> = self.read.drain(..end).collect();
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Some(String::from_utf8_lossy(line).into_owned())
    }

    fn fill(&mut self, patience: Duration) {
        let stdin = io::stdin();
        let mut keys = [PollFd::new(&stdin, PollFlags::IN)];
        let patience = Timespec::try_from(patience).ok();
        match poll(&mut keys, patience.as_ref()) {
            Ok(0) | Err(Errno::INTR) => return,
            Ok(_) => {}
            Err(_) => {
                self.ended = true;
                return;
            }
        }
        let mut piece = [0; 4096];
        match rustix::io::read(&stdin, &mut piece) {
            Ok(0) => self.ended = true,
            Ok(n) => self.read.extend_from_slice(&piece[..n]),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => self.ended = true,
        }
    }
}

/// Holds a terminal's echo off, and turns it on again at its end, however that comes.
pub struct Hush {
    modes: Option<Termios>,
}

impl Drop for Hush {
    fn drop(&mut self) {
        if let Some(modes) = &self.modes {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(bytes: &[u8], ended: bool) -> Keyboard {
        Keyboard { read: bytes.to_vec(), ended }
    }

    #[test]
    fn lines_come_one_by_one_and_the_last_needs_no_newline() {
        let mut keys = holding(b"run\r\nquit\nhal", true);
        let typed = |line: &str| Typed::Line(line.to_owned());
        assert_eq!(keys.next(Duration::ZERO), typed("run"));
        assert_eq!(keys.next(Duration::ZERO), typed("quit"));
        assert_eq!(keys.next(Duration::ZERO), typed("hal"));
        assert_eq!(keys.next(Duration::ZERO), Typed::End);
    }

    #[test]
    fn half_a_line_is_not_one_until_it_ends() {
        assert_eq!(holding(b"yes-r", false).line(), None);
    }

    #[test]
    fn what_was_read_before_a_guard_is_forgotten() {
        let mut keys = holding(b"yes-run\n", true);
        keys.forget();
        assert_eq!(keys.next(Duration::ZERO), Typed::End);
    }

    #[test]
    fn a_line_that_is_no_text_does_not_end_the_session() {
        assert_eq!(holding(b"a\xffb\n", false).line().as_deref(), Some("a\u{fffd}b"));
    }
}
