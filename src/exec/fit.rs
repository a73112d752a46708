//! An outcome made to fit: it has to go into one record of the journal, or it could never be told to anybody.
//!
//! Words for people are cut first. Only when that is not enough are captures given up, the longest first, each as one
//! that cannot be used and says why: the step counts as failed, and its output is in the spool.

use crate::outcome::{Captured, Judged, Outcome};

/// The most an outcome may take as JSON. A record has 64 KiB and carries names and an identity besides.
const MOST: usize = 48 << 10;

/// Lengths, in characters, that words for people are cut to, until the outcome fits.
const CUTS: [usize; 3] = [400, 100, 20];

/// The most processes and notes that are listed when there is no room for all.
const LISTED: usize = 50;

/// Returns the outcome, cut until it fits into a record.
pub(super) fn fit(mut outcome: Outcome) -> Outcome {
    for most in CUTS {
        if size(&outcome) <= MOST {
            return outcome;
        }
        cut(&mut outcome, most);
    }
    outcome.survivors.truncate(LISTED);
    outcome.notes.truncate(LISTED);
    while size(&outcome) > MOST {
        if !give_up_longest(&mut outcome) {
            sum_up(&mut outcome);
            break;
        }
    }
    outcome
}

fn size(outcome: &Outcome) -> usize {
    serde_json::to_vec(outcome).map_or(usize::MAX, |json| json.len())
}

fn cut(outcome: &mut Outcome, most: usize) {
    let verdicts = outcome.verdicts.iter_mut().flat_map(|v| [&mut v.expected, &mut v.got]);
    let survivors = outcome.survivors.iter_mut().map(|survivor| &mut survivor.command);
    let words = verdicts.chain(survivors).chain(&mut outcome.last_lines).chain(&mut outcome.notes);
    for text in words {
        if let Some((end, _)) = text.char_indices().nth(most) {
            text.truncate(end);
            text.push('…');
        }
    }
}

/// Gives up the longest value that is still there. Returns whether there was one.
fn give_up_longest(outcome: &mut Outcome) -> bool {
    let long = |captured: &Captured| match captured {
        Captured::Value(value) if value.len() > 100 => Some(value.len()),
        _ => None,
    };
    let values = outcome.captures.values_mut().filter(|value| long(value).is_some());
    let Some(longest) = values.max_by_key(|value| long(value)) else { return false };
    let bytes = long(longest).unwrap_or_default();
    *longest = Captured::Bad(format!("{bytes} bytes find no room in the record beside the rest"));
    true
}

/// What is left when even hundreds of short words are too many: whether it passed, and that there was more.
fn sum_up(outcome: &mut Outcome) {
    let worst = outcome.verdicts.iter().position(|v| v.result != Judged::Passed).unwrap_or(0);
    outcome.verdicts = outcome.verdicts.drain(..).skip(worst).take(1).collect();
    let usable = |c: &Captured| !matches!(c, Captured::Bad(_));
    if !outcome.captures.values().all(usable) || size(outcome) > MOST {
        let (name, many) = (outcome.captures.keys().next().cloned(), outcome.captures.len());
        let why = format!("{many} captures find no room in one record");
        outcome.captures = name.map(|name| (name, Captured::Bad(why))).into_iter().collect();
    }
    outcome.last_lines.clear();
    outcome.notes.push("more was judged and captured than one record holds".into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Ended, SpoolSummary, Verdict};
    use std::collections::BTreeMap;

    fn outcome() -> Outcome {
        Outcome {
            ended: Ended::Exit { code: 0 },
            took_ns: 1,
            story_ns: None,
            verdicts: Vec::new(),
            captures: BTreeMap::new(),
            failures: Vec::new(),
            answered: None,
            spool: SpoolSummary::default(),
            survivors: Vec::new(),
            last_lines: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn verdict(result: Judged) -> Verdict {
        Verdict { expected: "\u{1}".repeat(5000), got: "ä".repeat(5000), result }
    }

    fn captures(many: usize, long: usize) -> BTreeMap<String, Captured> {
        (0..many).map(|n| (format!("c{n}"), Captured::Value("\u{1}".repeat(long)))).collect()
    }

    #[test]
    fn what_fits_is_not_touched() {
        let mut fits = outcome();
        fits.captures = captures(2, 3000);
        fits.last_lines = vec!["x".repeat(900)];
        assert_eq!(fit(fits.clone()), fits);
    }

    #[test]
    fn words_are_cut_before_any_capture_is_given_up() {
        let mut long = outcome();
        long.verdicts = vec![verdict(Judged::Passed); 20];
        long.captures = captures(3, 2000);
        let fitted = fit(long.clone());
        assert!(size(&fitted) <= MOST, "{}", size(&fitted));
        assert_eq!(fitted.captures, long.captures);
        assert_eq!(fitted.verdicts.len(), 20);
        assert!(fitted.passed());
    }

    #[test]
    fn a_capture_that_is_given_up_says_so_and_is_no_success() {
        let mut long = outcome();
        long.captures = captures(20, 4000);
        let fitted = fit(long);
        assert!(size(&fitted) <= MOST, "{}", size(&fitted));
        assert_eq!(fitted.captures.len(), 20);
        assert!(!fitted.passed());
        let kept = fitted.captures.values().filter(|c| matches!(c, Captured::Value(_))).count();
        assert!(kept > 0, "only as many are given up as must be");
    }

    #[test]
    fn a_failure_stays_a_failure_however_much_there_is() {
        let mut long = outcome();
        long.verdicts = vec![verdict(Judged::Passed); 3000];
        long.verdicts[2000].result = Judged::CannotJudge;
        long.captures = captures(3000, 90);
        let fitted = fit(long.clone());
        assert!(size(&fitted) <= MOST, "{}", size(&fitted));
        assert!(!fitted.passed());
        long.verdicts[2000].result = Judged::Passed;
        long.captures.clear();
        assert!(fit(long).passed(), "a success does not become a failure by being long");
    }
}
