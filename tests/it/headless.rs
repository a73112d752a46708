//! A run without a person: answers are used once each, and nothing is repeated that no answer speaks of.

use crate::support::program::{Home, said};
use crate::support::terminal::Terminal;
use serde_json::Value;
use std::fs;
use std::process::Output;

const HEAD: &str = "format: 1\nname: alone\ntitle: Alone\nsystem: Lab\nversion: \"1\"\n\
                    summary: Steps that go wrong.\nenvironment: local\nphases:\n  - title: Go wrong\n    steps:\n";

/// Writes a runbook with these steps and runs it with these answers.
fn run(home: &Home, steps: &str, answers: &str) -> Output {
    let runbook = home.file("alone.yaml", format!("{HEAD}{steps}"));
    let answers = home.file("answers.yaml", format!("format: 1\n{answers}"));
    let mut command = home.rutter(["run", "--no-input", "--answers"]);
    command.arg(answers).arg(runbook).output().unwrap()
}

fn resume(home: &Home) -> Output {
    home.rutter(["resume", "--no-input", "--answers", "answers.yaml"]).output().unwrap()
}

/// How often a part of a step was intended.
fn attempts(home: &Home, step: &str, part: &str) -> usize {
    let journal = fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let events = records.flat_map(|record| record["events"].as_array().unwrap().clone());
    events
        .filter(|e| e["type"] == "attempt_intended" && e["step"] == step && e["part"] == part)
        .count()
}

const NO_START: &str = "      - {id: a, title: A, hazard: read, run: /there/is/no/such-program}\n";

#[test]
fn a_command_that_cannot_start_is_not_tried_again_by_itself() {
    let home = Home::new();
    let ran = run(&home, NO_START, "");
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    assert!(said(&ran).contains("steps.a.on_failure is missing"), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "main"), 1);
}

#[test]
fn a_command_that_cannot_start_is_tried_again_as_often_as_the_answers_say() {
    let home = Home::new();
    let ran = run(&home, NO_START, "steps: {a: {on_failure: [retry, retry, stop]}}\n");
    assert_eq!(ran.status.code(), Some(1), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "main"), 3);
}

#[test]
fn a_retry_counts_once() {
    let home = Home::new();
    let steps = "      - {id: a, title: A, hazard: read, run: \"false\"}\n";
    let ran = run(&home, steps, "steps: {a: {on_failure: retry}}\n");
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    assert!(said(&ran).contains("for failure 2"), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "main"), 2);
}

/// A change that is stopped by its timeout, with a probe that ends so.
fn unseen(probe: &str) -> String {
    format!(
        "      - id: a\n        title: A\n        what: Takes too long.\n        hazard: change\n\
         \x20       target: x\n        run: sleep 30\n        timeout: 1s\n        repeat: probe\n\
         \x20       no_undo: nothing happened\n        probe: {{run: {probe}, answers: [{{exit: 1, means: not_started}}]}}\n"
    )
}

#[test]
fn a_change_whose_end_is_never_seen_is_not_started_for_ever() {
    let home = Home::new();
    let ran = run(&home, &unseen("\"false\""), "steps: {a: {on_unknown: probe}}\n");
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    assert!(said(&ran).contains("for attempt 2"), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "main"), 2, "once, and once more on the word of its probe");
}

#[test]
fn a_probe_that_could_not_tell_is_asked_again_in_the_next_session() {
    let home = Home::new();
    let answers = "steps: {a: {on_unknown: probe}}\n";
    let ran = run(&home, &unseen("\"true\""), answers);
    assert_eq!(ran.status.code(), Some(5), "{}", said(&ran));
    let first = attempts(&home, "a", "probe");
    assert_eq!(first, 3);
    let ran = resume(&home);
    assert_eq!(ran.status.code(), Some(5), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "probe"), 2 * first);
    assert_eq!(attempts(&home, "a", "main"), 1);
}

