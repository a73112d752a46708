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
            buffer.set_stringn(line.x, y, time, usize::from(gutter - 2), look.style(Role::Time));
        }
        if row.stderr && gutter >= 2 {
            buffer.set_stringn(text.x - 2, y, "!", 1, look.style(Role::Stderr));
        }
        let base = look.style(if row.note { Role::Note } else { Role::Output });
        let mut x = text.x;
        for (ink, span) in &row.spans {
            let room = usize::from(text.right().saturating_sub(x));
            (x, _) = buffer.set_stringn(x, y, look.text(span), room, base.patch(style(*ink, look)));
        }
        for found in &row.matched {
            let from = text.x.saturating_add(found.start);
            let found = Rect { x: from, width: found.end - found.start, ..text };
            buffer.set_style(found.intersection(text), look.style(Role::Match));
        }
    }
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
