//! What a key does on home. Pure: no key starts anything, the most it can do is choose.

use super::draw::{reading_rows, room};
use super::facts::{Facts, Listed, needs_person};
use super::find;
use super::instead;
use super::keys::{Action, KEYS, Place};
use super::state::{Focus, State, View};
use crate::driver::RunStatus;
use crate::tui::help;
use crate::tui::key::{Input, Key};
use crate::tui::look::Role;
use crate::tui::table;

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Go on with this run.
    Resume(String),
    /// Go on with this closed run in the runbook in which it ended.
    GoOn(String),
    /// Open the form of a live run of this runbook.
    Live(String),
    /// Begin a rehearsal of this runbook, whose story was shown.
    Rehearse {
        /// The runbook's full name.
        runbook: String,
        /// The story.
        scenario: String,
    },
    /// Leave.
    Leave,
    /// Suspend the screen.
    Suspend,
    /// Draw everything again.
    Redraw,
}

/// Takes what was pressed or pasted.
pub fn press(state: &mut State, facts: &Facts, input: Input) -> Option<Choice> {
    let key = match input {
        Input::Key(key, _) => key,
        Input::Paste(text) => {
            paste(state, &text);
            return None;
        }
        Input::Resize => return None,
    };
    let place = state.place(facts);
    let Some(action) = table::action(KEYS, place, key) else {
        type_key(state, place, key);
        return None;
    };
    match action {
        Action::Leave => return Some(Choice::Leave),
        Action::Suspend => return Some(Choice::Suspend),
        Action::Redraw => return Some(Choice::Redraw),
        Action::Go => return go(state, facts, place),
        Action::Live => return live(state, facts),
        Action::Rehearse => rehearse(state, facts),
        Action::Instead => instead::go(state, facts),
        Action::Filter => state.view = View::Filter,
        Action::Runs => open_runs(state, facts),
        Action::Digit => digit(state, facts, key),
        Action::Erase => erase(state, place),
        Action::Back => back(state),
        Action::Help => state.help = Some(help::Reading::default()),
        Action::NextPane => turn(state, facts, true),
        Action::PreviousPane => turn(state, facts, false),
        Action::Left => other_needy(state, facts, false),
        Action::Right => other_needy(state, facts, true),
        Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::PageUp
        | Action::PageDown => walk(state, facts, action),
    }
    None
}

fn type_key(state: &mut State, place: Place, key: Key) {
    match (place, key) {
        (Place::Help, key) => _ = state.help.as_mut().map(|help| help.type_key(key)),
        (Place::Filter, Key::Char(c)) => state.filter.push(c),
        _ => {}
    }
}

/// Pastes where something is typed; elsewhere a paste means nothing.
fn paste(state: &mut State, text: &str) {
    let line: String =
        text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    match (&mut state.help, &state.view) {
        (Some(help), _) => help.wanted.push_str(&line),
        (None, View::Filter) => state.filter.push_str(&line),
        (None, _) => state.say(Role::Warning, "Nothing is pasted here."),
    }
}

fn erase(state: &mut State, place: Place) {
    match (&mut state.help, place) {
        (Some(help), _) => _ = help.type_key(Key::Backspace),
        (None, _) => _ = state.filter.pop(),
    }
}

fn go(state: &mut State, facts: &Facts, place: Place) -> Option<Choice> {
    match place {
        Place::Needy => {
            let needy = facts.needy();
            let run = *needy.get(state.needy)?;
            resume(state, facts, run)
        }
        Place::Runbooks | Place::Symptoms => {
            let name = state.meant(facts)?.to_owned();
            state.chosen = Some(name.clone());
            state.view = View::Reading { name, top: 0 };
            None
        }
        Place::Filter => {
            state.view = View::Lists;
            state.focus = Some(Focus::Runbooks);
            None
        }
        Place::Runs => resume_marked(state, facts),
        Place::Rehearsal => {
            let runbook = state.meant(facts)?.to_owned();
            let scenario = tale(facts, &runbook)?.name.clone();
            state.view = View::Lists;
            Some(Choice::Rehearse { runbook, scenario })
        }
        Place::Reading | Place::Help => None,
    }
}

fn resume_marked(state: &mut State, facts: &Facts) -> Option<Choice> {
    let View::Runs { at } = &state.view else { return None };
    let run = facts.runs.get(*at)?;
    resume(state, facts, run)
}

fn resume(state: &mut State, facts: &Facts, run: &RunStatus) -> Option<Choice> {
    if run.state.is_open() {
        return Some(Choice::Resume(run.run.clone()));
    }
    if facts.goes_on(run).is_some() {
        return Some(Choice::GoOn(run.run.clone()));
    }
    let short = &run.short;
    let why = match facts.due(run) {
        Some(due) => {
            let step = &due.step;
            format!("Done? rutter done {short} {step} TEXT. The run: rutter journal show {short}")
        }
        None => format!("{short} is over. Read it: rutter journal show {short}"),
    };
    state.say(Role::Info, why);
    None
}

fn live(state: &mut State, facts: &Facts) -> Option<Choice> {
    let listed = facts.runbook(state.meant(facts)?)?;
    if let Err(fault) = &listed.card {
        let why = format!("{} cannot run: {} ({})", listed.name, fault.what, fault.place);
        state.say(Role::Warning, why);
        return None;
    }
    state.chosen = Some(listed.name.clone());
    Some(Choice::Live(listed.name.clone()))
}

