//! What the events of a run say of its state and of the files beside its journal.

use super::fact::{Entry, events};
use crate::engine::event::{AttemptId, Event};
use crate::journal::verify::{Claimed, Claims};
use std::collections::BTreeMap;

/// Tells whether the run is closed.
pub fn is_closed(entries: &[Entry]) -> bool {
    events(entries).any(|(_, event)| matches!(event, Event::RunClosed { .. }))
}

/// Collects what a journal has to be verified against.
pub fn claims(entries: &[Entry]) -> Claims {
    let mut claims = Claims { closed: is_closed(entries), ..Claims::default() };
    let mut unsealed: BTreeMap<AttemptId, u64> = BTreeMap::new();
    for (entry, event) in events(entries) {
        match event {
            Event::RunOpened(opened) => {
                claims.mode = opened.mode.mark().map(str::to_owned);
                claims.pinned.extend(opened.pinned.iter().map(|pinned| Claimed {
                    path: pinned.path.clone(),
                    size: pinned.size,
                    sha256: pinned.sha256.clone(),
                }));
            }
            Event::AttemptIntended { id, .. } => {
                unsealed.insert(id.clone(), entry.seq);
            }
            Event::AttemptEnded { id, outcome, .. } if !outcome.spool.file.is_empty() => {
                unsealed.remove(id);
                claims.outputs.push(Claimed {
                    path: outcome.spool.file.clone(),
                    size: outcome.spool.size,
                    sha256: outcome.spool.sha256.clone(),
                });
            }
            _ => {}
        }
    }
    // An attempt's output is named after the record of its intention.
    let name = |(id, seq): (&AttemptId, &u64)| format!("{seq:04}-{}.spool", id.slug());
    claims.unsealed = unsealed.iter().map(name).collect();
    claims
}
