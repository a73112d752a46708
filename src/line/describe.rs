//! A step, said aloud: everything a person must know before anything can start, in the order it is needed.

use super::fitting::position;
use super::say::Say;
use super::typed::VERBS;
use super::words::{clock, sentence, span, whom};
use crate::driver::{Driver, Prepared, expect_words};
use crate::engine::choices::{Choice, Does};
use crate::engine::deferral;
use crate::engine::event::{AttemptId, Part, Work};
use crate::engine::left_open::LeftOpen;
use crate::engine::next::Next;
use crate::engine::onward::{instead, is_before_first, leads_to};
use crate::engine::outline::Outline;
use crate::engine::plan::PlanStep;
use crate::outcome::{Captured, Ended, Judged, Outcome};
use crate::runbook::model::{Act, Definition, Hazard, Leads, Step, StepId, Then, Values};
use crate::runbook::template::Text;
use crate::runbook::value;
use std::io;
use std::io::Write;
use std::time::Duration;

/// Says which run this is.
pub fn run_line<W: Write>(say: &mut Say<W>, driver: &Driver) -> io::Result<()> {
    let Some(opened) = driver.run().opened() else { return Ok(()) };
    let mode = opened.mode.word();
    say.line(&format!(
        "RUN {}. {mode}. {}. {} v{}. Operator {}.",
        driver.short_id(),
        opened.environment,
        opened.runbook,
        opened.version,
        opened.operator
    ))?;
    if opened.taken_over.is_empty() {
        return Ok(());
    }
    say.line("STILL OPEN from before, taken over:")?;
    opened.taken_over.iter().try_for_each(|open| taken_over(say, open))
}

