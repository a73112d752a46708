//! What every screen has: two lines at the top, a message, the hints, and panes with titles between them.

use super::key::Key;
use super::look::{Look, Role, Surroundings};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

/// The smallest window that shows a run.
pub const SMALLEST: (u16, u16) = (60, 16);

/// The areas of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// The two lines at the top.
    pub head: [Rect; 2],
    /// Everything between.
    pub body: Rect,
    /// The latest event.
    pub message: Rect,
    /// The keys.
    pub hints: Rect,
}

/// Divides a window.
pub fn areas(window: Rect) -> Areas {
    let row = |y: u16| {
        Rect { y: window.y + y.min(window.height), height: 1, ..window }.intersection(window)
    };
    let body = Rect { y: window.y + 2, height: window.height.saturating_sub(4), ..window };
    Areas {
        head: [row(0), row(1)],
        body: body.intersection(window),
        message: row(window.height.saturating_sub(2)),
        hints: row(window.height.saturating_sub(1)),
    }
}

/// Draws the screen for a window that is too small for any other, if it is one: what matters most, and the way out.
pub fn too_small(
    frame: &mut Frame<'_>,
    window: Rect,
    look: Look,
    lead: &[String],
    way_out: &str,
) -> bool {
    if window.width >= SMALLEST.0 && window.height >= SMALLEST.1 {
        return false;
    }
    let mut lines = lead.to_vec();
    lines.extend([
        String::new(),
        format!(
            "Window is {}x{}; {}x{} is needed.",
            window.width, window.height, SMALLEST.0, SMALLEST.1
        ),
        "Nothing has stopped.".into(),
        String::new(),
        way_out.into(),
    ]);
    let lines: Vec<Line<'_>> = lines.iter().map(|line| Line::raw(look.text(line))).collect();
    frame.render_widget(Paragraph::new(lines), window);
    true
}

/// A piece of a head line; pieces of higher rank are dropped first when space is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// A shorter form of it, for where even what is never dropped does not fit.
    pub short: Option<String>,
    /// 0 is never dropped.
    pub rank: u8,
}

impl Piece {
    /// Makes one.
    pub fn new(text: impl Into<String>, rank: u8) -> Self {
        Self { text: text.into(), short: None, rank }
    }

    /// Makes one that is never dropped, with a shorter form.
    pub fn kept(text: impl Into<String>, short: impl Into<String>) -> Self {
        Self { text: text.into(), short: Some(short.into()), rank: 0 }
    }
}

/// Draws a head line: pieces from the left with bars between them, pieces at the right end.
pub fn head_line(
    frame: &mut Frame<'_>,
    area: Rect,
    look: Look,
    role: Role,
    left: &[Piece],
    right: &[Piece],
) {
    let text = fitted(look, left, right, usize::from(area.width));
    frame.render_widget(Paragraph::new(text).style(look.style(role)), area);
}

/// Puts pieces into a width: what has the highest rank goes first, then what remains is said shorter, then cut.
fn fitted(look: Look, left: &[Piece], right: &[Piece], width: usize) -> String {
    let bar = look.pick(" │ ", " | ");
    let mut highest = left.iter().chain(right).map(|piece| piece.rank).max().unwrap_or(0);
    let mut shorter = false;
    loop {
        let said = |p: &Piece| match &p.short {
            Some(short) if shorter => look.text(short),
            _ => look.text(&p.text),
        };
        let join = |pieces: &[Piece], between: &str| {
            let kept = pieces.iter().filter(|p| p.rank <= highest && !p.text.is_empty());
            kept.map(said).collect::<Vec<_>>().join(between)
        };
        let (start, end) = (format!(" {}", join(left, bar)), join(right, bar));
        let room = start.width() + end.width() + 1;
        if room <= width || (highest == 0 && shorter) {
            let gap = width.saturating_sub(start.width() + end.width());
            return cut(look, &format!("{start}{}{end}", " ".repeat(gap)), width);
        }
        shorter = highest == 0;
        highest = highest.saturating_sub(1);
    }
}

/// Cuts text to a width, with a mark where something is missing.
pub fn cut(look: Look, text: &str, width: usize) -> String {
    use unicode_width::UnicodeWidthChar;
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        kept.push(c);
        used += wide;
    }
    if width > 0 {
        kept.push_str(look.pick("…", "~"));
    }
    kept
}

/// A key and what it does now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The keys, as they are called: `Enter`, `↑↓`.
    pub keys: String,
    /// What it does, in one to three words.
    pub words: String,
}

