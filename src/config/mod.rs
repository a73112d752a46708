//! Where things live, and what the settings file says. Read once, at the start; handed down as values.

#![expect(
    clippy::disallowed_methods,
    reason = "the room that reads the environment and the settings file"
)]

mod places;
mod settings;

pub use places::{NoHome, Places};
pub use settings::{Class, Environment, Settings, SettingsError};
