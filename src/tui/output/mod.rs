//! The output pane: what a command wrote, read from its spool while it grows.
//!
//! ```text
//! spool ──▶ a thread: index of marks, search      nothing is parsed, nothing is kept per line
//!    │                     │ what is known now
//!    └──▶ Output::page ◀───┘                      only the lines of one page are read and made safe
//!           ▲
//!         View: follow, top, wrap, times, search  forgotten on exit
//! ```
//!
//! Promises: memory does not grow with the spool; a page costs the same anywhere in it; a line that has ended keeps its
//! number and its place; nothing but printable cells comes out, whatever went in. See [`Output`] for the order of lines.

mod cursor;
mod found;
mod grid;
mod hits;
mod index;
mod ink;
mod lines;
mod paint;
mod pattern;
mod reading;
mod rows;
mod scan;
#[cfg(test)]
mod tests;
mod view;
mod window;

pub use found::Found;
pub use ink::Ink;
pub use paint::paint;
pub use pattern::BadPattern;
pub use pattern::Pattern;
pub use rows::Row;
pub use view::Led;
pub use view::Size;
pub use view::View;

use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use lines::Extent;
use lines::Raw;
use lines::SHOWN;
use reading::Shared;
use rows::Laid;
use rows::Shape;
use std::cell::Cell;
use std::cell::RefCell;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::thread::JoinHandle;
use view::Top;
use window::Window;

/// How many lines are laid out at once on the way up or down.
const LINES: usize = 256;

/// The output of one attempt, read from its spool while it grows.
///
/// Lines stand in the order in which they ended: so a line never moves once it has its newline, and lines of two
/// streams do not mix. The one or two lines that have not ended stand behind all others, the one begun first before the
/// other. The time of a line is when it ended, or last grew.
///
/// What it says changes only with [`Output::poll`]; between two polls every answer fits every other.
#[derive(Debug)]
pub struct Output {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
    /// Opened when the first page is wanted.
    window: RefCell<Option<Window>>,
    began: DateTime<Utc>,
    /// How many searches there were.
    searches: Cell<u64>,
    version: u64,
    extent: Extent,
    damaged: Option<String>,
    /// With the number of the search it belongs to.
    found: Option<(u64, Found)>,
}

