//! Secrets from every source, printed by commands in every way: they appear nowhere.

use crate::support::program::{Home, files, said};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ASKED: &str = "Asked-9f4e2c";
const FROM_ENV: &str = "Envir-77aa10";
const FROM_FILE: &str = "Filed-c0ffee";
const FROM_COMMAND: &str = "Comma-5ca1ab";
const CAPTURED: &str = "Capt-0ddba11";
const ALL: [&str; 5] = [ASKED, FROM_ENV, FROM_FILE, FROM_COMMAND, CAPTURED];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/secrets").join(name)
}

fn free_of_secrets(what: &str, bytes: &[u8]) {
    for secret in ALL {
        let found = memchr::memmem::find(bytes, secret.as_bytes());
        assert_eq!(found, None, "{secret} stands in {what}");
    }
}

fn home() -> Home {
    let home = Home::new();
    home.file("secret-file", format!("{FROM_FILE}\n"));
    home.file("secret-command", format!("{FROM_COMMAND}\n"));
    home.file("secret-capture", format!("before\ntoken={CAPTURED}\nafter\n"));
    home.file("secret-param", format!("{ASKED}\n"));
    home
}

fn run(home: &Home) -> Command {
    let answers = home.file("answers.yaml", "format: 1\nsteps:\n  fail: {on_failure: stop}\n");
    let dir = home.dir.path().display();
    let mut command = home.rutter(["run", "--no-input", "--answers"]);
    command.arg(answers).arg(fixture("secrets.yaml")).env("TEST_SECRET", FROM_ENV);
    command.args([
        "-p",
        &format!("home={dir}"),
        "--param-file",
        &format!("asked={dir}/secret-param"),
    ]);
    command
}

#[test]
fn no_secret_of_any_source_appears_in_any_sink() {
    let home = home();
    let output = run(&home).output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "the last step fails on purpose: {told}");
    free_of_secrets("what the face said", told.as_bytes());

    let run = home.run();
    let data = home.dir.path().join(".local/share/rutter");
    let written = files(&data);
    assert!(
        written.iter().filter(|path| path.extension().is_some_and(|e| e == "spool")).count() >= 6
    );
    for path in &written {
        free_of_secrets(&path.display().to_string(), &fs::read(path).unwrap());
    }
    let journal = fs::read_to_string(run.join("journal.jsonl")).unwrap();
    assert!(journal.contains("run_closed"), "{told}");
    assert!(journal.contains("‹secret:asked›"), "the verdict was masked, not dropped: {journal}");
    assert!(told.contains("not as expected") || told.contains("NOT AS EXPECTED"), "{told}");
    let left = files(Path::new(tmp_of(&journal).as_str()));
    assert!(left.is_empty(), "made files were left: {left:?}");

    let short = run.file_name().unwrap().to_string_lossy().rsplit('-').next().unwrap().to_owned();
    let shown = fixture("secrets.yaml");
    let sayings: [&[&str]; 6] = [
        &["status"],
        &["journal", "show", &short],
        &["journal", "show", &short, "--output", "print"],
        &["journal", "export", &short, "--format", "md"],
        &["journal", "list"],
        &["show", shown.to_str().unwrap()],
    ];
    for words in sayings {
        let output = home.rutter(words).output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 6)), "{words:?}: {}", said(&output));
        free_of_secrets(&format!("{words:?}"), said(&output).as_bytes());
    }
}

#[test]
fn every_split_of_a_printed_secret_is_masked_as_one() {
    let home = home();
    let output = run(&home).output().unwrap();
    let spool = files(&home.run().join("output"))
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with("-split.spool"))
        .unwrap_or_else(|| panic!("{}", said(&output)));
    let bytes = fs::read(spool).unwrap();
    let mask = "‹secret:asked›".as_bytes();
    let masks = memchr::memmem::find_iter(&bytes, mask).count();
    assert_eq!(masks, ASKED.len() - 1, "{}", said(&output));
    for piece in 6..ASKED.len() {
        let piece = &ASKED.as_bytes()[..piece];
        assert_eq!(memchr::memmem::find(&bytes, piece), None, "a piece of it was written");
    }
}

#[test]
fn a_secret_too_short_to_mask_is_refused_before_anything_runs() {
    let home = home();
    home.file("secret-param", "abc\n");
    let output = run(&home).output().unwrap();
    assert!(!output.status.success());
    let told = said(&output);
    assert!(told.contains("asked") && told.contains("too short"), "{told}");
}

#[test]
fn a_missing_source_is_named_and_its_place_too() {
    let home = home();
    let output = run(&home).env_remove("TEST_SECRET").output().unwrap();
    let told = said(&output);
    assert!(told.contains("from_env") && told.contains("TEST_SECRET"), "{told}");
    free_of_secrets("the error", told.as_bytes());
}

fn tmp_of(journal: &str) -> String {
    let first: serde_json::Value = serde_json::from_str(journal.lines().next().unwrap()).unwrap();
    first["events"][0]["builtins"]["run.tmp"].as_str().unwrap().to_owned()
}

const FENCED: &str = "format: 1\nname: fenced\ntitle: Fenced\nsystem: Lab\nversion: \"1\"\nsummary: A fence.\n\
                      environment: local\nsecrets: {key: {env: TEST_SECRET}}\nfence:\n  title: The right account\n\
                      \x20 run: cat\n  stdin: {secret: key}\n  expect: {text: '^(.....)', equals: Envir}\nphases:\n\
                      \x20 - title: T\n    steps:\n      - id: a\n        title: A\n        what: Changes x.\n\
                      \x20       hazard: change\n        target: x\n        run: echo changed\n        no_undo: nothing\n";

#[test]
fn a_fence_is_given_its_secret_before_the_first_change() {
    let home = Home::new();
    let (runbook, answers) = (home.file("fenced.yaml", FENCED), home.file("a.yaml", "format: 1\n"));
    let mut command = home.rutter(["run", "--no-input", "--answers"]);
    let output = command.arg(answers).arg(runbook).env("TEST_SECRET", FROM_ENV).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for path in files(&home.run()) {
        free_of_secrets(&path.display().to_string(), &fs::read(&path).unwrap());
    }
}

#[test]
fn a_fence_without_its_secret_stops_the_walk_with_a_way_back() {
    let home = Home::new();
    let (runbook, answers) = (home.file("fenced.yaml", FENCED), home.file("a.yaml", "format: 1\n"));
    let mut command = home.rutter(["run", "--no-input", "--answers"]);
    let output = command.arg(answers).arg(runbook).output().unwrap();
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("the variable TEST_SECRET is not set"), "{}", said(&output));
    assert!(said(&output).contains("rutter resume"), "{}", said(&output));
}

#[test]
fn a_command_that_gives_no_secret_says_why() {
    for (command, why) in [
        ("printf abc", "shorter than 6"),
        ("\"false\"", "it ended with exit 1"),
        ("/there/is/no/such-program", "could not be started"),
    ] {
        let home = Home::new();
        let text = FENCED.replace("{env: TEST_SECRET}", &format!("{{command: {command}}}"));
        let (runbook, answers) =
            (home.file("fenced.yaml", text), home.file("a.yaml", "format: 1\n"));
        let mut run = home.rutter(["run", "--no-input", "--answers"]);
        let output = run.arg(answers).arg(runbook).output().unwrap();
        assert_eq!(output.status.code(), Some(6), "{}", said(&output));
        assert!(said(&output).contains(why), "{}", said(&output));
    }
}
