//! The keys of the form. Letters are typed, so no letter does anything else.

use crate::tui::key::Key;
use crate::tui::keymap::Group as G;
use crate::tui::table::{Binding, row};

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line that is typed.
    Line,
    /// A line with values to choose from.
    Choice,
    /// The button.
    Button,
    /// Help.
    Help,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 4] = [Self::Line, Self::Choice, Self::Button, Self::Help];

    /// Says it, for the title of the help.
    pub fn words(self) -> &'static str {
        match self {
            Self::Line => "a value",
            Self::Choice => "a value to choose",
            Self::Button => "the button",
            Self::Help => "help",
        }
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Go,
    Next,
    Previous,
    ChooseNext,
    ChoosePrevious,
    PageUp,
    PageDown,
    Up,
    Down,
    Erase,
    Back,
    Help,
    Suspend,
    Redraw,
}

use Place as P;

const FORM: &[P] = &[P::Line, P::Choice, P::Button];
const EVERYWHERE: &[P] = &P::ALL;

/// Every key of the form, in the order of the hint line.
pub const KEYS: &[Binding<Place, Action>] = &[
    row(
        &[Key::Enter],
        Action::Go,
        &[P::Line, P::Choice],
        "accept, next",
        "accept the value, next line",
        G::Now,
    ),
    row(
        &[Key::Enter],
        Action::Go,
        &[P::Button],
        "check and go on",
        "check every value and open the run",
        G::Now,
    ),
    row(&[Key::Down], Action::ChooseNext, &[P::Choice], "choose", "next value", G::Now),
    row(&[Key::Up], Action::ChoosePrevious, &[P::Choice], "", "value before", G::Now),
    row(&[Key::Tab], Action::Next, &[P::Choice], "field", "next line or the button", G::Move),
    row(&[Key::BackTab], Action::Previous, &[P::Choice], "", "line before", G::Move),
    row(
        &[Key::Tab, Key::Down],
        Action::Next,
        &[P::Line, P::Button],
        "field",
        "next line or the button",
        G::Move,
    ),
    row(
        &[Key::BackTab, Key::Up],
        Action::Previous,
        &[P::Line, P::Button],
        "",
        "line before",
        G::Move,
    ),
    row(&[Key::PageDown], Action::PageDown, FORM, "more", "read on in the lower pane", G::Move),
    row(&[Key::PageUp], Action::PageUp, FORM, "", "read back in the lower pane", G::Move),
    row(&[Key::Up], Action::Up, &[P::Help], "", "up", G::Move),
    row(&[Key::Down], Action::Down, &[P::Help], "", "down", G::Move),
    row(&[Key::Backspace], Action::Erase, &[P::Help], "", "take the last letter back", G::Now),
    row(
        &[Key::Esc, Key::Ctrl('c')],
        Action::Back,
        FORM,
        "back, values kept",
        "leave the form; nothing was opened",
        G::Now,
    ),
    row(&[Key::Esc, Key::Ctrl('c')], Action::Back, &[P::Help], "back", "close the help", G::Now),
    row(&[Key::F1], Action::Help, FORM, "", "help for this place", G::Anywhere),
    row(&[Key::Ctrl('z')], Action::Suspend, EVERYWHERE, "", "suspend the screen only", G::Anywhere),
    row(&[Key::Ctrl('l')], Action::Redraw, EVERYWHERE, "", "draw the screen again", G::Anywhere),
];
