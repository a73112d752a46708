//! The filter of home: the same search as `rutter find`, with the text that fits shown beside the name.

use super::facts::{Facts, Listed};
use crate::runbook::find;
use crate::runbook::find::Index;

/// A runbook that fits a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The runbook.
    pub listed: &'a Listed,
    /// Where it fits, and the text there; none without a filter, or when the name alone fits.
    pub place: Option<(String, &'a str)>,
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Listed {}

/// Returns the runbooks that fit, the best first; without a filter all, in the order of the list.
pub fn hits<'a>(facts: &'a Facts, filter: &str) -> Vec<Hit<'a>> {
    let all: Vec<&Index> = facts.runbooks.iter().map(|listed| &listed.index).collect();
    let found = find::find(filter, &all).into_iter();
    found.map(|found| Hit { listed: &facts.runbooks[found.at], place: found.reason }).collect()
}

/// Divides a text at the words of a filter, so that they can be marked: pieces, and whether each is one.
pub fn marked<'t>(text: &'t str, filter: &str) -> Vec<(&'t str, bool)> {
    let lower = text.to_lowercase();
    let mut pieces = Vec::new();
    // Lower case may have other lengths than the text; then nothing is marked rather than the wrong place.
    if lower.len() != text.len() || filter.trim().is_empty() {
        return vec![(text, false)];
    }
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let mut from = 0;
    while from < text.len() {
        let next =
            words.iter().filter_map(|word| Some((lower[from..].find(word)?, word.len()))).min();
        let Some((at, long)) = next else { break };
        let (start, end) = (from + at, from + at + long);
        if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            return vec![(text, false)];
        }
        pieces.push((&text[from..start], false));
        pieces.push((&text[start..end], true));
        from = end;
    }
    pieces.push((&text[from..], false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_filter_are_marked_where_they_stand() {
        let pieces = marked("Rows are missing", "ROWS miss");
        assert_eq!(pieces, [("Rows", true), (" are ", false), ("miss", true), ("ing", false)]);
        assert_eq!(marked("İstanbul rows", "rows"), [("İstanbul rows", false)]);
        assert_eq!(marked("rows", " "), [("rows", false)]);
    }
}
