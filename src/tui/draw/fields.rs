//! Lines to be typed, and the guard that has the whole width.

use super::super::fields::{Accepts, Fields};
use super::super::frame::{self, Pane};
use super::super::layout;
use super::super::look::{Look, Role, Surroundings, hazard_role};
use super::super::page;
use super::super::prose::Prose;
use super::super::sight::Sight;
use super::super::update::ready;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

/// Draws the guard of a command or of work by hand.
pub fn guard(
    frame: &mut Frame<'_>,
    area: Rect,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    fields: &Fields,
) {
    let hazard = page::guard_hazard(fields, sight);
    let prose = page::guard(fields, sight, layout::inside(area));
    let (above, below) = layout::guard(area, fields, prose.len());
    let more = prose.len().saturating_sub(fields.top + usize::from(above.height));
    let word = hazard.to_string().to_uppercase();
    let pane = Pane {
        title: fields.title.clone(),
        aside: if more > 0 { format!("{word}  {more} more ↓") } else { word },
        focus: true,
        role: Some(hazard_role(hazard)),
    };
    frame::pane(frame, area, look, around, &pane);
    super::rows(frame, above, look, &prose, fields.top);
    lines(frame, below, sight, look, fields);
}

/// Draws lines to be typed at the bottom of the body.
pub fn dialog(
    frame: &mut Frame<'_>,
    area: Rect,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    fields: &Fields,
) {
    let width = usize::from(area.width.saturating_sub(4));
    let mut lead = Prose::new(width);
    for line in &fields.lead {
        lead.text(Role::Text, line);
    }
    if let Some(field) = fields.field() {
        for line in &field.help {
            lead.text(Role::Dim, line);
        }
    }
    let wanted = lead.len() + fields.lines.len() * 2 + 4;
    let height = u16::try_from(wanted).unwrap_or(u16::MAX).min(area.height);
    let at = Rect { y: area.bottom() - height, height, ..area };
    let pane = Pane { title: fields.title.clone(), focus: true, ..Pane::default() };
    let inside = frame::pane(frame, at, look, around, &pane);
    let below = u16::try_from(fields.lines.len() * 2 + 2).unwrap_or(u16::MAX).min(inside.height);
    let above = Rect { height: inside.height - below, ..inside };
    super::rows(frame, above, look, &lead, 0);
    let lower = Rect { y: inside.y + above.height, height: below, ..inside };
    lines(frame, lower, sight, look, fields);
}

fn lines(frame: &mut Frame<'_>, area: Rect, sight: &dyn Sight, look: Look, fields: &Fields) {
    let width = usize::from(area.width);
    let tight = usize::from(area.height) < fields.lines.len() * 2 + 1;
    let mut drawn: Vec<Line<'_>> = Vec::new();
    let mut cursor = None;
    for (at, field) in fields.lines.iter().enumerate() {
        let here = at == fields.at;
        let mark = if here { look.cursor() } else { " " };
        let label = format!("{mark} {}  > ", field.label);
        let label = frame::cut(look, &look.text(&label), width.saturating_mul(2) / 3);
        let typed = match &field.accepts {
            Accepts::Secret => "*".repeat(field.typed().chars().count()),
            _ => crate::screen::visible_line(&field.typed()),
        };
        let room = width.saturating_sub(label.width() + 1);
        let shown = tail(&typed, room);
        if here {
            let x = label.width() + shown.width().min(room);
            cursor = Some((x, drawn.len()));
        }
        let style = look.style(if here { Role::Strong } else { Role::Text });
        drawn.push(Line::from(vec![Span::styled(label, style), Span::raw(look.text(shown))]));
        let problem = field.problem.as_ref().map(|problem| format!("    {problem}"));
        // Where rows are scarce only the line that has the keys says what is wrong with it.
        if tight && !(here && problem.is_some()) {
            continue;
        }
        drawn.push(Line::from(Span::styled(
            frame::cut(look, &look.text(&problem.unwrap_or_default()), width),
            look.style(Role::Warning),
        )));
    }
    drawn.push(buttons(sight, look, fields));
    let top = area.height;
    let skip = drawn.len().saturating_sub(usize::from(top));
    frame.render_widget(Paragraph::new(drawn.split_off(skip)), area);
    if let Some((x, y)) = cursor
        && let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y.saturating_sub(skip)))
        && y < area.height
    {
        // The terminal's own cursor, so that magnifiers and readers follow.
        frame.set_cursor_position(Position::new(
            area.x + x.min(area.width.saturating_sub(1)),
            area.y + y,
        ));
    }
}

fn buttons(sight: &dyn Sight, look: Look, fields: &Fields) -> Line<'static> {
    let mut spans = vec![Span::raw("  ")];
    for (at, button) in fields.buttons.iter().enumerate() {
        let here = fields.at == fields.lines.len() + at;
        let open = ready(fields, button.press, sight.now());
        let role = match (here, open) {
            (true, _) => Role::Selection,
            (false, true) => Role::Text,
            (false, false) => Role::Dim,
        };
        let mark = if here { look.cursor() } else { " " };
        spans.push(Span::styled(
            format!("{mark}[ {} ]", look.text(&button.words)),
            look.style(role),
        ));
        spans.push(Span::raw("   "));
    }
    Line::from(spans)
}

/// The end of a text that fits: where one types is always to be seen.
fn tail(text: &str, room: usize) -> &str {
    let mut from = 0;
    while text[from..].width() > room {
        from += text[from..].chars().next().map_or(1, char::len_utf8);
    }
    &text[from..]
}
