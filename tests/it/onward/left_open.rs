//! What a run leaves open goes with it: into the next run's journal, through a chain of them, and into every list.

use super::{openings, rutter};
use crate::support::program::{Home, said};
use crate::support::terminal::Terminal;
use serde_json::Value;
use std::fs;

/// A runbook that changes one thing and may end in another one.
fn book(name: &str, title: &str, on: &str) -> String {
    format!(
        "format: 1
name: {name}
title: Runbook {name}
system: Chain
version: '1'
summary: Changes one thing.
environment: local
phases:
  - title: Change
    steps:
      - id: change
        title: {title}
        what: Changes it.
        hazard: change
        target: {name}-thing
        run: echo changed
        undo: {{title: Take {name} back, hazard: change, run: echo back}}
{on}"
    )
}

fn on(runbook: &str) -> String {
    format!(
        "      - id: which
        title: Which way
        decide:
          outcomes:
            stay: {{title: Stay}}
            away: {{title: Away, go: {runbook}}}
"
    )
}

/// Three runbooks, each of which leads to the next.
fn chain() -> Home {
    let home = Home::new();
    let books = [
        ("one", book("one", "Pause the pipeline", &on("chain/two"))),
        ("two", book("two", "Stop the writers", &on("chain/three"))),
        ("three", book("three", "Move the address", "")),
    ];
    for (name, text) in books {
        let path = home.dir.path().join("runbooks/chain").join(name);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("runbook.yaml"), text).unwrap();
    }
    home.file("away.yaml", "format: 1\nsteps: {which: {outcome: away, why: it is}}\n");
    home.file("end.yaml", "format: 1\n");
    home
}

fn words<'a>(runbook: &'a str, answers: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["run", runbook, "--no-input", "--answers", answers][..], more].concat()
}

