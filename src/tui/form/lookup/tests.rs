//! Looking for values: shown before it runs, run by a key, offered, and put into a line by a key.

use super::{Phase, answered};
use crate::driver::Found;
use crate::tui::form::Choice;
use crate::tui::form::facts::{Facts, Trust};
use crate::tui::form::field::From;
use crate::tui::form::keys::Place;
use crate::tui::form::state::State;
use crate::tui::form::tests::{PLAIN, facts, filled, hits, shown, types};
use crate::tui::key::Key;
use crate::tui::looked_at;

const FIND: Key = Key::Ctrl('f');

fn found(values: &[&str], unfit: usize) -> Found {
    Found::Values { values: values.iter().map(ToString::to_string).collect(), unfit }
}

/// The form with the keys in the line of the server, and what finds servers shown.
fn asked(facts: &Facts) -> State {
    let mut state = State::new(facts);
    state.at = 1;
    assert!(hits(&mut state, facts, FIND).is_none(), "showing runs nothing");
    state
}

/// The same, run.
fn running(facts: &Facts) -> State {
    let mut state = asked(facts);
    assert!(matches!(hits(&mut state, facts, Key::Enter), Some(Choice::Seek(_))));
    state
}

fn scenes(size: (u16, u16)) -> Vec<(&'static str, String)> {
    let facts = facts();
    let mut needs = State::new(&facts);
    needs.at = 3;
    hits(&mut needs, &facts, FIND);
    let mut listed = running(&facts);
    answered(&mut listed, found(&["db-orders", "db-orders-test", "db-users"], 2));
    hits(&mut listed, &facts, Key::Down);
    let mut failed = running(&facts);
    answered(&mut failed, Found::Failed("exit 1: ERROR: Please run 'az login'".into()));
    let mut taken = listed.clone();
    hits(&mut taken, &facts, Key::Enter);
    [
        ("a value is needed first", needs),
        ("what would find servers", asked(&facts)),
        ("it runs", running(&facts)),
        ("it has found some", listed),
        ("it has failed", failed),
        ("one is taken", taken),
    ]
    .into_iter()
    .map(|(name, state)| (name, shown(&facts, &state, size, PLAIN)))
    .collect()
}

#[test]
fn a_discovery_at_80_by_24_is_as_it_was_looked_at() {
    looked_at::compare("form-discover-80x24.txt", &scenes((80, 24)));
}

#[test]
fn a_discovery_at_120_by_36_is_as_it_was_looked_at() {
    looked_at::compare("form-discover-120x36.txt", &scenes((120, 36)));
}

#[test]
fn what_runs_is_the_command_that_was_shown() {
    let facts = facts();
    let mut state = asked(&facts);
    assert!(shown(&facts, &state, (80, 24), PLAIN).contains("az server list --output json"));
    let Some(Choice::Seek(order)) = hits(&mut state, &facts, Key::Enter) else {
        panic!("Enter runs what is shown: {:?}", state.said)
    };
    assert_eq!(order.discovery.shown, "az server list --output json");
}

#[test]
fn a_command_is_run_only_after_all_of_it_was_on_the_screen() {
    let facts = facts();
    let mut state = State::new(&facts);
    state.size = (60, 16);
    state.at = 1;
    types(&mut state, &facts, &"s".repeat(60));
    for _ in 0..2 {
        hits(&mut state, &facts, Key::Tab);
    }
    hits(&mut state, &facts, FIND);
    let mut rows = 0;
    let order = loop {
        match hits(&mut state, &facts, Key::Enter) {
            Some(Choice::Seek(order)) => break order,
            _ => rows += 1,
        }
        assert!(rows < 20, "it can be read to its end");
    };
    assert!(rows > 0, "at 60x16 it does not fit, so the first Enter only scrolls");
    assert!(order.discovery.shown.contains(&"s".repeat(60)));
}

#[test]
fn what_was_found_is_put_into_a_line_by_a_key_only_and_says_so() {
    let facts = facts();
    let mut state = running(&facts);
    answered(&mut state, found(&["db-a", "db-b"], 0));
    assert_eq!(state.fields[1].typed(), "", "an answer fills nothing in");
    hits(&mut state, &facts, Key::Down);
    hits(&mut state, &facts, Key::Enter);
    assert_eq!(
        (state.fields[1].typed().as_str(), state.fields[1].from),
        ("db-b", From::Discovered)
    );
    assert_eq!(state.fields[2].typed(), "db-b-r0", "what follows from it follows");
    types(&mut state, &facts, "x");
    assert_eq!(state.fields[1].from, From::Typed, "what was changed by hand was typed");
}

#[test]
fn a_picked_value_is_handed_over_as_discovered() {
    let facts = facts();
    let mut state = filled(&facts);
    state.at = 1;
    hits(&mut state, &facts, FIND);
    hits(&mut state, &facts, Key::Enter);
    answered(&mut state, found(&["db-a"], 0));
    hits(&mut state, &facts, Key::Enter);
    state.at = state.fields.len();
    let Some(Choice::Go(filled)) = hits(&mut state, &facts, Key::Enter) else {
        panic!("{:?}", state.said)
    };
    assert_eq!(filled.discovered["server"], "db-a");
    assert!(!filled.typed.contains_key("server"));
}

