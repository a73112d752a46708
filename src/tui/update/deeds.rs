//! Lists of what can be done, and what choosing leads to.

use super::super::look::Role;
use super::super::sight::Sight;
use super::super::state::{Deed, Item, Layer, Menu, State};
use super::{Ask, edit, go, submit};
use crate::engine::choices::{Choice, Does};
use crate::engine::command::{Command, Refusal};
use crate::engine::deferral;
use crate::engine::event::{AttemptId, Part, SettledAs, Work};
use crate::engine::next::Next;
use crate::engine::onward::{instead, is_before_first};
use crate::engine::outline::Outline;
use crate::engine::run::Run;
use crate::runbook::model::Hazard;

/// Lists the choices of a failure or an unknown outcome; always the same ones in the same order.
pub fn choices(sight: &dyn Sight, outline: &Outline) -> Vec<Item> {
    let (Next::Failed { id, choices } | Next::Unknown { id, choices }) = &outline.next else {
        return Vec::new();
    };
    choices.iter().map(|choice| item(sight, id, choice)).collect()
}

fn item(sight: &dyn Sight, id: &AttemptId, choice: &Choice) -> Item {
    let plan = sight.run().plan();
    let number = |step| plan.step(step).map_or(String::new(), |step| step.number.clone());
    let here = number(&id.work.step);
    let proved = |as_| sight.run().proof(id, as_).is_some();
    let edited = sight.run().attempt(id).is_some_and(|attempt| attempt.edited.is_some());
    let words = match &choice.does {
        Does::Check if proved(SettledAs::Done) => format!("The probe says {here} is done: accept"),
        Does::Done if proved(SettledAs::Done) => "It is done: accept the probe's answer".into(),
        Does::NotStarted if proved(SettledAs::NotStarted) => {
            "It did not happen: accept the probe's answer".into()
        }
        Does::Fix(Some(fix)) => format!("Do fix {}, then {here} again", number(fix)),
        Does::Fix(None) => "Do a known fix first".into(),
        Does::Retry if edited => format!("Retry {here} as the runbook has it"),
        Does::Retry => format!("Retry {here} as it is"),
        Does::Edit => "Edit the command and retry".into(),
        Does::Check => format!("I fixed it outside; check {here}"),
        Does::Elsewhere => "Go on in another runbook…".into(),
        Does::Undo => "Undo back to…".into(),
        Does::Skip => format!("Skip {here}…"),
        Does::Hold => "Hold and call for help…".into(),
        Does::Stop => "Stop this run…".into(),
        Does::Probe => "Run the probe".into(),
        Does::Done => "I looked: it is done".into(),
        Does::StillGoing => "I looked: it is still going".into(),
        Does::NotStarted => "I looked: it did not happen".into(),
        Does::LeaveUnknown => "Leave it unknown and go on…".into(),
        Does::Anyway if edited => format!("Start {here} anyway, as the runbook has it…"),
        Does::Anyway => format!("Start {here} again anyway…"),
    };
    Item {
        words,
        note: choice.note.clone(),
        refused: choice.refused.clone(),
        deed: deed_of(sight, id, &choice.does),
    }
}

/// Returns what a choice leads to.
pub fn deed_of(sight: &dyn Sight, id: &AttemptId, does: &Does) -> Deed {
    let step = id.work.step.clone();
    let probe = Work { step: step.clone(), part: Part::Probe };
    let has_probe = sight.run().plan().has(&probe);
    match does {
        Does::Fix(Some(fix)) => Deed::Fix { step, fix: fix.clone() },
        Does::Retry | Does::Anyway => Deed::Offer(id.work.clone()),
        // What the probe has said already is accepted, not asked again.
        Does::Check if !has_probe || sight.run().proof(id, SettledAs::Done).is_some() => {
            Deed::Settle { id: id.clone(), as_: SettledAs::Done }
        }
        Does::Check | Does::Probe | Does::StillGoing => Deed::Offer(probe),
        Does::Undo => Deed::Undo,
        Does::Elsewhere => Deed::Elsewhere,
        Does::Skip => Deed::Skip(step),
        Does::Hold => Deed::Hold,
        Does::Stop => Deed::Stop,
        Does::Done => Deed::Settle { id: id.clone(), as_: SettledAs::Done },
        Does::NotStarted => Deed::Settle { id: id.clone(), as_: SettledAs::NotStarted },
        Does::Edit => Deed::Edit(id.work.clone()),
        Does::Fix(None) | Does::LeaveUnknown => Deed::Stay,
    }
}

