//! The engine against an oracle: random runbooks, random walks through them, and the same rules said another way.
//!
//! `RUTTER_CASES=20000 cargo nextest run engine_props` looks further than the daily run does.

mod book;
mod oracle;
mod walk;

use book::{Book, books};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rutter::engine::event::{ClosedAs, Event, Part};
use rutter::engine::past::{Past, Seen};
use rutter::engine::run::Effect;
use std::collections::BTreeMap;
use walk::Walk;

fn cases(daily: u32) -> ProptestConfig {
    let wanted = std::env::var("RUTTER_CASES").ok().and_then(|wanted| wanted.parse().ok());
    ProptestConfig {
        cases: wanted.unwrap_or(daily),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn walks() -> impl Strategy<Value = (Book, Vec<u32>)> {
    (books(), prop::collection::vec(any::<u32>(), 20..160))
}

fn walked(book: &Book, picks: &[u32]) -> Walk {
    let mut walk = Walk::of(book);
    for pick in picks {
        walk.step(*pick);
    }
    walk
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn a_step_is_what_its_last_fact_says((book, picks) in walks()) {
        let mut walk = Walk::of(&book);
        for pick in picks {
            let known = walk.records.len();
            walk.step(pick);
            if walk.records.len() > known {
                agrees_with_the_oracle(&walk)?;
            }
        }
    }

    #[test]
    fn no_fact_breaks_a_rule((book, picks) in walks()) {
        let walk = walked(&book, &picks);
        let facts = walk.facts();
        for length in 1..=facts.len() {
            let breach = oracle::breach(&book, &facts[..length]);
            prop_assert!(breach.is_none(), "{} after {:?}", breach.unwrap(), &facts[..length]);
        }
    }

    #[test]
    fn a_replayed_history_is_the_living_run((book, picks) in walks()) {
        let walk = walked(&book, &picks);
        let past = Past::read(walk.plan.clone(), &walk.facts()).unwrap();
        prop_assert_eq!(format!("{:?}", past.outline()), format!("{:?}", walk.run.outline()));
        let never_started = walk.run.owed().iter().any(|owed| matches!(owed, Effect::Launch(_)));
        let (woken, facts) = past.wake(&BTreeMap::new());
        if never_started {
            prop_assert!(!facts.is_empty());
        } else {
            prop_assert!(facts.is_empty());
            prop_assert_eq!(format!("{woken:?}"), format!("{:?}", walk.run));
        }
    }

    #[test]
    fn every_fact_comes_back_from_the_journal_as_it_was((book, picks) in walks()) {
        for fact in walked(&book, &picks).facts() {
            let written = serde_json::to_string(&fact).unwrap();
            prop_assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), fact, "{}", written);
        }
    }

    #[test]
    fn a_run_taken_up_after_any_record_starts_nothing((book, picks) in walks()) {
        let walk = walked(&book, &picks);
        let mut facts = Vec::new();
        for record in &walk.records {
            facts.extend(record.clone());
            let past = Past::read(walk.plan.clone(), &facts).unwrap();
            let gone = past.in_doubt().into_iter().map(|id| {
                (id, Seen::Gone { reason: "the power went".into(), last_lines: Vec::new(), story_ns: None })
            });
            let (run, found) = past.clone().wake(&gone.collect());
            prop_assert!(run.owed().is_empty(), "all are gone, so nothing is owed: {:?}", run.owed());
            let again = Past::read(walk.plan.clone(), &[facts.clone(), found].concat());
            prop_assert!(again.is_ok(), "what waking found fits: {:?}", again.err());
            let (run, _) = past.wake(&BTreeMap::new());
            let launches = run.owed().into_iter().filter(|owed| matches!(owed, Effect::Launch(_)));
            prop_assert_eq!(launches.count(), 0, "to watch is all that waking brings");
        }
    }

    #[test]
    fn what_is_owed_is_what_lives((book, picks) in walks()) {
        let mut walk = Walk::of(&book);
        for pick in picks {
            walk.step(pick);
            let facts = walk.facts();
            let owed = walk.run.owed();
            let owed = owed.iter().filter_map(|effect| match effect {
                Effect::Launch(id) | Effect::Watch(id) => Some(id.clone()),
                Effect::Interrupt(_) => None,
            });
            let living: Vec<_> = oracle::living(&facts).into_iter().cloned().collect();
            prop_assert_eq!(owed.collect::<Vec<_>>(), living);
        }
    }
}

