//! Ladders and decisions, and where they lead.

use super::*;
use crate::engine::event::ClosedAs;
use crate::engine::next::Next;

const LADDER: &str = "      - id: choose
        title: Which?
        decide:
          outcomes: {cut: {title: Cut}, keep: {title: Keep}}
          unsure: keep
          because: It is safer.
          ladder:
            - {ask: Old one dead?, yes: cut, no: next, unsure: next, check: {run: 'true', suggests: [{exit: 0, answer: yes}, {exit: 1, answer: no}]}}
            - {ask: New one good?, yes: cut, no: keep, unsure: next}
";

fn ladder() -> Play {
    Play::of(&one_phase(&[LADDER.to_owned(), read_step("z")]))
}

fn plain(outcomes: &str) -> Play {
    let step = format!(
        "      - id: choose\n        title: W\n        decide:\n          outcomes: {{{outcomes}}}\n"
    );
    Play::of(&one_phase(&[change_step("a", ""), step, read_step("z")]))
}

#[test]
fn questions_are_answered_in_order_and_the_first_that_decides_ends_the_ladder() {
    let mut play = ladder();
    let wrong = Refusal::Question { step: id("choose"), asked: 2, current: 1 };
    assert_eq!(play.refuses(&answer("choose", 2, Answer::Yes, "seen")), wrong);
    play.does(&answer("choose", 1, Answer::Yes, "it does not answer"));
    let over = play.refuses(&answer("choose", 2, Answer::Yes, "seen"));
    assert!(matches!(over, Refusal::Already { .. }));
    let Next::Decide { expected, .. } = play.run.outline().next else { panic!("to decide") };
    assert_eq!(expected.as_deref(), Some("cut"));
}

#[test]
fn a_ladder_is_answered_before_it_is_decided() {
    let mut play = ladder();
    let early = Refusal::Ladder { step: id("choose"), current: 1 };
    assert_eq!(play.refuses(&decide("choose", "cut", "I know it")), early);
    play.does(&answer("choose", 1, Answer::No, "it answers"));
    let early = Refusal::Ladder { step: id("choose"), current: 2 };
    assert_eq!(play.refuses(&decide("choose", "cut", "I know it")), early);
}

#[test]
fn an_answer_needs_evidence_a_check_that_says_so_or_a_line_of_text() {
    let mut play = ladder();
    assert_eq!(play.refuses(&answer("choose", 1, Answer::Yes, "")), Refusal::Reason);
    let check = part("choose", Part::Question(1));
    play.runs(&check, Outcome { answered: Some(0), ..ended(Ended::Exit { code: 0 }) });
    assert_eq!(
        play.refuses(&answer("choose", 1, Answer::No, "")),
        Refusal::Reason,
        "not what it says"
    );
    let facts = play.does(&answer("choose", 1, Answer::Yes, ""));
    assert!(matches!(&facts[0], Event::Answered { suggested: Some(Answer::Yes), .. }));
}

#[test]
fn following_the_ladder_is_no_deviation_and_choosing_against_it_is_one_and_needs_a_reason() {
    let mut play = ladder();
    play.does(&answer("choose", 1, Answer::Yes, "dead"));
    assert_eq!(play.refuses(&decide("choose", "keep", "")), Refusal::Reason);
    play.does(&decide("choose", "keep", "the owner wants it"));
    assert_eq!(play.run.deviations().len(), 1);
    let mut play = ladder();
    play.does(&answer("choose", 1, Answer::Yes, "dead"));
    play.decides("choose", "cut");
    assert!(play.run.deviations().is_empty());
}

#[test]
fn a_ladder_that_leads_nowhere_comes_to_the_outcome_for_those_who_cannot_tell() {
    let mut play = ladder();
    play.does(&answer("choose", 1, Answer::Unsure, "no access"));
    play.does(&answer("choose", 2, Answer::Unsure, "no access"));
    play.decides("choose", "keep");
    assert!(play.run.deviations().is_empty());
}

#[test]
fn a_suggestion_is_offered_never_applied() {
    let step = "      - id: choose\n        title: W\n        decide:\n          outcomes: {x: {title: X}, y: {title: Y}}\n          \
                suggests: [{when: {dry: 'true'}, outcome: x}, {when: {dry: 'false'}, outcome: y}]\n";
    let params = "params:\n  dry: {type: bool, ask: Dry run, help: Only look.}\n";
    let text = format!("{params}{}", one_phase(&[step.to_owned()]));
    let mut play = Play::with(&text, Mode::Live, &[("dry", "false")]);
    assert_eq!(play.word("choose"), "todo");
    assert_eq!(play.refuses(&decide("choose", "x", "")), Refusal::Reason);
    play.decides("choose", "y");
    assert!(play.run.deviations().is_empty());
}

#[test]
fn an_outcome_that_is_not_written_is_refused() {
    let mut play = plain("x: {title: X}, y: {title: Y}");
    play.runs(&main("a"), passed());
    let refusal = play.refuses(&decide("choose", "z", ""));
    assert_eq!(refusal, Refusal::Unknown { what: "outcome", name: "z".into() });
}

