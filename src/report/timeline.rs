//! The events of a run as lines that people read.

use super::attempts::{self, Attempt, Fate};
use super::names::Names;
use super::words;
use crate::engine::event::{ClosedAs, Event, Given, Opened, Proof, SettledAs};
use crate::runbook::model::{Answer, Hazard, Meaning};
use crate::screen;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Line {
    /// The record it stands in.
    pub seq: u64,
    /// When, for people.
    pub at: DateTime<Utc>,
    /// How it strikes the eye.
    pub mark: Mark,
    /// The step's number; empty where there is none.
    pub step: String,
    /// What happened, in a word or two.
    pub what: String,
    /// The rest.
    pub text: String,
    /// Who recorded it.
    pub by: String,
    /// Whether a review needs it.
    pub level: Level,
}

/// How a line strikes the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing special.
    Plain,
    /// Done.
    Good,
    /// Failed.
    Bad,
    /// To be looked at.
    Alert,
}

impl Mark {
    /// Returns the sign for it.
    pub fn sign(self) -> char {
        match self {
            Self::Plain => ' ',
            Self::Good => '✓',
            Self::Bad => '✗',
            Self::Alert => '!',
        }
    }
}

/// Who needs a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A review.
    Main,
    /// Whoever wants every command, tick and value.
    More,
}

/// What a line says, before it has a place and a time.
pub(super) struct Said {
    pub mark: Mark,
    pub step: String,
    pub what: String,
    pub text: String,
    pub level: Level,
}

fn said(mark: Mark, step: String, what: impl Into<String>, text: impl Into<String>) -> Said {
    Said { mark, step, what: what.into(), text: text.into(), level: Level::Main }
}

fn more(step: String, what: impl Into<String>, text: impl Into<String>) -> Said {
    Said { level: Level::More, ..said(Mark::Plain, step, what, text) }
}

/// Puts an event into words. `attempt` is the attempt it speaks of, as it stands after the event.
pub(super) fn say(event: &Event, names: &Names, attempt: Option<&Attempt>) -> Said {
    use Mark::{Alert, Good, Plain};
    let none = String::new;
    match event {
        Event::RunOpened(opened) => said(Plain, none(), "run opened", run_opened(opened)),
        Event::NotApplicable { step, reason } => {
            said(Plain, names.number(step), "not taken", reason)
        }
        Event::ValuesGiven { step, values } => {
            more(names.number(step), "values given", given(values))
        }
        Event::AttemptIntended { .. }
        | Event::AttemptStarted { .. }
        | Event::AttemptEnded { .. }
        | Event::AttemptLost { .. }
        | Event::StopRequested { .. }
        | Event::AttemptSettled { .. }
        | Event::Ticked { .. } => work(event, names, attempt),
        Event::Answered { step, question, answer, suggested, why, .. } => {
            let mut text = format!("{} — {why}", yes_no(*answer));
            let contrary = suggested.filter(|suggested| suggested != answer);
            if let Some(suggested) = contrary {
                text.extend([" (the check suggests ", yes_no(suggested), ")"]);
            }
            let mark = if contrary.is_some() { Alert } else { Plain };
            said(mark, names.number(step), format!("answer {question}"), text)
        }
        Event::Decided { step, outcome, why, deviation, .. } => {
            let (mark, besides) =
                if *deviation { (Alert, " (not what the runbook suggests)") } else { (Plain, "") };
            said(mark, names.number(step), "decision", format!("{outcome} — {why}{besides}"))
        }
        Event::Deferred { step, due, reason } => {
            said(Plain, names.number(step), "deferred", format!("due {due}, \"{reason}\""))
        }
        Event::Skipped { step, reason, .. } => said(Alert, names.number(step), "skipped", reason),
        Event::FixChosen { step, fix } => said(Plain, names.number(step), "chose", names.full(fix)),
        Event::StepsReopened { steps, because } if *steps == [because.clone()] => {
            said(Plain, names.number(because), "opened again", "it is to do again")
        }
        Event::StepsReopened { steps, because } => {
            let steps: Vec<String> = steps.iter().map(|step| names.number(step)).collect();
            said(Plain, names.number(because), "opened again", words::list(&steps))
        }
        Event::Raised { step, note, owner } => {
            let owner = owner.as_ref().map(|owner| format!(" (to clear: {owner})"));
            said(
                Alert,
                names.number(step),
                "raised",
                format!("{note}{}", owner.unwrap_or_default()),
            )
        }
        Event::Cleared { step, how } => said(Plain, names.number(step), "cleared", how),
        Event::TakenOverSettled { run, step, how } => {
            said(Plain, none(), "settled", format!("{step} of run {run}: {how}"))
        }
        Event::Noted { text, kind, from, .. } => {
            let from = from.as_ref().map(|from| format!(" (left by {})", who(from)));
            said(Plain, none(), kind, format!("{text}{}", from.unwrap_or_default()))
        }
        Event::Held { reason } => said(Plain, none(), "on hold", reason),
        Event::Resumed { face, gap_ns, taken_from } => {
            said(Plain, none(), "resumed", resumed(face, *gap_ns, taken_from.as_ref()))
        }
        Event::Left { face, why } => {
            said(Plain, none(), "left", format!("{face}, {why}; commands go on"))
        }
        Event::TailSetAside { offset, length, file, .. } => {
            let length = words::size(*length);
            let text = format!("{length} from byte {offset} on, now torn/{file}");
            said(Alert, none(), "torn tail", text)
        }
        Event::ClockJumped { wall_ns, boot_ns } => {
            let apart = words::duration(wall_ns.abs_diff(*boot_ns));
            said(Alert, none(), "clock jumped", format!("by {apart}"))
        }
        Event::RunClosed { as_, reason, continued_in, .. } => {
            let mark = if *as_ == ClosedAs::Done { Good } else { Alert };
            let on = continued_in.as_ref().map(|run| format!(", goes on in {run}"));
            let text = format!("{}{}", closed_as(*as_, reason), on.unwrap_or_default());
            said(mark, none(), "run closed", text)
        }
    }
}

