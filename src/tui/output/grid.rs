//! One line of output as the cells of a terminal that can print, go to and fro in its line, erase, and change colour.
//!
//! Nothing else of what a command sends has an effect, and nothing but what can be seen gets into a cell. What moves up
//! or down, titles, links, the clipboard and questions to the terminal are dropped. Every line begins plain.

use super::ink::Ink;
use crate::screen;
use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;
use vte::Params;
use vte::Parser;
use vte::Perform;

/// The distance between tab stops.
const TAB: usize = 8;

/// How far to the right a jump may lead: a number in a sequence must not decide how much memory is taken.
const REACH: usize = 1 << 12;

/// The most bytes that share one cell: a letter and its accents, not a tower of them.
const JOINED: usize = 32;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    c: char,
    /// If not 0, the number of the joined text that stands here instead of the character.
    joined: u16,
    /// Columns that are taken; 0 is the right half of the cell before.
    wide: u8,
    ink: Ink,
}

const PLAIN: Ink = Ink { fg: None, bg: None, bold: false, underline: false, reverse: false };
const BLANK: Cell = Cell { c: ' ', joined: 0, wide: 1, ink: PLAIN };

/// A line of cells.
#[derive(Debug, Default)]
pub(super) struct Grid {
    cells: Vec<Cell>,
    joined: Vec<String>,
    at: usize,
    ink: Ink,
}

impl Grid {
    /// Writes a whole line.
    pub fn of(line: &[u8]) -> Self {
        Self::of_first(line, usize::MAX)
    }

    /// Writes a line of which only the first columns will be looked at; what follows is left out where it can have no
    /// effect on them.
    pub fn of_first(line: &[u8], columns: usize) -> Self {
        const STEP: usize = 1 << 10;
        let (mut grid, mut parser, mut rest) = (Self::default(), Parser::new(), line);
        while !rest.is_empty() {
            if grid.cells.len() > columns
                && memchr::memchr3(b'\r', b'\x08', b'\x1b', rest).is_none()
            {
                break;
            }
            let (piece, after) = rest.split_at(rest.len().min(STEP));
            parser.advance(&mut grid, piece);
            rest = after;
        }
        // A character that was begun and not ended shows its mark now.
        parser.advance(&mut grid, b"\n");
        while grid.cells.last() == Some(&BLANK) {
            grid.cells.pop();
        }
        grid
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.cells.len()
    }

    /// Tells whether a column holds the right half of a wide character.
    pub fn is_half(&self, column: usize) -> bool {
        self.cells.get(column).is_some_and(|cell| cell.wide == 0)
    }

    /// Calls back with each character of some columns: its column, how many it takes, its looks, itself. Of a wide one
    /// that is only half in there, a blank is left.
    pub fn each(&self, from: usize, to: usize, mut give: impl FnMut(usize, u8, Ink, &str)) {
        let to = to.min(self.cells.len());
        for column in from..to {
            let cell = &self.cells[column];
            match cell.wide {
                0 if column > from => {}
                0 => give(column, 1, cell.ink, " "),
                2 if column + 2 > to => give(column, 1, cell.ink, " "),
                wide => give(column, wide, cell.ink, self.symbol(cell, &mut [0; 4])),
            }
        }
    }

    /// Returns the line as text, and the column of each of its bytes and of its end.
    pub fn text(&self) -> (String, Vec<u32>) {
        let (mut text, mut columns) = (String::new(), Vec::new());
        self.each(0, self.cells.len(), |column, _, _, symbol| {
            text.push_str(symbol);
            columns.resize(text.len(), u32::try_from(column).unwrap_or(u32::MAX));
        });
        columns.push(u32::try_from(self.cells.len()).unwrap_or(u32::MAX));
        (text, columns)
    }

    fn symbol<'a>(&'a self, cell: &Cell, buffer: &'a mut [u8; 4]) -> &'a str {
        match self.joined.get(usize::from(cell.joined).wrapping_sub(1)) {
            Some(joined) => joined,
            None => cell.c.encode_utf8(buffer),
        }
    }

