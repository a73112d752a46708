//! What other terminals left for the one writer: notes are recorded, requests are done or handed to the face.

use super::Driver;
use super::DriverError;
use crate::engine::command::Command;
use crate::engine::event::Event;
use crate::journal::identity::Identity;
use crate::journal::inbox;
use crate::journal::inbox::Asks;
use crate::runbook::model::StopAs;
use std::collections::BTreeMap;

/// What another terminal wants of the face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To let go: that one takes the run over.
    Leave {
        /// Who asks.
        by: String,
    },
}

/// An identity as the journal keeps it beside a fact that came from elsewhere.
pub(super) fn observed(by: &Identity) -> BTreeMap<String, String> {
    match serde_json::to_value(by) {
        Ok(serde_json::Value::Object(fields)) => fields
            .into_iter()
            .map(|(name, value)| match value {
                serde_json::Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

impl Driver {
    /// Takes in what lies in the inbox. Items of other accounts stay where they are.
    pub(super) fn take_inbox(&mut self) -> Result<Vec<Event>, DriverError> {
        let dir = self.place.dir.clone();
        // An inbox that cannot be read costs other terminals their notes, never this run its way.
        let Ok(found) = inbox::list(&dir) else { return Ok(Vec::new()) };
        let us = rustix::process::geteuid().as_raw();
        let mut news = Vec::new();
        for found in found.into_iter().filter(|found| found.owner == us || found.owner == 0) {
            let item = found.item;
            let who = item.by.name();
            let command = match item.asks {
                Asks::Note { text, kind } => Some(Command::Note {
                    text: self.redact(&text),
                    kind,
                    inbox: Some(item.id.clone()),
                    from: Some(observed(&item.by)),
                }),
                Asks::Stop { reason } => Some(Command::Stop {
                    as_: StopAs::Failed,
                    reason: format!("{reason} (asked by {who} from another terminal)"),
                }),
                Asks::Hold { reason } => Some(Command::Hold {
                    reason: format!("{reason} (asked by {who} from another terminal)"),
                }),
                Asks::Take { .. } => {
                    self.request = Some(Request::Leave { by: who });
                    None
                }
            };
            if let Some(command) = command
                && let Ok(events) = self.handle(&command)?
            {
                news.extend(events);
            }
            let _ = inbox::remove(&dir, &item.id); // recorded under its id: a left-over is not taken twice
        }
        Ok(news)
    }

    /// What another terminal wants of the face, once.
    pub fn request(&mut self) -> Option<Request> {
        self.request.take()
    }
}
