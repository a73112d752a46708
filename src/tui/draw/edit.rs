//! A command being changed, below what the runbook has.

use super::super::edit::Edit;
use super::super::frame::{self, Pane};
use super::super::look::{Look, Role, Surroundings};
use super::super::prose::Prose;
use super::super::sight::Sight;
use super::layers::typed;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// What stands below the text: where it leads, and what it cannot do.
const FOOT: &str = "Nothing runs yet. What it is given (variables, files, input) stays the same.";

/// Draws the text of a command and, as far as there is room, what it was.
pub(super) fn edit(
    frame: &mut Frame<'_>,
    area: Rect,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    edit: &Edit,
) {
    let lower = (area.height / 2 + 1).max(6).min(area.height);
    let upper = Rect { height: area.height - lower, ..area };
    if upper.height >= 3 {
        let pane = Pane { title: "The runbook has".into(), ..Pane::default() };
        let inside = frame::pane(frame, upper, look, around, &pane);
        let mut prose = Prose::new(usize::from(inside.width));
        prose.command(&edit.prepared.shown);
        super::rows(frame, inside, look, &prose, 0);
    }
    let lower = Rect { y: area.y + upper.height, height: lower, ..area };
    let step = sight.run().plan().step(&edit.prepared.work.step);
    let number = step.map_or_else(String::new, |step| format!("   step {}", step.number));
    let pane = Pane { title: format!("Your command{number}"), focus: true, ..Pane::default() };
    let inside = frame::pane(frame, lower, look, around, &pane);
    if inside.height < 2 {
        return;
    }
    let text = Rect { height: inside.height - 1, ..inside };
    typed(frame, text, look, &edit.text);
    let foot = Rect { y: inside.bottom() - 1, height: 1, ..inside };
    let words = frame::cut(look, FOOT, usize::from(inside.width));
    frame.render_widget(Line::from(Span::styled(words, look.style(Role::Dim))), foot);
}