/// Shows what a rehearsal would be; it begins from there.
fn rehearse(state: &mut State, facts: &Facts) {
    let Some(name) = state.meant(facts).map(str::to_owned) else { return };
    state.chosen = Some(name.clone());
    let readable = facts.runbook(&name).is_some_and(|listed| listed.card.is_ok());
    if readable && tale(facts, &name).is_some() {
        state.view = View::Rehearsal { name };
    } else if readable {
        let why = format!(
            "{name} has no scenario, so it cannot be rehearsed. R opens the form of a live run."
        );
        state.say(Role::Warning, why);
    } else {
        state.say(Role::Warning, format!("{name} cannot be read: rutter check {name}"));
    }
}

/// Returns the story that a rehearsal from here tells: a short one before a first run, else the first.
pub fn tale<'a>(facts: &'a Facts, name: &str) -> Option<&'a super::facts::Tale> {
    let Listed { tales, .. } = facts.runbook(name)?;
    tales.iter().find(|tale| tale.quick && facts.last_drill(name).is_none()).or(tales.first())
}

fn open_runs(state: &mut State, facts: &Facts) {
    if facts.runs.is_empty() {
        state.say(Role::Info, "Nothing was run or rehearsed yet.");
        return;
    }
    let at = facts.runs.iter().position(needs_person).unwrap_or(0);
    state.view = View::Runs { at };
}

fn digit(state: &mut State, facts: &Facts, key: Key) {
    let Key::Char(c) = key else { return };
    let Some(number) = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok()) else { return };
    if facts.is_first_start() || number > facts.symptoms().len() {
        state.say(Role::Info, format!("There is no {number} on this screen."));
        return;
    }
    state.focus = Some(Focus::Symptoms);
    state.symptom = number - 1;
}

fn back(state: &mut State) {
    if state.help.take().is_some() {
        return;
    }
    match state.view {
        View::Lists | View::Filter => {
            state.filter.clear();
            state.focus = Some(Focus::Runbooks);
        }
        View::Reading { .. } | View::Runs { .. } | View::Rehearsal { .. } => {}
    }
    state.view = View::Lists;
}

fn turn(state: &mut State, facts: &Facts, forward: bool) {
    let all = [Focus::Needy, Focus::Runbooks, Focus::Symptoms];
    let shown = all.into_iter().filter(|focus| match focus {
        Focus::Needy => !facts.needy().is_empty(),
        Focus::Runbooks => true,
        Focus::Symptoms => !facts.is_first_start() && !facts.symptoms().is_empty(),
    });
    let shown: Vec<Focus> = shown.collect();
    let now = state.focus(facts);
    let at = shown.iter().position(|focus| *focus == now).unwrap_or(0);
    let next = if forward { at + 1 } else { at + shown.len() - 1 };
    state.focus = Some(shown[next % shown.len()]);
}

fn other_needy(state: &mut State, facts: &Facts, forward: bool) {
    let last = facts.needy().len().saturating_sub(1);
    state.needy = if forward { (state.needy + 1).min(last) } else { state.needy.saturating_sub(1) };
}

/// Moves in whatever has the keys; past the end of a list the next one begins.
fn walk(state: &mut State, facts: &Facts, action: Action) {
    let page = room(state.size);
    if let Some(help) = &mut state.help {
        // The end of the help is held where it is drawn; here only the beginning is.
        help.top = moved(help.top, usize::MAX, action, page);
        return;
    }
    match &mut state.view {
        View::Reading { name, top } => {
            let rows =
                facts.runbook(name).map_or(0, |listed| reading_rows(listed, state.size).len());
            *top = moved(*top, rows.saturating_sub(page) + 1, action, page);
            return;
        }
        View::Runs { at } => {
            *at = moved(*at, facts.runs.len(), action, page);
            return;
        }
        View::Rehearsal { .. } => return,
        View::Filter | View::Lists => {}
    }
    let focus = if state.view == View::Filter { Focus::Runbooks } else { state.focus(facts) };
    match focus {
        Focus::Needy => match action {
            Action::Down | Action::PageDown | Action::Last => state.focus = Some(Focus::Runbooks),
            _ => {}
        },
        Focus::Runbooks => walk_runbooks(state, facts, action, page),
        Focus::Symptoms => match action {
            Action::Up if state.symptom == 0 => state.focus = Some(Focus::Runbooks),
            _ => {
                let shown = facts.symptoms().len().min(9);
                state.symptom = moved(state.symptom, shown, action, page);
            }
        },
    }
}

fn walk_runbooks(state: &mut State, facts: &Facts, action: Action, page: usize) {
    let hits = find::hits(facts, &state.filter);
    let at = state.at(facts);
    let typing = state.view == View::Filter;
    match action {
        Action::Up if at == 0 && !typing && !facts.needy().is_empty() => {
            state.focus = Some(Focus::Needy);
        }
        Action::Down if at + 1 >= hits.len() && !typing && !facts.is_first_start() => {
            state.focus = Some(Focus::Symptoms);
            state.symptom = 0;
        }
        _ => {
            let at = moved(at, hits.len(), action, page);
            state.chosen = hits.get(at).map(|hit| hit.listed.name.clone());
            state.focus = Some(Focus::Runbooks);
        }
    }
}

fn moved(at: usize, length: usize, action: Action, page: usize) -> usize {
    let last = length.saturating_sub(1);
    match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at.saturating_add(1).min(last),
        Action::First => 0,
        Action::Last => last,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at.saturating_add(page).min(last),
        _ => at.min(last),
    }
}
