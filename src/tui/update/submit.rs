//! Lines to be typed: opened for a purpose, and what becomes of them when they are complete.

use super::super::fields::{Accepts, Field, Fields, Press, Purpose};
use super::super::keymap::Action;
use super::super::look::Role;
use super::super::sight::Sight;
use super::super::state::{Layer, State};
use super::{Ask, OutputWish, edit};
use crate::engine::command::Command;
use crate::engine::deferral;
use crate::engine::event::{AttemptId, Given, Guard, Part, Proof, SettledAs, Source, Work};
use crate::engine::next::Next;
use crate::engine::onward::{leads_instead, leads_to};
use crate::engine::outline::{OpenChange, Outline};
use crate::engine::plan::StepKind;
use crate::runbook::model::{Answer, StepId, StopAs};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// Opens lines; a text that was begun for the same purpose stands in them again.
fn open(state: &mut State, mut fields: Fields) {
    if let Some(at) = state.drafts.iter().position(|kept| kept.same_as(&fields)) {
        let kept = state.drafts.remove(at);
        for (field, before) in fields.lines.iter_mut().zip(&kept.lines) {
            field.fill(&before.typed());
        }
    }
    state.open(Layer::Fields(Box::new(fields)));
}

fn reason(purpose: Purpose, title: &str, label: &str, go: &str) -> Fields {
    let field = Field::new("reason", label, Accepts::Words { optional: false });
    Fields::new(purpose, title, go, vec![field])
}

/// Asks for the values that a step wants.
pub fn ask_values(state: &mut State, sight: &dyn Sight, outline: &Outline) {
    let Next::Give { step, names } = &outline.next else { return };
    let Some(planned) = sight.run().plan().step(step) else { return };
    let run = sight.run();
    let known = run.values();
    let wanted = planned.step.ask.iter().filter(|d| names.contains(&d.name.value));
    let field = |asked| Field::of(&run.asked(asked), &known, run.no_list(asked));
    let fields = wanted.map(field).collect();
    let title = format!("{} {}", planned.number, planned.step.title.render_known(&known));
    open(state, Fields::new(Purpose::Give { step: step.clone() }, title, "Give", fields));
}

/// Asks how an answer is known; what the check says stands there already.
pub fn ask_evidence(state: &mut State, sight: &dyn Sight, outline: &Outline, action: Action) {
    let Next::Answer { step, question } = &outline.next else { return };
    let (answer, word) = match action {
        Action::Yes => (Answer::Yes, "YES"),
        Action::No => (Answer::No, "NO"),
        _ => (Answer::Unsure, "UNSURE"),
    };
    let run = sight.run();
    let purpose = Purpose::Answer { step: step.clone(), question: *question, answer };
    let title = format!("Question {question}: {word}");
    let mut fields = reason(purpose, &title, "How do you know", "Answer");
    if run.suggested(step, *question) == Some(answer) {
        let check = Work { step: step.clone(), part: Part::Question(*question) };
        let tries = run.attempts(&check).len();
        fields.lines[0].fill(&format!("check {tries} of question {question} says so"));
    }
    let planned = run.plan().step(step).and_then(|planned| planned.decision());
    let asked =
        planned.and_then(|decide| decide.ladder.get((*question as usize).saturating_sub(1)));
    if let Some(text) = asked.and_then(|asked| asked.not_enough.as_ref()) {
        fields.lead.push(format!("NOT ENOUGH  {}", text.render_known(&run.values())));
    }
    open(state, fields);
}

/// Asks why the marked outcome is chosen.
pub fn ask_why(state: &mut State, sight: &dyn Sight, outline: &Outline) {
    let Next::Decide { step, expected } = &outline.next else { return };
    let Some(planned) = sight.run().plan().step(step) else { return };
    let Some(outcome) = planned.decision().and_then(|decide| decide.outcomes.get(state.choice))
    else {
        return;
    };
    let name = outcome.name.value.clone();
    let differs = expected.as_ref().is_some_and(|expected| *expected != name);
    let purpose = Purpose::Decide { step: step.clone(), outcome: name.clone() };
    let go = format!("Accept {name}");
    let mut fields = reason(purpose, &format!("Decide: {name}"), "Why, in your words", &go);
    if let Some(then) = &outcome.then {
        fields
            .lead
            .push(format!("THEN  {}.", leads_to(sight.run(), then, &|name| sight.elsewhere(name))));
    }
    if differs {
        let expected = expected.clone().unwrap_or_default();
        fields.lead.push(format!(
            "The runbook comes to {expected}. This is a deviation and needs its reason."
        ));
    }
    open(state, fields);
}