fn agrees_with_the_oracle(walk: &Walk) -> Result<(), TestCaseError> {
    let facts = walk.facts();
    let open = walk.run.open_changes();
    for step in walk.run.plan().steps() {
        let id = step.id.as_str();
        let said = oracle::word(&walk.book, &facts, id);
        prop_assert_eq!(walk.run.state(&step.id).word(), said, "{} after {:#?}", id, facts);
        let undo = oracle::word_of(&walk.book, &facts, id, &Part::Undo);
        prop_assert_eq!(
            walk.run.undo_state(&step.id).word(),
            undo,
            "back from {} after {:#?}",
            id,
            facts
        );
        prop_assert_eq!(
            open.contains(&step.id),
            oracle::open(&walk.book, &facts, id),
            "{} open after {:#?}",
            id,
            facts
        );
    }
    on_the_right_branch(walk, &facts)
}

/// A conditional step is off the path exactly when its decision says so.
fn on_the_right_branch(walk: &Walk, facts: &[Event]) -> Result<(), TestCaseError> {
    if walk.run.closed().is_some() {
        return Ok(());
    }
    for at in 0..walk.book.steps.len() {
        let Some((decision, branch)) = walk.book.branch(at) else { continue };
        let decision = format!("s{decision}");
        let off = oracle::word(&walk.book, facts, &format!("s{at}")) == "not taken";
        let expected = match oracle::word(&walk.book, facts, &decision) {
            "decided" => last_outcome(facts, &decision) != Some(branch),
            word => word == "not taken",
        };
        prop_assert_eq!(off, expected, "s{} on {} of {} after {:#?}", at, branch, decision, facts);
    }
    Ok(())
}

fn last_outcome<'a>(facts: &'a [Event], decision: &str) -> Option<&'a str> {
    facts.iter().rev().find_map(|fact| match fact {
        Event::Decided { step, outcome, .. } if step.as_str() == decision => Some(outcome.as_str()),
        _ => None,
    })
}

/// A property is worth what the walks reach. If this fails, the generator has grown tame, and the others prove less.
#[test]
fn the_walks_reach_deep_states() {
    let mut runner = TestRunner::new_with_rng(
        cases(0),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let total = 200;
    let mut reached: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..total {
        let (book, picks) = walks().new_tree(&mut runner).unwrap().current();
        let facts = walked(&book, &picks).facts();
        for name in NAMES {
            let hit = facts.iter().any(|fact| reaches(name, fact));
            *reached.entry(name).or_default() += u32::from(hit);
        }
    }
    println!("of {total} walks: {reached:?}");
    for (name, least) in NAMES.iter().zip(LEAST) {
        assert!(
            reached[name] * 100 >= least * total,
            "{name}: {} of {total} walks, wanted {least} %",
            reached[name]
        );
    }
}

const NAMES: [&str; 9] = [
    "finished",
    "again",
    "lost",
    "settled",
    "undone",
    "reopened",
    "not taken",
    "fix",
    "against the rule",
];
/// Per cent of the walks, a good deal below what was measured.
const LEAST: [u32; 9] = [20, 40, 30, 30, 20, 12, 15, 7, 10];

fn reaches(name: &str, fact: &Event) -> bool {
    match fact {
        Event::RunClosed { as_, .. } => name == "finished" && *as_ == ClosedAs::Done,
        Event::AttemptIntended { id, override_reason, .. } => {
            name == "again" && id.attempt > 1 && id.work.part == Part::Main
                || name == "against the rule" && override_reason.is_some()
                || name == "undone" && id.work.part == Part::Undo
        }
        Event::AttemptLost { .. } => name == "lost",
        Event::AttemptSettled { .. } => name == "settled",
        Event::StepsReopened { .. } => name == "reopened",
        Event::NotApplicable { .. } => name == "not taken",
        Event::FixChosen { .. } => name == "fix",
        _ => false,
    }
}
