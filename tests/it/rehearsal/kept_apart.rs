//! Nothing of a rehearsal reaches the world, and no rehearsal passes for a live run.

use super::bench::{ANSWERS, Bench, SCENARIO};
use crate::support::program::{files, said};
use std::fs;

#[test]
fn no_command_of_the_runbook_is_ever_run() {
    let bench = Bench::new();
    let output = bench.rehearse(ANSWERS);
    assert!(output.status.success(), "{}", said(&output));
    // Undo, probe, fix and question of the runbook as well, each by its own way in.
    let trouble = SCENARIO.replace(
        "  stop: [{output",
        "  stop: [{trouble: lost, attempt: 1}, {attempt: 2, stderr: no cores, exit: 1}, {output",
    );
    let bench = Bench::with(
        super::bench::RUNBOOK,
        &trouble.replace("{output: running}", "{output: running}, {output: stopped}"),
    );
    let answers = ANSWERS.replace(
        "steps:\n",
        "steps:\n  stop: {confirm: db-orders, on_unknown: probe, on_failure: fix, reason: again}\n",
    );
    let output = bench.rehearse(&answers);
    for step in
        ["stop", "more", "compare", "ready", "drop", "needs/check", "needs/tool-no-such-tool"]
    {
        assert!(!bench.of("attempt_started", step).is_empty(), "{step}: {}", said(&output));
    }
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(bench.traces(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn what_a_keeper_is_told_holds_nothing_of_the_command() {
    let bench = Bench::new();
    let output = bench.rehearse(ANSWERS);
    assert!(output.status.success(), "{}", said(&output));
    let jobs = files(&bench.home.run().join("tasks"));
    let jobs: Vec<_> = jobs.iter().filter(|path| path.ends_with("job.json")).collect();
    assert!(jobs.len() >= 7, "{jobs:?}");
    for job in jobs {
        let text = fs::read_to_string(job).unwrap();
        let job: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(job["program"]["words"][1], "__play", "{text}");
        assert!(!text.contains("touch") && !text.contains("/no/such"), "{text}");
        assert_eq!((&job["env"], &job["files"]), (&serde_json::json!([]), &serde_json::json!([])));
    }
}

#[test]
fn every_record_of_a_rehearsal_says_so_and_so_does_every_command_that_shows_it() {
    let bench = Bench::new();
    assert!(bench.rehearse(ANSWERS).status.success());
    let records = bench.records();
    assert!(records.iter().all(|record| record["mode"] == "rehearsal"), "{records:#?}");
    let opened = &records[0]["events"][0];
    assert_eq!(
        (&opened["mode"], &opened["environment"]),
        (&"rehearsal".into(), &"SIMULATED".into())
    );
    assert_eq!(opened["scenario"]["name"], "quiet");
    assert_eq!(opened["scenario"]["begins"], "2026-11-21T02:53:00Z");
    let pinned = opened["pinned"].to_string();
    assert!(pinned.contains("scenarios/quiet.yaml"), "{pinned}");
    for words in [
        &["journal", "list"][..],
        &["journal", "show"],
        &["journal", "verify"],
        &["journal", "export"],
    ] {
        let (code, said) = bench.says(words);
        assert!(code == Some(0) && said.contains("REHEARSAL"), "{words:?}: {said}");
    }
    assert_eq!(bench.traces(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_open_rehearsal_is_told_as_one_by_status() {
    let bench = Bench::new();
    let output = bench.rehearse("format: 1\nstatements: all\n");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let (_, status) = bench.says(&["status"]);
    assert!(status.contains("REHEARSAL") && status.contains("SIMULATED"), "{status}");
}

#[test]
fn records_whose_mode_was_taken_out_prove_nothing_even_when_they_are_sealed_anew() {
    use rutter::engine::event::Event;
    use rutter::journal::anchor::Anchors;
    use rutter::journal::identity::Identity;
    use rutter::journal::record::{Chain, Record};
    use rutter::journal::verify::{Target, verify};
    use rutter::report::claims::claims;
    use rutter::report::fact::Entry;

    let bench = Bench::new();
    assert!(bench.rehearse(ANSWERS).status.success());
    let run = bench.home.run();
    let text = fs::read(run.join("journal.jsonl")).unwrap();
    let mut reader = Chain::start(None);
    let name = run.file_name().unwrap().to_string_lossy().into_owned();
    let (mut writer, mut forged) = (Chain::start(Some(name)), Vec::new());
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let record: Record<Event> = reader.read(line).unwrap();
        let sealed = writer.seal(&record.stamp(), &Identity::default(), &record.events).unwrap();
        writer.passed(sealed.head);
        forged.extend(sealed.line);
    }
    let lone = bench.home.file("forged.jsonl", &forged);
    let nowhere = Anchors::new(bench.home.dir.path());
    let told = |records: &[Entry]| claims(records);
    let verdict = verify(&Target::copy(&lone), &nowhere, None, told).unwrap();
    assert_eq!(verdict.exit(), 7, "{}", verdict.sentence());
    assert!(verdict.sentence().contains("LIVE AND REHEARSED MIXED"), "{}", verdict.sentence());
    fs::write(run.join("journal.jsonl"), &forged).unwrap();
    fs::remove_file(bench.home.dir.path().join(".local/share/rutter/anchors.jsonl")).unwrap();
    let (code, said) = bench.says(&["resume", "--no-input", "--answers", "answers.yaml"]);
    assert!(code != Some(0), "{said}");
}

#[test]
fn made_up_secrets_are_masked_like_real_ones() {
    let scenario = SCENARIO
        .replace("stopping {{ server }}", "the key is simulated-key, the token simulated-token");
    let bench = Bench::with(super::bench::RUNBOOK, &scenario);
    let output = bench.rehearse(ANSWERS);
    assert!(output.status.success(), "{}", said(&output));
    for path in files(&bench.home.run().join("output")) {
        let spool = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!spool.contains("simulated-"), "{}: {spool}", path.display());
    }
    let journal = fs::read_to_string(bench.home.run().join("journal.jsonl")).unwrap();
    assert!(journal.contains("the key is") && !journal.contains("simulated-key"), "{journal}");
}
