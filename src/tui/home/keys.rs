//! The keys of home.

use crate::tui::key::Key;
use crate::tui::keymap::Group;
use crate::tui::table::{Binding, DIGITS, row};

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The line of a run that needs somebody.
    Needy,
    /// The list of runbooks.
    Runbooks,
    /// What people see.
    Symptoms,
    /// A filter is typed.
    Filter,
    /// A runbook is read.
    Reading,
    /// The runs.
    Runs,
    /// What a rehearsal will be.
    Rehearsal,
    /// Help.
    Help,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 8] = [
        Self::Needy,
        Self::Runbooks,
        Self::Symptoms,
        Self::Filter,
        Self::Reading,
        Self::Runs,
        Self::Rehearsal,
        Self::Help,
    ];

    /// Tells whether letters are typed here.
    pub fn types(self) -> bool {
        matches!(self, Self::Filter | Self::Help)
    }

    /// Says it, for the title of the help.
    pub fn words(self) -> &'static str {
        match self {
            Self::Needy => "a run that needs you",
            Self::Runbooks => "the runbooks",
            Self::Symptoms => "what you see",
            Self::Filter => "the filter",
            Self::Reading => "reading a runbook",
            Self::Runs => "runs and drills",
            Self::Rehearsal => "before a rehearsal",
            Self::Help => "help",
        }
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Go,
    Live,
    /// Go to the runbook that is right when this one is not.
    Instead,
    Rehearse,
    Filter,
    Runs,
    Digit,
    Up,
    Down,
    First,
    Last,
    PageUp,
    PageDown,
    NextPane,
    PreviousPane,
    Left,
    Right,
    Erase,
    Back,
    Leave,
    Help,
    Suspend,
    Redraw,
}

use Group as G;
use Place as P;

/// Where the lists of home are seen.
const LISTS: &[P] = &[P::Needy, P::Runbooks, P::Symptoms];
const LETTERS: &[P] = &[P::Needy, P::Runbooks, P::Symptoms, P::Reading, P::Runs, P::Rehearsal];
const CHOSEN: &[P] = &[P::Runbooks, P::Symptoms, P::Reading];
const EVERYWHERE: &[P] = &P::ALL;

/// Every key of home, in the order of the hint line.
pub const KEYS: &[Binding<Place, Action>] = &[
    row(&[Key::Enter], Action::Go, &[P::Needy], "resume", "go on with this run", G::Now),
    row(&[Key::Enter], Action::Go, &[P::Runbooks], "read", "read the runbook", G::Now),
    row(&[Key::Enter], Action::Go, &[P::Symptoms], "open", "read the runbook for it", G::Now),
    row(&[Key::Enter], Action::Go, &[P::Filter], "keep filter", "keep the filter", G::Now),
    row(&[Key::Enter], Action::Go, &[P::Runs], "resume", "go on with the marked run", G::Now),
    row(&[Key::Enter], Action::Go, &[P::Rehearsal], "begin", "begin the rehearsal", G::Now),
    row(
        &[Key::Down, Key::Char('j')],
        Action::Down,
        &[P::Needy],
        "runbooks",
        "the runbooks",
        G::Move,
    ),
    row(
        &[Key::Char('r')],
        Action::Rehearse,
        CHOSEN,
        "rehearse",
        "rehearse it; everything is simulated",
        G::Now,
    ),
    row(
        &[Key::Char('R')],
        Action::Live,
        CHOSEN,
        "run live",
        "open the form of a live run; nothing runs from it",
        G::Now,
    ),
    row(
        &[Key::Char('x')],
        Action::Instead,
        CHOSEN,
        "instead",
        "the runbook to take when this is the wrong one",
        G::Look,
    ),
    row(
        &[Key::Char('/')],
        Action::Filter,
        LISTS,
        "filter",
        "filter by name, symptom and step text",
        G::Look,
    ),
    row(DIGITS, Action::Digit, LISTS, "", "mark what you see by its number", G::Look),
    row(&[Key::Char('J')], Action::Runs, LISTS, "runs", "past and open runs, and drills", G::Look),
    row(&[Key::Up, Key::Char('k')], Action::Up, LETTERS, "", "up", G::Move),
    row(
        &[Key::Down, Key::Char('j')],
        Action::Down,
        &[P::Runbooks, P::Symptoms, P::Reading, P::Runs, P::Rehearsal],
        "",
        "down",
        G::Move,
    ),
    row(&[Key::Up], Action::Up, &[P::Filter, P::Help], "", "up", G::Move),
    row(&[Key::Down], Action::Down, &[P::Filter, P::Help], "", "down", G::Move),
    row(&[Key::Char('g'), Key::Home], Action::First, LETTERS, "", "first line", G::Move),
    row(&[Key::Char('G'), Key::End], Action::Last, LETTERS, "", "last line", G::Move),
    row(&[Key::PageUp, Key::Ctrl('u')], Action::PageUp, LETTERS, "", "a page up", G::Move),
    row(&[Key::PageDown, Key::Ctrl('d')], Action::PageDown, LETTERS, "", "a page down", G::Move),
    row(&[Key::PageUp], Action::PageUp, &[P::Help], "", "a page up", G::Move),
    row(&[Key::PageDown], Action::PageDown, &[P::Help], "", "a page down", G::Move),
    row(&[Key::Tab], Action::NextPane, LISTS, "", "next pane", G::Move),
    row(&[Key::BackTab], Action::PreviousPane, LISTS, "", "pane before", G::Move),
    row(
        &[Key::Left, Key::Char('h')],
        Action::Left,
        &[P::Needy],
        "",
        "the run before, where several need somebody",
        G::Move,
    ),
    row(
        &[Key::Right, Key::Char('l')],
        Action::Right,
        &[P::Needy],
        "",
        "the next run, where several need somebody",
        G::Move,
    ),
    row(
        &[Key::Backspace],
        Action::Erase,
        &[P::Filter, P::Help],
        "",
        "take the last letter back",
        G::Now,
    ),
    row(&[Key::Esc], Action::Back, &[P::Filter], "all runbooks", "drop the filter", G::Now),
    row(&[Key::Esc], Action::Back, LISTS, "", "drop the filter, back to the runbooks", G::Now),
    row(
        &[Key::Esc, Key::Char('q')],
        Action::Back,
        &[P::Reading, P::Runs, P::Rehearsal],
        "back",
        "back to home",
        G::Now,
    ),
    row(&[Key::Esc], Action::Back, &[P::Help], "back", "close the help", G::Now),
    row(&[Key::Char('q')], Action::Leave, LISTS, "leave", "leave Rutter", G::Now),
    row(&[Key::Char('?'), Key::F1], Action::Help, LETTERS, "", "help for this place", G::Anywhere),
    row(&[Key::F1], Action::Help, &[P::Filter], "", "help for this place", G::Anywhere),
    row(&[Key::Ctrl('c')], Action::Leave, EVERYWHERE, "", "leave Rutter", G::Anywhere),
    row(&[Key::Ctrl('z')], Action::Suspend, EVERYWHERE, "", "suspend the screen only", G::Anywhere),
    row(&[Key::Ctrl('l')], Action::Redraw, EVERYWHERE, "", "draw the screen again", G::Anywhere),
];
