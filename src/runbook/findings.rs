//! The list every reader writes its findings to, so that one mistake never hides the next.

use super::place::{Finding, Place, Severity, Source};

/// More findings than this help nobody; the rest are counted.
const MOST: usize = 200;

/// After so many reading stops: the file is something else, or meant to hurt.
const FULL: usize = 1_000;

/// Findings of one file, collected while it is read.
#[derive(Debug)]
pub struct Findings {
    source: Source,
    list: Vec<Finding>,
}

/// The three sentences of a finding: what is wrong, why, and what to do next.
#[derive(Clone, Debug)]
pub struct Says {
    what: String,
    why: String,
    next: String,
}

impl Says {
    /// Joins what is wrong (a lower-case fragment), why, and the next step (a whole sentence).
    pub fn new(what: impl Into<String>, why: impl Into<String>, next: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), next: next.into() }
    }
}

impl Findings {
    /// Starts an empty list for this file.
    pub fn new(source: &Source) -> Self {
        Self { source: source.clone(), list: Vec::new() }
    }

    /// Returns the file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Adds an error.
    pub fn error(&mut self, code: &'static str, place: Place, says: Says) {
        self.push(code, Severity::Error, place, says);
    }

    /// Adds a warning.
    pub fn warning(&mut self, code: &'static str, place: Place, says: Says) {
        self.push(code, Severity::Warning, place, says);
    }

    fn push(&mut self, code: &'static str, severity: Severity, place: Place, says: Says) {
        if self.list.len() > 2 * FULL {
            return;
        }
        let Says { what, why, next } = says;
        let source = self.source.clone();
        self.list.push(Finding { code, severity, source, place, what, why, next });
    }

    /// Tells whether there are so many that reading on helps nobody.
    pub fn is_full(&self) -> bool {
        self.list.len() >= FULL
    }

    /// Keeps the findings whose code is wanted.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.list.retain(|finding| wanted(finding.code));
    }

    /// Tells whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns how many were found so far.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns the findings in the order of the file, at most a readable number of them.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| (finding.place.start, finding.code));
        self.list.dedup_by(|b, a| (a.place, a.code, &a.what) == (b.place, b.code, &b.what));
        let more = self.list.len().saturating_sub(MOST);
        if more > 0 {
            self.list.truncate(MOST);
            if let Some(last) = self.list.last_mut() {
                last.next = format!("{} (And {more} or more mistakes below this one.)", last.next);
            }
        }
        self.list
    }
}
