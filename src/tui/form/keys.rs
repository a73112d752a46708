//! The keys of the form. Letters are typed, so no letter does anything else.

use crate::tui::key::Key;
use crate::tui::keymap::Group as G;
use crate::tui::table::{Binding, row};

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line that is typed.
    Line,
    /// One whose values can be looked for.
    Seek,
    /// One whose values are being looked for.
    Waiting,
    /// What would look for them, shown before it runs.
    Asked,
    /// What was found.
    Found,
    /// A line with values to choose from.
    Choice,
    /// The button.
    Button,
    /// Help.
    Help,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 8] = [
        Self::Line,
        Self::Seek,
        Self::Waiting,
        Self::Asked,
        Self::Found,
        Self::Choice,
        Self::Button,
        Self::Help,
    ];

    /// Says it, for the title of the help.
    pub fn words(self) -> &'static str {
        match self {
            Self::Line => "a value",
            Self::Seek => "a value that can be discovered",
            Self::Waiting => "a value that is being discovered",
            Self::Asked => "a discovery before it runs",
            Self::Found => "what was discovered",
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
    Seek,
    Run,
    Take,
    End,
    Close,
    UpList,
    DownList,
    PageUpList,
    PageDownList,
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

const FORM: &[P] = &[P::Line, P::Seek, P::Waiting, P::Choice, P::Button];
const LEFT: &[P] = &[P::Line, P::Choice, P::Button];
const OPEN: &[P] = &[P::Asked, P::Found];
const PAGED: &[P] = &[P::Line, P::Seek, P::Waiting, P::Choice, P::Button, P::Asked];
const EVERYWHERE: &[P] = &P::ALL;

/// Every key of the form, in the order of the hint line.
pub const KEYS: &[Binding<Place, Action>] = &[
    row(
        &[Key::Enter],
        Action::Go,
        &[P::Line, P::Seek, P::Waiting, P::Choice],
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
    row(
        &[Key::Enter],
        Action::Run,
        &[P::Asked],
        "run it",
        "run the command that is shown; it only reads",
        G::Now,
    ),
    row(&[Key::Enter], Action::Take, &[P::Found], "take it", "put the value into its line", G::Now),
    row(&[Key::Down], Action::DownList, &[P::Found], "choose", "next value", G::Now),
    row(&[Key::Up], Action::UpList, &[P::Found], "", "value before", G::Now),
    row(
        &[Key::Ctrl('f')],
        Action::Seek,
        &[P::Seek],
        "discover",
        "show the command that finds values, or what it found",
        G::Now,
    ),
    row(
        &[Key::Ctrl('f')],
        Action::Seek,
        &[P::Line, P::Waiting, P::Choice],
        "",
        "say why nothing is discovered here now",
        G::Now,
    ),
    row(&[Key::Down], Action::ChooseNext, &[P::Choice], "choose", "next value", G::Now),
    row(&[Key::Up], Action::ChoosePrevious, &[P::Choice], "", "value before", G::Now),
    row(&[Key::Tab], Action::Next, &[P::Choice], "field", "next line or the button", G::Move),
    row(&[Key::BackTab], Action::Previous, &[P::Choice], "", "line before", G::Move),
    row(
        &[Key::Tab, Key::Down],
        Action::Next,
        &[P::Line, P::Seek, P::Waiting, P::Button],
        "field",
        "next line or the button",
        G::Move,
    ),
    row(
        &[Key::BackTab, Key::Up],
        Action::Previous,
        &[P::Line, P::Seek, P::Waiting, P::Button],
        "",
        "line before",
        G::Move,
    ),
    row(&[Key::PageDown], Action::PageDownList, &[P::Found], "page", "a page on", G::Move),
    row(&[Key::PageUp], Action::PageUpList, &[P::Found], "", "a page back", G::Move),
    row(&[Key::PageDown], Action::PageDown, PAGED, "more", "read on in the lower pane", G::Move),
    row(&[Key::PageUp], Action::PageUp, PAGED, "", "read back in the lower pane", G::Move),
    row(&[Key::Up], Action::Up, &[P::Help], "", "up", G::Move),
    row(&[Key::Down], Action::Down, &[P::Help], "", "down", G::Move),
    row(&[Key::Backspace], Action::Erase, &[P::Help], "", "take the last letter back", G::Now),
    row(
        &[Key::Esc, Key::Ctrl('c')],
        Action::End,
        &[P::Waiting],
        "end the discovery",
        "end the command that looks for values",
        G::Now,
    ),
    row(&[Key::Esc, Key::Ctrl('c')], Action::Close, OPEN, "back", "back to the line", G::Now),
    row(
        &[Key::Esc, Key::Ctrl('c')],
        Action::Back,
        &[P::Seek],
        "back",
        "leave the form; nothing was opened",
        G::Now,
    ),
    row(
        &[Key::Esc, Key::Ctrl('c')],
        Action::Back,
        LEFT,
        "back, values kept",
        "leave the form; nothing was opened",
        G::Now,
    ),
    row(&[Key::Esc, Key::Ctrl('c')], Action::Back, &[P::Help], "back", "close the help", G::Now),
    row(&[Key::F1], Action::Help, OPEN, "", "help for this place", G::Anywhere),
    row(&[Key::F1], Action::Help, FORM, "", "help for this place", G::Anywhere),
    row(&[Key::Ctrl('z')], Action::Suspend, EVERYWHERE, "", "suspend the screen only", G::Anywhere),
    row(&[Key::Ctrl('l')], Action::Redraw, EVERYWHERE, "", "draw the screen again", G::Anywhere),
];
