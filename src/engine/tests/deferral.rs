//! Putting a step off: only where the runbook offers it, without a deviation, and due at a time.

use super::*;
use crate::engine::deferral::{deferred, offer};
use crate::engine::event::ClosedAs;
use chrono::{DateTime, Utc};

fn now() -> DateTime<Utc> {
    "2026-11-21T04:44:10Z".parse().unwrap()
}

fn drop_step(more: &str) -> String {
    format!(
        "      - {{id: drop, title: Drop it, what: It., hazard: irreversible, target: db-old, run: 'true', \
         loses: All of it., no_undo: It is gone.{more}}}\n"
    )
}

const WEEK: &str = ", defer: {for: 7d, why: At night nothing of this is urgent.}";

fn defer(step: &str, reason: &str) -> Command {
    Command::Defer { step: id(step), due: "2026-11-28T04:44:10Z".into(), reason: reason.into() }
}

#[test]
fn a_step_that_may_wait_says_until_when_and_why() {
    let play = Play::of(&one_phase(&[drop_step(WEEK)]));
    let offer = offer(&play.run, now()).unwrap();
    assert_eq!((offer.due.as_str(), offer.when()), ("2026-11-28T04:44:10Z", "2026-11-28"));
    assert_eq!(offer.why, "At night nothing of this is urgent.");
    assert!(offer.first, "what cannot be undone waits, unless somebody knows more");
}

#[test]
fn a_deferred_step_is_settled_without_a_deviation_and_the_run_closes_as_done() {
    let mut play = Play::of(&one_phase(&[read_step("a"), drop_step(WEEK), read_step("z")]));
    play.runs(&main("a"), passed());
    play.does(&defer("drop", "night"));
    assert_eq!((play.word("drop"), play.current().as_str()), ("deferred", "z"));
    play.runs(&main("z"), passed());
    play.does(&Command::Close);
    let closed = play.run.closed().unwrap();
    assert_eq!((closed.as_, closed.reason.as_str()), (ClosedAs::Done, "1 step deferred"));
    assert!(play.run.deviations().is_empty() && play.run.open_changes().is_empty());
    let due = deferred(&play.run);
    assert_eq!((due[0].step.as_str(), due[0].due.as_str()), ("drop", "2026-11-28T04:44:10Z"));
    assert_eq!(due[0].reason, "night");
}

#[test]
fn a_step_is_put_off_only_where_its_runbook_offers_it_and_with_a_reason() {
    let play = Play::of(&one_phase(&[drop_step("")]));
    assert_eq!(offer(&play.run, now()), None);
    assert!(matches!(play.refuses(&defer("drop", "night")), Refusal::Kind { .. }));
    let play = Play::of(&one_phase(&[drop_step(WEEK)]));
    assert_eq!(play.refuses(&defer("drop", " ")), Refusal::Reason);
    let someday = Command::Defer { step: id("drop"), due: "someday".into(), reason: "x".into() };
    assert!(matches!(play.refuses(&someday), Refusal::Value { .. }));
}

#[test]
fn what_was_begun_is_settled_and_not_put_off() {
    let mut play = Play::of(&one_phase(&[change_step("a", WEEK), read_step("z")]));
    play.runs(&main("a"), failed());
    assert_eq!(offer(&play.run, now()), None);
    assert!(matches!(play.refuses(&defer("a", "night")), Refusal::Already { .. }));
}

#[test]
fn a_step_whose_value_is_needed_later_cannot_wait() {
    let made = change_step("a", &format!("{WEEK}, capture: {{made: {{text: '.+', type: name}}}}"));
    let used = "      - {id: z, title: Z, hazard: read, run: 'look {{ made }}'}\n".to_owned();
    let play = Play::of(&one_phase(&[made, used]));
    let needed = Refusal::Needed { step: id("a"), by: vec!["1.2 z needs made".into()] };
    assert_eq!(play.refuses(&defer("a", "night")), needed);
    assert_eq!(offer(&play.run, now()).unwrap().refused, Some(needed));
}

