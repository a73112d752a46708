//! The broker's shares, restored one by one, and the certificate that lies on one of them.

use super::desk::{Desk, refused_at_every_call};
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

const RUNBOOK: &str = "kamea/full-restore";

fn cloud() -> Value {
    let points = |name: &str| {
        json!([
            [format!("{name}-new"), "2026-11-21T20:00:00Z"],
            [format!("{name}-old"), "2026-11-20T20:00:00Z"]
        ])
    };
    let shares = ["certificates", "truststore", "persistence", "cert.store"];
    let points: serde_json::Map<_, _> =
        shares.iter().map(|share| ((*share).to_owned(), points(share))).collect();
    json!({"backups": {
        "points": points, "jobs": {}, "polls": ["InProgress"], "ends": "Completed",
    }})
}

fn desk() -> Desk {
    let mut desk = Desk::new(RUNBOOK, &cloud());
    desk.set("restore_time", "2026-11-21T02:25:00Z");
    desk
}

fn asked() -> Desk {
    let mut desk = desk();
    desk.run("rmq-shares").passes();
    desk
}

fn restored(desk: &Desk) -> Vec<String> {
    let jobs = desk.state()["backups"]["jobs"].clone();
    let mut points: Vec<_> = jobs
        .as_object()
        .unwrap()
        .values()
        .map(|job| job["point"].as_str().unwrap().to_owned())
        .collect();
    points.sort();
    points
}

#[test]
#[ignore = "needs the Azure CLI"]
fn every_share_goes_back_to_its_last_point_before_the_moment_once() {
    let mut desk = desk();
    assert_eq!(desk.run("rmq-shares/probe").means, Some(Meaning::NotStarted));
    for _ in 0..2 {
        desk.run("rmq-shares").passes();
        assert_eq!(restored(&desk), ["certificates-old", "persistence-old", "truststore-old"]);
        assert_eq!(desk.run("rmq-shares/probe").means, Some(Meaning::Done));
    }
    assert!(desk.run("rmq-restored").is_waiting());
    desk.run("rmq-restored").passes();
    desk.set("rmq_shares", "cert.store\ncertXstore\npersistence");
    desk.run("rmq-shares").fails();
    assert!(restored(&desk).contains(&"cert.store-old".to_owned()), "a dot is a dot in a name");
}

#[test]
#[ignore = "needs the Azure CLI"]
fn an_attempt_that_was_cut_short_goes_on_with_the_shares_that_are_left() {
    let mut desk = desk();
    // The second share's restore.
    desk.change(|state| state["refuse"] = json!(4));
    desk.run("rmq-shares").fails();
    assert_eq!(restored(&desk), ["certificates-old"]);
    assert_eq!(
        desk.run("rmq-shares/probe").means,
        Some(Meaning::NotStarted),
        "persistence is left"
    );
    desk.change(|state| state["refuse"] = json!(null));
    desk.run("rmq-shares").passes();
    assert_eq!(restored(&desk).len(), 3);
}

