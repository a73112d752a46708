//! What a person must have done before work of a hazard may start.

use super::*;

fn of_hazard(hazard: &str) -> Play {
    Play::of(&one_phase(&[step_of(hazard)]))
}

fn step_of(hazard: &str) -> String {
    format!(
        "      - {{id: a, title: A, what: It., hazard: {hazard}, target: db-orders, loses: Rows., run: 'true', \
         no_undo: Gone.{PROBE}}}\n"
    )
}

fn with_guard(play: &Play, guard: Guard) -> Command {
    with(play.start_command(&main("a")), guard, None)
}

fn with(command: Command, passed: Guard, why: Option<&str>) -> Command {
    match command {
        Command::Start { work, shown, digest, target, .. } => Command::Start {
            work,
            guard: passed,
            shown,
            digest,
            target,
            override_reason: why.map(ToOwned::to_owned),
            edited: None,
        },
        other => other,
    }
}

fn typed(text: &str) -> Guard {
    Guard::Typed { text: text.into() }
}

fn witnessed(reason: &str, witness: &str) -> Guard {
    Guard::Witnessed { text: "db-orders".into(), reason: reason.into(), witness: witness.into() }
}

fn words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Guard { needs } => needs,
        other => panic!("refused for another reason: {other}"),
    }
}

#[test]
fn a_read_needs_no_guard() {
    let mut play = Play::of(&one_phase(&[read_step("a")]));
    play.does(&with_guard(&play, Guard::None));
}

#[test]
fn a_change_is_armed() {
    let mut play = of_hazard("change");
    words(play.refuses(&with_guard(&play, Guard::None)));
    play.does(&with_guard(&play, Guard::Armed));
}

#[test]
fn a_destructive_step_has_its_target_typed() {
    let mut play = of_hazard("destructive");
    for less in [Guard::None, Guard::Armed] {
        assert!(words(play.refuses(&with_guard(&play, less))).contains("db-orders"));
    }
    play.does(&with_guard(&play, typed("db-orders")));
}

#[test]
fn a_wrong_name_is_told_apart_from_the_right_one() {
    let play = of_hazard("destructive");
    let refusal = play.refuses(&with_guard(&play, typed("db-order")));
    assert_eq!(words(refusal), "you typed db-order, the target is db-orders");
    words(play.refuses(&with_guard(&play, typed("DB-ORDERS"))));
    words(play.refuses(&with_guard(&play, typed("db-orders "))));
}

#[test]
fn an_irreversible_step_has_a_reason_and_a_witness_who_is_not_the_operator() {
    let mut play = of_hazard("irreversible");
    words(play.refuses(&with_guard(&play, typed("db-orders"))));
    words(play.refuses(&with_guard(&play, witnessed(" ", "lena"))));
    words(play.refuses(&with_guard(&play, witnessed("now", " "))));
    words(play.refuses(&with_guard(&play, witnessed("now", "mara"))));
    words(play.refuses(&with_guard(&play, witnessed("now", " Mara "))));
    play.does(&with_guard(&play, witnessed("now", "lena")));
}

#[test]
fn a_stronger_guard_will_do_if_it_is_true() {
    let mut play = of_hazard("change");
    words(play.refuses(&with_guard(&play, typed("db-other"))));
    play.does(&with_guard(&play, typed("db-orders")));
}

#[test]
fn a_target_that_changed_since_it_was_shown_is_refused() {
    let play = of_hazard("change");
    let Command::Start { work, guard, shown, digest, .. } = play.start_command(&main("a")) else {
        unreachable!("start_command makes a start")
    };
    let target = Some("db-old".into());
    let (override_reason, edited) = (None, None);
    let stale = Command::Start { work, guard, shown, digest, target, override_reason, edited };
    assert_eq!(words(play.refuses(&stale)), "db-old was shown, the target is db-orders now");
}

#[test]
fn a_step_by_hand_passes_the_same_guard_before_its_tick() {
    let by_hand = "      - {id: a, title: A, what: It., hazard: destructive, target: db-orders, loses: Rows., \
                   manual: It is gone., no_undo: Gone.}\n";
    let mut play = Play::of(&one_phase(&[by_hand.to_owned()]));
    let tick = |guard| Command::Tick { work: main("a"), guard, said: "it is gone".into() };
    words(play.refuses(&tick(Guard::None)));
    words(play.refuses(&tick(typed("db-order"))));
    play.does(&tick(typed("db-orders")));
    assert_eq!(play.word("a"), "attested");
}

