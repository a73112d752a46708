//! A mapping with known keys: what is unknown, reserved or missing is reported when it is opened or asked.

use super::reader::{Reader, listed};
use crate::runbook::place::{At, Place};
use crate::runbook::tree::{Content, Node};

/// Keys that a later version gives a meaning, and what to write until then.
const RESERVED: [(&str, &str); 2] = [
    ("each", "Write one step per item, or give the items to one command with `{{ xs... }}`."),
    ("include", "Write the steps out here."),
];

/// A mapping with known keys.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'n> {
    /// Where it begins.
    pub place: Place,
    /// What it is, for messages: `step`.
    pub what: &'static str,
    entries: &'n [(At<String>, Node)],
}

impl<'n> Fields<'n> {
    /// Opens a mapping whose keys are all in one of `known`.
    pub fn open(
        node: &'n Node,
        what: &'static str,
        known: &[&[&str]],
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let Content::Map(entries) = &node.content else {
            let keys = known.concat();
            let first = keys.first().copied().unwrap_or("name");
            let next = format!("Write `{first}: …` and the other keys of {}.", article(what));
            reader.expected(node, &format!("the keys of {}", article(what)), &next);
            return None;
        };
        for (key, _) in entries {
            if reader.findings.is_full() {
                break;
            }
            if !known.iter().any(|keys| keys.contains(&key.as_str())) {
                unknown(key, what, known, reader);
            }
        }
        Some(Self { place: node.place, what, entries })
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    /// Tells whether a key is present, known or not.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Returns where a key stands.
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(name, _)| name.place)
    }

    /// Returns the value of a key, or reports that it is missing and why it is needed.
    pub fn require(&self, key: &str, why: &str, reader: &mut Reader<'_>) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            self.missing("RB011", key, why, reader);
        }
        found
    }

    /// Reports that a key is missing.
    pub fn missing(&self, code: &'static str, key: &str, why: &str, reader: &mut Reader<'_>) {
        let what = format!("{} without `{key}`", self.what);
        reader.error(code, self.place, what, why, format!("Add `{key}: …` here."));
    }

    /// Returns which of these keys are present, in the order of the file.
    pub fn present<'k>(&self, keys: &'k [&'k str]) -> Vec<(&'k str, Place)> {
        let find = |(name, _): &(At<String>, Node)| {
            keys.iter().find(|key| **key == name.value).map(|key| (*key, name.place))
        };
        self.entries.iter().filter_map(find).collect()
    }

    /// Returns the one key of these that is present; none or several are reported.
    pub fn exactly_one<'k>(
        &self,
        code: &'static str,
        keys: &'k [&'k str],
        reader: &mut Reader<'_>,
    ) -> Option<&'k str> {
        match self.present(keys).as_slice() {
            [(key, _)] => Some(key),
            [] => {
                let what = format!("{} with none of {}", self.what, listed(keys.iter().copied()));
                let why = "exactly one of them is needed";
                reader.error(code, self.place, what, why, "Add one of these keys.");
                None
            }
            [(first, _), (second, place), ..] => {
                let what = format!("`{second}` beside `{first}`");
                let why = format!("exactly one of {} may stand here", listed(keys.iter().copied()));
                let next = format!("Keep one; make a second {} of the other.", self.what);
                reader.error(code, *place, what, why, next);
                Some(first)
            }
        }
    }
}

fn unknown(key: &At<String>, what: &str, known: &[&[&str]], reader: &mut Reader<'_>) {
    if let Some((name, next)) = RESERVED.iter().find(|(name, _)| *name == key.value) {
        let why = "the word is reserved for a later version of the format";
        reader.error("RB013", key.place, format!("`{name}`: not yet"), why, *next);
        return;
    }
    let all = known.concat();
    let what = article(what);
    let next = if let Some(near) = reader.near(key, all.iter().copied()) {
        format!("Did you mean `{near}`?")
    } else {
        format!("Remove it. The keys of {what} are {}.", listed(all.iter().copied()))
    };
    let why = format!("{what} has no such key");
    reader.error("RB010", key.place, format!("unknown key `{key}`"), why, next);
}

fn article(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}
