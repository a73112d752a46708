//! What the panes of a run say: the text of the step, and the command that would run.

use super::look::{Role, hazard_role};
use super::prose::Prose;
use super::sight::Sight;
use super::state::State;
use super::update::{choices, shown_work};
use crate::driver::{CannotPrepare, expect_words};
use crate::engine::deferral;
use crate::engine::event::{Part, Work};
use crate::engine::next::Next;
use crate::engine::onward::instead;
use crate::engine::outline::Outline;
use crate::engine::plan::PlanStep;
use crate::engine::state::StepState;
use crate::line::{span, whom};
use crate::outcome::{Ended, Judged, Outcome};
use crate::runbook::model::{Act, Decide, Hazard, Leads, Step, Values};
use crate::runbook::template::Text;

mod ended;
mod guard;
mod ladder;

pub use ended::{how, meaning_word, minutes};
pub use guard::{guard, guard_hazard};
pub use ladder::{answer_word, expected_choice};

/// The step whose text is shown: the one that is looked at, else the current one, else the armed one's.
pub fn step<'a>(state: &State, sight: &'a dyn Sight) -> Option<&'a PlanStep> {
    let plan = sight.run().plan();
    if let Some(armed) = &state.armed {
        return plan.step(&armed.work.step);
    }
    match &state.looked {
        Some(looked) => plan.step(looked),
        None => sight.run().current(),
    }
}

/// The title of the text pane.
pub fn title(state: &State, sight: &dyn Sight) -> String {
    let outline = sight.run().outline();
    let values = sight.run().values();
    let named = step(state, sight).map_or(String::new(), |step| {
        format!("{} {}", step.number, step.step.title.render_known(&values))
    });
    if state.armed.is_some() || state.looked.is_some() {
        return named;
    }
    match &outline.next {
        Next::Failed { id, .. } => format!("{named} {}", ended::heading(sight, id)),
        Next::Unknown { .. } => format!("{named}   OUTCOME UNKNOWN"),
        Next::Close => "Every step is settled".into(),
        Next::Clear { .. } => "Still to be cleared".into(),
        Next::Closed(_) => "The run is closed".into(),
        Next::Held { .. } => "The run is on hold".into(),
        _ => named,
    }
}

/// The word at the right of the text pane's title.
pub fn aside(state: &State, sight: &dyn Sight) -> (String, Role) {
    match step(state, sight) {
        Some(planned) => match typed(sight, planned).filter(|_| state.armed.is_none()) {
            Some(hazard) => {
                (format!("EDITED, {}", hazard.to_string().to_uppercase()), hazard_role(hazard))
            }
            None => (hazard_word(&planned.step), hazard_role(planned.step.hazard)),
        },
        None => (String::new(), Role::Text),
    }
}

