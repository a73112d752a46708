//! The screen is killed, its window closed, or it is suspended, at random moments of a run: another screen goes on,
//! nothing is lost and nothing is repeated.
//!
//! `KILL_SEED` and `KILL_MOMENTS` say which moments and how many; `scripts/kill-anywhere` sets them.

use crate::support::blows::{Blows, given};
use crate::support::hand::Hand;
use crate::support::program::{Home, said};
use crate::support::window::{SEAT, Window, seated};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::time::Duration;

/// How many changes a run makes; each leaves a line and takes a while.
const CHANGES: usize = 6;

/// The longest time from one blow to the next: longer than a change, so that every part of one is hit.
const LONGEST: Duration = Duration::from_millis(1200);

fn runbook() -> String {
    let mut text = "format: 1\nname: counted\ntitle: Counted\nsystem: Lab\nversion: \"1\"\n\
                    summary: Changes that leave a line each.\nenvironment: local\nphases:\n  - title: Count\n    steps:\n"
        .to_owned();
    for n in 1..=CHANGES {
        let _ = write!(
            text,
            "      - id: change-{n}\n        title: Leave line {n}\n        hazard: change\n        \
             target: the lines\n        what: Adds one line.\n        script: |\n          \
             echo line-{n} >> lines\n          sleep 0.3\n          echo ended\n        \
             expect: {{text: ended}}\n        repeat: probe\n        probe:\n          \
             run: grep -qx line-{n} lines\n          \
             answers: [{{exit: 0, means: done}}, {{exit: [1, 2], means: not_started}}]\n        \
             no_undo: The line stays.\n"
        );
    }
    text
}

fn events(home: &Home) -> Vec<Value> {
    let journal = fs::read_to_string(home.run().join("journal.jsonl")).unwrap();
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.flat_map(|record| record["events"].as_array().unwrap().clone()).collect()
}

/// Walks one run to its end under blows, and proves that each change happened once.
fn survive(seed: u64, moments: usize) -> usize {
    let home = Home::new();
    let file = home.file("counted.yaml", runbook());
    let mut blows = Blows::new(seed, moments, LONGEST);
    let open = |words: &[&str]| Window::open((80, 24), home.program(SEAT, seated(words)));
    let mut window = open(&["run", file.to_str().unwrap()]);
    window.wait("the first step", |view| view.key_for("arm").is_some());
    let closed = || events(&home).iter().any(|event| event["type"] == "run_closed");
    blows.walk(window, &mut Hand::default(), || open(&["resume"]), closed, |_| false);
    let tale = format!("seed {seed}: {:?}", blows.struck);
    let lines = fs::read_to_string(home.run().join("work/lines")).unwrap();
    let once: Vec<_> = (1..=CHANGES).map(|n| format!("line-{n}")).collect();
    assert_eq!(lines.lines().collect::<Vec<_>>(), once, "{tale}");
    let events = events(&home);
    for n in 1..=CHANGES {
        let step = format!("change-{n}");
        // A start whose gate never opened is a start all the same, but not a command that ran.
        let ran = |e: &&Value| {
            e["type"] == "attempt_ended"
                && e["step"] == *step
                && e["part"] == "main"
                && e["outcome"]["ended"]["code"] == 0
        };
        assert_eq!(events.iter().filter(ran).count(), 1, "{step}, {tale}");
    }
    assert_eq!(events.last().unwrap()["type"], "run_closed", "{tale}");
    let proof = home.rutter(["journal", "verify"]).output().unwrap();
    assert_eq!(proof.status.code(), Some(0), "{tale}: {}", said(&proof));
    blows.struck.len()
}

#[test]
fn a_run_whose_screen_is_struck_at_random_moments_loses_nothing_and_repeats_nothing() {
    let seed = given("KILL_SEED").unwrap_or(20_261_121);
    let wanted = usize::try_from(given("KILL_MOMENTS").unwrap_or(5)).unwrap();
    let (mut struck, mut run) = (0, 0);
    while struck < wanted {
        struck += survive(seed + run, wanted - struck);
        run += 1;
    }
    println!("seed {seed}: {struck} moments in {run} runs, each change made once");
}