#[test]
fn a_decision_is_made_once() {
    let mut play = plain("x: {title: X}, y: {title: Y}");
    play.runs(&main("a"), passed());
    play.decides("choose", "x");
    assert!(matches!(play.refuses(&decide("choose", "y", "sorry")), Refusal::Already { .. }));
}

#[test]
fn a_decision_is_not_skipped() {
    let mut play = plain("x: {title: X}, y: {title: Y}");
    play.runs(&main("a"), passed());
    assert!(matches!(play.refuses(&skip("choose")), Refusal::Kind { .. }));
}

#[test]
fn an_outcome_that_goes_elsewhere_closes_the_run_as_continued_and_lists_what_is_open() {
    let mut play = plain("x: {title: X}, y: {title: Y, go: other-book}");
    play.runs(&main("a"), passed());
    let facts = play.decides("choose", "y");
    let Event::RunClosed { as_, open_changes, continued_in, .. } = &facts[1] else {
        panic!("it closes in the same record")
    };
    assert_eq!((*as_, continued_in.as_deref()), (ClosedAs::ContinuedIn, Some("other-book")));
    assert_eq!(*open_changes, [id("a")]);
    assert_eq!(play.refuses(&skip("z")), Refusal::Closed);
}

#[test]
fn an_outcome_that_stops_closes_the_run_as_it_says() {
    for (word, as_) in [("failed", ClosedAs::Failed), ("handed_over", ClosedAs::HandedOver)] {
        let mut play = plain(&format!("x: {{title: X}}, y: {{title: Y, stop: {word}}}"));
        play.runs(&main("a"), passed());
        play.decides("choose", "y");
        assert_eq!(play.run.closed().map(|closed| closed.as_), Some(as_));
    }
}

const AROUND: &str = "      - id: enough
        title: Enough?
        decide:
          outcomes: {yes: {title: Go on}, no: {title: Once more, again: pick}}
";

fn around() -> Play {
    let pick = "      - id: pick\n        title: P\n        decide:\n          outcomes: {x: {title: X}, y: {title: Y}}\n";
    let on = |id: &str, value: &str| {
        change_step(
            id,
            &format!(
                ", when: {{pick: {value}}}, capture: {{{id}_out: {{text: '.+', type: name}}}}"
            ),
        )
    };
    let steps = [
        read_step("before"),
        pick.to_owned(),
        on("on_x", "x"),
        on("on_y", "y"),
        AROUND.to_owned(),
        read_step("z"),
    ];
    let text = one_phase(&steps)
        .replace("on_x", "on-x")
        .replace("on_y", "on-y")
        .replace("-x_out", "_x_out")
        .replace("-y_out", "_y_out");
    Play::of(&text)
}

fn once_around(play: &mut Play) -> Vec<Event> {
    play.runs(&main("before"), passed());
    play.decides("pick", "x");
    play.runs(&main("on-x"), captured(&[("on_x_out", "v1")]));
    play.decides("enough", "no")
}

#[test]
fn once_more_opens_that_step_and_the_later_ones_again_in_the_same_record() {
    let mut play = around();
    let facts = once_around(&mut play);
    let reopened: Vec<_> =
        facts.iter().filter(|fact| matches!(fact, Event::StepsReopened { .. })).collect();
    assert_eq!(
        reopened.len(),
        2,
        "what was done, and the path that is open to choose again: {facts:?}"
    );
    let words = ["before", "pick", "on-x", "on-y", "enough"].map(|step| play.word(step));
    assert_eq!(words, ["verified", "todo", "todo", "todo", "todo"]);
    assert_eq!(play.current(), "pick");
}

#[test]
fn once_more_makes_captures_and_decisions_stale_and_leaves_changes_open() {
    let mut play = around();
    once_around(&mut play);
    let values = play.run.values();
    assert!(!values.contains_key("on_x_out") && !values.contains_key("pick"));
    assert_eq!(play.run.open_changes(), [id("on-x")]);
}

#[test]
fn once_more_the_other_path_may_be_taken_with_new_attempts_and_the_old_change_undone() {
    let mut play = around();
    once_around(&mut play);
    let facts = play.decides("pick", "y");
    assert!(matches!(&facts[0], Event::Decided { attempt: 2, .. }));
    assert_eq!(play.word("on-x"), "not taken");
    play.runs(&part("on-x", Part::Undo), passed());
    play.runs(&main("on-y"), captured(&[("on_y_out", "v2")]));
    play.decides("enough", "yes");
    assert_eq!(play.run.open_changes(), [id("on-y")]);
    assert_eq!(play.current(), "z");
}

#[test]
fn once_more_the_same_change_is_a_new_attempt_under_its_plain_guard() {
    let mut play = around();
    once_around(&mut play);
    play.decides("pick", "x");
    assert_eq!(play.run.guard_needed(&main("on-x")), Some(GuardNeeded::Armed));
    assert_eq!(play.runs(&main("on-x"), captured(&[("on_x_out", "v2")])).attempt, 2);
}
