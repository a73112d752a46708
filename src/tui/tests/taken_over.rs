//! A run that goes on for another shows what that one left open wherever it shows its own.

use super::screens::drawn;
use super::stage::Stage;
use super::world::World;
use crate::engine::command::Command;
use crate::engine::event::{Guard, Mode, Part, Work};
use crate::engine::left_open::LeftOpen;
use crate::runbook::model::StepId;
use crate::tui::key::Key;
use crate::tui::look::{Look, Theme};

const BOOK: &str = "format: 1
name: next
title: What comes next
system: Test
version: '1'
summary: Looks.
environment: required
phases:
  - title: Look
    steps:
      - {id: look, title: Look at it, hazard: read, manual: Look at it.}
";

fn stage() -> Stage {
    let open = LeftOpen {
        run: "20261121T031200Z-first-2XC4".into(),
        step: StepId::new("pause"),
        number: "2.1".into(),
        title: "Pause the pipeline".into(),
        target: Some("ci-main".into()),
        undo: Some("Let it run again".into()),
        no_undo: None,
    };
    Stage::over(World::taking_over(BOOK, vec![open]), (120, 36))
}

fn text(stage: &Stage) -> String {
    drawn(stage, Look { theme: Theme::Mono, ascii: false })
}

#[test]
fn a_change_that_was_taken_over_is_counted_listed_and_stays_until_a_person_settles_it() {
    let mut stage = stage();
    assert!(text(&stage).contains("1 open"), "{}", text(&stage));
    stage.press(Key::Char('a'));
    stage.chooses("Undo an open change");
    let listed = text(&stage);
    for said in ["2.1 Pause the pipeline on ci-main, of run 2XC4", "by hand: Let it run again"] {
        assert!(listed.contains(said), "{listed}");
    }
    stage.keys(&[Key::Esc, Key::Esc]);
    ends_as_left_open(stage.clone());
    stage.press(Key::Char('a'));
    stage.chooses("Undo an open change");
    stage.chooses("Settle 2XC4 2.1");
    stage.types("it runs again, I looked");
    stage.keys(&[Key::Enter, Key::Enter]);
    assert!(text(&stage).contains("0 open"), "{}", text(&stage));
}

fn ends_as_left_open(mut stage: Stage) {
    let work = Work { step: StepId::new("look"), part: Part::Main };
    let tick = Command::Tick { work, guard: Guard::None, said: "seen".into() };
    stage.world.tries(&tick).unwrap();
    let end = text(&stage);
    assert!(end.contains("OPEN") && end.contains("of run 2XC4"), "{end}");
    assert!(!end.contains("no change is open"), "{end}");
}

#[test]
fn a_runbook_that_is_not_there_is_said_before_the_outcome_that_leads_there_is_chosen() {
    let steps = "      - id: which
        title: Which way
        decide: {outcomes: {away: {title: Away, go: hub/none}, stay: {title: Stay}}}
";
    let (head, _) = BOOK.split_once("      - {id: look").unwrap();
    let mut world = World::of(&format!("{head}{steps}"), Mode::Live, "PROD");
    world.gone = true;
    let screen = text(&Stage::over(world, (120, 36)));
    assert!(screen.contains("BUT there is no runbook"), "{screen}");
}
