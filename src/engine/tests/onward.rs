//! Going on in another runbook: what is said before, what is handed over, and what is not.

use super::*;
use crate::engine::choices::Does;
use crate::engine::event::ClosedAs;
use crate::engine::left_open::{LeftOpen, left_open};
use crate::engine::next::Next;
use crate::engine::onward::{Onward, There, instead, leads_to};
use crate::runbook::model::Runbook;
use std::sync::Arc;

const HERE: &str = "environment: local
params:
  server: {type: name}
  copy: {type: name}
  size: {type: int}
  seen: {type: text, optional: true}
not_when:
  - {when: only the release is broken, go: hub/rollback}
  - {when: it is night}
phases:
  - title: P
    steps:
";

const DECIDES: &str = "      - id: choose
        title: Which way
        decide:
          outcomes:
            stay: {title: Stay}
            away: {title: Away, go: hub/rollback, with: {server: '{{ copy }}', moment: 'after {{ seen }}', odd: x}}
            over: {title: Over, stop: handed_over}
";

fn here(steps: &str) -> Play {
    let given = [("server", "db-1"), ("copy", "db-2"), ("size", "5")];
    Play::with(&format!("{HERE}{steps}"), Mode::Live, &given)
}

fn other(params: &str) -> Runbook {
    let text = format!(
        "environment: local\nparams:\n{params}phases:\n  - title: P\n    steps:\n{}",
        read_step("z")
    );
    plan(&text).runbook().clone()
}

fn away() -> Onward {
    let mut play = here(&format!("{}{DECIDES}", read_step("a")));
    play.runs(&main("a"), passed());
    play.decides("choose", "away");
    Onward::of(&play.run).unwrap()
}

#[test]
fn an_outcome_that_ends_the_run_says_so_before_it_is_chosen_and_names_what_is_handed_over() {
    let play = here(DECIDES);
    let outcomes = &play.run.plan().step(&id("choose")).unwrap().decision().unwrap().outcomes;
    let said: Vec<Option<String>> = outcomes
        .iter()
        .map(|outcome| outcome.then.as_ref().map(|then| leads_to(&play.run, then, &|_| None)))
        .collect();
    assert_eq!(said[0], None);
    let away = said[1].as_deref().unwrap();
    assert!(away.starts_with("this run ends here; it goes on in hub/rollback"), "{away}");
    assert!(away.contains("server = db-2"), "{away}");
    assert_eq!(said[2].as_deref(), Some("this run ends here, handed over"));
}

/// What is said of the outcome that goes on, when the other runbook was looked up.
fn said_of(there: There) -> String {
    let play = here(DECIDES);
    let there = Arc::new(there);
    let outcomes = &play.run.plan().step(&id("choose")).unwrap().decision().unwrap().outcomes;
    leads_to(&play.run, outcomes[1].then.as_ref().unwrap(), &|name| {
        assert_eq!(name, "hub/rollback");
        Some(Arc::clone(&there))
    })
}

#[test]
fn what_does_not_fit_is_said_before_the_outcome_is_chosen_and_not_as_if_it_were_handed_over() {
    let said = said_of(Ok(other("  server: {type: int}\n  moment: {type: text}\n")));
    assert!(!said.contains("server = db-2"), "{said}");
    let (filled, lost) = said.split_once("; NOT TAKEN OVER ").unwrap();
    assert!(filled.ends_with("opens filled with what both have in common"), "{said}");
    assert!(lost.contains("server: db-2: "), "{said}");
    assert!(lost.contains("odd: hub/rollback asks for no such value"), "{said}");
}

#[test]
fn a_runbook_that_is_not_there_is_said_before_the_run_ends_in_it() {
    let said = said_of(Err("there is no runbook hub/rollback".into()));
    assert_eq!(
        said,
        "this run ends here; it goes on in hub/rollback, BUT there is no runbook hub/rollback"
    );
}

#[test]
fn what_the_outcome_hands_over_stands_above_what_both_runbooks_have_in_common() {
    let handed = away().hands(&other("  server: {type: name}\n  size: {type: int}\n"));
    assert_eq!(handed.with, [("server".to_owned(), "db-2".to_owned())].into());
    assert_eq!(handed.held, [("size".to_owned(), "5".to_owned())].into());
}