/// Ends the first run in the second runbook; returns its short id.
fn first(home: &Home) -> String {
    let output = rutter(home, &words("chain/one", "away.yaml", &[]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    short(&openings(home)[0])
}

fn short(opened: &Value) -> String {
    let run = opened["run"].as_str().unwrap();
    run[run.len() - 4..].to_owned()
}

fn status(home: &Home) -> String {
    said(&rutter(home, &["status"]))
}

#[test]
fn what_a_run_leaves_open_is_open_in_the_run_that_goes_on_and_in_the_one_after_that() {
    let home = chain();
    let one = first(&home);
    let output = rutter(&home, &words("chain/two", "away.yaml", &["--continues", &one]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let two = short(&openings(&home)[1]);
    let output = rutter(&home, &words("chain/three", "end.yaml", &["--continues", &two]));
    let told = said(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let pipeline = format!("1.1 Pause the pipeline on one-thing, of run {one}");
    let writers = format!("1.1 Stop the writers on two-thing, of run {two}");
    let all = format!("OPEN CHANGES 3: change, {writers}, {pipeline}");
    assert!(told.contains(&all), "{told}");
    let opened = &openings(&home)[2];
    let taken: Vec<&str> = opened["taken_over"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["undo"].as_str().unwrap())
        .collect();
    assert_eq!(taken, ["Take two back", "Take one back"], "facts of its own journal, newest first");
    let report = said(&rutter(&home, &["journal", "export", &short(opened), "--format", "md"]));
    for open in [&pipeline, &writers] {
        assert!(report.contains(&format!("- {open}; way back, by hand: ")), "{report}");
    }
}

#[test]
fn line_mode_says_at_the_beginning_what_was_taken_over_and_lets_a_person_settle_it() {
    let home = chain();
    let one = first(&home);
    let words = ["--line", "--runbooks", "runbooks", "run", "chain/two", "--continues", &one];
    let mut terminal = Terminal::start(home.rutter(words));
    terminal.hear("STILL OPEN from before, taken over:");
    let pipeline = format!("1.1 Pause the pipeline on one-thing, of run {one}; way back, by hand");
    terminal.hear(&pipeline);
    terminal.hear("1.1>");
    terminal.say(&format!("undo {one}/change"));
    terminal.hear("No: say that you took it back by hand, or why it stays");
    terminal.say(&format!("undo {one}/change it runs again, I looked"));
    terminal.hear("SETTLED change of run");
    terminal.say("steps");
    terminal.hear("No change is open.");
    terminal.say("quit");
    assert_eq!(terminal.end().code(), Some(6));
    let two = short(&openings(&home)[1]);
    let report = said(&rutter(&home, &["journal", "export", &two, "--format", "md"]));
    assert!(report.contains("settled by a person: it runs again, I looked"), "{report}");
}

#[test]
fn a_run_that_goes_on_is_listed_with_its_open_change_and_the_command_until_it_is_taken_up() {
    let home = chain();
    let one = first(&home);
    let before = rutter(&home, &["status"]);
    let told = said(&before);
    assert_eq!(before.status.code(), Some(6), "somebody has to come: {told}");
    assert!(
        told.contains(&format!("{one}  LIVE  LOCAL  chain/one  GOES ON in chain/two")),
        "{told}"
    );
    assert!(told.contains("not taken up"), "{told}");
    assert!(told.contains("open change: 1.1 Pause the pipeline on one-thing"), "{told}");
    let books = home.dir.path().canonicalize().unwrap().join("runbooks");
    let command = format!("rutter run chain/two --continues {one} --runbooks {}", books.display());
    assert!(told.contains(&command), "a whole path, it is typed elsewhere: {told}");
    assert!(said(&rutter(&home, &["status", "--short"])).contains("1 to take up"));
    let output = rutter(&home, &words("chain/two", "end.yaml", &["--continues", &one]));
    assert_ne!(output.status.code(), Some(0), "an outcome is missing: {}", said(&output));
    assert!(!status(&home).contains("GOES ON"), "{}", status(&home));
}

#[test]
fn a_hand_over_to_a_runbook_that_is_gone_is_listed_all_the_same() {
    let home = chain();
    let one = first(&home);
    fs::remove_dir_all(home.dir.path().join("runbooks/chain/two")).unwrap();
    let told = status(&home);
    assert!(
        told.contains(&format!("{one}  LIVE  LOCAL  chain/one  GOES ON in chain/two")),
        "{told}"
    );
    assert!(told.contains("BUT ") && told.contains("no runbook"), "{told}");
}

#[test]
fn a_run_is_continued_once_unless_twice_is_wanted() {
    let home = chain();
    let one = first(&home);
    let again = |more: &[&str]| {
        let more = [&["--continues", &one][..], more].concat();
        rutter(&home, &words("chain/two", "away.yaml", &more))
    };
    assert_eq!(again(&[]).status.code(), Some(0));
    let two = short(&openings(&home)[1]);
    let refused = again(&[]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let why = format!("run {one} was already taken up by {two}");
    assert!(said(&refused).contains(&why), "{}", said(&refused));
    assert_eq!(openings(&home).len(), 2);
    assert_eq!(again(&["--again"]).status.code(), Some(0));
    assert_eq!(openings(&home).len(), 3);
}

#[test]
fn a_person_is_asked_before_a_run_is_continued_a_second_time() {
    let home = chain();
    let one = first(&home);
    rutter(&home, &words("chain/two", "away.yaml", &["--continues", &one]));
    let two = short(&openings(&home)[1]);
    let ask = |answer: &str| {
        let words = ["--line", "--runbooks", "runbooks", "run", "chain/two", "--continues", &one];
        let mut terminal = Terminal::start(home.rutter(words));
        terminal.hear(&format!("already taken up by {two}"));
        terminal.say(answer);
        terminal
    };
    assert_eq!(ask("").end().code(), Some(2));
    assert_eq!(openings(&home).len(), 2, "nothing was opened");
    ask("again").hear("1.1>");
    assert_eq!(openings(&home).len(), 3);
}
