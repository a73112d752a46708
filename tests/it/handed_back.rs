//! However the screen goes away, the terminal is as it was found, commands go on, and the scrollback says how to come
//! back.

use crate::support::hand::Hand;
use crate::support::program::{Home, files};
use crate::support::terminal::until;
use crate::support::window::{SEAT, View, Window, seated};
use rustix::process::{Pid, Signal, kill_process};
use rutter::cli::bug::guarded;
use rutter::tui::terminal::Terminal;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const SIZE: (u16, u16) = (80, 24);

fn fixture() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/terminals.yaml").to_owned()
}

fn open(home: &Home, words: &[&str]) -> Window {
    let command = home.program(SEAT, seated(words));
    let window = Window::open(SIZE, command);
    assert!(!window.is_taken(), "the modes are compared with those before");
    window
}

fn running(view: &View) -> bool {
    view.key_for("look at the output").is_some()
}

/// Opens a run on the screen and goes on until its change runs.
fn changing(home: &Home) -> Window {
    let mut window = open(home, &["run", &fixture()]);
    Hand::default().walk(&mut window, |view| running(view) && view.describes("1.2 Change"));
    until("the change to run", || witness(home).contains("started").then_some(()));
    assert!(window.is_taken() && window.view().other_screen);
    window
}

fn witness(home: &Home) -> String {
    fs::read_to_string(home.run().join("work/witness")).unwrap_or_default()
}

fn go(home: &Home) {
    fs::write(home.run().join("work/go"), "").unwrap();
}

fn events(home: &Home) -> Vec<Value> {
    let journal = fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.flat_map(|record| record["events"].as_array().unwrap().clone()).collect()
}

fn signal(window: &Window, signal: Signal) {
    kill_process(Pid::from_child(&window.child), signal).unwrap();
}

/// What the scrollback must say of a run that goes on.
fn assert_farewell(home: &Home, window: &mut Window) {
    let view = window.hear("COME BACK rutter resume");
    let name = home.run().file_name().unwrap().to_string_lossy().into_owned();
    let short = name.rsplit('-').next().unwrap().to_owned();
    // Long lines break where the window ends.
    let said = view.rows.concat();
    for words in [
        format!("RUN {name}."),
        "1.2 Change until told runs".into(),
        "HEAD #".into(),
        format!("JOURNAL {}", home.run().display()),
        format!("COME BACK rutter resume {short}"),
    ] {
        assert!(said.contains(&words), "{words} is missing in:\n{}", view.text());
    }
}

#[test]
fn leaving_with_an_open_change_says_so() {
    let home = Home::new();
    let mut window = changing(&home);
    go(&home);
    Hand::default().walk(&mut window, |view| view.describes("1.3 Use"));
    leave(&mut window);
    assert_eq!(window.end().code(), Some(6), "{}", window.view().text());
    window.assert_handed_back();
    window.hear("OPEN CHANGES 1: change");
}

/// Leaves by what the hint line offers, and nothing else.
fn leave(window: &mut Window) {
    window.choose("leave");
    window.wait("the question", |view| view.says("Leave?"));
    window.choose("mark another");
    window.wait("the mark", |view| view.says("▸ 2  Leave"));
    window.press("Enter");
}

/// The command ends while nobody looks, and the screen that comes back shows it.
fn assert_goes_on(home: &Home) {
    go(home);
    let mut back = open(home, &["resume"]);
    Hand::default().walk(&mut back, |view| view.describes("1.3 Use"));
    assert_eq!(witness(home), "started\n", "nothing ran twice");
}

#[test]
fn a_run_that_is_closed_hands_the_terminal_back_and_says_so() {
    let home = Home::new();
    let runbook = home.file("one.yaml", ONE);
    let mut window = open(&home, &["run", runbook.to_str().unwrap()]);
    let mut hand = Hand::default();
    hand.walk(&mut window, |_| false);
    assert_eq!(window.end().code(), Some(0), "{}", window.view().text());
    window.assert_handed_back();
    let said = window.view().rows.concat();
    assert!(said.contains("JOURNAL") && !said.contains("COME BACK"), "{said}");
}

const ONE: &str = "format: 1\nname: one\ntitle: One\nsystem: Lab\nversion: \"1\"\nsummary: One step.\n\
                   environment: local\nphases:\n  - title: T\n    steps:\n\
                   \x20     - {id: a, title: A, hazard: read, run: echo looked}\n";

#[test]
fn leaving_hands_the_terminal_back_and_the_command_goes_on() {
    let home = Home::new();
    let mut window = changing(&home);
    leave(&mut window);
    assert_eq!(window.end().code(), Some(6), "{}", window.view().text());
    window.assert_handed_back();
    assert_farewell(&home, &mut window);
    assert_goes_on(&home);
}

