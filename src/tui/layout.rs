//! Where the panes of a run stand, for a size and what they hold. Shared by drawing and by the keys that need to know
//! whether a command could be read to its end.

use super::fields::Fields;
use super::frame;
use super::page;
use super::place::Place;
use super::sight::Sight;
use super::state::{Focus, Layer, State};
use ratatui::layout::Rect;

/// The width of the list of steps where it stands beside the text.
const STEPS: u16 = 38;
/// The rows of the window on the steps where there is no room beside.
const WINDOW: u16 = 5;

/// The panes of a run; an empty one is not drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// The list of steps, or the window on it.
    pub steps: Rect,
    /// The list stands beside the text and shows all phases.
    pub tree: bool,
    /// What to do.
    pub text: Rect,
    /// The command.
    pub command: Rect,
    /// The output; one row high where it is folded.
    pub output: Rect,
}

/// How many rows of a list of steps are wanted where it does not stand beside the text.
fn window(sight: &dyn Sight) -> u16 {
    let run = sight.run();
    // Before the first step the whole list of what must hold is what one wants to see.
    if run.current().is_none_or(|step| step.phase != 0) {
        return WINDOW;
    }
    let needs = run.plan().steps().iter().filter(|step| step.phase == 0).count();
    u16::try_from(needs + 2).unwrap_or(u16::MAX).clamp(WINDOW, 10)
}

/// Divides the body of a run for so many rows of text and command.
fn panes(
    state: &State,
    urgent: bool,
    window_rows: u16,
    text_rows: usize,
    command_rows: usize,
) -> Panes {
    let window = Rect::new(0, 0, state.size.0, state.size.1);
    let body = frame::areas(window).body;
    if state.zoom || state.focus == Focus::Output {
        return zoomed(state, body);
    }
    let rows = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).saturating_add(2);
    let (tree, column) = if state.size.0 >= 100 && state.size.1 >= 30 {
        (true, Rect { x: body.x + STEPS, width: body.width - STEPS, ..body })
    } else {
        (false, body)
    };
    // What is decided is read now: where it would not fit, the window on the steps and the folded output make room.
    let needed = rows(text_rows).saturating_add(rows(command_rows));
    let tight = !tree && urgent && needed > body.height.saturating_sub(window_rows + 1);
    let steps = match (tree, tight) {
        (true, _) => Rect { width: STEPS, ..body },
        (false, false) => Rect { height: window_rows.min(body.height), ..body },
        (false, true) => Rect { height: 0, ..body },
    };
    let mut rest = if tree { column } else { below(column, steps.height) };
    // The command is never folded away: it is what is about to happen.
    let share = if state.armed.is_some() { rest.height * 3 / 4 } else { rest.height * 3 / 5 };
    let command = if command_rows == 0 { 0 } else { rows(command_rows).min(share).max(3) };
    let folded = match (tree, tight) {
        (true, _) => (rest.height / 4).min(rest.height.saturating_sub(needed)).max(1),
        (false, false) => 1,
        (false, true) => 0,
    };
    let text = rows(text_rows).min(rest.height.saturating_sub(command + folded)).max(3);
    let text_area = take(&mut rest, text);
    let command_area = take(&mut rest, command);
    Panes { steps, tree, text: text_area, command: command_area, output: rest }
}