#[test]
fn a_way_back_has_its_own_hazard_and_its_steps_target_unless_it_names_one() {
    let step = "      - {id: a, title: A, what: It., hazard: change, target: db-orders, run: 'true', \
                undo: {title: Delete it, hazard: destructive, loses: Rows., run: 'true'}}\n";
    let mut play = Play::of(&one_phase(&[step.to_owned()]));
    play.runs(&main("a"), passed());
    let undo = part("a", Part::Undo);
    let needed = play.run.guard_needed(&undo);
    assert_eq!(needed, Some(GuardNeeded::Typed { target: "db-orders".into() }));
    words(play.refuses(&with(play.start_command(&undo), Guard::Armed, None)));
    play.runs(&undo, passed());
}

#[test]
fn starting_again_while_the_outcome_is_unknown_is_typed_whatever_the_hazard_and_needs_a_reason() {
    let mut play = of_hazard("change");
    play.loses(&main("a"));
    let unknown = Refusal::UnknownOutcome { work: main("a") };
    assert_eq!(play.refuses(&with_guard(&play, typed("db-orders"))), unknown);
    let again = |guard, why| with(play.start_command(&main("a")), guard, Some(why));
    words(play.refuses(&again(Guard::Armed, "I watched it die")));
    assert_eq!(play.refuses(&again(typed("db-orders"), " ")), Refusal::Reason);
    let again = again(typed("db-orders"), "I watched it die");
    play.does(&again);
    let deviation = &play.run.deviations()[0];
    assert_eq!((&deviation.step, deviation.reason.as_str()), (&id("a"), "I watched it die"));
}

#[test]
fn starting_an_irreversible_step_against_the_rule_still_needs_its_witness() {
    let mut play = of_hazard("irreversible");
    play.loses(&main("a"));
    let again = |guard| with(play.start_command(&main("a")), guard, Some("I watched it die"));
    words(play.refuses(&again(typed("db-orders"))));
    let again = again(witnessed("now", "lena"));
    play.does(&again);
}

#[test]
fn a_reason_that_was_not_needed_makes_no_deviation() {
    let mut play = of_hazard("change");
    let start = with(play.start_command(&main("a")), Guard::Armed, Some("just in case"));
    play.does(&start);
    assert!(play.run.deviations().is_empty());
}

const FENCE: &str =
    "fence: {title: The right account, run: 'true', expect: {text: '.+', equals: prod}}\n";

#[test]
fn a_live_change_starts_only_after_its_fence_passed_since_the_last_attempt() {
    let mut play =
        Play::of(&format!("{FENCE}{}", one_phase(&[change_step("a", ", repeat: safe")])));
    let start = play.start_command(&main("a"));
    assert!(matches!(play.refuses(&start), Refusal::Fence { .. }), "not checked");
    play.runs(&part("a", Part::Fence), failed());
    assert!(matches!(play.refuses(&start), Refusal::Fence { .. }), "did not pass");
    play.runs(&part("a", Part::Fence), passed());
    play.runs(&main("a"), failed());
    assert!(matches!(play.refuses(&start), Refusal::Fence { .. }), "passed before the attempt");
    play.runs(&part("a", Part::Fence), passed());
    play.runs(&main("a"), passed());
    let undo = play.start_command(&part("a", Part::Undo));
    assert!(matches!(play.refuses(&undo), Refusal::Fence { .. }), "a way back is a change");
    play.runs(&part("a", Part::Fence), passed());
    play.runs(&part("a", Part::Undo), passed());
}

#[test]
fn a_fence_that_fails_after_it_passed_stands_in_the_way() {
    let mut play = Play::of(&format!("{FENCE}{}", one_phase(&[change_step("a", "")])));
    play.runs(&part("a", Part::Fence), passed());
    play.runs(&part("a", Part::Fence), failed());
    assert!(matches!(play.refuses(&play.start_command(&main("a"))), Refusal::Fence { .. }));
}

#[test]
fn a_read_and_a_rehearsal_need_no_fence() {
    let mut play = Play::of(&format!("{FENCE}{}", one_phase(&[read_step("a")])));
    play.runs(&main("a"), passed());
    let text = format!("{FENCE}{}", one_phase(&[change_step("a", "")]));
    let mut play = Play::with(&text, Mode::Rehearsal, &[]);
    play.runs(&main("a"), passed());
}
