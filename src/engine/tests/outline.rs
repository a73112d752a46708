//! What a face is told.

use super::*;
use crate::engine::choices::Does;
use crate::engine::next::Next;

fn two() -> Play {
    Play::of(&one_phase(&[change_step("a", PROBE), read_step("b")]))
}

#[test]
fn the_current_step_is_now_or_on_hold() {
    let mut play = two();
    let words =
        |play: &Play| play.run.outline().rows.iter().map(|row| row.word).collect::<Vec<_>>();
    assert_eq!(words(&play), ["now", "todo"]);
    play.does(&Command::Hold { reason: "lunch".into() });
    assert_eq!(words(&play), ["hold", "todo"]);
}

#[test]
fn steps_are_counted_along_the_path_in_force() {
    let mut play = two();
    play.runs(&main("a"), passed());
    let outline = play.run.outline();
    assert_eq!((outline.settled, outline.in_force), (1, 2));
    assert_eq!((outline.phases[0].settled, outline.phases[0].in_force), (1, 2));
}

#[test]
fn the_next_thing_is_always_one_thing() {
    let mut play = two();
    assert!(matches!(play.run.outline().next, Next::Start { guard: GuardNeeded::Armed, .. }));
    let running = play.starts(&main("a"));
    assert_eq!(play.run.outline().next, Next::Watch { id: running.clone(), stopping: false });
    play.does(&Command::Interrupt { id: running.clone() });
    assert_eq!(play.run.outline().next, Next::Watch { id: running.clone(), stopping: true });
    play.ends(&running, ended(Ended::Interrupted));
    assert!(matches!(play.run.outline().next, Next::Unknown { .. }));
    play.does(&settle(&running, SettledAs::Failed, attested(), None));
    assert!(matches!(play.run.outline().next, Next::Failed { .. }));
    play.skips("a");
    play.runs(&main("b"), passed());
    assert_eq!(play.run.outline().next, Next::Close);
}

#[test]
fn after_a_failure_the_same_nine_choices_stand_in_the_same_order() {
    let mut play = two();
    play.runs(&main("a"), failed());
    let Next::Failed { choices, .. } = play.run.outline().next else { panic!("it failed") };
    let does: Vec<_> = choices.iter().map(|choice| choice.does.clone()).collect();
    assert_eq!(
        does,
        [
            Does::Fix(None),
            Does::Retry,
            Does::Edit,
            Does::Check,
            Does::Elsewhere,
            Does::Undo,
            Does::Skip,
            Does::Hold,
            Does::Stop
        ]
    );
    assert!(choices[0].refused.is_some(), "an impossible one stays, with the reason");
}

#[test]
fn an_unknown_outcome_has_seven_choices_and_offers_what_the_probe_said() {
    let mut play = two();
    play.loses(&main("a"));
    play.probes("a", 0);
    let Next::Unknown { choices, .. } = play.run.outline().next else { panic!("it is unknown") };
    assert_eq!(choices.len(), 7);
    assert_eq!(choices[1].note, "the probe says so");
    assert_eq!(choices[3].note, "say how you know");
}

#[test]
fn a_title_shows_what_is_known_and_names_what_is_not() {
    let step =
        "      - {id: b, title: 'Look at {{ host }}', hazard: read, run: 'true'}\n".to_owned();
    let look = "      - {id: a, title: A, hazard: read, run: 'true', capture: {host: {text: '.+', type: host}}}\n".to_owned();
    let mut play = Play::of(&one_phase(&[look, step]));
    assert_eq!(play.run.outline().rows[1].title, "Look at ‹host›");
    play.runs(&main("a"), captured(&[("host", "db1")]));
    assert_eq!(play.run.outline().rows[1].title, "Look at db1");
}

#[test]
fn numbers_are_those_of_the_plan_and_never_move() {
    let text = format!(
        "needs: {{statements: [I lead.]}}\nphases:\n  - title: P\n    steps:\n{}  - title: Q\n    steps:\n{}",
        read_step("a"),
        read_step("b")
    );
    let play = Play::of(&text);
    let numbers: Vec<_> = play.run.outline().rows.iter().map(|row| row.number.clone()).collect();
    assert_eq!(numbers, ["0.1", "1.1", "2.1"]);
}

#[test]
fn a_path_not_taken_stays_where_it_is() {
    let choose = "      - id: choose\n        title: W\n        decide:\n          outcomes: {x: {title: X}, y: {title: Y}}\n";
    let on = |id: &str, value: &str| {
        format!(
            "      - {{id: {id}, title: T, hazard: read, run: 'true', when: {{choose: {value}}}}}\n"
        )
    };
    let steps = [choose.to_owned(), on("p", "x"), on("q", "y"), on("r", "x"), read_step("z")];
    let mut play = Play::of(&one_phase(&steps));
    play.decides("choose", "y");
    let outline = play.run.outline();
    let rows: Vec<_> = outline.rows.iter().map(|row| (row.id.as_str(), row.word)).collect();
    let expected = [
        ("choose", "decided"),
        ("p", "not taken"),
        ("q", "now"),
        ("r", "not taken"),
        ("z", "todo"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(outline.rows[1].conditions, ["choose = x"]);
}

#[test]
fn consequences_are_asked_for_before_the_end() {
    let mut play = Play::of(&one_phase(&[change_step("a", ", raises: {note: Alerts are off}")]));
    play.runs(&main("a"), passed());
    assert_eq!(play.run.outline().next, Next::Clear { steps: vec![id("a")] });
}
