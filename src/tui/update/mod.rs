//! From an input to what is asked for. Pure: the state changes, and at most one thing is asked of the driver.
//!
//! What starts something is asked for in [`go`] alone, and only there from two places: `Enter` on work that needs no
//! guard, and the second key, word or button of a guard.

pub mod deeds;
mod edit;
mod go;
mod moves;
pub mod submit;

use super::fields::Press;
use super::key::{Input, Key};
use super::keymap::{self, Action};
use super::layout;
use super::look::Role;
use super::page;
use super::place::Place;
use super::sight::Sight;
use super::state::{ARMED_FOR, Deed, Focus, Item, Layer, Menu, State};
use crate::driver::Prepared;
use crate::engine::choices::{Choice, Does};
use crate::engine::command::Command;
use crate::engine::event::{AttemptId, Guard, SettledAs};
use crate::engine::next::Next;
use crate::engine::outline::Outline;
use secrecy::SecretString;

pub use deeds::{choices, offers_instead};
pub use go::{goes_on, in_preflight, shown_work};
pub use submit::ready;

/// What the screen asks for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Start exactly what was shown.
    Start { prepared: Box<Prepared>, guard: Guard, override_reason: Option<String> },
    /// Anything else that is asked of the engine.
    Do(Box<Command>),
    /// The same, and leave when it was granted.
    DoAndLeave(Box<Command>),
    /// Ask a running command to stop.
    Interrupt(AttemptId),
    /// A secret was typed.
    Secret { name: String, value: SecretString },
    /// Run the checks of preflight that are left, one after another, until one does not hold.
    CheckAll,
    /// Something for the output pane.
    Output(OutputWish),
    /// Go on in the runbook in which this closed run goes on.
    GoOn,
    /// Leave; the run and its commands go on.
    Leave,
    /// Stop this process as Control-Z does.
    Suspend,
    /// Draw everything again.
    Redraw,
    /// Copy what is shown.
    Copy,
}

/// What is asked of the output pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputWish {
    /// Move, or turn something on or off.
    Move(Action),
    /// Search for this.
    Search(String),
}

/// Takes an input.
pub fn update(state: &mut State, sight: &dyn Sight, input: Input) -> Option<Ask> {
    tick(state, sight);
    let pane = (state.focus, state.zoom);
    let ask = match input {
        Input::Key(key, at) => {
            let held = state.held_down(key, at);
            press(state, sight, key, held)
        }
        Input::Paste(text) => {
            paste(state, sight, &text);
            None
        }
        Input::Resize => None,
    };
    // Another pane has the keys, so the text has another height: its list stays in sight.
    if pane != (state.focus, state.zoom) {
        layout::clamp(state, sight);
    }
    layout::see_guard(state, sight);
    ask
}

/// Lets time pass: what was armed too long ago is disarmed. True if something on the screen changed.
pub fn tick(state: &mut State, sight: &dyn Sight) -> bool {
    let now = sight.now();
    let over = state.armed.as_ref().is_some_and(|armed| now - armed.since >= ARMED_FOR);
    if over {
        disarm(state, sight, "Disarmed after 60 s. Nothing was started.");
    }
    over
}

/// Adapts the state to a window of another size: what can no longer be seen whole is no longer armed.
pub fn resized(state: &mut State, sight: &dyn Sight) {
    if state.too_small() || !layout::command_end_shows(state, sight) {
        disarm(state, sight, "Disarmed: the command is not wholly on the screen any more.");
    }
    layout::clamp(state, sight);
    layout::see_guard(state, sight);
}

/// Adapts the state to what has become so: another step, another question, an end.
pub fn observe(state: &mut State, sight: &dyn Sight, before: Option<&Next>) {
    let outline = sight.run().outline();
    if before == Some(&outline.next) {
        return;
    }
    state.turn_page();
    state.looked = None;
    state.unread = true;
    if state.armed.is_some() {
        disarm(state, sight, "Disarmed: something happened meanwhile.");
    }
    state.choice = first_choice(sight, &outline);
    if state.focus != Focus::Output || matches!(outline.next, Next::Watch { .. }) {
        state.focus = Focus::Text;
    }
    layout::clamp(state, sight);
}

