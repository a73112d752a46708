//! Hold, leave, stop, close.

use super::*;
use crate::engine::event::ClosedAs;
use crate::engine::next::Next;
use crate::runbook::model::StopAs;

fn two() -> Play {
    Play::of(&one_phase(&[change_step("a", PROBE), read_step("b")]))
}

fn stop(reason: &str) -> Command {
    Command::Stop { as_: StopAs::HandedOver, reason: reason.into() }
}

#[test]
fn a_run_closes_when_everything_in_force_is_settled_and_lists_what_is_open() {
    let mut play = two();
    let Refusal::Open { what } = play.refuses(&Command::Close) else { panic!("steps are open") };
    assert_eq!(what.len(), 2);
    play.runs(&main("a"), passed());
    play.skips("b");
    let facts = play.does(&Command::Close);
    assert!(
        matches!(&facts[0], Event::RunClosed { as_: ClosedAs::Done, open_changes, .. } if *open_changes == [id("a")])
    );
}

#[test]
fn a_run_does_not_close_over_an_unknown_outcome_or_a_raised_consequence() {
    let mut play = Play::of(&one_phase(&[change_step("a", ", raises: {note: Alerts are off}")]));
    play.runs(&main("a"), passed());
    assert!(matches!(play.refuses(&Command::Close), Refusal::Open { .. }), "raised");
    play.does(&Command::Clear { step: id("a"), how: "on again".into() });
    let lost = play.loses(&part("a", Part::Undo));
    assert!(matches!(play.refuses(&Command::Close), Refusal::Open { .. }), "unknown");
    play.does(&settle(&lost, SettledAs::Done, attested(), None));
    play.does(&Command::Close);
}

#[test]
fn nothing_happens_in_a_closed_run() {
    let mut play = two();
    play.does(&stop("somebody else goes on"));
    for command in [skip("a"), Command::Close, stop("again"), Command::Hold { reason: "r".into() }]
    {
        assert_eq!(play.refuses(&command), Refusal::Closed);
    }
    assert_eq!(play.run.outline().next, Next::Closed(ClosedAs::HandedOver));
}

#[test]
fn a_run_is_stopped_with_a_reason_and_never_under_a_running_command() {
    let mut play = two();
    assert_eq!(play.refuses(&stop(" ")), Refusal::Reason);
    let id = play.starts(&main("a"));
    assert!(matches!(play.refuses(&stop("enough")), Refusal::Running { .. }));
    play.ends(&id, ended(Ended::Interrupted));
    play.does(&stop("enough"));
    assert_eq!(play.run.closed().map(|closed| closed.open_changes.len()), Some(1));
}

#[test]
fn on_hold_nothing_starts_and_what_runs_goes_on() {
    let mut play = two();
    let running = play.starts(&main("a"));
    assert_eq!(play.refuses(&Command::Hold { reason: String::new() }), Refusal::Reason);
    play.does(&Command::Hold { reason: "lunch".into() });
    assert_eq!(play.run.owed().len(), 1);
    play.ends(&running, passed());
    let start = play.start_command(&main("b"));
    assert!(matches!(play.refuses(&start), Refusal::NotNow(_)));
    assert!(matches!(play.run.outline().next, Next::Held { .. }));
    play.does(&note("still there", None));
    play.does(&Command::Resume { face: "line".into(), gap_ns: None, taken_from: None });
    play.does(&start);
}

#[test]
fn a_face_that_leaves_changes_nothing() {
    let mut play = two();
    play.starts(&main("a"));
    let owed = play.run.owed();
    play.does(&Command::Leave { face: "line".into(), why: "hang-up".into() });
    assert_eq!(play.run.owed(), owed);
}

fn note(text: &str, inbox: Option<&str>) -> Command {
    let inbox = inbox.map(ToOwned::to_owned);
    Command::Note { text: text.into(), kind: "note".into(), inbox, from: None }
}

#[test]
fn a_note_from_the_inbox_is_taken_once() {
    let mut play = two();
    play.does(&note("hello", Some("n1")));
    assert!(matches!(play.refuses(&note("hello", Some("n1"))), Refusal::NotNow(_)));
    play.does(&note("hello", Some("n2")));
    play.does(&note("hello", None));
    play.does(&note("hello", None));
}

#[test]
fn a_run_is_opened_first_and_once() {
    let run = Run::new(plan(&one_phase(&[read_step("a")])));
    assert!(matches!(run.decide(&skip("a")), Err(Refusal::NotNow(_))));
    let play = two();
    let again = Command::Open(Box::new(record_zero(Mode::Live, &[])));
    assert!(matches!(play.refuses(&again), Refusal::NotNow(_)));
}
