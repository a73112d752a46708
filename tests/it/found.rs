//! What is typed at three in the morning leads to the right runbook of those that are shipped.

use crate::support::program::{Home, said};
use serde_json::Value;

/// The answer to these words as JSON.
fn found(query: &str) -> Value {
    let home = Home::new();
    let output = home.rutter(["find", "--json", query]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
}

#[test]
fn what_people_see_leads_to_the_runbook_for_it() {
    let [rollback, corruption, vault, restore] = [
        "heritage-hub/container-app-rollback",
        "heritage-hub/database-corruption",
        "heritage-hub/key-vault-access-lost",
        "kamea/full-restore",
    ];
    let mut wrong = Vec::new();
    for (query, name) in [
        ("app cannot connect 403", vault),
        ("vault FORBIDEN", vault),
        ("secret not found", vault),
        ("5xx after deploy", rollback),
        ("crash at start new revison", rollback),
        ("site down since release", rollback),
        ("rows missing", corruption),
        ("members vanished", corruption),
        ("migration deleted rows", corruption),
        ("resource group deleted", restore),
        ("region gone", restore),
        ("all devices rejected", restore),
    ] {
        let found = found(query);
        let first = &found["found"][0];
        if first["name"] != name {
            wrong.push(format!(
                "{query}: {} by {}: {}",
                first["name"], first["place"], first["text"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reason_is_told_and_when_another_runbook_is_the_right_one() {
    let home = Home::new();
    let output = home.rutter(["find", "5xx", "after", "deploy"]).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let mut lines = said.lines();
    assert!(lines.next().unwrap().starts_with("heritage-hub/container-app-rollback: "), "{said}");
    let reason = lines.next().unwrap();
    assert!(reason.contains("use when: ") || reason.contains("symptom: "), "{said}");
    // Wrapped at eighty columns, the arrow may end a line.
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("not this when ") && flat.contains("-> heritage-hub/"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
}

#[test]
fn words_that_nothing_fits_end_with_one_and_the_next_thing_to_do() {
    let home = Home::new();
    let output = home.rutter(["find", "xyzzy", "plugh"]).output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("no runbook fits") && told.contains("rutter list"), "{told}");
    let json = home.rutter(["find", "xyzzy", "--json"]).output().unwrap();
    assert_eq!(json.status.code(), Some(1));
    assert_eq!(found("xyzzy")["found"].as_array().unwrap().len(), 0);
}

#[test]
fn a_broken_runbook_is_found_by_its_name() {
    let home = Home::new();
    let folder = home.dir.path().join("runbooks/hub/frozen-queue");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("runbook.yaml"), "format: 1\n").unwrap();
    let output = home.rutter(["find", "frozen queue"]).output().unwrap();
    assert!(said(&output).contains("hub/frozen-queue: cannot be read"), "{}", said(&output));
}