/// Lists everything that can be done with the current step.
pub fn menu(sight: &dyn Sight, outline: &Outline) -> Menu {
    let run = sight.run();
    let mut items = Vec::new();
    let mut add = |words: &str, note: &str, refused: Option<&str>, deed| {
        items.push(Item {
            words: words.into(),
            note: note.into(),
            refused: refused.map(ToOwned::to_owned),
            deed,
        });
    };
    let running = outline.running.first();
    if let Some(offer) = deferral::offer(run, sight.now()) {
        let words = format!("Put it off until {}…", offer.when());
        let refused = offer.refused.as_ref().map(ToString::to_string);
        add(&words, "nothing is done now; no deviation", refused.as_deref(), Deed::Defer);
    }
    if let Some(step) = &outline.current {
        let probe = Work { step: step.clone(), part: Part::Probe };
        let none = (!run.plan().has(&probe)).then_some("no probe is written for this step");
        add("Run the probe", "read only: did it happen?", none, Deed::Offer(probe));
        let own = Work { step: step.clone(), part: Part::Main };
        let offered = matches!(&outline.next, Next::Start { work, .. } if *work == own);
        let waits = matches!(run.in_the_way_of_edit(&own), Some(Refusal::EditedWait { .. }));
        let none = match (offered, waits) {
            (false, _) => Some("no command waits to be started"),
            (true, true) => Some("a wait repeats it by itself"),
            (true, false) => None,
        };
        add("Edit the command…", "recorded as a deviation", none, Deed::Edit(own));
        let busy = running.map(|_| "it is running");
        add("Skip this step…", "reason needed; a deviation", busy, Deed::Skip(step.clone()));
    }
    let none = (outline.changes_open() == 0).then_some("no change is open");
    add("Undo an open change…", "each under its own guard", none, Deed::Undo);
    for due in &outline.deferred {
        let words = format!("Take up {} {}", due.number, due.title);
        let busy = running.map(|_| "a command is running");
        add(&words, "put off; to do again, starts nothing", busy, Deed::TakeUp(due.step.clone()));
    }
    if !instead(run).is_empty() {
        let about = "ends this run; for when it is the wrong one";
        add("Go on in another runbook…", about, None, Deed::Elsewhere);
    }
    for raised in &outline.raised {
        let words = format!("Clear: {}", raised.note);
        add(&words, "say how", None, Deed::Clear(raised.step.clone()));
    }
    match running {
        Some(id) => {
            add("Interrupt the command", interrupted(run, id), None, Deed::Interrupt(id.clone()));
        }
        None => add("Interrupt the command", "", Some("nothing is running"), Deed::Stay),
    }
    add("Write a note", "", None, Deed::Note);
    add("Read the messages", "what the message line said", None, Deed::Messages);
    add("Hold…", "stop on purpose for now; reason needed", None, Deed::Hold);
    add("Stop this run…", "ends it; what is open is listed", None, Deed::Stop);
    add("Leave", "the run and its commands go on", None, Deed::Leave);
    Menu { title: "What can be done".into(), lead: Vec::new(), items, at: 0 }
}

/// Says what becomes of a command that is interrupted.
fn interrupted(run: &Run, id: &AttemptId) -> &'static str {
    match run.attempt(id).map(|attempt| attempt.hazard) {
        Some(Hazard::Read) => "it only reads: nothing is left half done",
        _ => "an interrupted change is UNKNOWN",
    }
}