/// The line that is marked first: the expected outcome, or the first thing that can be done.
fn first_choice(sight: &dyn Sight, outline: &Outline) -> usize {
    match &outline.next {
        Next::Failed { id, choices } | Next::Unknown { id, choices } => {
            let run = sight.run();
            // What a probe has proved is suggested first, and the step again after its fix; a person still chooses.
            let proved = |choice: &Choice| match choice.does {
                Does::Done | Does::Check => run.proof(id, SettledAs::Done).is_some(),
                Does::NotStarted => run.proof(id, SettledAs::NotStarted).is_some(),
                Does::Retry => choice.refused.is_none() && run.was_fixed(&id.work.step),
                _ => false,
            };
            let open = |choice: &Choice| choice.refused.is_none();
            choices.iter().position(proved).or_else(|| choices.iter().position(open)).unwrap_or(0)
        }
        _ => page::expected_choice(sight, outline),
    }
}

fn disarm(state: &mut State, sight: &dyn Sight, why: &str) {
    if state.armed.take().is_some() {
        state.say(sight.now(), Role::Info, why);
    }
}

fn press(state: &mut State, sight: &dyn Sight, key: Key, held: bool) -> Option<Ask> {
    let outline = sight.run().outline();
    let place = Place::of(state, &outline);
    let Some(action) = keymap::action(place, key) else {
        // A key without a meaning was not meant for this command.
        disarm(state, sight, "Disarmed. Nothing was started.");
        if place != Place::Tiny {
            type_key(state, key);
        }
        return None;
    };
    // A key that is held down moves and types; it never does anything.
    if held && !moves::repeats(action) {
        return None;
    }
    if action == Action::Go && state.armed.is_some() {
        // Enter arms and never runs, however often it is pressed.
        state.say(sight.now(), Role::Armed, "Armed: R runs it, Esc disarms. Nothing has run yet.");
        return None;
    }
    if action != Action::Run && !moves::keeps_armed(action) {
        disarm(state, sight, "Disarmed. Nothing was started.");
    }
    match action {
        Action::Go if key == Key::Char(' ') => go::tick(state, sight, &outline),
        Action::Go => go::go(state, sight, &outline, place),
        Action::Run => go::run(state, sight),
        Action::Back => {
            back(state, place);
            None
        }
        Action::Help => {
            state.open(Layer::Help { top: 0, wanted: String::new() });
            None
        }
        // What would be asked could not be read there.
        Action::Interrupt | Action::Leave if place == Place::Tiny => Some(Ask::Leave),
        Action::Interrupt => interrupt(state, &outline),
        Action::Leave => leave(state, &outline),
        Action::Suspend => Some(Ask::Suspend),
        Action::Redraw => Some(Ask::Redraw),
        Action::Copy => Some(Ask::Copy),
        Action::Instead => {
            deeds::ask_elsewhere(state, sight);
            None
        }
        Action::Look => go::look(state, sight, &outline),
        Action::Actions => {
            state.open(Layer::Menu(deeds::menu(sight, &outline)));
            None
        }
        Action::Note => {
            let note = state.note.take().unwrap_or_default();
            state.open(Layer::Note(Box::new(note)));
            None
        }
        Action::Save if place == Place::Edit => edit::done(state, sight),
        Action::Save => submit::note(state, sight),
        Action::Yes | Action::No | Action::Unsure => {
            submit::ask_evidence(state, sight, &outline, action);
            None
        }
        Action::Search => {
            submit::ask_search(state);
            None
        }
        _ => moves::moved(state, sight, &outline, place, action, key),
    }
}

fn type_key(state: &mut State, key: Key) {
    match state.layers.last_mut() {
        Some(Layer::Fields(fields)) => {
            fields.type_key(key);
        }
        Some(Layer::Note(note)) => {
            note.type_key(key);
        }
        Some(Layer::Edit(edit)) => {
            edit.type_key(key);
        }
        Some(Layer::Help { wanted, top }) => match key {
            Key::Char(c) => {
                wanted.push(c);
                *top = 0;
            }
            Key::Backspace => {
                wanted.pop();
                *top = 0;
            }
            _ => {}
        },
        Some(Layer::Menu(_) | Layer::Messages { .. }) | None => {}
    }
}

