//! The same rules said another way: a step is what the last fact about it says. No state, no transitions: every answer
//! is found by reading the facts backwards, and nothing is shared with the engine but the facts and the runbook's text.
//!
//! It is here because replaying proves nothing about the rules: both sides of "replay = live" share them.

use super::book::{Book, Way};
use rutter::engine::event::{AttemptId, Event, Guard, Part, Proof, SettledAs};
use rutter::outcome::{Ended, Judged, Outcome};

/// Returns the word for where a step stands after these facts.
pub fn word(book: &Book, facts: &[Event], step: &str) -> &'static str {
    word_of(book, facts, step, &Part::Main)
}

/// Returns the word for where a step, or its way back, stands.
pub fn word_of(book: &Book, facts: &[Event], step: &str, part: &Part) -> &'static str {
    let is = |id: &AttemptId| id.work.step.as_str() == step && id.work.part == *part;
    let main = *part == Part::Main;
    for (at, fact) in facts.iter().enumerate().rev() {
        match fact {
            Event::AttemptIntended { id, .. } | Event::AttemptStarted { id, .. } if is(id) => {
                return "running";
            }
            Event::AttemptEnded { id, outcome, .. } if is(id) => match end(outcome) {
                End::Nothing => {
                    return word_of(book, &facts[..intended(facts, at, id)], step, part);
                }
                End::Good => return "verified",
                End::Bad => return "FAILED",
                End::Unseen => return if looks(book, step) { "FAILED" } else { "UNKNOWN" },
            },
            Event::AttemptLost { id, .. } if is(id) => {
                return if looks(book, step) { "FAILED" } else { "UNKNOWN" };
            }
            Event::AttemptSettled { id, as_, proof, .. } if is(id) => {
                return match (as_, proof) {
                    (SettledAs::Done, Proof::Verified) => "verified",
                    (SettledAs::Done, Proof::Attested { .. }) => "attested",
                    (SettledAs::NotStarted, _) => "todo",
                    (SettledAs::Failed, _) => "FAILED",
                };
            }
            Event::Ticked { id, .. } if is(id) => return "attested",
            Event::Decided { step: of, .. } if main && of.as_str() == step => return "decided",
            Event::Skipped { step: of, .. } if main && of.as_str() == step => return "skipped",
            Event::NotApplicable { step: of, .. } if main && of.as_str() == step => {
                return "not taken";
            }
            Event::FixChosen { fix, .. } if main && fix.as_str() == step => return "todo",
            Event::StepsReopened { steps, .. }
                if main && steps.iter().any(|of| of.as_str() == step) =>
            {
                return untouched(step);
            }
            // A change that ran again has its way back before it.
            fact if *part == Part::Undo && made(book, fact, step) => return "todo",
            _ => {}
        }
    }
    if main { untouched(step) } else { "todo" }
}

fn untouched(step: &str) -> &'static str {
    if step == "fix" { "not chosen" } else { "todo" }
}

/// Tells whether a step's change is made, or may be, and was not undone.
pub fn open(book: &Book, facts: &[Event], step: &str) -> bool {
    if looks(book, step) {
        return false;
    }
    let undone = |fact: &Event| match fact {
        Event::AttemptEnded { id, outcome, .. } => is_undo(id, step) && end(outcome) == End::Good,
        Event::AttemptSettled { id, as_: SettledAs::Done, .. } | Event::Ticked { id, .. } => {
            is_undo(id, step)
        }
        _ => false,
    };
    let mut void: Vec<&AttemptId> = Vec::new();
    for fact in facts.iter().rev() {
        if undone(fact) {
            return false;
        }
        if let Event::AttemptSettled { id, as_: SettledAs::NotStarted, .. } = fact
            && is_main(id, step)
        {
            void.push(id);
        }
        if made(book, fact, step) && attempt_of(fact).is_some_and(|id| !void.contains(&id)) {
            return true;
        }
    }
    false
}

/// Tells whether this fact says that the step's change was made, or may have been.
fn made(book: &Book, fact: &Event, step: &str) -> bool {
    if looks(book, step) {
        return false;
    }
    match fact {
        Event::AttemptEnded { id, outcome, .. } => {
            is_main(id, step) && end(outcome) != End::Nothing
        }
        Event::AttemptLost { id, .. } | Event::Ticked { id, .. } => is_main(id, step),
        Event::AttemptSettled { id, as_, .. } => is_main(id, step) && *as_ != SettledAs::NotStarted,
        _ => false,
    }
}

/// Says what is wrong with the last fact of this history, if it may not follow the others.
pub fn breach(book: &Book, facts: &[Event]) -> Option<String> {
    let (last, before) = facts.split_last()?;
    lifecycle(before, last).or_else(|| acts_out_of_turn(book, before, last)).or_else(
        || match last {
            Event::AttemptIntended { id, guard, override_reason, .. } => {
                let against = override_reason.is_some();
                guarded(book, id, guard, against)
                    .or_else(|| repeated(book, before, id, against))
                    .or_else(|| fenced(book, before, id))
            }
            Event::Ticked { id, guard, .. } => guarded(book, id, guard, false),
            Event::RunClosed { .. } => {
                living(before).first().map(|id| format!("closed while {} runs", id.slug()))
            }
            _ => None,
        },
    )
}