    /// Adds an accent, or whatever else shares a cell with what stands before it. False if it needs its own.
    fn join(&mut self, c: char) -> bool {
        let Some(mut last) = self.at.checked_sub(1) else { return false };
        if self.is_half(last) {
            last = last.saturating_sub(1);
        }
        let Some(cell) = self.cells.get(last) else { return false };
        let mut both = self.symbol(cell, &mut [0; 4]).to_owned();
        both.push(c);
        if both.width() != usize::from(cell.wide) || both.len() > JOINED {
            return false;
        }
        let number = usize::from(cell.joined);
        if number > 0 {
            self.joined[number - 1] = both;
        } else if let Ok(number) = u16::try_from(self.joined.len() + 1) {
            self.joined.push(both);
            self.cells[last].joined = number;
        }
        true
    }

    /// Writes a character over what stands there. Half of a wide one does not stay.
    fn put(&mut self, c: char, wide: u8) {
        let to = self.at + usize::from(wide);
        if self.cells.len() < to {
            self.cells.resize(to, BLANK);
        }
        if self.is_half(self.at) {
            self.cells[self.at - 1] = Cell { ink: self.cells[self.at - 1].ink, ..BLANK };
        }
        if self.is_half(to) {
            self.cells[to] = Cell { ink: self.cells[to].ink, ..BLANK };
        }
        let ink = self.ink;
        self.cells[self.at] = Cell { c, joined: 0, wide, ink };
        if wide == 2 {
            self.cells[self.at + 1] = Cell { c: ' ', joined: 0, wide: 0, ink };
        }
        self.at = to;
    }

    fn erase(&mut self, from: usize, to: usize) {
        let to = to.min(self.cells.len());
        let at = std::mem::replace(&mut self.at, from);
        let ink = std::mem::take(&mut self.ink);
        while self.at < to {
            self.put(' ', 1);
        }
        (self.at, self.ink) = (at, ink);
    }

    fn go(&mut self, to: usize) {
        self.at = to.min(REACH.max(self.cells.len()));
    }
}

