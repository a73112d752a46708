//! The command line as a person or a script meets it: what is printed where, and how it ends.

use crate::support::program::{Home, said};
use std::io::Read;
use std::process::{Output, Stdio};

/// What a command printed and how it ended.
struct Ran {
    out: String,
    err: String,
    code: i32,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or_else(|| panic!("{}", output.status));
        Self { out: text(output.stdout), err: text(output.stderr), code }
    }
}

fn rutter(home: &Home, words: &[&str]) -> Ran {
    home.rutter(words).output().unwrap().into()
}

const BROKEN: &str = "format: 1\nname: x\ntitel: X\nsystem: S\nversion: \"1\"\nsummary: S\nphases:\n\
                      \x20 - title: T\n    steps:\n      - {id: a, title: A, hazard: red, run: a | b}\n";

#[test]
fn without_a_command_it_shows_what_there_is_and_starts_nothing() {
    let home = Home::new();
    let ran = rutter(&home, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("lab/example") && ran.out.contains("rutter -h"), "{}", ran.out);
    assert!(!home.has_run());
}

#[test]
fn short_help_fits_a_small_screen_and_shows_three_examples() {
    let home = Home::new();
    let ran = rutter(&home, &["-h"]);
    assert!(ran.out.lines().count() <= 23, "{}", ran.out);
    for command in [
        "run", "rehearse", "resume", "status", "note", "stop", "find", "list", "show", "plan",
        "check", "journal",
    ] {
        let ran = rutter(&home, &[command, "-h"]);
        let examples = ran
            .out
            .lines()
            .filter(|line| line.starts_with("  ") && line.contains("rutter "))
            .count();
        assert!(examples >= 3, "{command} has {examples} examples\n{}", ran.out);
        assert!(ran.out.lines().count() <= 23, "{command}\n{}", ran.out);
        assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{command}\n{}", ran.out);
        assert_eq!(ran.code, 0);
    }
}

#[test]
fn help_in_the_middle_of_a_mistake_is_help() {
    let ran = rutter(&Home::new(), &["run", "--bogus", "-h"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("Usage: rutter run"), "{}", ran.out);
}

#[test]
fn every_exit_code_is_explained() {
    let ran = rutter(&Home::new(), &["help", "exit-codes"]);
    for code in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "70", "130", "143"] {
        let listed = ran.out.lines().any(|line| line.trim_start().starts_with(&format!("{code} ")));
        assert!(listed, "{code} is missing\n{}", ran.out);
    }
}

