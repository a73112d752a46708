//! Shipped scenarios from the first to the last step, headless and by a person at a terminal.

use super::bench::records;
use super::person::Person;
use crate::support::program::{Home, said};
use serde_json::Value;

/// What happened, without what differs from one rehearsal to the next.
pub fn happened(home: &Home) -> Vec<String> {
    let records = records(&home.run());
    let facts = records.iter().flat_map(|record| record["events"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |fact: &Value| {
        let part = fact["part"].as_str().unwrap_or_default();
        let end = fact["outcome"]["ended"]["code"].as_i64().map(|code| format!(" exit {code}"));
        let line = format!(
            "{} {} {part}{}",
            text(&fact["type"]),
            text(&fact["step"]),
            end.unwrap_or_default()
        );
        line.trim_end().to_owned()
    };
    facts.map(told).collect()
}

#[test]
fn the_example_is_rehearsed_headless_and_in_line_mode_with_the_same_facts() {
    let home = by_file("lab/example", "release-41");
    let typed = Home::new();
    let mut person = Person::new(["yes", "no"], ["back"]).with("street", "main-street");
    let heard = person.walks(&typed, &["rehearse", "lab/example", "--line", "--speed", "20"]);
    assert!(heard.contains("REHEARSAL") && heard.contains("SIMULATED"), "{heard}");
    assert!(heard.contains("DEBRIEF of rehearsal"), "{heard}");
    assert!(!heard.contains('\u{1b}'), "no cursor moves in line mode");
    assert_eq!(happened(&home), happened(&typed));
}

pub const HUB: &str = "heritage-hub/database-corruption";

/// Rehearses a scenario by the answers file of its name.
pub fn by_file(book: &str, scenario: &str) -> Home {
    let home = Home::new();
    let answers = format!("{}/runbooks/{book}/answers/{scenario}.yaml", env!("CARGO_MANIFEST_DIR"));
    let words = ["rehearse", book, "--scenario", scenario, "--no-input", "--answers", &answers];
    let output = home.rutter(words).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("DEBRIEF of rehearsal"), "{}", said(&output));
    home
}

fn typed(person: &mut Person, scenario: &str) -> (Home, String) {
    let home = Home::new();
    let words = ["rehearse", HUB, "--scenario", scenario, "--line", "--speed", "50"];
    let heard = person.walks(&home, &words);
    assert!(heard.contains("DEBRIEF of rehearsal"), "{heard}");
    (home, heard)
}

/// The last lines that a step's newest attempt wrote.
fn wrote(home: &Home, step: &str) -> String {
    let records = records(&home.run());
    let mut facts = records.iter().flat_map(|record| record["events"].as_array().unwrap()).rev();
    let ended = facts.find(|fact| fact["type"] == "attempt_ended" && fact["step"] == step).unwrap();
    ended["outcome"]["last_lines"].to_string()
}

#[test]
fn deleted_members_are_put_back_headless_and_in_line_mode_with_the_same_facts() {
    let home = by_file(HUB, "members-deleted");
    let mut person = Person::new(["no", "no", "no"], ["damage", "copy", "selective"]);
    let (line, heard) = typed(&mut person, "members-deleted");
    assert!(heard.contains("OUTCOME UNKNOWN") && heard.contains("UNKNOWN OUTCOMES 1"), "{heard}");
    assert_eq!(happened(&home), happened(&line));
}

#[test]
fn rewritten_profiles_end_in_a_cutover_headless_and_in_line_mode_with_the_same_facts() {
    let home = by_file(HUB, "profiles-rewritten");
    let outcomes = ["damage", "copy", "cutover", "without", "go"];
    let mut person = Person::new(["no", "yes"], outcomes);
    let (line, _) = typed(&mut person, "profiles-rewritten");
    assert_eq!(happened(&home), happened(&line));
}

#[test]
fn an_import_ends_in_a_cutover_without_any_trouble() {
    let facts = happened(&by_file(HUB, "import-overwrote"));
    let trouble = |fact: &&String| fact.contains("unknown") || fact.contains("fix");
    assert_eq!(facts.iter().filter(trouble).count(), 0, "{facts:#?}");
    let switched = |fact: &String| fact.starts_with("attempt_ended point-app main exit 0");
    assert!(facts.iter().any(switched), "{facts:#?}");
}

#[test]
fn containment_that_was_left_out_changes_what_the_comparison_shows_later() {
    let contained = wrote(&by_file(HUB, "members-deleted"), "compare");
    let outcomes = ["damage", "copy", "cutover", "go"];
    let mut person = Person::new(["no", "no", "yes"], outcomes).without("Stop every writer");
    let (home, heard) = typed(&mut person, "members-deleted");
    let late = wrote(&home, "compare");
    assert!(heard.contains("there was no time"), "the debrief tells what was left out: {heard}");
    assert_ne!(contained, late);
    assert!(
        late.contains("87") && late.contains('7'),
        "late rows that a stop would have spared: {late}"
    );
}

#[test]
fn both_ways_of_the_lab_leave_no_change_open() {
    for scenario in ["cutover", "selective"] {
        let home = by_file("lab/postgres-restore", scenario);
        let debrief = home.rutter(["journal", "show", "--debrief"]).output().unwrap();
        assert!(said(&debrief).contains("OPEN CHANGES none"), "{}", said(&debrief));
    }
}

#[test]
fn a_late_row_stands_in_the_way_of_the_rows_that_come_back() {
    let person = Person::new(["no", "no", "no"], ["damage", "copy", "selective"]);
    let mut person = person.without("Stop every writer").without("Nobody writes any more");
    let (home, heard) = typed(&mut person, "members-deleted");
    assert!(heard.contains("late_rows = some") && heard.contains("late = 7"), "{heard}");
    assert!(heard.contains("LOOKS LIKE A late row took the place"), "{heard}");
    assert!(heard.contains("DEVIATIONS 2"), "both steps left out are told: {heard}");
    let refused = |fact: &&String| fact.starts_with("attempt_ended put-back main exit 3");
    assert_eq!(happened(&home).iter().filter(refused).count(), 1);
}
