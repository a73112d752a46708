//! The Hub's vault: found, let in, opened to addresses, looked into; and what is waited for around it.

use super::desk::{Desk, refused_at_every_call};
use chrono::{Duration, Utc};
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};

const RUNBOOK: &str = "heritage-hub/key-vault-access-lost";
const ELSEWHERE: &str = "4f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a35";
const CLOSED: &str = "3f9a9c11-5b7e-4d0a-9a51-7c0e8d1b2a36";
const IDENTITY: &str = "/subscriptions/s/resourcegroups/rg-hub-prod/providers/Microsoft.ManagedIdentity\
    /userAssignedIdentities/hub";

fn cloud() -> Value {
    let secret = |name: &str| {
        let url = format!("https://kv-hcs-vault-01.vault.azure.net/secrets/{name}");
        json!({"name": name, "keyVaultUrl": url, "identity": "system"})
    };
    let there = |name: &str, group: &str| {
        let id = format!(
            "/subscriptions/{ELSEWHERE}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{name}"
        );
        json!([{"id": id, "name": name}])
    };
    json!({
        "subscriptions": {
            "3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34": there("kv-hcs-vault-02", "rg-hub-prod"),
            (CLOSED): null,
            (ELSEWHERE): there("kv-hcs-vault-01", "rg_of.the-old_1"),
        },
        "ips": ["20.103.17.40/32", "198.51.100.0/24"],
        "assignments": [], "looks_until_allowed": 0,
        "secrets": {"db-url": true, "clerk": true, "other": true},
        "identities": [
            {"id": IDENTITY.to_uppercase(), "principalId": "5d1f3c9e-1a2b-4c3d-8e4f-0123456789ac"},
            {"id": "/another", "principalId": "5d1f3c9e-1a2b-4c3d-8e4f-0123456789ad"},
        ],
        "app": {"status": "Running", "revision": "hub-api--x7k2p9q",
            "identity": {"principalId": "5d1f3c9e-1a2b-4c3d-8e4f-0123456789ab", "type": "SystemAssigned"},
            "secrets": [secret("db-url"), secret("clerk/4f0c2a"), {"name": "registry", "keyVaultUrl": null}]},
    })
}

