//! `rutter journal` as people call it: what it says and how it ends, about whole journals and about damaged ones.

use crate::support::damage::{Sample, quick_folder};
use crate::support::story;
use rutter::journal::anchor::{Anchor, Anchors};
use rutter::journal::file;
use rutter::journal::shelf::Shelf;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A data folder with one told run, closed and anchored.
struct Bench {
    data: tempfile::TempDir,
    run: PathBuf,
}

/// What the program said and how it ended.
struct Said {
    out: String,
    err: String,
    code: i32,
}

impl Bench {
    fn new() -> Self {
        let data = quick_folder();
        let (run, mut writer) = Shelf::new(data.path()).begin(story::RUN).unwrap();
        story::everything(&run.path, &mut writer);
        let head = writer.confirm().unwrap().unwrap();
        let at = chrono::DateTime::UNIX_EPOCH;
        let (run_name, what) = (story::RUN.to_owned(), "close".into());
        let anchor = Anchor { run: run_name, seq: head.seq, h: head.h, at, what };
        Anchors::new(data.path()).append(&anchor).unwrap();
        Self { data, run: run.path }
    }

    fn journal(&self, words: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_rutter"))
            .arg("journal")
            .args(words)
            .arg("--journal-dir")
            .arg(self.data.path())
            .env("HOME", self.data.path())
            .output()
            .unwrap();
        Said {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }

    fn cut(&self, record: usize) {
        let sample = Sample::of(&self.run);
        fs::write(self.run.join(file::NAME), &sample.bytes[..sample.ends[record]]).unwrap();
    }

    fn change(&self, from: &str, to: &str) {
        let path = self.run.join(file::NAME);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    fn records(&self) -> usize {
        Sample::of(&self.run).records()
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn a_whole_run_is_proved_by_short_id_name_path_and_without_any() {
    let bench = Bench::new();
    let n = bench.records();
    let sentence = format!("chain ok {n}/{n} · closed · anchored to {n} (local)");
    let path = bench.run.to_str().unwrap();
    for wanted in [&["7f3k"][..], &[story::RUN], &[path], &[]] {
        let said = bench.journal(&[&["verify"][..], wanted].concat());
        assert_eq!((first_line(&said.out), said.code), (sentence.as_str(), 0), "{}", said.out);
    }
}

#[test]
fn verify_ends_as_the_manual_says() {
    let bench = Bench::new();
    assert_eq!(bench.journal(&["verify"]).code, 0);
    fs::remove_file(Anchors::new(bench.data.path()).path()).unwrap();
    let unanchored = bench.journal(&["verify"]);
    assert_eq!(unanchored.code, 6);
    assert!(unanchored.out.contains("UNANCHORED"), "{}", unanchored.out);
    bench.change("Mara R.", "Nara R.");
    let broken = bench.journal(&["verify"]);
    assert_eq!(broken.code, 7);
    assert!(first_line(&broken.out).starts_with("chain BROKEN at record 0, 0/"), "{}", broken.out);
    fs::remove_file(bench.run.join(file::NAME)).unwrap();
    let gone = bench.journal(&["verify"]);
    assert_eq!(gone.code, 2);
    assert!(gone.err.contains("next:"), "{}", gone.err);
}

#[test]
fn a_pasted_head_line_finds_a_cut_that_no_anchor_file_knows_of() {
    let bench = Bench::new();
    let head = bench.journal(&["head", "7F3K"]);
    let line = head.out.trim_end();
    assert!(line.starts_with("7F3K #"), "{line}");
    fs::remove_file(Anchors::new(bench.data.path()).path()).unwrap();
    let whole = bench.journal(&["verify", "7F3K", "--expect", line]);
    assert_eq!(whole.code, 0, "{}", whole.out);
    assert!(whole.out.contains("(code)"), "{}", whole.out);
    bench.cut(bench.records() - 1);
    let cut = bench.journal(&["verify", "7F3K", "--expect", line]);
    assert_eq!(cut.code, 7);
    assert!(first_line(&cut.out).contains("CODE NOT FOUND"), "{}", cut.out);
    assert_eq!(bench.journal(&["verify", "7F3K", "--expect", "7f3a"]).code, 2);
}

#[test]
fn a_code_is_not_given_for_a_journal_that_does_not_hold() {
    let bench = Bench::new();
    bench.cut(5);
    let said = bench.journal(&["head"]);
    assert_eq!((said.code, said.out.as_str()), (7, ""));
    assert!(said.err.contains("CONTRADICTS ANCHOR"), "{}", said.err);
}

#[test]
fn a_changed_output_or_runbook_is_named() {
    let bench = Bench::new();
    let output = fs::read_dir(bench.run.join("output")).unwrap().next().unwrap().unwrap();
    fs::write(output.path(), "RSP1\n").unwrap();
    fs::write(bench.run.join("runbook/extra.sh"), "").unwrap();
    let said = bench.journal(&["verify"]);
    assert_eq!(said.code, 7);
    assert!(first_line(&said.out).ends_with("2 FILES DIFFER"), "{}", said.out);
    assert!(said.out.contains(output.file_name().to_str().unwrap()), "{}", said.out);
    assert!(said.out.contains("runbook/extra.sh is in no record"), "{}", said.out);
}

#[test]
fn a_damaged_run_hides_no_other() {
    let bench = Bench::new();
    let shelf = Shelf::new(bench.data.path());
    let damaged = shelf.create("20261122T000000Z-other-AAAA").unwrap();
    fs::write(damaged.path.join(file::NAME), "rubbish\n").unwrap();
    shelf.create("20261123T000000Z-other-BBBB").unwrap();
    let said = bench.journal(&["list"]);
    assert_eq!(said.code, 0);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", said.out);
    assert!(lines[0].starts_with("BBBB") && lines[0].contains("no journal"), "{}", said.out);
    assert!(
        lines[1].starts_with("AAAA") && lines[1].contains("DAMAGED at record 0"),
        "{}",
        said.out
    );
    assert!(lines[2].starts_with("7F3K") && lines[2].contains("done"), "{}", said.out);
    let json: serde_json::Value =
        serde_json::from_str(&bench.journal(&["list", "--json"]).out).unwrap();
    assert_eq!(json["runs"][2]["runbook"], "heritage-hub/database-corruption");
}

#[test]
fn what_is_broken_is_shown_and_reported_as_far_as_it_holds() {
    let bench = Bench::new();
    bench.change("needs/say-1", "needs/say-2");
    for words in [&["show", "--all"][..], &["export"], &["export", "--format", "json"]] {
        let said = bench.journal(words);
        assert_eq!(said.code, 7, "{words:?}");
        assert!(said.out.contains("BROKEN at record"), "{words:?}: {}", said.out);
        assert!(said.out.contains("az version"), "{words:?}: {}", said.out);
        assert!(!said.out.contains("az containerapp"), "{words:?}: {}", said.out);
    }
}

#[test]
fn nothing_hostile_in_a_journal_reaches_the_terminal() {
    let bench = Bench::new();
    let verbs: [&[&str]; 7] = [
        &["list"],
        &["list", "--json"],
        &["show"],
        &["show", "--all"],
        &["show", "--output", "restore"],
        &["verify"],
        &["export"],
    ];
    for words in verbs {
        let said = bench.journal(words);
        let bad = said.out.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(bad, None, "{words:?}: {:?}", said.out);
    }
    let shown = bench.journal(&["show"]).out;
    assert!(shown.contains("<U+202E><U+001B>[31m"), "{shown}");
}

#[test]
fn recorded_output_is_printed_with_its_stream_and_doubted_when_it_was_changed() {
    let bench = Bench::new();
    let said = bench.journal(&["show", "--output", "prove"]);
    assert!(said.out.contains("0.001 out  104233"), "{}", said.out);
    assert_eq!(said.code, 0);
    let spool = fs::read_dir(bench.run.join("output")).unwrap().map(|e| e.unwrap().path());
    let spool = spool.into_iter().find(|p| p.to_str().unwrap().ends_with("-prove.spool")).unwrap();
    let bytes = fs::read(&spool).unwrap();
    fs::write(&spool, [&bytes[..bytes.len() - 7], b"204233\n"].concat()).unwrap();
    let said = bench.journal(&["show", "--output", "prove"]);
    assert!(said.out.contains("is not what was recorded"), "{}", said.out);
    assert_eq!(said.code, 7);
    assert_eq!(bench.journal(&["show", "--output", "nothing"]).code, 2);
}

#[test]
fn the_report_tells_the_run_without_markup_from_the_journal() {
    let bench = Bench::new();
    let report = bench.journal(&["export", "7F3K"]);
    assert_eq!(report.code, 0);
    let text = &report.out;
    for part in [
        "# Database corruption, run 7F3K",
        "Mara R. and lena walked heritage-hub/database-corruption version 1.0 in PROD, live for incident INC-42",
        "the run was closed as done: the shop takes orders on the copy.",
        "| Incident start, as given | 2026-11-21T02:37:00Z |",
        "### choose: cutover",
        "- Question 1: NO. 3 tables, from 1.2. Check: YES.",
        "The runbook suggests another outcome.",
        "## Deviations\n\n- ",
        "restore, unknown since ",
        "settled as done by Mara R. (verified).",
        "- cutover on db-orders-r0",
        "SHA-256 `",
        "&lt;b&gt;See&lt;/b&gt; \\*thread\\*",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    assert!(!text.contains("<b>"), "{text}");
    assert!(!text.contains("Appendix: commands\n\n### #0"), "record 0 is no command");
}

#[test]
fn a_report_is_written_once_and_never_over_another_file() {
    let bench = Bench::new();
    let path = bench.data.path().join("report.json");
    let words = ["export", "--format", "json", "-o", path.to_str().unwrap()];
    assert_eq!(bench.journal(&words).code, 0);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(json["records"].as_array().unwrap().len(), bench.records());
    assert_eq!(json["verified"]["exit"], 0);
    let again = bench.journal(&words);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("is not overwritten"), "{}", again.err);
}

#[test]
fn an_empty_shelf_says_what_to_do() {
    let data = quick_folder();
    let bench = Bench { run: Path::new("none").into(), data };
    assert_eq!(bench.journal(&["list"]).code, 0);
    for verb in ["show", "verify", "head", "export"] {
        let said = bench.journal(&[verb]);
        assert_eq!(said.code, 2, "{verb}");
        assert!(said.err.contains("there is no run yet"), "{verb}: {}", said.err);
    }
}