/// Says the incident clock, or that of the drill, against the allowed time, where both are known.
fn incident(driver: &Driver) -> Option<String> {
    let began = driver.run().opened()?.incident_start.as_deref()?;
    let began = value::parse_time(began).ok()?;
    let passed = (driver.now() - began).to_std().ok()?;
    let what = if driver.is_rehearsal() { "Drill clock" } else { "Incident" };
    let clock = |d: Duration| {
        let s = d.as_secs();
        format!("{}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60)
    };
    let rto = driver.run().plan().runbook().objectives.rto;
    Some(match rto {
        Some(rto) if rto > Duration::ZERO => {
            let percent = passed.as_secs() * 100 / rto.as_secs().max(1);
            let inside = if passed <= rto { "inside" } else { "OVER" };
            format!("{what} {} of RTO {}, {percent} percent, {inside}.", clock(passed), clock(rto))
        }
        _ => format!("{what} {}.", clock(passed)),
    })
}

fn hazard_word(step: &Step) -> String {
    match (&step.act, step.hazard) {
        (Act::Decide(_), _) => "DECISION".into(),
        (Act::Manual(_), Hazard::Read) => "BY HAND".into(),
        (Act::Manual(_), hazard) => format!("BY HAND, {}", hazard.to_string().to_uppercase()),
        (Act::Wait(_), _) => "WAIT, READ ONLY".into(),
        (Act::Call(_), Hazard::Read) => "READ ONLY".into(),
        (Act::Call(_), hazard) => hazard.to_string().to_uppercase(),
    }
}

fn shown(values: &Values) -> impl Fn(&Text) -> String {
    |text| text.render_known(values)
}

/// Says a step: head, what, why, expectation, time, way back, target, command.
pub fn step<W: Write>(
    say: &mut Say<W>,
    driver: &Driver,
    planned: &PlanStep,
    position: (usize, usize),
    prepared: Option<&Prepared>,
) -> io::Result<()> {
    let values = driver.run().values();
    let shown = shown(&values);
    let step = &planned.step;
    let (n, m) = position;
    let title = shown(&step.title);
    say.line("")?;
    let head = sentence(&format!("{} {title}", planned.number));
    say.line(&format!("STEP {n} of {m}. {head} {}.", hazard_word(step)))?;
    say.label("", incident(driver).as_deref())?;
    say.label("", step.what.as_ref().map(&shown).as_deref())?;
    say.label("WHY", step.why.as_ref().map(&shown).as_deref())?;
    if matches!(step.act, Act::Call(_)) {
        let expects: Vec<_> = step.expect.iter().map(|e| expect_words(e, &values)).collect();
        let expects = if expects.is_empty() { "exit 0".into() } else { expects.join(" and ") };
        say.line(&format!("EXPECT {expects}."))?;
    }
    if let Act::Wait(wait) = &step.act {
        say.line(&format!(
            "UNTIL {}, asked every {}.",
            expect_words(&wait.until, &values),
            span(wait.every)
        ))?;
    }
    takes(say, step)?;
    way_back(say, step, &shown)?;
    let target = prepared.and_then(|p| p.target.clone());
    let target = target.or_else(|| step.target.as_ref().map(&shown));
    say.label("TARGET", target.as_deref())?;
    say.label("LOSES", step.loses.as_ref().map(&shown).as_deref())?;
    say.label("LEAVES", step.keeps.as_ref().map(&shown).as_deref())?;
    say.label("CALL", step.call.as_ref().map(|call| whom(call, &shown)).as_deref())?;
    if let Act::Manual(text) = &step.act {
        say.label("DO", Some(&shown(text)))?;
    }
    if let Some(prepared) = prepared {
        say.command(&prepared.shown)?;
    }
    Ok(())
}

fn takes<W: Write>(say: &mut Say<W>, step: &Step) -> io::Result<()> {
    let typical = step.takes.typical.map(span);
    let slow = step.takes.slow.map(|d| format!("slowest usual {}", span(d)));
    let parts: Vec<String> = typical.into_iter().chain(slow).collect();
    let limit = step.timeout.map(|d| format!(" Stopped after {}.", span(d)));
    if parts.is_empty() {
        return Ok(());
    }
    say.line(&format!("TAKES {}.{}", parts.join(", "), limit.unwrap_or_default()))
}

fn way_back<W: Write>(
    say: &mut Say<W>,
    step: &Step,
    shown: &impl Fn(&Text) -> String,
) -> io::Result<()> {
    if let Some(undo) = &step.undo {
        return say.line(&format!("UNDO {}.", shown(&undo.title)));
    }
    let none = step.no_undo.as_ref().map(|t| format!("none: {}", shown(t)));
    say.label("UNDO", none.as_deref())
}

/// Says what a value is for.
pub fn question<W: Write>(
    say: &mut Say<W>,
    definition: &Definition,
    values: &Values,
    no_list: Option<String>,
) -> io::Result<()> {
    let ask = definition.ask.as_ref().map(|t| t.render_known(values));
    let ask = ask.unwrap_or_else(|| definition.name.value.clone());
    say.line(&format!("{}: {ask}", definition.name))?;
    say.label(" ", definition.help.as_ref().map(|t| t.render_known(values)).as_deref())?;
    let choices = &definition.kind.choices;
    match no_list {
        _ if !choices.is_empty() => say.line("  One of these, by its number or its name:")?,
        no_list => say.label(" ", no_list.as_deref())?,
    }
    for (at, choice) in choices.iter().enumerate() {
        say.line(&format!("  {} {choice}", at + 1))?;
    }
    say.label("  For example", definition.example.as_ref().map(|e| e.value.as_str()))?;
    match &definition.default {
        Some(default) => say.line(&format!("  Enter takes {}.", default.render_known(values))),
        None if definition.optional => say.line("  Enter leaves it out."),
        None => Ok(()),
    }
}

/// Says how a command ended, and what its judgement was.
pub fn outcome<W: Write>(say: &mut Say<W>, outcome: &Outcome) -> io::Result<()> {
    let took = match outcome.story_ns {
        Some(story) => format!("{} of the story", clock(story)),
        None => clock(outcome.took_ns),
    };
    let how = match &outcome.ended {
        Ended::Exit { code } => format!("Exit {code} after {took}."),
        Ended::Signal { signal } => format!("Ended by signal {signal} after {took}."),
        Ended::Timeout => format!("Stopped by its timeout after {took}."),
        Ended::Interrupted => format!("Interrupted after {took}."),
        Ended::CouldNotStart { reason } => format!("It could not be started: {reason}."),
        Ended::NeverReleased => "It was never started.".into(),
    };
    say.line(&how)?;
    for verdict in outcome.verdicts.iter().filter(|v| v.result != Judged::Passed) {
        let word = match verdict.result {
            Judged::CannotJudge => "CANNOT JUDGE",
            _ => "NOT AS EXPECTED",
        };
        say.line(&format!("{word}: expected {}, got {}.", verdict.expected, verdict.got))?;
    }
    for (name, captured) in &outcome.captures {
        match captured {
            Captured::Value(value) => say.line(&format!("{name} = {value}"))?,
            Captured::Secret => say.line(&format!("{name} is held in memory, as a secret."))?,
            Captured::Missing => say.line(&format!("{name} was not there; it may be missing."))?,
            Captured::Bad(why) => say.line(&format!("{name} cannot be used: {why}."))?,
        }
    }
    for survivor in &outcome.survivors {
        let how = if survivor.stays { "left running on purpose" } else { "was still there" };
        say.line(&format!("pid {} {how}: {}", survivor.process.pid, survivor.command))?;
    }
    for note in &outcome.notes {
        say.line(note)?;
    }
    Ok(())
}

/// Says what is needed now.
pub(super) fn next<W: Write>(
    say: &mut Say<W>,
    driver: &Driver,
    next: &Next,
    prepared: Option<&Prepared>,
) -> io::Result<()> {
    let run = driver.run();
    let outline = run.outline();
    match next {
        Next::Start { not_started, missing, .. } => {
            here(say, driver, &outline, prepared)?;
            other_runbooks(say, driver)?;
            may_wait(say, driver)?;
            say.label("NOT STARTED BEFORE:", not_started.as_deref())?;
            let missing = (!missing.is_empty()).then(|| missing.join(", "));
            say.label("NOT KNOWN YET:", missing.as_deref())
        }
        Next::Tick { .. } => {
            here(say, driver, &outline, None)?;
            other_runbooks(say, driver)?;
            may_wait(say, driver)
        }
        Next::Give { .. } => here(say, driver, &outline, None),
        Next::Answer { step, question } => {
            ladder(say, driver, &outline, step, *question)?;
            may_wait(say, driver)
        }
        Next::Decide { expected, .. } => {
            here(say, driver, &outline, None)?;
            outcomes(say, driver, expected.as_deref())?;
            may_wait(say, driver)
        }
        Next::Failed { id, choices } => {
            say.line("")?;
            say.line(&format!("FAILED {}. Nothing else was started. What now?", id.work))?;
            edited(say, driver, id)?;
            choices_of(say, choices)
        }
        Next::Unknown { id, choices } => {
            say.line("")?;
            say.line(&format!(
                "OUTCOME UNKNOWN {}. It was started and its end was not seen. Decide what happened.",
                id.work
            ))?;
            edited(say, driver, id)?;
            choices_of(say, choices)
        }
        Next::Clear { .. } => {
            say.line("Every step is settled. Still to be cleared:")?;
            for raised in run.raised() {
                say.line(&format!("  {}: {}", raised.step, raised.note))?;
            }
            Ok(())
        }
        Next::Close => {
            say.line("")?;
            say.line("Every step is settled.")?;
            put_off(say, &outline)?;
            open_changes(say, &outline)
        }
        Next::Held { reason } => say.line(&format!("ON HOLD: {reason}.")),
        Next::Watch { .. } | Next::Open | Next::Closed(_) => Ok(()),
    }
}

/// Says that what ran was typed by a person: again, probe and way back are the runbook's, and were written for another one.
fn edited<W: Write>(say: &mut Say<W>, driver: &Driver, id: &AttemptId) -> io::Result<()> {
    let Some(attempt) = driver.run().attempt(id) else { return Ok(()) };
    let Some(edited) = &attempt.edited else { return Ok(()) };
    say.line(&format!("EDITED, because: {}. What ran is not what the runbook has:", edited.why))?;
    say.command(&attempt.shown)?;
    say.line("A probe is written for the runbook's command, and again runs that one.")
}

fn here<W: Write>(
    say: &mut Say<W>,
    driver: &Driver,
    outline: &Outline,
    prepared: Option<&Prepared>,
) -> io::Result<()> {
    match driver.run().current() {
        Some(planned) => step(say, driver, planned, position(outline), prepared),
        None => Ok(()),
    }
}

/// Says that the step may wait, until when, and why that is better.
fn may_wait<W: Write>(say: &mut Say<W>, driver: &Driver) -> io::Result<()> {
    match deferral::offer(driver.run(), driver.now()) {
        Some(offer) => {
            let why = sentence(&offer.why);
            if let Some(refused) = &offer.refused {
                return say.line(&format!("OR WAIT {why} Not in this run: {refused}."));
            }
            say.line(&format!("OR WAIT {why} defer WHY: due {}.", offer.when()))?;
            say.label(" ", offer.costs().as_deref())
        }
        None => Ok(()),
    }
}

/// Says before the first step which runbook is the right one when this is not.
fn other_runbooks<W: Write>(say: &mut Say<W>, driver: &Driver) -> io::Result<()> {
    let named = if is_before_first(driver.run()) { instead(driver.run()) } else { Vec::new() };
    for (when, runbook) in named {
        say.line(&format!("NOT WHEN {when}: then instead {runbook}"))?;
    }
    Ok(())
}

fn ladder<W: Write>(
    say: &mut Say<W>,
    driver: &Driver,
    outline: &Outline,
    id: &StepId,
    question: u32,
) -> io::Result<()> {
    let values = driver.run().values();
    let shown = shown(&values);
    let Some(planned) = driver.run().plan().step(id) else { return Ok(()) };
    let Some(decide) = planned.decision() else { return Ok(()) };
    if question == 1 {
        here(say, driver, outline, None)?;
        say.label("IN DOUBT", decide.unsure.as_ref().map(|u| u.value.as_str()))?;
        say.label("BECAUSE", decide.because.as_ref().map(&shown).as_deref())?;
    }
    let Some(asked) = decide.ladder.get((question as usize).saturating_sub(1)) else {
        return Ok(());
    };
    let of = decide.ladder.len();
    say.line(&format!("QUESTION {question} of {of}. {}", shown(&asked.ask)))?;
    say.label("HOW", asked.how.as_ref().map(&shown).as_deref())?;
    say.label("NOT ENOUGH", asked.not_enough.as_ref().map(&shown).as_deref())?;
    let leads = |leads: &Leads| match leads {
        Leads::Next => "next question".to_owned(),
        Leads::Outcome(name) => name.clone(),
    };
    say.line(&format!(
        "LEADS yes: {}. no: {}. unsure: {}.",
        leads(&asked.yes),
        leads(&asked.no),
        leads(&asked.unsure)
    ))?;
    let work = Work { step: id.clone(), part: Part::Question(question) };
    if let Ok(check) = driver.prepare(&work) {
        say.line("CHECK, read only:")?;
        say.command(&check.shown)?;
    }
    Ok(())
}

fn outcomes<W: Write>(say: &mut Say<W>, driver: &Driver, expected: Option<&str>) -> io::Result<()> {
    let values = driver.run().values();
    let Some(decide) = driver.run().current().and_then(PlanStep::decision) else { return Ok(()) };
    if let Some(not) = decide.not_enough.as_ref().filter(|_| decide.ladder.is_empty()) {
        say.label("NOT ENOUGH", Some(&not.render_known(&values)))?;
    }
    for outcome in &decide.outcomes {
        let means = outcome.means.as_ref().map(|t| format!(" {}", t.render_known(&values)));
        let costs = outcome.costs.as_ref().map(|t| format!(" COSTS {}", t.render_known(&values)));
        say.line(&format!(
            "  {}: {}.{}{}",
            outcome.name,
            outcome.title.render_known(&values),
            means.unwrap_or_default(),
            costs.unwrap_or_default()
        ))?;
        if let Some(then) = &outcome.then {
            say.line(&format!("    THEN {}.", leads(driver, then)))?;
        }
    }
    match expected {
        Some(expected) => {
            say.line(&format!("The runbook comes to: {expected}. It is yours to decide."))
        }
        None => Ok(()),
    }
}

fn choices_of<W: Write>(say: &mut Say<W>, choices: &[Choice]) -> io::Result<()> {
    for choice in choices {
        let word = match &choice.does {
            Does::Fix(Some(fix)) => format!("fix {fix}"),
            Does::Fix(None) => "fix".into(),
            Does::Retry | Does::Anyway => "again".into(),
            Does::Check | Does::Probe => "probe".into(),
            Does::Undo => "undo STEP".into(),
            Does::Skip | Does::LeaveUnknown => "skip WHY".into(),
            Does::Hold => "hold WHY".into(),
            Does::Stop => "stop WHY".into(),
            Does::Elsewhere => "instead RUNBOOK WHY".into(),
            Does::Done => "settle done HOW".into(),
            Does::NotStarted => "settle not-started HOW".into(),
            // Waiting needs no word: look again with the probe.
            Does::Edit => "edit".into(),
            Does::StillGoing => continue,
        };
        match &choice.refused {
            None => say.line(&format!("  {word}: {}", choice.note))?,
            Some(why) => say.line(&format!("  ({word}: {why})"))?,
        }
    }
    Ok(())
}

fn open_changes<W: Write>(say: &mut Say<W>, outline: &Outline) -> io::Result<()> {
    if outline.changes_open() == 0 {
        return say.line("No change is open.");
    }
    say.line("OPEN CHANGES, they stay:")?;
    for open in &outline.open_changes {
        let target = open.target.as_ref().map_or(String::new(), |t| format!(" on {t}"));
        let undo = open.undo.as_ref().map_or(String::new(), |u| format!(" UNDO {u}."));
        say.line(&format!("  {} {}{target}.{undo}", open.step, open.title))?;
        say.label("  ", Some(&open.typed()))?;
    }
    outline.taken_over.iter().try_for_each(|open| taken_over(say, open))
}

/// Says what an outcome does besides the conditions on it.
pub(super) fn leads(driver: &Driver, then: &Then) -> String {
    leads_to(driver.run(), then, &|name| driver.elsewhere(name))
}

/// Says a change that a run before this one left open.
fn taken_over<W: Write>(say: &mut Say<W>, open: &LeftOpen) -> io::Result<()> {
    say.line(&format!("  {open}; {}. Then: undo {} HOW", open.way_back(), open.handle()))
}

/// Says what was put off, and when it is due.
fn put_off<W: Write>(say: &mut Say<W>, outline: &Outline) -> io::Result<()> {
    for due in &outline.deferred {
        say.line(&format!(
            "DEFERRED {} {}, due {}: {}",
            due.number, due.title, due.due, due.reason
        ))?;
        say.line(&format!("  again {} takes it up now.", due.step))?;
    }
    Ok(())
}

/// Says all steps and how they stand.
pub(super) fn steps<W: Write>(say: &mut Say<W>, outline: &Outline) -> io::Result<()> {
    for row in &outline.rows {
        let note = row.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        say.line(&format!("{:>5} {:<10} {}  {}{note}", row.number, row.said(), row.title, row.id))?;
    }
    open_changes(say, outline)
}

/// Says every word of the prompt.
pub(super) fn help<W: Write>(say: &mut Say<W>) -> io::Result<()> {
    for (_, word, more, does) in VERBS {
        say.line(&format!("{:<34} {does}", format!("{word} {more}")))?;
    }
    Ok(())
}

/// Says work that is not the offered one, before its guard.
pub(super) fn prepared<W: Write>(say: &mut Say<W>, prepared: &Prepared) -> io::Result<()> {
    let hazard = prepared.hazard.to_string().to_uppercase();
    say.line(&format!("{}. {hazard}.", prepared.work))?;
    if prepared.hazard == Hazard::Read {
        return say.command(&prepared.shown);
    }
    Ok(()) // its guard shows it in full
}

/// Says work that is done by hand.
pub(super) fn by_hand<W: Write>(say: &mut Say<W>, driver: &Driver, work: &Work) -> io::Result<()> {
    let values = driver.run().values();
    let step = driver.run().plan().step(&work.step);
    let Some(undo) = step.and_then(PlanStep::undo) else { return Ok(()) };
    say.line(&format!("{work}. BY HAND. {}.", undo.title.render_known(&values)))?;
    match &undo.act {
        Act::Manual(text) => say.label("DO", Some(&text.render_known(&values))),
        _ => Ok(()),
    }
}
