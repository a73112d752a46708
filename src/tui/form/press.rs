//! What a key does on the form. Pure: the most it can do is hand over values that were all checked.

use super::facts::Facts;
use super::field::{From, Subject};
use super::keys::{Action, KEYS};
use super::lookup::{self, Order};
use super::state::{State, check, choices};
use crate::tui::help;
use crate::tui::key::{Input, Key, typed};
use crate::tui::look::Role;
use crate::tui::table;
use secrecy::SecretString;
use std::collections::BTreeMap;

/// What was chosen.
#[derive(Debug)]
pub enum Choice {
    /// Open the run with these values.
    Go(Box<Filled>),
    /// Run a discovery that was shown, and stay here.
    Seek(Box<Order>),
    /// End the discovery that runs, and stay here.
    EndSeek,
    /// Back to where the form was opened from.
    Back,
    /// Suspend the screen.
    Suspend,
    /// Draw everything again.
    Redraw,
}

/// A form that was filled, every line of it checked.
#[derive(Debug, Default)]
pub struct Filled {
    /// The digest of the runbook that was trusted, where that was asked.
    pub trusted: Option<String>,
    /// The environment's name.
    pub environment: Option<String>,
    /// When the incident began.
    pub since: Option<String>,
    /// Which incident it is.
    pub incident: Option<String>,
    /// The values that were typed; an empty one was left empty on purpose.
    pub typed: BTreeMap<String, String>,
    /// The values that were picked from what a discovery found.
    pub discovered: BTreeMap<String, String>,
    /// The secrets that were typed.
    pub secrets: BTreeMap<String, SecretString>,
}

/// Takes what was pressed or pasted.
pub fn press(state: &mut State, facts: &Facts, input: Input) -> Option<Choice> {
    let key = match input {
        Input::Key(key, _) => key,
        Input::Paste(text) => {
            paste(state, facts, &text);
            return None;
        }
        Input::Resize => return None,
    };
    match table::action(KEYS, state.place(facts), key) {
        None => type_key(state, facts, key),
        Some(Action::Suspend) => return Some(Choice::Suspend),
        Some(Action::Redraw) => return Some(Choice::Redraw),
        Some(Action::Back) if state.help.take().is_some() => {}
        Some(Action::Back) => return Some(Choice::Back),
        Some(Action::Go) => return go(state, facts),
        Some(Action::Seek) => lookup::open(state, facts),
        Some(Action::Run) => {
            return lookup::run(state, facts).map(|order| Choice::Seek(Box::new(order)));
        }
        Some(Action::Take) => lookup::take(state, facts),
        Some(Action::UpList) => lookup::choose(state, false),
        Some(Action::DownList) => lookup::choose(state, true),
        Some(Action::PageUpList) => lookup::page(state, false),
        Some(Action::PageDownList) => lookup::page(state, true),
        Some(Action::End) => return Some(Choice::EndSeek),
        Some(Action::Close) => state.let_go(),
        Some(Action::Next) => step(state, facts, true),
        Some(Action::Previous) => step(state, facts, false),
        Some(Action::ChooseNext) => choose(state, facts, true),
        Some(Action::ChoosePrevious) => choose(state, facts, false),
        Some(Action::PageDown) => state.top += 4,
        Some(Action::PageUp) => state.top = state.top.saturating_sub(4),
        Some(Action::Help) => state.help = Some(help::Reading::default()),
        Some(action @ (Action::Up | Action::Down | Action::Erase)) => read(state, action),
    }
    None
}

fn read(state: &mut State, action: Action) {
    let Some(help) = &mut state.help else { return };
    match action {
        Action::Up => help.top = help.top.saturating_sub(1),
        Action::Down => help.top = help.top.saturating_add(1),
        _ => _ = help.type_key(Key::Backspace),
    }
}

fn type_key(state: &mut State, facts: &Facts, key: Key) {
    if let Some(help) = &mut state.help {
        help.type_key(key);
        return;
    }
    let Some(input) = typed(key) else { return };
    // Whoever types is back in the line.
    state.let_go();
    let Some(field) = state.fields.get_mut(state.at) else { return };
    let choices = choices(facts, field);
    if !choices.is_empty() {
        // One of them and nothing else gets in.
        if let Some(chosen) = field.hunt.key(&choices, &field.typed(), key) {
            field.fill(&chosen, From::Typed);
            state.follow(facts);
        }
        return;
    }
    if field.text.input(input) {
        field.from = From::Typed;
        field.left = false;
        state.follow(facts);
    }
}

