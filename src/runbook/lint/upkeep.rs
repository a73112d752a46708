//! Whether somebody keeps the runbook true: a review that still holds, and a scenario to rehearse it with.

use super::Beside;
use super::walk::View;
use crate::runbook::findings::{Findings, Says};
use chrono::NaiveDate;
use std::time::Duration;

/// How long a review holds when the runbook does not say.
const REVIEW_HOLDS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Checks upkeep.
pub fn check(view: &View<'_>, beside: &Beside<'_>, findings: &mut Findings) {
    if beside.scenarios.is_empty() {
        let says = Says::new(
            "no scenario",
            "nobody can rehearse this runbook, and nothing tries it before it is needed",
            "Add `scenarios/NAME.yaml` beside it.",
        );
        findings.warning("RL032", view.runbook.name.place, says);
    }
    review(view, beside.today, findings);
}

fn review(view: &View<'_>, today: Option<NaiveDate>, findings: &mut Findings) {
    let Some(reviewed) = &view.runbook.reviewed else {
        let says = Says::new(
            "no day of review",
            "a reader cannot tell whether this is still true",
            "Add `reviewed: YYYY-MM-DD`.",
        );
        findings.warning("RL033", view.runbook.name.place, says);
        return;
    };
    let Ok(day) = NaiveDate::parse_from_str(reviewed, "%Y-%m-%d") else { return };
    let Some(today) = today else { return };
    let holds = view.runbook.review_every.unwrap_or(REVIEW_HOLDS).as_secs() / (24 * 60 * 60);
    let age = (today - day).num_days();
    let (what, why) = if age < -1 {
        (format!("reviewed on {day}, which is still to come"), format!("today is {today}"))
    } else if age > i64::try_from(holds).unwrap_or(i64::MAX) {
        (format!("last reviewed {age} days ago"), format!("a review holds for {holds} days"))
    } else {
        return;
    };
    let next = "Read it against the systems it names, then set the day.";
    findings.warning("RL033", reviewed.place, Says::new(what, why, next));
}
