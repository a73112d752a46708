//! What every command is given: the global flags, where things live, the settings, and the two streams.

use super::Globals;
use super::ascii::Ascii;
use super::failure::Failure;
use super::findings;
use super::library::{Library, LibraryOptions};
use crate::config::{Places, Settings, SettingsError};
use crate::tui::look::{Look, Theme};
use std::io::{self, IsTerminal, Stderr, Stdout};
use std::path::PathBuf;

/// What every command is given.
pub struct Context {
    /// The flags that stand before or after any command.
    pub globals: Globals,
    /// Where things live on this machine, for this person.
    pub places: Places,
    /// The settings file; the defaults where there is none.
    pub settings: Settings,
}

impl Context {
    /// Reads the settings and fixes the places.
    pub fn new(globals: Globals) -> Result<Self, Failure> {
        let places = Places::find(globals.config.as_deref(), globals.journal_dir.as_deref())?;
        let named = globals.config.is_some();
        let mut context = Self { globals, places, settings: Settings::default() };
        context.settings = match Settings::read(&context.places.settings, named) {
            Ok(settings) => settings,
            Err(SettingsError::Wrong(found)) => return Err(findings::failure(&context, &found)),
            Err(error) => return Err(error.into()),
        };
        Ok(context)
    }

    /// Opens the library of runbooks in its search order.
    pub fn library(&self) -> Result<Library, Failure> {
        Ok(Library::open(&LibraryOptions {
            named: self.globals.runbooks.clone(),
            variable: self.places.runbooks_variable.clone(),
            current: self.places.current.clone(),
            own: Some(self.places.own_runbooks.clone()),
        })?)
    }

    /// The data folder: `journals/` and `anchors.jsonl` lie in it.
    pub fn data_dir(&self) -> PathBuf {
        self.places.data.clone()
    }

    /// Opens the results. Every line goes through `writeln!` and `?`, so that a closed pipe ends the command quietly.
    pub fn results(&self) -> Ascii<Stdout> {
        Ascii::new(io::stdout(), self.globals.ascii)
    }

    /// Opens the stream of messages.
    pub fn messages(&self) -> Ascii<Stderr> {
        Ascii::new(io::stderr(), self.globals.ascii)
    }

    /// Whether a person can be asked: a terminal on standard input and no `--no-input`.
    pub fn can_ask(&self) -> bool {
        !self.globals.no_input && io::stdin().is_terminal()
    }

    /// Whether a person sits before a screen that can be drawn on, and did not ask for lines.
    pub fn has_screen(&self) -> bool {
        let line = self.globals.line || self.places.line || self.places.dumb_terminal;
        self.can_ask() && !line && io::stdout().is_terminal()
    }

    /// How meanings look on the screen.
    pub fn look(&self) -> Look {
        let theme = if self.colour_results() { Theme::Terminal } else { Theme::Mono };
        Look { theme, ascii: self.globals.ascii || !self.places.utf8 }
    }

    /// Whether results may be coloured.
    pub fn colour_results(&self) -> bool {
        self.globals.color.allows(io::stdout().is_terminal(), &self.places)
    }

    /// Whether messages may be coloured.
    pub fn colour_messages(&self) -> bool {
        self.globals.color.allows(io::stderr().is_terminal(), &self.places)
    }
}
