//! A runbook as it is read: all of it, on the whole width.

use super::super::facts::Listed;
use super::AROUND;
use crate::screen;
use crate::tui::frame;
use crate::tui::look::{Look, Role};
use crate::tui::prose::{self, Prose};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Rows that stand under the text of a label begin this far in.
const HANG: usize = 14;

/// Draws a runbook from some row on. No border: what is read is made for the full eighty columns.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    listed: &Listed,
    top: usize,
    size: (u16, u16),
    look: Look,
) {
    let rows = rows(listed, size);
    let room = usize::from(area.height.saturating_sub(1));
    let top = top.min(rows.len().saturating_sub(room));
    let last = (top + room).min(rows.len());
    let line = look.border(AROUND).horizontal_top;
    let title = format!("{line} {} {line} rows {}-{last} of {} ", listed.name, top + 1, rows.len());
    let title = frame::cut(look, &look.text(&screen::line(title)), usize::from(area.width));
    let rest = line.repeat(usize::from(area.width).saturating_sub(title.width() + 1));
    let title = Line::from(vec![
        Span::styled(title, look.style(Role::Title)),
        Span::styled(format!(" {rest}"), look.style(Role::Border)),
    ]);
    frame.render_widget(title, Rect { height: 1, ..area });
    let mut text = Prose::new(usize::from(area.width));
    for row in rows {
        let heading = !row.starts_with(' ')
            && row.chars().any(char::is_alphabetic)
            && row == row.to_uppercase();
        text.row(vec![(if heading { Role::Title } else { Role::Text }, row)]);
    }
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    prose::draw(frame, below, look, &text, top);
}

/// The rows of a runbook in a window of this width; what is too wide goes on in the next row.
pub fn rows(listed: &Listed, size: (u16, u16)) -> Vec<String> {
    let width = usize::from(size.0).max(20);
    if listed.text.is_empty() {
        return vec![
            "This runbook cannot be read.".into(),
            format!("rutter check {}", listed.name),
        ];
    }
    let mut rows = Vec::new();
    for row in &listed.text {
        let row = screen::visible_line(row);
        if row.width() <= width {
            rows.push(row);
        } else {
            let lead = row.chars().take_while(|c| *c == ' ').count();
            rows.extend(screen::wrap(&row, width, HANG.saturating_sub(lead)));
        }
    }
    rows
}
