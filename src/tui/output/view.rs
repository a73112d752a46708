//! What is looked at of an output, and how. Nothing of it is in the journal; it is forgotten on exit.

use super::Output;
use super::found::Next;
use super::pattern::BadPattern;
use super::pattern::Pattern;
use super::rows::Shape;

/// The columns before the text: the mark of standard error and a blank; the time and a blank.
const MARK: u16 = 2;
const TIME: u16 = 10;

/// The fewest columns of text beside a time.
const TEXT: u16 = 16;

/// How far a line that is not wrapped can be followed to the right.
const FARTHEST: usize = 32 << 10;

/// The size of a page in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns, those before the text among them.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// A row of an output: a line by its number, and which of its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Top {
    pub line: u64,
    pub row: usize,
}

/// What is looked at. It begins at the end and follows it, wrapped, with times.
#[derive(Clone, Debug)]
pub struct View {
    follow: bool,
    top: Top,
    wrap: bool,
    times: bool,
    offset: usize,
    /// How many lines had been seen when the end was left, or since.
    seen: u64,
    pattern: Option<Pattern>,
    /// The line that was found last, while it is looked at.
    hit: Option<u64>,
    /// Where a search goes that has not found anything yet, and how far it is to look.
    wanted: Option<(Way, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// Where a search led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Led {
    /// To this line.
    Here(u64),
    /// To this line, past the end and on from the other one.
    Around(u64),
    /// Not yet: the search still runs. [`View::settle`] goes there as soon as it is known.
    NotYet,
    /// Nowhere: it is not there, or nothing is searched for.
    Nowhere,
}

impl Default for View {
    fn default() -> Self {
        Self {
            follow: true,
            top: Top::default(),
            wrap: true,
            times: true,
            offset: 0,
            seen: 0,
            pattern: None,
            hit: None,
            wanted: None,
        }
    }
}

impl View {
    /// Tells whether the end is followed.
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// Tells whether long lines are wrapped.
    pub fn wraps(&self) -> bool {
        self.wrap
    }

    /// Tells whether times are shown.
    pub fn has_times(&self) -> bool {
        self.times
    }

    /// Returns the pattern that is searched for, as it was typed.
    pub fn pattern(&self) -> Option<&str> {
        self.pattern.as_ref().map(Pattern::text)
    }

    /// Returns how many lines have come that were not looked at since the end was left.
    pub fn new_since(&self, output: &Output) -> u64 {
        if self.follow { 0 } else { output.lines().saturating_sub(self.seen) }
    }

    /// Returns the columns before the text of a page of this width.
    pub fn gutter(&self, width: u16) -> u16 {
        match (self.times, width) {
            (true, MARK_TIME_TEXT..) => MARK + TIME,
            (_, MARK_TEXT..) => MARK,
            _ => 0,
        }
    }

    /// Goes towards the beginning. The end is no longer followed.
    pub fn up(&mut self, output: &Output, size: Size, rows: usize) {
        self.leave_end(output, size);
        self.top = output.above(self.top, rows, &self.shape(size));
    }

    /// Goes towards the end. At the end it stays, but does not follow it unless it did.
    pub fn down(&mut self, output: &Output, size: Size, rows: usize) {
        if self.follow {
            return;
        }
        self.go(output, size, output.below(self.top, rows, &self.shape(size)));
    }

    /// Goes a page towards the beginning; one row of the last page stays.
    pub fn page_up(&mut self, output: &Output, size: Size) {
        self.up(output, size, usize::from(size.height.saturating_sub(1).max(1)));
    }

    /// Goes a page towards the end; one row of the last page stays.
    pub fn page_down(&mut self, output: &Output, size: Size) {
        self.down(output, size, usize::from(size.height.saturating_sub(1).max(1)));
    }

    /// Goes to the beginning.
    pub fn home(&mut self, output: &Output, size: Size) {
        self.leave_end(output, size);
        self.top = Top::default();
    }

    /// Goes to a line, by its number from 0; to the last page if that shows it.
    pub fn go_to(&mut self, output: &Output, size: Size, line: u64) {
        self.leave_end(output, size);
        self.go(output, size, Top { line, row: 0 });
    }

    /// Goes to the end and follows it.
    pub fn end(&mut self) {
        self.follow = true;
        self.hit = None;
        self.wanted = None;
    }

    /// Follows the end, or stays where it is.
    pub fn toggle_follow(&mut self, output: &Output, size: Size) {
        if self.follow { self.leave_end(output, size) } else { self.end() }
    }

    /// Wraps long lines, or shows a part of each. The line at the top and the horizontal position stay.
    pub fn toggle_wrap(&mut self) {
        self.wrap = !self.wrap;
        self.top.row = 0;
    }

    /// Shows or hides the times.
    pub fn toggle_times(&mut self) {
        self.times = !self.times;
        self.top.row = 0;
    }

