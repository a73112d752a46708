//! A command that failed and is changed by the operator: shown against the runbook's, guarded, run once, told as it was.

use crate::support::hand::Hand;
use crate::support::program::{Home, files, said};
use crate::support::terminal::Terminal;
use crate::support::window::{SEAT, Window, seated};
use serde_json::Value;
use std::fs;

const RUNBOOK: &str = "
format: 1
name: shelf
title: A shelf
system: Lab
version: '1'
summary: Puts a box on a shelf whose name was written wrongly.
environment: local
phases:
  - title: Shelf
    steps:
      - id: put
        title: Put the box up
        what: Moves it.
        hazard: change
        target: the shelf
        run: cp /dev/null shelf/box
        expect: {exit: 0}
        repeat: safe
        probe:
          run: test -e box
          answers: [{exit: 0, means: done}, {exit: 1, means: not_started}]
        no_undo: It stays.
";

fn events(home: &Home) -> Vec<Value> {
    let journal = fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.flat_map(|record| record["events"].as_array().unwrap().clone()).collect()
}

/// What a run in which the command was changed says of itself.
fn assert_told(home: &Home) {
    let intended: Vec<_> =
        events(home).into_iter().filter(|event| event["type"] == "attempt_intended").collect();
    assert_eq!(intended.len(), 2, "as written, then as changed");
    assert!(intended[0].get("edited").is_none(), "{}", intended[0]);
    assert_eq!(intended[1]["shown"], "cp /dev/null box");
    assert_eq!(intended[1]["edited"]["runbook"], "cp /dev/null shelf/box");
    assert_eq!(intended[1]["edited"]["why"], "looked");
    assert_eq!(intended[1]["guard"]["typed"]["text"], "the shelf", "{}", intended[1]);
    assert!(home.run().join("work/box").exists(), "what was typed is what ran");
    let report = home.rutter(["journal", "export", "--format", "md"]).output().unwrap();
    let report = said(&report);
    assert!(report.contains("command edited; the runbook has: cp /dev/null shelf/box"), "{report}");
    assert!(report.contains("looked"), "{report}");
    let proof = home.rutter(["journal", "verify"]).output().unwrap();
    assert_eq!(proof.status.code(), Some(0), "{}", said(&proof));
}

#[test]
fn a_changed_command_runs_line_by_line_after_its_name_was_typed() {
    let home = Home::new();
    let file = home.file("shelf.yaml", RUNBOOK);
    let mut at = Terminal::start(home.rutter(["run", file.to_str().unwrap(), "--line"]));
    let mut say = |hear: &str, word: &str| {
        at.hear(hear);
        at.say(word);
    };
    say("1.1> ", "run");
    say("disarms: ", "yes-run");
    say("1.1> ", "edit");
    say("New command, in one line: ", "cp /dev/null shelf/box | tee");
    // Nobody is asked why for what is no command.
    say("1.1> ", "edit");
    say("New command, in one line: ", "cp /dev/null box");
    say("Why is it changed: ", "looked");
    say("to go on: ", "the shelf");
    say("disarms: ", "yes-run");
    say("> ", "close");
    at.hear("CLOSED");
    assert!(at.heard().contains("there is no shell here: `|`"), "{}", at.heard());
    assert_told(&home);
}

#[test]
fn a_changed_command_runs_on_the_screen_after_both_were_shown() {
    let home = Home::new();
    let file = home.file("shelf.yaml", RUNBOOK);
    let words = ["run", file.to_str().unwrap()];
    let mut window = Window::open((80, 24), home.program(SEAT, seated(&words)));
    window.choose("arm");
    window.wait("R", |view| view.offers_key("R"));
    window.press("R");
    window.hear("FAILED");
    while !window.view().says("▸ 3  Edit the command") {
        window.choose("mark another");
        window.read("the list", |view| view.key_for("mark another").is_some());
    }
    window.press("Enter");
    let view = window.hear("Your command");
    assert!(view.says("> cp /dev/null shelf/box"), "{}", view.text());
    window.erase("shelf/box".len());
    window.type_text("box");
    window.press("^D");
    let view = window.hear("RUNBOOK HAS");
    let text = view.text();
    assert!(text.contains("cp /dev/null box") && text.contains("cp /dev/null shelf/box"), "{text}");
    Hand::default().walk(&mut window, |_| false);
    assert_told(&home);
}

const LOOKS: &str = "
format: 1
name: looks
title: Looks
system: Lab
version: '1'
summary: Looks at a folder whose name was written wrongly.
environment: local
phases:
  - title: Look
    steps:
      - {id: look, title: Look at the box, hazard: read, run: ls nowhere}
";

#[test]
fn a_read_only_run_starts_no_command_that_was_typed() {
    let home = Home::new();
    let file = home.file("looks.yaml", LOOKS);
    let victim = home.file("victim", "still here");
    let line = home.rutter(["run", file.to_str().unwrap(), "--line", "--read-only"]);
    let mut at = Terminal::start(line);
    at.hear("1.1> ");
    at.say("edit");
    at.hear("read only");
    at.hear("1.1> ");
    at.say("quit");
    at.end();
    assert!(victim.exists());
    assert!(!at.heard().contains("New command"), "nothing is asked for nothing: {}", at.heard());
}

