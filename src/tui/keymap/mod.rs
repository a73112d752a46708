//! The one table of keys: it feeds handling, the hint line and the help, so that none of them can lie.

use super::key::Key;
use super::place::Place;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The suggested thing.
    Go,
    /// Run what is armed.
    Run,
    Back,
    Up,
    Down,
    First,
    Last,
    PageUp,
    PageDown,
    Left,
    Right,
    NextPane,
    PreviousPane,
    Digit,
    Current,
    Zoom,
    Look,
    /// Another runbook instead of this one.
    Instead,
    Actions,
    Note,
    Save,
    Yes,
    No,
    Unsure,
    Follow,
    Wrap,
    Times,
    Search,
    SearchNext,
    SearchPrevious,
    Copy,
    Help,
    Interrupt,
    Leave,
    Suspend,
    Redraw,
    Next,
    Previous,
}

/// Under which heading the help lists a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What can be done here.
    Now,
    /// Moving about.
    Move,
    /// Looking closer.
    Look,
    /// Everywhere.
    Anywhere,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys; the first is the one that is shown.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// Where.
    pub places: &'static [Place],
    /// On the hint line, in one to three words; empty if it is never shown there.
    pub hint: &'static str,
    /// In the help.
    pub help: &'static str,
    /// Under which heading.
    pub group: Group,
}

use Place as P;

/// A run, no dialog over it.
const RUN: &[P] = &[
    P::Step,
    P::ByHand,
    P::Elsewhere,
    P::Values,
    P::Ladder,
    P::Decision,
    P::Running,
    P::Failed,
    P::Unknown,
    P::Clear,
    P::Close,
    P::Held,
    P::Closed,
    P::Output,
];
/// A run that can still be acted on.
const OPEN: &[P] = &[
    P::Step,
    P::ByHand,
    P::Elsewhere,
    P::Values,
    P::Ladder,
    P::Decision,
    P::Running,
    P::Failed,
    P::Unknown,
    P::Clear,
    P::Close,
    P::Output,
];
const EVERYWHERE: &[P] = &P::ALL;
/// Where letters are not typed.
const LETTERS: &[P] = &[
    P::Step,
    P::ByHand,
    P::Elsewhere,
    P::Values,
    P::Ladder,
    P::Decision,
    P::Running,
    P::Failed,
    P::Unknown,
    P::Clear,
    P::Close,
    P::Held,
    P::Closed,
    P::Output,
    P::Menu,
    P::Messages,
];
const LISTS: &[P] = &[P::Menu, P::Failed, P::Unknown, P::Decision, P::Clear];

const fn row(
    keys: &'static [Key],
    action: Action,
    places: &'static [P],
    hint: &'static str,
    help: &'static str,
    group: Group,
) -> Binding {
    Binding { keys, action, places, hint, help, group }
}

