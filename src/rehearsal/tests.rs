//! The world and its answers, without a process.

use super::{Cast, Pace, Role, Stage, World, keys};
use crate::engine::event::{AttemptId, Event, Guard, Part, Work};
use crate::engine::plan::Plan;
use crate::outcome::{Ended, Outcome, Process, SpoolSummary};
use crate::play::Scene;
use crate::runbook::model::{Hazard, StepId, Values};
use crate::runbook::parse;
use crate::runbook::place::Source;
use std::collections::BTreeMap;
use std::time::Duration;

const RUNBOOK: &str = "\
format: 1
name: x
title: X
system: Lab
version: '1'
summary: S
owner: o
environment: local
use_when: [x]
needs:
  tools: [{name: az, version: '>=2.60'}, {name: sed}]
phases:
  - title: One
    steps:
      - {id: stop, title: Stop, what: w, hazard: change, target: t, no_undo: n, run: az stop}
      - {id: look, title: Look, hazard: read, run: cat x, expect: {text: ok}}
      - id: copy
        title: Copy
        what: w
        hazard: change
        target: t
        no_undo: n
        run: az copy
        takes: {typical: 20m, slow: 30m}
        timeout: 60m
        probe: {run: az show, answers: [{text: Ready, means: done}]}
      - id: ready
        title: Ready
        hazard: read
        timeout: 10m
        wait: {run: az show, every: 30s, until: {text: Ready}, tolerate: [{exit: 3, for: 1m}]}
      - {id: freeze, title: Freeze, hazard: change, what: w, target: t, no_undo: n, manual: Freeze it.}
";

const HEAD: &str =
    "format: 1\nrunbook: lab/x\ntitle: T\nstate: {writers: running, copy: none}\nsteps:\n";

fn stage(steps: &str) -> Stage {
    let source = Source::new("scenarios/t.yaml", format!("{HEAD}{steps}"));
    let scenario = parse::scenario::parse(&source).unwrap();
    let files = BTreeMap::from([("scenarios/rows.txt".to_owned(), "a {{ server }}\n".to_owned())]);
    Stage { world: World::new(scenario, Some("account".into())), files, pace: Pace::default() }
}

fn id(step: &str, part: Part, attempt: u32) -> AttemptId {
    AttemptId { work: Work { step: StepId::new(step), part }, attempt }
}

fn main(step: &str, attempt: u32) -> AttemptId {
    id(step, Part::Main, attempt)
}

fn cast_with(stage: &Stage, id: &AttemptId, timeout: Option<Duration>) -> Result<Cast, String> {
    let plan = Plan::new(parse::parse(&Source::new("runbook.yaml", RUNBOOK)).unwrap());
    let values = Values::from([("server".to_owned(), "db-orders".to_owned())]);
    let planned = plan.step(&id.work.step).unwrap();
    stage.cast(&Role { id, planned, shown: "az x", values: &values, timeout })
}

fn cast(stage: &Stage, id: &AttemptId) -> Cast {
    cast_with(stage, id, None).unwrap()
}

fn scene(stage: &Stage, id: &AttemptId) -> Scene {
    cast(stage, id).play.scenes.remove(0)
}

fn started(id: &AttemptId) -> Event {
    let process = Process { pid: 1, group: 1, started: 1, boot: "b".into() };
    Event::AttemptStarted { id: id.clone(), keeper: process.clone(), child: process }
}

fn ended(id: &AttemptId, how: Ended) -> Event {
    let outcome = Outcome {
        ended: how,
        took_ns: 1_000_000_000,
        story_ns: Some(60_000_000_000),
        verdicts: Vec::new(),
        captures: BTreeMap::new(),
        failures: Vec::new(),
        answered: None,
        spool: SpoolSummary::default(),
        survivors: Vec::new(),
        last_lines: Vec::new(),
        notes: Vec::new(),
    };
    Event::AttemptEnded { id: id.clone(), outcome: Box::new(outcome), recovered: false }
}