/// The beginning of a command: the whole of it stands in the appendix.
fn first_line(shown: &str) -> String {
    const WIDEST: usize = 80;
    let line = shown.lines().next().unwrap_or_default();
    let cut = screen::fit(line, WIDEST);
    if cut == shown || cut.ends_with('…') { cut } else { format!("{cut} …") }
}

/// Puts an event of an attempt, or of a tick, into words.
fn work(event: &Event, names: &Names, attempt: Option<&Attempt>) -> Said {
    use Mark::{Alert, Bad, Good, Plain};
    match event {
        Event::AttemptIntended {
            id,
            hazard,
            target,
            shown,
            guard,
            override_reason,
            edited,
            ..
        } => {
            let mut text = first_line(shown);
            if let Some(target) = target {
                text = format!("on {target} ({}): {text}", attempts::guard(guard));
            }
            if let Some(reason) = override_reason {
                text = format!(
                    "again, though the outcome before is unknown, because: {reason}; {text}"
                );
            }
            if let Some(edited) = edited {
                text = format!("edited, because: {}; {text}", edited.why);
            }
            let what = if *hazard == Hazard::Read { "command".into() } else { hazard.to_string() };
            let step = names.work(&id.work);
            let as_written = override_reason.is_none() && edited.is_none();
            let mark = if as_written { Plain } else { Alert };
            match hazard {
                Hazard::Read if as_written => more(step, what, text),
                _ => said(mark, step, what, text),
            }
        }
        Event::AttemptStarted { id, child, .. } => more(
            names.work(&id.work),
            "started",
            format!("attempt {}, pid {}", id.attempt, child.pid),
        ),
        Event::AttemptEnded { id, outcome, recovered } => {
            let fate = attempt.map_or(Fate::Running, Attempt::seen);
            let mark = match fate {
                Fate::Passed => Good,
                Fate::Unknown => Alert,
                _ => Bad,
            };
            let mut text = format!(
                "{}, {}{}",
                attempts::ended(&outcome.ended),
                attempts::took(outcome),
                if *recovered { ", taken in later" } else { "" }
            );
            for verdict in outcome.verdicts.iter().filter(|_| fate != Fate::Passed) {
                text.extend(["; expected ", &verdict.expected, ", got ", &verdict.got]);
            }
            let line = said(mark, names.work(&id.work), fate.words(), text);
            let dull = fate == Fate::Passed && attempt.is_some_and(|a| a.hazard == Hazard::Read);
            if dull { Said { level: Level::More, ..line } } else { line }
        }
        Event::AttemptLost { id, reason, .. } => {
            said(Alert, names.work(&id.work), "UNKNOWN", reason)
        }
        Event::StopRequested { id } => said(Plain, names.work(&id.work), "interrupt asked", ""),
        Event::AttemptSettled { id, as_, proof, probe, .. } => {
            said(Plain, names.work(&id.work), "settled", settled(*as_, proof, *probe))
        }
        Event::Ticked { id, hazard, target, guard, said: text } => {
            let on = target.as_ref().map(|target| format!("on {target} "));
            let guard = attempts::guard(guard);
            let text = format!("{}\"{text}\" (guard: {guard})", on.unwrap_or_default());
            let line = said(Good, names.work(&id.work), "ticked", text);
            if *hazard == Hazard::Read { Said { level: Level::More, ..line } } else { line }
        }
        _ => more(String::new(), event.kind(), ""),
    }
}

