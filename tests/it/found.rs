//! What is typed at three in the morning leads to the right runbook of those that are shipped.

use crate::support::program::{Home, said};
use rutter::runbook::find::{Index, find};
use rutter::runbook::parse;
use rutter::runbook::place::Source;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Every shipped runbook by its name, with the titles of its scenarios, as the program searches them.
fn shipped() -> Vec<(String, Index)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks");
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let mut found: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    };
    let source = |path: &Path| Source::new("x.yaml", fs::read_to_string(path).unwrap());
    let folders = inside(&root).into_iter().flat_map(|system| inside(&system));
    let index = |folder: PathBuf| {
        let name = folder.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let runbook = parse::parse(&source(&folder.join("runbook.yaml"))).unwrap();
        let mut index = Index::of(&name, &runbook);
        for scenario in inside(&folder.join("scenarios")) {
            if scenario.extension().is_some_and(|suffix| suffix == "yaml") {
                let scenario = parse::scenario::parse(&source(&scenario)).unwrap();
                index.scenario(&scenario.title.value);
            }
        }
        (name, index)
    };
    folders.map(index).collect()
}

/// The answer to these words as JSON.
fn found(query: &str) -> Value {
    let home = Home::new();
    let output = home.rutter(["find", "--json", query]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
}

#[test]
fn what_people_see_leads_to_the_runbook_for_it() {
    let [rollback, corruption, vault, kamea] = [
        "heritage-hub/container-app-rollback",
        "heritage-hub/database-corruption",
        "heritage-hub/key-vault-access-lost",
        "kamea/full-restore",
    ];
    let (names, indexes): (Vec<String>, Vec<Index>) = shipped().into_iter().unzip();
    let all: Vec<&Index> = indexes.iter().collect();
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
        ("resource group deleted", kamea),
        ("region gone", kamea),
        ("all devices rejected", kamea),
        ("deploy broke prod", rollback),
        ("deployment broke the app", rollback),
        ("app is crashing", rollback),
        ("CrashLoopBackOff", rollback),
        ("crashloopbackoff", rollback),
        ("crash loop", rollback),
        ("ImagePullBackOff", rollback),
        ("image pull failed", rollback),
        ("502/503", rollback),
        ("503 errors since deploy", rollback),
        ("login/logout broken", rollback),
        ("release is bad, go back", rollback),
        ("probes failing", rollback),
        ("revision unhealthy", rollback),
        ("users deleted by mistake", corruption),
        ("members/families", corruption),
        ("import overwrote profiles", corruption),
        ("corrupted data", corruption),
        ("db corrupt", corruption),
        ("someone deleted too many rows", corruption),
        ("wrong rows in db", corruption),
        ("bad migration changed data", corruption),
        ("database corruption", corruption),
        ("403/vault", vault),
        ("P1001", vault),
        ("app can't read secrets", vault),
        ("connection string gone", vault),
        ("vault deleted", vault),
        ("subscription suspended", vault),
        ("connection errors nothing deployed", vault),
        ("datacenter fire", kamea),
        ("westeurope outage", kamea),
        ("azure outage", kamea),
        ("ssl", kamea),
        ("TLS handshake fails", kamea),
        ("redis lost", kamea),
        ("rabbitmq down", kamea),
        ("iot hub empty", kamea),
        ("firmware missing", kamea),
        ("cannot log in", kamea),
        ("rg deleted", kamea),
        ("database down", kamea),
        ("db down", kamea),
        ("heritage-hub/data", corruption),
        ("xyzzy", "none"),
    ] {
        let found = find(query, &all);
        let first = found.first().map_or("none", |found| names[found.at].as_str());
        if first != name {
            let reason = found.first().and_then(|found| found.reason.clone());
            wrong.push(format!("{query}: {first} by {reason:?}"));
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
fn what_holds_no_word_is_told_so_and_gives_no_reason() {
    let home = Home::new();
    for query in [".*", "*", "?", "[", "\\", "{{ x }}"] {
        let output = home.rutter(["find", query]).output().unwrap();
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("no word in") && told.contains("rutter list"), "{told}");
    }
}

#[test]
fn a_broken_runbook_is_found_by_its_name() {
    let home = Home::new();
    let folder = home.dir.path().join("runbooks/hub/frozen-queue");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("runbook.yaml"), "format: 1\n").unwrap();
    let output = home.rutter(["find", "frozen queue"]).output().unwrap();
    assert!(said(&output).contains("hub/frozen-queue: cannot be read"), "{}", said(&output));
}