/// Asks how it is known, unless a probe has said it; then what is missing of its captures.
pub fn ask_settle(
    state: &mut State,
    sight: &dyn Sight,
    id: &AttemptId,
    as_: SettledAs,
) -> Option<Ask> {
    let run = sight.run();
    if let Some(probe) = run.proof(id, as_) {
        return Some(Ask::Do(Box::new(Command::Settle {
            id: id.clone(),
            as_,
            proof: Proof::Verified,
            probe: Some(probe),
            captures: BTreeMap::new(),
        })));
    }
    let word = match as_ {
        SettledAs::Done => "it is done",
        SettledAs::NotStarted => "it did not happen",
        SettledAs::Failed => "it failed",
    };
    let purpose = Purpose::Settle { id: id.clone(), as_ };
    let mut fields = reason(purpose, &format!("{}: {word}", id.work), "How do you know", "Settle");
    if as_ == SettledAs::Done {
        fields.lines.extend(captures(sight, &id.work.step));
    }
    open(state, fields);
    None
}

fn captures(sight: &dyn Sight, step: &StepId) -> Vec<Field> {
    let names = sight.run().captures_needed(step);
    let field = |name: &String| {
        Field::new(
            name,
            &format!("{name} (a later step needs it)"),
            Accepts::Words { optional: false },
        )
    };
    names.iter().map(field).collect()
}

/// Asks why a step is left out.
pub fn ask_skip(state: &mut State, sight: &dyn Sight, step: &StepId) {
    let mut fields = reason(
        Purpose::Skip { step: step.clone() },
        &format!("Skip {step}"),
        "Why is it left out",
        "Skip",
    );
    fields.lead.push("Recorded as a deviation.".into());
    fields.lines.extend(captures(sight, step));
    open(state, fields);
}

/// Asks how what a step raised was cleared.
pub fn ask_clear(state: &mut State, step: &StepId) {
    let purpose = Purpose::Clear { step: step.clone() };
    open(
        state,
        reason(purpose, &format!("Clear what {step} raised"), "How was it cleared", "Clear"),
    );
}

/// Asks how a change of a run before was taken back by hand, or why it stays.
pub fn ask_taken_over(state: &mut State, outline: &Outline, run: &str, step: &StepId) {
    let Some(open) = outline.taken_over.iter().find(|open| open.is(run, step)) else { return };
    let purpose = Purpose::SettleTakenOver { run: run.to_owned(), step: step.clone() };
    let title = format!("Settle {}", open.handle());
    let mut fields =
        reason(purpose, &title, "How was it taken back, or why does it stay", "Settle");
    fields.lead.push(format!("{open}; {}.", open.way_back()));
    fields.lead.push("Nothing is run: what you say is recorded.".into());
    self::open(state, fields);
}

/// Asks why the run is put on hold.
pub fn ask_hold(state: &mut State) {
    let mut fields = reason(Purpose::Hold, "Hold the run", "Why", "Hold and leave");
    fields.lead.push("The incident clock goes on. rutter resume takes it up again.".into());
    open(state, fields);
}

/// Asks why the run is stopped; what stays open is listed.
pub fn ask_stop(state: &mut State, outline: &Outline) {
    let mut fields = reason(Purpose::Stop, "Stop this run", "Why", "Stop the run");
    fields.lead.extend(stays_open(outline));
    open(state, fields);
}

/// Says what stays open when the run ends now, its own changes and those of the runs before it.
fn stays_open(outline: &Outline) -> Vec<String> {
    let named = |open: &OpenChange| {
        let said = format!("{} {}  {}", open.number, open.title, open.typed());
        said.trim_end().to_owned()
    };
    let own = outline.open_changes.iter().map(named);
    let all = own.chain(outline.taken_over.iter().map(ToString::to_string));
    all.map(|said| format!("STAYS OPEN  {said}")).collect()
}

