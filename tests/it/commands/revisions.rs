//! The revisions of the Hub's app: two put side by side, the logs of one saved, all but one retired.

use super::desk::{Desk, refused_at_every_call};
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};
use std::fs;

const RUNBOOK: &str = "heritage-hub/container-app-rollback";

fn revision(number: u32, created: &str, weight: u32, image: &str) -> Value {
    json!({"name": format!("hub-api--00000{number}"), "properties": {
        "active": weight != 0, "createdTime": created, "healthState": "Healthy", "trafficWeight": weight,
        "template": {"containers": [{"image": image, "name": "hub-api"}]}}})
}

fn line(revision: &str, reason: &str, said: &str) -> String {
    json!({"TimeStamp": "2026-06-18 11:59:12 +0000 UTC", "Type": "Warning", "ContainerAppName": "hub-api",
        "RevisionName": revision, "Msg": said, "Reason": reason}).to_string()
}

fn app(failing: &str, good: &str) -> Value {
    let (bad, other) = ("hub-api--0000013", "hub-api--0000012");
    json!({
        "mode": "Multiple",
        "revisions": [
            revision(11, "2026-06-10T08:00:12+00:00", 0, "hubacr.azurecr.io/hub-api:1.11.0"),
            revision(12, "2026-06-15T08:01:40+00:00", 0, good),
            revision(13, "2026-06-18T11:58:03+00:00", 100, failing),
        ],
        "replicas": {(bad): ["x2k4q", "x9m1z"]},
        "system_log": [
            line(other, "RevisionReady", "Successfully provisioned"),
            line(bad, "ProbeFailed", "Startup probe failed: connection refused"),
            line(bad, "ContainerTerminated", "Container 'hub-api' said \"no\" and was terminated"),
        ],
        "console_log": {"x2k4q": ["one", "two"], "x9m1z": ["three"]},
    })
}

fn desk_of(failing: &str, good: &str) -> Desk {
    let mut desk = Desk::new(RUNBOOK, &app(failing, good));
    desk.set("bad_revision", "hub-api--0000013");
    desk.set("good_revision", "hub-api--0000012");
    desk.set("serving", "hub-api--0000012");
    desk
}

fn desk() -> Desk {
    desk_of("hubacr.azurecr.io/hub-api:1.13.0", "hubacr.azurecr.io/hub-api:1.12.0")
}

#[test]
#[ignore = "needs the Azure CLI"]
fn two_revisions_are_put_side_by_side_with_what_their_images_mean() {
    let digest = "@sha256:0f343b0931126a20f133d67c2b018a3b5e1a3b5d0a5e7a0c9d6f1c2b3a495867";
    let pinned = format!("hubacr.azurecr.io/hub-api{digest}");
    let images = [
        (
            "hubacr.azurecr.io/hub-api:1.13.0",
            "hubacr.azurecr.io/hub-api:1.12.0",
            "tagged",
            "1.12.0",
            "hubacr.azurecr.io/hub-api",
        ),
        (
            "hub:5000/a/hub-api:latest",
            "hub:5000/a/hub-api:latest",
            "same",
            "latest",
            "hub:5000/a/hub-api",
        ),
        (
            "hubacr.azurecr.io/hub-api:1.13.0",
            &pinned,
            "pinned",
            &digest[8..],
            "hubacr.azurecr.io/hub-api",
        ),
        ("hubacr.azurecr.io/hub-api", "hub:5000/hub-api", "tagged", "latest", "hub:5000/hub-api"),
    ];
    for (failing, good, word, tag, repository) in images {
        let mut desk = desk_of(failing, good);
        // What no answer gives has its default.
        desk.set("good_tag", "latest");
        desk.run("pair").passes();
        let value = |name: &str| desk.samples.values[name].clone();
        assert_eq!(value("images"), word, "{good}");
        assert_eq!(value("good_tag"), tag, "{good}");
        assert_eq!(value("good_repository"), repository, "{good}");
        assert_eq!(value("bad_made"), "2026-06-18T11:58:03Z");
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn revisions_the_wrong_way_round_or_gone_are_noticed() {
    let mut desk = desk();
    desk.set("bad_revision", "hub-api--0000012");
    desk.set("good_revision", "hub-api--0000013");
    let said = desk.run("pair");
    said.fails();
    said.is_known_as("the wrong way round");
    desk.set("good_revision", "hub-api--0000099");
    desk.run("pair").fails();
    refused_at_every_call(self::desk(), "pair", &[]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn what_platform_and_replicas_said_is_saved_and_counted() {
    let mut desk = desk();
    for _ in 0..2 {
        let said = desk.run("save-logs").passes();
        assert!(said.contains("system.jsonl: 3 lines, 2 of hub-api--0000013"), "{said}");
        assert!(said.contains("console.jsonl: 3 lines of 2 replicas"), "{said}");
        assert!(said.contains("saved 5 lines of"), "{said}");
        assert!(said.contains("ProbeFailed: Startup probe failed"), "{said}");
        let console = fs::read_to_string(desk.work().join("console.jsonl")).unwrap();
        assert_eq!(console, "one\ntwo\nthree\n");
        assert_eq!(
            fs::read_to_string(desk.work().join("system.jsonl")).unwrap().lines().count(),
            3
        );
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_replica_that_cannot_be_asked_does_not_cost_the_words_of_the_others() {
    let mut desk = desk();
    desk.change(|state| state["dying"] = json!(["x2k4q"]));
    let said = desk.run("save-logs").passes();
    assert!(said.contains("saved 3 lines") && said.contains("x2k4q could not be asked"), "{said}");
    let mut desk = self::desk();
    desk.change(|state| {
        state["replicas"] = json!({});
        state["system_log"] = json!([]);
    });
    let said = desk.run("save-logs");
    said.is_not_enough();
    said.is_known_as("Too old, or it never started");
}

#[test]
#[ignore = "needs the Azure CLI"]
fn platform_logs_or_replicas_that_are_refused_are_no_empty_ones() {
    for (call, there) in [(1, false), (2, true)] {
        let mut desk = desk();
        desk.change(|state| state["refuse"] = json!(call));
        desk.run("save-logs").fails();
        assert_eq!(desk.work().join("system.jsonl").exists(), there);
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn every_other_revision_is_retired_and_the_one_that_serves_has_all_traffic_first() {
    let mut desk = desk();
    assert_eq!(desk.run("retire-others/probe").means, None, "another one serves alone");
    desk.change(|state| state["revisions"][1]["properties"]["active"] = json!(true));
    assert_eq!(desk.run("retire-others/probe").means, Some(Meaning::NotStarted));
    let said = desk.run("retire-others").passes();
    let order = ["traffic to hub-api--0000012", "deactivated hub-api--0000013"];
    assert_eq!(said.trim().lines().collect::<Vec<_>>(), order);
    assert_eq!(desk.run("retire-others/probe").means, Some(Meaning::Done));
    assert_eq!(
        desk.run("retire-others").passes().trim(),
        "",
        "a second time there is nothing to do"
    );
    assert_eq!(desk.state()["revisions"][1]["properties"]["trafficWeight"], 100);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn nothing_is_retired_while_another_revision_answers() {
    let single = || {
        let desk = desk();
        desk.change(|state| state["mode"] = json!("Single"));
        desk
    };
    let mut desk = single();
    assert!(desk.run("retire-others").fails().contains("configured for single revision"));
    assert_eq!(desk.state()["revisions"][2]["properties"]["active"], true);
    refused_at_every_call(self::desk(), "retire-others", &[]);
}
