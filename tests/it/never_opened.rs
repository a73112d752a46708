//! A run whose opening was cut short before its first record: it hides nothing, asks for nobody, and takes nothing in.

use crate::support::program::{Home, said};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::PathBuf;

const NAME: &str = "20261121T010000Z-restore-7F3K";

fn cut_short(home: &Home) -> PathBuf {
    let folder = home.dir.path().join(".local/share/rutter/journals").join(NAME);
    let private = |path: &PathBuf| {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).unwrap();
    };
    for inner in ["runbook", "output", "tasks", "inbox", "torn"] {
        private(&folder.join(inner));
    }
    let journal = folder.join("journal.jsonl");
    fs::write(&journal, "").unwrap();
    fs::set_permissions(journal, fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

#[test]
fn status_does_not_call_for_anybody() {
    let home = Home::new();
    cut_short(&home);
    let status = home.rutter(["status"]).output().unwrap();
    assert_eq!((status.status.code(), said(&status).trim()), (Some(0), "No open runs."));
    let list = home.rutter(["journal", "list"]).output().unwrap();
    assert!(said(&list).contains("never opened"), "{}", said(&list));
}

#[test]
fn an_empty_journal_of_a_run_that_launched_something_is_damage() {
    let home = Home::new();
    fs::create_dir(cut_short(&home).join("tasks/1")).unwrap();
    let status = home.rutter(["status"]).output().unwrap();
    assert_eq!(status.status.code(), Some(6));
    assert!(said(&status).contains("DAMAGED"), "{}", said(&status));
    assert!(said(&status).contains("rutter journal verify 7F3K"), "{}", said(&status));
}

#[test]
fn a_note_does_not_become_its_first_record() {
    let home = Home::new();
    let folder = cut_short(&home);
    for words in [&["note", "7F3K", "hello"][..], &["stop", "7F3K", "--reason", "x"]] {
        let ran = home.rutter(words).output().unwrap();
        assert_eq!(ran.status.code(), Some(1), "{}", said(&ran));
        assert!(said(&ran).contains("was never opened"), "{}", said(&ran));
    }
    assert_eq!(fs::read(folder.join("journal.jsonl")).unwrap(), b"");
}

#[test]
fn a_folder_of_runs_that_cannot_be_listed_is_not_no_runs() {
    let home = Home::new();
    fs::create_dir_all(home.dir.path().join(".local/share/rutter")).unwrap();
    home.file(".local/share/rutter/journals", "not a folder");
    for words in [&["status"][..], &["status", "--short"], &["resume"]] {
        let ran = home.rutter(words).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
        assert!(said(&ran).contains("cannot be listed"), "{}", said(&ran));
    }
}

#[test]
fn a_folder_made_before_its_journal_was_is_not_damage_and_a_removed_journal_is() {
    let home = Home::new();
    let folder = cut_short(&home);
    fs::remove_file(folder.join("journal.jsonl")).unwrap();
    let status = home.rutter(["status"]).output().unwrap();
    assert_eq!((status.status.code(), said(&status).trim()), (Some(0), "No open runs."));
    fs::write(folder.join("runbook/runbook.yaml"), "pinned").unwrap();
    let status = home.rutter(["status"]).output().unwrap();
    assert!(said(&status).contains("DAMAGED"), "{}", said(&status));
}