fn paste(state: &mut State, sight: &dyn Sight, text: &str) {
    let unseen = state.too_small();
    let refused = match state.layers.last_mut() {
        _ if unseen => Some("a paste does nothing here"),
        Some(Layer::Fields(fields)) => fields.paste(text).err(),
        Some(Layer::Note(note)) => {
            note.text.insert_str(text);
            None
        }
        Some(Layer::Edit(edit)) => {
            edit.text.insert_str(text);
            None
        }
        _ => Some("a paste does nothing here"),
    };
    disarm(state, sight, "Disarmed by a paste. Nothing was started.");
    if let Some(why) = refused {
        state.say(sight.now(), Role::Warning, format!("Not pasted: {why}."));
    }
}

/// Goes one layer up. Never leaves, never stops anything.
fn back(state: &mut State, place: Place) {
    match state.layers.pop() {
        Some(Layer::Fields(fields)) => {
            let secret =
                fields.lines.iter().any(|f| matches!(f.accepts, super::fields::Accepts::Secret));
            state.drafts.retain(|kept| !kept.same_as(&fields));
            if !secret {
                state.drafts.push(*fields);
            }
        }
        Some(Layer::Note(note)) => state.note = Some(*note),
        Some(Layer::Edit(edit)) => state.edit = Some(*edit),
        Some(_) => {}
        None if state.zoom => state.zoom = false,
        None if place == Place::Output => state.focus = Focus::Text,
        None => {
            state.looked = None;
            state.focus = Focus::Text;
        }
    }
}

fn running(outline: &Outline) -> Option<&AttemptId> {
    outline.running.first()
}

/// Control-C never kills silently: it asks. A second one leaves; the run is kept.
fn interrupt(state: &mut State, outline: &Outline) -> Option<Ask> {
    let title = "Interrupt?";
    if matches!(state.layers.last(), Some(Layer::Menu(menu)) if menu.title == title || menu.title == LEAVING)
    {
        return Some(Ask::Leave);
    }
    let Some(id) = running(outline) else {
        state.open(Layer::Menu(leaving(outline)));
        return None;
    };
    let item = |words: &str, note: &str, deed| Item {
        words: words.into(),
        note: note.into(),
        refused: None,
        deed,
    };
    state.open(Layer::Menu(Menu {
        title: title.into(),
        lead: vec![
            format!("{} is running.", id.work),
            "What it asked of another system goes on there: stopping it here does not cancel that."
                .into(),
        ],
        items: vec![
            item("Keep running", "nothing is stopped", Deed::Stay),
            item(
                "Interrupt the command",
                "an interrupted change is UNKNOWN",
                Deed::Interrupt(id.clone()),
            ),
            item("Leave, keep running", "rutter resume comes back", Deed::Leave),
        ],
        at: 0,
    }));
    None
}

/// The title of the list that `q` opens.
const LEAVING: &str = "Leave?";

fn leave(state: &mut State, outline: &Outline) -> Option<Ask> {
    if outline.closed.is_some() {
        return Some(Ask::Leave);
    }
    state.open(Layer::Menu(leaving(outline)));
    None
}

fn leaving(outline: &Outline) -> Menu {
    let open = outline.changes_open();
    let item =
        |words: &str, note: String, deed| Item { words: words.into(), note, refused: None, deed };
    let goes_on =
        if outline.running.is_empty() { "the run is kept" } else { "the command goes on" };
    Menu {
        title: LEAVING.into(),
        lead: vec!["Leaving stops nothing and loses nothing.".into()],
        items: vec![
            item("Stay", String::new(), Deed::Stay),
            item("Leave", format!("{goes_on}; rutter resume comes back"), Deed::Leave),
            item("Hold…", "stop on purpose for now; reason needed".into(), Deed::Hold),
            item("Stop this run…", format!("ends it; {open} open changes stay"), Deed::Stop),
        ],
        at: 0,
    }
}

/// Presses a button of typed lines.
fn button(state: &mut State, sight: &dyn Sight, press: Press) -> Option<Ask> {
    match press {
        Press::Cancel => {
            state.layers.pop();
            None
        }
        Press::Go => submit::submit(state, sight),
        Press::Defer => {
            submit::defer(state, sight);
            None
        }
    }
}
