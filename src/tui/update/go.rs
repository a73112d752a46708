//! `Enter` and `R`: the suggested thing, and the second key of a change.

use super::super::fields::{Accepts, Button, Field, Fields, Press, Purpose};
use super::super::look::Role;
use super::super::place::Place;
use super::super::sight::Sight;
use super::super::state::{Armed, Focus, Layer, State};
use super::{Ask, button, deeds, submit};
use crate::driver::Prepared;
use crate::engine::command::Command;
use crate::engine::deferral;
use crate::engine::event::{Guard, Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::next::Next;
use crate::engine::outline::Outline;
use crate::engine::plan::StepKind;
use crate::runbook::template::Text;
use crate::tui::layout;

/// Does the suggested thing of a place.
pub fn go(state: &mut State, sight: &dyn Sight, outline: &Outline, place: Place) -> Option<Ask> {
    match place {
        Place::Menu => {
            let Some(Layer::Menu(menu)) = state.layers.last() else { return None };
            let item = menu.items.get(menu.at)?.clone();
            deeds::choose(state, sight, outline, &item)
        }
        Place::Fields => enter_in_fields(state, sight),
        Place::Step | Place::ByHand => match &outline.next {
            Next::Start { work, .. } | Next::Tick { work, .. } => offer(state, sight, work),
            _ => None,
        },
        Place::Elsewhere => {
            state.looked = None;
            state.turn_page();
            None
        }
        Place::Values => {
            submit::ask_values(state, sight, outline);
            None
        }
        Place::Decision => {
            submit::ask_why(state, sight, outline);
            None
        }
        Place::Failed | Place::Unknown => {
            let item = deeds::choices(sight, outline).into_iter().nth(state.choice)?;
            deeds::choose(state, sight, outline, &item)
        }
        Place::Clear => {
            let Next::Clear { steps } = &outline.next else { return None };
            submit::ask_clear(state, steps.get(state.choice)?);
            None
        }
        Place::Close => Some(Ask::Do(Box::new(Command::Close))),
        Place::Running => {
            state.focus = Focus::Output;
            None
        }
        Place::Output => {
            state.focus = Focus::Text;
            None
        }
        Place::Closed if goes_on(outline) => Some(Ask::GoOn),
        Place::Closed | Place::Held => Some(Ask::Leave),
        Place::Ladder | Place::Note | Place::Edit | Place::Help | Place::Messages | Place::Tiny => {
            None
        }
    }
}

/// Tells whether a closed run goes on in another runbook.
pub fn goes_on(outline: &Outline) -> bool {
    outline.closed.as_ref().is_some_and(|closed| closed.continued_in.is_some())
}

/// `Space`: ticks what was said or done, if nothing but a tick is needed. It arms nothing and opens no guard.
pub fn tick(state: &mut State, sight: &dyn Sight, outline: &Outline) -> Option<Ask> {
    if let Next::Tick { work, guard: GuardNeeded::None, .. } = &outline.next {
        return offer(state, sight, work);
    }
    state.say(sight.now(), Role::Info, "This changes something: Enter opens its guard.");
    None
}

/// Brings work before its guard. What only looks and is on the screen starts at once.
pub fn offer(state: &mut State, sight: &dyn Sight, work: &Work) -> Option<Ask> {
    let run = sight.run();
    let now = sight.now();
    let guard = run.guard_needed(work).unwrap_or(GuardNeeded::None);
    let by_hand = run.by_hand(work);
    let prepared = match sight.prepare(work) {
        _ if by_hand => None,
        Ok(prepared) => Some(Box::new(prepared)),
        Err(why) => {
            state.say(now, Role::Warning, format!("Not yet: {why}."));
            return None;
        }
    };
    match guard {
        GuardNeeded::None if by_hand => Some(Ask::Do(Box::new(Command::Tick {
            work: work.clone(),
            guard: Guard::None,
            said: "done".into(),
        }))),
        GuardNeeded::None => {
            let prepared = prepared?;
            if on_screen(state, sight, work) {
                return Some(Ask::Start { prepared, guard: Guard::None, override_reason: None });
            }
            // Nothing runs that was not shown, not even what only looks.
            open_guard(state, sight, show_first(sight, prepared))
        }
        GuardNeeded::Armed => {
            arm(state, sight, prepared, work);
            None
        }
        GuardNeeded::Typed { target } => {
            let form = typed(sight, prepared, work, &target, false);
            open_guard(state, sight, form)
        }
        GuardNeeded::Witnessed { target } => {
            let form = typed(sight, prepared, work, &target, true);
            open_guard(state, sight, form)
        }
    }
}

/// Opens a guard; what does not fit has to be scrolled through before its last button works.
pub(super) fn open_guard(state: &mut State, sight: &dyn Sight, mut form: Fields) -> Option<Ask> {
    form.read = false;
    state.open(Layer::Fields(Box::new(form)));
    layout::see_guard(state, sight);
    None
}

/// Returns the work whose command the screen shows: what is armed, or what comes next.
pub fn shown_work(state: &State, outline: &Outline) -> Option<Work> {
    if let Some(armed) = &state.armed {
        return Some(armed.work.clone());
    }
    match &outline.next {
        Next::Start { work, .. } | Next::Tick { work, .. } => Some(work.clone()),
        Next::Answer { step, question } => {
            Some(Work { step: step.clone(), part: Part::Question(*question) })
        }
        Next::Unknown { id, .. } => Some(Work { step: id.work.step.clone(), part: Part::Probe }),
        _ => None,
    }
}

fn on_screen(state: &State, sight: &dyn Sight, work: &Work) -> bool {
    let outline = sight.run().outline();
    state.layers.is_empty()
        && state.looked.is_none()
        && shown_work(state, &outline).as_ref() == Some(work)
        && layout::command_end_shows(state, sight)
}

fn arm(state: &mut State, sight: &dyn Sight, prepared: Option<Box<Prepared>>, work: &Work) {
    state.layers.clear();
    state.looked = None;
    state.turn_page();
    state.focus = Focus::Text;
    state.unread = true;
    state.armed =
        Some(Armed { work: work.clone(), prepared, since: sight.now(), seen_to_end: false });
    see(state, sight);
    let seen = state.armed.as_ref().is_some_and(|armed| armed.seen_to_end);
    if !seen {
        state.focus = Focus::Command;
    }
    let how = if seen { "R runs it" } else { "scroll to its end, then R runs it" };
    state.say(sight.now(), Role::Armed, format!("Armed {work}: {how}. Nothing has run yet."));
}

/// Notes whether the last line of what is armed is, or was, on the screen.
pub fn see(state: &mut State, sight: &dyn Sight) {
    let end = layout::command_end_shows(state, sight);
    if let Some(armed) = &mut state.armed {
        armed.seen_to_end |= end;
    }
}

/// Runs what is armed.
pub fn run(state: &mut State, sight: &dyn Sight) -> Option<Ask> {
    let now = sight.now();
    let Some(armed) = &state.armed else {
        state.say(now, Role::Info, "Nothing is armed. Enter arms a change, then R runs it.");
        return None;
    };
    if !armed.seen_to_end {
        state.say(now, Role::Warning, "Read the command to its end first: ↓ scrolls it.");
        return None;
    }
    let armed = state.armed.take()?;
    Some(match armed.prepared {
        None => {
            let work = armed.work;
            Ask::Do(Box::new(Command::Tick { work, guard: Guard::Armed, said: "done".into() }))
        }
        Some(prepared) => Ask::Start { prepared, guard: Guard::Armed, override_reason: None },
    })
}

/// Runs the check or probe of this place, read only.
pub fn look(state: &mut State, sight: &dyn Sight, outline: &Outline) -> Option<Ask> {
    if let Next::Start { work, guard: GuardNeeded::None, .. } = &outline.next
        && in_preflight(sight, work)
    {
        submit::ask_check_all(state, sight);
        return None;
    }
    let part = match &outline.next {
        Next::Answer { step, question } => {
            Some(Work { step: step.clone(), part: Part::Question(*question) })
        }
        Next::Failed { id, .. } | Next::Unknown { id, .. } => {
            Some(Work { step: id.work.step.clone(), part: Part::Probe })
        }
        Next::Start { work, .. } => Some(Work { step: work.step.clone(), part: Part::Probe }),
        _ => None,
    };
    let work = part.filter(|work| sight.run().plan().has(work));
    let Some(work) = work else {
        state.say(sight.now(), Role::Info, "There is no check to run here.");
        return None;
    };
    offer(state, sight, &work)
}

/// Tells whether this is a check of preflight.
pub fn in_preflight(sight: &dyn Sight, work: &Work) -> bool {
    sight.run().plan().step(&work.step).is_some_and(|step| step.kind == StepKind::Need)
}

/// Says which part of which step this is, by number and in its own words.
fn named(sight: &dyn Sight, work: &Work) -> String {
    let run = sight.run();
    let Some(planned) = run.plan().step(&work.step) else { return work.to_string() };
    let number = &planned.number;
    let title = |text: &Text| text.render_known(&run.values());
    match &work.part {
        Part::Main => format!("{number} {}", title(&planned.step.title)),
        Part::Undo => {
            let undo = planned.undo().map_or(String::new(), |undo| title(&undo.title));
            format!("Undo {number}: {undo}")
        }
        Part::Probe => format!("Probe of {number} {}", title(&planned.step.title)),
        Part::Question(question) => format!("Check of {number}, question {question}"),
        Part::Fence => format!("Fence before {number}"),
    }
}

/// A read-only command that is not on the screen is shown before it runs.
fn show_first(sight: &dyn Sight, prepared: Box<Prepared>) -> Fields {
    let work = prepared.work.clone();
    let title = format!("{}   READ ONLY", named(sight, &work));
    Fields::new(Purpose::Guard { prepared: Some(prepared), work }, title, "Run it", Vec::new())
}

/// The lines of a guard. It opens on the harmless button.
pub(super) fn typed(
    sight: &dyn Sight,
    prepared: Option<Box<Prepared>>,
    work: &Work,
    target: &str,
    witness: bool,
) -> Fields {
    let run = sight.run();
    let words = Accepts::Words { optional: false };
    let aim = run.target(work);
    let mut fields =
        vec![Field::new("name", asks_for(aim.as_deref()), Accepts::Exactly(target.into()))];
    let against = run.against_the_rule(work);
    if against.is_some() {
        fields.push(Field::new("override", "Why all the same, in one line", words.clone()));
    }
    if witness {
        fields.push(Field::new("reason", "Why now, in one line", words.clone()));
        fields.push(Field::new("witness", "Witness who heard WHAT and WHERE read aloud", words));
    }
    let mut form = Fields::new(
        Purpose::Guard { prepared, work: work.clone() },
        named(sight, work),
        &aim.map_or("Run it".into(), |aim| format!("Run it on {aim}")),
        fields,
    );
    form.lead.extend(against.map(|why| format!("AGAINST THE RULE  {why}")));
    let cancel = Button { words: "Cancel".into(), press: Press::Cancel };
    let go = form.buttons.remove(0);
    form.buttons = vec![cancel];
    if witness {
        let offer = deferral::offer(run, sight.now());
        let words = offer.map_or("Put it off".into(), |offer| format!("Defer to {}", offer.when()));
        form.buttons.push(Button { words, press: Press::Defer });
    }
    form.buttons.push(go);
    form.at = form.lines.len();
    form
}

/// Says what to type: the target, or the step's own name where it has none.
fn asks_for(target: Option<&str>) -> &'static str {
    match target {
        Some(_) => "Type the target's name (typed, not pasted)",
        None => "Type the step's name (typed, not pasted)",
    }
}

/// `Enter` in typed lines: the next line, or the button that has the keys.
fn enter_in_fields(state: &mut State, sight: &dyn Sight) -> Option<Ask> {
    let Some(Layer::Fields(fields)) = state.layers.last_mut() else { return None };
    if let Some(pressed) = fields.button().map(|button| button.press) {
        return button(state, sight, pressed);
    }
    let guard = matches!(fields.purpose, Purpose::Guard { .. });
    let last = fields.at + 1 == fields.lines.len();
    if !last || guard {
        // The name is checked where it was typed; a guard's button is never pressed from a line.
        let now = sight.now();
        let at = fields.at;
        let problem = fields.lines[at].value(now).err();
        fields.lines[at].problem.clone_from(&problem);
        if problem.is_some() {
            return None;
        }
        if last {
            // Enter that is held down must not come upon the button that runs it.
            state.say(now, Role::Info, "Tab goes on to the button that runs it.");
        } else {
            fields.step(true);
        }
        return None;
    }
    submit::submit(state, sight)
}
