//! The terminal, taken and handed back: on exit, error, panic, termination and suspend.

use super::key::Input;
use chrono::{DateTime, Utc};
use crossterm::clipboard::CopyToClipboard;
use crossterm::event;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::backend::CrosstermBackend;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::{self, ErrorKind, Stdout, stdout};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// True while the terminal is ours. Static, because a panic anywhere on the way must be able to hand it back.
static OURS: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; handed back when dropped.
pub struct Terminal {
    /// Never dropped: its own drop prints to a terminal that may be gone, and would panic. [`hand_back`] does it all.
    screen: ManuallyDrop<ratatui::Terminal<CrosstermBackend<Stdout>>>,
}

impl Terminal {
    /// Takes the terminal: raw keys, the other screen, pastes told apart from typing.
    pub fn take() -> io::Result<Self> {
        enter()?;
        let screen = ratatui::Terminal::new(CrosstermBackend::new(stdout()));
        match screen {
            Ok(screen) => Ok(Self { screen: ManuallyDrop::new(screen) }),
            Err(error) => {
                hand_back();
                Err(error)
            }
        }
    }

    /// Draws one frame; only cells that changed are sent.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        self.screen.draw(paint).map(|_| ())
    }

    /// Returns columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.screen.size()?;
        Ok((size.width, size.height))
    }

    /// Forgets what is on the screen, so that the next frame draws all of it.
    pub fn redraw(&mut self) -> io::Result<()> {
        self.screen.clear()
    }

    /// Says in the window's title where one is needed.
    pub fn title(&mut self, text: &str) -> io::Result<()> {
        execute!(stdout(), SetTitle(text))
    }

    /// Puts text on the clipboard of whoever looks at this terminal, also through ssh.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Waits for input at most so long; what is there already is returned at once. `None` when nothing came.
    ///
    /// A terminal that is gone is an error at once: the reader of keys would never return from its end.
    pub fn input(
        &mut self,
        patience: Duration,
        now: impl Fn() -> DateTime<Utc>,
    ) -> io::Result<Option<Input>> {
        wait(Duration::ZERO)?;
        // What was read with an earlier key, and a window of another size, are known without reading.
        if event::poll(Duration::ZERO)? || (wait(patience)? && event::poll(Duration::ZERO)?) {
            return Ok(Input::of(event::read()?, now()));
        }
        Ok(None)
    }

    /// Throws away everything that was typed before this moment.
    pub fn forget(&mut self) -> io::Result<()> {
        loop {
            wait(Duration::ZERO)?;
            if !event::poll(Duration::ZERO)? {
                return Ok(());
            }
            event::read()?;
        }
    }

    /// Hands the terminal back, does something with it, and takes it again.
    pub fn lend<T>(&mut self, use_it: impl FnOnce() -> T) -> io::Result<T> {
        hand_back();
        let got = use_it();
        enter()?;
        self.screen.clear()?;
        Ok(got)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        hand_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    OURS.store(true, Ordering::SeqCst);
    let entered = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide);
    if entered.is_err() {
        hand_back();
    }
    entered
}

/// Waits for something to read, at most so long; a signal ends the wait. Fails when the terminal is gone.
fn wait(patience: Duration) -> io::Result<bool> {
    let stdin = rustix::stdio::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let limit = Timespec::try_from(patience).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
    match poll(&mut fds, Some(&limit)) {
        Ok(_) => {}
        Err(Errno::INTR) => return Ok(true),
        Err(error) => return Err(error.into()),
    }
    let seen = fds[0].revents();
    if seen.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "the terminal is gone"));
    }
    Ok(seen.contains(PollFlags::IN))
}

/// Hands the terminal back as it was found. Harmless when it is not ours, or gone.
pub fn hand_back() {
    if OURS.swap(false, Ordering::SeqCst) {
        // Each for itself: when one fails the others may still help.
        let _ = execute!(stdout(), DisableBracketedPaste);
        let _ = execute!(stdout(), LeaveAlternateScreen, cursor::Show, SetTitle(""));
        let _ = disable_raw_mode();
    }
}