/// Lists the open changes, newest first, with their ways back.
fn undo_menu(sight: &dyn Sight, outline: &Outline) -> Menu {
    let items = outline.open_changes.iter().map(|open| {
        let work = Work { step: open.step.clone(), part: Part::Undo };
        let refused = match (&open.undo, &open.no_undo) {
            (Some(_), _) => None,
            (None, Some(why)) => Some(format!("there is no way back: {why}")),
            (None, None) => Some("no way back is written".into()),
        };
        let on = open.target.as_ref().map_or(String::new(), |target| format!(" on {target}"));
        Item {
            words: format!("{} {}{on}", open.number, open.title),
            note: match (&open.undo, open.edited.is_empty()) {
                (None, _) => String::new(),
                (Some(undo), true) => format!("undo: {undo}"),
                (Some(undo), false) => format!("undo: {undo}; not written for your command"),
            },
            refused: refused.filter(|_| sight.run().plan().step(&open.step).is_some()),
            deed: Deed::Offer(work),
        }
    });
    let mut lead =
        vec!["Newest first. Each has its own guard; choosing one starts nothing.".to_owned()];
    // The run that made it is closed: its way back is shown in full, and can only be gone by hand.
    let before = outline.taken_over.iter();
    lead.extend(before.map(|open| format!("ALSO OPEN  {open}; {}", open.way_back())));
    let mut items: Vec<Item> = items.collect();
    items.extend(outline.taken_over.iter().map(|open| Item {
        words: format!("Settle {} {}…", open.short(), open.number),
        note: "say how it was taken back, or why it stays".into(),
        refused: None,
        deed: Deed::SettleTakenOver { run: open.run.clone(), step: open.step.clone() },
    }));
    Menu { title: "Undo an open change".into(), lead, items, at: 0 }
}

/// Lists the other runbooks that this one names, and when each is the right one.
fn elsewhere(sight: &dyn Sight) -> Menu {
    let item = |(when, runbook): (&str, &str)| Item {
        words: when.to_owned(),
        note: format!("ends this run, goes on in {runbook}"),
        refused: None,
        deed: Deed::GoOn(runbook.to_owned()),
    };
    Menu {
        title: "This is the wrong runbook".into(),
        lead: vec!["Choosing one asks for a reason first.".into()],
        items: instead(sight.run()).into_iter().map(item).collect(),
        at: 0,
    }
}

/// Tells whether the screen offers another runbook by a key of its own: before the first step, where one is named.
pub fn offers_instead(sight: &dyn Sight) -> bool {
    is_before_first(sight.run()) && !instead(sight.run()).is_empty()
}

/// Opens the list of other runbooks, where there are some.
pub fn ask_elsewhere(state: &mut State, sight: &dyn Sight) {
    if instead(sight.run()).is_empty() {
        state.say(sight.now(), Role::Info, "This runbook names no other to take instead.");
    } else {
        state.open(Layer::Menu(elsewhere(sight)));
    }
}

/// Does what an item leads to.
pub fn choose(state: &mut State, sight: &dyn Sight, outline: &Outline, item: &Item) -> Option<Ask> {
    let now = sight.now();
    if let Some(why) = &item.refused {
        state.say(now, Role::Warning, format!("Not now: {why}."));
        return None;
    }
    if matches!(state.layers.last(), Some(Layer::Menu(_))) {
        state.layers.pop();
    }
    match &item.deed {
        Deed::Stay => None,
        Deed::Leave => Some(Ask::Leave),
        Deed::Hold => {
            submit::ask_hold(state);
            None
        }
        Deed::Stop => {
            submit::ask_stop(state, outline);
            None
        }
        Deed::Interrupt(id) => Some(Ask::Interrupt(id.clone())),
        Deed::Offer(work) => go::offer(state, sight, work),
        Deed::Edit(work) => {
            edit::open(state, sight, work);
            None
        }
        Deed::Undo => {
            state.open(Layer::Menu(undo_menu(sight, outline)));
            None
        }
        Deed::Elsewhere => {
            ask_elsewhere(state, sight);
            None
        }
        Deed::GoOn(runbook) => {
            submit::ask_go_on(state, sight, outline, runbook);
            None
        }
        Deed::Defer => {
            submit::ask_defer(state, sight);
            None
        }
        Deed::TakeUp(step) => Some(Ask::Do(Box::new(Command::TakeUp { step: step.clone() }))),
        Deed::Skip(step) => {
            submit::ask_skip(state, sight, step);
            None
        }
        Deed::Fix { step, fix } => {
            Some(Ask::Do(Box::new(Command::Fix { step: step.clone(), fix: fix.clone() })))
        }
        Deed::Settle { id, as_ } => submit::ask_settle(state, sight, id, *as_),
        Deed::Clear(step) => {
            submit::ask_clear(state, step);
            None
        }
        Deed::SettleTakenOver { run, step } => {
            submit::ask_taken_over(state, outline, run, step);
            None
        }
        Deed::Note => {
            let note = state.note.take().unwrap_or_default();
            state.open(Layer::Note(Box::new(note)));
            None
        }
        Deed::Messages => {
            state.open(Layer::Messages { top: usize::MAX });
            None
        }
    }
}
