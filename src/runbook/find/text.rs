//! Words as they are compared: folded to small letters without accents, whole, as a beginning, or with a slip in them.

/// Whether a slip of the finger is forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slips {
    /// A word is a word.
    None,
    /// One letter in a word of four, two in a word of eight.
    Some,
}

/// Returns the text in small letters without accents. What has no plain letter stays as it is.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => folded.push('c'),
            'ď' | 'đ' => folded.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => folded.push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => folded.push('g'),
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => folded.push('i'),
            'ľ' | 'ĺ' | 'ļ' | 'ł' => folded.push('l'),
            'ñ' | 'ń' | 'ņ' | 'ň' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => folded.push('o'),
            'ŕ' | 'ŗ' | 'ř' => folded.push('r'),
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => folded.push('s'),
            'ţ' | 'ť' | 'ț' => folded.push('t'),
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            // An accent of its own, behind its letter.
            '\u{300}'..='\u{36f}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Returns the words of a text, folded. A place for a value is none: its name says nothing about the trouble.
pub fn words(text: &str) -> Vec<String> {
    let written = text.split("{{").enumerate().map(|(at, part)| match part.split_once("}}") {
        Some((_, rest)) if at > 0 => rest,
        _ => part,
    });
    let folded = folded(&written.collect::<Vec<_>>().join(" "));
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Says how well a word fits the best of these: 1 whole, less as a beginning, less with a slip, 0 not at all.
pub fn quality(word: &str, list: &[String], slips: Slips) -> f64 {
    list.iter().map(|other| one(word, other, slips)).fold(0.0, f64::max)
}

fn one(word: &str, other: &str, slips: Slips) -> f64 {
    if word == other {
        return 1.0;
    }
    if other.starts_with(word) {
        return 0.8;
    }
    // `restored` for `restore`: the same word with another end.
    let stem = word.len().min(other.len()).saturating_sub(1);
    if stem >= 4 && word.len().abs_diff(other.len()) <= 2 && word.starts_with(other) {
        return 0.7;
    }
    let forgiven = match word.chars().count() {
        _ if slips == Slips::None => 0,
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let near = forgiven > 0
        && word.chars().next() == other.chars().next()
        && word.len().abs_diff(other.len()) <= forgiven
        && strsim::osa_distance(word, other) <= forgiven;
    if near { 0.6 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_other_word() {
        assert_eq!(words("Été — CAFÉ, e-mail; Straße"), ["ete", "cafe", "e", "mail", "strasse"]);
        assert_eq!(words("cafe\u{301}"), ["cafe"]);
        assert_eq!(words("5xx/403!"), ["5xx", "403"]);
        assert_eq!(words("in {{ resource_group }} of {{ app }}"), ["in", "of"]);
    }

    #[test]
    fn whole_words_fit_best_then_beginnings_then_slips() {
        let list = ["deployment".to_owned(), "restore".to_owned()];
        let fit = |word: &str| quality(word, &list, Slips::Some);
        assert!(fit("deployment") > fit("deploy") && fit("deploy") > fit("deplyoment"));
        assert!(fit("deplyoment") > 0.0 && fit("restores") > 0.0);
        assert!(quality("deplyoment", &list, Slips::None) <= 0.0);
        assert!(["xeployment", "rest0", "ore"].iter().all(|word| fit(word) <= 0.0));
    }
}