/// Asks why another runbook is the right one; what stays open is listed.
pub fn ask_go_on(state: &mut State, sight: &dyn Sight, outline: &Outline, runbook: &str) {
    let purpose = Purpose::GoOn { runbook: runbook.to_owned() };
    let title = format!("Go on in {runbook}");
    let mut fields = reason(purpose, &title, "Why", "End here, go on there");
    let leads = leads_instead(sight.run(), runbook, &|name| sight.elsewhere(name));
    fields.lead.push(format!("THEN  {leads}."));
    fields.lead.extend(stays_open(outline));
    open(state, fields);
}

/// Asks for a secret.
pub fn ask_secret(state: &mut State, name: &str, prompt: &str) {
    let field = Field::new(name, prompt, Accepts::Secret);
    let purpose = Purpose::Secret { name: name.to_owned() };
    let mut fields = Fields::new(purpose, format!("Secret {name}"), "Use it", vec![field]);
    fields.lead.push("Held in memory for this run; never shown, never written.".into());
    open(state, fields);
}

/// Asks what to look for.
pub fn ask_search(state: &mut State) {
    let field = Field::new("pattern", "Look for", Accepts::Words { optional: true });
    open(state, Fields::new(Purpose::Search, "Search the output", "Search", vec![field]));
}

/// Shows every check of preflight that is left, before they run one after another.
pub fn ask_check_all(state: &mut State, sight: &dyn Sight) {
    let run = sight.run();
    let left = run
        .plan()
        .steps()
        .iter()
        .filter(|step| step.kind == StepKind::Need && !run.state(&step.id).is_settled());
    let mut fields =
        Fields::new(Purpose::CheckAll, "Preflight, read only", "Check all", Vec::new());
    fields.lead.push("Each runs after the other; the first that does not hold ends it.".into());
    for step in left {
        let work = Work { step: step.id.clone(), part: Part::Main };
        if let Ok(prepared) = sight.prepare(&work) {
            let shown = prepared.shown.replace('\n', "; ");
            fields.lead.push(format!("{}  {}", step.number, crate::screen::strict(&shown)));
        }
    }
    open(state, fields);
}

/// Asks why the step is put off, where its runbook offers that.
pub fn ask_defer(state: &mut State, sight: &dyn Sight) -> bool {
    let Some(offer) = deferral::offer(sight.run(), sight.now()) else { return false };
    if let Some(refused) = &offer.refused {
        state.say(sight.now(), Role::Warning, format!("Not now: {refused}."));
        return true;
    }
    let title = format!("Put {} off until {}", offer.step, offer.when());
    let go = format!("Defer to {}", offer.when());
    let costs = offer.costs();
    let purpose = Purpose::Defer { step: offer.step, due: offer.due };
    let mut fields = reason(purpose, &title, "Why does it wait", &go);
    fields.lead.push(offer.why);
    fields
        .lead
        .push("Nothing is done now. It is due then, and the run can close without it.".into());
    fields.lead.extend(costs);
    open(state, fields);
    true
}

/// Puts an irreversible step off from its guard: as its runbook offers, or else by leaving it out with the reason.
pub fn defer(state: &mut State, sight: &dyn Sight) {
    let Some(Layer::Fields(fields)) = state.layers.pop() else { return };
    let Purpose::Guard { work, .. } = fields.purpose else { return };
    if ask_defer(state, sight) {
        return;
    }
    let mut later = reason(
        Purpose::Skip { step: work.step.clone() },
        &format!("Put {} off", work.step),
        "Until when, and why",
        "Put it off",
    );
    later
        .lead
        .push("Nothing is done now. Recorded as a deviation; write down who does it when.".into());
    open(state, later);
}

/// Saves a note.
pub fn note(state: &mut State, sight: &dyn Sight) -> Option<Ask> {
    let Some(Layer::Note(note)) = state.layers.last() else { return None };
    let (text, kind) = (note.words(), note.kind().to_owned());
    if text.is_empty() {
        state.say(sight.now(), Role::Warning, "The note is empty: type it first, or Esc closes.");
        return None;
    }
    state.layers.pop();
    Some(Ask::Do(Box::new(Command::Note { text, kind, inbox: None, from: None })))
}

