//! Scenarios against their runbook: every command has an answer somewhere, every answer a command.

use super::names::nearest;
use super::walk::View;
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::{Act, Step};
use crate::runbook::place::{At, Place, Source};
use crate::runbook::scenario::{Response, Scenario};
use std::collections::BTreeSet;

/// Reports the commands of the runbook that no scenario answers.
pub fn unanswered(view: &View<'_>, scenarios: &[(Source, Scenario)], findings: &mut Findings) {
    // Without any scenario that is one finding, not one for each step.
    if scenarios.is_empty() {
        return;
    }
    let answered = |key: &str| {
        scenarios
            .iter()
            .any(|(_, scenario)| scenario.steps.iter().any(|(name, _)| name.value == key))
    };
    for stop in view.stops.iter().filter(|stop| acts(stop.step)) {
        if !answered(stop.step.id.as_str()) {
            nothing_answers(stop.step.id.as_str(), stop.step.id.place, findings);
        }
    }
    for check in &view.runbook.needs.checks {
        let key = format!("needs/{}", check.id);
        if !answered(&key) {
            nothing_answers(&key, check.id.place, findings);
        }
    }
}

fn nothing_answers(key: &str, place: Place, findings: &mut Findings) {
    let says = Says::new(
        format!("no scenario answers `{key}`"),
        "a rehearsal stops here",
        format!("Add `{key}: [{{output: …}}]` to the `steps` of a scenario."),
    );
    findings.warning("SC010", place, says);
}

fn acts(step: &Step) -> bool {
    matches!(step.act, Act::Call(_) | Act::Wait(_))
}

/// Checks one scenario.
pub fn check(view: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let keys = keys(view);
    for (key, responses) in &scenario.steps {
        if !keys.contains(key.as_str()) {
            let next = match nearest(key, keys.iter().map(String::as_str)) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("rutter show {} lists the steps.", scenario.runbook),
            };
            let says = Says::new(
                format!("`{key}` is no command of this runbook"),
                "nothing would ever ask for this answer",
                next,
            );
            findings.error("SC011", key.place, says);
        }
        polls_only_for_waits(view, key, responses, findings);
        polls_only_answer(responses, findings);
    }
    own_runbook(view, scenario, findings);
    params(view, scenario, findings);
    state(scenario, findings);
}

/// Every key a scenario may answer.
fn keys(view: &View<'_>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for stop in &view.stops {
        let (step, id) = (stop.step, stop.step.id.as_str());
        // What is done by hand says nothing, and may change the world all the same.
        if acts(step) || matches!(step.act, Act::Manual(_)) {
            keys.insert(id.to_owned());
        }
        if step.probe.is_some() {
            keys.insert(format!("{id}/probe"));
        }
        if step.undo.is_some() {
            keys.insert(format!("{id}/undo"));
        }
        if let Act::Decide(decide) = &step.act {
            for (index, question) in decide.ladder.iter().enumerate() {
                if question.check.is_some() {
                    keys.insert(format!("{id}/q{}", index + 1));
                    keys.insert(format!("{id}/check"));
                }
            }
        }
    }
    for check in &view.runbook.needs.checks {
        keys.insert(format!("needs/{}", check.id));
    }
    for tool in &view.runbook.needs.tools {
        keys.insert(format!("needs/tool-{}", tool.name));
    }
    if let Some(fence) = &view.runbook.fence {
        keys.insert(format!("needs/{}", fence.id));
    }
    keys
}

fn polls_only_for_waits(
    view: &View<'_>,
    key: &At<String>,
    responses: &[Response],
    findings: &mut Findings,
) {
    let Some(stop) = view.stops.iter().find(|stop| stop.step.id.as_str() == key.value) else {
        return;
    };
    let waits = matches!(stop.step.act, Act::Wait(_));
    for response in responses.iter().filter(|response| !waits && !response.polls.is_empty()) {
        let says = Says::new(
            format!("`polls` for `{key}`, which does not wait"),
            "only a `wait` asks again and again",
            "Give `output` and `exit` instead.",
        );
        findings.error("SC012", response.place, says);
    }
}

/// Which polls were asked depends on the clock, so that only the whole wait may depend on the world or change it.
fn polls_only_answer(responses: &[Response], findings: &mut Findings) {
    for poll in responses.iter().flat_map(|response| &response.polls) {
        if poll.when.is_empty() && poll.set.is_empty() && poll.attempt.is_none() {
            continue;
        }
        let says = Says::new(
            "`when`, `attempt` or `set` within `polls`",
            "one poll is one answer; the world is that of the whole wait",
            "Write it beside `polls`.",
        );
        findings.error("SC012", poll.place, says);
    }
}

fn own_runbook(view: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let named = &scenario.runbook;
    let short = named.rsplit('/').next().unwrap_or(named);
    if short != view.runbook.name.value {
        let says = Says::new(
            format!("a scenario of `{named}` beside `{}`", view.runbook.name),
            "it would be offered for the wrong runbook",
            "Mend `runbook`, or move the file.",
        );
        findings.error("SC013", named.place, says);
    }
}

fn params(view: &View<'_>, scenario: &Scenario, findings: &mut Findings) {
    let params = &view.runbook.params;
    for (name, value) in &scenario.start.params {
        let Some(param) = params.iter().find(|param| param.name.value == name.value) else {
            let next = match nearest(name, params.iter().map(|param| param.name.as_str())) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Remove it, or define it in the runbook's `params`.".to_owned(),
            };
            let what = format!("`{name}` is no parameter of this runbook");
            findings.error("SC014", name.place, Says::new(what, "nothing takes it", next));
            continue;
        };
        if let Err(reason) = param.kind.check(value) {
            let says = Says::new(
                format!("`{value}` cannot be `{name}`: it {reason}"),
                format!("wanted {}", param.kind.expected()),
                "Give a value that the form would take.",
            );
            findings.error("SC014", value.place, says);
        }
    }
}

/// The world's parts are those of `state`: a misspelt one would never change anything.
fn state(scenario: &Scenario, findings: &mut Findings) {
    let known: BTreeSet<&str> = scenario.state.iter().map(|(name, _)| name.as_str()).collect();
    let mut look = |name: &At<String>| {
        if known.contains(name.as_str()) {
            return;
        }
        let next = match nearest(name, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Add `{name}: …` to `state`."),
        };
        let what = format!("`{name}` is no part of this world");
        findings.error("SC014", name.place, Says::new(what, "`state` does not list it", next));
    };
    for response in scenario.steps.iter().flat_map(|(_, responses)| responses) {
        for response in [response].into_iter().chain(&response.polls) {
            response.when.iter().for_each(|condition| look(&condition.name));
            response.set.iter().for_each(|(name, _)| look(name));
        }
    }
}