/// Pastes into a line; what proves attention is typed.
fn paste(state: &mut State, facts: &Facts, text: &str) {
    if state.help.is_some() {
        return;
    }
    state.let_go();
    match state.fields.get_mut(state.at) {
        None => state.said = Some((Role::Warning, "Nothing is pasted here.".into())),
        Some(field) if field.subject == Subject::Trust => {
            state.said = Some((Role::Warning, "This is typed, not pasted.".into()));
        }
        Some(field) => {
            let line: Vec<&str> =
                text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let (line, choices) = (line.join(","), choices(facts, field));
            if choices.is_empty() {
                field.text.insert_str(line);
                field.from = From::Typed;
            } else if choices.contains(&line) {
                field.fill(&line, From::Typed);
            } else {
                let said = "Only one of the values listed goes in here.";
                state.said = Some((Role::Warning, said.into()));
            }
            state.follow(facts);
        }
    }
}

/// Leaves a line: a moment is written out in full, what is wrong is said from now on.
fn leave(state: &mut State, facts: &Facts) {
    let Some(field) = state.fields.get_mut(state.at) else { return };
    field.left = true;
    if field.is_secret() || field.from != From::Typed {
        return;
    }
    if let Ok(Some(value)) = check(facts, field)
        && value.replace('\n', ",") != field.typed()
    {
        field.fill(&value, From::Typed);
    }
    state.follow(facts);
}

fn step(state: &mut State, facts: &Facts, forward: bool) {
    leave(state, facts);
    state.let_go();
    let all = state.fields.len() + 1;
    state.at = if forward { state.at + 1 } else { state.at + all - 1 } % all;
    state.top = 0;
}

fn choose(state: &mut State, facts: &Facts, forward: bool) {
    let Some(field) = state.fields.get_mut(state.at) else { return };
    let choices = choices(facts, field);
    if let Some(next) = field.hunt.turn(&choices, &field.typed(), forward) {
        field.fill(&next, From::Typed);
        state.follow(facts);
    }
}

fn go(state: &mut State, facts: &Facts) -> Option<Choice> {
    if let Some(field) = state.field() {
        let wrong = check(facts, field).err();
        let label = field.label().to_owned();
        if let Some(wrong) = wrong {
            // The keys stay where something is to be put right.
            state.fields[state.at].left = true;
            state.said = Some((Role::Warning, format!("{label}: {wrong}.")));
        } else {
            step(state, facts, true);
            state.said = Some((Role::Verified, format!("{label} is valid")));
        }
        return None;
    }
    for field in &mut state.fields {
        field.left = true;
    }
    if let Some(first) = state.first_fault(facts) {
        state.at = first;
        let said = "Not yet: something is missing or wrong. The keys are at the first of it.";
        state.said = Some((Role::Warning, said.into()));
        return None;
    }
    Some(Choice::Go(Box::new(filled(state, facts))))
}

/// Collects the values of a form in which nothing is wrong.
fn filled(state: &State, facts: &Facts) -> Filled {
    let mut filled = Filled::default();
    for field in &state.fields {
        let Ok(value) = check(facts, field) else { continue };
        match &field.subject {
            Subject::Trust => {
                filled.trusted = facts.trust.as_ref().map(|trust| trust.digest.clone());
            }
            Subject::Environment => filled.environment = value,
            Subject::Since => filled.since = value,
            Subject::Incident => filled.incident = value,
            // What was not typed comes from where it came from, so that the journal says so.
            Subject::Param(_) if !matches!(field.from, From::Typed | From::Discovered) => {}
            Subject::Param(asked) if asked.secret => {
                let secret = value.map(SecretString::from);
                filled.secrets.extend(secret.map(|secret| (asked.name.clone(), secret)));
            }
            Subject::Param(asked) if field.from == From::Discovered => {
                filled.discovered.insert(asked.name.clone(), value.unwrap_or_default());
            }
            Subject::Param(asked) => {
                filled.typed.insert(asked.name.clone(), value.unwrap_or_default());
            }
        }
    }
    filled
}