/// An attempt is intended, then started, then ended or lost: once each, and two of a work never live together.
fn lifecycle(before: &[Event], last: &Event) -> Option<String> {
    let id = attempt_of(last)?;
    let is_living = living(before).contains(&id);
    let started =
        before.iter().any(|fact| matches!(fact, Event::AttemptStarted { id: of, .. } if of == id));
    let wrong = match last {
        Event::AttemptIntended { .. } => living(before).iter().any(|of| of.work == id.work),
        Event::AttemptStarted { .. } => !is_living || started,
        Event::AttemptEnded { outcome, .. } => {
            !is_living || !started && end(outcome) != End::Nothing
        }
        Event::AttemptLost { .. } | Event::StopRequested { .. } => !is_living || !started,
        _ => false,
    };
    wrong.then(|| format!("{} is out of its life", id.slug()))
}

/// Nothing is done while something before it is unknown, runs, failed or is still to do.
fn acts_out_of_turn(book: &Book, before: &[Event], last: &Event) -> Option<String> {
    let step = match last {
        Event::AttemptIntended { id, .. } | Event::Ticked { id, .. }
            if id.work.part == Part::Main =>
        {
            &id.work.step
        }
        Event::Decided { step, .. }
        | Event::Skipped { step, .. }
        | Event::Answered { step, .. } => step,
        Event::AttemptIntended { id, .. } if id.work.part == Part::Undo => {
            let unknown = |at: &usize| word(book, before, &format!("s{at}")) == "UNKNOWN";
            let place = place(before, id.work.step.as_str());
            let earlier = (0..book.steps.len()).take_while(|at| *at < place).find(unknown);
            return earlier.map(|at| format!("{} goes back while s{at} is unknown", id.work.step));
        }
        _ => return None,
    };
    let settled = ["verified", "attested", "decided", "skipped", "not taken", "not chosen"];
    let place = place(before, step.as_str());
    for at in (0..book.steps.len()).take_while(|at| *at < place) {
        let earlier = format!("s{at}");
        if !settled.contains(&word(book, before, &earlier)) {
            return Some(format!("{step} comes before {earlier} is settled"));
        }
        if word_of(book, before, &earlier, &Part::Undo) == "UNKNOWN" {
            return Some(format!("{step} comes while the way back of {earlier} is unknown"));
        }
    }
    let preflight = step.as_str().starts_with("needs/");
    let needs = if book.needs && !preflight { &["needs/check", "needs/say-1"][..] } else { &[] };
    let open = needs.iter().find(|need| !settled.contains(&word(book, before, need)));
    open.map(|need| format!("{step} comes before {need}"))
}

