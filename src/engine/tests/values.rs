//! What is known, and what has to be known.

use super::*;

const ASKS: &str = "      - id: a
        title: A
        hazard: read
        run: look {{ point }}
        ask:
          point: {type: int, ask: Point, help: Which one., min: 1}
          extra: {type: text, ask: Extra, help: More., optional: true}
";

#[test]
fn a_step_waits_for_the_values_it_asks_for() {
    let mut play = Play::of(&one_phase(&[ASKS.to_owned()]));
    let missing = Refusal::Missing { names: vec!["point".into()] };
    assert_eq!(play.refuses(&play.start_command(&main("a"))), missing);
    play.does(&give("a", &[("point", "3")]));
    assert_eq!(play.run.values().get("point").map(String::as_str), Some("3"));
    play.runs(&main("a"), passed());
}

#[test]
fn a_given_value_has_the_type_that_was_asked_for() {
    let play = Play::of(&one_phase(&[ASKS.to_owned()]));
    assert!(matches!(play.refuses(&give("a", &[("point", "three")])), Refusal::Value { .. }));
    assert!(matches!(play.refuses(&give("a", &[("point", "0")])), Refusal::Value { .. }));
    assert!(matches!(play.refuses(&give("a", &[("other", "1")])), Refusal::Unknown { .. }));
    assert!(matches!(play.refuses(&give("a", &[])), Refusal::Missing { .. }));
}

#[test]
fn another_value_may_be_given_after_a_failure_and_not_once_it_is_done() {
    let mut play = Play::of(&one_phase(&[ASKS.to_owned()]));
    play.does(&give("a", &[("point", "3")]));
    play.runs(&main("a"), failed());
    play.does(&give("a", &[("point", "4")]));
    play.runs(&main("a"), passed());
    assert!(matches!(play.refuses(&give("a", &[("point", "5")])), Refusal::Already { .. }));
}

const CAPTURES: &str = "      - id: a
        title: A
        what: It.
        hazard: change
        target: t
        run: 'true'
        no_undo: Stays.
        capture: {host: {text: '.+', type: name}, unused: {text: '.+', type: name}}
        probe: {run: 'true', answers: [{exit: 0, means: done}], capture: {host: {text: '.+', type: name}}}
";

fn using(what: &str) -> Play {
    Play::of(&format!(
        "values: {{url: 'pg-{{{{ host }}}}'}}\n{}",
        one_phase(&[CAPTURES.to_owned(), what.to_owned()])
    ))
}

#[test]
fn a_capture_holds_while_its_step_is_done_and_not_after_a_failed_repetition() {
    let look = "      - {id: a, title: A, hazard: read, run: 'true', capture: {v: {text: '.+', type: name}}}\n";
    let mut play = Play::of(&one_phase(&[look.to_owned()]));
    play.runs(&main("a"), captured(&[("v", "one")]));
    assert_eq!(play.run.values().get("v").map(String::as_str), Some("one"));
    play.runs(&main("a"), captured(&[("v", "two")]));
    assert_eq!(play.run.values().get("v").map(String::as_str), Some("two"));
    play.runs(&main("a"), failed());
    assert_eq!(play.run.values().get("v"), None);
}

#[test]
fn what_a_failed_attempt_captured_is_not_believed() {
    let mut play = using(&read_step("b"));
    let outcome = Outcome { verdicts: vec![verdict(Judged::Failed)], ..captured(&[("host", "h")]) };
    play.runs(&main("a"), outcome);
    assert_eq!(play.run.values().get("host"), None);
}

#[test]
fn derived_values_follow_what_they_are_made_of() {
    let mut play = using(&read_step("b"));
    assert_eq!(play.run.values().get("url"), None);
    play.runs(&main("a"), captured(&[("host", "h"), ("unused", "u")]));
    assert_eq!(play.run.values().get("url").map(String::as_str), Some("pg-h"));
}

