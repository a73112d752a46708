//! A journal that cannot grow any further, or that lost its end: the program says so, nothing starts unrecorded or
//! twice, and what is there holds.

use crate::support::program::{Home, said};
use rutter::journal::anchor;
use rutter::journal::file;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const RUNBOOK: &str = r#"
format: 1
name: steps
title: Many small steps
system: Lab
version: "1.0"
summary: Looks and writes.
environment: local
phases:
  - title: All of it
    steps:
      - {id: look, title: Look around, hazard: read, run: "ls"}
      - id: write
        title: Write a file
        what: Writes it.
        hazard: change
        target: "{{ run.work }}/written"
        run: touch written
        undo: {title: Remove it, hazard: change, run: rm -- written}
      - {id: look-again, title: Look again, hazard: read, run: "ls"}
"#;

/// Runs the runbook with files limited to so many blocks of 512 bytes.
fn limited(home: &Home, blocks: u32) -> std::process::Output {
    let runbook = home.file("steps.yaml", RUNBOOK);
    let answers = home.file("answers.yaml", "format: 1\n");
    let rutter = home.rutter(["run", "--no-input", "--answers"]);
    let mut sh = Command::new("sh");
    sh.arg("-c").arg(format!("ulimit -f {blocks} && exec \"$0\" \"$@\"")).arg(rutter.get_program());
    sh.args(rutter.get_args()).arg(answers).arg(runbook).current_dir(home.dir.path());
    sh.env_clear().env("HOME", home.dir.path()).env("PATH", std::env::var_os("PATH").unwrap());
    sh.output().unwrap()
}

#[test]
fn a_limit_on_file_sizes_is_said_and_never_kills_or_tears() {
    // From "not even the opening" to "all but the end", in steps smaller than a record.
    let mut ends = Vec::new();
    for blocks in [1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 4096] {
        let home = Home::new();
        let output = limited(&home, blocks);
        let told = said(&output);
        let code = output.status.code();
        assert!(
            code.is_some_and(|code| code != 70),
            "{blocks} blocks: {:?}: {told}",
            output.status
        );
        let proved = home.rutter(["journal", "verify"]).output().unwrap();
        let sentence = said(&proved);
        assert!(sentence.contains("chain ok"), "{blocks} blocks: {sentence}");
        let written = home.run().join("work/written").exists();
        if code == Some(0) {
            assert!(written, "{told}");
        } else {
            let named = told.contains("no room for the journal") || told.contains("File too large");
            assert!(named, "{blocks} blocks: {told}");
        }
        if written {
            let shown = said(&home.rutter(["journal", "show", "--all"]).output().unwrap());
            assert!(shown.contains("touch written"), "it ran and was recorded: {shown}");
        }
        ends.push(code == Some(0));
    }
    assert_eq!((ends.first(), ends.last()), (Some(&false), Some(&true)));
}

/// A run that was walked to its end, and the folder of its data.
fn walked() -> (Home, PathBuf) {
    let home = Home::new();
    let output = limited(&home, 1 << 20);
    assert!(output.status.success(), "{}", said(&output));
    let data = home.run().ancestors().nth(2).unwrap().to_owned();
    (home, data)
}

fn without_last_lines(path: &std::path::Path, count: usize) {
    let text = fs::read_to_string(path).unwrap();
    let keep = text.lines().count() - count;
    let kept: String = text.lines().take(keep).flat_map(|line| [line, "\n"]).collect();
    fs::write(path, kept).unwrap();
}

#[test]
fn a_journal_that_lost_an_anchored_record_is_not_gone_on_with() {
    let (home, _) = walked();
    let journal = home.run().join(file::NAME);
    // Without its closing record the run looks open; the change in it was done and must not be done again.
    without_last_lines(&journal, 1);
    let before = fs::read(&journal).unwrap();
    let run = home.run();
    let short = run.to_str().unwrap().rsplit('-').next().unwrap();
    let resumed =
        home.rutter(["resume", "--no-input", "--answers", "answers.yaml", short]).output().unwrap();
    let told = said(&resumed);
    assert_eq!(resumed.status.code(), Some(7), "{told}");
    assert!(told.contains("contradicts its anchor"), "{told}");
    assert_eq!(fs::read(&journal).unwrap(), before, "nothing was appended");
}

#[test]
fn a_closed_run_whose_last_anchor_was_lost_with_the_machine_is_anchored_at_the_next_look() {
    let (home, data) = walked();
    without_last_lines(&data.join(anchor::NAME), 1);
    let verify = || home.rutter(["journal", "verify"]).output().unwrap().status.code();
    assert_eq!(verify(), Some(6));
    let run = home.run();
    let short = run.to_str().unwrap().rsplit('-').next().unwrap();
    let told = said(
        &home
            .rutter(["resume", "--no-input", "--answers", "answers.yaml", short])
            .output()
            .unwrap(),
    );
    assert!(told.contains("this run is closed"), "{told}");
    assert_eq!(verify(), Some(0));
}