#[test]
fn an_outcome_that_opens_steps_again_is_decided_once_by_a_file() {
    let home = Home::new();
    let steps = "      - {id: a, title: A, hazard: read, run: \"true\"}\n\
                 \x20     - id: b\n        title: B\n        decide:\n          outcomes:\n\
                 \x20           more: {title: Once more, again: a}\n            enough: {title: Enough}\n";
    let ran = run(&home, steps, "steps: {b: {outcome: more}}\n");
    assert_eq!(ran.status.code(), Some(6), "{}", said(&ran));
    assert!(said(&ran).contains("a person has to decide now"), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "main"), 2);
}

#[test]
fn a_list_of_outcomes_goes_back_as_often_as_it_says_and_then_on() {
    let home = Home::new();
    let steps = "      - {id: a, title: A, hazard: read, run: \"true\"}\n\
                 \x20     - id: b\n        title: B\n        decide:\n          outcomes:\n\
                 \x20           more: {title: Once more, again: a}\n            enough: {title: Enough}\n\
                 \x20         ladder: [{ask: Enough?, yes: enough, no: more, unsure: more}]\n";
    let answers =
        "steps: {b: {answers: [[no], [no], [yes]], outcome: [more, more, enough], why: counted}}\n";
    let ran = run(&home, steps, answers);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    assert_eq!(attempts(&home, "a", "main"), 3);
}

#[test]
fn an_environment_that_is_read_only_stays_so_when_the_run_is_taken_up_again() {
    let home = Home::new();
    let settings = "environments: {prod: {word: PROD, class: prod, read_only: true, values: {}}}\n";
    let settings = home.file("settings.yaml", settings);
    let changes = "      - {id: a, title: A, what: X, hazard: change, target: x, run: echo x, no_undo: none}\n";
    let text = format!("{HEAD}{changes}").replace("environment: local\n", "");
    let (runbook, answers) =
        (home.file("alone.yaml", text), home.file("answers.yaml", "format: 1\n"));
    let mut words = vec!["run".into(), runbook.into_os_string(), "--env".into(), "prod".into()];
    for _ in 0..2 {
        let mut command = home.rutter(&words);
        command.arg("--config").arg(&settings).arg("--answers").arg(&answers);
        let ran = command.output().unwrap();
        assert_eq!(ran.status.code(), Some(6), "{}", said(&ran));
        assert!(said(&ran).contains("this run is read only"), "{}", said(&ran));
        words = vec!["resume".into()];
    }
    assert_eq!(attempts(&home, "a", "main"), 0);
}

const LATER: &str = "defer: {for: 7d, why: At night nothing of this is urgent.}";

/// A decision with a ladder, one without, and a step that asks for a value; each may wait.
fn may_wait() -> String {
    format!(
        "      - id: ladder\n        title: Which?\n        {LATER}\n        decide:\n          outcomes: {{x: {{title: X}}, y: {{title: Y}}}}\n\
         \x20         ladder: [{{ask: Is it x?, yes: x, no: y, unsure: y}}]\n\
         \x20     - id: pick\n        title: Which?\n        {LATER}\n        decide:\n          outcomes: {{x: {{title: X}}, y: {{title: Y}}}}\n\
         \x20     - {{id: asks, title: Asks, hazard: read, run: \"echo {{{{ x }}}}\", ask: {{x: {{type: name}}}}, {LATER}}}\n"
    )
}

#[test]
fn a_file_puts_off_decisions_ladders_and_steps_that_still_ask_for_values() {
    let home = Home::new();
    let ran = run(
        &home,
        &may_wait(),
        "steps: {ladder: {defer: a}, pick: {defer: b}, asks: {defer: c}}\n",
    );
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    assert!(said(&ran).contains("3 steps deferred"), "{}", said(&ran));
}

#[test]
fn a_reason_without_words_is_named_by_its_step_and_key() {
    let fails = "      - {id: a, title: A, hazard: read, run: \"false\"}\n";
    let cases = [
        (may_wait(), "steps: {ladder: {defer: \"\"}}\n", "steps.ladder.defer is missing"),
        (
            may_wait(),
            "steps: {ladder: {answers: [yes], outcome: x}}\n",
            "steps.ladder.why is missing",
        ),
        (
            may_wait(),
            "steps: {ladder: {answers: [yes], outcome: y, why: \" \"}}\n",
            "steps.ladder.why is missing",
        ),
        (
            fails.into(),
            "steps: {a: {on_failure: skip, reason: \" \"}}\n",
            "steps.a.reason is missing",
        ),
    ];
    for (steps, answers, named) in cases {
        let home = Home::new();
        let ran = run(&home, &steps, answers);
        assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
        assert!(said(&ran).contains(named), "{named}: {}", said(&ran));
    }
}

