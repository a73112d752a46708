//! What a copied server lacks is brought to it, and the string that names a server is handled without being seen.

use super::desk::{Desk, refused_at_every_call};
use chrono::{Duration, Utc};
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};
use std::fs;

const RUNBOOK: &str = "heritage-hub/database-corruption";
const DAMAGED: &str = "heritage-hub-prod.postgres.database.azure.com";
const COPY: &str = "heritage-hub-prod-r1.postgres.database.azure.com";
const STRING: &str = "postgresql://hub_app:app%20p%40ss@heritage-hub-prod.postgres.database.azure.com:5432/heritage_hub";

fn rule(name: &str, start: &str, end: &str) -> Value {
    json!({"name": name, "startIpAddress": start, "endIpAddress": end})
}

fn parameter(name: &str, value: &str, source: &str, waits: bool) -> Value {
    json!({"name": name, "value": value, "source": source, "isConfigPendingRestart": waits})
}

fn cloud(copy: &str) -> Value {
    let rules = [
        rule("office", "203.0.113.7", "203.0.113.7"),
        rule("the app", "198.51.100.4", "198.51.100.5"),
    ];
    let set = [
        parameter("work_mem", "8192", "user-override", false),
        parameter("log_line_prefix", "%t [%p] 'x, y'", "user-override", false),
        parameter("shared_buffers", "65536", "user-override", false),
        parameter("jit", "on", "system-default", false),
    ];
    let fresh = [
        parameter("work_mem", "4096", "system-default", false),
        parameter("log_line_prefix", "%t", "system-default", false),
        parameter("shared_buffers", "32768", "system-default", false),
        parameter("jit", "off", "user-override", false),
    ];
    let id = "https://kv-hcs-vault-01.vault.azure.net/secrets/heritage-hub-db-connection-string/1";
    json!({
        "servers": {
            "heritage-hub-prod": {"rules": rules, "parameters": set},
            (copy): {"rules": [rules[0]], "parameters": fresh},
        },
        "waits_for_restart": ["shared_buffers"],
        "vault": {"heritage-hub-db-connection-string": [{"id": id, "value": STRING}]},
    })
}

