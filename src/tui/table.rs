//! A table of keys for a screen: one row feeds handling, the hint line and the help, so that none of them can lie.

use super::key::Key;
use super::keymap::Group;

/// A row of a table: what some keys do in some places of a screen.
#[derive(Clone, Copy, Debug)]
pub struct Binding<P: 'static, A> {
    /// The keys; the first is the one that is shown.
    pub keys: &'static [Key],
    /// What they do.
    pub action: A,
    /// Where.
    pub places: &'static [P],
    /// On the hint line, in one to three words; empty if it is never shown there.
    pub hint: &'static str,
    /// In the help.
    pub help: &'static str,
    /// Under which heading.
    pub group: Group,
}

/// Makes a row; the hint comes before the help.
pub const fn row<P: 'static, A: Copy>(
    keys: &'static [Key],
    action: A,
    places: &'static [P],
    hint: &'static str,
    help: &'static str,
    group: Group,
) -> Binding<P, A> {
    Binding { keys, action, places, hint, help, group }
}

/// Returns the rows of a place, in order.
pub fn bindings<P: PartialEq, A>(
    table: &'static [Binding<P, A>],
    place: P,
) -> impl Iterator<Item = &'static Binding<P, A>> {
    table.iter().filter(move |row| row.places.contains(&place))
}

/// Returns what a key does in a place.
pub fn action<P: PartialEq, A: Copy>(
    table: &'static [Binding<P, A>],
    place: P,
    key: Key,
) -> Option<A> {
    bindings(table, place).find(|row| row.keys.contains(&key)).map(|row| row.action)
}

/// The digits, which move to the line of that number.
pub const DIGITS: &[Key] = &[
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