impl Output {
    /// Opens a spool whose command began then. One that is not there yet is empty, and looked for again.
    pub fn open(path: &Path, began: DateTime<Utc>) -> Self {
        let shared = Arc::new(Shared::new());
        let (its, spool) = (Arc::clone(&shared), path.to_owned());
        let thread = thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || reading::read(&its, &spool));
        if let Err(e) = &thread {
            shared.ask(|now| {
                now.damaged = Some(format!("the spool cannot be read now: {e}"));
                now.version += 1;
            });
        }
        Self {
            shared,
            thread: thread.ok(),
            path: path.to_owned(),
            window: RefCell::new(None),
            began,
            searches: Cell::new(0),
            version: 0,
            extent: Extent::NOTHING,
            damaged: None,
            found: None,
        }
    }

    /// Takes up what has come since the last call, without waiting; true if there is something new to show.
    pub fn poll(&mut self) -> bool {
        let now = self.shared.now();
        if now.version == self.version {
            return false;
        }
        self.version = now.version;
        self.extent = now.extent;
        self.damaged.clone_from(&now.damaged);
        let found = Found { lines: now.hits.count(), percent: now.percent() };
        self.found = now.search.as_ref().map(|(number, _)| (*number, found));
        true
    }

    /// Returns how many lines there are, with those that have not ended.
    pub fn lines(&self) -> u64 {
        self.extent.lines()
    }

    /// Returns how many bytes the command has written.
    pub fn bytes(&self) -> u64 {
        self.extent.bytes
    }

    /// Says why the rest of the spool cannot be shown, if so. The last row of the output says it too.
    pub fn damaged(&self) -> Option<&str> {
        self.damaged.as_deref()
    }

    /// Returns how far the search has come; none if nothing is searched for.
    pub fn found(&self) -> Option<Found> {
        self.found.filter(|(number, _)| *number == self.searches.get()).map(|(_, found)| found)
    }

    /// Returns the rows that a page of this size shows: never more than its height, none wider than its width less
    /// [`View::gutter`].
    pub fn page(&self, view: &View, size: Size) -> Vec<Row> {
        let height = usize::from(size.height);
        let (shape, top) = (view.shape(size), view.resolved(self, size));
        let mut rows = Vec::with_capacity(height);
        if shape.width < 2 || height == 0 {
            return rows;
        }
        // No more lines than rows: every line has one.
        let mut skip = top.row;
        for raw in self.raw(top.line, height, SHOWN) {
            if rows.len() == height {
                break;
            }
            let laid = Laid::of(&raw, &shape);
            let time = (view.has_times() && !raw.note).then(|| self.time(raw.ns));
            laid.draw(skip.min(laid.height() - 1), &raw, time, &shape, &mut rows, height);
            skip = 0;
        }
        rows
    }

    fn time(&self, ns: u64) -> String {
        let after = TimeDelta::nanoseconds(i64::try_from(ns).unwrap_or(i64::MAX));
        let at = self.began.checked_add_signed(after).unwrap_or(self.began);
        at.format("%H:%M:%SZ").to_string()
    }

    /// How many lines can be looked at: the last may be a note.
    fn total(&self) -> u64 {
        self.lines() + u64::from(self.damaged.is_some())
    }

    /// Reads lines, at most so many bytes of each.
    fn raw(&self, first: u64, count: usize, most: usize) -> Vec<Raw> {
        let mut window = self.window.borrow_mut();
        if window.is_none() && self.lines() > 0 {
            *window = Window::open(&self.path).ok();
        }
        let note = |text: &str| Raw {
            stderr: false,
            ns: 0,
            bytes: format!("— {text} —").into_bytes(),
            cut: false,
            note: true,
        };
        let mut lines = Vec::new();
        if let Some(window) = window.as_mut().filter(|_| first < self.lines()) {
            match lines::read(window, &self.shared.index, &self.extent, first, count, most) {
                Ok(read) => lines = read,
                Err(e) => lines.push(note(&e.to_string())),
            }
        }
        let behind = first + lines.len() as u64 >= self.lines() && lines.len() < count;
        lines.extend(self.damaged.as_deref().filter(|_| behind).map(note));
        lines
    }

    fn heights(&self, first: u64, count: usize, shape: &Shape<'_>) -> Vec<usize> {
        // What is searched for does not change how high a line is.
        let shape = Shape { pattern: None, ..*shape };
        let lines = self.raw(first, count, SHOWN);
        lines.iter().map(|raw| Laid::of(raw, &shape).height()).collect()
    }

    /// Tells whether a page that begins there is surely full.
    fn fills(&self, top: Top, height: u16) -> bool {
        top.row == 0 && top.line + u64::from(height) <= self.total()
    }

    /// Returns the row that stands so many rows above.
    fn above(&self, top: Top, rows: usize, shape: &Shape<'_>) -> Top {
        let Top { mut line, row } = top;
        let Some(mut left) = rows.checked_sub(row).filter(|left| *left > 0) else {
            return Top { line, row: row - rows };
        };
        while line > 0 {
            let count = usize::try_from(line).unwrap_or(LINES).min(left).min(LINES);
            let heights = self.heights(line - count as u64, count, shape);
            for height in heights.into_iter().rev() {
                line -= 1;
                if height >= left {
                    return Top { line, row: height - left };
                }
                left -= height;
            }
        }
        Top::default()
    }

    /// Returns the row that stands so many rows below; behind the last, the end.
    fn below(&self, top: Top, rows: usize, shape: &Shape<'_>) -> Top {
        let (mut line, mut left) = (top.line, top.row + rows);
        while line < self.total() {
            let heights = self.heights(line, left.clamp(1, LINES), shape);
            if heights.is_empty() {
                break;
            }
            for height in heights {
                if left < height {
                    return Top { line, row: left };
                }
                left -= height;
                line += 1;
            }
        }
        Top { line, row: 0 }
    }

    /// Returns the top of the last page.
    fn last_top(&self, height: u16, shape: &Shape<'_>) -> Top {
        let end = Top { line: self.total(), row: 0 };
        if shape.width < 2 { end } else { self.above(end, usize::from(height), shape) }
    }

    /// Returns the column and the row of a line in which a pattern is first.
    fn first_match(&self, line: u64, pattern: &Pattern, shape: &Shape<'_>) -> (usize, usize) {
        let shape = Shape { pattern: Some(pattern), ..*shape };
        let lines = self.raw(line, 1, SHOWN);
        lines.first().and_then(|raw| Laid::of(raw, &shape).first_match(pattern)).unwrap_or((0, 0))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.shared.ask(|now| now.stop = true);
        if let Some(thread) = self.thread.take() {
            // It is between two small steps at the latest.
            let _ = thread.join();
        }
    }
}