/// A decision that may wait, a step on its branch, and one after it that is written like this.
fn branching(last: &str) -> Play {
    let pick = "      - id: pick
        title: Which?
        defer: {for: 7d, why: It can wait.}
        decide:
          outcomes: {x: {title: X}, y: {title: Y}}
";
    let branch = "      - {id: mend, title: Mend it, hazard: read, run: 'true', when: {pick: x}}\n"
        .to_owned();
    Play::of(&one_phase(&[pick.to_owned(), branch, last.to_owned()]))
}

#[test]
fn a_decision_that_may_wait_says_before_which_steps_fall_away_with_it() {
    let mut play = branching(&read_step("z"));
    let offer = offer(&play.run, now()).unwrap();
    assert_eq!((offer.falls.as_slice(), &offer.refused), (&["1.2 Mend it".to_owned()][..], &None));
    assert!(offer.costs().unwrap().contains("left out of this run: 1.2 Mend it"));
    play.does(&defer("pick", "night"));
    assert_eq!((play.word("mend"), play.current().as_str()), ("not taken", "z"));
    assert_eq!(play.run.state(&id("mend")), StepState::NotTaken("pick was put off".into()));
}

#[test]
fn a_decision_that_a_step_off_its_branches_needs_cannot_wait() {
    let play = branching("      - {id: z, title: Z, hazard: read, run: 'look {{ pick }}'}\n");
    let needed = Refusal::Needed { step: id("pick"), by: vec!["1.3 z needs pick".into()] };
    assert_eq!(play.refuses(&defer("pick", "night")), needed);
}

#[test]
fn a_step_that_was_put_off_is_taken_up_again_with_its_branch_and_nothing_of_it_starts() {
    let mut play = branching(&read_step("z"));
    play.does(&defer("pick", "night"));
    play.runs(&main("z"), passed());
    let take_up = |step: &str| Command::TakeUp { step: id(step) };
    assert!(matches!(play.refuses(&take_up("z")), Refusal::NotPutOff { .. }));
    play.does(&take_up("pick"));
    assert_eq!(
        (play.word("pick"), play.word("mend"), play.word("z")),
        ("todo", "todo", "verified")
    );
    assert_eq!((play.current().as_str(), deferred(&play.run).len()), ("pick", 0));
    assert!(play.run.owed().is_empty() && play.run.deviations().is_empty());
    play.decides("pick", "x");
    assert_eq!(play.current().as_str(), "mend");
}

#[test]
fn nothing_is_taken_up_while_an_outcome_is_unknown() {
    let mut play = Play::of(&one_phase(&[drop_step(WEEK), change_step("a", "")]));
    play.does(&defer("drop", "night"));
    play.runs(&main("a"), ended(Ended::Interrupted));
    let taken_up = Command::TakeUp { step: id("drop") };
    assert!(matches!(play.refuses(&taken_up), Refusal::UnknownOutcome { .. }));
}

#[test]
fn what_is_due_within_a_day_is_said_with_its_time() {
    let due = |span: &str| {
        let more = format!(", defer: {{for: {span}, why: At night nothing of this is urgent.}}");
        let play = Play::of(&one_phase(&[drop_step(&more)]));
        offer(&play.run, now()).unwrap().when().to_owned()
    };
    assert_eq!(due("3h"), "07:44Z");
    assert_eq!(due("20h"), "2026-11-22 00:44Z");
    assert_eq!(due("2d"), "2026-11-23");
}

#[test]
fn a_deferred_step_that_is_opened_again_is_to_do_again() {
    let again = "      - id: enough
        title: Enough?
        decide:
          outcomes: {yes: {title: Go on}, no: {title: Once more, again: drop}}
";
    let mut play = Play::of(&one_phase(&[drop_step(WEEK), again.to_owned()]));
    play.does(&defer("drop", "night"));
    play.decides("enough", "no");
    assert_eq!((play.word("drop"), deferred(&play.run).len()), ("todo", 0));
}
