//! What stands over a run: lists, lines to type, notes, help, messages.

use super::super::frame::{self, Pane};
use super::super::look::{Look, Role, Surroundings};
use super::super::note::{KINDS, Note};
use super::super::prose::Prose;
use super::super::sight::Sight;
use super::super::state::{Layer, Menu, State};
use super::{fields, help};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use tui_textarea::TextArea;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Draws the top layer over the body.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    layer: &Layer,
) {
    match layer {
        Layer::Menu(list) => menu(frame, area, look, around, list),
        Layer::Fields(typed) => fields::dialog(frame, area, sight, look, around, typed),
        Layer::Note(writing) => note(frame, area, sight, look, around, writing),
        Layer::Edit(editing) => super::edit::edit(frame, area, sight, look, around, editing),
        Layer::Help { top, wanted } => {
            help::draw(frame, area, state, sight, look, around, *top, wanted);
        }
        Layer::Messages { top } => messages(frame, area, state, look, around, *top),
    }
}

fn menu(frame: &mut Frame<'_>, area: Rect, look: Look, around: Surroundings, menu: &Menu) {
    let width = usize::from(area.width.saturating_sub(4));
    let mut lead = Prose::new(width);
    for line in &menu.lead {
        lead.text(Role::Text, line);
    }
    if !lead.is_empty() {
        lead.row(Vec::new());
    }
    let items: Vec<(String, String)> =
        menu.items.iter().map(|item| (item.words.clone(), item.about())).collect();
    let mut list = Prose::new(width);
    list.list(menu.at, &items);
    let wanted = u16::try_from(lead.len() + list.len() + 2).unwrap_or(u16::MAX);
    let height = wanted.min(area.height);
    let at = Rect { y: area.bottom() - height, height, ..area };
    let pane = Pane { title: menu.title.clone(), focus: true, ..Pane::default() };
    let inside = frame::pane(frame, at, look, around, &pane);
    let above =
        Rect { height: u16::try_from(lead.len()).unwrap_or(0).min(inside.height), ..inside };
    super::rows(frame, above, look, &lead, 0);
    let room = inside.height - above.height;
    let below = Rect { y: inside.y + above.height, height: room, ..inside };
    let top = menu.at.saturating_sub(usize::from(room).saturating_sub(1));
    super::rows(frame, below, look, &list, top);
}

fn note(
    frame: &mut Frame<'_>,
    area: Rect,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    note: &Note,
) {
    let lower = 9.min(area.height);
    let upper = Rect { height: area.height - lower, ..area };
    let notes = sight.run().notes();
    if upper.height >= 3 {
        let pane = Pane {
            title: "Notes in this run".into(),
            aside: notes.len().to_string(),
            ..Pane::default()
        };
        let inside = frame::pane(frame, upper, look, around, &pane);
        let mut prose = Prose::new(usize::from(inside.width));
        for note in notes {
            prose.label(&format!("{:<8}", note.kind), Role::Text, &note.text);
        }
        let top = prose.len().saturating_sub(usize::from(inside.height));
        super::rows(frame, inside, look, &prose, top);
    }
    let lower = Rect { y: area.y + upper.height, height: lower, ..area };
    let number =
        sight.run().current().map_or(String::new(), |step| format!("   step {}", step.number));
    let pane = Pane { title: format!("New note{number}"), focus: true, ..Pane::default() };
    let inside = frame::pane(frame, lower, look, around, &pane);
    if inside.height < 3 {
        return;
    }
    let mut kinds = vec![Span::styled("KIND ", look.style(Role::Strong))];
    for (at, kind) in KINDS.iter().enumerate() {
        let chosen = at == note.kind;
        let (text, role) = if chosen {
            (format!("‹ {kind} › "), Role::Selection)
        } else {
            (format!("{kind} "), Role::Dim)
        };
        kinds.push(Span::styled(look.text(&text), look.style(role)));
    }
    frame.render_widget(Line::from(kinds), Rect { height: 1, ..inside });
    let text = Rect { y: inside.y + 1, height: inside.height - 2, ..inside };
    typed(frame, text, look, &note.text);
    let foot = Rect { y: inside.bottom() - 1, height: 1, ..inside };
    let words = "A note cannot be changed later; a correction is a new note.";
    frame.render_widget(Line::from(Span::styled(words, look.style(Role::Dim))), foot);
}

/// Draws lines that are typed, around the cursor.
pub(super) fn typed(frame: &mut Frame<'_>, area: Rect, look: Look, written: &TextArea<'_>) {
    let tui_textarea::DataCursor(row, column) = written.cursor();
    let height = usize::from(area.height);
    let top = (row + 1).saturating_sub(height);
    let width = usize::from(area.width.saturating_sub(3));
    let mut lines = Vec::new();
    for (at, line) in written.lines().iter().enumerate().skip(top).take(height) {
        let before: String = line.chars().take(if at == row { column } else { 0 }).collect();
        let before = crate::screen::visible_line(&before).width();
        let line = crate::screen::visible_line(line);
        let (left_out, shown) = after_columns(&line, before.saturating_sub(width));
        lines.push(Line::from(vec![
            Span::styled("> ", look.style(Role::Key)),
            Span::raw(frame::cut(look, &look.text(shown), width + 1)),
        ]));
        if at == row {
            let x = u16::try_from(before - left_out).unwrap_or(0) + 2;
            let y = u16::try_from(at - top).unwrap_or(0);
            frame.set_cursor_position(Position::new(
                area.x + x.min(area.width.saturating_sub(1)),
                area.y + y,
            ));
        }
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// Returns what stands behind so many columns, and how many were left out: a wide letter is never cut in two.
fn after_columns(line: &str, columns: usize) -> (usize, &str) {
    let mut left_out = 0;
    for (at, c) in line.char_indices() {
        if left_out >= columns {
            return (left_out, &line[at..]);
        }
        left_out += c.width().unwrap_or(0);
    }
    (left_out, "")
}

fn messages(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    look: Look,
    around: Surroundings,
    top: usize,
) {
    let pane = Pane {
        title: "Messages".into(),
        aside: format!("{} kept", state.messages.len()),
        focus: true,
        role: None,
    };
    let inside = frame::pane(frame, area, look, around, &pane);
    let mut prose = Prose::new(usize::from(inside.width));
    for message in &state.messages {
        let at = message.at.format("%H:%M:%SZ").to_string();
        prose.labelled(&format!("{at} "), Role::Time, message.role, &message.text);
    }
    let top = top.min(prose.len().saturating_sub(usize::from(inside.height)));
    super::rows(frame, inside, look, &prose, top);
}

#[cfg(test)]
mod tests {
    use super::after_columns;

    #[test]
    fn a_line_is_left_out_by_columns_and_no_wide_letter_is_cut() {
        assert_eq!(after_columns("abcdef", 0), (0, "abcdef"));
        assert_eq!(after_columns("abcdef", 4), (4, "ef"));
        assert_eq!(after_columns("日本語だ", 4), (4, "語だ"));
        assert_eq!(after_columns("日本語だ", 3), (4, "語だ"));
        assert_eq!(after_columns("日本", 9), (4, ""));
    }
}
