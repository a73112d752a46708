//! Kamea's Terraform state and CI variables, put back into a GitLab from their off-site copies.

use super::devices::copies;
use super::gitlab::GitLab;
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};
use std::fs;

fn state(lineage: &str, serial: u32) -> String {
    let resource =
        json!({"mode": "managed", "type": "terraform_data", "name": "pgsql", "instances": []});
    let state = json!({"version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": lineage,
        "outputs": {"password": {"value": "in clear", "type": "string"}}, "resources": [resource]});
    state.to_string()
}

const OURS: &str = "0261ba97-9abd-3607-1e4c-0db845f7a653";

/// A GitLab, and the copy of a state that was opened.
fn opened(held: Option<&str>) -> GitLab {
    let mut gitlab = GitLab::new(held, &[]);
    copies(&mut gitlab.desk, &[("tfstate.json", state(OURS, 118))]);
    let said = gitlab.desk.run("state-copy").passes();
    assert!(!said.contains("in clear"), "{said}");
    gitlab
}

#[test]
#[ignore = "needs openssl, curl and python3"]
fn the_state_is_put_into_an_empty_gitlab_and_taken_out_again() {
    let mut gitlab = opened(None);
    assert_eq!(gitlab.desk.samples.values["lineage"], OURS);
    gitlab.desk.run("state-now").passes();
    assert_eq!(gitlab.desk.samples.values["state_now"], "none");
    assert_eq!(gitlab.desk.run("put-state/probe").means, Some(Meaning::NotStarted));
    for _ in 0..2 {
        gitlab.desk.run("put-state").passes();
        assert_eq!(gitlab.desk.run("put-state/probe").means, Some(Meaning::Done));
    }
    assert_eq!(gitlab.held()["state"], state(OURS, 118), "byte for byte");
    gitlab.desk.run("put-state/undo").passes();
    assert_eq!(gitlab.held()["state"], Value::Null);
    assert_eq!(gitlab.desk.run("put-state/probe").means, Some(Meaning::NotStarted));
}

#[test]
#[ignore = "needs openssl, curl and python3"]
fn what_gitlab_held_is_told_apart_and_comes_back() {
    let foreign = state("ffffffff-2222-3333-4444-555555555555", 118);
    let page = "<html>502 Bad Gateway</html>".to_owned();
    let held = [
        ("older", state(OURS, 117)),
        ("newer", state(OURS, 120)),
        ("foreign", foreign),
        ("broken", page),
        ("broken", json!({"message": "401 Unauthorized"}).to_string()),
    ];
    let mut gitlab = opened(None);
    for (word, held) in held {
        gitlab.change(|there| there["state"] = json!(held));
        let said = gitlab.desk.run("state-now").passes();
        assert_eq!(gitlab.desk.samples.values["state_now"], word, "{said}");
        assert!(!said.contains("in clear"), "{said}");
        gitlab.desk.run("put-state").passes();
        assert_eq!(gitlab.desk.run("put-state/probe").means, Some(Meaning::Done));
        gitlab.desk.run("put-state/undo").passes();
        assert_eq!(gitlab.held()["state"], held, "{word}");
    }
    gitlab.change(|there| there["state"] = json!(state(OURS, 118)));
    gitlab.desk.run("state-now").passes();
    assert_eq!(gitlab.desk.samples.values["state_now"], "same");
}

#[test]
#[ignore = "needs openssl, curl and python3"]
fn a_lock_keeps_the_state_as_it_is_until_it_is_broken() {
    let mut gitlab = opened(Some(&state(OURS, 117)));
    assert_eq!(gitlab.desk.run("unlock/probe").means, Some(Meaning::Done));
    gitlab.change(|held| held["lock"] = json!({"ID": "abc-123", "Who": "root@runner-7"}));
    let said = gitlab.desk.run("put-state");
    said.fails();
    said.is_known_as("holds the lock");
    assert_eq!(gitlab.held()["state"], state(OURS, 117));
    assert_eq!(gitlab.desk.run("unlock/probe").means, Some(Meaning::NotStarted));
    for _ in 0..2 {
        gitlab.desk.run("unlock").passes();
        assert_eq!(gitlab.desk.run("unlock/probe").means, Some(Meaning::Done));
    }
    gitlab.desk.run("put-state").passes();
}

#[test]
#[ignore = "needs openssl, curl and python3"]
fn a_gitlab_that_refuses_or_is_not_there_leaves_nothing_that_could_be_put_back() {
    let mut gitlab = opened(Some(&state(OURS, 117))).with_token("glpat-another");
    let said = gitlab.desk.run("state-now");
    said.fails();
    said.is_known_as("GITLAB_TOKEN is refused");
    assert!(!gitlab.desk.work().join("current.tfstate").exists(), "the refusal is no state");
    for name in ["put-state", "unlock", "put-state/undo", "put-state/probe", "unlock/probe"] {
        gitlab.desk.run(name).fails();
    }
    assert_eq!(gitlab.held()["state"], state(OURS, 117));
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    gitlab.desk.set("gitlab_url", format!("http://{closed}"));
    for name in
        ["state-now", "put-state", "unlock", "put-state/undo", "put-state/probe", "unlock/probe"]
    {
        gitlab.desk.run(name).fails();
    }
}