#[test]
fn a_typed_command_counts_as_a_change_wherever_it_is_told() {
    let home = Home::new();
    let file = home.file("looks.yaml", LOOKS);
    let victim = home.file("victim", "gone soon");
    let mut at = Terminal::start(home.rutter(["run", file.to_str().unwrap(), "--line"]));
    let mut say = |hear: &str, word: &str| {
        at.hear(hear);
        at.say(word);
    };
    let words = format!("rm {}", victim.display());
    say("1.1> ", "edit");
    say("New command, in one line: ", &words);
    say("Why is it changed: ", "looked");
    say("to go on: ", "look");
    say("disarms: ", "yes-run");
    say("> ", "close");
    at.hear("CLOSED");
    at.end();
    assert!(!victim.exists());
    assert!(at.heard().contains("ARMED, CHANGE, EDITED"), "{}", at.heard());
    let intended = events(&home).into_iter().find(|event| event["type"] == "attempt_intended");
    assert_eq!(intended.unwrap()["hazard"], "change");
    let report = home.rutter(["journal", "export", "--format", "md"]).output().unwrap();
    let report = said(&report);
    assert!(report.contains("1, 1 above read"), "{report}");
    let open = report.split("## Open changes").nth(1).unwrap().split("\n## ").next().unwrap();
    assert!(open.contains("Look at the box") && open.contains(&words), "{open}");
    // The head before it stands outside the run's folder, as before any change.
    let anchors = files(&home.dir.path().join(".local")).into_iter();
    let anchors: String = anchors.filter_map(|path| fs::read_to_string(path).ok()).collect();
    assert!(anchors.contains("before a change"), "{anchors}");
}

#[test]
fn a_typed_command_that_failed_is_told_from_the_runbooks_before_anything_is_chosen() {
    let home = Home::new();
    let file = home.file("looks.yaml", LOOKS);
    let mut at = Terminal::start(home.rutter(["run", file.to_str().unwrap(), "--line"]));
    let mut say = |hear: &str, word: &str| {
        at.hear(hear);
        at.say(word);
    };
    say("1.1> ", "edit");
    say("New command, in one line: ", "ls nothing-there");
    say("Why is it changed: ", "looked");
    say("Type the step's name to go on: ", "look");
    say("disarms: ", "yes-run");
    say("1.1> ", "steps");
    say("with an edited command", "quit");
    at.end();
    for said in [
        "STEP look (it names no target)",
        "EDITED, because: looked. What ran is not what the runbook has",
        "no way back is written for: ls nothing-there",
    ] {
        assert!(at.heard().contains(said), "{said}: {}", at.heard());
    }
}

const GUARDED: &str = "
format: 1
name: guarded
title: Guarded
system: Lab
version: '1'
summary: A step that is given a secret, and a wait.
environment: local
secrets:
  password: {env: TEST_SECRET}
  other: {file: \"{{home}}/other\"}
params:
  home: {type: path, ask: A folder}
phases:
  - title: Look
    steps:
      - id: look
        title: Look with a password
        hazard: read
        env: {PGPASSWORD: \"{{password}}\"}
        run: ls /
      - id: wait
        title: Wait for it
        wait: {run: echo no, until: {text: yes}, every: 1s}
        timeout: 20s
";

fn guarded(home: &Home) -> Terminal {
    let file = home.file("guarded.yaml", GUARDED);
    home.file("other", "Other-4711ff\n");
    let folder = format!("home={}", home.dir.path().display());
    let mut line = home.rutter(["run", file.to_str().unwrap(), "--line", "-p", &folder]);
    line.env("TEST_SECRET", "Envir-77aa10");
    Terminal::start(line)
}

#[test]
fn a_secret_in_a_typed_command_is_refused_before_its_guard_and_is_written_nowhere() {
    let home = Home::new();
    let mut at = guarded(&home);
    for secret in ["Envir-77aa10", "Other-4711ff"] {
        at.hear("1.1> ");
        at.say("edit");
        at.hear("New command, in one line: ");
        at.say(&format!("ls --password={secret}"));
    }
    at.hear("1.1> ");
    at.say("quit");
    at.end();
    let heard = at.heard();
    assert!(heard.contains("‹secret:password›") && heard.contains("PGPASSWORD"), "{heard}");
    assert!(
        heard.contains("‹secret:other›") && heard.contains("this step is not given it"),
        "{heard}"
    );
    assert!(!heard.contains("ARMED") && !heard.contains("Why is it changed"), "{heard}");
    for path in files(&home.run()) {
        let bytes = fs::read(&path).unwrap();
        for secret in ["Envir-77aa10", "Other-4711ff"] {
            let found = memchr::memmem::find(&bytes, secret.as_bytes());
            assert_eq!(found, None, "{secret} stands in {}", path.display());
        }
    }
}

#[test]
fn a_typed_command_that_no_record_can_hold_is_refused_before_its_guard() {
    let home = Home::new();
    let script = LOOKS.replace("run: ls nowhere", "script: \"ls nowhere\\n\"");
    let file = home.file("looks.yaml", script);
    let mut at = Terminal::start(home.rutter(["run", file.to_str().unwrap(), "--line"]));
    at.hear("1.1> ");
    at.say("edit");
    for _ in 0..40 {
        at.hear("script: ");
        at.say(&format!("# {}", "x".repeat(2000)));
    }
    at.hear("script: ");
    at.say(".");
    at.hear("too long to be recorded");
    at.hear("1.1> ");
    at.say("quit");
    at.end();
    assert!(!at.heard().contains("Why is it changed"), "{}", at.heard());
}

#[test]
fn a_typed_command_is_not_run_again_and_again_in_the_place_of_a_wait() {
    let home = Home::new();
    let mut at = guarded(&home);
    at.hear("1.1> ");
    at.say("run");
    at.hear("1.2> ");
    at.say("edit");
    at.hear("is a wait: it would run what you type again and again by itself");
    at.hear("1.2> ");
    at.say("quit");
    at.end();
    assert!(!at.heard().contains("New command"), "{}", at.heard());
}