fn desk() -> Desk {
    let mut desk = Desk::new(RUNBOOK, &Value::Null);
    let copy = desk.samples.values["copy_server"].clone();
    desk = Desk::new(RUNBOOK, &cloud(&copy));
    desk.set("damaged_host", DAMAGED);
    desk.set("copy_host", COPY);
    desk
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_copy_gets_the_rules_that_it_lacks() {
    let mut desk = desk();
    let said = desk.run("doors");
    assert!(said.fails().contains("lacks the app 198.51.100.4 198.51.100.5"), "{}", said.text());
    said.is_known_as("The copy came without these rules");
    assert_eq!(desk.run("copy-firewall/probe").means, Some(Meaning::NotStarted));
    for _ in 0..2 {
        desk.run("copy-firewall").passes();
        assert_eq!(desk.run("copy-firewall/probe").means, Some(Meaning::Done));
    }
    desk.run("doors").passes();
    refused_at_every_call(self::desk(), "copy-firewall", &[]);
    refused_at_every_call(desk, "doors", &[]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_copy_gets_the_parameters_that_differ_and_is_restarted_for_them() {
    let mut desk = desk();
    let said = desk.run("parameters");
    assert_eq!(said.fails().matches("differs ").count(), 3, "{}", said.text());
    said.is_known_as("others than these of the damaged server");
    let said = desk.run("copy-parameters").passes();
    assert!(said.contains("set log_line_prefix to %t [%p] 'x, y'"), "{said}");
    assert!(said.contains("restarting for shared_buffers"), "{said}");
    assert_eq!(desk.run("copy-parameters/probe").means, Some(Meaning::Done));
    desk.run("parameters").passes();
    let said = desk.run("copy-parameters").passes();
    assert!(!said.contains("restarting"), "{said}");
    refused_at_every_call(self::desk(), "copy-parameters", &[]);
    refused_at_every_call(desk, "parameters", &[]);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_restart_that_was_cut_off_is_made_up_for() {
    let mut desk = desk();
    // Three lists, three parameters, a list, then the restart.
    desk.change(|state| state["refuse"] = json!(8));
    assert!(desk.run("copy-parameters").fails().contains("restarting for shared_buffers"));
    desk.change(|state| state["refuse"] = json!(null));
    let said = desk.run("parameters");
    assert!(said.fails().contains("shared_buffers"), "set is not yet in force: {}", said.text());
    said.is_known_as("others than these of the damaged server");
    assert_eq!(desk.run("copy-parameters/probe").means, Some(Meaning::NotStarted));
    assert!(desk.run("copy-parameters").passes().contains("restarting for shared_buffers"));
    assert_eq!(desk.run("copy-parameters/probe").means, Some(Meaning::Done));
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_string_that_does_not_fit_is_left_as_it_is_and_not_shown() {
    let strings = [
        "postgresql://hub_app:app@elsewhere:5432/heritage_hub",
        "Server=x;Password=app%20p%40ss",
        "",
    ];
    for string in strings {
        let mut desk = desk();
        desk.change(|state| {
            state["vault"]["heritage-hub-db-connection-string"][0]["value"] = json!(string);
        });
        let said = desk.run("store-string");
        let text = said.fails();
        said.is_known_as("Nothing was stored");
        assert!(!text.contains("app%20") && !text.contains("hub_app"), "{text}");
        let kept = desk.state()["vault"]["heritage-hub-db-connection-string"].clone();
        assert_eq!(kept.as_array().unwrap().len(), 1);
    }
    // Another way of writing it, of which the login cannot be read.
    let mut desk = desk();
    let other = format!("host={DAMAGED} user=hub_app password=app");
    desk.change(|state| {
        state["vault"]["heritage-hub-db-connection-string"][0]["value"] = json!(other);
    });
    assert!(desk.run("store-string").fails().contains("is no connection URL"));
    let said = desk.run("store-string/probe");
    assert!(!said.fails().contains("password="), "{}", said.text());
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_way_back_of_the_string_is_the_string_of_before() {
    let mut desk = desk();
    let moved = STRING.replace(DAMAGED, COPY);
    desk.change(|state| {
        state["vault"]["heritage-hub-db-connection-string"][0]["value"] = json!(moved);
    });
    assert_eq!(desk.run("store-string/probe").means, Some(Meaning::Done));
    let said = desk.run("store-string/undo").passes();
    assert!(said.starts_with("https://") && !said.contains("hub_app"), "{said}");
    let versions = desk.state()["vault"]["heritage-hub-db-connection-string"].clone();
    assert_eq!(versions[1]["value"], STRING);
    assert_eq!(desk.run("store-string/probe").means, Some(Meaning::NotStarted));
    assert!(!desk.given().contains("hub_app"), "no argument holds it");
    desk.change(|state| {
        state["vault"]["heritage-hub-db-connection-string"].as_array_mut().unwrap().truncate(1);
    });
    refused_at_every_call(desk, "store-string/undo", &[]);
    refused_at_every_call(self::desk(), "store-string/probe", &[]);
}

/// Prisma, as far as a step can tell: it says where it would go, and keeps the string to itself.
const NPX: &str = r#"#!/bin/sh
[ "$1 $2 $3" = "--no-install prisma migrate" ] || exit 64
[ -f prisma/schema.prisma ] || exit 65
printf %s "$DATABASE_URL" >asked
case $4 in
status) echo "Following migration have not yet been applied:"; exit 1 ;;
deploy) echo "All migrations have been successfully applied." ;;
esac
"#;

#[test]
#[ignore = "needs the Azure CLI"]
fn prisma_is_asked_in_the_checkout_with_the_string_of_the_copy() {
    let prepared = || {
        let mut desk = desk();
        desk.program("npx", NPX);
        let checkout = desk.work().join("the hub's checkout");
        fs::create_dir_all(checkout.join("prisma")).unwrap();
        fs::write(checkout.join("prisma/schema.prisma"), "").unwrap();
        desk.set("checkout", checkout.to_str().unwrap());
        (desk, checkout)
    };
    let (mut desk, checkout) = prepared();
    let said = desk.run("prisma-status").passes_with(1);
    assert!(!said.contains("hub_app"), "{said}");
    let asked = fs::read_to_string(checkout.join("asked")).unwrap();
    assert_eq!(asked, STRING.replace(DAMAGED, COPY));
    desk.run("migrate-deploy").passes();
    desk.change(|state| {
        state["vault"]["heritage-hub-db-connection-string"][0]["value"] =
            json!("postgresql://u:p@other/x");
    });
    fs::remove_file(checkout.join("asked")).unwrap();
    for name in ["prisma-status", "migrate-deploy"] {
        let text = desk.run(name).fails();
        assert!(text.contains("nothing was started") && !checkout.join("asked").exists(), "{text}");
    }
    desk.set("checkout", "/nowhere");
    let said = desk.run("prisma-status");
    said.fails();
    said.is_known_as("is not there");
    for name in ["prisma-status", "migrate-deploy"] {
        let (mut desk, checkout) = prepared();
        desk.change(|state| state["refuse"] = json!(1));
        desk.run(name).fails();
        assert!(!checkout.join("asked").exists(), "{name}");
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_point_of_a_restore_is_waited_for_and_one_that_is_too_old_is_not() {
    let at = |minutes: i64| {
        (Utc::now() - Duration::minutes(minutes)).format("%Y-%m-%dT%H:%M:00Z").to_string()
    };
    let asked = |point: String, earliest: &str| {
        let server = json!({"state": "Ready", "host": "h", "ha": "Disabled", "retention": 7});
        let parts = json!({"servers": {"kamea-prod-pg": server}, "admin": "kameaadm", "earliest": earliest});
        let mut desk = Desk::new("kamea/full-restore", &parts);
        desk.set("restore_time", point);
        desk
    };
    let long_ago = "2026-01-04T12:03:11.482913+00:00";
    asked(at(40), long_ago).run("window").passes();
    assert!(
        asked(at(10), long_ago).run("window").is_waiting(),
        "the log arrives some minutes late"
    );
    let said = asked(at(40), &at(20)).run("window");
    assert!(said.is_not_enough().contains("too-old"), "{}", said.text());
    said.is_known_as("Older than the server's backups");
    refused_at_every_call(asked(at(40), long_ago), "window", &[]);
}
