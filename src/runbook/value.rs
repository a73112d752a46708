//! The types of values: what a parameter, an asked value or a capture may hold.
//!
//! Every check is a full match with a length limit, and no type but numbers (and secrets, which never reach a command
//! line) may begin with `-`: a value must not become an option of the program that receives it.

use super::place::At;
use chrono::SecondsFormat;
use regex::Regex;

pub use super::kind::{Kind, LONGEST};
pub use super::moment::{parse_duration, parse_time};

/// Shorter secrets would mask harmless text all over the output.
pub const SHORTEST_SECRET: usize = 6;

/// A type with its limits.
#[derive(Clone, Debug)]
pub struct ValueType {
    /// The kind.
    pub kind: Kind,
    /// Full-match pattern that narrows it.
    pub pattern: Option<At<String>>,
    /// Smallest number, or smallest length for texts.
    pub min: Option<i64>,
    /// Largest number, or largest length for texts.
    pub max: Option<i64>,
    /// The choices of `Kind::Choice`.
    pub choices: Vec<At<String>>,
}

impl ValueType {
    /// Makes a type without limits of its own.
    pub fn plain(kind: Kind) -> Self {
        Self { kind, pattern: None, min: None, max: None, choices: Vec::new() }
    }

    /// Checks a value and returns it as it is kept: times in UTC, UUIDs in lower case, numbers without `+`.
    ///
    /// The error is a lower-case fragment for people that never repeats a secret.
    pub fn check(&self, raw: &str) -> Result<String, String> {
        if raw.len() > self.max_len() {
            return Err(format!("longer than {} bytes", self.max_len()));
        }
        if self.kind == Kind::Secret {
            return self.check_secret(raw);
        }
        if let Some(bad) = raw.chars().find(|c| !self.may_hold(*c)) {
            return Err(format!(
                "holds the character U+{:04X}, which is not allowed in a {}",
                u32::from(bad),
                self.kind
            ));
        }
        if self.kind == Kind::List {
            return self.check_list(raw);
        }
        self.check_one(raw)
    }

    /// Returns the choice of this number, counted from 1; a text that is itself a choice is no number.
    pub fn numbered(&self, typed: &str) -> Option<&str> {
        if self.choices.iter().any(|choice| choice.value == typed) {
            return None;
        }
        let number: usize = typed.parse().ok()?;
        self.choices.get(number.checked_sub(1)?).map(|choice| choice.value.as_str())
    }

    /// Returns a pattern that every value matches in full, for captures that are judged elsewhere.
    pub fn pattern(&self) -> Option<String> {
        match (&self.pattern, self.kind) {
            (Some(own), _) => Some(own.value.clone()),
            (None, Kind::Choice) if !self.choices.is_empty() => {
                let choices: Vec<_> =
                    self.choices.iter().map(|choice| regex::escape(choice)).collect();
                Some(choices.join("|"))
            }
            (None, kind) => kind.pattern().map(str::to_owned),
        }
    }

    /// Returns the longest value in bytes.
    pub fn max_len(&self) -> usize {
        let own =
            self.max.filter(|_| self.counts_length()).and_then(|max| usize::try_from(max).ok());
        own.unwrap_or(self.kind.longest()).min(LONGEST)
    }

    /// Tells whether a value may begin with `-`: numbers, secrets, and patterns that begin with a written `-`.
    pub fn allows_dash(&self) -> bool {
        let written =
            |pattern: &At<String>| pattern.trim_start_matches(['^', '(']).starts_with('-');
        matches!(self.kind, Kind::Int | Kind::Secret) || self.pattern.as_ref().is_some_and(written)
    }

    /// Tells whether `min` and `max` count bytes; for numbers they are the number's own limits.
    pub fn counts_length(&self) -> bool {
        self.kind != Kind::Int
    }

    fn may_hold(&self, c: char) -> bool {
        match c {
            '\n' | '\t' => {
                matches!(self.kind, Kind::Text) || (c == '\n' && self.kind == Kind::List)
            }
            // Bidirectional controls make a shown value differ from the real one.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => false,
            c => !c.is_control(),
        }
    }

    fn check_secret(&self, raw: &str) -> Result<String, String> {
        if raw.len() < SHORTEST_SECRET {
            return Err(format!(
                "shorter than {SHORTEST_SECRET} bytes, too short to be masked safely"
            ));
        }
        if raw.contains('\0') {
            return Err("holds a NUL byte".to_owned());
        }
        self.check_limits(raw)?;
        Ok(raw.to_owned())
    }