fn lost(id: &AttemptId) -> Event {
    let (reason, last_lines) = ("gone".into(), Vec::new());
    Event::AttemptLost { id: id.clone(), reason, last_lines, story_ns: Some(1) }
}

fn takes(stage: &mut Stage, facts: &[Event]) {
    for fact in facts {
        stage.world.take(fact);
    }
}

const STOP: &str = "  stop: [{set: {writers: stopped}}]\n";
const LOOK: &str =
    "  look: [{when: {writers: running}, output: late rows, exit: 1}, {output: ok}]\n";

#[test]
fn a_step_left_out_has_its_consequence_later() {
    let mut stage = stage(&format!("{STOP}{LOOK}"));
    assert_eq!(scene(&stage, &main("look", 1)).stdout, "late rows\n");
    let stop = main("stop", 1);
    takes(&mut stage, &[started(&stop), ended(&stop, Ended::Exit { code: 0 })]);
    let seen = scene(&stage, &main("look", 2));
    assert_eq!((seen.stdout.as_str(), seen.exit), ("ok\n", 0));
}

#[test]
fn a_lost_command_has_happened_and_one_that_was_cut_short_has_not() {
    let stop = main("stop", 1);
    for (end, writers) in [
        (lost(&stop), "stopped"),
        (ended(&stop, Ended::Exit { code: 1 }), "stopped"),
        (ended(&stop, Ended::Interrupted), "running"),
        (ended(&stop, Ended::Timeout), "running"),
        (ended(&stop, Ended::Signal { signal: 9 }), "running"),
        (ended(&stop, Ended::NeverReleased), "running"),
    ] {
        let mut stage = stage(STOP);
        takes(&mut stage, &[started(&stop)]);
        assert_eq!(stage.world.state()["writers"], "running", "not before its end");
        takes(&mut stage, std::slice::from_ref(&end));
        assert_eq!(stage.world.state()["writers"], writers, "{end:?}");
    }
}

#[test]
fn what_is_done_by_hand_changes_the_world_too() {
    let mut stage = stage("  freeze: [{set: {writers: frozen}}]\n");
    let (guard, said) = (Guard::Armed, "done".to_owned());
    let (hazard, target) = (Hazard::Change, None);
    takes(&mut stage, &[Event::Ticked { id: main("freeze", 1), hazard, target, guard, said }]);
    assert_eq!(stage.world.state()["writers"], "frozen");
}

#[test]
fn the_first_answer_that_fits_holds_by_attempt_and_state() {
    let stage = stage(
        "  look: [{attempt: 2, output: second}, {when: {copy: [ready, old]}, output: no}, {output: else}]\n",
    );
    let says = |attempt| scene(&stage, &main("look", attempt)).stdout;
    assert_eq!((says(1), says(2), says(3)), ("else\n".into(), "second\n".into(), "else\n".into()));
}

#[test]
fn every_part_of_a_step_has_its_key() {
    let key = |part| keys(&id("s", part, 1).work, Some("account"));
    assert_eq!(key(Part::Main), ["s"]);
    assert_eq!(key(Part::Probe), ["s/probe"]);
    assert_eq!(key(Part::Undo), ["s/undo"]);
    assert_eq!(key(Part::Question(2)), ["s/q2", "s/check"]);
    assert_eq!(key(Part::Fence), ["needs/account"]);
}

#[test]
fn where_only_one_answer_is_possible_none_has_to_be_written() {
    let stage = stage("  copy/probe: []\n");
    assert_eq!(scene(&stage, &main("stop", 1)).exit, 0);
    assert_eq!(scene(&stage, &main("needs/tool-az", 1)).stdout, "az 2.60 (simulated)\n");
    assert_eq!(scene(&stage, &main("needs/tool-sed", 1)).exit, 0);
}

#[test]
fn where_an_answer_would_have_to_be_invented_the_missing_key_is_named() {
    let stage = stage("  copy/probe: [{when: {copy: ready}, output: Ready}]\n");
    let why = |id| cast_with(&stage, &id, None).unwrap_err();
    assert!(why(main("look", 1)).contains("no answer for `look`"));
    assert!(why(main("ready", 1)).contains("no answer for `ready`"));
    let probe = why(id("copy", Part::Probe, 2));
    assert!(probe.contains("copy/probe") && probe.contains("attempt 2, copy: none"), "{probe}");
}

