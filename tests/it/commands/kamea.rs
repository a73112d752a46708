//! Kamea as a small cloud: a damaged server, its copy, a dump in an account, and the names of the hub's devices.

use super::bench::Bench;
use super::cloud::{COPY, Cloud, SOURCE};
use chrono::{Duration, Utc};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The parts of the cloud.
pub fn state(cloud: &Cloud, dump: &Path) -> Value {
    let names = "SELECT coalesce(metadata ->> 'iotHubDeviceName', id::text) FROM device";
    let names = cloud.servers.ask(COPY, "kamea", names);
    let devices: Vec<_> = names.lines().map(|name| json!({"deviceId": name})).collect();
    let mut state = json!({
        "dump": dump,
        "servers": {"kamea-prod-pg": {
            "state": "Ready", "host": SOURCE.to_string(), "ha": "Disabled", "retention": 7, "rules": [],
            "parameters": [{"name": "azure.extensions", "value": "HSTORE,PG_TRGM",
                "source": "user-override", "isConfigPendingRestart": false}],
        }},
        "canned": {"iot hub device-identity list": devices},
    });
    state["restore"] = cloud.state()["restore"].clone();
    state["restore"]["runs"] = json!(true);
    state
}

/// The values that a person would give, or a step before would have found.
pub fn known() -> Vec<(&'static str, String)> {
    let point = (Utc::now() - Duration::minutes(40)).format("%Y-%m-%dT%H:%M:00Z").to_string();
    vec![("restore_time", point), ("db_host", COPY.to_string()), ("least_tenants", "5".to_owned())]
}

/// Puts the addresses of the servers where Azure's would stand, checked against their certificate as there.
pub fn place(bench: &mut Bench<'_>) {
    let server = format!("{}.postgres.database.azure.com", bench.samples.values["pg_server"]);
    bench.samples.place(server, SOURCE.to_string());
    let bundle = bench.cloud.servers.root_certificate().to_str().unwrap().to_owned();
    bench.samples.values.insert("ca_bundle".to_owned(), bundle);
    let passwords = bench.cloud.folder().join("pgpass");
    fs::write(&passwords, "*:*:*:*:of-the-state-file\n").unwrap();
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&passwords, only_mine).unwrap();
    let passwords = passwords.to_str().unwrap().to_owned();
    bench.trial.secrets.insert("pgpass_file".to_owned(), passwords);
    // Nobody works on the copy here, so that its database can be renamed; and the hub has the devices of the copy, not
    // the one that came later.
    bench.lonely = &["right-server", "same-names"];
}
