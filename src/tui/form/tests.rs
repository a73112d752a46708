//! The form as it looks, and what its keys can lead to.

use super::draw;
use super::facts::{Before, Facts, Place as At, Trust};
use super::field::Field;
use super::keys::{Action, KEYS, Place};
use super::press::{Choice, Filled, press};
use super::state::State;
use crate::driver::Bench;
use crate::engine::event::{Given, Source};
use crate::engine::onward::Handed;
use crate::engine::plan::Plan;
use crate::runbook::parse;
use crate::runbook::place::Source as Text;
use crate::tui::help::{self, Told};
use crate::tui::key::{Input, Key};
use crate::tui::look::{Look, Theme};
use crate::tui::{looked_at, table};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

pub(super) const PLAIN: Look = Look { theme: Theme::Mono, ascii: false };
const BOOK: &str = include_str!("tests.yaml");

fn now() -> DateTime<Utc> {
    "2026-11-21T02:53:10Z".parse().unwrap()
}

pub(super) fn facts() -> Facts {
    let runbook = parse::parse(&Text::new("restore.yaml", BOOK)).unwrap();
    let place = |word: &str, server: &str| At {
        word: word.into(),
        read_only: word == "STAGING",
        values: BTreeMap::from([("server".to_owned(), server.to_owned())]),
    };
    Facts {
        before: None,
        kept: true,
        name: "hub/restore".into(),
        plan: Plan::new(runbook),
        trust: None,
        environments: BTreeMap::from([
            ("prod".to_owned(), place("PROD", "db-orders")),
            ("staging".to_owned(), place("STAGING", "db-test")),
        ]),
        settings: "~/.config/rutter/config.yaml".into(),
        environment: None,
        given: BTreeMap::new(),
        since: None,
        incident: None,
        now: now(),
        operator: "mara".into(),
        bench: Bench::new("/nowhere/rutter".into(), std::iter::empty(), Vec::new()),
    }
}

pub(super) fn types(state: &mut State, facts: &Facts, text: &str) {
    for c in text.chars() {
        hits(state, facts, Key::Char(c));
    }
}

pub(super) fn hits(state: &mut State, facts: &Facts, key: Key) -> Option<Choice> {
    press(state, facts, Input::Key(key, now()))
}

pub(super) fn shown(facts: &Facts, state: &State, size: (u16, u16), look: Look) -> String {
    let state = State { size, ..state.clone() };
    looked_at::drawn(size, |frame| draw::draw(frame, &state, facts, look))
}

/// Fills the form as far as the button; the moment is typed as tired people do.
pub(super) fn filled(facts: &Facts) -> State {
    let mut state = State::new(facts);
    hits(&mut state, facts, Key::Down);
    hits(&mut state, facts, Key::Enter);
    hits(&mut state, facts, Key::Enter);
    hits(&mut state, facts, Key::Enter);
    types(&mut state, facts, "02:36Z");
    hits(&mut state, facts, Key::Enter);
    types(&mut state, facts, "correct-horse");
    hits(&mut state, facts, Key::Enter);
    hits(&mut state, facts, Key::Enter);
    hits(&mut state, facts, Key::Enter);
    types(&mut state, facts, "-16m");
    hits(&mut state, facts, Key::Enter);
    hits(&mut state, facts, Key::Enter);
    state
}

fn scenes(size: (u16, u16), look: Look) -> Vec<(&'static str, String)> {
    let facts = facts();
    let empty = State::new(&facts);
    let mut chosen = empty.clone();
    hits(&mut chosen, &facts, Key::Down);
    let mut wrong = chosen.clone();
    for _ in 0..3 {
        hits(&mut wrong, &facts, Key::Tab);
    }
    types(&mut wrong, &facts, "half past two");
    let mut good = filled(&facts);
    good.at = 3;
    let mut secret = filled(&facts);
    secret.at = 4;
    let mut too_early = empty.clone();
    too_early.at = too_early.fields.len();
    hits(&mut too_early, &facts, Key::Enter);
    let mut help = good.clone();
    hits(&mut help, &facts, Key::F1);
    let trust = Trust { origin: "./runbooks".into(), digest: "3f2a".repeat(16) };
    let nearby = Facts { trust: Some(trust), environments: BTreeMap::new(), ..self::facts() };
    let mut unset = State::new(&nearby);
    hits(&mut unset, &nearby, Key::Tab);
    [
        ("nothing is set", &facts, empty),
        ("an environment is chosen", &facts, chosen),
        ("a wrong moment", &facts, wrong),
        ("a moment", &facts, good),
        ("a secret", &facts, secret),
        ("filled", &facts, filled(&facts)),
        ("too early", &facts, too_early),
        ("help", &facts, help),
        ("trust", &nearby, State::new(&nearby)),
        ("no environment in the settings", &nearby, unset),
    ]
    .into_iter()
    .map(|(name, facts, state)| (name, shown(facts, &state, size, look)))
    .collect()
}

