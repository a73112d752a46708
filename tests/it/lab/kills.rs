//! A real `pg_restore`, held by a lock, whose face and keeper are killed.

use super::home::{Home, until};
use super::talk::{Mind, Talk};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::Value;
use std::io::Write;
use std::process::{Child, Stdio};

/// The title of the step whose command is held.
const LOAD: &str = "Load them";

fn mind() -> Mind {
    Mind { answers: ["no", "no", "no"].into(), outcomes: ["use", "good", "selective"].into() }
}

/// A second connection that holds the table which `pg_restore` is about to fill.
struct Lock(Child);

impl Lock {
    fn take(home: &Home) -> Self {
        let mut psql =
            home.psql("old").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let sql = "BEGIN; LOCK TABLE dr_stage.orders IN ACCESS EXCLUSIVE MODE;\n";
        psql.stdin.as_mut().unwrap().write_all(sql.as_bytes()).unwrap();
        let held = "SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock' \
                    AND relation = 'dr_stage.orders'::regclass";
        until("the lock", || (home.ask("old", held) == "1").then_some(()));
        Self(psql)
    }

    /// Lets go and waits until the connection is gone.
    fn release(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

/// Walks to the load, holds the table, starts the load, and waits until it hangs on the lock.
fn held(home: &Home) -> (Talk, Lock, Value) {
    let mut mind = mind();
    let mut talk = Talk::begin(home, &["run", "lab/postgres-restore", "--line"]);
    let said = talk.walk(&mut mind, Some(LOAD));
    assert!(
        said.contains("pg_restore"),
        "the command is on the screen before it can start: {said}"
    );
    let lock = Lock::take(home);
    talk.say("run");
    assert!(talk.asked().unwrap().ends_with("disarms: "));
    talk.say("yes-run");
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                 AND application_name = 'repair'";
    until("pg_restore to hang on the lock", || (home.ask("old", waits) == "1").then_some(()));
    let started = until("its start in the journal", || home.event("attempt_started", "load-stage"));
    (talk, lock, started)
}

fn pid(of: &Value) -> Pid {
    Pid::from_raw(i32::try_from(of["pid"].as_i64().unwrap()).unwrap()).unwrap()
}

fn kill(process: Pid) {
    kill_process(process, Signal::KILL).unwrap();
}

fn starts(home: &Home) -> usize {
    home.events().iter().filter(|event| event["type"] == "attempt_intended").count()
}

/// Goes on to the end and has the journal verified.
fn to_the_end(home: &Home, talk: &mut Talk, mind: &mut Mind) {
    talk.walk(mind, None);
    assert_eq!(talk.end().code(), Some(0), "{}", talk.heard());
    let proof = home.done(&["journal", "verify"]);
    assert_eq!(proof.status.code(), Some(0), "{proof:?}");
}

#[test]
#[ignore = "needs postgresql"]
fn a_restore_whose_face_was_killed_ends_and_is_seen_whole_after_resume() {
    let home = Home::new();
    let (mut talk, lock, started) = held(&home);
    let intended = starts(&home);
    kill(Pid::from_child(&talk.child));
    talk.end();
    test_kill_process(pid(&started["child"])).unwrap();
    test_kill_process(pid(&started["keeper"])).unwrap();
    lock.release();
    until("the command to end", || test_kill_process(pid(&started["child"])).err());
    assert_eq!(home.ask("old", "SELECT count(*) > 20000 FROM dr_stage.orders"), "t");

    let mut talk = Talk::begin(&home, &["resume", "--line"]);
    let said = talk.asked().unwrap();
    assert!(said.contains(LOAD) && said.contains("Exit 0"), "{said}");
    assert_eq!(starts(&home), intended, "resume starts nothing");
    let ended = home.event("attempt_ended", "load-stage").unwrap();
    assert_eq!(ended["recovered"], true, "{ended}");
    assert_eq!(ended["outcome"]["ended"]["code"], 0, "{ended}");
    talk.say("output load-stage");
    let output = talk.asked().unwrap();
    for line in ["connecting to database", "dr_stage.orders", "dr_stage.payments"] {
        assert!(output.contains(line), "{line} is missing in:\n{output}");
    }
    talk.say("steps");
    let mut mind = mind_after_the_load();
    to_the_end(&home, &mut talk, &mut mind);
}

fn mind_after_the_load() -> Mind {
    Mind { answers: [].into(), outcomes: [].into() }
}

#[test]
#[ignore = "needs postgresql"]
fn a_restore_whose_keeper_was_killed_is_unknown_until_the_probe_settles_it() {
    let home = Home::new();
    let (mut talk, lock, started) = held(&home);
    let intended = starts(&home);
    kill(pid(&started["keeper"]));
    kill(Pid::from_child(&talk.child));
    talk.end();
    let orphan = pid(&started["child"]);
    test_kill_process(orphan).unwrap();

    let mut talk = Talk::begin(&home, &["resume", "--line"]);
    let said = talk.asked().unwrap();
    assert!(said.contains("OUTCOME UNKNOWN load-stage"), "{said}");
    assert_eq!(starts(&home), intended, "nothing is started by itself");

    // Against the rule, with the name typed and a reason: refused all the same, while the orphan lives.
    talk.say("again load-stage");
    let refused = insist(&mut talk);
    let number = orphan.as_raw_nonzero().to_string();
    assert!(refused.contains("No: ") && refused.contains(&number), "{refused}");
    assert_eq!(starts(&home), intended, "the repetition was refused");
    test_kill_process(orphan).unwrap();

    lock.release();
    until("the orphan to end", || test_kill_process(orphan).err());
    let loaded = home.ask("old", "SELECT count(*) > 20000 FROM dr_stage.orders") == "t";
    talk.say("probe");
    let said = until_heard(&mut talk, "The probe says");
    let word = if loaded { "done" } else { "not-started" };
    assert!(said.contains(&format!("says: {}", word.replace('-', ""))), "{said}");
    talk.say(&format!("settle {word}"));
    let mut mind = mind_after_the_load();
    to_the_end(&home, &mut talk, &mut mind);
    let settled = home.event("attempt_settled", "load-stage").unwrap();
    assert_eq!(settled["proof"], "verified", "{settled}");
}

/// Passes every guard that is asked for, and returns what came of it.
fn insist(talk: &mut Talk) -> String {
    loop {
        let said = talk.asked().unwrap();
        let prompt = said.rsplit('\n').next().unwrap_or_default();
        if prompt.ends_with("to go on: ") {
            talk.say("shop");
        } else if prompt.ends_with("disarms: ") {
            talk.say("yes-run");
        } else if prompt.ends_with("same: ") {
            talk.say("the test insists");
        } else {
            return said;
        }
    }
}

fn until_heard(talk: &mut Talk, text: &str) -> String {
    loop {
        let said = talk.asked().unwrap();
        if said.contains(text) {
            return said;
        }
    }
}
