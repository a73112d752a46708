//! Kamea's consumers: stopped, started, pointed at another database, and asked for their health.

use super::desk::{Desk, refused_at_every_call};
use rutter::runbook::model::Meaning;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

const RUNBOOK: &str = "kamea/full-restore";
const COPY: &str = "kamea-prod-pg-r20261121025300.postgres.database.azure.com";

fn sites(host: &str) -> Value {
    let site = |state: &str| json!({"state": state, "settings": {"DB_PASSWORD": "of the database", "DB_HOST": host}});
    json!({"sites": {
        "kamea-api": site("Running"), "kamea-wss": site("Running"), "kamea-ingest": site("Running"),
    }})
}

fn desk() -> Desk {
    let mut desk = Desk::new(RUNBOOK, &sites("kamea-prod-pg.postgres.database.azure.com"));
    desk.set("db_host", COPY);
    desk
}

#[test]
#[ignore = "needs the Azure CLI"]
fn consumers_are_stopped_and_started_and_a_second_time_is_harmless() {
    let mut desk = desk();
    for _ in 0..2 {
        desk.run("stop-writers").passes();
        assert_eq!(desk.run("stop-writers/probe").means, Some(Meaning::Done));
        assert_eq!(desk.run("start-writers/probe").means, Some(Meaning::NotStarted));
    }
    desk.change(|state| state["sites"]["kamea-wss"]["state"] = json!("Running"));
    let one = desk.run("stop-writers/probe");
    assert_eq!(one.means, Some(Meaning::NotStarted), "one that runs is enough: {}", one.text());
    for name in ["start-writers", "restart-consumers", "stop-writers/undo"] {
        desk.run(name).passes();
        assert_eq!(desk.run("start-writers/probe").means, Some(Meaning::Done), "{name}");
        assert_eq!(desk.run("restart-consumers/probe").means, Some(Meaning::Done), "{name}");
    }
}

#[test]
#[ignore = "needs the Azure CLI"]
fn consumers_are_pointed_at_the_copy_and_back_and_no_setting_is_shown() {
    let mut desk = desk();
    assert_eq!(desk.run("point-consumers/probe").means, Some(Meaning::NotStarted));
    let said = desk.run("point-consumers").passes();
    assert!(!said.contains("of the database"), "{said}");
    let said = desk.run("point-consumers/probe");
    assert_eq!(said.means, Some(Meaning::Done), "{}", said.text());
    assert_eq!(desk.state()["sites"]["kamea-ingest"]["settings"]["DB_HOST"], COPY);
    let given = desk.given();
    assert!(given.contains(
        r#"["functionapp","config","appsettings","set","-g","rg-kamea-prod","-n","kamea-ingest""#
    ));
    desk.run("point-consumers/undo").passes();
    assert_eq!(desk.run("point-consumers/probe").means, Some(Meaning::NotStarted));
}

#[test]
#[ignore = "needs the Azure CLI"]
fn a_consumer_on_any_other_host_or_on_none_is_not_taken_for_one_that_moved() {
    for host in ["reports-pg.postgres.database.azure.com", "right.example.org", ""] {
        let mut desk = desk();
        desk.run("point-consumers").passes();
        desk.change(|state| state["sites"]["kamea-ingest"]["settings"]["DB_HOST"] = json!(host));
        let said = desk.run("point-consumers/probe");
        assert_eq!(said.means, Some(Meaning::NotStarted), "{host:?}: {}", said.text());
    }
    let mut desk = desk();
    desk.run("point-consumers").passes();
    desk.change(|state| {
        state["sites"]["kamea-ingest"]["settings"].as_object_mut().unwrap().remove("DB_HOST");
    });
    let said = desk.run("point-consumers/probe");
    assert_eq!(said.means, Some(Meaning::NotStarted), "no setting at all: {}", said.text());
}

#[test]
#[ignore = "needs the Azure CLI"]
fn an_answer_about_some_consumers_is_none_about_all() {
    let stopped = || {
        let mut desk = desk();
        desk.run("stop-writers").passes();
        desk
    };
    let moved = || {
        let mut desk = desk();
        desk.run("point-consumers").passes();
        desk
    };
    for name in ["stop-writers", "point-consumers"] {
        refused_at_every_call(desk(), name, &[]);
    }
    refused_at_every_call(stopped(), "stop-writers/probe", &[]);
    refused_at_every_call(desk(), "start-writers/probe", &[]);
    refused_at_every_call(moved(), "point-consumers/probe", &[]);
}

/// A server that answers each request with the status its path names, and the address at which it stands. It takes this
/// many requests.
fn server(requests: usize) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().unwrap().unwrap();
            // A request that is left unread would reset the connection.
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let status = request
                .split(['/', ' ', '?'])
                .find(|word| word.len() == 3 && *word != "GET")
                .unwrap();
            let answer =
                format!("HTTP/1.1 {status} Said\r\nLocation: /200\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    format!("http://{address}")
}

#[test]
#[ignore = "needs curl"]
fn every_address_has_to_answer_200_itself() {
    let mut desk = Desk::new(RUNBOOK, &Value::Null);
    let good = server(3);
    desk.set("health_urls", format!("{good}/200\n{good}/200?a={{1,2}}&b=[3]\n{good}/200/a%20b"));
    desk.run("health").passes();
    for wrong in ["503", "301", "404"] {
        let both = server(2);
        desk.set("health_urls", format!("{both}/{wrong}\n{both}/200"));
        let said = desk.run("health");
        let text = said.is_not_enough();
        assert!(
            text.contains(&format!("/{wrong} {wrong}\n")) && text.contains("not well: 1"),
            "{text}"
        );
        if wrong == "503" {
            said.is_known_as("It runs and cannot work");
        }
    }
}

#[test]
#[ignore = "needs curl"]
fn where_nobody_listens_or_nobody_is_asked_nothing_is_well() {
    let mut desk = Desk::new(RUNBOOK, &Value::Null);
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    desk.set("health_urls", format!("http://{closed}/health"));
    let text = desk.run("health").is_not_enough();
    assert!(text.contains("/health 000\nnot well: 1"), "{text}");
    desk.set("health_urls", "");
    desk.run("health").is_not_enough();
}
