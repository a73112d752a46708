//! Rows of output into the cells of a screen.

use super::ink::Ink;
use super::rows::Row;
use crate::tui::look::Look;
use crate::tui::look::Role;
use crate::tui::look::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::style::Modifier;
use ratatui::style::Style;
use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// Paints rows into an area: the time, `!` for standard error, the text. `gutter` is that of the view that gave them.
pub fn paint(rows: &[Row], gutter: u16, area: Rect, buffer: &mut Buffer, look: Look) {
    let area = area.intersection(buffer.area);
    for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
        let line = Rect { y, height: 1, ..area };
        let text = Rect {
            x: line.x + gutter.min(line.width),
            width: line.width.saturating_sub(gutter),
            ..line
        };
        if let Some(time) = row.time.as_deref().filter(|_| gutter > 2) {
            let room = usize::from(line.width.min(gutter - 2));
            buffer.set_stringn(line.x, y, time, room, look.style(Role::Time));
        }
        if row.stderr && (2..=line.width).contains(&gutter) {
            buffer.set_stringn(text.x - 2, y, "!", 1, look.style(Role::Stderr));
        }
        let base = look.style(if row.note { Role::Note } else { Role::Output });
        let mut x = text.x;
        for (ink, span) in &row.spans {
            let room = usize::from(text.right().saturating_sub(x));
            (x, _) =
                buffer.set_stringn(x, y, shown(span, look), room, base.patch(style(*ink, look)));
        }
        for found in &row.matched {
            let from = text.x.saturating_add(found.start);
            let found = Rect { x: from, width: found.end - found.start, ..text };
            buffer.set_style(found.intersection(text), look.style(Role::Match));
        }
    }
}

/// A span as it is drawn. Where only ASCII is, every character keeps its columns, so that the marks stay in place.
fn shown(span: &str, look: Look) -> Cow<'_, str> {
    if !look.ascii || span.is_ascii() {
        return Cow::Borrowed(span);
    }
    let spelled = |c: char| {
        let mut text = look.text(c.encode_utf8(&mut [0; 4]));
        text.extend(std::iter::repeat_n(' ', c.width().unwrap_or(0).saturating_sub(1)));
        if c.width() == Some(0) { String::new() } else { text }
    };
    Cow::Owned(span.chars().map(spelled).collect())
}

/// The style of an ink. A theme without colours keeps the attributes.
fn style(ink: Ink, look: Look) -> Style {
    let mut style = Style::new();
    if look.theme != Theme::Mono {
        style.fg = ink.fg.map(colour);
        style.bg = ink.bg.map(colour);
    }
    for (on, modifier) in [
        (ink.bold, Modifier::BOLD),
        (ink.underline, Modifier::UNDERLINED),
        (ink.reverse, Modifier::REVERSED),
    ] {
        if on {
            style = style.add_modifier(modifier);
        }
    }
    style
}

/// The named colours, which a terminal of sixteen has; a number asks for one of 256.
fn colour(number: u8) -> Color {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    NAMED[usize::from(number % 16)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(spans: &[(Ink, &str)]) -> Row {
        let spans = spans.iter().map(|(ink, text)| (*ink, (*text).to_owned())).collect();
        Row { time: Some("03:01:22Z".into()), stderr: true, spans, ..Row::default() }
    }

    fn painted(rows: &[Row], gutter: u16, width: u16, look: Look) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 2));
        paint(rows, gutter, buffer.area, &mut buffer, look);
        buffer
    }

    fn text(buffer: &Buffer) -> String {
        (0..buffer.area.width).map(|x| buffer[(x, 0)].symbol()).collect()
    }

    const LOOK: Look = Look { theme: Theme::Terminal, ascii: false };
    const RED: Ink = Ink { fg: Some(1), bg: None, bold: true, underline: false, reverse: false };

    #[test]
    fn time_and_mark_stand_before_the_text() {
        let rows = [row(&[(Ink::default(), "Checking "), (RED, "now")])];
        let buffer = painted(&rows, 12, 24, LOOK);
        assert_eq!(text(&buffer), "03:01:22Z ! Checking now");
        assert_eq!((buffer[(21, 0)].fg, buffer[(12, 0)].fg), (Color::Red, Color::Reset));
        assert_eq!(text(&painted(&rows, 2, 14, LOOK)), "! Checking now");
        assert_eq!(text(&painted(&rows, 0, 14, LOOK)), "Checking now  ");
    }

    #[test]
    fn a_theme_without_colours_keeps_the_attributes() {
        let mono = Look { theme: Theme::Mono, ascii: false };
        let buffer = painted(&[row(&[(RED, "now")])], 0, 4, mono);
        assert_eq!(buffer[(0, 0)].fg, Color::Reset);
        assert!(buffer[(0, 0)].modifier.contains(Modifier::BOLD));
    }

    #[test]
    fn marks_stay_on_what_was_found_where_only_ascii_is_drawn() {
        let ascii = Look { theme: Theme::Terminal, ascii: true };
        let mut found = row(&[(Ink::default(), "日e\u{301}x")]);
        found.matched = vec![3..4; 1];
        for look in [LOOK, ascii] {
            let buffer = painted(&[found.clone()], 2, 7, look);
            assert_eq!(buffer[(5, 0)].symbol(), "x");
            assert_eq!(buffer[(5, 0)].fg, look.style(Role::Match).fg.unwrap());
            assert_eq!(buffer[(4, 0)].fg, Color::Reset);
        }
        assert_eq!(text(&painted(&[found], 2, 7, ascii)), "! ? ex ");
    }

    #[test]
    fn nothing_is_painted_outside_the_area() {
        let rows = vec![row(&[(RED, "a long line of text")]); 9];
        for width in 0..16 {
            for gutter in [0, 2, 12] {
                let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 4));
                paint(&rows, gutter, Rect::new(3, 1, width, 2), &mut buffer, LOOK);
                let inside = Rect::new(3, 1, width, 2);
                for position in buffer.area.positions().filter(|at| !inside.contains(*at)) {
                    assert_eq!(buffer[position].symbol(), " ", "{width} {gutter} {position}");
                }
            }
        }
    }
}