    fn check_list(&self, raw: &str) -> Result<String, String> {
        let items: Vec<&str> = raw.strip_suffix('\n').unwrap_or(raw).split('\n').collect();
        if raw.is_empty() {
            return self.check_limits(raw).map(|()| String::new());
        }
        for item in &items {
            if item.is_empty() {
                return Err("holds an empty item".to_owned());
            }
            self.check_dash(item).map_err(|reason| format!("item `{item}` {reason}"))?;
            self.check_pattern(item).map_err(|reason| format!("item `{item}` {reason}"))?;
        }
        let kept = items.join("\n");
        self.check_range(&kept)?;
        Ok(kept)
    }

    fn check_one(&self, raw: &str) -> Result<String, String> {
        if raw.is_empty() && self.min != Some(0) {
            return Err("is empty".to_owned());
        }
        self.check_dash(raw)?;
        let kept = self.normal(raw)?;
        self.check_limits(&kept)?;
        Ok(kept)
    }

    fn check_dash(&self, raw: &str) -> Result<(), String> {
        if raw.starts_with('-') && !self.allows_dash() {
            return Err("begins with `-`, so a program could take it for an option".to_owned());
        }
        Ok(())
    }

    /// Brings a value into the one form in which it is kept and compared.
    fn normal(&self, raw: &str) -> Result<String, String> {
        if let Some(pattern) = self.kind.pattern()
            && !matches_in_full(pattern, raw)
        {
            return Err(format!("is not {}", self.expected()));
        }
        match self.kind {
            Kind::Int => match raw.parse::<i64>() {
                Ok(number) => Ok(number.to_string()),
                Err(_) => Err("is too large a number".to_owned()),
            },
            Kind::Choice
                if !self.choices.is_empty() && !self.choices.iter().any(|c| c.value == raw) =>
            {
                Err(format!("is not {}", self.expected()))
            }
            Kind::Time => parse_time(raw).map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Kind::Duration => parse_duration(raw).map(|_| raw.to_owned()),
            Kind::Uuid => Ok(raw.to_ascii_lowercase()),
            _ => Ok(raw.to_owned()),
        }
    }

    fn check_limits(&self, kept: &str) -> Result<(), String> {
        self.check_range(kept)?;
        self.check_pattern(kept)
    }

    fn check_pattern(&self, kept: &str) -> Result<(), String> {
        match &self.pattern {
            Some(pattern) if !matches_in_full(pattern, kept) => {
                Err(format!("does not match the pattern `{pattern}` in full"))
            }
            _ => Ok(()),
        }
    }

    fn check_range(&self, kept: &str) -> Result<(), String> {
        let (size, unit) = if self.counts_length() {
            (i64::try_from(kept.len()).unwrap_or(i64::MAX), " bytes long")
        } else {
            (kept.parse().unwrap_or(i64::MAX), "")
        };
        match (self.min, self.max) {
            (Some(min), _) if size < min => Err(format!("is {size}{unit}, below {min}")),
            (_, Some(max)) if size > max => Err(format!("is {size}{unit}, above {max}")),
            _ => Ok(()),
        }
    }

    /// Says in words what is expected.
    pub fn expected(&self) -> String {
        match self.kind {
            Kind::Text => "text".to_owned(),
            Kind::Name => {
                "a name (letters, digits, `.`, `_`, `-`, not beginning with `-`)".to_owned()
            }
            Kind::Int => "a whole number".to_owned(),
            Kind::Bool => "`true` or `false`".to_owned(),
            Kind::Choice => {
                let choices: Vec<_> =
                    self.choices.iter().map(|choice| format!("`{choice}`")).collect();
                format!("one of {}", choices.join(", "))
            }
            Kind::Time => "a time with its zone, as in `2026-11-21T02:53:00Z`".to_owned(),
            Kind::Duration => "a duration, as in `90s`, `5m`, `1h30m` or `180d`".to_owned(),
            Kind::Host => "a host name or address".to_owned(),
            Kind::Url => "a URL with its scheme, as in `https://example.org/x`".to_owned(),
            Kind::Path => "a path".to_owned(),
            Kind::Uuid => "a UUID".to_owned(),
            Kind::List => "a list, one item per line".to_owned(),
            Kind::Secret => "a secret".to_owned(),
        }
    }
}