impl Hint {
    /// Makes one for a key.
    pub fn new(key: Key, words: impl Into<String>) -> Self {
        Self { keys: key.to_string(), words: words.into() }
    }
}

/// Draws the hint line: the suggested action first, help at the right end. What does not fit is dropped from the
/// right, never the first, never help, and never half a hint.
pub fn hints(frame: &mut Frame<'_>, area: Rect, look: Look, hints: &[Hint], help: &Hint) {
    let text = |hint: &Hint| format!("{} {}", look.text(&hint.keys), look.text(&hint.words));
    let end = text(help);
    let room = usize::from(area.width).saturating_sub(end.width() + 2);
    let mut spans: Vec<Span<'_>> = Vec::new();
    let mut used = 0;
    for (at, hint) in hints.iter().enumerate() {
        let lead = if at == 0 { 0 } else { 2 };
        let wide = text(hint).width() + lead;
        if at > 0 && used + wide > room {
            continue;
        }
        spans.push(Span::raw(" ".repeat(lead)));
        spans.push(Span::styled(look.text(&hint.keys), look.style(Role::Key)));
        spans.push(Span::raw(format!(" {}", look.text(&hint.words))));
        used += wide;
    }
    frame.render_widget(Line::from(spans), area);
    let wide = u16::try_from(end.width()).unwrap_or(0).min(area.width);
    let at_end = Rect { x: area.right() - wide, width: wide, ..area };
    let help = vec![
        Span::styled(look.text(&help.keys), look.style(Role::Key)),
        Span::raw(format!(" {}", look.text(&help.words))),
    ];
    frame.render_widget(Line::from(help), at_end);
}

/// A pane to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Pane {
    /// At the left of its upper border.
    pub title: String,
    /// At the right of it.
    pub aside: String,
    /// It has the keys.
    pub focus: bool,
    /// The style of its title, if not the usual one.
    pub role: Option<Role>,
}

/// Draws a pane's border and title, empties it, and returns what is inside.
pub fn pane(
    frame: &mut Frame<'_>,
    area: Rect,
    look: Look,
    around: Surroundings,
    pane: &Pane,
) -> Rect {
    let style = look.style(if pane.focus { Role::BorderFocus } else { Role::Border });
    let set = look.border(around);
    let mut block = Block::bordered().border_set(set).border_style(style);
    let width = usize::from(area.width.saturating_sub(4));
    let aside = look.text(&pane.aside);
    let aside_room = if aside.is_empty() { 0 } else { aside.width() + 3 };
    let title = cut(look, &look.text(&pane.title), width.saturating_sub(aside_room));
    let titled: Style = look.style(pane.role.unwrap_or(Role::Title));
    if !title.is_empty() {
        block = block.title_top(Line::from(vec![
            Span::styled(set.horizontal_top, style),
            Span::styled(format!(" {title} "), titled),
        ]));
    }
    if !aside.is_empty() && aside.width() + 4 <= width {
        let aside = vec![
            Span::styled(format!(" {aside} "), style),
            Span::styled(set.horizontal_top, style),
        ];
        block = block.title_top(Line::from(aside).right_aligned());
    }
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    // A blank column on each side, as in print.
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }.intersection(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::look::Theme;

    const LOOK: Look = Look { theme: Theme::Mono, ascii: false };

    #[test]
    fn what_has_the_highest_rank_is_dropped_first() {
        let left = [Piece::new("LIVE", 0), Piece::new("PROD", 0), Piece::new("db-orders", 2)];
        let right = [Piece::new("op mara", 3), Piece::new("03:12:04Z", 1)];
        assert_eq!(
            fitted(LOOK, &left, &right, 50).trim_end().len(),
            fitted(LOOK, &left, &right, 50).len()
        );
        let short = fitted(LOOK, &left, &right, 28);
        assert!(!short.contains("mara") && !short.contains("db-orders"), "{short}");
        assert!(short.contains("LIVE │ PROD") && short.ends_with("03:12:04Z"), "{short}");
    }

    #[test]
    fn a_cut_is_marked_and_never_too_wide() {
        assert_eq!(cut(LOOK, "abcdef", 4), "abc…");
        assert_eq!(cut(LOOK, "日本語", 4), "日…");
        assert_eq!(cut(LOOK, "abc", 3), "abc");
        assert_eq!(cut(LOOK, "abc", 0), "");
    }

    #[test]
    fn a_window_of_one_cell_has_areas_inside_it() {
        let window = Rect::new(0, 0, 1, 1);
        let areas = areas(window);
        for area in [areas.head[0], areas.head[1], areas.body, areas.message, areas.hints] {
            assert_eq!(area.intersection(window), area);
        }
    }
}
