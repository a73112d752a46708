//! Conditions: which path is in force, and when that is decided.

use super::*;

const CHOICE: &str = "      - id: choose\n        title: Which?\n        decide:\n          outcomes: {cut: {title: Cut}, keep: {title: Keep}}\n";

fn on(id: &str, when: &str) -> String {
    format!("      - {{id: {id}, title: Do {id}, hazard: read, run: 'true', when: {{{when}}}}}\n")
}

fn branching() -> Play {
    let steps =
        [CHOICE.to_owned(), on("c", "choose: cut"), on("k", "choose: keep"), read_step("z")];
    Play::of(&one_phase(&steps))
}

fn not_applicable(facts: &[Event]) -> Vec<&str> {
    let mut steps = Vec::new();
    for fact in facts {
        if let Event::NotApplicable { step, .. } = fact {
            steps.push(step.as_str());
        }
    }
    steps
}

#[test]
fn a_decision_and_the_path_that_is_not_taken_are_one_record() {
    let mut play = branching();
    let facts = play.decides("choose", "cut");
    assert!(matches!(facts[0], Event::Decided { .. }));
    assert_eq!(not_applicable(&facts), ["k"]);
    assert_eq!(play.state("k"), StepState::NotTaken("choose is cut, not keep".into()));
    play.runs(&main("c"), passed());
    assert_eq!(play.current(), "z");
}

#[test]
fn until_it_is_decided_a_conditional_step_counts_as_in_force() {
    let mut play = branching();
    assert_eq!(play.run.outline().in_force, 4);
    play.decides("choose", "keep");
    assert_eq!(play.run.outline().in_force, 3);
}

#[test]
fn a_step_on_the_path_not_taken_is_refused_with_the_reason() {
    let mut play = branching();
    play.decides("choose", "cut");
    let refusal = play.refuses(&play.start_command(&main("k")));
    assert_eq!(
        refusal,
        Refusal::NotInForce { step: id("k"), reason: "choose is cut, not keep".into() }
    );
}

#[test]
fn a_condition_on_a_parameter_is_decided_when_the_run_opens() {
    let params = "params:\n  dry: {type: bool, ask: Dry run, help: Only look., default: 'false'}\n";
    let steps = one_phase(&[on("a", "dry: 'true'"), read_step("b")]);
    let play = Play::with(&format!("{params}{steps}"), Mode::Live, &[("dry", "false")]);
    assert_eq!(not_applicable(&play.facts), ["a"]);
    assert_eq!(play.current(), "b");
}

#[test]
fn a_condition_on_a_captured_value_is_decided_with_the_end_that_captured_it() {
    let look = "      - {id: look, title: L, hazard: read, run: 'true', capture: {ready: {exit: 0, type: bool}}}\n";
    let steps = [look.to_owned(), on("a", "ready: 'true'"), on("b", "ready: 'false'")];
    let mut play = Play::of(&one_phase(&steps));
    let id = play.starts(&main("look"));
    let facts = play.ends(&id, captured(&[("ready", "false")]));
    assert!(matches!(facts[0], Event::AttemptEnded { .. }));
    assert_eq!(not_applicable(&facts), ["a"]);
    assert_eq!(play.current(), "b");
}

#[test]
fn a_captured_value_that_comes_out_differently_opens_the_other_path() {
    let look = "      - {id: look, title: L, hazard: read, run: 'true', capture: {ready: {exit: 0, type: bool}}}\n";
    let mut play = Play::of(&one_phase(&[look.to_owned(), on("a", "ready: 'true'")]));
    play.runs(&main("look"), captured(&[("ready", "false")]));
    assert_eq!(play.word("a"), "not taken");
    play.runs(&main("look"), captured(&[("ready", "true")]));
    assert_eq!((play.word("a"), play.current().as_str()), ("todo", "a"));
}

#[test]
fn a_condition_on_a_given_value_is_decided_with_the_giving() {
    let say = "      - id: say\n        title: S\n        hazard: read\n        manual: So.\n        ask: {big: {type: bool, ask: Big?, help: Is it big?}}\n";
    let mut play = Play::of(&one_phase(&[say.to_owned(), on("a", "big: {not: 'true'}")]));
    let facts = play.does(&give("say", &[("big", "true")]));
    assert_eq!(not_applicable(&facts), ["a"]);
}

#[test]
fn a_branch_on_a_decision_that_is_itself_not_taken_is_not_taken() {
    let second = "      - id: second\n        title: And?\n        when: {choose: cut}\n        decide:\n          outcomes: {x: {title: X}, y: {title: Y}}\n";
    let steps =
        [CHOICE.to_owned(), second.to_owned(), on("a", "second: x"), on("b", "second: {not: x}")];
    let mut play = Play::of(&one_phase(&steps));
    let facts = play.decides("choose", "keep");
    assert_eq!(not_applicable(&facts), ["second", "a", "b"]);
}

#[test]
fn all_conditions_of_a_phase_and_its_step_must_hold() {
    let text = format!(
        "phases:\n  - title: P\n    steps:\n{CHOICE}  - title: Q\n    when: {{choose: cut}}\n    steps:\n{}{}",
        read_step("a"),
        on("b", "choose: [keep, cut]")
    );
    let mut play = Play::of(&text);
    let facts = play.decides("choose", "keep");
    assert_eq!(not_applicable(&facts), ["a", "b"]);
}