#[test]
#[ignore = "needs the Azure CLI"]
fn the_last_share_that_was_asked_for_says_nothing_about_those_after_it() {
    let mut desk = desk();
    desk.set("rmq_shares", "persistence\ncertificates");
    desk.change(|state| state["refuse"] = json!(4));
    desk.run("rmq-shares").fails();
    desk.change(|state| state["refuse"] = json!(null));
    let said = desk.run("rmq-shares/probe");
    assert_eq!(said.means, Some(Meaning::NotStarted), "certificates are left: {}", said.text());
    desk.run("rmq-shares").passes();
    assert_eq!(desk.run("rmq-shares/probe").means, Some(Meaning::Done));
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_share_without_a_point_is_named() {
    let mut desk = desk();
    desk.set("restore_time", "2026-11-01T00:00:00Z");
    let text = desk.run("rmq-shares").fails();
    assert!(text.contains("certificates: no point at or before 2026-11-01T00:00:00"), "{text}");
    assert!(restored(&desk).is_empty());
}

#[test]
#[ignore = "needs the Azure CLI"]
fn one_share_with_warnings_is_not_all_shares_back() {
    for end in ["CompletedWithWarnings", "Failed"] {
        let mut desk = asked();
        desk.run("rmq-restored").is_not_enough();
        desk.change(|state| {
            state["backups"]["ends"] = json!(end);
            let jobs = state["backups"]["jobs"].as_object_mut().unwrap();
            jobs.values_mut().next().unwrap()["polls"] = json!(["Completed"]);
        });
        desk.run("rmq-restored").is_not_enough();
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn no_refused_call_passes_for_a_share_that_came_back() {
    refused_at_every_call(desk(), "rmq-shares", &[]);
    let ended = || {
        let desk = asked();
        desk.change(|state| {
            for job in state["backups"]["jobs"].as_object_mut().unwrap().values_mut() {
                job["polls"] = json!([]);
            }
        });
        desk
    };
    refused_at_every_call(ended(), "rmq-restored", &[]);
}

/// Makes authorities and certificates of the broker: `rmq.pem` by the customer's CA, `chain.pem` by one between with
/// both in the file, `public.pem` by an authority that this host trusts, and `short.pem` for twelve days.
fn certificates(folder: &Path) {
    let script = r#"
        key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
        root() { key "$1"; openssl req -x509 -key "$1.key" -subj "/CN=$1" -days 90 -out "$1.pem"; }
        by() {
            key "$2"
            openssl req -new -key "$2.key" -subj "/CN=rmq.kamea.example.org" -out "$2.csr"
            openssl x509 -req -in "$2.csr" -CA "$1.pem" -CAkey "$1.key" -CAcreateserial -days "$3" \
                -extfile <(echo "basicConstraints=${4:-CA:FALSE}") -out "$2.pem"
        }
        root ca; root public-ca
        by ca rmq 60; by ca short 12; by public-ca public 60
        by ca between 80 CA:TRUE; by between leaf 60
        cat leaf.pem between.pem >chain.pem
        mkdir trusted; cp public-ca.pem trusted/; openssl rehash trusted"#;
    let mut made = Command::new("bash");
    let made = made.args(["-euc", script]).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// The broker's share holds this certificate and this authority.
fn broker(certificate: &str, authority: &str) -> Desk {
    let mut desk = Desk::new(RUNBOOK, &json!({}));
    let (made, share) = (desk.work().join("made"), desk.work().join("share"));
    fs::create_dir(&made).unwrap();
    fs::create_dir(&share).unwrap();
    certificates(&made);
    fs::copy(made.join(certificate), share.join("rmq.pem")).unwrap();
    fs::copy(made.join(authority), share.join("ca.pem")).unwrap();
    desk.change(|state| state["folders"] = json!({"certificates": share}));
    desk.trial.environment.push(("SSL_CERT_DIR", made.join("trusted").into()));
    desk
}

#[test]
#[ignore = "needs openssl and the Azure CLI"]
fn the_brokers_certificate_is_judged_by_the_authority_on_its_share() {
    for certificate in ["rmq.pem", "chain.pem"] {
        let said = broker(certificate, "ca.pem").run("certificate").passes();
        assert!(
            said.contains("CN = rmq.kamea.example.org") && said.contains("will not expire"),
            "{said}"
        );
    }
    for certificate in ["rmq.pem", "public.pem"] {
        let said =
            broker(certificate, if certificate == "rmq.pem" { "public-ca.pem" } else { "ca.pem" })
                .run("certificate");
        said.fails();
        said.is_known_as("of different days");
    }
}

#[test]
#[ignore = "needs openssl and the Azure CLI"]
fn a_certificate_that_soon_runs_out_is_told_from_one_of_another_authority() {
    let said = broker("short.pem", "ca.pem").run("certificate");
    let text = said.fails();
    said.is_known_as("It runs out within 30 days");
    assert!(text.contains("rmq.pem: OK"), "its chain was looked at all the same: {text}");
    let said = broker("short.pem", "public-ca.pem").run("certificate");
    said.fails();
    said.is_known_as("of different days");
}

#[test]
#[ignore = "needs openssl and the Azure CLI"]
fn a_certificate_that_is_none_or_was_not_fetched_is_not_right() {
    broker("rmq.key", "ca.pem").run("certificate").fails();
    let desk = broker("rmq.pem", "ca.pem");
    fs::remove_file(desk.work().join("share/ca.pem")).unwrap();
    let mut desk = desk;
    desk.run("certificate").fails();
    refused_at_every_call(broker("rmq.pem", "ca.pem"), "certificate", &[]);
}
