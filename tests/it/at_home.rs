//! Home and the form of a live run, before a real terminal: moved in, chosen from, left as it was found.

use crate::support::program::Home;
use crate::support::window::{SEAT, Window, seated};

const SIZE: (u16, u16) = (80, 24);

fn open(home: &Home, words: &[&str]) -> Window {
    Window::open(SIZE, home.program(SEAT, seated(words)))
}

#[test]
fn home_is_moved_in_filtered_read_and_left_without_a_trace() {
    let home = Home::new();
    let mut window = open(&home, &[]);
    window.hear("first start");
    window.press("/");
    window.hear("all runbooks");
    window.send(b"greets");
    window.hear("symptom: the front");
    window.press("Enter");
    window.choose("read");
    window.hear("lab/example ─ rows 1-");
    window.press("Esc");
    window.hear("Filter: greets");
    window.send(b"?");
    window.hear("Help: the runbooks");
    window.press("Esc");
    window.choose("leave");
    assert!(window.end().success());
    window.assert_handed_back();
    assert!(!home.has_run(), "looking opens nothing");
}

#[test]
fn a_rehearsal_begins_two_keys_from_home_and_says_first_what_it_is() {
    let home = Home::new();
    let mut window = open(&home, &[]);
    window.hear("first start");
    window.send(b"/");
    window.hear("all runbooks");
    window.send(b"lab/example");
    window.hear("1 of ");
    window.press("Enter");
    window.choose("rehearse");
    window.hear("Everything is simulated");
    assert!(!home.has_run(), "what it is was only said");
    window.choose("begin");
    window.hear("REHEARSAL │ SIMULATED");
    assert!(home.has_run());
}

#[test]
fn the_form_keeps_what_was_typed_and_opens_the_run_with_it() {
    let home = Home::new();
    let mut window = open(&home, &[]);
    window.hear("first start");
    window.send(b"/");
    window.hear("all runbooks");
    window.send(b"lab/example");
    window.hear("1 of ");
    window.press("Enter");
    window.choose("run live");
    window.hear("[ Check and go on ]");
    window.press("Tab");
    window.hear("▸ shop");
    window.send(b"-two");
    window.hear("corner-shop-two");
    window.send(b"\x1b");
    window.choose("run live");
    window.read("what was typed", |view| view.says("corner-shop-two"));
    assert!(!home.has_run(), "a form opens nothing");
    window.send(b"\x1b[Z");
    window.choose("check and go on");
    window.hear("Preflight");
    let journal = std::fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    assert!(journal.contains("corner-shop-two"), "{journal}");
}

#[test]
fn what_the_words_leave_open_is_asked_for_on_the_form() {
    let home = Home::new();
    let asking = include_str!("../../src/tui/form/tests.yaml").replace("required", "local");
    home.file("restore.yaml", asking);
    let mut window = open(&home, &["run", "./restore.yaml", "-p", "server=db-orders"]);
    window.hear("db-orders-r0");
    window.hear("▸ point");
    assert!(!home.has_run());
    window.send(b"x");
    window.choose("leave");
    window.hear("next:  rutter run ./restore.yaml -p server=db-orders -p point=x");
    assert_eq!(window.end().code(), Some(2));
    window.assert_handed_back();
    assert!(!home.has_run(), "a form that is left opens nothing");
}

#[test]
fn a_discovery_is_shown_run_by_a_key_and_picked_from_without_a_trace_on_disk() {
    let home = Home::new();
    let asking = include_str!("../../src/tui/form/tests.yaml")
        .replace("required", "local")
        .replace(
            "run: az server list --output json",
            "script: 'touch \"$HOME/ran\"; cat \"$HOME/servers\"'",
        )
        .replace("az server backup list --name {{ server }} --output json", "sleep 600");
    let asking = asking.replace("json: \"[].at\"", "json: \"[].at\", timeout: 1s");
    home.file("restore.yaml", asking);
    home.file(
        "servers",
        r#"[{"name": "db-orders"}, {"name": "db-\u001b[2Jusers"}, {"name": "db-test"}]"#,
    );
    let ran = home.dir.path().join("ran");
    let mut window = open(&home, &["run", "./restore.yaml"]);
    // As an eye does: what is pressed before something new was painted is thrown away.
    let read = |window: &mut Window, words: &str| _ = window.read(words, |view| view.says(words));
    read(&mut window, "▸ server");
    window.choose("discover");
    read(&mut window, "Nothing has run yet");
    read(&mut window, "cat \"$HOME/servers\"");
    assert!(!ran.exists(), "it was only shown");
    window.choose("run it");
    read(&mut window, "server: 2 found");
    read(&mut window, "1 more do not fit");
    assert!(ran.exists());
    window.send(b"\x1b[B");
    read(&mut window, "▸ db-test");
    window.choose("take it");
    read(&mut window, "discovered");
    read(&mut window, "db-test-r0");
    window.choose("accept, next");
    window.choose("accept, next");
    read(&mut window, "▸ point");
    window.choose("discover");
    read(&mut window, "sleep 600");
    window.choose("run it");
    read(&mut window, "point was not discovered: stopped, for its time was up");
    window.choose("leave");
    assert_eq!(window.end().code(), Some(2));
    window.assert_handed_back();
    assert!(!home.has_run(), "a discovery is no run");
}
