//! Randomness that is the same every time.

use super::keys::every_key;
use crate::tui::key::Key;

/// A row of numbers that looks random.
pub struct Dice {
    last: u64,
    keys: Vec<Key>,
}

impl Dice {
    /// Begins the row; there is only one.
    pub fn new() -> Self {
        Self { last: 0x2545_f491_4f6c_dd1d, keys: every_key() }
    }

    /// A number below this.
    pub fn below(&mut self, sides: usize) -> usize {
        self.last ^= self.last << 13;
        self.last ^= self.last >> 7;
        self.last ^= self.last << 17;
        usize::try_from((self.last >> 16) % sides as u64).unwrap()
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())]
    }

    /// Any key.
    pub fn key(&mut self) -> Key {
        let at = self.below(self.keys.len());
        self.keys[at]
    }
}