#[test]
fn the_form_at_80_by_24_is_as_it_was_looked_at() {
    looked_at::compare("form-80x24.txt", &scenes((80, 24), PLAIN));
}

#[test]
fn the_form_at_120_by_36_is_as_it_was_looked_at() {
    looked_at::compare("form-120x36.txt", &scenes((120, 36), PLAIN));
}

#[test]
fn the_form_is_drawn_at_any_size_and_in_ascii() {
    for size in [(1, 1), (59, 20), (60, 16), (100, 30), (200, 60)] {
        for (name, screen) in scenes(size, Look { ascii: true, ..PLAIN }) {
            assert!(screen.is_ascii(), "{name}:\n{screen}");
        }
    }
}

#[test]
fn no_screen_of_the_form_shows_a_secret_and_no_debug_either() {
    let facts = facts();
    let state = filled(&facts);
    assert!(!format!("{state:?}").contains("correct-horse"));
    for size in [(80, 24), (120, 36)] {
        for (name, screen) in scenes(size, PLAIN) {
            assert!(!screen.contains("correct-horse"), "{name}");
        }
    }
}

#[test]
fn a_filled_form_hands_over_what_was_typed_and_nothing_else() {
    let facts = facts();
    let mut state = filled(&facts);
    let Some(Choice::Go(filled)) = hits(&mut state, &facts, Key::Enter) else {
        panic!("the button did not go on: {:?}", state.said)
    };
    let Filled { environment, since, incident, typed, discovered, secrets, trusted } = *filled;
    assert!(discovered.is_empty());
    assert_eq!(environment.as_deref(), Some("prod"));
    assert_eq!(since.as_deref(), Some("2026-11-21T02:37:10Z"));
    assert_eq!((incident, trusted), (None, None));
    assert_eq!(typed, BTreeMap::from([("point".to_owned(), "2026-11-21T02:36:00Z".to_owned())]));
    assert_eq!(secrets.keys().collect::<Vec<_>>(), ["password"]);
}

#[test]
fn what_nobody_typed_follows_the_environment_and_the_values_before_it() {
    let facts = facts();
    let mut state = State::new(&facts);
    let value = |state: &State, at: usize| state.fields[at].typed();
    hits(&mut state, &facts, Key::Down);
    assert_eq!((value(&state, 1), value(&state, 2)), ("db-orders".into(), "db-orders-r0".into()));
    hits(&mut state, &facts, Key::Down);
    assert_eq!((value(&state, 1), value(&state, 2)), ("db-test".into(), "db-test-r0".into()));
    hits(&mut state, &facts, Key::Tab);
    types(&mut state, &facts, "-x");
    hits(&mut state, &facts, Key::BackTab);
    hits(&mut state, &facts, Key::Up);
    assert_eq!((value(&state, 1), value(&state, 2)), ("db-test-x".into(), "db-test-x-r0".into()));
}

#[test]
fn a_flag_stands_in_the_form_and_says_so() {
    let given = Given { value: "db-other".into(), source: Source::Flag };
    let given = BTreeMap::from([("server".to_owned(), given)]);
    let facts = Facts { given, environment: Some("prod".into()), ..facts() };
    let screen = shown(&facts, &State::new(&facts), (80, 24), PLAIN);
    let row = screen.lines().find(|row| row.contains("db-other ")).unwrap();
    assert!(row.contains("flag"), "{row}");
}

