//! The shape on the page: phases short enough to be read, lines narrow enough not to wrap.

use super::walk::View;
use crate::runbook::findings::{Findings, Says};
use crate::runbook::place::Place;
use unicode_width::UnicodeWidthStr;

/// The most steps of a phase.
const MOST_STEPS: usize = 9;
/// The widest line; at 80 columns the frame takes the rest.
const WIDEST_LINE: usize = 76;

/// Checks sizes.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for phase in view.runbook.phases.iter().filter(|phase| phase.steps.len() > MOST_STEPS) {
        let says = Says::new(
            format!("{} steps in one phase", phase.steps.len()),
            format!("more than {MOST_STEPS} are not held in mind, and 3.10 reads like 3.1"),
            "Split the phase where one goal ends and the next begins.",
        );
        findings.warning("RL030", phase.title.place, says);
    }
    let mut start = 0;
    for line in view.source.text.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        if text.width() > WIDEST_LINE && !is_one_word(text) {
            let says = Says::new(
                format!("a line of {} columns", text.width()),
                format!("beyond {WIDEST_LINE} it wraps on an 80-column screen"),
                "Fold it: `>-` joins lines with spaces, and `run` splits into words anyway.",
            );
            findings.warning("RL031", beyond(text, start), says);
        }
        start += line.len();
    }
}

/// The part of a line beyond the last good column.
fn beyond(line: &str, start: usize) -> Place {
    let mut width = 0;
    let cut = line
        .char_indices()
        .find(|(_, c)| {
            width += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
            width > WIDEST_LINE
        })
        .map_or(line.len(), |(at, _)| at);
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Place { start: byte(start + cut), end: byte(start + line.len()) }
}

/// A URL or path cannot be folded.
fn is_one_word(line: &str) -> bool {
    let words = line.trim_start().trim_start_matches("- ").split_whitespace();
    words.filter(|word| word.len() > 2 && !word.ends_with(':')).count() <= 1
}
