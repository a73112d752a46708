//! Whose turn it is.

use super::*;

fn three() -> Play {
    Play::of(&one_phase(&[read_step("a"), read_step("b"), read_step("c")]))
}

#[test]
fn steps_are_done_in_order() {
    let mut play = three();
    let refusal = play.refuses(&play.start_command(&main("b")));
    assert_eq!(refusal, Refusal::Earlier { step: id("b"), earlier: id("a"), state: "todo" });
    play.runs(&main("a"), passed());
    play.runs(&main("b"), passed());
    assert_eq!(play.current(), "c");
}

#[test]
fn a_later_step_waits_while_an_earlier_one_runs() {
    let mut play = three();
    play.starts(&main("a"));
    let refusal = play.refuses(&play.start_command(&main("b")));
    assert_eq!(refusal, Refusal::Earlier { step: id("b"), earlier: id("a"), state: "running" });
}

#[test]
fn a_later_step_waits_while_an_earlier_one_has_failed() {
    let mut play = three();
    play.runs(&main("a"), failed());
    let refusal = play.refuses(&play.start_command(&main("b")));
    assert_eq!(refusal, Refusal::Earlier { step: id("b"), earlier: id("a"), state: "FAILED" });
    assert_eq!(play.current(), "a");
}

#[test]
fn a_step_named_in_meanwhile_may_be_done_while_the_other_runs() {
    let long =
        "      - {id: long, title: L, hazard: read, run: 'true', meanwhile: [b]}\n".to_owned();
    let mut play = Play::of(&one_phase(&[long, read_step("b"), read_step("c")]));
    let refused = play.refuses(&play.start_command(&main("b")));
    assert!(matches!(refused, Refusal::Earlier { .. }), "not before it runs");
    play.starts(&main("long"));
    play.runs(&main("b"), passed());
    assert!(matches!(play.refuses(&play.start_command(&main("c"))), Refusal::Earlier { .. }));
}

#[test]
fn one_work_never_runs_twice_at_the_same_time() {
    let mut play = three();
    let refusal = |play: &Play| play.refuses(&play.start_command(&main("a")));
    play.intends(&main("a"));
    assert_eq!(refusal(&play), Refusal::Running { work: main("a"), attempt: 1 });
    play.does(&Command::Started {
        id: attempt(&main("a"), 1),
        keeper: process(),
        child: process(),
    });
    assert_eq!(refusal(&play), Refusal::Running { work: main("a"), attempt: 1 });
}

#[test]
fn preflight_comes_first_and_its_items_do_not_wait_for_each_other() {
    let needs = "needs:\n  checks:\n    - {id: x, title: X, run: 'true'}\n    - {id: y, title: Y, run: 'true'}\n  \
                 statements: [I lead.]\n";
    let mut play = Play::of(&format!("{needs}{}", one_phase(&[read_step("a")])));
    play.starts(&main("needs/y"));
    play.ticks("needs/say-1");
    assert!(matches!(play.refuses(&play.start_command(&main("a"))), Refusal::Earlier { .. }));
    play.ends(&attempt(&main("needs/y"), 1), passed());
    play.runs(&main("needs/x"), passed());
    play.runs(&main("a"), passed());
}

#[test]
fn a_failed_check_blocks_until_it_passes_or_is_skipped_with_a_reason() {
    let needs = "needs:\n  checks: [{id: x, title: X, run: 'true'}]\n";
    let mut play = Play::of(&format!("{needs}{}", one_phase(&[read_step("a")])));
    play.runs(&main("needs/x"), failed());
    assert!(matches!(play.refuses(&play.start_command(&main("a"))), Refusal::Earlier { .. }));
    play.skips("needs/x");
    assert_eq!(play.run.deviations()[0].step, id("needs/x"));
    play.runs(&main("a"), passed());
}

#[test]
fn a_done_step_that_is_safe_to_repeat_may_be_started_again_as_a_new_attempt() {
    let mut play = three();
    play.runs(&main("a"), passed());
    assert_eq!(play.runs(&main("a"), passed()).attempt, 2);
}

#[test]
fn a_done_change_is_not_started_again() {
    let mut play = Play::of(&one_phase(&[change_step("a", ", repeat: never")]));
    play.runs(&main("a"), passed());
    let refusal = play.refuses(&play.start_command(&main("a")));
    assert_eq!(refusal, Refusal::Already { step: id("a"), state: "verified" });
}

#[test]
fn a_check_of_a_done_step_that_goes_wrong_stops_what_comes_after() {
    let mut play = three();
    play.runs(&main("a"), passed());
    play.runs(&main("a"), failed());
    assert_eq!(play.current(), "a");
    assert!(matches!(play.refuses(&play.start_command(&main("b"))), Refusal::Earlier { .. }));
}

#[test]
fn a_skip_needs_a_reason_and_is_a_deviation() {
    let mut play = three();
    let silent = Command::Skip { step: id("a"), reason: "  ".into(), captures: BTreeMap::new() };
    assert_eq!(play.refuses(&silent), Refusal::Reason);
    assert!(matches!(play.refuses(&skip("b")), Refusal::Earlier { .. }));
    play.skips("a");
    assert_eq!((play.word("a"), play.current().as_str()), ("skipped", "b"));
    assert_eq!(play.run.deviations().len(), 1);
}

#[test]
fn what_is_not_built_yet_is_refused_before_it_can_start() {
    for (flag, words) in
        [("interactive", "interactive commands"), ("background", "background tasks")]
    {
        let step =
            format!("      - {{id: a, title: A, hazard: read, run: 'true', {flag}: true}}\n");
        let play = Play::of(&one_phase(&[step]));
        assert_eq!(play.refuses(&play.start_command(&main("a"))), Refusal::NotYet(words));
    }
}

#[test]
fn a_step_that_is_not_in_the_runbook_is_named_in_the_refusal() {
    let play = three();
    let refusal = play.refuses(&skip("nowhere"));
    assert_eq!(refusal, Refusal::Unknown { what: "step", name: "nowhere".into() });
}

#[test]
fn each_way_of_acting_has_its_own_command() {
    let steps = "      - {id: m, title: M, hazard: read, manual: Done.}\n".to_owned();
    let play = Play::of(&one_phase(&[steps]));
    let start = Command::Start {
        work: main("m"),
        guard: Guard::None,
        shown: String::new(),
        digest: String::new(),
        target: None,
        override_reason: None,
        edited: None,
    };
    assert!(matches!(play.refuses(&start), Refusal::Kind { .. }));
    let play = three();
    assert!(matches!(play.refuses(&play.tick_command(&main("a"))), Refusal::Kind { .. }));
    assert!(matches!(play.refuses(&decide("a", "x", "")), Refusal::Kind { .. }));
}
