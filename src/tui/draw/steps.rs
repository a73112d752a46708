//! The list of steps: all phases beside the text where there is room, else a window of three on them.

use super::super::frame::{self, Pane};
use super::super::layout::Panes;
use super::super::look::{Look, Role, Surroundings};
use super::super::page::minutes;
use super::super::prose::{self, Row as Cells};
use super::super::sight::Sight;
use super::super::state::{Focus, State};
use crate::engine::event::{AttemptId, Part, Work};
use crate::engine::outline::{Outline, PhaseRow, Row};
use crate::engine::state::StepState;
use crate::line::span;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// Draws the list.
pub fn draw(
    frame: &mut Frame<'_>,
    panes: &Panes,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
) {
    if panes.steps.height < 3 {
        return;
    }
    let outline = sight.run().outline();
    let focus = state.focus == Focus::Steps;
    let aside = format!("{}/{}", super::head::position(&outline), outline.in_force);
    let phase = current_phase(&outline, state);
    let (title, aside) = match phase {
        Some(phase) if !panes.tree => (
            "Steps".to_owned(),
            format!("{} {} {}/{}", number(phase), phase.title, phase.settled, phase.in_force),
        ),
        _ => ("Steps".to_owned(), aside),
    };
    let pane = Pane { title, aside, focus, role: None };
    let inside = frame::pane(frame, panes.steps, look, around, &pane);
    let shown = state.looked.as_ref().or(outline.current.as_ref());
    let (lines, mark) = if panes.tree {
        tree(&outline, sight, look, inside, shown)
    } else {
        flat(&outline, sight, look, inside, shown)
    };
    // The shown step stays in view, with what came before it above.
    let height = usize::from(inside.height);
    let top = mark.saturating_sub(if panes.tree { height / 2 } else { 1 });
    let top = top.min(lines.len().saturating_sub(height));
    let visible: Vec<Line<'_>> = lines.into_iter().skip(top).take(height).collect();
    frame.render_widget(Paragraph::new(visible), inside);
}

fn current_phase<'a>(outline: &'a Outline, state: &State) -> Option<&'a PhaseRow> {
    let shown = state.looked.as_ref().or(outline.current.as_ref())?;
    let row = outline.rows.iter().find(|row| row.id == *shown)?;
    outline.phases.iter().find(|phase| phase.phase == row.phase)
}

fn number(phase: &PhaseRow) -> String {
    phase.phase.to_string()
}

fn tree(
    outline: &Outline,
    sight: &dyn Sight,
    look: Look,
    area: Rect,
    shown: Option<&crate::runbook::model::StepId>,
) -> (Vec<Line<'static>>, usize) {
    let width = usize::from(area.width);
    let mut lines = Vec::new();
    let mut mark = 0;
    let mut phase = None;
    for row in &outline.rows {
        if phase != Some(row.phase) {
            phase = Some(row.phase);
            if let Some(phase) = outline.phases.iter().find(|p| p.phase == row.phase) {
                let counts = format!("{}/{}", phase.settled, phase.in_force);
                let title = format!("{} {}", number(phase), phase.title);
                lines.push(prose::line(
                    &spread(look, vec![(Role::Strong, title)], Role::Dim, &counts, width),
                    look,
                ));
            }
        }
        if Some(&row.id) == shown {
            mark = lines.len();
        }
        let cells = cells(row, sight, look, Some(&row.id) == shown, "  ");
        let aside = [edited(row), &time_of(row, sight)].join(" ");
        lines.push(prose::line(&spread(look, cells, Role::Dim, aside.trim(), width), look));
    }
    (lines, mark)
}

fn flat(
    outline: &Outline,
    sight: &dyn Sight,
    look: Look,
    area: Rect,
    shown: Option<&crate::runbook::model::StepId>,
) -> (Vec<Line<'static>>, usize) {
    let width = usize::from(area.width);
    let mut mark = outline.rows.len();
    let mut lines = Vec::new();
    let shown_at = outline.rows.iter().position(|row| Some(&row.id) == shown);
    for (at, row) in outline.rows.iter().enumerate() {
        // A path not taken is told in the tree; three lines are for what is done.
        if !row.state.is_in_force() && Some(at) != shown_at {
            continue;
        }
        if Some(&row.id) == shown {
            mark = lines.len();
        }
        let aside = [word(row), edited(row).to_owned(), time_of(row, sight)];
        let aside = aside.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let cells = cells(row, sight, look, Some(&row.id) == shown, "");
        lines.push(prose::line(&spread(look, cells, Role::Dim, aside.trim(), width), look));
    }
    (lines, mark)
}

fn word(row: &Row) -> String {
    match row.state {
        StepState::Todo if row.current && row.decision => "DECISION".into(),
        StepState::Todo if row.current => row.hazard.to_string().to_uppercase(),
        StepState::Todo => String::new(),
        _ => row.said().to_owned(),
    }
}

/// A step that was not done with the runbook's command says so wherever it is listed.
fn edited(row: &Row) -> &'static str {
    if row.edited { "edited" } else { "" }
}

fn cells(row: &Row, _sight: &dyn Sight, look: Look, shown: bool, indent: &str) -> Cells {
    let (mark, role) = look.mark(row);
    let cursor = if shown { look.cursor() } else { " " };
    // The mark of the current step is the cursor itself, so that it does not stand there twice.
    let cursor = if row.current && mark == look.pick("▸", "[>]") { " " } else { cursor };
    let title_role = match row.state {
        StepState::NotTaken(_) | StepState::Dormant | StepState::Skipped(_) => Role::Skipped,
        _ if row.current => Role::Strong,
        _ => Role::Text,
    };
    vec![
        (Role::Now, format!("{cursor}{indent}")),
        (role, format!("{mark} ")),
        (Role::Change, format!("{} ", look.hazard_mark(row.hazard, row.decision))),
        (title_role, format!("{} {}", row.number, crate::screen::line(&row.title))),
    ]
}

/// How long it took, runs, or usually takes.
fn time_of(row: &Row, sight: &dyn Sight) -> String {
    let run = sight.run();
    let work = Work { step: row.id.clone(), part: Part::Main };
    let last = run.attempts(&work).last();
    match (&row.state, last) {
        (StepState::Running, Some(attempt)) => {
            let id = AttemptId { work, attempt: attempt.number };
            let passed =
                sight.began(&id).map(|began| (sight.now() - began).to_std().unwrap_or_default());
            passed.map(minutes).unwrap_or_default()
        }
        (StepState::Done(_) | StepState::Failed, Some(attempt)) => {
            let took = attempt.outcome().map(|outcome| Duration::from_nanos(outcome.took_ns));
            took.map(minutes).unwrap_or_default()
        }
        (StepState::Todo, _) => {
            let typical = run.plan().step(&row.id).and_then(|step| step.step.takes.typical);
            typical.map_or(String::new(), |typical| format!("~{}", span(typical)))
        }
        _ => String::new(),
    }
}

/// Puts something at the right end of a row; the text before it is cut if it must be.
fn spread(look: Look, mut cells: Cells, role: Role, aside: &str, width: usize) -> Cells {
    let room = width.saturating_sub(aside.width() + usize::from(!aside.is_empty()));
    let mut used = 0;
    for (_, text) in &mut cells {
        *text = frame::cut(look, text, room.saturating_sub(used));
        used += text.width();
    }
    if !aside.is_empty() {
        cells.push((
            role,
            format!("{}{aside}", " ".repeat(width.saturating_sub(used + aside.width()))),
        ));
    }
    cells
}