#[test]
fn settling_as_done_asks_for_every_capture_that_a_later_step_needs_however_it_is_used() {
    let uses = [
        ("in a command", "{id: b, title: B, hazard: read, run: 'look {{ host }}'}"),
        ("through a derived value", "{id: b, title: B, hazard: read, run: 'look {{ url }}'}"),
        ("by a script", "{id: b, title: B, hazard: read, script: 'look \"$RB_HOST\"'}"),
        ("by a script, derived", "{id: b, title: B, hazard: read, script: 'look \"$RB_URL\"'}"),
        (
            "in an expectation",
            "{id: b, title: B, hazard: read, run: 'true', expect: {text: '.+', equals: '{{ host }}'}}",
        ),
    ];
    for (how, step) in uses {
        let mut play = using(&format!("      - {step}\n"));
        let lost = play.loses(&main("a"));
        let bare = settle(&lost, SettledAs::Done, attested(), None);
        assert_eq!(play.refuses(&bare), Refusal::Missing { names: vec!["host".into()] }, "{how}");
        assert_eq!(play.run.captures_needed(&id("a")), ["host"], "{how}");
    }
}

#[test]
fn a_capture_that_nobody_needs_is_not_asked_for() {
    let other = "      - {id: b, title: B, hazard: read, script: 'look \"$RB_HOST_NAME\"'}\n";
    let mut play = using(other);
    let lost = play.loses(&main("a"));
    play.does(&settle(&lost, SettledAs::Done, attested(), None));
}

#[test]
fn captures_are_filled_by_the_probe_or_typed_and_typed_ones_are_checked() {
    let needs = "      - {id: b, title: B, hazard: read, run: 'look {{ host }}'}\n";
    let mut play = using(needs);
    let lost = play.loses(&main("a"));
    let answered = Outcome { answered: Some(0), ..captured(&[("host", "found"), ("stray", "x")]) };
    let number = play.runs(&part("a", Part::Probe), answered).attempt;
    play.does(&settle(&lost, SettledAs::Done, Proof::Verified, Some((number, Meaning::Done))));
    assert_eq!(play.run.values().get("host").map(String::as_str), Some("found"));
    assert_eq!(play.run.values().get("stray"), None);

    let mut play = using(needs);
    let lost = play.loses(&main("a"));
    let typed = |value: &str| Command::Settle {
        id: lost.clone(),
        as_: SettledAs::Done,
        proof: attested(),
        probe: None,
        captures: BTreeMap::from([("host".into(), value.into())]),
    };
    assert!(matches!(play.refuses(&typed("-rf")), Refusal::Value { .. }));
    play.does(&typed("h1"));
    assert_eq!(play.run.values().get("host").map(String::as_str), Some("h1"));
}

#[test]
fn a_skip_brings_the_captures_that_later_steps_need() {
    let mut play = using("      - {id: b, title: B, hazard: read, run: 'look {{ host }}'}\n");
    assert_eq!(play.refuses(&skip("a")), Refusal::Missing { names: vec!["host".into()] });
    play.does(&Command::Skip {
        step: id("a"),
        reason: "it exists".into(),
        captures: BTreeMap::from([("host".into(), "h1".into())]),
    });
    assert_eq!(play.run.values().get("host").map(String::as_str), Some("h1"));
}

#[test]
fn a_target_that_is_not_known_yet_is_missing_by_name() {
    let step = "      - {id: b, title: B, what: It., hazard: change, target: 'db-{{ host }}', run: 'true', no_undo: No.}\n";
    let mut play = using(step);
    play.runs(&main("a"), captured(&[("unused", "u")]));
    let missing = Refusal::Missing { names: vec!["host".into()] };
    let start = Command::Start {
        work: main("b"),
        guard: Guard::Armed,
        shown: String::new(),
        digest: String::new(),
        target: None,
        override_reason: None,
        edited: None,
    };
    assert_eq!(play.refuses(&start), missing);
}

#[test]
fn a_secret_is_neither_given_nor_among_the_values() {
    let look = "      - {id: a, title: A, hazard: read, run: 'true', capture: {pass: {text: '.+', type: secret}}}\n";
    let mut play = Play::of(&one_phase(&[look.to_owned()]));
    let outcome =
        Outcome { captures: BTreeMap::from([("pass".into(), Captured::Secret)]), ..passed() };
    play.runs(&main("a"), outcome);
    assert_eq!(play.run.values().get("pass"), None);
}
