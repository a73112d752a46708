//! A journal that cannot grow any further: the program says so, nothing starts unrecorded, and what is there holds.

use crate::support::program::{Home, said};
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