impl Perform for Grid {
    fn print(&mut self, c: char) {
        if matches!(c, ' '..='~') {
            return self.put(c, 1);
        }
        // These choose between forms of what stands before them; it stands there in one form without them.
        if c.is_control() || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}') {
            return;
        }
        if screen::is_hidden(c) {
            return format!("<U+{:04X}>", u32::from(c)).chars().for_each(|c| self.put(c, 1));
        }
        let wide = c.width().unwrap_or(0);
        if c >= '\u{300}' && self.join(c) {
            return;
        }
        // What is left takes no room: an accent with nothing to stand on.
        if let Ok(wide @ (1 | 2)) = u8::try_from(wide) {
            self.put(c, wide);
        }
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\r' => self.at = 0,
            b'\x08' => self.at = self.at.saturating_sub(1),
            b'\t' => {
                let stop = (self.at / TAB + 1) * TAB;
                if self.cells.len() < stop {
                    self.cells.resize(stop, BLANK);
                }
                self.at = stop;
            }
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, between: &[u8], cut: bool, action: char) {
        if !between.is_empty() || cut {
            return;
        }
        let first = params.iter().next().and_then(|param| param.first()).copied().unwrap_or(0);
        let step = usize::from(first.max(1));
        match (action, first) {
            ('m', _) => self.ink.select(params),
            ('G', _) => self.go(step - 1),
            ('C', _) => self.go(self.at + step),
            ('D', _) => self.at = self.at.saturating_sub(step),
            ('K', 0) => self.erase(self.at, usize::MAX),
            ('K', 1) => self.erase(0, self.at + 1),
            ('K', 2) => self.erase(0, usize::MAX),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(line: impl AsRef<[u8]>) -> String {
        Grid::of(line.as_ref()).text().0
    }

    #[test]
    fn a_progress_line_shows_its_last_state() {
        assert_eq!(shown("  1%\r 50%\r100%\r"), "100%");
        assert_eq!(shown("downloading\r\x1b[Kdone"), "done");
        assert_eq!(shown("downloading\x1b[2K\rdone"), "done");
        assert_eq!(shown("10%\x1b[1G20%\x1b[0G30%"), "30%");
        assert_eq!(shown("|\x08/\x08-\x08"), "-");
        assert_eq!(shown("abc\x1b[2DX\x1b[CY"), "aXcY");
        assert_eq!(shown("abcdef\x1b[3D\x1b[1K"), "    ef");
    }

    #[test]
    fn titles_links_clipboards_and_questions_leave_only_the_text() {
        assert_eq!(shown("\x1b]0;owned\x07a\x1b]52;c;ZXZpbA==\x07b\x1b]8;;http://x\x1b\\c"), "abc");
        assert_eq!(shown("\x1b[6n\x1b[2J\x1b[5A\x1bc\x1b[?1049h\x1b[>c."), ".");
        assert_eq!(shown("a\x1bPpayload\x1b\\b\x1b_apc\x1b\\c\x7f\u{85}d"), "abcd");
    }

    #[test]
    fn a_wide_character_never_stays_by_half() {
        assert_eq!(shown("日本\rx"), "x 本");
        assert_eq!(shown("日本\x1b[2Gx"), " x本");
        assert_eq!(shown("ab本c\x1b[2G日"), "a日 c");
        assert_eq!(shown("日本\x1b[2G\x1b[1K"), "  本");
    }

    #[test]
    fn accents_share_the_cell_of_their_letter() {
        let grid = Grid::of("e\u{301}x\u{200D}y\u{FE0F}\u{202E}".as_bytes());
        assert_eq!(grid.text().0, "e\u{301}xy<U+202E>");
        assert_eq!(grid.columns(), 3 + 8);
        assert_eq!(Grid::of("\u{301}a".as_bytes()).columns(), 1);
        let tower = format!("e{}", "\u{301}".repeat(1000));
        assert!(shown(&tower).len() <= JOINED);
    }

    #[test]
    fn a_jump_takes_little_memory() {
        assert!(Grid::of(b"\x1b[65535Gx\x1b[65535Cy").columns() <= 2 * REACH);
    }

    #[test]
    fn invalid_bytes_become_marks() {
        assert_eq!(shown(b"a\xffb\xe6\x97"), "a\u{fffd}b\u{fffd}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_but_printable_cells_comes_out_of_any_bytes(
            pieces in prop::collection::vec(piece(), 0..12),
        ) {
            let bytes = pieces.concat();
            let grid = Grid::of(&bytes);
            let (text, columns) = grid.text();
            prop_assert!(text.chars().all(|c| !c.is_control() && !screen::is_hidden(c)));
            prop_assert_eq!(columns.len(), text.len() + 1);
            let mut at = 0;
            grid.each(0, usize::MAX, |column, wide, _, symbol| {
                assert_eq!((column, usize::from(wide)), (at, symbol.width()), "{symbol:?}");
                at += usize::from(wide);
            });
            prop_assert_eq!(at, grid.columns());
        }

        #[test]
        fn text_without_colours_and_jumps_reads_as_it_does_in_reports(
            text in "[a-z \t\r\x08é]{0,40}",
        ) {
            let shown = shown(&text);
            prop_assert_eq!(shown.trim_end(), screen::line(&text));
        }

        #[test]
        fn the_first_columns_do_not_depend_on_how_much_is_left_out(
            pieces in prop::collection::vec(piece(), 0..12),
            plain in "[a-z日]{0,40}",
            columns in 0_usize..60,
        ) {
            let line = [pieces.concat(), plain.repeat(200).into_bytes()].concat();
            let first = |grid: &Grid| {
                let mut cells = Vec::new();
                grid.each(0, columns, |_, wide, ink, symbol| {
                    cells.push((wide, ink, symbol.to_owned()));
                });
                cells
            };
            let (all, some) = (Grid::of(&line), Grid::of_first(&line, columns));
            prop_assert_eq!(first(&all), first(&some));
        }
    }

    /// Pieces of which hostile lines are made.
    fn piece() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..8),
            "[a-z ]{0,9}".prop_map(String::into_bytes),
            "[日本é\u{301}\u{200D}👍🏽🇩🇪\u{202E}لا]{0,5}".prop_map(String::into_bytes),
            "\x1b\\[[0-9;:]{0,12}[mGKCDAJHnh]".prop_map(String::into_bytes),
            "\x1b[\\]PX^_][a-z;0-9]{0,9}(\x07|\x1b\\\\)?".prop_map(String::into_bytes),
            "[\t\r\x08\x0b\x7f]{0,3}".prop_map(String::into_bytes),
        ]
    }
}
