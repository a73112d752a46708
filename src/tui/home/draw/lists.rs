//! The lists: runbooks, what people see, runs where there is room, and the card of the chosen runbook.

use super::super::card::hours;
use super::super::facts::Facts;
use super::super::find::{self, Hit};
use super::super::state::{Focus, State, View};
use super::{AROUND, card, runs};
use crate::screen;
use crate::tui::frame::{self, Pane};
use crate::tui::look::{Look, Role};
use crate::tui::prose::{self, Prose, Row};
use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// What people see is numbered as far as there are digits.
const NUMBERED: usize = 9;

/// Draws the lists.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, facts: &Facts, look: Look) {
    let hits = find::hits(facts, &state.filter);
    let list = rows(hits.len() + 3);
    let seen = facts.symptoms().len().min(NUMBERED);
    if area.width >= 100 && area.height >= 26 {
        let left = Rect { width: area.width * 58 / 100, ..area };
        let right = Rect { x: area.x + left.width, width: area.width - left.width, ..area };
        let list = list.clamp(5, left.height / 3 + 2);
        let seen = rows(seen + 2).min(11).min(left.height.saturating_sub(list + 5));
        let [upper, middle, lower] = split(left, list, seen);
        runbooks(frame, upper, state, facts, look, &hits);
        symptoms(frame, middle, state, facts, look);
        runs::pane(frame, lower, facts, look);
        card::draw(frame, right, state, facts, look);
        return;
    }
    let list = list.clamp(4, area.height * 2 / 5);
    let half = rows(seen.div_ceil(columns(facts, area.width)) + 2);
    let seen = if seen == 0 { 0 } else { half.min(area.height.saturating_sub(list + 5)) };
    let [upper, middle, lower] = split(area, list, seen);
    runbooks(frame, upper, state, facts, look, &hits);
    symptoms(frame, middle, state, facts, look);
    card::draw(frame, lower, state, facts, look);
}

