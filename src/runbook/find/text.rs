//! Words as they are compared: folded to small letters without accents, whole, with another ending, as a beginning, or
//! with a slip in them.

use super::stem::stem;

/// A word that fits less than this is only a beginning of another one.
pub const FITS: f64 = 0.4;
/// From here on it is the word itself, perhaps with another ending.
pub const SAME: f64 = 0.9;
/// So much counts what a text says is well.
const ASIDE: f64 = 0.4;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// Its letters, folded.
    pub text: String,
    /// What is left of it without its ending.
    stem: String,
    /// It stands where the text says what is well.
    aside: bool,
    /// The words it is joined of: `Crash`, `Loop`, `Back`, `Off`.
    pub parts: Vec<Word>,
}

impl Word {
    fn new(text: &str) -> Self {
        let text = folded(text);
        let text = known_as(&text).to_owned();
        Self { stem: stem(&text), text, aside: false, parts: Vec::new() }
    }
}

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

/// Returns the words of a text. A place for a value is none: its name says nothing about the trouble. What follows
/// "although" is what is well, so it counts little.
pub fn words(text: &str) -> Vec<Word> {
    let written = text.split("{{").enumerate().map(|(at, part)| match part.split_once("}}") {
        Some((_, rest)) if at > 0 => rest,
        _ => part,
    });
    let written = written.collect::<Vec<_>>().join(" ");
    let accent = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    let raw = written.split(|c: char| !c.is_alphanumeric() && !accent(c));
    let mut words: Vec<Word> = Vec::new();
    let mut aside = false;
    for raw in raw.filter(|word| !word.is_empty()) {
        if let Some(meant) = short_for(raw) {
            words.extend(meant.map(Word::new));
            continue;
        }
        let mut word = Word::new(raw);
        word.aside = aside;
        aside |= word.text == "although";
        let parts = parts(raw);
        if parts.len() > 1 {
            word.parts = parts.into_iter().map(Word::new).collect();
        }
        // "log in", "signed on": one word that is written as two.
        let before = words.last().map_or("", |word| word.stem.as_str());
        if ["in", "on", "out"].contains(&word.text.as_str()) && ["log", "sign"].contains(&before) {
            words.pop();
            word = Word::new("login");
        }
        words.push(word);
    }
    words
}

/// What a word is called here. People and tools have several names for one thing.
fn known_as(word: &str) -> &str {
    match word {
        "db" | "dbs" => "database",
        "logon" | "logout" | "signin" | "logins" => "login",
        "ssl" | "mtls" => "tls",
        "certs" | "cert" => "certificate",
        "apps" | "application" | "applications" => "app",
        "k8s" => "kubernetes",
        "postgres" | "psql" | "pg" => "postgresql",
        "broke" | "broken" | "breaks" => "break",
        "lost" | "loses" | "losing" => "lose",
        "overwrote" | "overwritten" => "overwrite",
        "began" | "begun" => "begin",
        "cant" | "can't" => "cannot",
        word => word,
    }
}

/// What letters of the trade stand for.
fn short_for(word: &str) -> Option<[&'static str; 2]> {
    match folded(word).as_str() {
        "rg" => Some(["resource", "group"]),
        "kv" => Some(["key", "vault"]),
        "aca" => Some(["container", "app"]),
        _ => None,
    }
}

/// Divides a word where a capital letter stands behind a small one.
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut small = false;
    for (at, c) in word.char_indices() {
        if small && c.is_uppercase() {
            parts.push(&word[from..at]);
            from = at;
        }
        small = c.is_lowercase();
    }
    parts.push(&word[from..]);
    parts
}

/// Says how well a word fits the best of these: 1 whole, less with another ending, less as a beginning by how much of
/// the word is there, less with a slip, 0 not at all.
pub fn quality(word: &Word, list: &[Word], slips: Slips) -> f64 {
    let all = list.iter().chain(list.iter().flat_map(|other| &other.parts));
    let fits = |other: &Word| one(word, other, slips) * if other.aside { ASIDE } else { 1.0 };
    all.map(fits).fold(0.0, f64::max)
}

fn one(word: &Word, other: &Word, slips: Slips) -> f64 {
    let (typed, there) = (word.text.as_str(), other.text.as_str());
    if typed == there {
        return 1.0;
    }
    if word.stem == other.stem {
        return SAME;
    }
    if there.starts_with(typed) {
        return 0.8 * share(typed, there);
    }
    let forgiven = match typed.chars().count() {
        _ if slips == Slips::None => 0,
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let near = forgiven > 0
        && typed.chars().next() == there.chars().next()
        && typed.len().abs_diff(there.len()) <= forgiven
        && strsim::osa_distance(typed, there) <= forgiven;
    if near { 0.6 } else { 0.0 }
}

/// How much of the second word the first one is.
fn share(part: &str, whole: &str) -> f64 {
    let long = |text: &str| f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
    long(part) / long(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn case_and_accents_make_no_other_word() {
        assert_eq!(texts("Été — CAFÉ, e-mail; Straße"), ["ete", "cafe", "e", "mail", "strasse"]);
        assert_eq!(texts("cafe\u{301}"), ["cafe"]);
        assert_eq!(texts("5xx/403!"), ["5xx", "403"]);
        assert_eq!(texts("in {{ resource_group }} of {{ app }}"), ["in", "of"]);
    }

    #[test]
    fn several_names_of_one_thing_are_one_word() {
        assert_eq!(texts("DB Postgres broke"), ["database", "postgresql", "break"]);
        for text in ["log in", "logged in", "sign in", "signing on", "Sign-In", "logout"] {
            assert_eq!(texts(text), ["login"], "{text}");
        }
        let [word] = &words("CrashLoopBackOff")[..] else { panic!() };
        let parts: Vec<&str> = word.parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(
            (word.text.as_str(), parts.join(" ")),
            ("crashloopbackoff", "crash loop back off".into())
        );
        assert_eq!(words("IoT")[0].text, "iot");
    }

    #[test]
    fn what_follows_although_is_not_the_trouble() {
        let list = words("connection errors although nothing was deployed");
        let fit = |word: &str| quality(&words(word)[0], &list, Slips::None);
        assert!(fit("errors") >= SAME && fit("deployed") <= FITS && fit("deployed") > 0.0);
    }

    #[test]
    fn letters_of_the_trade_are_the_words_they_stand_for() {
        assert_eq!(texts("RG deleted"), ["resource", "group", "deleted"]);
        assert_eq!(texts("kv 403"), ["key", "vault", "403"]);
    }

    #[test]
    fn whole_words_fit_best_then_other_endings_then_slips_and_beginnings_by_their_length() {
        let list = words("deployment restore firewalls");
        let fit = |word: &str| quality(&words(word)[0], &list, Slips::Some);
        assert!(fit("deployment") > fit("deploying") && fit("deploying") > fit("deplyoment"));
        assert!(fit("deployi") <= 0.0 && fit("deploym") > fit("depl") && fit("depl") > fit("dep"));
        assert!(fit("fire") < FITS && fit("firewal") > FITS);
        assert!(fit("deplyoment") > 0.0 && fit("restores") >= SAME && fit("deployed") >= SAME);
        assert!(quality(&words("deplyoment")[0], &list, Slips::None) <= 0.0);
        assert!(["xeployment", "rest0", "ore"].iter().all(|word| fit(word) <= 0.0));
    }
}
