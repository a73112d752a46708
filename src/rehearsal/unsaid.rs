//! What a command answers for which no scenario has an answer, where there is only one thing it can say.

use crate::engine::event::Part;
use crate::engine::plan::PlanStep;
use crate::runbook::model::{Act, Capture, Compare, Expect, Selector, Step, Values};

/// Standard output and exit code of a command that is judged by its exit alone; `None` where an answer would have to be
/// invented.
///
/// A tool of `needs` has the version that is wanted: no program of this machine is needed to rehearse.
pub(super) fn answer(planned: &PlanStep, part: &Part, values: &Values) -> Option<(String, i32)> {
    let step = &planned.step;
    match part {
        Part::Main => {
            if step.id.as_str().starts_with("needs/tool-") {
                return Some((version(step, values), 0));
            }
            let silent = match &step.act {
                Act::Wait(wait) => exit_of(&wait.until),
                _ => all(&step.expect),
            };
            silent.filter(|_| step.capture.iter().all(may_be_missing))
        }
        Part::Undo => Some((String::new(), 0)),
        Part::Probe | Part::Question(_) | Part::Fence => None,
    }
}

fn all(expects: &[Expect]) -> Option<(String, i32)> {
    let exits: Option<Vec<_>> = expects.iter().map(exit_of).collect();
    match exits?.as_slice() {
        [] => Some((String::new(), 0)),
        [first, rest @ ..] => rest.iter().all(|other| other == first).then(|| first.clone()),
    }
}

fn exit_of(expect: &Expect) -> Option<(String, i32)> {
    match (&expect.select.by, &expect.compare) {
        (Selector::Exit(codes), None) => Some((String::new(), *codes.first()?)),
        _ => None,
    }
}

fn may_be_missing(capture: &Capture) -> bool {
    capture.optional || capture.default.is_some() || matches!(capture.select.by, Selector::Exit(_))
}

fn version(step: &Step, values: &Values) -> String {
    let tool = step.id.as_str().trim_start_matches("needs/tool-");
    let wanted = step.expect.iter().find_map(|expect| match &expect.compare {
        Some(Compare::AtLeast(text)) => text.render(values).ok(),
        _ => None,
    });
    match wanted {
        Some(version) => format!("{tool} {version} (simulated)\n"),
        None => format!("{tool} (simulated)\n"),
    }
}
