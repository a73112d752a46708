//! Facts that cannot be: a journal that holds one was not written by us, or was changed.

use super::*;
use crate::engine::event::ClosedAs;

fn two() -> Play {
    Play::of(&one_phase(&[change_step("a", PROBE), read_step("b")]))
}

fn corrupt(play: &Play, event: &Event) -> String {
    let kind = event.kind();
    let corrupt = play.run.after(std::slice::from_ref(event)).expect_err("this fact cannot be");
    assert_eq!((corrupt.at, corrupt.fact), (play.facts.len() + 1, kind));
    corrupt.why
}

fn intended(work: &Work, number: u32) -> Event {
    Event::AttemptIntended {
        id: attempt(work, number),
        hazard: crate::runbook::model::Hazard::Change,
        target: None,
        shown: String::new(),
        digest: String::new(),
        guard: Guard::Armed,
        override_reason: None,
        edited: None,
    }
}

fn started(number: u32) -> Event {
    Event::AttemptStarted { id: attempt(&main("a"), number), keeper: process(), child: process() }
}

fn over(number: u32, outcome: Outcome) -> Event {
    let id = attempt(&main("a"), number);
    Event::AttemptEnded { id, outcome: Box::new(outcome), recovered: false }
}

fn lost(number: u32) -> Event {
    Event::AttemptLost {
        id: attempt(&main("a"), number),
        reason: "gone".into(),
        last_lines: Vec::new(),
        story_ns: None,
    }
}

#[test]
fn attempt_numbers_count_from_one_without_a_gap() {
    let mut play = two();
    corrupt(&play, &intended(&main("a"), 0));
    corrupt(&play, &intended(&main("a"), 2));
    play.runs(&main("a"), passed());
    corrupt(&play, &intended(&main("a"), 1));
    corrupt(&play, &intended(&main("a"), 3));
}

#[test]
fn nothing_starts_that_was_not_intended_and_nothing_starts_twice() {
    let mut play = two();
    corrupt(&play, &started(1));
    play.starts(&main("a"));
    corrupt(&play, &started(1));
    corrupt(&play, &started(2));
}

#[test]
fn nothing_ends_that_was_not_started_unless_it_provably_never_ran() {
    let mut play = two();
    corrupt(&play, &over(1, passed()));
    play.intends(&main("a"));
    corrupt(&play, &over(1, passed()));
    corrupt(&play, &over(1, ended(Ended::Timeout)));
    corrupt(&play, &lost(1));
    assert!(play.run.after(&[over(1, ended(Ended::NeverReleased))]).is_ok());
    let could_not = ended(Ended::CouldNotStart { reason: "missing".into() });
    assert!(play.run.after(&[over(1, could_not)]).is_ok());
}

#[test]
fn nothing_ends_twice() {
    let mut play = two();
    play.runs(&main("a"), passed());
    for again in [over(1, passed()), over(1, ended(Ended::NeverReleased)), lost(1)] {
        corrupt(&play, &again);
    }
    let stop = Event::StopRequested { id: attempt(&main("a"), 1) };
    corrupt(&play, &stop);
}

#[test]
fn two_tries_at_one_work_never_live_at_the_same_time() {
    let mut play = two();
    play.intends(&main("a"));
    corrupt(&play, &intended(&main("a"), 2));
}

#[test]
fn work_that_the_runbook_does_not_have_cannot_be_intended() {
    let play = two();
    corrupt(&play, &intended(&main("nowhere"), 1));
    corrupt(&play, &intended(&part("b", Part::Undo), 1));
    corrupt(&play, &intended(&part("b", Part::Probe), 1));
    corrupt(&play, &intended(&part("a", Part::Question(1)), 1));
    corrupt(&play, &intended(&part("a", Part::Fence), 1));
}

#[test]
fn only_an_open_attempt_is_settled() {
    let mut play = two();
    let settled = |number| Event::AttemptSettled {
        id: attempt(&main("a"), number),
        as_: SettledAs::Done,
        proof: attested(),
        probe: None,
        captures: BTreeMap::new(),
    };
    corrupt(&play, &settled(1));
    play.starts(&main("a"));
    corrupt(&play, &settled(1));
    play.ends(&attempt(&main("a"), 1), passed());
    corrupt(&play, &settled(1));
}

#[test]
fn the_first_fact_opens_the_run_and_no_other_does() {
    let run = Run::new(plan(&one_phase(&[read_step("a")])));
    let held = Event::Held { reason: "r".into() };
    assert!(run.after(std::slice::from_ref(&held)).is_err());
    let play = two();
    corrupt(&play, &Event::RunOpened(Box::new(record_zero(Mode::Live, &[]))));
}

#[test]
fn after_the_last_word_only_the_writers_own_findings_follow() {
    let mut play = two();
    let closed = Event::RunClosed {
        as_: ClosedAs::Failed,
        reason: String::new(),
        open_changes: Vec::new(),
        continued_in: None,
    };
    let running = play.starts(&main("a"));
    corrupt(&play, &closed);
    play.ends(&running, passed());
    play.run = play.run.after(std::slice::from_ref(&closed)).unwrap();
    play.facts.push(closed);
    corrupt(&play, &Event::Held { reason: "r".into() });
    let torn =
        Event::TailSetAside { offset: 1, length: 1, sha256: String::new(), file: "t".into() };
    assert!(play.run.after(&[torn]).is_ok());
}

#[test]
fn a_fact_about_people_fits_what_they_were_asked() {
    let play = two();
    corrupt(&play, &Event::NotApplicable { step: id("nowhere"), reason: String::new() });
    corrupt(&play, &Event::FixChosen { step: id("a"), fix: id("b") });
    corrupt(&play, &Event::Cleared { step: id("a"), how: String::new() });
    let decided = Event::Decided {
        step: id("a"),
        attempt: 1,
        outcome: "x".into(),
        why: String::new(),
        deviation: false,
    };
    corrupt(&play, &decided);
}

#[test]
fn a_driver_that_reports_an_end_twice_or_too_late_is_refused_not_believed() {
    let mut play = two();
    let first = play.runs(&main("a"), passed());
    let stale = Command::Ended { id: first.clone(), outcome: Box::new(failed()), recovered: false };
    assert!(matches!(play.refuses(&stale), Refusal::Impossible(_)));
    let lost =
        Command::Lost { id: first, reason: "gone".into(), last_lines: Vec::new(), story_ns: None };
    assert!(matches!(play.refuses(&lost), Refusal::Impossible(_)));
}
