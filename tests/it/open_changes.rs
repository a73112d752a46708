//! What still stands open at the end of a run is what a person has to know about, and nothing else.

use rutter::engine::command::Command;
use rutter::engine::event::{Guard, Mode, Opened, Part, Work};
use rutter::engine::plan::Plan;
use rutter::engine::run::Run;
use rutter::runbook::model::StepId;
use rutter::runbook::parse::parse;
use rutter::runbook::place::Source;
use std::collections::BTreeMap;

const RUNBOOK: &str = "
format: 1
name: fences
title: Fences
system: Lab
version: '1'
summary: Shuts a door and opens it.
environment: local
phases:
  - title: Doors
    steps:
      - id: shut
        title: Shut the door
        what: Shuts it.
        hazard: change
        target: door
        manual: The door is shut.
        undo: {title: Open it, hazard: change, manual: The door is open.}
      - id: open
        title: Open the door
        what: Opens it.
        hazard: change
        target: door
        manual: The door is open.
        closes: [shut]
        undo: {title: Shut it, hazard: change, manual: The door is shut.}
      - id: burn
        title: Burn the house down
        what: Burns it.
        hazard: change
        target: house
        manual: It is gone.
        no_undo: There is none.
        closes: [shut, open, burn]
";

fn opened() -> Opened {
    Opened {
        format: 1,
        program: "rutter test".into(),
        run: "test".into(),
        mode: Mode::Live,
        runbook: "lab/fences".into(),
        title: "Fences".into(),
        version: "1".into(),
        origin: "test".into(),
        digest: String::new(),
        pinned: Vec::new(),
        environment: "LOCAL".into(),
        operator: "mara".into(),
        host: "here".into(),
        incident: None,
        incident_start: None,
        params: BTreeMap::new(),
        secrets: BTreeMap::new(),
        builtins: BTreeMap::new(),
        inherited: Vec::new(),
        face: "line".into(),
        continues: None,
        taken_over: Vec::new(),
        scenario: None,
    }
}

fn open(run: &Run) -> Vec<String> {
    run.open_changes().iter().map(ToString::to_string).collect()
}

fn tick(run: &Run, step: &str, part: Part) -> Run {
    let work = Work { step: StepId::new(step), part };
    let tick = Command::Tick { work, guard: Guard::Armed, said: "seen".into() };
    run.after(&run.decide(&tick).unwrap()).unwrap()
}

#[test]
fn a_step_closes_the_changes_it_takes_back_or_makes_permanent() {
    let runbook = parse(&Source::new("fences.yaml", RUNBOOK)).unwrap();
    let run = Run::new(Plan::new(runbook));
    let run = run.after(&run.decide(&Command::Open(Box::new(opened()))).unwrap()).unwrap();

    let run = tick(&run, "shut", Part::Main);
    assert_eq!(open(&run), ["shut"]);
    let run = tick(&run, "open", Part::Main);
    assert_eq!(open(&run), ["open"], "the door is not shut any more");

    let undone = tick(&run, "open", Part::Undo);
    assert_eq!(open(&undone), ["shut"], "it is shut again, by the first step");

    let run = tick(&run, "burn", Part::Main);
    assert_eq!(open(&run), [] as [&str; 0], "nothing is left that anybody could undo");
}
