//! The filter: a runbook fits when every word occurs somewhere in it; where is shown.

use super::facts::{Facts, Listed};

/// A runbook that fits a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The runbook.
    pub listed: &'a Listed,
    /// Where it fits, and the text there; none without a filter, or when the name alone fits.
    pub place: Option<(&'a str, &'a str)>,
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Listed {}

/// Returns the runbooks that fit, in the order of the list.
pub fn hits<'a>(facts: &'a Facts, filter: &str) -> Vec<Hit<'a>> {
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    facts.runbooks.iter().filter_map(|listed| hit(listed, &words)).collect()
}

fn hit<'a>(listed: &'a Listed, words: &[String]) -> Option<Hit<'a>> {
    let texts: &[(String, String)] = match &listed.card {
        Ok(card) => &card.texts,
        Err(_) => &[],
    };
    let name = listed.name.to_lowercase();
    let has = |text: &str, word: &String| text.to_lowercase().contains(word.as_str());
    let missing: Vec<&String> = words.iter().filter(|word| !has(&name, word)).collect();
    if !missing.iter().all(|word| texts.iter().any(|(_, text)| has(text, word))) {
        return None;
    }
    // The text that holds the most of what the name does not hold is the one worth showing; of equals the first.
    let count = |text: &str| missing.iter().filter(|word| has(text, word)).count();
    let mut place: Option<(usize, (&str, &str))> = None;
    for (at, text) in texts {
        let held = count(text);
        if held > place.map_or(0, |(most, _)| most) {
            place = Some((held, (at.as_str(), text.as_str())));
        }
    }
    Some(Hit { listed, place: place.map(|(_, place)| place) })
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
