//! Several terminals and one run: leaving, coming back, taking over, notes from elsewhere, kills.

use crate::support::program::{Home, files, said};
use crate::support::terminal::{Terminal, until};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/terminals.yaml")
}

fn line(home: &Home, words: &[&str]) -> Terminal {
    Terminal::start(home.rutter(words))
}

/// Opens a run and goes on until its change runs.
fn changing(home: &Home) -> Terminal {
    let mut at = line(home, &["run", fixture().to_str().unwrap()]);
    at.hear("1.1>");
    at.say("run");
    at.hear("1.2>");
    at.say("run");
    at.hear("disarms:");
    at.say("yes-run");
    at.hear("STARTED");
    until("the change to run", || witness(home).contains("started").then_some(()));
    at
}

fn work(home: &Home) -> PathBuf {
    home.run().join("work")
}

fn witness(home: &Home) -> String {
    fs::read_to_string(work(home).join("witness")).unwrap_or_default()
}

fn go(home: &Home) {
    fs::write(work(home).join("go"), "").unwrap();
}

fn short(home: &Home) -> String {
    home.run().file_name().unwrap().to_string_lossy().rsplit('-').next().unwrap().to_owned()
}

fn events(home: &Home) -> Vec<Value> {
    let journal = fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.flat_map(|record| record["events"].as_array().unwrap().clone()).collect()
}

fn count(home: &Home, kind: &str, step: &str) -> usize {
    events(home).iter().filter(|e| e["type"] == kind && e["step"] == step).count()
}

