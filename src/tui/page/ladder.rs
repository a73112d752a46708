//! A ladder and a decision: everything is visible from the start, only the current question takes an answer.

use super::{Decide, Leads, Outline, may_wait, shown};
use crate::engine::event::{Part, Work};
use crate::engine::onward::leads_to;
use crate::runbook::model::{Answer, Outcome, StepId};
use crate::tui::look::Role;
use crate::tui::prose::Prose;
use crate::tui::sight::Sight;
use crate::tui::state::State;

/// Says all questions of a ladder, the current one with all there is to know.
pub fn questions(prose: &mut Prose, sight: &dyn Sight, step: &StepId, current: u32) {
    let run = sight.run();
    let values = run.values();
    let shown = shown(&values);
    let Some(planned) = run.plan().step(step) else { return };
    let Some(decide) = planned.decision() else { return };
    if let Some(question) = &decide.question {
        prose.text(Role::Strong, &shown(question));
    }
    prose.text(Role::Text, "Answer from the top. The first answer that decides ends the ladder.");
    in_doubt(prose, decide, &shown);
    may_wait(prose, sight, planned);
    prose.gap();
    let answers = run.answers(step);
    for (at, question) in decide.ladder.iter().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let now = number == current;
        let cursor = if now { "▸ " } else { "  " };
        let role = if now { Role::Strong } else { Role::Text };
        prose.labelled(&format!("{cursor}Q{number}"), Role::Now, role, &shown(&question.ask));
        let lead = |leads: &Leads| match leads {
            Leads::Next => format!("ask Q{}", number + 1),
            Leads::Outcome(name) => name.to_uppercase(),
        };
        if let Some((answer, why)) = answers.get(at) {
            prose.label("", Role::Verified, &format!("✓ {}  \"{why}\"", answer_word(*answer)));
            continue;
        }
        let leads = format!(
            "Y yes → {}, N no → {}, U unsure → {}",
            lead(&question.yes),
            lead(&question.no),
            lead(&question.unsure)
        );
        prose.label("", if now { Role::Text } else { Role::Dim }, &leads);
        if !now {
            continue;
        }
        if let Some(how) = &question.how {
            prose.label("HOW", Role::Text, &shown(how));
        }
        if let Some(not) = question.not_enough.as_ref().or(decide.not_enough.as_ref()) {
            prose.label("NOT ENOUGH", Role::Text, &shown(not));
        }
        let check = Work { step: step.clone(), part: Part::Question(number) };
        if run.plan().has(&check) {
            let tried = run.attempts(&check).last().is_some();
            let says = match run.suggested(step, number) {
                Some(answer) => format!("suggests {}; you still choose", answer_word(answer)),
                None if tried => "ran and suggests nothing".into(),
                None => "v runs it, read only".into(),
            };
            prose.label("CHECK", Role::Text, &says);
        }
    }
}

fn in_doubt(
    prose: &mut Prose,
    decide: &Decide,
    shown: &impl Fn(&crate::runbook::template::Text) -> String,
) {
    if let Some(unsure) = &decide.unsure {
        let because =
            decide.because.as_ref().map_or(String::new(), |why| format!(": {}", shown(why)));
        prose.text(Role::Text, &format!("In doubt it is {}{because}", unsure.value.to_uppercase()));
    }
}

/// The word of an answer.
pub fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "YES",
        Answer::No => "NO",
        Answer::Unsure => "UNSURE",
    }
}

/// Says what can be decided, what each means and costs, and what the runbook comes to.
pub fn outcomes(
    prose: &mut Prose,
    state: &State,
    sight: &dyn Sight,
    step: &StepId,
    expected: Option<&str>,
) {
    let run = sight.run();
    let values = run.values();
    let shown = shown(&values);
    let Some(planned) = run.plan().step(step) else { return };
    let Some(decide) = planned.decision() else { return };
    if let Some(question) = decide.question.as_ref().or(planned.step.what.as_ref()) {
        prose.text(Role::Text, &shown(question));
    }
    if let Some(not) = decide.not_enough.as_ref().filter(|_| decide.ladder.is_empty()) {
        prose.label("NOT ENOUGH", Role::Text, &shown(not));
    }
    match expected {
        Some(expected) if decide.ladder.is_empty() => {
            prose.labelled("SUGGESTED", Role::Strong, Role::Strong, &expected.to_uppercase());
        }
        Some(expected) => {
            prose.labelled("THE LADDER SAYS", Role::Strong, Role::Strong, &expected.to_uppercase());
        }
        None => in_doubt(prose, decide, &shown),
    }
    for (at, (answer, why)) in run.answers(step).iter().enumerate() {
        prose.label(
            "BECAUSE",
            Role::Text,
            &format!("Q{} is {}: {why}", at + 1, answer_word(*answer)),
        );
    }
    may_wait(prose, sight, planned);
    prose.gap();
    let note = |name: &str| match expected {
        Some(expected) if expected == name => "as the runbook says",
        Some(_) => "a deviation, needs a reason",
        None => "",
    };
    let item = |outcome: &Outcome| {
        let name = &outcome.name.value;
        (format!("{}  {}", name.to_uppercase(), shown(&outcome.title)), note(name).to_owned())
    };
    let items: Vec<(String, String)> = decide.outcomes.iter().map(item).collect();
    prose.list(state.choice, &items);
    // What the marked one means; the others tell when they are marked.
    if let Some(outcome) = decide.outcomes.get(state.choice) {
        prose.gap();
        for (label, text) in [("MEANS", &outcome.means), ("COSTS", &outcome.costs)] {
            if let Some(text) = text {
                prose.label(label, Role::Text, &shown(text));
            }
        }
        if let Some(then) = &outcome.then {
            prose.labelled(
                "THEN",
                Role::Warning,
                Role::Strong,
                &leads_to(run, then, &|name| sight.elsewhere(name)),
            );
        }
    }
}

/// The place of the expected outcome in the list.
pub fn expected_choice(sight: &dyn Sight, outline: &Outline) -> usize {
    use crate::engine::next::Next;
    let Next::Decide { step, expected: Some(expected) } = &outline.next else { return 0 };
    let decide = sight.run().plan().step(step).and_then(|planned| planned.decision());
    let position = |decide: &Decide| decide.outcomes.iter().position(|o| o.name.value == *expected);
    decide.and_then(position).unwrap_or(0)
}
