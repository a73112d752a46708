//! One step, in the order a person needs it: what, why, what is at stake, what runs, what to expect, the way back.

use super::head::asked;
use super::page::Page;
use crate::driver::expect_words;
use crate::engine::plan::{Plan, PlanStep, StepKind};
use crate::line;
use crate::runbook::filled::Filled;
use crate::runbook::model::{
    Act, Call, Capture, Condition, Decide, Hazard, Leads, Meaning, Probe, Step, StopAs, Takes,
    Then, Undo, Wait,
};
use crate::runbook::template::Text;
use std::io::{self, Write};

/// Writes the heading of a phase.
pub fn phase<W: Write>(page: &mut Page<W>, plan: &Plan, number: usize) -> io::Result<()> {
    page.gap()?;
    let title = plan.phase_title(number);
    let phase = number.checked_sub(1).and_then(|index| plan.runbook().phases.get(index));
    match phase {
        Some(phase) => {
            page.line(&format!("{number} {}", title.to_uppercase()))?;
            if !phase.when.is_empty() {
                page.label("WHEN", &branch(&phase.when))?;
            }
            Ok(())
        }
        None => page.line(&title.to_uppercase()),
    }
}

/// Writes a step.
pub fn show<W: Write>(
    page: &mut Page<W>,
    plan: &Plan,
    planned: &PlanStep,
    filled: &Filled,
) -> io::Result<()> {
    let step = &planned.step;
    page.gap()?;
    page.across(&format!("{:<4} {}", planned.number, filled.text(&step.title)), &hazard(step))?;
    if planned.kind == StepKind::Step || planned.kind == StepKind::Fix {
        page.label("ID", step.id.as_str())?;
    }
    if let Some(what) = &step.what {
        page.paragraph(&filled.text(what))?;
    }
    for (label, text) in [("WHY", &step.why), ("TARGET", &step.target), ("LOSES", &step.loses)] {
        if let Some(text) = text {
            page.label(label, &filled.text(text))?;
        }
    }
    if !step.when.is_empty() {
        page.label("WHEN", &branch(&step.when))?;
    }
    for definition in &step.ask {
        page.label("ASKS", &asked(definition))?;
    }
    let said_already = planned.kind == StepKind::Statement;
    match &step.act {
        Act::Call(call) => command(page, "RUN", call, filled)?,
        Act::Manual(_) if said_already => {}
        Act::Manual(text) => page.label("BY HAND", &filled.text(text))?,
        Act::Wait(wait) => self::wait(page, wait, filled)?,
        Act::Decide(decide) => self::decide(page, plan, decide, filled)?,
    }
    outcome(page, step, filled)?;
    after(page, step, filled)
}

fn command<W: Write>(
    page: &mut Page<W>,
    label: &str,
    call: &Call,
    filled: &Filled,
) -> io::Result<()> {
    page.command(label, &filled.call(call).text)?;
    if let Some(folder) = &call.cwd {
        page.label("IN", &folder.to_string())?;
    }
    if call.stays {
        page.label("STAYS", "the processes it leaves go on running")?;
    }
    Ok(())
}

fn wait<W: Write>(page: &mut Page<W>, wait: &Wait, filled: &Filled) -> io::Result<()> {
    command(page, "ASK", &wait.call, filled)?;
    let mut until = vec![expect_words(&wait.until, filled.known())];
    if wait.times > 1 {
        until.push(format!("{} times in a row", wait.times));
    }
    until.push(format!("every {}", line::span(wait.every)));
    page.label("UNTIL", &until.join(", "))?;
    if let Some(fail) = &wait.fail {
        page.label("FAILED", &expect_words(fail, filled.known()))?;
    }
    Ok(())
}

fn decide<W: Write>(
    page: &mut Page<W>,
    plan: &Plan,
    decide: &Decide,
    filled: &Filled,
) -> io::Result<()> {
    if let Some(question) = &decide.question {
        page.label("ASK", &filled.text(question))?;
    }
    for (index, question) in decide.ladder.iter().enumerate() {
        page.label(&format!("Q{}", index + 1), &filled.text(&question.ask))?;
        if let Some(how) = &question.how {
            page.label("", &filled.text(how))?;
        }
        if let Some(check) = &question.check {
            page.command("  LOOK", &filled.call(&check.call).text)?;
        }
        let leads = |leads: &Leads| match leads {
            Leads::Next => "next question".to_owned(),
            Leads::Outcome(outcome) => outcome.clone(),
        };
        let (yes, no, unsure) =
            (leads(&question.yes), leads(&question.no), leads(&question.unsure));
        page.label("", &format!("yes: {yes} · no: {no} · unsure: {unsure}"))?;
    }
    for outcome in &decide.outcomes {
        let mut text = vec![format!("{}: {}", outcome.name, filled.text(&outcome.title))];
        text.extend(outcome.means.iter().map(|means| format!("means {}", filled.text(means))));
        text.extend(outcome.costs.iter().map(|costs| format!("costs {}", filled.text(costs))));
        text.extend(outcome.then.as_ref().map(|then| leads_to(plan, then)));
        page.label("OUTCOME", &text.join("\n"))?;
    }
    if let Some(unsure) = &decide.unsure {
        let because = decide.because.as_ref().map(|text| format!(": {}", filled.text(text)));
        page.label("UNSURE", &format!("{unsure}{}", because.unwrap_or_default()))?;
    }
    Ok(())
}

