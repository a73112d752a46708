//! Values that are chosen: from a written list, and from what an earlier step has listed.

use crate::support::program::{Home, said};
use crate::support::terminal::Terminal;
use crate::support::window::{SEAT, Window, seated};
use std::fs;

const BOOK: &str = r#"format: 1
name: backups
title: Choose a backup
system: Lab
version: "1"
summary: Lists what is there and asks for one of it.
use_when: [trying]
not_when: [{when: never}]
symptoms: [none]
environment: local
params:
  size: {type: choice, ask: Size, choices: [small, large]}
phases:
  - title: Choose
    steps:
      - id: list
        title: List the backups
        hazard: read
        run: echo '[{"name":"monday","ok":true},{"name":"tuesday","ok":true},{"name":"wednesday","ok":false}]'
      - id: pick
        title: Look at one
        hazard: read
        run: echo {{ backup }} {{ size }} {{ mood }}
        ask:
          backup: {type: choice, ask: Backup, choices: {from: list, json: "[?ok].name"}}
          mood: {type: choice, ask: Mood, choices: [good, bad]}
"#;

fn journal(home: &Home) -> String {
    fs::read_to_string(home.run().join("journal.jsonl")).unwrap()
}

fn alone(home: &Home, backup: &str) -> std::process::Output {
    home.file("backups.yaml", BOOK);
    let answers = format!(
        "format: 1\nparams: {{size: small}}\nsteps: {{pick: {{ask: {{backup: {backup}, mood: good}}}}}}\n"
    );
    home.file("answers.yaml", answers);
    let words = ["run", "--no-input", "--answers", "answers.yaml", "./backups.yaml"];
    home.rutter(words).output().unwrap()
}

#[test]
fn an_answers_file_gives_one_of_what_was_listed_and_the_journal_has_the_list() {
    let home = Home::new();
    let ran = alone(&home, "tuesday");
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    let journal = journal(&home);
    assert!(
        journal.contains(r#""backup.choices":{"value":"[\"monday\",\"tuesday\"]"}"#),
        "{journal}"
    );
    assert!(journal.contains("echo tuesday small good"), "{journal}");
}

#[test]
fn an_answer_that_was_not_listed_is_refused_with_the_list() {
    let home = Home::new();
    let ran = alone(&home, "wednesday");
    assert_ne!(ran.status.code(), Some(0), "{}", said(&ran));
    let told = said(&ran).replace('\n', " ");
    assert!(told.contains("monday") && told.contains("tuesday"), "{told}");
    assert!(!journal(&home).contains("values_given"));
}

#[test]
fn line_mode_lists_choices_by_number_and_takes_only_them() {
    let home = Home::new();
    home.file("backups.yaml", BOOK);
    let mut at = Terminal::start(home.rutter(["run", "./backups.yaml", "--line"]));
    at.hear("2 large");
    at.hear("size =");
    at.say("2");
    at.hear("1.1>");
    at.say("run");
    at.hear("2 tuesday");
    at.hear("backup =");
    at.say("wednesday");
    at.hear("No:");
    at.say("3");
    at.hear("No:");
    at.say("2");
    at.hear("mood =");
    at.say("1");
    at.hear("echo tuesday large good");
}

#[test]
fn the_screen_takes_one_of_the_choices_by_number_letter_or_arrow() {
    let home = Home::new();
    home.file("backups.yaml", BOOK);
    let mut window = Window::open((80, 24), home.program(SEAT, seated(&["run", "./backups.yaml"])));
    let read = |window: &mut Window, words: &str| _ = window.read(words, |view| view.says(words));
    read(&mut window, "1 small, 2 large");
    window.send(b"x2");
    read(&mut window, "large  ");
    for _ in 0..3 {
        window.choose("accept, next");
    }
    read(&mut window, "what happens next");
    window.choose("check and go on");
    read(&mut window, "1.1 List the backups");
    window.press("Enter");
    read(&mut window, "give the values");
    window.choose("give the values");
    read(&mut window, "1 monday, 2 tuesday");
    window.send(b"x92\t");
    read(&mut window, "Backup  > tuesday");
    read(&mut window, "1 good, 2 bad");
    window.send(b"\x1b[D\t");
    read(&mut window, "Mood  > bad");
    window.choose("press Give");
    read(&mut window, "echo tuesday large bad");
}
