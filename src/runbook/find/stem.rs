//! English words without their endings: `crashes`, `crashing` and `crashed` are one word.
//!
//! A few rules instead of a whole stemmer: what is compared are words of the same trade, and two words that wrongly fall
//! together cost less than one that is not found.

/// Endings, longest first, each with how many letters must be left for it to be one.
const ENDINGS: [(&str, usize); 12] = [
    ("ments", 4),
    ("ment", 4),
    ("ings", 4),
    ("ions", 4),
    ("ing", 4),
    ("ion", 4),
    ("ies", 3),
    ("ied", 3),
    ("ed", 3),
    ("es", 3),
    ("s", 3),
    ("e", 3),
];

/// Returns what is left of a folded word without its ending.
pub fn stem(word: &str) -> String {
    // What holds a number is a code, and has no ending.
    if !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    let ends = |(ending, left): &&(&str, usize)| {
        let rest = word.strip_suffix(ending);
        let double = *ending == "s" && word.ends_with("ss");
        rest.is_some_and(|rest| rest.len() >= *left && !double)
    };
    let Some((ending, _)) = ENDINGS.iter().find(ends) else { return last_y(word) };
    let rest = &word[..word.len() - ending.len()];
    if ["ies", "ied"].contains(ending) {
        return format!("{rest}i");
    }
    // `entries`, `entry`; `images`, `image`; `stopped`, `stop`.
    let rest = rest.strip_suffix('e').filter(|left| left.len() >= 3).unwrap_or(rest);
    let mut last = rest.bytes().rev();
    let doubled = matches!((last.next(), last.next()), (Some(a), Some(b)) if a == b && !b"aeiousl".contains(&a));
    let single = ["ed", "ing", "ings"].contains(ending) && doubled;
    last_y(if single { &rest[..rest.len() - 1] } else { rest })
}

fn last_y(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(rest) if rest.len() >= 3 => format!("{rest}i"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_with_other_endings_is_one_word() {
        for words in [
            &["crash", "crashes", "crashed", "crashing"][..],
            &["delete", "deleted", "deletes", "deleting", "deletion"],
            &["deploy", "deployed", "deployment", "deployments", "deploying", "deploys"],
            &["corrupt", "corrupted", "corruption"],
            &["migrate", "migration", "migrations", "migrated"],
            &["stop", "stopped", "stopping", "stops"],
            &["family", "families"],
            &["device", "devices"],
            &["region", "regions"],
            &["restore", "restored", "restoring", "restores"],
            &["fail", "failed", "failing", "fails"],
            &["image", "images"],
            &["connect", "connected", "connection", "connections"],
            &["access", "accessed"],
            &["call", "calls", "called", "calling"],
        ] {
            let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{words:?}: {stems:?}");
        }
    }

    #[test]
    fn other_words_stay_others_and_codes_have_no_ending() {
        for (one, other) in [
            ("log", "logos"),
            ("fire", "firewalls"),
            ("region", "register"),
            ("new", "need"),
            ("on", "one"),
        ] {
            assert_ne!(stem(one), stem(other));
        }
        assert_eq!(stem("5xxs"), "5xxs");
        assert_eq!(stem("is"), "is");
    }
}
