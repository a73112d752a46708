//! Every shipped runbook is strict-clean, and the example really runs, on both of its branches.

use crate::support::program::{Home, said};
use rutter::runbook::lint::{self, Beside};
use rutter::runbook::parse;
use rutter::runbook::place::Source;
use std::path::Path;

fn shipped(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks").join(path).to_str().unwrap().to_owned()
}

/// Asserts that a strict check finds nothing, save that a review has gone out of date since this was written: that is
/// for `.ci/run` to say, and no reason to fail on a fresh clone.
fn clean(words: &[&str]) {
    let home = Home::new();
    let words = [&["check", "--strict", "--format", "json"], words].concat();
    let output = home.rutter(words).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let found: Vec<_> = findings.iter().filter(|finding| finding["code"] != "RL033").collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(report["runbooks"].as_u64().unwrap() >= 2, "{report}");
}

#[test]
fn every_runbook_in_the_binary_passes_the_strict_check() {
    clean(&[]);
}

#[test]
fn every_runbook_on_disk_passes_the_strict_check() {
    clean(&[shipped("").as_str()]);
}

#[test]
fn every_shipped_runbook_can_be_shown_on_eighty_columns() {
    let home = Home::new();
    let list = home.rutter(["list", "--json"]).output().unwrap();
    let list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
    for runbook in list["runbooks"].as_array().unwrap() {
        let name = runbook["name"].as_str().unwrap();
        for command in ["show", "plan"] {
            let output = home.rutter([command, name]).output().unwrap();
            assert!(output.status.success(), "{command} {name}: {}", said(&output));
            let text = String::from_utf8(output.stdout).unwrap();
            let wide = text.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{command} {name}");
        }
    }
}

#[test]
fn the_example_runs_to_its_end_on_both_branches() {
    for answers in ["back", "mend"] {
        let home = Home::new();
        let file = shipped(&format!("lab/example/answers/{answers}.yaml"));
        let run = ["run", "lab/example", "--no-input", "--answers", file.as_str()];
        let output = home.rutter(run).output().unwrap();
        assert!(output.status.success(), "{answers}: {}", said(&output));
        assert!(said(&output).contains("closed: done"), "{answers}: {}", said(&output));
        let left = home.run().join("work");
        assert_eq!(std::fs::read_dir(left).unwrap().count(), 0, "the shop was taken down");
        let verified = home.rutter(["journal", "verify"]).output().unwrap();
        assert!(verified.status.success(), "{answers}: {}", said(&verified));
    }
}

#[test]
fn the_key_of_the_example_is_in_no_file_it_leaves() {
    // The key is random: what is looked for is where it would stand, a masked place or nothing.
    let home = Home::new();
    let file = shipped("lab/example/answers/back.yaml");
    let run = ["run", "lab/example", "--no-input", "--answers", file.as_str()];
    let output = home.rutter(run).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let journal = std::fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    assert!(journal.contains("till_key"), "the secret is named");
    let key = regex::Regex::new(r#"[^0-9a-f"][0-9a-f]{24}[^0-9a-f]"#).unwrap();
    assert!(!key.is_match(&journal) && !key.is_match(&said(&output)), "{}", said(&output));
}

#[test]
fn a_runbook_with_any_one_line_missing_is_read_or_refused_with_its_place() {
    let text = std::fs::read_to_string(shipped("lab/example/runbook.yaml")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut read = 0;
    for missing in 0..lines.len() {
        let rest = [&lines[..missing], &lines[missing + 1..]].concat().join("\n");
        let source = Source::new("runbook.yaml", rest);
        let findings = match parse::parse(&source) {
            Ok(runbook) => {
                read += 1;
                let beside = Beside { scenarios: &[], files: &[], names: &[], today: None };
                lint::lint(&runbook, &source, &beside)
            }
            Err(findings) => {
                assert!(!findings.is_empty(), "without line {}", missing + 1);
                findings
            }
        };
        for finding in findings {
            let (line, _) = source.line_column(finding.place.start);
            assert!(line <= lines.len(), "{finding:?}");
            assert!(!finding.why.is_empty() && !finding.next.is_empty(), "{finding:?}");
        }
    }
    assert!(read > 50 && read < lines.len() - 50, "{read} of {} were read", lines.len());
}

#[test]
fn every_code_of_a_finding_of_meaning_is_explained() {
    let home = Home::new();
    let help = said(&home.rutter(["help", "findings"]).output().unwrap());
    let code = regex::Regex::new(r#""(RL\d{3}|SC01\d|AN\d{3})""#).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for file in crate::support::program::files(&folder) {
        let text = std::fs::read_to_string(&file).unwrap();
        for found in code.captures_iter(&text) {
            assert!(help.contains(&found[1]), "{} in {}", &found[1], file.display());
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}