/// Tells whether a pattern matches a whole text. A pattern that does not compile matches nothing.
pub fn matches_in_full(pattern: &str, text: &str) -> bool {
    Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::place::Place;

    fn check(kind: Kind, raw: &str) -> Result<String, String> {
        ValueType::plain(kind).check(raw)
    }

    #[test]
    fn good_values_are_kept_in_one_form() {
        for (kind, raw, kept) in [
            (Kind::Text, "two\nlines é", "two\nlines é"),
            (Kind::Name, "db-orders_1.x", "db-orders_1.x"),
            (Kind::Int, "-07", "-7"),
            (Kind::Bool, "true", "true"),
            (Kind::Time, "2026-11-21T03:53:00+01:00", "2026-11-21T02:53:00Z"),
            (Kind::Time, "2026-11-21 02:53Z", "2026-11-21T02:53:00Z"),
            (Kind::Time, "2026-11-21T02:53:00.250Z", "2026-11-21T02:53:00.250Z"),
            (Kind::Duration, "1h30m", "1h30m"),
            (Kind::Host, "db.example.org", "db.example.org"),
            (Kind::Host, "fe80::1", "fe80::1"),
            (Kind::Url, "https://x.org/a?b=1#c", "https://x.org/a?b=1#c"),
            (Kind::Path, "/tmp/a b", "/tmp/a b"),
            (
                Kind::Uuid,
                "AAAAAAAA-1111-2222-3333-444444444444",
                "aaaaaaaa-1111-2222-3333-444444444444",
            ),
            (Kind::List, "a\nb c\n", "a\nb c"),
            (Kind::List, "", ""),
            (Kind::Secret, "-hunter2\n", "-hunter2\n"),
        ] {
            assert_eq!(check(kind, raw).as_deref(), Ok(kept), "{kind} {raw:?}");
        }
    }

    #[test]
    fn what_does_not_fit_its_type_is_refused() {
        for (kind, raw) in [
            (Kind::Text, ""),
            (Kind::Text, "--help"),
            (Kind::Text, "a\0b"),
            (Kind::Text, "a\u{1b}[31m"),
            (Kind::Text, "a\u{202e}b"),
            (Kind::Text, "a\rb"),
            (Kind::Name, "a b"),
            (Kind::Name, "a\n"),
            (Kind::Name, "$(touch x)"),
            (Kind::Int, "1e3"),
            (Kind::Int, "99999999999999999999"),
            (Kind::Bool, "yes"),
            (Kind::Time, "02:36Z"),
            (Kind::Time, "2026-11-21T02:53:00"),
            (Kind::Time, "2026-13-21T02:53:00Z"),
            (Kind::Duration, "5"),
            (Kind::Duration, "99999999w"),
            (Kind::Host, "-oProxyCommand=x"),
            (Kind::Host, "a/b"),
            (Kind::Url, "http://x/\"; y"),
            (Kind::Path, "-rf"),
            (Kind::Path, "a\nb"),
            (Kind::Uuid, "aaaa"),
            (Kind::List, "a\n--b"),
            (Kind::List, "a\n\nb"),
            (Kind::Secret, "short"),
        ] {
            assert!(check(kind, raw).is_err(), "{kind} {raw:?}");
        }
    }

    #[test]
    fn limits_and_patterns_narrow_a_type() {
        let at = |text: &str| At::new(text.to_owned(), Place::default());
        let mut kind = ValueType::plain(Kind::Int);
        (kind.min, kind.max) = (Some(1), Some(9));
        assert!(kind.check("9").is_ok() && kind.check("0").is_err() && kind.check("10").is_err());

        let mut kind = ValueType::plain(Kind::Text);
        kind.pattern = Some(at("a|bc"));
        assert!(
            kind.check("bc").is_ok() && kind.check("abc").is_err() && kind.check("a\n").is_err()
        );
        kind.max = Some(1);
        assert_eq!(kind.check("bc").unwrap_err(), "longer than 1 bytes");

        let mut kind = ValueType::plain(Kind::Choice);
        kind.choices = vec![at("a.b"), at("c")];
        assert!(kind.check("a.b").is_ok() && kind.check("axb").is_err());
        assert_eq!(kind.pattern().as_deref(), Some(r"a\.b|c"));
    }

    #[test]
    fn a_leading_dash_needs_a_pattern_that_writes_it() {
        let mut kind = ValueType::plain(Kind::Text);
        assert!(!kind.allows_dash());
        kind.pattern = Some(At::new(".*".to_owned(), Place::default()));
        assert!(kind.check("-x").is_err());
        kind.pattern = Some(At::new("^-[a-z]".to_owned(), Place::default()));
        assert_eq!(kind.check("-x").as_deref(), Ok("-x"));
    }
}
