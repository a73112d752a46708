//! Rows of a page, made of the cells of lines: wrapped or cut at a width, with what was searched for.

use super::grid::Grid;
use super::ink::Ink;
use super::lines::Raw;
use super::pattern::Pattern;
use std::ops::Range;

/// What is said behind a line of which not everything is shown.
const GOES_ON: &str = "— this line goes on; the record has it whole —";

/// One row of the output pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// When the line was written, on the first of its rows: `HH:MM:SSZ`.
    pub time: Option<String>,
    /// The line is of standard error.
    pub stderr: bool,
    /// The text, in pieces of one look each. Only printable characters; together not wider than the page.
    pub spans: Vec<(Ink, String)>,
    /// The columns of the text in which the search has found something.
    pub matched: Vec<Range<u16>>,
    /// Rutter says this, not the command.
    pub note: bool,
}

impl Row {
    /// Returns the text without its looks.
    pub fn text(&self) -> String {
        self.spans.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// How lines are made into rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    /// The columns of a row.
    pub width: usize,
    pub wrap: bool,
    /// The first column that is shown of a line that is not wrapped.
    pub offset: usize,
    pub pattern: Option<&'a Pattern>,
}

/// A line and the columns of each of its rows.
#[derive(Debug)]
pub(super) struct Laid {
    grid: Grid,
    rows: Vec<Range<usize>>,
    goes_on: bool,
}

impl Laid {
    /// Lays out a line.
    pub fn of(raw: &Raw, shape: &Shape<'_>) -> Self {
        let grid = if shape.wrap || shape.pattern.is_some() {
            Grid::of(&raw.bytes)
        } else {
            Grid::of_first(&raw.bytes, shape.offset + shape.width)
        };
        let rows = if shape.wrap {
            folds(&grid, shape.width)
        } else {
            let shown = shape.offset..shape.offset + shape.width;
            vec![shown]
        };
        Self { grid, rows, goes_on: raw.cut }
    }

    /// Returns how many rows it has.
    pub fn height(&self) -> usize {
        self.rows.len() + usize::from(self.goes_on)
    }

    /// Returns the first column in which the pattern is, and the row of a wrapped line that has it.
    pub fn first_match(&self, pattern: &Pattern) -> Option<(usize, usize)> {
        let column = matches(&self.grid, pattern).first()?.start;
        let row = self.rows.iter().position(|row| row.contains(&column)).unwrap_or(0);
        Some((column, row))
    }

    /// Draws its rows from one on, until the page has enough.
    pub fn draw(
        &self,
        skip: usize,
        raw: &Raw,
        time: Option<String>,
        shape: &Shape<'_>,
        page: &mut Vec<Row>,
        most: usize,
    ) {
        let matches = shape.pattern.map(|pattern| matches(&self.grid, pattern)).unwrap_or_default();
        let mut time = time.filter(|_| skip == 0);
        let room = most.saturating_sub(page.len());
        let rows = self.rows.iter().skip(skip).take(room);
        let rows: Vec<Row> = rows
            .map(|columns| Row {
                time: time.take(),
                stderr: raw.stderr,
                spans: spans(&self.grid, columns),
                matched: within(&matches, columns),
                note: raw.note,
            })
            .collect();
        page.extend(rows);
        if self.goes_on && page.len() < most {
            let spans = spans(&Grid::of(GOES_ON.as_bytes()), &(0..shape.width));
            page.push(Row { stderr: raw.stderr, spans, note: true, ..Row::default() });
        }
    }
}

/// Breaks a line at a width. A wide character is not broken: it goes to the next row.
fn folds(grid: &Grid, width: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut from = 0;
    while from < grid.columns() {
        let mut to = (from + width).min(grid.columns());
        if grid.is_half(to) && to > from + 1 {
            to -= 1;
        }
        rows.push(from..to);
        from = to;
    }
    if rows.is_empty() {
        rows.push(0..0);
    }
    rows
}

fn spans(grid: &Grid, columns: &Range<usize>) -> Vec<(Ink, String)> {
    let mut spans: Vec<(Ink, String)> = Vec::new();
    grid.each(columns.start, columns.end, |_, _, ink, symbol| match spans.last_mut() {
        Some((last, text)) if *last == ink => text.push_str(symbol),
        _ => spans.push((ink, symbol.to_owned())),
    });
    spans
}

/// Returns the columns in which a pattern is found, in a line as it is shown.
fn matches(grid: &Grid, pattern: &Pattern) -> Vec<Range<usize>> {
    let (text, columns) = grid.text();
    let column = |byte: usize| columns.get(byte).map_or(0, |column| *column as usize);
    pattern.places(&text).map(|place| column(place.start)..column(place.end)).collect()
}

/// Returns the parts of ranges that lie within one, counted from its start.
fn within(ranges: &[Range<usize>], part: &Range<usize>) -> Vec<Range<u16>> {
    let short = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
    let cut = ranges.iter().map(|range| range.start.max(part.start)..range.end.min(part.end));
    let inside = cut.filter(|range| range.start < range.end);
    inside.map(|range| short(range.start - part.start)..short(range.end - part.start)).collect()
}