fn zoomed(state: &State, body: Rect) -> Panes {
    let none = Panes::default();
    match state.focus {
        Focus::Steps => Panes { steps: body, tree: true, ..none },
        Focus::Text => Panes { text: body, ..none },
        Focus::Command => Panes { command: body, ..none },
        Focus::Output if state.zoom || state.size.1 < 30 => Panes { output: body, ..none },
        Focus::Output => {
            let mut rest = body;
            let steps = take(&mut rest, WINDOW);
            Panes { steps, output: rest, ..none }
        }
    }
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

fn take(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect { height: rows, ..*rest };
    *rest = below(*rest, rows);
    taken
}

/// Columns inside a pane: its border and a blank on each side are not its own.
pub fn inside(pane: Rect) -> usize {
    usize::from(pane.width.saturating_sub(4))
}

/// The width that texts are wrapped to in this window.
pub fn text_width(state: &State) -> usize {
    let window = Rect::new(0, 0, state.size.0, state.size.1);
    let tree = state.size.0 >= 100 && state.size.1 >= 30 && !state.zoom;
    let body = frame::areas(window).body;
    inside(if tree { Rect { width: body.width - STEPS, ..body } } else { body })
}

/// Returns the panes as they are drawn now.
pub fn now(state: &State, sight: &dyn Sight) -> Panes {
    let width = text_width(state);
    let text = page::text(state, sight, width).len();
    let command = page::command(state, sight, width).map_or(0, |prose| prose.len());
    panes(state, urgent(state, sight), window(sight), text, command)
}

/// Tells whether something is decided here: what is armed, a failure, an unknown outcome, a question.
fn urgent(state: &State, sight: &dyn Sight) -> bool {
    let place = Place::below(state, &sight.run().outline());
    state.armed.is_some()
        || matches!(place, Place::Failed | Place::Unknown | Place::Ladder | Place::Decision)
}

/// The rows that a guard keeps for what has to be read, however many lines are to be typed.
const READ: u16 = 3;

/// Divides the body for a guard: so many rows that have to be read above, lines and buttons below. The border is not theirs.
pub fn guard(body: Rect, fields: &Fields, text_rows: usize) -> (Rect, Rect) {
    let inside = Rect {
        x: body.x + 2,
        y: body.y + 1,
        width: body.width.saturating_sub(4),
        height: body.height.saturating_sub(2),
    };
    let (roomy, tight) = (fields.lines.len() * 2 + 1, fields.lines.len() + 2);
    let roomy_fits = roomy + text_rows <= usize::from(inside.height);
    let wanted = if roomy_fits { roomy } else { tight };
    let lower = u16::try_from(wanted).unwrap_or(u16::MAX).min(inside.height.saturating_sub(READ));
    let mut rest = inside;
    (take(&mut rest, inside.height - lower), rest)
}

/// Holds the text of a guard within what there is, and notes whether its last row is, or was, on the screen.
pub fn see_guard(state: &mut State, sight: &dyn Sight) {
    let body = frame::areas(Rect::new(0, 0, state.size.0, state.size.1)).body;
    let small = state.too_small();
    let Some(Layer::Fields(fields)) = state.layers.last_mut() else { return };
    if !fields.is_guard() || small {
        return;
    }
    let rows = page::guard(fields, sight, inside(body)).len();
    let (above, _) = guard(body, fields, rows);
    let last = rows.saturating_sub(usize::from(above.height));
    fields.top = fields.top.min(last);
    fields.read |= fields.top == last;
}

/// Tells whether the last row of the command is on the screen; what has no command has its text read to the end.
pub fn command_end_shows(state: &State, sight: &dyn Sight) -> bool {
    let width = text_width(state);
    let panes = now(state, sight);
    if let Some(command) = page::command(state, sight, width) {
        end_shows(panes.command, state.command_top, command.len())
    } else {
        let text = page::text(state, sight, width);
        end_shows(panes.text, state.text_top, text.len())
    }
}

fn end_shows(pane: Rect, top: usize, rows: usize) -> bool {
    pane.height > 2 && top + usize::from(pane.height - 2) >= rows
}

/// So many rows from the marked line on are kept in sight, so that it is seen to be one of several.
const LINES_BEYOND: usize = 3;

/// Holds everything that scrolls within what there is, and the marked line of a list in sight.
pub fn clamp(state: &mut State, sight: &dyn Sight) {
    let width = text_width(state);
    let panes = now(state, sight);
    let room = |pane: Rect| usize::from(pane.height.saturating_sub(2)).max(1);
    let text = page::text(state, sight, width);
    let command = page::command(state, sight, width).map_or(0, |prose| prose.len());
    // Where there is a list the keys move its mark, not the text: what is above it stays as far as there is room.
    if let Some(marked) = text.marked() {
        let beyond = (marked + LINES_BEYOND).min(text.len());
        state.text_top = beyond.saturating_sub(room(panes.text)).min(marked);
    }
    state.text_top = state.text_top.min(text.len().saturating_sub(room(panes.text)));
    state.command_top = state.command_top.min(command.saturating_sub(room(panes.command)));
}
