//! The search on a small catalogue.

use super::*;

fn catalogue() -> Vec<Index> {
    let mut rollback = Index::named("hub/app-rollback");
    rollback.add("symptom", "5xx or error pages after a deployment", SYMPTOM);
    rollback.add("step 1.1", "Look at the database", STEP);
    let rows = Searched::new("rather than hub/app-rollback".into(), "rows are gone", ELSEWHERE);
    rollback.elsewhere.push(("hub/corruption".into(), rows));
    let mut corruption = Index::named("hub/corruption");
    corruption.add("symptom", "families have vanished", SYMPTOM);
    corruption.add("step 2.3", "Dump the database after the deployment of the fence", STEP);
    let mut lab = Index::named("lab/restore");
    lab.add("symptom", "rows are gone since a release", SYMPTOM);
    lab.practice = true;
    vec![rollback, corruption, lab]
}

/// The names found, best first, each with where its reason stands.
fn found(query: &str) -> Vec<String> {
    let catalogue = catalogue();
    let all: Vec<&Index> = catalogue.iter().collect();
    let shown = |found: &Found<'_>| {
        let reason = found.reason.as_ref().map_or("name", |(place, _)| place.as_str());
        format!("{} by {reason}", all[found.at].name)
    };
    find(query, &all).iter().map(shown).collect()
}

#[test]
fn the_order_of_the_words_their_case_and_the_fillers_do_not_matter() {
    let best = "hub/app-rollback by symptom";
    for query in ["5xx after deploy", "DEPLOY: 5xx", "we are 5xx since the deployment"] {
        assert_eq!(found(query)[0], best, "{query}");
    }
}

#[test]
fn what_people_say_counts_more_than_what_a_step_says() {
    assert_eq!(found("deployment"), ["hub/app-rollback by symptom"], "and far below it, nothing");
}

#[test]
fn a_pointer_to_another_runbook_speaks_for_that_one_and_practice_comes_last() {
    let both = ["hub/corruption by rather than hub/app-rollback", "lab/restore by symptom"];
    assert_eq!(found("rows gone"), both);
}

#[test]
fn a_slip_is_forgiven_only_where_the_word_as_typed_is_nowhere() {
    assert_eq!(found("famlies vanished"), ["hub/corruption by symptom"]);
    assert_eq!(found("vanishd"), ["hub/corruption by symptom"]);
    assert_eq!(found("gone")[0], "hub/corruption by rather than hub/app-rollback");
    assert_eq!(found("xyzzy"), Vec::<String>::new());
}

#[test]
fn most_of_the_words_must_be_somewhere() {
    assert_eq!(found("families lost in the fire of Rome"), Vec::<String>::new());
    assert_eq!(found("families vanished overnight"), ["hub/corruption by symptom"]);
    assert_eq!(found("corruption"), ["hub/corruption by name"]);
    assert_eq!(found("Lab/re"), ["lab/restore by name"]);
    assert_eq!(found("").len(), 3, "without words everything, as it stands");
}