    /// Shows columns further to the left of lines that are not wrapped.
    pub fn left(&mut self, columns: usize) {
        self.offset = self.offset.saturating_sub(columns);
    }

    /// Shows columns further to the right of lines that are not wrapped.
    pub fn right(&mut self, columns: usize) {
        self.offset = (self.offset + columns).min(FARTHEST);
    }

    /// Searches for a regular expression from what is looked at downwards.
    pub fn search(
        &mut self,
        output: &Output,
        size: Size,
        pattern: &str,
    ) -> Result<Led, BadPattern> {
        Ok(self.look_for(output, size, Pattern::regex(pattern)?))
    }

    /// Searches for text as it is.
    pub fn search_plain(
        &mut self,
        output: &Output,
        size: Size,
        text: &str,
    ) -> Result<Led, BadPattern> {
        Ok(self.look_for(output, size, Pattern::plain(text)?))
    }

    fn look_for(&mut self, output: &Output, size: Size, pattern: Pattern) -> Led {
        output.look_for(Some(&pattern));
        self.pattern = Some(pattern);
        self.hit = None;
        self.next(output, size)
    }

    /// Searches no longer.
    pub fn forget_search(&mut self, output: &Output) {
        output.look_for(None);
        (self.pattern, self.hit, self.wanted) = (None, None, None);
    }

    /// Goes to the next line with what is searched for.
    pub fn next(&mut self, output: &Output, size: Size) -> Led {
        self.lead(output, size, Way::Down, output.end())
    }

    /// Goes to the one before.
    pub fn previous(&mut self, output: &Output, size: Size) -> Led {
        self.lead(output, size, Way::Up, output.end())
    }

    /// Goes on with a search that was not ready. To be called after a poll; none if nothing was awaited. It looks as far
    /// as the output went when it was asked: what comes later does not pull the reader away.
    pub fn settle(&mut self, output: &Output, size: Size) -> Option<Led> {
        let (way, end) = self.wanted?;
        Some(self.lead(output, size, way, end))
    }

    fn lead(&mut self, output: &Output, size: Size, way: Way, end: u64) -> Led {
        let Some(pattern) = self.pattern.clone() else { return Led::Nowhere };
        let top = self.resolved(output, size).line;
        let next = match way {
            Way::Down => output.at_or_after(&pattern, self.hit.map_or(top, |hit| hit + 1), end),
            Way::Up => output.before(&pattern, self.hit.unwrap_or(top), end),
        };
        self.wanted = (next == Next::NotYet).then_some((way, end));
        let (line, led) = match next {
            Next::Line(line) => (line, Led::Here(line)),
            Next::Around(line) => (line, Led::Around(line)),
            Next::NotYet => return Led::NotYet,
            Next::None => return Led::Nowhere,
        };
        self.leave_end(output, size);
        self.show(output, size, line, &pattern);
        self.hit = Some(line);
        led
    }

    /// Brings a found line onto the page if it is not there: a third down from the top.
    fn show(&mut self, output: &Output, size: Size, line: u64, pattern: &Pattern) {
        let (column, row) = output.first_match(line, pattern, &self.shape(size));
        let width = self.shape(size).width;
        if !self.wrap && !(self.offset..self.offset + width).contains(&column) {
            self.offset = column.saturating_sub(width / 3);
        }
        let shape = self.shape(size);
        let (found, height) = (Top { line, row }, usize::from(size.height));
        if found < self.top || found >= output.below(self.top, height, &shape) {
            let top = output.above(found, height / 3, &shape);
            self.go(output, size, top);
        }
    }

    fn go(&mut self, output: &Output, size: Size, top: Top) {
        self.wanted = None;
        self.top = top.min(output.last_top(size.height, &self.shape(size)));
        self.hit = None;
        let below = output.below(self.top, usize::from(size.height), &self.shape(size));
        self.seen = self.seen.max(below.line.min(output.lines()));
    }

    fn leave_end(&mut self, output: &Output, size: Size) {
        self.top = self.resolved(output, size);
        if self.follow {
            self.seen = output.lines();
        }
        self.follow = false;
        // Whoever moves no longer waits for a search.
        (self.hit, self.wanted) = (None, None);
    }

    /// Returns the row at the top of the page, wherever that is now.
    pub(super) fn resolved(&self, output: &Output, size: Size) -> Top {
        let shape = self.shape(size);
        if !self.follow && output.fills(self.top, size.height) {
            return self.top;
        }
        let last = output.last_top(size.height, &shape);
        if self.follow { last } else { self.top.min(last) }
    }

    /// Returns how lines become rows of a page of this size.
    pub(super) fn shape(&self, size: Size) -> Shape<'_> {
        Shape {
            width: usize::from(size.width - self.gutter(size.width).min(size.width)),
            wrap: self.wrap,
            offset: self.offset,
            pattern: self.pattern.as_ref(),
        }
    }
}

const MARK_TEXT: u16 = MARK + 2;
const MARK_TIME_TEXT: u16 = MARK + TIME + TEXT;
