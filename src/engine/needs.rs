//! Preflight as steps: what must hold before the first step is checked by the same machinery as everything else.

use super::plan::{PlanStep, StepKind};
use crate::runbook::model::{
    Act, Call, Check, Compare, Expect, From, Hazard, Io, Needs, Program, Repeat, Select, Selector,
    Statement, Step, StepId, Takes, Tool,
};
use crate::runbook::place::{At, Place};
use crate::runbook::template::{Part, Text, Word};

/// The first thing in the output of `--version` that looks like a version.
const VERSION: &str = r"(\d+(?:\.\d+)+)";

/// Makes the steps of phase 0: tools, then checks, then statements.
pub(super) fn preflight(needs: &Needs) -> Vec<PlanStep> {
    let tools = needs.tools.iter().map(tool);
    let checks = needs.checks.iter().map(check);
    let statements = needs.statements.iter().enumerate().map(|(at, said)| statement(at + 1, said));
    tools
        .chain(checks)
        .map(|step| (StepKind::Need, step))
        .chain(statements.map(|step| (StepKind::Statement, step)))
        .enumerate()
        .map(|(index, (kind, step))| PlanStep {
            id: step.id.value.clone(),
            number: format!("0.{}", index + 1),
            phase: 0,
            kind,
            step,
            when: Vec::new(),
        })
        .collect()
}

fn tool(tool: &Tool) -> Step {
    let place = tool.name.place;
    let (words, expect, title) = match &tool.at_least {
        None => (presence(&tool.name), Vec::new(), format!("{} is installed", tool.name)),
        Some(at_least) => {
            let version = Expect {
                select: Select {
                    by: Selector::Text(At::new(VERSION.into(), place)),
                    from: From::Both,
                    place,
                },
                compare: Some(Compare::AtLeast(text(at_least, at_least.place))),
            };
            let exit = Expect {
                select: Select { by: Selector::Exit(vec![0]), from: From::Stdout, place },
                compare: None,
            };
            (
                version_words(&tool.name),
                vec![exit, version],
                format!("{} is {at_least} or newer", tool.name),
            )
        }
    };
    let words = words
        .iter()
        .map(|word| Word { parts: vec![Part::Lit((*word).to_owned())], place })
        .collect();
    let mut step = blank(format!("needs/tool-{}", tool.name), text(&title, place), place);
    step.act = Act::Call(Box::new(bare_call(Program::Words(words), place)));
    step.expect = expect;
    step.recheck = true;
    step
}

/// Asks the shell, so that nothing of the tool itself runs; the name is a parameter, never part of the script.
fn presence(name: &str) -> Vec<&str> {
    vec!["sh", "-c", r#"command -v "$1""#, "sh", name]
}

/// Tools that do not know `--version`.
fn version_words(name: &str) -> Vec<&str> {
    match name {
        "kubectl" => vec![name, "version", "--client"],
        "openssl" | "go" => vec![name, "version"],
        _ => vec![name, "--version"],
    }
}

fn check(check: &Check) -> Step {
    let place = check.id.place;
    let mut step = blank(format!("needs/{}", check.id.value), check.title.clone(), place);
    step.act = Act::Call(Box::new(check.call.clone()));
    step.expect.clone_from(&check.expect);
    step.capture.clone_from(&check.capture);
    step.recheck = check.recheck;
    step
}

fn statement(number: usize, said: &Statement) -> Step {
    let mut step = blank(format!("needs/say-{number}"), said.say.clone(), said.place);
    step.act = Act::Manual(said.say.clone());
    step.ask.clone_from(&said.ask);
    step
}

fn text(written: &str, place: Place) -> Text {
    Text { parts: vec![Part::Lit(written.to_owned())], place }
}

fn bare_call(program: Program, place: Place) -> Call {
    Call {
        program,
        env: Vec::new(),
        cwd: None,
        stdin: None,
        files: Vec::new(),
        io: Io::Auto,
        stays: false,
        signal: None,
        timeout: None,
        place,
    }
}

/// A read-only step with nothing in it yet; what it does is put in by the caller.
fn blank(id: String, title: Text, place: Place) -> Step {
    Step {
        id: At::new(StepId(id), place),
        act: Act::Manual(title.clone()),
        title,
        what: None,
        why: None,
        hazard: Hazard::Read,
        target: None,
        loses: None,
        when: Vec::new(),
        ask: Vec::new(),
        expect: Vec::new(),
        capture: Vec::new(),
        takes: Takes::default(),
        timeout: None,
        repeat: Repeat::Safe,
        probe: None,
        undo: None,
        no_undo: None,
        failures: Vec::new(),
        raises: None,
        restores_service: false,
        keeps: None,
        defer: None,
        call: None,
        meanwhile: Vec::new(),
        closes: Vec::new(),
        links: Vec::new(),
        hints: Vec::new(),
        recheck: false,
        interactive: false,
        background: false,
        place,
    }
}