/// Every key, in the order of the hint line: what is first is dropped last.
pub const KEYS: &[Binding] = &[
    row(
        &[Key::Char('R')],
        Action::Run,
        &[P::Step, P::ByHand],
        "run now",
        "run the armed command",
        Group::Now,
    ),
    row(
        &[Key::Enter],
        Action::Go,
        RUN,
        "go on",
        "the suggested thing: run a read-only step, arm a change, open",
        Group::Now,
    ),
    row(&[Key::Char(' ')], Action::Go, &[P::ByHand], "", "tick what was said or done", Group::Now),
    row(&[Key::Enter], Action::Go, &[P::Menu], "choose", "do the marked thing", Group::Now),
    row(
        &[Key::Enter],
        Action::Go,
        &[P::Fields],
        "next",
        "next line; on a button, press it",
        Group::Now,
    ),
    row(
        &[Key::Ctrl('d')],
        Action::Save,
        &[P::Note],
        "save",
        "save the note in the journal",
        Group::Now,
    ),
    row(&[Key::Ctrl('d')], Action::Save, &[P::Edit], "to its guard", "on to its guard", Group::Now),
    row(&[Key::Char('Y')], Action::Yes, &[P::Ladder], "yes", "answer yes", Group::Now),
    row(&[Key::Char('N')], Action::No, &[P::Ladder], "no", "answer no", Group::Now),
    row(
        &[Key::Char('U')],
        Action::Unsure,
        &[P::Ladder],
        "unsure",
        "answer that it cannot be told",
        Group::Now,
    ),
    // Shown where a list is; elsewhere it scrolls, which the panes show themselves.
    row(&[Key::Down, Key::Char('j')], Action::Down, LETTERS, "mark another", "down", Group::Move),
    row(
        &[Key::Char('v')],
        Action::Look,
        OPEN,
        "check",
        "run the check or probe of this step, read only",
        Group::Now,
    ),
    row(
        &[Key::Char('x')],
        Action::Instead,
        &[P::Step, P::ByHand],
        "another runbook",
        "end this run and go on in a runbook that this one names",
        Group::Now,
    ),
    row(&[Key::Left], Action::Previous, &[P::Note], "", "kind of the note before", Group::Now),
    row(&[Key::Tab, Key::Right], Action::Next, &[P::Note], "kind", "next kind of note", Group::Now),
    row(
        &[Key::Tab, Key::Down],
        Action::Next,
        &[P::Fields],
        "field",
        "next line or button",
        Group::Move,
    ),
    row(
        &[Key::BackTab, Key::Up],
        Action::Previous,
        &[P::Fields],
        "",
        "line or button before",
        Group::Move,
    ),
    row(
        &[Key::Esc],
        Action::Back,
        &[P::Fields, P::Note, P::Edit],
        "back, text kept",
        "close, and keep what was typed",
        Group::Now,
    ),
    row(
        &[Key::Esc, Key::Char('q')],
        Action::Back,
        &[P::Menu, P::Messages],
        "back",
        "close the list",
        Group::Now,
    ),
    row(&[Key::Esc], Action::Back, &[P::Help], "back", "close the help", Group::Now),
    row(
        &[Key::Esc],
        Action::Back,
        RUN,
        "back",
        "disarm, unzoom, back to the current step",
        Group::Now,
    ),
    row(
        &[Key::Char('b')],
        Action::Current,
        &[P::Elsewhere, P::Output],
        "current step",
        "back to the current step",
        Group::Now,
    ),
    row(
        &[Key::Char('f')],
        Action::Follow,
        &[P::Output],
        "follow",
        "follow the output as it grows, on and off",
        Group::Look,
    ),
    row(
        &[Key::Char('/')],
        Action::Search,
        &[P::Output],
        "search",
        "search the output",
        Group::Look,
    ),
    row(&[Key::Char('n')], Action::SearchNext, &[P::Output], "next", "next hit", Group::Look),
    row(&[Key::Char('N')], Action::SearchPrevious, &[P::Output], "", "hit before", Group::Look),
    row(
        &[Key::Char('W')],
        Action::Wrap,
        &[P::Output],
        "wrap",
        "wrap long lines, on and off",
        Group::Look,
    ),
    row(
        &[Key::Char('T')],
        Action::Times,
        &[P::Output],
        "times",
        "show the time of each line, on and off",
        Group::Look,
    ),
    row(&[Key::Left, Key::Char('h')], Action::Left, &[P::Output], "", "to the left", Group::Move),
    row(
        &[Key::Right, Key::Char('l')],
        Action::Right,
        &[P::Output],
        "",
        "to the right",
        Group::Move,
    ),
    row(
        &[Key::Char('o')],
        Action::NextPane,
        &[
            P::Step,
            P::ByHand,
            P::Elsewhere,
            P::Values,
            P::Ladder,
            P::Decision,
            P::Running,
            P::Failed,
            P::Unknown,
            P::Clear,
            P::Close,
            P::Held,
            P::Closed,
        ],
        "output",
        "read the output",
        Group::Look,
    ),
    row(
        &[Key::Char('a')],
        Action::Actions,
        OPEN,
        "actions",
        "everything that can be done with this step",
        Group::Now,
    ),
    row(
        &[Key::Char('q')],
        Action::Leave,
        RUN,
        "leave",
        "leave; the run and its commands go on",
        Group::Now,
    ),
    row(&[Key::Char('w')], Action::Note, OPEN, "note", "write a note", Group::Now),
    row(
        &[Key::Char('y')],
        Action::Copy,
        RUN,
        "copy",
        "copy the command, or the output on the screen",
        Group::Look,
    ),
    row(
        &[Key::Char('z')],
        Action::Zoom,
        RUN,
        "zoom",
        "give this pane the whole screen, and back",
        Group::Look,
    ),
    row(
        &[Key::Char('q')],
        Action::Leave,
        &[P::Tiny],
        "leave",
        "leave; the run and its commands go on",
        Group::Now,
    ),
    row(&[Key::Up, Key::Char('k')], Action::Up, LETTERS, "", "up", Group::Move),
    row(&[Key::Up], Action::Up, &[P::Help, P::Note, P::Edit], "", "up", Group::Move),
    row(&[Key::Down], Action::Down, &[P::Help, P::Note, P::Edit], "", "down", Group::Move),
    row(&[Key::Char('g'), Key::Home], Action::First, LETTERS, "", "first line", Group::Move),
    row(&[Key::Char('G'), Key::End], Action::Last, LETTERS, "", "last line", Group::Move),
    row(&[Key::PageUp, Key::Ctrl('u')], Action::PageUp, LETTERS, "", "a page up", Group::Move),
    row(
        &[Key::PageDown, Key::Ctrl('d')],
        Action::PageDown,
        LETTERS,
        "",
        "a page down",
        Group::Move,
    ),
    row(&[Key::PageUp], Action::PageUp, &[P::Help, P::Fields], "", "a page up", Group::Move),
    row(&[Key::PageDown], Action::PageDown, &[P::Help, P::Fields], "", "a page down", Group::Move),
    row(DIGITS, Action::Digit, LISTS, "", "move to that number", Group::Move),
    row(&[Key::Tab], Action::NextPane, RUN, "", "next pane", Group::Move),
    row(&[Key::BackTab], Action::PreviousPane, RUN, "", "pane before", Group::Move),
    row(
        &[Key::Char('?'), Key::F1],
        Action::Help,
        LETTERS,
        "",
        "help for this place",
        Group::Anywhere,
    ),
    row(
        &[Key::F1],
        Action::Help,
        &[P::Fields, P::Note, P::Edit],
        "",
        "help for this place",
        Group::Anywhere,
    ),
    row(
        &[Key::Ctrl('c')],
        Action::Interrupt,
        EVERYWHERE,
        "",
        "interrupt what runs, or leave; it asks first",
        Group::Anywhere,
    ),
    row(
        &[Key::Ctrl('z')],
        Action::Suspend,
        EVERYWHERE,
        "",
        "suspend the screen only; commands go on",
        Group::Anywhere,
    ),
    row(
        &[Key::Ctrl('l')],
        Action::Redraw,
        EVERYWHERE,
        "",
        "draw the screen again",
        Group::Anywhere,
    ),
];

const DIGITS: &[Key] = &[
    Key::Char('1'),
    Key::Char('2'),
    Key::Char('3'),
    Key::Char('4'),
    Key::Char('5'),
    Key::Char('6'),
    Key::Char('7'),
    Key::Char('8'),
    Key::Char('9'),
];

/// Returns what a key does in a place.
pub fn action(place: Place, key: Key) -> Option<Action> {
    bindings(place).find(|row| row.keys.contains(&key)).map(|row| row.action)
}

/// Returns the rows of a place, in order.
pub fn bindings(place: Place) -> impl Iterator<Item = &'static Binding> {
    KEYS.iter().filter(move |row| row.places.contains(&place))
}

/// Returns the key that asks for help in a place, as the hint line shows it.
pub fn help_key(place: Place) -> &'static str {
    if place.types() { "F1" } else { "?" }
}

#[cfg(test)]
mod tests;
