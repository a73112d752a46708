//! The hint line: from the table of keys, with the words that fit now.

use super::super::frame::Hint;
use super::super::keymap::{self, Action, Binding};
use super::super::layout;
use super::super::place::Place;
use super::super::sight::Sight;
use super::super::state::{Layer, State};
use super::super::update::{goes_on, in_preflight, offers_instead};
use crate::engine::event::{Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::next::Next;
use crate::engine::outline::Outline;

/// Returns the hints of a place, the suggested action first, and the one for help.
pub fn hints(
    state: &State,
    sight: &dyn Sight,
    outline: &Outline,
    place: Place,
) -> (Vec<Hint>, Hint) {
    let mut shown: Vec<Hint> = Vec::new();
    for row in keymap::bindings(place).filter(|row| !row.hint.is_empty()) {
        if let Some(words) = words(state, sight, outline, place, row) {
            shown.push(Hint { keys: row.keys[0].to_string(), words });
        }
    }
    if let Some(armed) = &state.armed {
        if !armed.seen_to_end {
            shown.insert(0, Hint { keys: "↓".into(), words: "read it to its end".into() });
        }
        shown.insert(1.min(shown.len()), Hint { keys: "Esc".into(), words: "disarm".into() });
    }
    if let Some(Layer::Fields(fields)) = state.layers.last() {
        if !fields.read {
            shown.insert(0, Hint { keys: "↓".into(), words: "read it to its end".into() });
        } else if fields.is_guard()
            && fields.at + 1 == fields.lines.len()
            && fields.complete(sight.now())
        {
            shown.insert(0, Hint { keys: "Tab".into(), words: "to the button".into() });
        }
    }
    (shown, Hint { keys: keymap::help_key(place).into(), words: "help".into() })
}

/// The words of a row now; none when it would do nothing.
fn words(
    state: &State,
    sight: &dyn Sight,
    outline: &Outline,
    place: Place,
    row: &Binding,
) -> Option<String> {
    let plain = Some(row.hint.to_owned());
    match row.action {
        Action::Run => state
            .armed
            .as_ref()
            .filter(|armed| armed.seen_to_end)
            .map(|armed| if armed.prepared.is_some() { "run now" } else { "tick" }.to_owned()),
        Action::Go if state.armed.is_some() => None,
        Action::Go => go(state, sight, outline, place),
        Action::Back => match place {
            Place::Menu
            | Place::Messages
            | Place::Fields
            | Place::Note
            | Place::Edit
            | Place::Help => plain,
            Place::Output => Some("back to the step".into()),
            _ => None,
        },
        Action::Instead => offers_instead(sight).then_some(row.hint.to_owned()),
        Action::Look if preflight(sight, outline) => Some("check all".to_owned()),
        Action::Look => looks(sight, outline).then(|| "check, read only".to_owned()),
        Action::Down => matches!(
            place,
            Place::Menu | Place::Failed | Place::Unknown | Place::Decision | Place::Clear
        )
        .then_some(row.hint.to_owned()),
        Action::Zoom if place == Place::Output => {
            Some(if state.zoom { "unzoom" } else { "zoom" }.into())
        }
        _ => plain,
    }
}

fn preflight(sight: &dyn Sight, outline: &Outline) -> bool {
    matches!(&outline.next, Next::Start { work, .. } if in_preflight(sight, work))
}

fn looks(sight: &dyn Sight, outline: &Outline) -> bool {
    let plan = sight.run().plan();
    match &outline.next {
        Next::Answer { step, question } => {
            plan.has(&Work { step: step.clone(), part: Part::Question(*question) })
        }
        Next::Failed { id, .. } | Next::Unknown { id, .. } => {
            plan.has(&Work { step: id.work.step.clone(), part: Part::Probe })
        }
        Next::Start { work, .. } => plan.has(&Work { step: work.step.clone(), part: Part::Probe }),
        _ => false,
    }
}

/// What `Enter` does now.
fn go(state: &State, sight: &dyn Sight, outline: &Outline, place: Place) -> Option<String> {
    let words = match (place, &outline.next) {
        (Place::Step, Next::Start { guard, work, .. }) => {
            let number =
                sight.run().plan().step(&work.step).map_or(String::new(), |s| s.number.clone());
            match guard {
                // What does not fit here is shown whole before it runs.
                GuardNeeded::None if !layout::command_end_shows(state, sight) => {
                    format!("show all of {number}")
                }
                GuardNeeded::None => format!("run {number}, read only"),
                GuardNeeded::Armed => format!("arm {number}"),
                GuardNeeded::Typed { .. } | GuardNeeded::Witnessed { .. } => {
                    format!("open the guard of {number}")
                }
            }
        }
        (Place::ByHand, Next::Tick { guard, .. }) => match guard {
            GuardNeeded::None => "tick: it is said or done".into(),
            GuardNeeded::Armed => "arm, then R ticks it".into(),
            GuardNeeded::Typed { .. } | GuardNeeded::Witnessed { .. } => "open the guard".into(),
        },
        (Place::Elsewhere, _) => "back to the current step".into(),
        (Place::Values, _) => "give the values".into(),
        (Place::Decision, _) => "choose the marked one".into(),
        (Place::Failed | Place::Unknown | Place::Menu, _) => "choose".into(),
        (Place::Clear, _) => "clear the marked one".into(),
        (Place::Close, _) => "close the run".into(),
        (Place::Running, _) => "look at the output".into(),
        (Place::Closed, _) if goes_on(outline) => "go on there".into(),
        (Place::Closed | Place::Held, _) => "leave".into(),
        (Place::Fields, _) => return fields(state),
        _ => return None,
    };
    Some(words)
}

fn fields(state: &State) -> Option<String> {
    let Some(Layer::Fields(fields)) = state.layers.last() else { return None };
    Some(match fields.button() {
        Some(button) => format!("press {}", button.words),
        None if fields.at + 1 == fields.lines.len() && !fields.is_guard() => {
            fields.buttons.first().map_or("accept".into(), |button| begun_small(&button.words))
        }
        None if fields.at + 1 == fields.lines.len() => "check it".into(),
        None => "accept, next".into(),
    })
}

/// Begins a button's words with a small letter. The rest stays as it is: there may be a name or a time in it.
fn begun_small(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