fn desk() -> Desk {
    let mut desk = Desk::new(RUNBOOK, &cloud());
    desk.set("egress", "20.103.17.40\n20.103.17.44\n198.51.100.0/24\n203.0.113.0/28");
    desk.set("identity", "system");
    desk
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_vault_is_found_in_whatever_subscription_it_lies() {
    let mut desk = desk();
    desk.run("search").passes();
    let value = |desk: &Desk, name: &str| desk.samples.values[name].clone();
    assert_eq!(value(&desk, "found"), "yes");
    assert_eq!(value(&desk, "found_subscription"), ELSEWHERE);
    assert_eq!(value(&desk, "found_group"), "rg_of.the-old_1");
    assert_eq!(value(&desk, "unseen"), "1", "one could not be looked into");
    desk.set("vault_name", "kv-nowhere");
    desk.run("search").passes();
    assert_eq!(value(&desk, "found"), "no");
    assert_eq!(value(&desk, "unseen"), "1");
    refused_at_every_call(self::desk(), "search", &["keyvault list"]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn missing_addresses_are_let_in_and_only_they_are_taken_out_again() {
    let mut desk = desk();
    assert_eq!(desk.run("ip-rules/probe").means, Some(Meaning::NotStarted));
    let said = desk.run("ip-rules").passes();
    assert!(said.contains("added 20.103.17.44/32\nadded 203.0.113.0/28"), "{said}");
    assert_eq!(desk.run("ip-rules/probe").means, Some(Meaning::Done));
    assert!(desk.run("ip-rules").passes().contains("all there"));
    for _ in 0..2 {
        desk.run("ip-rules/undo").passes();
        assert_eq!(desk.state()["ips"], cloud()["ips"]);
        assert_eq!(desk.run("ip-rules/probe").means, Some(Meaning::NotStarted));
    }
    desk.run("ip-rules").passes();
    desk.run("ip-rules/undo").passes();
    assert_eq!(desk.state()["ips"], cloud()["ips"]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn where_no_address_was_missing_the_way_back_has_nothing_to_do() {
    let mut desk = desk();
    desk.set("egress", "20.103.17.40");
    desk.run("ip-rules").passes();
    desk.run("ip-rules/undo").passes();
    assert_eq!(desk.state()["ips"], cloud()["ips"]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn no_refused_call_passes_for_an_open_or_a_shut_door() {
    let added = || {
        let mut desk = desk();
        desk.run("ip-rules").passes();
        desk
    };
    refused_at_every_call(desk(), "ip-rules", &[]);
    refused_at_every_call(added(), "ip-rules/probe", &[]);
    refused_at_every_call(added(), "ip-rules/undo", &[]);
    // What a try that was cut off has added is taken out all the same.
    let mut desk = desk();
    desk.change(|state| state["refuse"] = json!(3));
    desk.run("ip-rules").fails();
    desk.run("ip-rules/undo").passes();
    assert_eq!(desk.state()["ips"], cloud()["ips"]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_right_of_ones_own_is_given_once_and_taken_back_alone() {
    let mut desk = desk();
    let scope = desk.samples.values["vault_id"].clone();
    let before = json!([
        {"id": "/kept", "description": null, "scope": scope},
        {"id": "/also-kept", "description": "rutter-20260101000000", "scope": scope},
    ]);
    desk.change(|state| {
        state["assignments"] = before.clone();
        state["looks_until_allowed"] = json!(3);
    });
    for name in ["own-right/probe", "own-officer/probe", "take-own-right/probe"] {
        let none = if name == "take-own-right/probe" { Meaning::Done } else { Meaning::NotStarted };
        assert_eq!(desk.run(name).means, Some(none), "{name}");
    }
    assert!(desk.run("own-right").passes().contains("works after 4 tries"));
    assert!(desk.run("own-officer").passes().contains("works after 1 tries"));
    assert_eq!(desk.state()["assignments"].as_array().unwrap().len(), 3, "once");
    assert_eq!(desk.run("own-right/probe").means, Some(Meaning::Done));
    desk.run("own-right-left").passes();
    assert_eq!(desk.samples.values["own_right"], "given");
    for name in ["take-own-right", "own-right/undo"] {
        desk.run(name).passes();
        assert_eq!(desk.state()["assignments"], before, "{name}");
    }
    desk.run("own-right-left").passes();
    assert_eq!(desk.samples.values["own_right"], "none");
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_list_of_rights_that_was_refused_is_none_without_the_mark() {
    let given = || {
        let mut desk = desk();
        desk.run("own-right").passes();
        desk
    };
    refused_at_every_call(desk(), "own-right", &["keyvault secret list"]);
    refused_at_every_call(given(), "own-right", &["keyvault secret list"]);
    refused_at_every_call(given(), "own-right-left", &[]);
    refused_at_every_call(given(), "take-own-right", &[]);
    let mut desk = given();
    desk.change(|state| state["refuse"] = json!(state["asked"].as_array().unwrap().len() + 2));
    desk.run("own-right").fails();
    assert_eq!(desk.state()["assignments"].as_array().unwrap().len(), 1, "no second one");
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_right_that_never_works_is_said_to_be_refused() {
    let mut desk = desk();
    // Three tries instead of forty tell the same.
    desk.program("seq", "#!/bin/sh\necho 1 2 3\n");
    desk.change(|state| state["looks_until_allowed"] = json!(1000));
    assert!(desk.run("own-right").fails().contains("still refused after 10 minutes"));
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_identity_that_reads_is_the_apps_own_or_the_one_it_names() {
    let mut desk = desk();
    desk.run("principal").passes();
    assert_eq!(desk.samples.values["principal"], "5d1f3c9e-1a2b-4c3d-8e4f-0123456789ab");
    desk.set("identity", IDENTITY);
    desk.run("principal").passes();
    assert_eq!(
        desk.samples.values["principal"], "5d1f3c9e-1a2b-4c3d-8e4f-0123456789ac",
        "in whatever case"
    );
    refused_at_every_call(self::desk(), "principal", &[]);
    let named = || {
        let mut desk = self::desk();
        desk.set("identity", IDENTITY);
        desk
    };
    refused_at_every_call(named(), "principal", &[]);
    desk.change(|state| {
        state["identities"] = json!([]);
        state["app"]["identity"] = json!({"principalId": null, "type": "None"});
    });
    for identity in [IDENTITY, "system"] {
        desk.set("identity", identity);
        let said = desk.run("principal");
        said.fails();
        said.is_known_as("The identity itself was deleted");
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn every_secret_that_the_app_names_is_looked_for() {
    let mut desk = desk();
    for name in ["secrets-back", "all-entered"] {
        assert!(desk.run(name).passes().contains("all 2 there"), "{name}");
    }
    // A vault takes a name in any case.
    desk.change(|state| state["secrets"] = json!({"DB-Url": true, "Clerk": true}));
    desk.run("secrets-back").passes();
    desk.change(|state| state["secrets"] = json!({"clerk": false}));
    let said = desk.run("all-entered");
    assert!(said.fails().contains("missing clerk\nmissing db-url"), "{}", said.text());
    said.is_known_as("Enter the ones it names");
    desk.set("vault_name", "kv-another");
    assert!(desk.run("all-entered").fails().contains("refers to no secret of kv-another"));
    refused_at_every_call(self::desk(), "secrets-back", &[]);
    let mut desk = self::desk();
    desk.change(|state| state["looks_until_allowed"] = json!(1));
    let said = desk.run("secrets-back");
    said.fails();
    said.is_known_as("Your own right on the vault went");
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_subscription_is_waited_for_until_it_is_back_or_the_moment_has_come() {
    let at = |minutes: i64| {
        (Utc::now() + Duration::minutes(minutes)).format("%Y-%m-%dT%H:%M:00Z").to_string()
    };
    let clock = |state: &str, minutes: i64| {
        let mut desk = desk();
        let url = format!("rest /subscriptions/{}", desk.samples.values["subscription_id"]);
        desk.change(|cloud| cloud["canned"] = json!({(url): {"state": state}}));
        desk.set("decide_at", at(minutes));
        desk
    };
    for (state, minutes, says) in
        [("Enabled", 60, "enabled"), ("Enabled", -60, "enabled"), ("Disabled", -5, "over")]
    {
        let mut desk = clock(state, minutes);
        desk.run("clock").passes();
        assert_eq!(desk.samples.values["clock_says"], says, "{state} {minutes}");
    }
    assert!(clock("Warned", 60).run("clock").is_waiting());
    refused_at_every_call(clock("Disabled", -5), "clock", &[]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn only_refusals_of_the_last_two_minutes_count() {
    let line = |minutes: i64, said: &str| {
        let at = (Utc::now() - Duration::minutes(minutes))
            .format("%Y-%m-%d %H:%M:%S +0000 UTC")
            .to_string();
        json!({"TimeStamp": at, "Type": "Warning", "Msg": said, "Reason": "KeyVault"}).to_string()
    };
    let refused = "Unable to get value using Managed identity system for secret db-url";
    let with = |health: &str, lines: Vec<String>| {
        let desk = desk();
        let serving = json!({"name": "hub-api--1", "properties": {
            "active": true, "trafficWeight": 100, "healthState": health}});
        let other = json!({"name": "hub-api--0", "properties": {
            "active": true, "trafficWeight": 0, "healthState": "Unhealthy"}});
        desk.change(|state| {
            state["revisions"] = json!([serving, other]);
            state["system_log"] = json!(lines);
        });
        desk
    };
    let calm = || with("Healthy", vec![line(5, refused), line(0, "Successfully provisioned")]);
    assert!(calm().run("healthy").passes().contains("Healthy, 0 refusals"));
    assert!(with("Healthy", vec![]).run("healthy").passes().contains("Healthy, 0 refusals"));
    let said =
        with("Healthy", vec![line(0, refused), line(0, "ForbiddenByRbac"), line(5, refused)])
            .run("healthy");
    assert!(said.is_not_enough().contains("Healthy, 2 refusals"), "{}", said.text());
    said.is_known_as("still refused now and then");
    let said = with("Unhealthy", vec![]).run("healthy");
    said.is_not_enough();
    said.is_known_as("It has its secret and does not start");
    refused_at_every_call(calm(), "healthy", &[]);
}
