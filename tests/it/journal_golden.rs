//! Journals of released formats are read for ever. The files in `tests/fixtures/journals/` were written once by the
//! program of their time; neither they nor the texts beside them are ever edited, only added to.

use crate::support::damage::python_says;
use rutter::journal::anchor::Anchors;
use rutter::journal::verify::{Target, verify};
use rutter::report::claims::claims;
use rutter::report::fact::Entry;
use rutter::report::markdown;
use rutter::report::model::Report;
use rutter::report::names::Names;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn journals() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journals/v1");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    assert!(!paths.is_empty());
    paths
}

/// What was proved of a journal, and its events, as text: the same for every version that reads it.
fn told(path: &Path) -> String {
    let mut entries = Vec::new();
    let nowhere = Anchors::new(Path::new("/nonexistent"));
    let verdict = verify(&Target::copy(path), &nowhere, None, |records: &[Entry]| {
        entries = records.to_vec();
        claims(records)
    });
    let mut text = verdict.unwrap().sentence() + "\n";
    for entry in &entries {
        for event in &entry.events {
            let event = serde_json::to_value(event).unwrap();
            let field = |name: &str| match &event[name] {
                Value::Null => String::new(),
                Value::String(text) => format!(" {text}"),
                other => format!(" {other}"),
            };
            let who = entry.by.name();
            let words = ["type", "step", "part", "attempt"].map(field).concat();
            writeln!(text, "{} {} {who}:{words}", entry.seq, entry.at.to_rfc3339()).unwrap();
        }
    }
    text
}

#[test]
fn old_journals_say_what_they_always_said() {
    for path in journals() {
        let stored = fs::read_to_string(path.with_extension("txt")).unwrap();
        assert_eq!(told(&path), stored, "{}", path.display());
    }
}

#[test]
fn no_fact_of_an_old_journal_is_unknown_or_loses_a_word() {
    for path in journals() {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let raw: Value = serde_json::from_str(line).unwrap();
            let entry: Entry = serde_json::from_str(line).unwrap();
            for fact in &entry.events {
                assert!(fact.known().is_some(), "{} in {}", raw["events"], path.display());
            }
            assert_keeps(&raw, &serde_json::to_value(&entry).unwrap());
        }
    }
}

/// Whatever was written is still there after reading; a later version may add to it.
fn assert_keeps(raw: &Value, read: &Value) {
    match (raw, read) {
        (Value::Object(raw), Value::Object(read)) => {
            for (key, value) in raw {
                assert_keeps(value, read.get(key).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(raw), Value::Array(read)) => {
            assert_eq!(raw.len(), read.len());
            raw.iter().zip(read).for_each(|(raw, read)| assert_keeps(raw, read));
        }
        (raw, read) => assert_eq!(raw, read),
    }
}

#[test]
fn the_golden_run_holds_every_kind_of_fact_of_its_format() {
    let path = journals().into_iter().find(|path| path.ends_with("everything.jsonl")).unwrap();
    let text = fs::read_to_string(path).unwrap();
    let kinds: BTreeSet<&str> =
        text.split("{\"type\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(kinds.len(), 24, "{kinds:?}");
}

#[test]
fn the_other_verifier_reads_old_journals_too() {
    for path in journals() {
        let Some(opinion) = python_says(&path, None) else { return };
        let records = fs::read_to_string(&path).unwrap().lines().count();
        assert!(opinion.starts_with(&format!("OK {records} ")), "{opinion}");
    }
}

#[test]
fn old_journals_are_reported() {
    for path in journals() {
        let mut entries = Vec::new();
        let nowhere = Anchors::new(Path::new("/nonexistent"));
        let verdict = verify(&Target::copy(&path), &nowhere, None, |records: &[Entry]| {
            entries = records.to_vec();
            claims(records)
        });
        let report = markdown::render(&Report::of(&entries, Names::default()), &verdict.unwrap());
        assert!(report.contains("\n## Appendix: commands\n"), "{report}");
        assert!(!report.contains("not known to this version"), "{report}");
    }
}
