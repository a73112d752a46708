//! The Heritage Hub as a small cloud: one damaged server, an app that is logged in to it, a vault.

use super::cloud::{Cloud, SOURCE};
use chrono::{Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

/// The administrator's password when the copy was made.
pub const PASSWORD: &str = r"admin:p\ass 1";

/// The parts of the cloud. The string holds what a password may hold; the administrator's has what libpq's password
/// file has to escape.
pub fn state(cloud: &Cloud, password: &str) -> Value {
    let string = format!(
        "postgresql://hub_app:app%20p%40ss%3Aword%2F1@{SOURCE}:{}/heritage_hub?sslmode=require",
        cloud.servers.port
    );
    let secret = |name: &str, value: &str| {
        let id = format!("https://kv-hcs-vault-01.vault.azure.net/secrets/{name}/{:032x}", 1);
        json!([{"id": id, "name": name, "value": value}])
    };
    let reference =
        "https://kv-hcs-vault-01.vault.azure.net/secrets/heritage-hub-db-connection-string";
    json!({
        "admin": "hubadmin",
        "earliest": (Utc::now() - Duration::days(7)).to_rfc3339_opts(SecondsFormat::Secs, true),
        "servers": {"heritage-hub-prod": {
            "state": "Ready", "host": SOURCE.to_string(), "ha": "Disabled", "retention": 7,
            "rules": [
                {"name": "office", "startIpAddress": "203.0.113.7", "endIpAddress": "203.0.113.7"},
                {"name": "the app", "startIpAddress": "198.51.100.4", "endIpAddress": "198.51.100.5"},
            ],
            "parameters": [{"name": "work_mem", "value": "8192", "source": "user-override",
                "isConfigPendingRestart": false}],
        }},
        "app": {"status": "Stopped", "revision": "hub-api--x7k2p9q",
            "secrets": [{"name": "db-url", "keyVaultUrl": reference, "identity": "system"}]},
        "vault": {
            "heritage-hub-db-connection-string": secret("heritage-hub-db-connection-string", &string),
            "heritage-hub-db-admin-password":
                secret("heritage-hub-db-admin-password", password),
        },
        "canned": {
            "account show": {"id": "3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34", "name": "hub",
                "state": "Enabled", "user": {"name": "ana@example.org"}},
            "containerapp job list": [],
            "containerapp list": [{"name": "hub-api"}],
            "group list": [{"name": "rg-hub-prod"}],
            "keyvault list": [{"name": "kv-hcs-vault-01"}],
            "postgres flexible-server list": [{"name": "heritage-hub-prod"}],
            "rest /subscriptions/3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34/resourceGroups/rg-hub-prod\
             /providers/Microsoft.Authorization/permissions": {"value": [{"actions": ["*"]}]},
        },
    })
}

/// The values that a person would give.
pub fn known() -> Vec<(&'static str, String)> {
    let point = (Utc::now() - Duration::minutes(40)).format("%Y-%m-%dT%H:%M:00Z").to_string();
    vec![("restore_point", point), ("least_users", "150".to_owned())]
}