/// The hazard of what a person typed for a step, when that is how it stands.
fn typed(sight: &dyn Sight, planned: &PlanStep) -> Option<Hazard> {
    let rows = sight.run().outline().rows;
    rows.into_iter().find(|row| row.id == planned.id && row.edited).map(|row| row.hazard)
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

/// The text of the step, or of what the run needs instead of a step.
pub fn text(state: &State, sight: &dyn Sight, width: usize) -> Prose {
    let mut prose = Prose::new(width);
    let outline = sight.run().outline();
    let own = state.armed.is_none() && state.looked.is_none();
    match &outline.next {
        Next::Failed { id, .. } if own => {
            ended::failed(&mut prose, sight, id);
            listed(&mut prose, state, sight, &outline);
        }
        Next::Unknown { id, .. } if own => {
            ended::unknown(&mut prose, sight, id);
            listed(&mut prose, state, sight, &outline);
        }
        Next::Answer { step, question } if own => {
            ladder::questions(&mut prose, sight, step, *question);
        }
        Next::Decide { step, expected } if own => {
            ladder::outcomes(&mut prose, state, sight, step, expected.as_deref());
        }
        Next::Clear { .. } if own => {
            let owner = |owner: &Option<String>| owner.clone().unwrap_or_default();
            let items: Vec<(String, String)> = outline
                .raised
                .iter()
                .map(|raised| (raised.note.clone(), owner(&raised.owner)))
                .collect();
            prose.list(state.choice, &items);
        }
        Next::Close | Next::Closed(_) if own => ended::summary(&mut prose, &outline),
        Next::Held { reason } if own => prose.label("ON HOLD", Role::Warning, reason),
        Next::Watch { id, stopping } if own => ended::running(&mut prose, sight, id, *stopping),
        _ => {
            if let Some(planned) = step(state, sight) {
                step_text(&mut prose, state, sight, &outline, planned);
            }
        }
    }
    prose
}

fn listed(prose: &mut Prose, state: &State, sight: &dyn Sight, outline: &Outline) {
    prose.gap();
    let items: Vec<(String, String)> = choices(sight, outline)
        .into_iter()
        .map(|item| (item.words.clone(), item.about()))
        .collect();
    prose.list(state.choice, &items);
}

fn shown(values: &Values) -> impl Fn(&Text) -> String {
    |text| text.render_known(values)
}

fn step_text(
    prose: &mut Prose,
    state: &State,
    sight: &dyn Sight,
    outline: &Outline,
    planned: &PlanStep,
) {
    let run = sight.run();
    let values = run.values();
    let shown = shown(&values);
    let step = &planned.step;
    if let Some(armed) = state.armed.as_ref().filter(|armed| armed.work.part == Part::Undo) {
        // What is armed is the way back, so its own words stand here.
        if let Some(undo) = &step.undo {
            prose.labelled("WAY BACK", Role::Strong, Role::Strong, &shown(&undo.title));
        }
        if armed.prepared.is_none()
            && let Some(text) = guard::by_hand(sight, &armed.work)
        {
            prose.label("DO", Role::Strong, &text);
        }
        return;
    }
    if let Some(what) = &step.what {
        prose.text(Role::Text, &shown(what));
    }
    if let Act::Manual(text) = &step.act {
        prose.label("DO", Role::Strong, &shown(text));
    }
    if let Act::Decide(decide) = &step.act {
        for outcome in &decide.outcomes {
            prose.label(&outcome.name.value.to_uppercase(), Role::Text, &shown(&outcome.title));
        }
    }
    if planned.phase == 0 && state.armed.is_none() {
        for (when, other) in instead(run) {
            prose.label("NOT WHEN", Role::Text, &format!("{when} (x: {other})"));
        }
    }
    if let Some(row) = outline.rows.iter().find(|row| row.id == planned.id) {
        state_of(prose, row, sight);
    }
    if let Next::Start { not_started: Some(why), .. } = &outline.next
        && state.looked.is_none()
    {
        prose.labelled("NOT STARTED", Role::Warning, Role::Text, why);
    }
    if let Next::Start { missing, .. } = &outline.next
        && !missing.is_empty()
        && state.looked.is_none()
    {
        prose.labelled("NOT KNOWN", Role::Warning, Role::Text, &missing.join(", "));
    }
    asked(prose, step, &values);
    expectation(prose, step, &values);
    if let Some(typical) = step.takes.typical {
        let slow = step.takes.slow.map_or(String::new(), |slow| format!(" (slow {})", span(slow)));
        prose.label("TAKES", Role::Text, &format!("{}{slow}", span(typical)));
    }
    match (&step.undo, &step.no_undo) {
        (Some(undo), _) => prose.label("UNDO", Role::Text, &shown(&undo.title)),
        (None, Some(why)) => prose.label("UNDO", Role::Warning, &format!("none: {}", shown(why))),
        (None, None) => {}
    }
    may_wait(prose, sight, planned);
    if let Some(loses) = &step.loses {
        prose.labelled("LOSES", Role::Destructive, Role::Text, &shown(loses));
    }
    if let Some(keeps) = &step.keeps {
        prose.label("LEAVES", Role::Text, &shown(keeps));
    }
    if let Some(call) = &step.call {
        prose.label("CALL", Role::Strong, &whom(call, &shown));
    }
    if let Some(why) = &step.why {
        prose.label("WHY", Role::Text, &shown(why));
    }
    for link in &step.links {
        prose.label("SEE", Role::Dim, &link.value);
    }
}

/// Says that a step may wait, why that is better, and what falls away with it.
fn may_wait(prose: &mut Prose, sight: &dyn Sight, planned: &PlanStep) {
    let run = sight.run();
    let Some(defer) = &planned.step.defer else { return };
    let why = defer.why.render_known(&run.values());
    let offer = deferral::offer(run, sight.now()).filter(|offer| offer.step == planned.id);
    let refused = offer.as_ref().and_then(|offer| offer.refused.as_ref());
    if let Some(refused) = refused {
        prose.label("OR WAIT", Role::Text, &format!("{why} (not in this run: {refused})"));
        return;
    }
    prose.label("OR WAIT", Role::Strong, &format!("{why} (a: put it off)"));
    if let Some(costs) = offer.and_then(|offer| offer.costs()) {
        prose.label("", Role::Text, &costs);
    }
}

fn state_of(prose: &mut Prose, row: &crate::engine::outline::Row, sight: &dyn Sight) {
    let note = row.note.clone().unwrap_or_default();
    if !matches!(row.state, StepState::Todo) {
        prose.label("STATE", Role::Text, [row.said().to_owned(), note].join(" ").trim());
    }
    if !row.conditions.is_empty() {
        prose.label("ONLY IF", Role::Text, &row.conditions.join(" and "));
    }
    let main = Work { step: row.id.clone(), part: Part::Main };
    if let Some(outcome) = sight.run().attempts(&main).last().and_then(|last| last.outcome()) {
        prose.label("LAST", Role::Text, &how(outcome));
    }
}

fn asked(prose: &mut Prose, step: &Step, values: &Values) {
    for definition in &step.ask {
        let name = &definition.name.value;
        let ask =
            definition.ask.as_ref().map_or_else(|| name.clone(), |ask| ask.render_known(values));
        let value = values.get(name).map_or("not given yet", String::as_str);
        prose.label("ASKS", Role::Text, &format!("{ask}: {value}"));
    }
}

fn expectation(prose: &mut Prose, step: &Step, values: &Values) {
    match &step.act {
        Act::Call(_) => {
            let expects: Vec<_> = step.expect.iter().map(|e| expect_words(e, values)).collect();
            let expects = if expects.is_empty() { "exit 0".into() } else { expects.join(" and ") };
            prose.label("EXPECT", Role::Text, &expects);
        }
        Act::Wait(wait) => {
            let until =
                format!("{}, asked every {}", expect_words(&wait.until, values), span(wait.every));
            prose.label("UNTIL", Role::Text, &until);
        }
        Act::Manual(_) | Act::Decide(_) => {}
    }
}

/// The title of the command pane while nothing is armed.
pub fn command_title(state: &State, sight: &dyn Sight) -> &'static str {
    let work = shown_work(state, &sight.run().outline()).filter(|_| state.looked.is_none());
    match work.map(|work| work.part) {
        Some(Part::Probe) => "Probe, read only",
        Some(Part::Question(_)) => "Check, read only",
        _ => "Command",
    }
}