#[test]
fn every_topic_of_help_is_there_and_a_wrong_one_gets_the_nearest() {
    let home = Home::new();
    for topic in ["exit-codes", "files", "findings", "guards", "journal", "writing"] {
        let ran = rutter(&home, &["help", topic]);
        assert_eq!(ran.code, 0, "{topic}: {}", ran.err);
        assert!(ran.out.lines().count() >= 8, "{topic}\n{}", ran.out);
        assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{topic}\n{}", ran.out);
    }
    let ran = rutter(&home, &["help", "guard"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("guards"), "{}", ran.err);
}

#[test]
fn a_wrong_name_gets_the_nearest_one_and_is_never_run() {
    let home = Home::new();
    let ran = rutter(&home, &["run", "exampel", "--no-input"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("lab/example"), "{}", ran.err);
    assert!(!home.has_run());
}

#[test]
fn check_tells_every_mistake_with_its_place_and_ends_with_a_count() {
    let home = Home::new();
    home.file("x.yaml", BROKEN);
    let ran = rutter(&home, &["check", "x.yaml"]);
    assert_eq!(ran.code, 3);
    for part in ["x.yaml:3:1", "x.yaml:10:47", "3 | titel: X", "Did you mean `title`?", "RB010"] {
        assert!(ran.out.contains(part), "{part} is missing\n{}", ran.out);
    }
    let last = ran.out.lines().last().unwrap();
    assert!(last.starts_with("1 runbook checked: ") && last.ends_with("errors"), "{last}");
}

#[test]
fn check_in_json_says_the_same_for_programs() {
    let home = Home::new();
    home.file("x.yaml", BROKEN);
    let ran = rutter(&home, &["check", "x.yaml", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &report["v"]), (3, &1.into()));
    assert_eq!(report["findings"][0]["code"], "RB011");
    let findings = report["findings"].as_array().unwrap().len();
    assert_eq!(report["errors"], findings);
}

#[test]
fn warnings_fail_only_when_they_are_asked_to() {
    let home = Home::new();
    let text = BROKEN.replace("titel", "title").replace("red", "read").replace("a | b", "uname");
    home.file("x.yaml", text);
    assert_eq!(rutter(&home, &["check", "x.yaml"]).code, 0);
    assert_eq!(rutter(&home, &["check", "x.yaml", "--strict"]).code, 3);
}

#[test]
fn a_reader_that_stops_reading_is_no_mistake() {
    let home = Home::new();
    let mut child = home
        .rutter(["show", "lab/postgres-restore"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(output.stderr.is_empty(), "{}", said(&output));
}

#[test]
fn a_plan_has_the_given_values_in_it_and_names_the_others() {
    let home = Home::new();
    let ran = rutter(&home, &["plan", "lab/example", "-p", "shop=tea-shop"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("TARGET   tea-shop"), "{}", ran.out);
    assert!(ran.out.contains("run.work: known when the run opens"), "{}", ran.out);
    assert!(!home.has_run());
    let same = rutter(&home, &["run", "lab/example", "--plan", "-p", "shop=tea-shop"]);
    assert_eq!(same.out, ran.out);
}

#[test]
fn a_plan_refuses_a_value_of_the_wrong_type_and_an_unknown_one() {
    let ran = rutter(&Home::new(), &["plan", "lab/example", "-p", "shop=-x", "-p", "shp=y"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("begins with `-`") && ran.err.contains("did you mean shop"),
        "{}",
        ran.err
    );
}

#[test]
fn one_step_is_shown_by_its_number_and_by_its_id() {
    let home = Home::new();
    let number = rutter(&home, &["show", "lab/example", "--step", "1.1"]);
    assert_eq!(number.out, rutter(&home, &["show", "lab/example", "--step", "build"]).out);
    assert!(
        number.out.contains("Build the shop") && number.out.contains("change"),
        "{}",
        number.out
    );
    assert!(!number.out.contains("Look at the shop"), "{}", number.out);
    let wrong = rutter(&home, &["show", "lab/example", "--step", "biuld"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("--step build"), "{}", wrong.err);
}

#[test]
fn a_secret_is_shown_by_its_name_alone() {
    let ran = rutter(&Home::new(), &["show", "lab/example", "--step", "close-till"]);
    assert!(ran.out.contains("‹file of ‹secret:till_key››"), "{}", ran.out);
}

#[test]
fn a_list_is_narrowed_by_what_people_see() {
    let home = Home::new();
    assert!(rutter(&home, &["list", "GREETS", "nobody"]).out.starts_with("lab/example"));
    let none = rutter(&home, &["list", "xyzzy"]);
    assert_eq!((none.code, none.out.as_str()), (0, ""));
    let json = rutter(&home, &["list", "--json"]).out;
    let list: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(list["runbooks"].as_array().unwrap().iter().all(|r| r["built_in"] == true), "{json}");
}

#[test]
fn a_nearer_runbook_of_the_same_name_is_listed_as_different() {
    let home = Home::new();
    let folder = home.dir.path().join("runbooks/lab/example");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("runbook.yaml"), BROKEN).unwrap();
    let ran = rutter(&home, &["list"]);
    assert!(ran.out.contains("differs from"), "{}", ran.out);
    assert!(ran.out.contains("cannot be read"), "{}", ran.out);
}

#[test]
fn wrong_settings_are_told_with_their_place_and_stop_nothing_that_needs_none() {
    let home = Home::new();
    let settings = home.file("config.yaml", "operatr: mara\nguard: strict\n");
    let settings = settings.to_str().unwrap();
    let ran = rutter(&home, &["--config", settings, "list"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("config.yaml:1:1") && ran.err.contains("config.yaml:2:1"),
        "{}",
        ran.err
    );
    assert_eq!(rutter(&home, &["--config", settings, "help"]).code, 0);
}

#[test]
fn an_environment_of_the_settings_fills_the_values_of_a_plan() {
    let home = Home::new();
    let text = "environments: {prod: {values: {group: rg-1}}}\n";
    let settings = home.file("config.yaml", text);
    let runbook = "params: {group: {type: name, ask: Group}}\nphases:";
    let text = BROKEN.replace("titel", "title").replace("red", "read");
    let text = text.replace("a | b", "'echo {{ group }}'").replace("phases:", runbook);
    home.file("x.yaml", text);
    let words = ["--config", settings.to_str().unwrap(), "plan", "x.yaml", "--env"];
    let ran = rutter(&home, &[&words[..], &["prod"]].concat());
    assert!(ran.out.contains("echo rg-1"), "{}{}", ran.out, ran.err);
    let wrong = rutter(&home, &[&words[..], &["prdo"]].concat());
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("prod"), "{}", wrong.err);
}

#[test]
fn paths_names_every_place_and_respects_the_xdg_folders() {
    let home = Home::new();
    let output = home.rutter(["paths"]).env("XDG_DATA_HOME", "/srv/data").output().unwrap();
    let ran = Ran::from(output);
    assert!(ran.out.contains("/srv/data/rutter/journals"), "{}", ran.out);
    assert!(ran.out.contains(".config/rutter/config.yaml"), "{}", ran.out);
}

#[test]
fn a_broken_runbook_nearby_hides_no_other() {
    let home = Home::new();
    let folder = home.dir.path().join("runbooks/shop/broken");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("runbook.yaml"), BROKEN).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.join("stolen")).unwrap();
    let list = rutter(&home, &["list"]);
    assert_eq!(list.code, 0);
    assert!(list.out.contains("lab/example"), "{}", list.out);
    assert!(list.err.contains("stolen is a link that leads out"), "{}", list.err);
    let check = rutter(&home, &["check"]);
    assert_eq!(check.code, 3);
    assert!(check.err.contains("leads out") && check.out.contains("1 error"), "{}", check.out);
}

#[test]
fn a_journal_folder_that_cannot_be_written_down_is_refused_before_anything_is_made() {
    use std::os::unix::ffi::OsStrExt;
    let home = Home::new();
    let odd = home.dir.path().join(std::ffi::OsStr::from_bytes(b"odd-\xfe"));
    std::fs::create_dir(&odd).unwrap();
    let answers = home.file("answers.yaml", "format: 1\nstatements: all\n");
    let mut command = home.rutter(["run", "lab/example", "--answers"]);
    let ran: Ran = command.arg(answers).env("HOME", &odd).output().unwrap().into();
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("not UTF-8") && ran.err.contains("--journal-dir"), "{}", ran.err);
    assert_eq!(std::fs::read_dir(&odd).unwrap().count(), 0);
}

#[test]
fn an_answer_given_by_exit_code_does_not_depend_on_who_reads_the_reasons() {
    let home = Home::new();
    home.file("x.yaml", BROKEN);
    let (read, write) = std::io::pipe().unwrap();
    drop(read); // nobody reads: every write fails
    let ended = home.rutter(["check", "x.yaml"]).stdout(write).status().unwrap();
    assert_eq!(ended.code(), Some(3));
}

#[test]
fn a_value_from_a_file_without_an_end_is_too_long_and_not_waited_for() {
    let home = Home::new();
    let answers = home.file("answers.yaml", "format: 1\n");
    let mut command = home.rutter(["run", "lab/example", "--param-file", "greeting=/dev/zero"]);
    let ran: Ran = command.arg("--answers").arg(answers).output().unwrap().into();
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(!home.has_run());
}