#[test]
fn a_journal_that_cannot_be_written_ends_the_screen_and_hands_the_terminal_back() {
    let home = Home::new();
    let mut window = open(&home, &["run", &fixture()]);
    Hand::default().walk(&mut window, |view| view.key_for("arm 1.2").is_some());
    // The anchors are written before every change; a folder in their place cannot be.
    let anchors = home.dir.path().join(".local/share/rutter/anchors.jsonl");
    fs::remove_file(&anchors).unwrap();
    fs::create_dir(&anchors).unwrap();
    Hand::default().walk(&mut window, |_| false);
    assert_eq!(window.end().code(), Some(1), "{}", window.view().text());
    window.assert_handed_back();
    let said = window.view().text();
    assert!(said.contains("error: ") && said.contains("next: "), "{said}");
    assert_eq!(witness(&home), "", "nothing was started");
}

#[test]
fn a_termination_hands_the_terminal_back_and_the_command_goes_on() {
    let home = Home::new();
    let mut window = changing(&home);
    signal(&window, Signal::TERM);
    assert_eq!(window.end().code(), Some(143), "{}", window.view().text());
    window.assert_handed_back();
    assert_farewell(&home, &mut window);
    assert_goes_on(&home);
}

#[test]
fn a_hang_up_hands_the_terminal_back_and_the_command_goes_on() {
    let home = Home::new();
    let mut window = changing(&home);
    signal(&window, Signal::HUP);
    assert_eq!(window.end().code(), Some(143), "{}", window.view().text());
    window.assert_handed_back();
    assert_farewell(&home, &mut window);
    assert_goes_on(&home);
}

#[test]
fn a_closed_window_ends_the_screen_in_order_and_the_command_goes_on() {
    let home = Home::new();
    let mut window = changing(&home);
    window.hang_up();
    // Whichever is noticed first: the signal, or that nobody can type any more.
    let code = window.end().code();
    assert!(matches!(code, Some(6 | 143)), "{code:?}");
    let left = events(&home).pop().unwrap();
    assert_eq!(left["type"], "left", "{left}");
    assert_goes_on(&home);
}

#[test]
fn a_suspended_screen_gives_the_terminal_back_until_it_is_continued() {
    let home = Home::new();
    let mut window = changing(&home);
    window.suspend();
    window.assert_handed_back();
    window.hear("Suspended. Commands go on");
    go(&home);
    until("the command to end meanwhile", || {
        let outcomes = files(&home.run().join("tasks"));
        (outcomes.iter().filter(|path| path.ends_with("outcome.json")).count() == 2).then_some(())
    });
    signal(&window, Signal::CONT);
    window.wait("the screen again", |view| view.other_screen && view.describes("1.3 Use"));
    assert!(window.is_taken());
    assert_eq!(witness(&home), "started\n");
    let ended = events(&home).into_iter().rev().find(|e| e["type"] == "attempt_ended").unwrap();
    assert_eq!(ended["recovered"], true, "{ended}");
}

#[test]
fn a_screen_that_was_killed_is_taken_up_by_another_and_nothing_is_repeated() {
    let home = Home::new();
    let mut window = changing(&home);
    signal(&window, Signal::KILL);
    window.end();
    assert_goes_on(&home);
}

/// Set in the window of the test that wants a panic.
const PANICS: &str = "RUTTER_TEST_PANICS";

#[test]
#[ignore = "the program in the window of the test below; does nothing by itself"]
fn the_screen_panics() {
    if std::env::var_os(PANICS).is_none() {
        return;
    }
    let exit = guarded(|| {
        let _terminal = Terminal::take().unwrap();
        // Long enough that the test sees the terminal taken.
        until("the word to panic", || Path::new("panic").exists().then_some(()));
        panic!("a row that must be there is missing");
    });
    std::process::exit(exit.code().into());
}

#[test]
fn a_panic_hands_the_terminal_back_before_it_is_told() {
    let home = Home::new();
    let this = std::env::current_exe().unwrap();
    let mut child = Command::new(SEAT);
    child.arg("--ctty").arg(this).current_dir(home.dir.path()).env(PANICS, "1");
    child.args(["--exact", "handed_back::the_screen_panics", "--ignored", "--nocapture"]);
    let mut window = Window::open(SIZE, child);
    window.wait("the screen", |view| view.other_screen && view.pastes && !view.cursor);
    assert!(window.is_taken());
    home.file("panic", "");
    assert_eq!(window.end().code(), Some(70), "{}", window.view().text());
    window.assert_handed_back();
    let view = window.hear("error: a bug in Rutter");
    assert!(view.says("next:  rutter status"), "{}", view.text());
}