/// The command that is armed, or that the next key would start or arm; with its target before it.
pub fn command(state: &State, sight: &dyn Sight, width: usize) -> Option<Prose> {
    let outline = sight.run().outline();
    let mut prose = Prose::new(width);
    let prepared = if let Some(armed) = &state.armed {
        armed.prepared.as_deref().cloned()?
    } else {
        let work = match &state.looked {
            Some(step) => Work { step: step.clone(), part: Part::Main },
            None => shown_work(state, &outline)?,
        };
        match sight.prepare(&work) {
            Ok(prepared) => prepared,
            Err(CannotPrepare::Missing { names }) => {
                prose.label("NOT YET", Role::Warning, &format!("not known: {}", names.join(", ")));
                return Some(prose);
            }
            Err(CannotPrepare::NothingToRun(_)) => return None,
        }
    };
    if prepared.hazard > Hazard::Read
        && let Some(target) = &prepared.target
    {
        prose.label("TARGET", Role::Value, target);
    }
    prose.command(&prepared.shown);
    if !prepared.secrets.is_empty() {
        let names: Vec<&str> = prepared.secrets.iter().map(String::as_str).collect();
        prose.label("SECRETS", Role::Dim, &format!("{} (never shown)", names.join(", ")));
    }
    Some(prose)
}
