//! Marks in a spool, so that any line is found by reading little. Their number is bounded, whatever the spool's size.

use super::cursor::Cursor;
use std::sync::Mutex;
use std::sync::PoisonError;

/// The least bytes between two marks.
const APART: u64 = 64 << 10;

/// The most marks: 2 MiB of them, and 2 GiB of output before they stand further apart.
const MOST: usize = 1 << 15;

/// The marks of one spool. One thread sets them while others look things up, each for a moment.
#[derive(Debug)]
pub(super) struct Index {
    marks: Mutex<Marks>,
    most: usize,
}

#[derive(Debug)]
struct Marks {
    /// In order; the first is the beginning.
    all: Vec<Cursor>,
    apart: u64,
}

impl Marks {
    fn due(&self) -> u64 {
        self.all.last().map_or(0, |last| last.at + self.apart)
    }
}

impl Index {
    pub fn new() -> Self {
        Self::sized(APART, MOST)
    }

    fn sized(apart: u64, most: usize) -> Self {
        Self { marks: Mutex::new(Marks { all: vec![Cursor::START], apart }), most }
    }

    /// Keeps a mark if the last one is far enough away. When there are too many, every second one goes. Returns the place
    /// before which none will be kept.
    pub fn offer(&self, cursor: &Cursor) -> u64 {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let due = marks.due();
        if cursor.at < due {
            return due;
        }
        marks.all.push(*cursor);
        if marks.all.len() > self.most {
            let mut number = 0;
            marks.all.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            marks.apart *= 2;
        }
        marks.due()
    }

    /// Returns the last mark before the end of a line.
    pub fn before_line(&self, line: u64) -> Cursor {
        self.last(|mark| mark.lines <= line)
    }

    /// Returns the last mark at or before an offset.
    pub fn before_byte(&self, at: u64) -> Cursor {
        self.last(|mark| mark.at <= at)
    }

    fn last(&self, early: impl Fn(&Cursor) -> bool) -> Cursor {
        let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let number = marks.all.partition_point(early);
        marks.all.get(number.wrapping_sub(1)).copied().unwrap_or(Cursor::START)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_index_is_small_and_still_finds_a_mark_near_every_line() {
        let index = Index::sized(10, 8);
        for number in 0..1000 {
            index.offer(&Cursor { at: 5 + number * 10, lines: number * 3, begun: [None; 2] });
            assert!(index.marks.lock().unwrap().all.len() <= 8);
        }
        let apart = index.marks.lock().unwrap().apart;
        for line in 0..3000 {
            let mark = index.before_line(line);
            assert!(mark.lines <= line && line < mark.lines + apart, "{line}: {mark:?}");
        }
        assert_eq!(index.before_byte(0), Cursor::START);
        assert_eq!(index.before_byte(u64::MAX), index.before_line(u64::MAX));
    }

    #[test]
    fn of_many_marks_inside_one_long_line_the_last_is_taken() {
        let index = Index::sized(10, 8);
        for number in 0..5 {
            index.offer(&Cursor { at: 5 + number * 10, lines: 0, begun: [None; 2] });
        }
        assert_eq!(index.before_line(0).at, 45);
    }
}
