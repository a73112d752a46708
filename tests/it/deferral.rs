//! A step that was put off, in every face, and in everything that is told of the run afterwards.

use crate::support::program::{Home, said};
use crate::support::terminal::{Terminal, until};
use crate::support::window::{SEAT, Window, seated};
use serde_json::Value;
use std::fs;

const BOOK: &str = "format: 1
name: later
title: Take away what is old
system: Demo
version: '1'
summary: Takes it away.
environment: local
phases:
  - title: Away
    steps:
      - id: look
        title: Look at it
        hazard: read
        run: echo seen
        keeps: Nothing at all.
        call: {who: the night shift, after_failures: 2, after: 20m}
      - id: drop
        title: Drop the old one
        what: Removes it with all of its backups.
        hazard: irreversible
        target: old
        run: rm -r old
        loses: All of it.
        no_undo: It is gone.
        defer: {for: 7d, why: At night nothing of this is urgent.}
";

const STORY: &str = "format: 1
runbook: later
title: A story
start: {at: 2026-11-21T02:53:00Z}
steps:
  look: [{output: seen, takes: 1s}]
  drop: [{output: gone, takes: 1s}]
";

fn home() -> Home {
    let home = Home::new();
    fs::create_dir_all(home.dir.path().join("later/scenarios")).unwrap();
    home.file("later/runbook.yaml", BOOK);
    home.file("later/scenarios/one.yaml", STORY);
    home.file("night.yaml", "format: 1\nsteps: {drop: {defer: it is night}}\n");
    home
}

fn rutter(home: &Home, words: &[&str]) -> String {
    said(&home.rutter(words).output().unwrap())
}

fn events(home: &Home, kind: &str) -> Vec<Value> {
    let journal = fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let events = records.flat_map(|record| record["events"].as_array().unwrap().clone());
    events.filter(|event| event["type"] == kind).collect()
}

/// Asserts that the step was put off and nothing else happened to it.
fn assert_deferred(home: &Home) {
    let deferred = events(home, "deferred");
    assert_eq!(deferred.len(), 1, "{deferred:?}");
    assert_eq!(
        (&deferred[0]["step"], &deferred[0]["reason"]),
        (&"drop".into(), &"it is night".into())
    );
    assert!(events(home, "skipped").is_empty());
    let intended = events(home, "attempt_intended");
    assert!(intended.iter().all(|event| event["step"] != "drop"), "nothing of it was started");
}