#[test]
fn whoever_types_meanwhile_keeps_the_keys_and_is_told() {
    let facts = facts();
    let mut state = running(&facts);
    assert_eq!(state.place(&facts), Place::Waiting);
    types(&mut state, &facts, "db");
    answered(&mut state, found(&["db-a"], 0));
    assert_eq!(state.place(&facts), Place::Seek);
    assert_eq!(state.fields[1].typed(), "db");
    assert!(state.said.as_ref().unwrap().1.contains("^F"), "{:?}", state.said);
    hits(&mut state, &facts, FIND);
    assert_eq!(state.place(&facts), Place::Found, "it is not run again for that");
}

#[test]
fn an_answer_for_other_values_is_asked_for_anew() {
    let facts = facts();
    let mut state = filled(&facts);
    state.at = 3;
    hits(&mut state, &facts, FIND);
    hits(&mut state, &facts, Key::Enter);
    answered(&mut state, found(&["2026-11-21T02:00:00Z"], 0));
    hits(&mut state, &facts, Key::Esc);
    state.at = 1;
    types(&mut state, &facts, "-two");
    state.at = 3;
    hits(&mut state, &facts, FIND);
    assert_eq!(state.place(&facts), Place::Asked);
    assert!(state.lookup.as_ref().unwrap().shown.contains("db-orders-two"));
}

#[test]
fn what_was_said_of_other_values_is_not_said_of_these() {
    let facts = facts();
    let mut state = filled(&facts);
    state.at = 3;
    hits(&mut state, &facts, FIND);
    hits(&mut state, &facts, Key::Enter);
    answered(&mut state, Found::Failed("gives no list".into()));
    state.said = None;
    assert!(shown(&facts, &state, (80, 24), PLAIN).contains("gives no list"));
    state.at = 1;
    types(&mut state, &facts, "-two");
    state.at = 3;
    let screen = shown(&facts, &state, (80, 24), PLAIN);
    assert!(!screen.contains("gives no list"), "{screen}");
    assert!(screen.contains("^F shows the command"), "{screen}");
}

#[test]
fn the_key_says_why_it_does_nothing_while_another_value_is_looked_for_and_on_every_line() {
    let facts = facts();
    let mut state = running(&facts);
    for at in 0..state.fields.len() {
        state.at = at;
        state.said = None;
        assert!(hits(&mut state, &facts, FIND).is_none());
        let said = state.said.as_ref().unwrap_or_else(|| panic!("nothing is said in line {at}"));
        assert!(said.1.contains("The values of server are being looked for"), "{said:?}");
    }
    state.lookup = None;
    state.at = 4;
    hits(&mut state, &facts, FIND);
    assert!(state.said.as_ref().unwrap().1.contains("No discovery is written for"));
}

#[test]
fn nothing_of_a_runbook_that_is_not_trusted_can_be_run() {
    let trust = Trust { origin: "./runbooks".into(), digest: "3f2a".into() };
    let facts = Facts { trust: Some(trust), ..facts() };
    let mut state = State::new(&facts);
    state.at = 2;
    hits(&mut state, &facts, FIND);
    assert!(state.lookup.is_none());
    assert!(state.said.as_ref().unwrap().1.contains("trust it"), "{:?}", state.said);
}

#[test]
fn escape_ends_what_runs_and_keeps_the_form() {
    let facts = facts();
    let mut state = running(&facts);
    assert!(matches!(hits(&mut state, &facts, Key::Esc), Some(Choice::EndSeek)));
    answered(&mut state, Found::Ended);
    assert!(state.lookup.is_none());
    assert_eq!(state.place(&facts), Place::Seek);
}

#[test]
fn a_failure_is_one_line_and_can_be_tried_again() {
    let facts = facts();
    let mut state = running(&facts);
    answered(&mut state, Found::Failed("exit 1: no".into()));
    assert_eq!(state.said.as_ref().unwrap().1, "server was not discovered: exit 1: no");
    hits(&mut state, &facts, FIND);
    assert!(matches!(state.lookup.as_ref().unwrap().phase, Phase::Asked));
}

#[test]
fn what_was_found_cannot_write_to_the_screen() {
    let facts = facts();
    let mut state = running(&facts);
    answered(&mut state, found(&["a\u{1b}[2Jb", "c\u{202e}d"], 0));
    let screen = shown(&facts, &state, (80, 24), PLAIN);
    assert!(!screen.contains(['\u{1b}', '\u{202e}']), "{screen}");
}

#[test]
fn the_secrets_of_the_form_are_handed_over_to_be_masked() {
    let facts = facts();
    let mut state = filled(&facts);
    state.at = 1;
    hits(&mut state, &facts, FIND);
    let Some(Choice::Seek(order)) = hits(&mut state, &facts, Key::Enter) else { panic!() };
    assert_eq!(order.secrets.keys().collect::<Vec<_>>(), ["password"]);
    assert!(!format!("{order:?}").contains("correct-horse"));
}
