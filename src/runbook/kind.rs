//! The kinds of value: their names in files, what each may look like, and how long it may be.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest value of any type. Below the kernel's limit for one environment variable (131,071 bytes), so that
/// what was accepted here can always be handed to a command.
pub const LONGEST: usize = 65_536;

/// The kinds of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One or more printable lines.
    Text,
    /// Letters, digits, `-`, `_`, `.`; not beginning with `-`.
    Name,
    /// A whole number.
    Int,
    /// `true` or `false`.
    Bool,
    /// One of the written choices.
    Choice,
    /// A moment, RFC 3339 with `Z` or an offset; kept as UTC.
    Time,
    /// `90s`, `5m`, `1h30m`, `180d`.
    Duration,
    /// A host name or address.
    Host,
    /// An absolute URL with a scheme.
    Url,
    /// A path without NUL.
    Path,
    /// A UUID.
    Uuid,
    /// Items, one per line; each without a newline.
    List,
    /// A secret: never shown, never recorded.
    Secret,
}

impl Kind {
    /// Every kind with its name in files.
    pub const ALL: [(&'static str, Self); 13] = [
        ("text", Self::Text),
        ("name", Self::Name),
        ("int", Self::Int),
        ("bool", Self::Bool),
        ("choice", Self::Choice),
        ("time", Self::Time),
        ("duration", Self::Duration),
        ("host", Self::Host),
        ("url", Self::Url),
        ("path", Self::Path),
        ("uuid", Self::Uuid),
        ("list", Self::List),
        ("secret", Self::Secret),
    ];

    /// Returns the name in files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("text", |(name, _)| name)
    }

    /// Returns the pattern that every value of this kind matches in full.
    pub fn pattern(self) -> Option<&'static str> {
        Some(match self {
            Self::Name => "[A-Za-z0-9_.][A-Za-z0-9_.-]*",
            Self::Int => "[+-]?[0-9]+",
            Self::Bool => "true|false",
            Self::Time => r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)",
            Self::Duration => "([0-9]{1,9}[smhdw])+",
            Self::Host => {
                r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\]?"
            }
            Self::Url => r#"[A-Za-z][A-Za-z0-9+.-]*://[^\s\x00-\x1f\x7f"'<>\\^`{|}]+"#,
            Self::Uuid => "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
            Self::Text | Self::Choice | Self::Path | Self::List | Self::Secret => return None,
        })
    }

    /// Returns the longest value of this kind when the definition does not say.
    pub fn longest(self) -> usize {
        match self {
            Self::Bool => 5,
            Self::Int => 20,
            Self::Time => 40,
            Self::Uuid => 36,
            Self::Duration => 64,
            Self::Name | Self::Choice => 128,
            Self::Host => 253,
            Self::Url => 2048,
            Self::Text | Self::Path => 4096,
            Self::List | Self::Secret => LONGEST,
        }
    }

    /// Tells whether no value of this kind can hold a quote or a backslash, so that it may stand inside the quotes
    /// of another language (JMESPath, SQL, JSON).
    pub fn is_plain(self) -> bool {
        match self {
            Self::Text | Self::Choice | Self::Path | Self::List | Self::Secret => false,
            Self::Name
            | Self::Int
            | Self::Bool
            | Self::Time
            | Self::Duration
            | Self::Host
            | Self::Url
            | Self::Uuid => true,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