fn leads_to(plan: &Plan, then: &Then) -> String {
    match then {
        Then::Go { runbook, .. } => format!("goes on in {runbook}"),
        Then::Stop(StopAs::Failed) => "stops the run as failed".to_owned(),
        Then::Stop(StopAs::HandedOver) => "hands the run over".to_owned(),
        Then::Again(id) => {
            let number = plan.step(&id.value).map_or("", |step| step.number.as_str());
            format!("goes back to {number} {id}")
        }
    }
}

/// What passes, what is kept, how long it takes.
fn outcome<W: Write>(page: &mut Page<W>, step: &Step, filled: &Filled) -> io::Result<()> {
    if matches!(step.act, Act::Call(_)) {
        let expects: Vec<String> =
            step.expect.iter().map(|expect| expect_words(expect, filled.known())).collect();
        let expects = if expects.is_empty() { "exit 0".to_owned() } else { expects.join("\n") };
        page.label("EXPECT", &expects)?;
    }
    for capture in &step.capture {
        page.label("KEEPS", &kept(capture))?;
    }
    let takes = takes(&step.takes, step.timeout);
    if !takes.is_empty() {
        page.label("TAKES", &takes.join(" · "))?;
    }
    Ok(())
}

/// The way back, the probe, known failures, and what stays behind.
fn after<W: Write>(page: &mut Page<W>, step: &Step, filled: &Filled) -> io::Result<()> {
    if let Some(undo) = &step.undo {
        self::undo(page, undo, filled)?;
    }
    if let Some(reason) = &step.no_undo {
        page.label("NO UNDO", &filled.text(reason))?;
    }
    if let Some(probe) = &step.probe {
        self::probe(page, probe, filled)?;
    }
    for failure in &step.failures {
        let fix = failure.fix.as_ref().map(|fix| format!(" Fix: {fix}."));
        let means = filled.text(&failure.means);
        page.label("FAILURE", &format!("{}: {means}{}", failure.pattern, fix.unwrap_or_default()))?;
    }
    if let Some(raises) = &step.raises {
        page.label("RAISES", &filled.text(&raises.note))?;
    }
    if let Some(keeps) = &step.keeps {
        page.label("LEAVES", &filled.text(keeps))?;
    }
    if let Some(defer) = &step.defer {
        let (span, why) = (line::span(defer.span), filled.text(&defer.why));
        page.label("OR WAIT", &format!("{span}: {why}"))?;
    }
    if let Some(call) = &step.call {
        page.label("CALL", &line::whom(call, &|text: &Text| filled.text(text)))?;
    }
    Ok(())
}

fn undo<W: Write>(page: &mut Page<W>, undo: &Undo, filled: &Filled) -> io::Result<()> {
    page.label("UNDO", &format!("{} ({})", filled.text(&undo.title), undo.hazard))?;
    if let Some(loses) = &undo.loses {
        page.label("  LOSES", &filled.text(loses))?;
    }
    match &undo.act {
        Act::Call(call) => command(page, "", call, filled),
        Act::Manual(text) => page.label("", &filled.text(text)),
        Act::Decide(_) | Act::Wait(_) => Ok(()),
    }
}

fn probe<W: Write>(page: &mut Page<W>, probe: &Probe, filled: &Filled) -> io::Result<()> {
    command(page, "PROBE", &probe.call, filled)?;
    let answers: Vec<String> = probe
        .answers
        .iter()
        .map(|answer| {
            format!("{}: {}", meaning(answer.means), expect_words(&answer.expect, filled.known()))
        })
        .collect();
    page.label("", &answers.join("\n"))
}

/// Says what a probe's answer means.
pub fn meaning(means: Meaning) -> &'static str {
    match means {
        Meaning::Done => "done",
        Meaning::Running => "still running",
        Meaning::NotStarted => "not started",
        Meaning::Failed => "failed",
    }
}

fn kept(capture: &Capture) -> String {
    format!("{} ({}), from {}", capture.name, capture.kind.kind, capture.select)
}

fn takes(takes: &Takes, timeout: Option<std::time::Duration>) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(takes.typical.map(line::span));
    words.extend(takes.slow.map(|slow| format!("slow {}", line::span(slow))));
    words.extend(takes.quiet.map(|quiet| format!("silent for {}", line::span(quiet))));
    words.extend(timeout.map(|timeout| format!("stopped after {}", line::span(timeout))));
    words
}

/// Says under which conditions something is in force.
pub fn branch(when: &[Condition]) -> String {
    let one = |condition: &Condition| {
        let not = if condition.negated { "not " } else { "" };
        format!("{} is {not}{}", condition.name, condition.any_of.join(" or "))
    };
    when.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// Says what sort of step it is and how much it can hurt.
pub fn hazard(step: &Step) -> String {
    match (&step.act, step.hazard) {
        (Act::Decide(_), _) => "decision".to_owned(),
        (Act::Wait(_), _) => "wait".to_owned(),
        (Act::Manual(_), Hazard::Read) => "by hand".to_owned(),
        (Act::Manual(_), hazard) => format!("by hand, {hazard}"),
        (Act::Call(_), hazard) => hazard.to_string(),
    }
}