#[test]
fn an_answer_is_told_in_its_own_time_and_the_runbook_gives_what_is_usual() {
    let stage = stage("  stop: [{takes: 15s}]\n  copy: [{trouble: slow}]\n  copy/probe: [{}]\n");
    let story = |id: &AttemptId| scene(&stage, id).story.as_secs();
    assert_eq!(story(&main("stop", 1)), 15);
    assert_eq!(story(&main("copy", 1)), 45 * 60, "slower than the slow day");
    assert_eq!(story(&id("copy", Part::Probe, 1)), 1);
    assert!(scene(&stage, &main("copy", 1)).real < Duration::from_secs(3));
}

#[test]
fn a_story_longer_than_the_time_it_is_given_never_ends_by_itself() {
    let stage = stage("  copy: [{takes: 90m}]\n  stop: [{takes: 59m}]\n");
    let hour = Some(Duration::from_secs(3600));
    let long = cast_with(&stage, &main("copy", 1), hour).unwrap();
    assert!(long.play.hangs(0) && long.timeout.is_some(), "{long:?}");
    assert_eq!(long.play.story(1, Duration::ZERO, Some(&Ended::Timeout)).as_secs(), 3600);
    let short = cast_with(&stage, &main("stop", 1), hour).unwrap();
    assert!(!short.play.hangs(0) && short.timeout.is_none(), "{short:?}");
}

#[test]
fn a_wait_is_polled_until_nothing_new_can_be_said() {
    let stage = stage("  ready: [{polls: [{exit: 3}, {exit: 3}, {output: Ready}]}]\n");
    let cast = cast(&stage, &main("ready", 1));
    let polling = cast.wait.unwrap();
    assert_eq!(polling.borne, [true], "two polls fit into a minute");
    assert!(polling.every * 3 <= Duration::from_secs(3));
    assert!(!cast.play.hangs(6) && cast.play.hangs(7));
    assert_eq!(cast.play.story(3, Duration::ZERO, Some(&Ended::Exit { code: 0 })).as_secs(), 61);
}

#[test]
fn an_exit_that_is_tolerated_for_a_while_is_not_tolerated_for_ever() {
    for polls in ["{exit: 3}", "{exit: 3}, {exit: 3}, {exit: 3}, {output: Ready}"] {
        let stage = stage(&format!("  ready: [{{polls: [{polls}]}}]\n"));
        assert_eq!(cast(&stage, &main("ready", 1)).wait.unwrap().borne, [false], "{polls}");
    }
}

#[test]
fn an_expired_login_fails_in_the_words_of_the_program() {
    let stage = stage("  stop: [{trouble: expired_login}]\n");
    let scene = scene(&stage, &main("stop", 1));
    assert!(scene.stderr.contains("az login") && scene.exit == 1, "{scene:?}");
}

#[test]
fn outputs_come_from_files_too_and_name_what_this_run_calls_things() {
    let stage = stage("  look: [{output_file: rows.txt}]\n  stop: [{output_file: gone.txt}]\n");
    assert_eq!(scene(&stage, &main("look", 1)).stdout, "a db-orders\n");
    let why = cast_with(&stage, &main("stop", 1), None).unwrap_err();
    assert!(why.contains("scenarios/gone.txt"), "{why}");
}

#[test]
fn the_drill_counts_the_story_and_not_the_time_in_which_nobody_was_there() {
    let mut stage = stage(STOP);
    let stop = main("stop", 1);
    let resumed =
        Event::Resumed { face: "line".into(), gap_ns: Some(5_000_000_000), taken_from: None };
    takes(&mut stage, &[started(&stop), ended(&stop, Ended::Exit { code: 0 }), resumed]);
    assert_eq!(stage.world.spent(), (Duration::from_secs(60), Duration::from_secs(6)));
}