fn rows(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn split(area: Rect, upper: u16, middle: u16) -> [Rect; 3] {
    let upper = upper.min(area.height);
    let middle = middle.min(area.height - upper);
    let top = Rect { height: upper, ..area };
    let mid = Rect { y: area.y + upper, height: middle, ..area };
    let low = Rect { y: mid.y + middle, height: area.height - upper - middle, ..area };
    [top, mid, low]
}

/// Draws the list of runbooks.
pub fn runbooks(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    facts: &Facts,
    look: Look,
    hits: &[Hit<'_>],
) {
    let focus = state.focus(facts) == Focus::Runbooks || state.view == View::Filter;
    let pane = Pane {
        title: "Runbooks".into(),
        aside: format!("{} of {}", hits.len(), facts.runbooks.len()),
        focus,
        role: None,
    };
    let inside = frame::pane(frame, area, look, AROUND, &pane);
    if inside.height == 0 {
        return;
    }
    let wide = Columns::of(facts, usize::from(inside.width));
    let mut prose = Prose::new(usize::from(inside.width));
    prose.row(wide.row(
        Role::Dim,
        "  ",
        "NAME",
        vec![(Role::Dim, "USE IT WHEN".into())],
        ["RTO", "TYPICAL", "LAST DRILL"],
    ));
    let room = usize::from(inside.height).saturating_sub(1);
    let at = state.at(facts);
    let top = (at + 1).saturating_sub(room);
    for (index, hit) in hits.iter().enumerate().skip(top).take(room) {
        let chosen = index == at;
        let mark = match (chosen, focus) {
            (true, true) => look.pick("▸ ", "> "),
            (true, false) => look.pick("› ", ". "),
            (false, _) => "  ",
        };
        prose.row(line(state, facts, hit, &wide, mark, chosen));
    }
    if hits.is_empty() {
        prose.text(Role::Dim, "No runbook holds all these words. Esc shows all.");
    }
    prose::draw(frame, inside, look, &prose, 0);
}

/// The columns of the list of runbooks.
struct Columns {
    name: usize,
    when: usize,
    typical: bool,
}

impl Columns {
    fn of(facts: &Facts, width: usize) -> Self {
        let widest = facts.runbooks.iter().map(|listed| listed.name.width()).max().unwrap_or(4);
        let name = widest.clamp(4, width / 3);
        let typical = width >= 72;
        let rest = 2 + name + 2 + 6 + if typical { 9 } else { 0 } + 10;
        Self { name, when: width.saturating_sub(rest), typical }
    }

    fn row(&self, role: Role, mark: &str, name: &str, when: Row, figures: [&str; 3]) -> Row {
        let [rto, typical, drill] = figures;
        let name = screen::fit(&screen::line(name), self.name);
        let pad = self.name - name.width() + 2;
        let mut row =
            vec![(Role::Now, mark.to_owned()), (role, format!("{name}{}", " ".repeat(pad)))];
        let mut used = 0;
        for (role, text) in when {
            let text = screen::fit(&text, self.when.saturating_sub(used + 1));
            used += text.width();
            row.push((role, text));
            if used + 1 >= self.when {
                break;
            }
        }
        row.push((role, " ".repeat(self.when.saturating_sub(used))));
        row.push((role, format!("{rto:<6}")));
        if self.typical {
            row.push((role, format!("{typical:<9}")));
        }
        row.push((role, format!("{drill:<10}")));
        row
    }
}

fn line(
    state: &State,
    facts: &Facts,
    hit: &Hit<'_>,
    wide: &Columns,
    mark: &str,
    chosen: bool,
) -> Row {
    let listed = hit.listed;
    let role = if chosen { Role::Strong } else { Role::Text };
    let card = match &listed.card {
        Ok(card) => card,
        Err(fault) => {
            let why = screen::line(format!("cannot run: {}, {}", fault.what, fault.place));
            let when = vec![(Role::Failed, "✗ ".to_owned()), (Role::Failed, why)];
            return wide.row(role, mark, &listed.name, when, ["", "", ""]);
        }
    };
    let when: Row = if let Some((place, text)) = &hit.place {
        let text = screen::line(text);
        let pieces = find::marked(&text, &state.filter);
        let piece = |(piece, hit): (&str, bool)| {
            (if hit { Role::Match } else { Role::Text }, piece.to_owned())
        };
        let lead = (Role::Dim, format!("{place}: "));
        std::iter::once(lead).chain(pieces.into_iter().map(piece)).collect()
    } else {
        let first = card.use_when.first().map_or("", String::as_str);
        vec![(role, screen::line(first))]
    };
    let hm = |span: Option<std::time::Duration>| span.map_or("-".to_owned(), hours);
    let drill = facts.drill(listed);
    wide.row(role, mark, &listed.name, when, [&hm(card.rto), &hm(card.typical), &drill])
}

/// In how many columns what people see stands.
fn columns(facts: &Facts, width: u16) -> usize {
    let many = facts.symptoms().len() > 4;
    if many && width >= 76 { 2 } else { 1 }
}

/// Draws what people see, numbered.
fn symptoms(frame: &mut Frame<'_>, area: Rect, state: &State, facts: &Facts, look: Look) {
    if area.height < 3 {
        return;
    }
    let focus = state.focus(facts) == Focus::Symptoms && state.view == View::Lists;
    let pane = Pane { title: "Start from what you see".into(), focus, ..Pane::default() };
    let inside = frame::pane(frame, area, look, AROUND, &pane);
    let all = facts.symptoms();
    let shown: Vec<_> = all.iter().take(NUMBERED).enumerate().collect();
    let columns = columns(facts, area.width);
    let each = usize::from(inside.width) / columns;
    let rows = shown.len().div_ceil(columns);
    let mut prose = Prose::new(usize::from(inside.width));
    let room = usize::from(inside.height);
    let top = if columns == 1 { (state.symptom + 1).saturating_sub(room) } else { 0 };
    for at in top..rows {
        let mut row = Row::new();
        for (index, (said, name)) in (0..columns).filter_map(|column| shown.get(at + column * rows))
        {
            let here = focus && *index == state.symptom;
            let mark = if here { look.pick("▸ ", "> ") } else { "  " };
            let arrow = if columns == 1 { format!("  → {name}") } else { String::new() };
            let arrow = screen::fit(&screen::line(arrow), each / 2);
            let room = each.saturating_sub(6 + arrow.width());
            let said = screen::fit(&screen::line(said), room);
            let pad = room - said.width();
            row.push((Role::Now, mark.into()));
            row.push((Role::Key, format!("{}  ", index + 1)));
            row.push((if here { Role::Strong } else { Role::Text }, said));
            row.push((Role::Dim, format!("{}{arrow} ", " ".repeat(pad))));
        }
        prose.row(row);
    }
    prose::draw(frame, inside, look, &prose, 0);
}
