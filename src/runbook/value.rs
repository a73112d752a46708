//! The types of values: what a parameter, an asked value or a capture may hold.

use super::place::At;
use serde::{Deserialize, Serialize};

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