/// A step that fails with these words, and knows one failure with a fix.
fn fixable(home: &Home, says: &str) -> String {
    let mended = home.dir.path().join("mended");
    let mended = mended.display();
    format!(
        "      - id: w\n        title: W\n        hazard: read\n        run: sh -c \"test -e {mended} || {{ echo {says}; exit 1; }}\"\n\
         \x20       failures: [{{match: shut, means: The door is shut., fix: open}}]\n\
         fixes:\n  - {{id: open, title: Open it, what: It., hazard: change, target: door, run: touch {mended}, no_undo: None.}}\n"
    )
}

#[test]
fn what_a_file_says_about_trouble_that_did_not_come_is_no_mistake() {
    let home = Home::new();
    home.file("mended", "");
    let in_case = "steps: {w: {on_failure: [fix, stop], on_unknown: stop, reason: x}, open: {confirm: door}}\n";
    let ran = run(&home, &fixable(&home, "shut"), in_case);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
}

#[test]
fn an_answer_for_a_step_that_is_not_there_is_still_a_mistake() {
    let home = Home::new();
    home.file("mended", "");
    let ran =
        run(&home, &fixable(&home, "shut"), "steps: {v: {on_failure: stop}, w: {tick: done}}\n");
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    for key in ["steps.v.on_failure", "steps.w.tick"] {
        assert!(said(&ran).contains(key), "{}", said(&ran));
    }
}

#[test]
fn a_file_takes_no_fix_for_a_failure_that_is_not_the_one_it_is_for() {
    let home = Home::new();
    let ran = run(&home, &fixable(&home, "burnt"), "steps: {w: {on_failure: [fix, stop]}}\n");
    assert_eq!(ran.status.code(), Some(6), "{}", said(&ran));
    assert!(said(&ran).contains("open is for: The door is shut"), "{}", said(&ran));
    assert_eq!(attempts(&home, "open", "main"), 0);
}

/// A change behind a fence that holds once a file of this name is in the home.
fn fenced(home: &Home) -> String {
    let right = home.dir.path().join("right-machine");
    let right = right.display();
    format!(
        "      - {{id: a, title: A, what: X., hazard: change, target: x, run: touch done, no_undo: None.}}\n\
         fence: {{id: right, title: The right machine, run: ls {right}, expect: {{exit: 0}}}}\n"
    )
}

#[test]
fn a_fence_that_does_not_hold_is_asked_once_by_a_file_and_stops_it() {
    let home = Home::new();
    let ran = run(&home, &fenced(&home), "");
    assert_eq!(ran.status.code(), Some(6), "{}", said(&ran));
    assert!(said(&ran).contains("a was not started: the fence does not hold"), "{}", said(&ran));
    assert_eq!((attempts(&home, "a", "fence"), attempts(&home, "a", "main")), (1, 0));
}

#[test]
fn line_mode_says_that_nothing_was_started_because_the_fence_does_not_hold() {
    let home = Home::new();
    let runbook = home.file("alone.yaml", format!("{HEAD}{}", fenced(&home)));
    let mut words = home.rutter(["--line", "run"]);
    words.arg(runbook);
    let mut terminal = Terminal::start(words);
    for _ in 0..2 {
        terminal.hear("1.1>");
        terminal.say("run");
        terminal.hear("Type yes-run");
        terminal.say("yes-run");
        terminal.hear("The fence does not hold: this may not be the place the runbook belongs to.");
        terminal.hear("No: a was not started: the fence does not hold.");
    }
    home.file("right-machine", "");
    terminal.hear("1.1>");
    terminal.say("run");
    terminal.hear("Type yes-run");
    terminal.say("yes-run");
    terminal.hear("The fence holds.");
    terminal.hear("VERIFIED.");
    terminal.hear(">");
    terminal.say("close");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!((attempts(&home, "a", "fence"), attempts(&home, "a", "main")), (3, 1));
}
