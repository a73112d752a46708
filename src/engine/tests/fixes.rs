//! Fixes: steps that are in force only when they are chosen after a failure.

use super::*;
use crate::engine::choices;
use crate::engine::next::Next;

fn failing() -> Play {
    let known = ", repeat: safe, failures: [{match: Quota, means: Full., fix: raise}, {match: Lock, means: Held., fix: free}]";
    let fixes = "fixes:\n  - {id: raise, title: Raise, what: It., hazard: change, target: quota, run: 'true', no_undo: Stays., \
                 failures: [{match: Lock, means: Held., fix: free}]}\n  \
                 - {id: free, title: Free, hazard: read, run: 'true'}\n  \
                 - {id: other, title: Other, hazard: read, run: 'true'}\n";
    let mut play =
        Play::of(&format!("{}{fixes}", one_phase(&[change_step("a", known), read_step("b")])));
    play.runs(&main("a"), failed());
    play
}

fn fix(step: &str, fix: &str) -> Command {
    Command::Fix { step: id(step), fix: id(fix) }
}

#[test]
fn a_fix_that_was_not_chosen_is_not_in_force_and_not_counted() {
    let play = failing();
    assert!(matches!(
        play.refuses(&play.start_command(&main("raise"))),
        Refusal::NotInForce { .. }
    ));
    assert_eq!(play.run.outline().in_force, 2);
    assert!(play.run.outline().rows.iter().all(|row| row.id != id("raise")));
}

#[test]
fn a_chosen_fix_comes_right_before_the_failed_step_under_its_own_guard() {
    let mut play = failing();
    play.does(&fix("a", "raise"));
    assert_eq!(play.current(), "raise");
    let retry = play.refuses(&play.start_command(&main("a")));
    assert_eq!(retry, Refusal::Earlier { step: id("a"), earlier: id("raise"), state: "todo" });
    assert_eq!(play.run.guard_needed(&main("raise")), Some(GuardNeeded::Armed));
    play.runs(&main("raise"), passed());
    assert_eq!(play.current(), "a");
    play.runs(&main("a"), passed());
    assert_eq!(play.current(), "b");
}

#[test]
fn a_fix_is_chosen_after_a_failure_and_only_one_that_is_written_for_the_step() {
    let mut play = failing();
    assert!(matches!(play.refuses(&fix("a", "other")), Refusal::Unknown { .. }));
    assert!(matches!(play.refuses(&fix("a", "nowhere")), Refusal::Unknown { .. }));
    play.runs(&main("a"), passed());
    assert!(matches!(play.refuses(&fix("a", "raise")), Refusal::Already { .. }));
}

#[test]
fn the_fix_of_the_failure_that_was_seen_comes_before_the_first_one_written() {
    let mut play = failing();
    let likely = |play: &Play| {
        let step = play.run.plan().step(&id("a")).unwrap();
        choices::likely_fix(&play.run, step).map(|(fix, matched)| (fix.clone(), matched))
    };
    assert_eq!(likely(&play), Some((id("raise"), false)), "nothing known was seen");
    play.runs(&main("a"), Outcome { failures: vec![1], ..failed() });
    assert_eq!(likely(&play), Some((id("free"), true)));
}

#[test]
fn a_fix_that_is_done_says_so_until_the_step_fails_again() {
    let mut play = failing();
    let notes = |play: &Play| match play.run.outline().next {
        Next::Failed { choices, .. } => [choices[0].note.clone(), choices[1].note.clone()],
        other => panic!("{other:?}"),
    };
    assert_eq!(notes(&play), ["written for another failure", "safe to repeat"]);
    play.does(&fix("a", "raise"));
    play.runs(&main("raise"), passed());
    assert_eq!(notes(&play), ["done; start the step again", "the fix is done; this comes next"]);
    play.runs(&main("a"), failed());
    assert_eq!(notes(&play), ["written for another failure", "safe to repeat"]);
}

#[test]
fn a_fix_may_fail_and_have_a_fix_of_its_own() {
    let mut play = failing();
    play.does(&fix("a", "raise"));
    play.runs(&main("raise"), failed());
    play.does(&fix("raise", "free"));
    assert_eq!(play.current(), "free");
    play.runs(&main("free"), passed());
    assert_eq!(play.current(), "raise");
}

#[test]
fn a_fix_under_way_is_not_taken_away_for_another_step() {
    let mut play = failing();
    play.does(&fix("a", "raise"));
    play.runs(&main("raise"), failed());
    let refusal = play.refuses(&fix("a", "free"));
    assert!(
        matches!(refusal, Refusal::Earlier { .. }),
        "the fix that was chosen is finished first"
    );
}

#[test]
fn a_fix_that_did_not_help_may_be_chosen_again_as_a_new_attempt() {
    let mut play = failing();
    play.does(&fix("a", "free"));
    play.runs(&main("free"), passed());
    play.runs(&main("a"), failed());
    play.does(&fix("a", "free"));
    assert_eq!(play.current(), "free");
    assert_eq!(play.runs(&main("free"), passed()).attempt, 2);
}