#[test]
fn a_value_of_another_type_or_against_the_other_runbooks_limits_is_not_taken_over() {
    let handed = away().hands(&other("  server: {type: name, max: 2}\n  size: {type: text}\n"));
    assert_eq!((handed.with, handed.held), Default::default());
    assert!(handed.left_out.iter().any(|why| why.starts_with("server: ")), "{:?}", handed.left_out);
}

#[test]
fn what_is_handed_over_and_not_known_or_not_asked_for_is_told() {
    let told = away().hands(&other("  moment: {type: text}\n")).left_out;
    let says = |what: &str| told.iter().any(|why| why.starts_with(what));
    assert!(says("moment: its value was not known"), "{told:?}");
    assert!(says("odd: hub/rollback asks for no such value"), "{told:?}");
}

#[test]
fn a_secret_is_never_handed_over() {
    let told = away().hands(&other("  server: {type: secret}\n"));
    assert_eq!(told.with, BTreeMap::new());
    assert!(told.left_out.contains(&"server: a secret is never handed over".to_owned()));
}

#[test]
fn a_run_that_ends_in_itself_goes_on_nowhere() {
    let mut play = here(&read_step("a"));
    assert!(Onward::of(&play.run).is_none());
    play.runs(&main("a"), passed());
    play.does(&Command::Close);
    assert!(Onward::of(&play.run).is_none());
}

#[test]
fn only_a_runbook_that_this_one_names_is_gone_to_and_only_with_a_reason() {
    let mut play = here(&read_step("a"));
    assert_eq!(instead(&play.run), [("only the release is broken", "hub/rollback")]);
    let go = |runbook: &str, reason: &str| Command::GoOn {
        runbook: runbook.to_owned(),
        reason: reason.to_owned(),
    };
    assert!(matches!(play.refuses(&go("hub/other", "why")), Refusal::Unknown { .. }));
    assert_eq!(play.refuses(&go("hub/rollback", " ")), Refusal::Reason);
    play.does(&go("hub/rollback", "it is the release"));
    let closed = play.run.closed().unwrap();
    assert_eq!(closed.as_, ClosedAs::ContinuedIn);
    assert_eq!(Onward::of(&play.run).unwrap().runbook, "hub/rollback");
}

#[test]
fn a_failure_offers_another_runbook_where_one_is_named() {
    let mut play = here(&read_step("a"));
    play.runs(&main("a"), failed());
    let Next::Failed { choices, .. } = play.run.outline().next else { panic!("it failed") };
    let elsewhere = choices.iter().find(|choice| choice.does == Does::Elsewhere).unwrap();
    assert_eq!(elsewhere.refused, None);
}

#[test]
fn a_change_that_was_taken_over_is_settled_once_and_with_words() {
    let open = LeftOpen {
        run: "20261121T031200Z-first-2XC4".into(),
        step: id("pause"),
        number: "2.1".into(),
        title: "Pause it".into(),
        target: None,
        undo: None,
        no_undo: None,
    };
    let opened = Opened { taken_over: vec![open.clone()], ..record_zero(Mode::Live, &[]) };
    let text = format!("environment: local\nphases:\n  - title: P\n    steps:\n{}", read_step("z"));
    let mut play = Play { run: Run::new(plan(&text)), facts: Vec::new() };
    play.does(&Command::Open(Box::new(opened)));
    let settle = |step: &str, how: &str| Command::SettleTakenOver {
        run: open.run.clone(),
        step: id(step),
        how: how.into(),
    };
    assert_eq!(play.run.changes_open(), 1);
    assert_eq!(play.refuses(&settle("pause", " ")), Refusal::Reason);
    assert!(matches!(play.refuses(&settle("z", "so")), Refusal::Unknown { .. }));
    play.does(&settle("pause", "it runs again"));
    assert_eq!((play.run.changes_open(), left_open(&play.run).len()), (0, 0));
    assert!(matches!(play.refuses(&settle("pause", "again")), Refusal::Unknown { .. }));
}
