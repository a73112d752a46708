//! Moving about: none of it changes anything outside the screen.

use super::super::fields::Fields;
use super::super::key::Key;
use super::super::keymap::Action;
use super::super::place::Place;
use super::super::sight::Sight;
use super::super::state::{Focus, Layer, State};
use super::{Ask, OutputWish, deeds, go};
use crate::engine::next::Next;
use crate::engine::outline::Outline;
use crate::tui::layout;

/// How far a page goes.
const PAGE: usize = 10;

/// Tells whether an action may come from a key that is held down.
pub fn repeats(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::PageUp
            | Action::PageDown
            | Action::SearchNext
            | Action::SearchPrevious
    )
}

/// Tells whether what is armed stays so: only reading the armed command itself does that.
pub fn keeps_armed(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last
            | Action::Redraw
            | Action::Copy
    )
}

/// Moves.
pub fn moved(
    state: &mut State,
    sight: &dyn Sight,
    outline: &Outline,
    place: Place,
    action: Action,
    key: Key,
) -> Option<Ask> {
    match place {
        Place::Menu | Place::Help | Place::Messages | Place::Fields | Place::Note | Place::Edit => {
            in_layer(state, action, key);
            return None;
        }
        Place::Output if output(action) => return Some(Ask::Output(OutputWish::Move(action))),
        _ => {}
    }
    match action {
        Action::NextPane if key == Key::Char('o') => state.focus = Focus::Output,
        Action::NextPane => state.focus = turned(state.focus, true),
        Action::PreviousPane => state.focus = turned(state.focus, false),
        Action::Zoom => state.zoom = !state.zoom,
        Action::Current => {
            state.looked = None;
            state.focus = Focus::Text;
            state.turn_page();
        }
        Action::Digit => digit(state, sight, outline, key),
        _ if state.armed.as_ref().is_some_and(|armed| armed.prepared.is_none()) => {
            // Work by hand has no command: its text is what is read to the end.
            scroll(&mut state.text_top, action);
        }
        _ if state.armed.is_some() => scroll(&mut state.command_top, action),
        _ if state.focus == Focus::Steps => look_at(state, outline, action),
        _ if listed(sight, outline) > 0 && state.looked.is_none() => {
            let last = listed(sight, outline) - 1;
            move_in(&mut state.choice, action, last);
        }
        _ if state.focus == Focus::Command => scroll(&mut state.command_top, action),
        _ => scroll(&mut state.text_top, action),
    }
    layout::clamp(state, sight);
    go::see(state, sight);
    None
}

fn turned(focus: Focus, forward: bool) -> Focus {
    const ROUND: [Focus; 4] = [Focus::Steps, Focus::Text, Focus::Command, Focus::Output];
    let at = ROUND.iter().position(|one| *one == focus).unwrap_or(0);
    ROUND[(at + if forward { 1 } else { ROUND.len() - 1 }) % ROUND.len()]
}

fn output(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::First
            | Action::Last
            | Action::PageUp
            | Action::PageDown
            | Action::Follow
            | Action::Wrap
            | Action::Times
            | Action::SearchNext
            | Action::SearchPrevious
    )
}

/// How many lines the list of this place has.
fn listed(sight: &dyn Sight, outline: &Outline) -> usize {
    match &outline.next {
        Next::Failed { .. } | Next::Unknown { .. } => deeds::choices(sight, outline).len(),
        Next::Decide { step, .. } => {
            let decide = sight.run().plan().step(step).and_then(|step| step.decision());
            decide.map_or(0, |decide| decide.outcomes.len())
        }
        Next::Clear { steps } => steps.len(),
        _ => 0,
    }
}

fn digit(state: &mut State, sight: &dyn Sight, outline: &Outline, key: Key) {
    let Key::Char(c) = key else { return };
    let Some(number) = c.to_digit(10).and_then(|n| (n as usize).checked_sub(1)) else { return };
    if number < listed(sight, outline) {
        state.choice = number;
    }
}

/// Moves the mark in a list.
pub fn move_in(at: &mut usize, action: Action, last: usize) {
    *at = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => *at + 1,
        Action::PageUp => at.saturating_sub(PAGE),
        Action::PageDown => *at + PAGE,
        Action::First => 0,
        Action::Last => last,
        _ => *at,
    }
    .min(last);
}

/// Scrolls; how far it can go is known where it is drawn, and [`layout::clamp`] holds it there.
fn scroll(top: &mut usize, action: Action) {
    move_in(top, action, usize::MAX / 2);
}

/// Looks at another step than the current one.
fn look_at(state: &mut State, outline: &Outline, action: Action) {
    let Some(last) = outline.rows.len().checked_sub(1) else { return };
    let wanted = state.looked.as_ref().or(outline.current.as_ref());
    let mut at = wanted
        .and_then(|wanted| outline.rows.iter().position(|row| row.id == *wanted))
        .unwrap_or(last);
    move_in(&mut at, action, last);
    let id = outline.rows[at].id.clone();
    state.text_top = 0;
    state.command_top = 0;
    state.looked = (outline.current.as_ref() != Some(&id)).then_some(id);
}

fn in_layer(state: &mut State, action: Action, key: Key) {
    let lines = state.messages.len();
    match state.layers.last_mut() {
        Some(Layer::Menu(menu)) => match (action, key) {
            (Action::Digit, Key::Char(c)) => {
                let number = c.to_digit(10).and_then(|n| (n as usize).checked_sub(1));
                menu.at = number.filter(|n| *n < menu.items.len()).unwrap_or(menu.at);
            }
            _ => move_in(&mut menu.at, action, menu.items.len().saturating_sub(1)),
        },
        Some(Layer::Help { top, .. }) => scroll(top, action),
        Some(Layer::Messages { top }) => {
            *top = (*top).min(lines);
            move_in(top, action, lines.saturating_sub(1));
        }
        Some(Layer::Fields(fields)) => in_fields(fields, action, key),
        Some(Layer::Edit(edit)) => match action {
            Action::Up => edit.text.move_cursor(tui_textarea::CursorMove::Up),
            Action::Down => edit.text.move_cursor(tui_textarea::CursorMove::Down),
            _ => {}
        },
        Some(Layer::Note(note)) => match action {
            Action::Next | Action::Previous => note.turn(action == Action::Next),
            Action::Up => note.text.move_cursor(tui_textarea::CursorMove::Up),
            Action::Down => note.text.move_cursor(tui_textarea::CursorMove::Down),
            _ => {}
        },
        None => {}
    }
}

/// An arrow reads a guard to its end before it moves among the lines; pages always read.
fn in_fields(fields: &mut Fields, action: Action, key: Key) {
    let unread = !fields.read;
    match (action, key) {
        (Action::PageUp | Action::PageDown, _) => scroll(&mut fields.top, action),
        (_, Key::Down) if unread => scroll(&mut fields.top, Action::Down),
        (_, Key::Up) if unread => scroll(&mut fields.top, Action::Up),
        _ => fields.step(action == Action::Next),
    }
}
