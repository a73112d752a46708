//! A runbook that names another one that is not there is told so before anybody is sent there.

use super::{FIRST, SECOND, library, rutter};
use crate::support::program::{Home, said};
use std::fs;

/// Writes the first runbook with one word replaced, and checks it.
fn checked(from: &str, to: &str) -> String {
    let home = Home::new();
    library(&home);
    let path = home.dir.path().join("runbooks/demo/first/runbook.yaml");
    assert!(FIRST.contains(from));
    fs::write(path, FIRST.replacen(from, to, 1)).unwrap();
    said(&rutter(&home, &["check", "demo/first"]))
}

#[test]
fn runbooks_that_are_there_are_not_found_fault_with() {
    let text = checked("title: Look", "title: Look");
    assert!(!text.contains("RL036"), "{text}");
}

#[test]
fn an_outcome_that_leads_to_no_runbook_is_a_mistake() {
    let text = checked("go: demo/second, with", "go: demo/secnod, with");
    assert!(text.contains("error[RL036]: there is no runbook `demo/secnod`"), "{text}");
}

#[test]
fn a_not_when_that_leads_to_no_runbook_is_a_mistake() {
    let text = checked("broken, go: demo/second", "broken, go: demo/gone");
    assert!(text.contains("error[RL036]: there is no runbook `demo/gone`"), "{text}");
}

#[test]
fn a_value_that_the_other_runbook_does_not_ask_for_is_a_mistake() {
    let text = checked("with: {server", "with: {sever");
    assert!(text.contains("`demo/second` has no parameter `sever`"), "{text}");
}

#[test]
fn a_value_that_could_never_be_taken_over_is_a_mistake() {
    let text = checked("with: {server", "with: {size: twelve, server");
    assert!(text.contains("error[RL036]: `demo/second` does not take this for `size`"), "{text}");
}

#[test]
fn a_runbook_of_the_same_folder_is_known_wherever_one_stands() {
    let home = Home::new();
    library(&home);
    let away = home.dir.path().join("elsewhere");
    fs::rename(home.dir.path().join("runbooks"), &away).unwrap();
    let check = |path: &str| said(&home.rutter(["check", path]).output().unwrap());
    assert!(!check("elsewhere/demo/first").contains("RL036"), "{}", check("elsewhere/demo/first"));
    fs::remove_dir_all(away.join("demo/second")).unwrap();
    assert!(check("elsewhere/demo/first").contains("RL036"), "{SECOND}");
}