#[test]
fn a_file_of_answers_puts_it_off_and_everything_told_of_the_run_names_what_is_due() {
    let home = home();
    let output =
        home.rutter(["run", "./later", "--no-input", "--answers", "night.yaml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_deferred(&home);
    let closed = &events(&home, "run_closed")[0];
    assert_eq!((&closed["as_"], &closed["reason"]), (&"done".into(), &"1 step deferred".into()));
    let due = events(&home, "deferred")[0]["due"].as_str().unwrap().to_owned();
    let run = home.run().file_name().unwrap().to_string_lossy().into_owned();
    let status = rutter(&home, &["status"]);
    assert!(status.contains("DEFERRED") && status.contains(&due), "{status}");
    for words in [&["journal", "show", &run][..], &["journal", "export", &run, "--format", "md"]] {
        let told = rutter(&home, words);
        assert!(told.contains(&due) && told.contains("it is night"), "{told}");
    }
    assert!(rutter(&home, &["journal", "verify", &run]).contains("closed"));
}

#[test]
fn a_rehearsal_puts_it_off_by_the_storys_clock_and_the_debrief_names_it() {
    let home = home();
    let told = rutter(&home, &["rehearse", "./later", "--no-input", "--answers", "night.yaml"]);
    assert_deferred(&home);
    let due = events(&home, "deferred")[0]["due"].as_str().unwrap().to_owned();
    assert!(due.starts_with("2026-11-28T02:5"), "{due}");
    assert!(told.contains("DEFERRED") && told.contains(&due), "{told}");
    assert!(!rutter(&home, &["status"]).contains("DEFERRED"), "what never happened is not due");
}

#[test]
fn a_reader_of_the_runbook_sees_what_may_wait_what_stays_and_whom_to_call() {
    let shown = rutter(&home(), &["show", "./later"]);
    for line in [
        "LEAVES   Nothing at all.",
        "CALL     the night shift, after 2 failures or 20 min",
        "OR WAIT  7 days: At night nothing of this is urgent.",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}

#[test]
fn line_mode_offers_it_first_and_takes_a_word() {
    let home = home();
    let mut terminal = Terminal::start(home.rutter(["--line", "run", "./later"]));
    terminal.hear("LEAVES Nothing at all.");
    terminal.hear("CALL the night shift, after 2 failures or 20 min");
    terminal.hear("1.1>");
    terminal.say("run");
    terminal.hear("OR WAIT At night nothing of this is urgent.");
    terminal.hear("Type defer, run");
    terminal.hear("1.2>");
    terminal.say("defer it is night");
    terminal.hear("DEFERRED drop, due");
    terminal.hear("DEFERRED 1.2 Drop the old one, due");
    terminal.say("close");
    assert_eq!(terminal.end().code(), Some(0));
    assert_deferred(&home);
}

#[test]
fn the_guard_of_what_cannot_be_undone_has_a_button_for_it() {
    let home = home();
    let words = ["rehearse", "./later", "--speed", "50"];
    let mut window = Window::open((80, 24), home.program(SEAT, seated(&words)));
    window.hear("Look at it");
    let step = window.hear("the night shift, after 2 failures or 20 min");
    assert!(step.says("LEAVES") && step.says("Nothing at all."), "{}", step.text());
    window.choose("run 1.1");
    window.hear("OR WAIT");
    window.choose("open the guard");
    window.hear("THIS CANNOT BE UNDONE.");
    window.hear("[ Defer to 2026-11-28 ]");
    while !window.view().offers().iter().any(|offer| offer.words.starts_with("press Defer")) {
        window.press_and_look("Tab");
    }
    window.choose("press Defer");
    window.hear("Why does it wait");
    window.type_text("it is night");
    window.choose("defer to");
    let settled = window.hear("1 deferred");
    assert!(settled.says("due 2026-11-28"), "{}", settled.text());
    assert_deferred(&home);
}

/// A run that is left open after a decision was put off, with what hangs on it.
const PICK: &str = "format: 1
name: later
title: Pick one
system: Demo
version: '1'
summary: Picks one.
environment: local
phases:
  - title: Pick
    steps:
      - id: pick
        title: Which one?
        defer: {for: 1s, why: It can wait.}
        decide:
          outcomes: {x: {title: X}, y: {title: Y}}
      - {id: mend, title: Mend it, hazard: read, run: echo mended, when: {pick: x}}
      - {id: look, title: Look at it, hazard: read, run: echo seen}
";

#[test]
fn line_mode_says_what_falls_away_with_a_decision_and_takes_it_up_again_in_the_same_run() {
    let home = Home::new();
    home.file("pick.yaml", PICK);
    let mut terminal = Terminal::start(home.rutter(["--line", "run", "./pick.yaml"]));
    terminal.hear("OR WAIT It can wait. defer WHY: due ");
    terminal.hear("With it these are left out of this run: 1.2 Mend it.");
    terminal.hear("1.1>");
    terminal.say("defer nobody knows yet");
    terminal.hear("DEFERRED pick, due");
    terminal.hear("NOT TAKEN mend: pick was put off.");
    terminal.hear("1.3>");
    terminal.say("run");
    terminal.hear("again pick takes it up now.");
    terminal.say("again pick");
    terminal.hear("REOPENED pick; it is to do again.");
    terminal.hear("1.1>");
    terminal.say("choose x");
    terminal.hear("1.2>");
    terminal.say("run");
    terminal.hear("Every step is settled.");
    terminal.say("close");
    assert_eq!(terminal.end().code(), Some(0));
    let closed = &events(&home, "run_closed")[0];
    assert_eq!((&closed["as_"], &closed["reason"]), (&"done".into(), &"".into()));
    let run = home.run().file_name().unwrap().to_string_lossy().into_owned();
    assert!(rutter(&home, &["journal", "show", &run]).contains("opened again"));
    assert!(!rutter(&home, &["status"]).contains("DUE"));
}

#[test]
fn what_is_due_in_an_open_run_is_called_due_everywhere() {
    let home = Home::new();
    home.file("pick.yaml", PICK);
    let mut terminal = Terminal::start(home.rutter(["--line", "run", "./pick.yaml"]));
    terminal.hear("1.1>");
    terminal.say("defer nobody knows yet");
    terminal.hear("1.3>");
    terminal.say("quit");
    terminal.end();
    until("it to be due", || {
        rutter(&home, &["status", "--short"]).contains("1 waiting 1 due").then_some(())
    });
    assert!(rutter(&home, &["status"]).contains("DUE 1.1 Which one?, due"));
    let mut window = Window::open((80, 24), home.program(SEAT, seated(&[])));
    window.hear("DUE 1.1 Which one?");
}

#[test]
fn the_head_that_is_told_on_leaving_is_the_newest_one() {
    let home = Home::new();
    home.file("pick.yaml", PICK);
    let mut terminal = Terminal::start(home.rutter(["--line", "run", "./pick.yaml"]));
    terminal.hear("1.1>");
    terminal.say("quit");
    let all = terminal.heard_out();
    let told = all.lines().find_map(|line| line.strip_prefix("HEAD #")).unwrap();
    let told = told.split_once("   ").unwrap().0.to_owned();
    let run = home.run().file_name().unwrap().to_string_lossy().into_owned();
    let head = rutter(&home, &["journal", "head", &run]);
    assert!(head.contains(&format!("#{told}")), "{told}: {head}");
}

/// A closed run in which a step was put off that is due, and its name.
fn closed_and_due(home: &Home) -> String {
    home.file("pick.yaml", PICK);
    home.file("night.yaml", "format: 1\nsteps: {pick: {defer: nobody knows yet}}\n");
    let words = ["run", "./pick.yaml", "--no-input", "--answers", "night.yaml"];
    let ran = home.rutter(words).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    let run = home.run().file_name().unwrap().to_string_lossy().into_owned();
    until("it to be due", || rutter(home, &["status"]).contains("DUE").then_some(()));
    run
}

#[test]
fn what_was_put_off_in_a_closed_run_is_settled_by_one_command_and_its_journal_stays_as_it_is() {
    let home = Home::new();
    let run = closed_and_due(&home);
    let short = run.rsplit('-').next().unwrap();
    let told = rutter(&home, &["status"]);
    assert!(told.contains(&format!("rutter done {short} pick TEXT")), "{told}");
    let journal = fs::read(home.run().join("journal.jsonl")).unwrap();
    let done = home.rutter(["done", short, "1.1", "x it is, ticket 4812"]).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert_eq!(fs::read(home.run().join("journal.jsonl")).unwrap(), journal);
    assert_eq!(rutter(&home, &["status"]).trim(), "No open runs.");
    assert_eq!(rutter(&home, &["status", "--short"]).trim(), "no open runs");
    for words in
        [&["journal", "show", &run][..], &["journal", "export", &run], &["journal", "verify", &run]]
    {
        let told = rutter(&home, words);
        assert!(told.contains("x it is, ticket 4812"), "{told}");
    }
    assert!(rutter(&home, &["journal", "export", &run]).contains("- [x] 1.1"));
    let again = home.rutter(["done", short, "pick", "once more"]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "{}", said(&again));
    assert!(said(&again).contains("recorded as done already"), "{}", said(&again));
}

#[test]
fn what_is_recorded_beside_a_closed_journal_cannot_be_rewritten_quietly() {
    let home = Home::new();
    let run = closed_and_due(&home);
    rutter(&home, &["done", &run, "pick", "x it is"]);
    let beside = home.run().join("later").join(&run).join("journal.jsonl");
    let text = fs::read_to_string(&beside).unwrap();
    assert!(text.contains(&format!("\"run\":\"{run}\"")), "{text}");
    fs::write(&beside, text.replace("x it is", "y it is")).unwrap();
    let verified = home.rutter(["journal", "verify", &run]).output().unwrap();
    assert_eq!(verified.status.code(), Some(7), "{}", said(&verified));
    assert!(said(&verified).contains("later/ is not believed"), "{}", said(&verified));
    assert!(rutter(&home, &["status"]).contains("DUE"), "what is not believed is still due");
}

#[test]
fn only_what_was_put_off_in_a_closed_run_is_said_to_be_done_later() {
    let home = Home::new();
    let run = closed_and_due(&home);
    for (words, named) in [
        (["done", &run, "look", "x"], "look was not put off in this run"),
        (["done", &run, "pick", " "], "what was done is not said"),
    ] {
        let refused = home.rutter(words).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains(named), "{}", said(&refused));
    }
    assert!(!home.run().join("later").exists(), "what is refused leaves nothing behind");
    let open = Home::new();
    open.file("pick.yaml", PICK);
    let mut terminal = Terminal::start(open.rutter(["--line", "run", "./pick.yaml"]));
    terminal.hear("1.1>");
    terminal.say("defer nobody knows yet");
    terminal.hear("1.3>");
    let name = open.run().file_name().unwrap().to_string_lossy().into_owned();
    let refused = open.rutter(["done", &name, "pick", "x"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("the run is open"), "{}", said(&refused));
}