#[test]
#[ignore = "needs openssl, curl and python3"]
fn a_copy_that_is_no_state_is_not_opened_as_one() {
    let pages = ["<html>", "{\"message\": \"401 Unauthorized\"}"];
    for page in pages {
        let mut gitlab = GitLab::new(None, &[]);
        copies(&mut gitlab.desk, &[("tfstate.json", page.to_owned())]);
        let said = gitlab.desk.run("state-copy");
        said.fails();
        if page.starts_with('{') {
            said.is_known_as("The copy is no state");
        }
    }
}

fn variable(key: &str, value: &str, more: &Value) -> Value {
    let mut variable = json!({"variable_type": "env_var", "key": key, "value": value, "protected": true,
        "masked": false, "raw": true, "hidden": false, "environment_scope": "*", "description": null});
    variable.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    variable
}

/// More than one page of them, some of one name, one that no export can hold.
fn variables() -> Vec<Value> {
    let mut all: Vec<_> =
        (0..130).map(|n| variable(&format!("V{n}"), &format!("value {n}"), &json!({}))).collect();
    all.push(variable(
        "KEY",
        "-----BEGIN\n\"quoted\" 'and' $x \\ é\n",
        &json!({"variable_type": "file"}),
    ));
    all.push(variable("KEY", "of staging", &json!({"environment_scope": "staging"})));
    let mut hidden = variable("CLIENT_SECRET", "", &json!({"hidden": true, "masked": true}));
    hidden["value"] = Value::Null;
    all.push(hidden);
    all
}

fn compared(held: &[Value], export: &[Value]) -> GitLab {
    let mut gitlab = GitLab::new(None, held);
    copies(&mut gitlab.desk, &[("ci-variables.json", json!(export).to_string())]);
    let said = gitlab.desk.run("variables-now").passes();
    assert!(!said.contains("value 7") && !said.contains("BEGIN"), "no value is shown: {said}");
    gitlab
}

#[test]
#[ignore = "needs openssl and python3"]
fn every_variable_comes_back_with_its_flags_and_a_newer_one_stays() {
    let held = [variable("V7", "newer", &json!({}))];
    let mut gitlab = compared(&held, &variables());
    assert_eq!(gitlab.desk.samples.values["variables_are"], "partly");
    assert_eq!(gitlab.desk.samples.values["hidden_names"], "CLIENT_SECRET");
    assert_eq!(gitlab.desk.run("replay/probe").means, Some(Meaning::NotStarted));
    let said = gitlab.desk.run("replay").passes();
    assert!(said.contains("created 131, by hand 1, missing 0"), "{said}");
    let said = gitlab.desk.run("replay").passes();
    assert!(said.contains("created 0, by hand 1, missing 0"), "{said}");
    assert_eq!(gitlab.desk.run("replay/probe").means, Some(Meaning::Done));
    let held = gitlab.held()["variables"].as_array().unwrap().clone();
    assert_eq!(held[0]["value"], "newer");
    for wanted in &variables()[130..132] {
        let same = |one: &&Value| {
            ["key", "value", "variable_type", "raw", "protected", "environment_scope"]
                .iter()
                .all(|flag| one[flag] == wanted[flag])
        };
        assert!(held.iter().any(|one| same(&one)), "{wanted}");
    }
}

#[test]
#[ignore = "needs openssl and python3"]
fn a_project_that_is_whole_and_one_that_is_empty_are_told_apart() {
    let gitlab = compared(&variables(), &variables());
    assert_eq!(gitlab.desk.samples.values["variables_are"], "whole");
    let gitlab = compared(&[], &variables());
    assert_eq!(gitlab.desk.samples.values["variables_are"], "gone");
}

#[test]
#[ignore = "needs openssl and python3"]
fn a_value_that_gitlab_refuses_ends_the_replay_and_is_not_repeated() {
    let short = variable("PIN", "4711", &json!({"masked": true}));
    let mut gitlab = compared(&[], &[variable("V1", "value 1", &json!({})), short]);
    let said = gitlab.desk.run("replay");
    let text = said.fails();
    said.is_known_as("GitLab refuses a value");
    assert!(text.contains("FAILED PIN: 400") && !text.contains("4711"), "{text}");
    assert_eq!(gitlab.desk.run("replay/probe").means, Some(Meaning::NotStarted));
}

#[test]
#[ignore = "needs openssl and python3"]
fn an_export_that_is_an_error_page_or_a_wrong_token_changes_nothing() {
    let mut gitlab = GitLab::new(None, &[]);
    copies(&mut gitlab.desk, &[("ci-variables.json", "{\"message\": \"401\"}".to_owned())]);
    let said = gitlab.desk.run("variables-now");
    said.fails();
    said.is_known_as("a saved error page");
    let mut gitlab = compared(&[], &variables()).with_token("glpat-another");
    for name in ["variables-now", "replay", "replay/probe"] {
        gitlab.desk.run(name).fails();
    }
    assert_eq!(gitlab.held()["variables"], json!([]));
    let again = fs::read_to_string(gitlab.desk.work().join("ci-variables.json"));
    assert!(again.unwrap().contains("V129"));
}