fn kill(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

#[test]
fn a_command_outlives_the_killed_face_and_resume_shows_its_outcome_and_output() {
    let home = Home::new();
    let mut at = changing(&home);
    kill(at.child.id(), Signal::KILL);
    at.end();
    go(&home);
    let outcome =
        || files(&home.run().join("tasks")).into_iter().find(|p| p.ends_with("outcome.json"));
    until("the outcome of the change", || {
        let all = files(&home.run().join("tasks"));
        (all.iter().filter(|p| p.ends_with("outcome.json")).count() >= 2).then_some(())
    });
    assert!(outcome().is_some());
    let mut back = line(&home, &["resume"]);
    back.hear("It ended while nobody watched");
    back.hear("VERIFIED");
    back.hear("1.3>");
    assert!(back.heard().contains("| ended"), "{}", back.heard());
    assert_eq!(witness(&home), "started\n", "nothing ran twice");
}

#[test]
fn a_killed_keeper_leaves_an_unknown_outcome_that_only_a_person_settles() {
    let home = Home::new();
    let mut at = changing(&home);
    let started = events(&home).into_iter().rev().find(|e| e["type"] == "attempt_started").unwrap();
    let pid = |who: &str| u32::try_from(started[who]["pid"].as_u64().unwrap()).unwrap();
    kill(pid("keeper"), Signal::KILL);
    at.hear("OUTCOME UNKNOWN");
    at.hear("1.2>");
    at.say("again");
    at.hear("the witness");
    at.say("the witness");
    at.hear("disarms:");
    at.say("yes-run");
    at.hear("Why all the same:");
    at.say("I want to");
    at.hear("is still running");
    assert_eq!(witness(&home), "started\n", "the orphan lives, so nothing was repeated");
    go(&home); // the orphan ends by itself
    until("the orphan to go", || {
        rustix::process::test_kill_process(
            Pid::from_raw(i32::try_from(pid("child")).unwrap()).unwrap(),
        )
        .err()
    });
    fs::write(work(&home).join("done"), "").unwrap();
    at.hear("1.2>");
    at.say("probe");
    at.hear("The probe says: done");
    at.hear("1.2>");
    at.say("settle done");
    at.hear("SETTLED change: done");
    at.hear("1.3>");
    assert_eq!(witness(&home), "started\n");
    assert_eq!(count(&home, "attempt_intended", "change"), 2, "the change and its probe");
}

#[test]
fn a_second_terminal_is_told_who_holds_the_run_and_takes_it_when_asked() {
    let home = Home::new();
    let mut first = changing(&home);
    let mut second = line(&home, &["resume"]);
    assert_eq!(second.end().code(), Some(6));
    second.hear("another terminal holds this run");
    second.hear(&format!("pid {}", first.child.id()));
    let mut taker = line(&home, &["resume", "--take"]);
    taker.hear("asked the other terminal to let go");
    taker.hear("RUNNING 1.2 Change until told");
    assert_eq!(first.end().code(), Some(6), "{}", first.heard());
    go(&home);
    taker.hear("ENDED");
    taker.hear("1.3>");
    assert!(!taker.heard().contains("nobody watched"), "{}", taker.heard());
    let resumed = events(&home).into_iter().rev().find(|e| e["type"] == "resumed").unwrap();
    assert!(resumed["taken_from"]["uid"].is_string(), "{resumed}");
    assert_eq!(witness(&home), "started\n");
}

#[test]
fn a_holder_that_does_not_answer_is_ended_and_its_command_goes_on() {
    let home = Home::new();
    let mut first = changing(&home);
    kill(first.child.id(), Signal::STOP);
    let mut taker = line(&home, &["resume", "--take"]);
    taker.hear("no answer; sending it TERM");
    taker.hear("RUNNING 1.2 Change until told");
    first.end();
    go(&home);
    taker.hear("1.3>");
    assert_eq!(witness(&home), "started\n");
}

#[test]
fn a_note_from_elsewhere_is_recorded_once_whoever_writes_the_journal() {
    let home = Home::new();
    let mut at = changing(&home);
    let id = short(&home);
    let note = |text: &str| {
        let output = home.rutter(["note", &id, text]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    };
    assert!(note("deploys frozen").starts_with("recorded as #"));
    at.hear("NOTE deploys frozen");
    at.say("quit");
    assert_eq!(at.end().code(), Some(6));
    assert!(note("nobody at the desk").starts_with("recorded as #"));
    let noted = events(&home).iter().filter(|e| e["type"] == "noted").count();
    assert_eq!(noted, 2);
    go(&home);
}

#[test]
fn a_typed_secret_is_not_echoed_and_not_recorded() {
    let home = Home::new();
    let mut at = changing(&home);
    go(&home);
    at.hear("1.3>");
    at.say("run");
    at.hear("The word (typed, not shown):");
    at.say("Sesame-4711");
    at.hear("‹secret:typed›");
    at.hear("Type close");
    assert!(!at.heard().contains("Sesame-4711"), "{}", at.heard());
    at.say("note the word was Sesame-4711"); // the terminal echoes what is typed; the journal masks it
    at.hear("NOTE the word was ‹secret:typed›");
    for path in files(&home.run()) {
        let bytes = fs::read(&path).unwrap();
        assert_eq!(memchr::memmem::find(&bytes, b"Sesame-4711"), None, "{}", path.display());
    }
}

#[test]
fn nothing_starts_when_the_journal_cannot_be_written() {
    let home = Home::new();
    let mut at = line(&home, &["run", fixture().to_str().unwrap()]);
    at.hear("1.1>");
    at.say("run");
    at.hear("1.2>");
    // The anchors are written before every change; a folder in their place cannot be.
    let anchors = home.dir.path().join(".local/share/rutter/anchors.jsonl");
    fs::remove_file(&anchors).unwrap();
    fs::create_dir(&anchors).unwrap();
    at.say("run");
    at.hear("disarms:");
    at.say("yes-run");
    assert_ne!(at.end().code(), Some(0));
    assert_eq!(witness(&home), "");
    assert_eq!(count(&home, "attempt_started", "change"), 0);
}

const SECRET_PARAM: &str = "format: 1\nname: asks\ntitle: Asks\nsystem: Lab\nversion: \"1\"\nsummary: Asks.\n\
                            environment: local\nparams:\n  key: {type: secret, ask: The key}\nphases:\n\
                            \x20 - title: T\n    steps:\n      - {id: a, title: A, hazard: read, run: cat, stdin: {secret: key}}\n";

#[test]
fn a_parameter_that_is_a_secret_is_typed_without_echo() {
    let home = Home::new();
    let runbook = home.file("asks.yaml", SECRET_PARAM);
    let mut at = line(&home, &["run", "--line", runbook.to_str().unwrap()]);
    at.hear("key (not shown) =");
    at.say("Sesame-4711");
    at.hear("1.1>");
    at.say("run");
    at.hear("‹secret:key›");
    assert!(!at.heard().contains("Sesame-4711"), "{}", at.heard());
}

#[test]
fn a_signal_while_a_secret_is_typed_leaves_the_run() {
    let home = Home::new();
    let mut at = changing(&home);
    go(&home);
    at.hear("1.3>");
    at.say("run");
    at.hear("The word (typed, not shown):");
    kill(at.child.id(), Signal::TERM);
    assert_eq!(at.end().code(), Some(143), "{}", at.heard());
    at.hear("COME BACK rutter resume");
    assert!(at.echoes(), "the terminal is left as it was found");
}

#[test]
fn a_signal_while_a_parameter_is_typed_gives_the_terminal_back() {
    let home = Home::new();
    let runbook = home.file("asks.yaml", SECRET_PARAM);
    let mut at = line(&home, &["run", "--line", runbook.to_str().unwrap()]);
    at.hear("key (not shown) =");
    until("the echo to go", || (!at.echoes()).then_some(()));
    kill(at.child.id(), Signal::INT);
    at.end();
    assert!(at.echoes(), "the terminal is left as it was found");
    assert!(!home.has_run());
}

#[test]
fn no_line_that_was_typed_ahead_passes_a_guard() {
    let home = Home::new();
    let mut at = line(&home, &["run", fixture().to_str().unwrap()]);
    at.hear("1.1>");
    at.say("run");
    at.hear("1.2>");
    at.say("run\nyes-run\nyes-run\nyes-run");
    at.hear("disarms:");
    at.say("no");
    at.hear("Disarmed. Nothing was started.");
    assert_eq!(witness(&home), "");
}

#[test]
fn nobody_passes_a_guard_for_work_that_is_refused_anyhow() {
    let home = Home::new();
    let steps = "      - id: a\n        title: A\n        what: Changes.\n        hazard: change\n        target: x\n\
                 \x20       run: echo changed\n        undo: {title: Back, hazard: change, run: echo back}\n";
    let head = SECRET_PARAM.split("params:").next().unwrap();
    let runbook =
        home.file("asks.yaml", format!("{head}phases:\n  - title: T\n    steps:\n{steps}"));
    let mut at = line(&home, &["run", "--line", runbook.to_str().unwrap()]);
    at.hear("1.1>");
    at.say("undo a");
    at.hear("No: a may not be repeated: it has no open change.");
    assert!(!at.heard().contains("ARMED"), "{}", at.heard());
}