/// Does what complete lines are for.
pub fn submit(state: &mut State, sight: &dyn Sight) -> Option<Ask> {
    let now = sight.now();
    let Some(Layer::Fields(fields)) = state.layers.last_mut() else { return None };
    if !fields.read {
        state.say(now, Role::Warning, "Read it to its end first: ↓ scrolls it.");
        return None;
    }
    if !fields.check(now) {
        let problem = fields.field().and_then(|field| field.problem.clone()).unwrap_or_default();
        state.say(now, Role::Warning, format!("Not yet: {problem}."));
        return None;
    }
    let Some(Layer::Fields(fields)) = state.layers.pop() else { return None };
    asked(&fields, now)
}

/// Returns what complete lines ask for.
fn asked(fields: &Fields, now: DateTime<Utc>) -> Option<Ask> {
    let reason = fields.get("reason", now);
    let others = || -> BTreeMap<String, String> {
        let fields_but = fields.lines.iter().filter(|field| field.name != "reason");
        fields_but.map(|field| (field.name.clone(), fields.get(&field.name, now))).collect()
    };
    let command = match &fields.purpose {
        Purpose::Give { step } => {
            let value = |field: &Field| {
                let value = field.value(now).ok().filter(|value| !value.is_empty())?;
                Some((field.name.clone(), Given { value, source: Source::Operator }))
            };
            Command::Give {
                step: step.clone(),
                values: fields.lines.iter().filter_map(value).collect(),
            }
        }
        Purpose::Guard { prepared, work } => {
            return Some(guarded(fields, prepared.as_deref(), work, now));
        }
        Purpose::Answer { step, question, answer } => Command::Answer {
            step: step.clone(),
            question: *question,
            answer: *answer,
            why: reason,
        },
        Purpose::Decide { step, outcome } => {
            Command::Decide { step: step.clone(), outcome: outcome.clone(), why: reason }
        }
        Purpose::Settle { id, as_ } => Command::Settle {
            id: id.clone(),
            as_: *as_,
            proof: Proof::Attested { how: reason },
            probe: None,
            captures: others(),
        },
        Purpose::Skip { step } => Command::Skip { step: step.clone(), reason, captures: others() },
        Purpose::Defer { step, due } => {
            Command::Defer { step: step.clone(), due: due.clone(), reason }
        }
        Purpose::Clear { step } => Command::Clear { step: step.clone(), how: reason },
        Purpose::SettleTakenOver { run, step } => {
            Command::SettleTakenOver { run: run.clone(), step: step.clone(), how: reason }
        }
        Purpose::Hold => return Some(Ask::DoAndLeave(Box::new(Command::Hold { reason }))),
        Purpose::Stop => Command::Stop { as_: StopAs::Failed, reason },
        Purpose::GoOn { runbook } => Command::GoOn { runbook: runbook.clone(), reason },
        Purpose::Secret { name } => {
            let value = SecretString::from(fields.lines.first()?.typed());
            return Some(Ask::Secret { name: name.clone(), value });
        }
        Purpose::CheckAll => return Some(Ask::CheckAll),
        Purpose::Search => {
            return Some(Ask::Output(OutputWish::Search(fields.get("pattern", now))));
        }
    };
    Some(Ask::Do(Box::new(command)))
}

/// Returns what a passed guard asks for.
fn guarded(
    fields: &Fields,
    prepared: Option<&crate::driver::Prepared>,
    work: &Work,
    now: DateTime<Utc>,
) -> Ask {
    let has = |name: &str| fields.lines.iter().any(|field| field.name == name);
    let get = |name: &str| fields.get(name, now);
    let guard = match (has("name"), has("witness")) {
        (false, _) => Guard::None,
        (true, false) => Guard::Typed { text: get("name") },
        (true, true) => {
            Guard::Witnessed { text: get("name"), reason: get("reason"), witness: get("witness") }
        }
    };
    match prepared {
        Some(prepared) => {
            let mut prepared = Box::new(prepared.clone());
            if let Some(edited) = &mut prepared.edited {
                edited.why = get(edit::WHY);
            }
            let override_reason = has("override").then(|| get("override"));
            Ask::Start { prepared, guard, override_reason }
        }
        None => Ask::Do(Box::new(Command::Tick { work: work.clone(), guard, said: "done".into() })),
    }
}

/// Tells whether a press may be the last one of a guard; the draw marks its button so.
pub fn ready(fields: &Fields, press: Press, now: DateTime<Utc>) -> bool {
    press != Press::Go || (fields.read && fields.complete(now))
}
