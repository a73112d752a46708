//! Choices that one step's output gives to a value that another asks for.

use super::*;
use crate::outcome::no_list;
use crate::runbook::model::Definition;

const STEPS: &str = "      - {id: list, title: L, hazard: read, run: list}
      - id: pick
        title: P
        hazard: read
        run: look {{ backup }}
        ask: {backup: {type: choice, ask: Backup, choices: {from: list, json: '[].name'}}}
";

fn asked(run: &Run) -> Definition {
    let planned = run.plan().step(&id("pick")).unwrap();
    run.asked(&planned.step.ask[0])
}

fn listed() -> Play {
    let mut play = Play::of(&one_phase(&[STEPS.to_owned()]));
    play.runs(&main("list"), captured(&[("backup.choices", r#"["mon","tue","-x"]"#)]));
    play
}

fn choices(run: &Run) -> Vec<String> {
    asked(run).kind.choices.into_iter().map(|choice| choice.value).collect()
}

#[test]
fn a_plan_says_what_is_wanted_of_whose_output() {
    let plan = plan(&one_phase(&[STEPS.to_owned()]));
    assert_eq!(plan.offers(&id("list")), [("backup.choices".to_owned(), "[].name".to_owned())]);
    assert!(plan.offers(&id("pick")).is_empty());
}

#[test]
fn a_value_is_one_of_those_that_the_earlier_step_listed() {
    let mut play = listed();
    assert_eq!(choices(&play.run), ["mon", "tue"], "what could be an option is no choice");
    let refusal = play.refuses(&give("pick", &[("backup", "wed")]));
    assert!(refusal.to_string().contains("one of `mon`, `tue`"), "{refusal}");
    play.does(&give("pick", &[("backup", "tue")]));
    assert_eq!(play.run.values()["backup"], "tue");
}

#[test]
fn a_list_is_no_value_of_its_own() {
    assert!(!listed().run.values().contains_key("backup.choices"));
}

#[test]
fn a_replay_offers_what_the_run_offered() {
    let play = listed();
    let past = Run::new(play.run.plan().clone()).after(&play.facts).unwrap();
    assert_eq!(choices(&past), choices(&play.run));
}

#[test]
fn where_no_list_was_left_the_value_is_typed() {
    let mut play = Play::of(&one_phase(&[STEPS.to_owned()]));
    play.runs(&main("list"), passed());
    assert!(choices(&play.run).is_empty());
    play.does(&give("pick", &[("backup", "wed")]));
    assert_eq!(play.run.values()["backup"], "wed");
}

#[test]
fn why_there_is_nothing_to_choose_from_is_said() {
    let why = |outcome: Outcome| {
        let mut play = Play::of(&one_phase(&[STEPS.to_owned()]));
        play.runs(&main("list"), outcome);
        assert!(choices(&play.run).is_empty());
        let planned = play.run.plan().step(&id("pick")).unwrap();
        play.run.no_list(&planned.step.ask[0]).unwrap()
    };
    let listed = |list: &str| captured(&[("backup.choices", list)]);
    let noted = |why: &str| {
        let mut outcome = passed();
        outcome.notes.push(no_list("backup.choices", why));
        outcome
    };
    for (outcome, said) in [
        (listed("[]"), "cannot be used: it is empty"),
        (listed(r#"["mon",{"a":1}]"#), "it holds something that is no plain value"),
        (listed(r#"["-x"]"#), "nothing in it has the form of this value's type"),
        (noted("5000 bytes long; 4096 is the most"), "5000 bytes long; 4096 is the most"),
        (noted("the output is not JSON"), "the output is not JSON"),
        (passed(), "Step list has left no list, so it is typed."),
    ] {
        let why = why(outcome);
        assert!(why.contains(said) && why.ends_with("it is typed."), "{why}");
    }
    let play = self::listed();
    let planned = play.run.plan().step(&id("pick")).unwrap();
    assert_eq!(play.run.no_list(&planned.step.ask[0]), None);
}
