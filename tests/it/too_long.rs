//! What finds no room in one record of the journal: it is cut, given up or refused, and the run goes on.

use crate::support::program::{Home, said};
use crate::support::terminal::Terminal;
use std::fs;

const HEAD: &str = "format: 1\nname: long\ntitle: Long\nsystem: Lab\nversion: \"1\"\nsummary: Long words.\n\
                    environment: local\nphases:\n  - title: T\n    steps:\n";

#[test]
fn captures_that_fill_more_than_a_record_fail_their_step_and_not_the_run() {
    let captures: Vec<_> =
        (0..20).map(|n| format!("c{n}: {{text: '^(.*)$', type: text, max: 4096}}")).collect();
    let home = Home::new();
    let runbook = format!(
        "{HEAD}      - id: a\n        title: A\n        hazard: read\n\
         \x20       script: head -c 4000 /dev/zero | tr '\\0' x\n        capture: {{{}}}\n",
        captures.join(", ")
    );
    let runbook = home.file("long.yaml", runbook);
    let answers = "format: 1\nsteps: {a: {on_failure: skip, reason: too much}}\n";
    let answers = home.file("answers.yaml", answers);
    let mut run = home.rutter(["run", "--answers"]);
    let ran = run.arg(answers).arg(runbook).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    assert!(said(&ran).contains("find no room in the record"), "{}", said(&ran));
    let verified = home.rutter(["journal", "verify"]).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
}

#[test]
fn words_that_are_too_long_are_refused_and_the_run_stays_open() {
    let home = Home::new();
    let step = "      - {id: a, title: A, hazard: read, run: echo ran}\n";
    let runbook = home.file("long.yaml", format!("{HEAD}{step}"));
    let mut at = Terminal::start(home.rutter(["run", "--line", runbook.to_str().unwrap()]));
    at.hear("1.1>");
    at.say("quit");
    at.end();
    let run = home.run();
    let short = run.to_str().unwrap().rsplit('-').next().unwrap();
    let reason = "x".repeat(70_000);
    let ended = home.rutter(["stop", short, "--reason", &reason]).output().unwrap();
    assert_ne!(ended.status.code(), Some(0));
    assert!(said(&ended).contains("too long to be recorded"), "{}", said(&ended));
    let journal = fs::read_to_string(run.join("journal.jsonl")).unwrap();
    assert!(!journal.contains("run_closed"));
}