fn run_opened(opened: &Opened) -> String {
    let mode = opened.mode.word();
    let before = opened.continues.as_ref().map(|run| format!(", continues run {run}"));
    let open = opened
        .taken_over
        .iter()
        .fold(String::new(), |open, one| open + "; still open: " + &one.to_string());
    format!(
        "{mode}, {}, {} {} ({}), by {} on {}{}{open}",
        opened.environment,
        opened.runbook,
        opened.version,
        opened.origin,
        opened.operator,
        opened.host,
        before.unwrap_or_default()
    )
}

fn given(values: &BTreeMap<String, Given>) -> String {
    let given = values.iter().map(|(name, given)| format!("{name} = {}", given.value));
    given.collect::<Vec<_>>().join(", ")
}

fn settled(as_: SettledAs, proof: &Proof, probe: Option<(u32, Meaning)>) -> String {
    let as_ = match as_ {
        SettledAs::Done => "as done",
        SettledAs::NotStarted => "as not started",
        SettledAs::Failed => "as failed",
    };
    let probe =
        probe.map(|(attempt, meaning)| format!(", probe {attempt} says {}", meaning.words()));
    format!("{as_}, {}{}", attempts::proof(proof), probe.unwrap_or_default())
}

fn resumed(face: &str, gap_ns: Option<u64>, from: Option<&BTreeMap<String, String>>) -> String {
    let gap = gap_ns.map(|gap| format!(", gap {}", words::duration(gap)));
    let from = from.map(|from| format!(", taken from {}", who(from)));
    format!("{face}{}{}", gap.unwrap_or_default(), from.unwrap_or_default())
}

/// Returns the best name of somebody observed elsewhere.
pub(super) fn who(from: &BTreeMap<String, String>) -> String {
    let known = ["claimed", "name", "login", "uid"].iter().find_map(|key| from.get(*key));
    known.cloned().unwrap_or_else(|| "somebody".into())
}

/// Returns an answer in words.
pub(super) fn yes_no(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "YES",
        Answer::No => "NO",
        Answer::Unsure => "UNSURE",
    }
}

/// Returns how a run was closed and why; what was said nothing about needs no colon.
pub(super) fn closed_as(as_: ClosedAs, reason: &str) -> String {
    match reason.trim() {
        "" => closed(as_).to_owned(),
        reason => format!("{}: {reason}", closed(as_)),
    }
}

/// Returns how a run was closed, in words.
fn closed(as_: ClosedAs) -> &'static str {
    match as_ {
        ClosedAs::Done => "done",
        ClosedAs::Failed => "failed",
        ClosedAs::Stopped => "stopped",
        ClosedAs::HandedOver => "handed over",
        ClosedAs::ContinuedIn => "continued in another run",
    }
}
