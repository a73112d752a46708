//! The whole shipped catalogue: every story is walked to its end, and together the walks go every way there is.

use super::books::{BOOKS, Book, WALKS, Walk};
use std::collections::BTreeSet;

/// The procedures that are meant for an incident, by their systems. The labs teach one thing each and may have one story.
const FOR_INCIDENTS: [&str; 2] = ["heritage-hub/", "kamea/"];

fn for_incidents() -> impl Iterator<Item = &'static Book> {
    BOOKS.iter().filter(|book| FOR_INCIDENTS.iter().any(|system| book.name.starts_with(system)))
}

fn walks_of(book: &Book) -> impl Iterator<Item = &'static Walk> {
    WALKS.iter().filter(move |walk| walk.book == book.name)
}

/// Fails with everything that is missing, a line each.
fn nothing_missing(what: &str, missing: &[String]) {
    assert!(missing.is_empty(), "{what}:\n  {}", missing.join("\n  "));
}

#[test]
fn every_answers_file_is_walked_to_a_closed_run_and_a_debrief() {
    assert!(!WALKS.is_empty());
    let mut wrong = Vec::new();
    for walk in WALKS.iter() {
        let code = match walk.closed() {
            None => {
                wrong.push(format!("{} leaves its run open:\n{}", walk.name(), walk.said));
                continue;
            }
            Some("failed" | "stopped") => 1,
            Some(_) => 0,
        };
        if walk.code != Some(code) {
            wrong.push(format!("{} ends with {:?}:\n{}", walk.name(), walk.code, walk.said));
        }
        if !walk.said.contains("DEBRIEF of rehearsal") {
            wrong.push(format!("{} has no debrief:\n{}", walk.name(), walk.said));
        }
    }
    nothing_missing("walks that do not end as they should", &wrong);
}

#[test]
fn every_scenario_has_an_answers_file_and_every_answers_file_a_scenario() {
    let mut missing = Vec::new();
    for book in BOOKS.iter() {
        for story in book.scenarios.keys() {
            if !book.answers.iter().any(|(of, _)| of == story) {
                missing.push(format!("{}/answers/{story}.yaml", book.name));
            }
        }
        for (story, path) in &book.answers {
            if !book.scenarios.contains_key(story) && !book.runs_anywhere() {
                missing.push(format!(
                    "{}/scenarios/{story}.yaml for {}",
                    book.name,
                    path.display()
                ));
            }
        }
    }
    nothing_missing("missing files", &missing);
}

#[test]
fn every_outcome_of_every_decision_is_taken() {
    let mut missing = Vec::new();
    for book in BOOKS.iter() {
        let taken: BTreeSet<String> =
            walks_of(book).flat_map(|walk| walk.took("decided", Some("outcome"))).collect();
        let left = book.outcomes().into_iter().filter(|outcome| !taken.contains(outcome));
        missing.extend(left.map(|outcome| format!("{}: {outcome}", book.name)));
    }
    nothing_missing("outcomes that no answers file takes", &missing);
}

#[test]
fn every_fix_is_chosen_and_done() {
    let mut missing = Vec::new();
    for book in BOOKS.iter() {
        let mut done = BTreeSet::new();
        for walk in walks_of(book) {
            let chosen: BTreeSet<String> = walk.took("fix_chosen", Some("fix")).collect();
            let ended: BTreeSet<String> =
                walk.took("attempt_ended", None).chain(walk.took("ticked", None)).collect();
            let fix = |line: &String| line.split_once(": ").unwrap().1.to_owned();
            done.extend(chosen.iter().map(fix).filter(|fix| ended.contains(fix)));
        }
        let left = book.fixes().into_iter().filter(|fix| !done.contains(fix));
        missing.extend(left.map(|fix| format!("{}: {fix}", book.name)));
    }
    nothing_missing("fixes that no answers file takes", &missing);
}

#[test]
fn a_procedure_for_an_incident_has_three_stories_and_exactly_one_is_quick() {
    let mut wrong = Vec::new();
    for book in for_incidents() {
        let quick = book.scenarios.values().filter(|scenario| scenario.quick).count();
        if book.scenarios.len() < 3 || quick != 1 {
            let many = book.scenarios.len();
            wrong.push(format!("{}: {many} scenarios, {quick} of them quick", book.name));
        }
    }
    nothing_missing("runbooks with too little to rehearse", &wrong);
}

#[test]
fn a_procedure_for_an_incident_loses_contact_to_a_change_and_mends_a_known_failure() {
    let mut missing = Vec::new();
    for book in for_incidents() {
        if !book.loses_a_change() {
            missing.push(format!("{}: no scenario has `trouble: lost` on a change", book.name));
        }
        let mended = |walk: &Walk| walk.took("fix_chosen", None).next().is_some();
        if !walks_of(book).any(mended) {
            missing.push(format!("{}: no scenario fails and is mended by a fix", book.name));
        }
        if !walks_of(book).any(|walk| walk.took("attempt_lost", None).next().is_some()) {
            missing.push(format!("{}: no answers file meets the lost contact", book.name));
        }
    }
    nothing_missing("troubles nobody can practise", &missing);
}
