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
use std::io::{self, Stdout, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// True while the terminal is ours. Static, because a panic anywhere on the way must be able to hand it back.
static OURS: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; handed back when dropped.
pub struct Terminal {
    screen: ratatui::Terminal<CrosstermBackend<Stdout>>,
}

impl Terminal {
    /// Takes the terminal: raw keys, the other screen, pastes told apart from typing.
    pub fn take() -> io::Result<Self> {
        enter()?;
        let screen = ratatui::Terminal::new(CrosstermBackend::new(stdout()));
        match screen {
            Ok(screen) => Ok(Self { screen }),
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
    pub fn input(
        &mut self,
        patience: Duration,
        now: impl Fn() -> DateTime<Utc>,
    ) -> io::Result<Option<Input>> {
        if !event::poll(patience)? {
            return Ok(None);
        }
        Ok(Input::of(event::read()?, now()))
    }

    /// Throws away everything that was typed before this moment.
    pub fn forget(&mut self) -> io::Result<()> {
        while event::poll(Duration::ZERO)? {
            event::read()?;
        }
        Ok(())
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

/// Hands the terminal back as it was found. Harmless when it is not ours, or gone.
pub fn hand_back() {
    if OURS.swap(false, Ordering::SeqCst) {
        // Each for itself: when one fails the others may still help.
        let _ = execute!(stdout(), DisableBracketedPaste);
        let _ = execute!(stdout(), LeaveAlternateScreen, cursor::Show, SetTitle(""));
        let _ = disable_raw_mode();
    }
}
