//! Events as they are read back: those of this version as what they are, those of a later one as they stand.

use crate::engine::event::Event;
use crate::journal::record::Record;
use serde::{Deserialize, Serialize};

/// An event of a journal, whatever version wrote it.
///
/// A report shows what it does not know; only going on with a run refuses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// An event this version knows.
    Known(Box<Event>),
    /// An event of a later version, as it was written.
    Unknown(serde_json::Value),
}

impl Fact {
    /// Returns the event, if this version knows it.
    pub fn known(&self) -> Option<&Event> {
        match self {
            Self::Known(event) => Some(event),
            Self::Unknown(_) => None,
        }
    }
}

/// A record as reports read it.
pub type Entry = Record<Fact>;

/// Returns every known event with its record, in order.
pub fn events(entries: &[Entry]) -> impl Iterator<Item = (&Entry, &Event)> {
    entries.iter().flat_map(|entry| {
        entry.events.iter().filter_map(Fact::known).map(move |event| (entry, event))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_a_later_version_is_kept_as_it_stands() {
        let text = r#"[{"type":"held","reason":"lunch"},{"type":"paged","whom":["lena"]}]"#;
        let facts: Vec<Fact> = serde_json::from_str(text).unwrap();
        assert_eq!(facts[0].known(), Some(&Event::Held { reason: "lunch".into() }));
        assert_eq!(facts[1].known(), None);
        assert_eq!(
            serde_json::to_string(&facts[1]).unwrap(),
            r#"{"type":"paged","whom":["lena"]}"#
        );
    }
}