fn continued(with: &[(&str, &str)], held: &[(&str, &str)]) -> Facts {
    let values = |list: &[(&str, &str)]| {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let handed = Handed { with: values(with), held: values(held), left_out: vec!["x: no".into()] };
    let before = Before {
        short: "7F3K".into(),
        environment: "PROD".into(),
        handed,
        left_open: Vec::new(),
        since: Some("2026-11-21T02:37:00Z".into()),
        incident: Some("4812".into()),
    };
    Facts { before: Some(before), ..facts() }
}

#[test]
fn a_value_of_the_run_before_says_which_run_and_where_that_acted() {
    let facts = continued(&[("server", "db-2")], &[]);
    let mut state = State::new(&facts);
    state.at = 1;
    let screen = shown(&facts, &state, (80, 24), PLAIN);
    let row = screen.lines().find(|row| row.contains("db-2 ")).unwrap();
    assert!(row.contains("run 7F3K"), "{screen}");
    assert!(screen.contains("run 7F3K, which acted on PROD"), "{screen}");
    state.at = state.fields.len();
    let screen = shown(&facts, &state, (80, 24), PLAIN);
    assert!(screen.contains("CONTINUES") && screen.contains("x: no"), "{screen}");
}

#[test]
fn the_environment_is_never_taken_over_and_the_incident_is() {
    let facts = continued(&[], &[]);
    let state = State::new(&facts);
    let typed: Vec<String> = state.fields.iter().map(Field::typed).collect();
    assert_eq!(typed[0], "", "where it acts is chosen anew");
    assert_eq!(typed[typed.len() - 2..], ["2026-11-21T02:37:00Z", "4812"]);
}

#[test]
fn the_environment_chosen_now_stands_above_what_was_held_and_below_what_was_handed_over() {
    let server = |facts: &Facts| {
        let mut state = State::new(facts);
        let before = state.fields[1].typed();
        hits(&mut state, facts, Key::Down);
        (before, state.fields[1].typed())
    };
    let held = continued(&[], &[("server", "db-held")]);
    assert_eq!(server(&held), ("db-held".into(), "db-orders".into()));
    let handed = continued(&[("server", "db-handed")], &[]);
    assert_eq!(server(&handed), ("db-handed".into(), "db-handed".into()));
}

#[test]
fn only_enter_on_the_button_of_a_valid_form_goes_on() {
    let facts = facts();
    let mut keys: Vec<Key> = KEYS.iter().flat_map(|row| row.keys).copied().collect();
    keys.extend([Key::Char('R'), Key::Char('y'), Key::Char(' '), Key::Delete, Key::End]);
    for start in [State::new(&facts), filled(&facts)] {
        for at in 0..=start.fields.len() {
            for key in &keys {
                let mut state = State { at, ..start.clone() };
                let whole = state.first_fault(&facts).is_none();
                let place = state.place(&facts);
                let fits = match hits(&mut state, &facts, *key) {
                    None => true,
                    // No key runs what it has not shown.
                    Some(Choice::Seek(_) | Choice::EndSeek) => false,
                    Some(Choice::Go(_)) => whole && *key == Key::Enter && place == Place::Button,
                    Some(Choice::Back) => matches!(key, Key::Esc | Key::Ctrl('c')),
                    Some(Choice::Suspend) => *key == Key::Ctrl('z'),
                    Some(Choice::Redraw) => *key == Key::Ctrl('l'),
                };
                assert!(fits, "{key} in line {at}");
            }
        }
    }
}

#[test]
fn trust_is_typed_and_never_pasted() {
    let trust = Trust { origin: "./runbooks".into(), digest: "3f2a".into() };
    let facts = Facts { trust: Some(trust), ..facts() };
    let mut state = State::new(&facts);
    press(&mut state, &facts, Input::Paste("yes".into()));
    assert_eq!(state.fields[0].typed(), "");
    types(&mut state, &facts, "yes");
    hits(&mut state, &facts, Key::Enter);
    assert_eq!(state.at, 1);
}

#[test]
fn every_key_of_the_form_is_told_in_its_help_and_means_one_thing_there() {
    for place in Place::ALL {
        let rows: Vec<Told> = table::bindings(KEYS, place).map(Told::from).collect();
        let text = help::text(&rows, &[], "", 76, PLAIN);
        let text: Vec<String> = text
            .rows
            .iter()
            .map(|row| row.iter().map(|(_, text)| text.as_str()).collect())
            .collect();
        let mut meant: BTreeMap<Key, Action> = BTreeMap::new();
        for row in table::bindings(KEYS, place) {
            assert!(
                text.iter()
                    .any(|line| line.contains(&row.keys[0].to_string()) && line.contains(row.help)),
                "{row:?}"
            );
            for key in row.keys {
                assert_eq!(meant.insert(*key, row.action), None, "{key} in {place:?}");
                assert!(!matches!(key, Key::Char(_)), "{key} in {place:?}");
            }
        }
    }
}

#[test]
fn no_hint_of_the_form_is_clipped() {
    let facts = facts();
    for at in 0..=filled(&facts).fields.len() {
        let state = State { at, ..filled(&facts) };
        let (hints, help) = draw::hints(&state, &facts);
        let told: Vec<String> = hints
            .iter()
            .chain([&help])
            .map(|hint| format!("{} {}", hint.keys, hint.words))
            .collect();
        for size in [(60, 16), (80, 24)] {
            let seen = looked_at::hinted(&shown(&facts, &state, size, PLAIN));
            assert!(seen.iter().all(|hint| told.contains(hint)), "{seen:?} of {told:?}");
            assert_eq!((seen.first(), seen.last()), (told.first(), told.last()));
        }
    }
}
