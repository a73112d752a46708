//! Where a run stands, in one sentence for status lines and exit banners.

use crate::engine::next::Next;
use crate::engine::outline::Outline;
use crate::runbook::model::StepId;

/// Says what is needed now.
pub fn next(outline: &Outline) -> String {
    let row = |step: &StepId| {
        let row = outline.rows.iter().find(|row| row.id == *step);
        row.map_or_else(|| step.to_string(), |row| format!("{} {}", row.number, row.title))
    };
    match &outline.next {
        Next::Open => "not opened".into(),
        Next::Held { reason } => format!("on hold: {reason}"),
        Next::Closed(as_) => match outline.closed.as_ref().and_then(|c| c.continued_in.as_ref()) {
            Some(runbook) => format!("closed: goes on in {runbook}"),
            None => format!("closed: {}", format!("{as_:?}").to_lowercase()),
        },
        Next::Give { step, names } => format!("{} asks for {}", row(step), names.join(", ")),
        Next::Start { work, hazard, .. } => format!("next: {} ({hazard})", row(&work.step)),
        Next::Tick { work, .. } => format!("next, by hand: {}", row(&work.step)),
        Next::Watch { id, .. } => format!("{} runs", row(&id.work.step)),
        Next::Answer { step, question } => format!("{} asks question {question}", row(step)),
        Next::Decide { step, .. } => format!("to decide: {}", row(step)),
        Next::Failed { id, .. } => format!("FAILED: {}", row(&id.work.step)),
        Next::Unknown { id, .. } => format!("OUTCOME UNKNOWN: {}", row(&id.work.step)),
        Next::Clear { steps } => {
            let steps: Vec<_> = steps.iter().map(row).collect();
            format!("to clear: {}", steps.join(", "))
        }
        Next::Close => "every step is settled; to be closed".into(),
    }
}