/// Returns how many steps of the runbook come before this one; a fix comes right before the step it was chosen for.
fn place(facts: &[Event], step: &str) -> usize {
    if step == "fix" {
        let chosen = facts.iter().rev().find_map(|fact| match fact {
            Event::FixChosen { step, .. } => Some(step.as_str()),
            _ => None,
        });
        return chosen.map_or(0, |step| place(facts, step));
    }
    step.strip_prefix('s').and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn guarded(book: &Book, id: &AttemptId, guard: &Guard, against: bool) -> Option<String> {
    let step = id.work.step.as_str();
    let needed = match id.work.part {
        Part::Main if way(book, step) == Some(Way::Destroy) => 2,
        Part::Main if looks(book, step) && !against => 0,
        Part::Main | Part::Undo if against => 2,
        Part::Main | Part::Undo => 1,
        Part::Probe | Part::Question(_) | Part::Fence => 0,
    };
    let (strength, typed) = match guard {
        Guard::None => (0, None),
        Guard::Armed => (1, None),
        Guard::Typed { text } => (2, Some(text)),
        Guard::Witnessed { text, .. } => (3, Some(text)),
    };
    let target = if looks(book, step) { step.to_owned() } else { format!("{step}-t") };
    let wrong = strength < needed || typed.is_some_and(|typed| *typed != target);
    wrong.then(|| format!("{} under {guard:?}", id.slug()))
}

/// A step starts again only when that is declared safe, or is known to be, or is done against the rule on purpose.
fn repeated(book: &Book, before: &[Event], id: &AttemptId, against: bool) -> Option<String> {
    let step = id.work.step.as_str();
    if against || !matches!(id.work.part, Part::Main | Part::Undo) {
        return None;
    }
    let undone = word_of(book, before, step, &Part::Undo);
    let undone = matches!(undone, "verified" | "attested") && !open(book, before, step);
    let safe = repeat(book, step) == "safe";
    let allowed = match (word_of(book, before, step, &id.work.part), &id.work.part) {
        ("todo", _) => true,
        ("verified" | "attested", Part::Main) => safe || undone,
        ("FAILED", Part::Main) => {
            safe || undone || repeat(book, step) == "probe" && probe_allows(before, step)
        }
        _ => false,
    };
    (!allowed).then(|| format!("{} was started again", id.slug()))
}

/// The newest probe was run after the last try had ended, and found nothing, or a failure.
fn probe_allows(before: &[Event], step: &str) -> bool {
    for fact in before.iter().rev() {
        match fact {
            Event::AttemptEnded { id, outcome, .. }
                if id.work.step.as_str() == step && id.work.part == Part::Probe =>
            {
                let seen = matches!(outcome.ended, Ended::Exit { .. });
                return seen && matches!(outcome.answered, Some(2 | 3));
            }
            Event::AttemptIntended { id, .. }
                if id.work.step.as_str() == step && id.work.part == Part::Probe =>
            {
                return false;
            }
            Event::AttemptEnded { id, .. } | Event::AttemptLost { id, .. } if is_main(id, step) => {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// Before a change, the newest fence check passed, and nothing was tried since.
fn fenced(book: &Book, before: &[Event], id: &AttemptId) -> Option<String> {
    let step = id.work.step.as_str();
    let changes = id.work.part == Part::Undo || id.work.part == Part::Main && !looks(book, step);
    if !book.fence || !changes {
        return None;
    }
    for fact in before.iter().rev() {
        match fact {
            Event::AttemptEnded { id, outcome, .. }
                if id.work.step.as_str() == step && id.work.part == Part::Fence =>
            {
                return (end(outcome) != End::Good)
                    .then(|| format!("{step} starts though its fence did not pass"));
            }
            Event::AttemptIntended { id, .. } | Event::Ticked { id, .. }
                if id.work.step.as_str() == step && id.work.part != Part::Probe =>
            {
                break;
            }
            _ => {}
        }
    }
    Some(format!("{step} starts though its fence was not checked"))
}

/// Returns the attempts that have no end yet.
pub fn living(facts: &[Event]) -> Vec<&AttemptId> {
    let mut living = Vec::new();
    for fact in facts {
        match fact {
            Event::AttemptIntended { id, .. } => living.push(id),
            Event::AttemptEnded { id, .. } | Event::AttemptLost { id, .. } => {
                living.retain(|of| *of != id);
            }
            _ => {}
        }
    }
    living
}

#[derive(PartialEq, Eq)]
enum End {
    Nothing,
    Good,
    Bad,
    Unseen,
}

fn end(outcome: &Outcome) -> End {
    let passed = outcome.verdicts.iter().all(|verdict| verdict.result == Judged::Passed);
    match outcome.ended {
        Ended::CouldNotStart { .. } | Ended::NeverReleased => End::Nothing,
        Ended::Exit { .. } if passed => End::Good,
        Ended::Exit { .. } => End::Bad,
        Ended::Signal { .. } | Ended::Timeout | Ended::Interrupted => End::Unseen,
    }
}

fn intended(facts: &[Event], before: usize, id: &AttemptId) -> usize {
    let is = |fact: &Event| matches!(fact, Event::AttemptIntended { id: of, .. } if of == id);
    facts[..before].iter().rposition(is).unwrap()
}

fn attempt_of(fact: &Event) -> Option<&AttemptId> {
    match fact {
        Event::AttemptIntended { id, .. }
        | Event::AttemptStarted { id, .. }
        | Event::AttemptEnded { id, .. }
        | Event::AttemptLost { id, .. }
        | Event::StopRequested { id }
        | Event::AttemptSettled { id, .. }
        | Event::Ticked { id, .. } => Some(id),
        _ => None,
    }
}

fn is_main(id: &AttemptId, step: &str) -> bool {
    id.work.step.as_str() == step && id.work.part == Part::Main
}

fn is_undo(id: &AttemptId, step: &str) -> bool {
    id.work.step.as_str() == step && id.work.part == Part::Undo
}

fn way(book: &Book, step: &str) -> Option<Way> {
    let number: usize = step.strip_prefix('s')?.parse().ok()?;
    book.steps.get(number).map(|made| made.way)
}

fn looks(book: &Book, step: &str) -> bool {
    match way(book, step) {
        Some(way) => matches!(way, Way::Look | Way::Choose),
        None => step != "fix",
    }
}

fn repeat(book: &Book, step: &str) -> &'static str {
    let number: Option<usize> = step.strip_prefix('s').and_then(|number| number.parse().ok());
    match number.and_then(|at| book.steps.get(at)) {
        Some(made) if matches!(made.way, Way::Change | Way::Destroy) => made.repeat,
        Some(made) if made.way == Way::Look => "safe",
        Some(_) => "never",
        None if step == "fix" => "never",
        None => "safe",
    }
}
