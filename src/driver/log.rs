//! The driver's pen: stamps, signs, appends and anchors records.

use super::clock::Clock;
use crate::engine::event::Event;
use crate::exec::attach::Secrets;
use crate::exec::redact;
use crate::journal::Unsafe;
use crate::journal::anchor::{Anchor, Anchors};
use crate::journal::code;
use crate::journal::error::{AppendError, OpenError};
use crate::journal::file::Writer;
use crate::journal::identity::Identity;
use crate::journal::stamp::Stamp;

/// Why the journal cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A record cannot be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The head cannot be written outside the run's folder.
    #[error("the anchor cannot be written: {0}")]
    Anchor(#[from] Unsafe),
}

/// A journal open for writing, and everything a record needs besides its events.
pub(super) struct Log {
    writer: Writer,
    anchors: Anchors,
    identity: Identity,
    clock: Box<dyn Clock>,
    last: Option<Stamp>,
    secrets: Secrets,
}

impl Log {
    /// Takes over an open writer.
    pub fn new(
        writer: Writer,
        anchors: Anchors,
        identity: Identity,
        clock: Box<dyn Clock>,
        last: Option<Stamp>,
    ) -> Self {
        Self { writer, anchors, identity, clock, last, secrets: Secrets::new() }
    }

    /// The clock that stamps records.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Appends one record. `durable` means: on disk before this returns; what is not durable may be lost with the
    /// machine, never reordered. A jump of the clock since the last record is put into the same record, first.
    pub fn append(&mut self, events: &[Event], durable: bool) -> Result<u64, LogError> {
        let stamp = self.clock.stamp();
        let jump = self.last.as_ref().and_then(|last| stamp.jumped(last));
        let with_jump: Vec<Event>;
        let events = match jump {
            None => events,
            Some((wall_ns, boot_ns)) => {
                with_jump = std::iter::once(Event::ClockJumped { wall_ns, boot_ns })
                    .chain(events.iter().cloned())
                    .collect();
                &with_jump
            }
        };
        let head = if durable {
            self.writer.append(&stamp, &self.identity, events)?
        } else {
            self.writer.append_lazy(&stamp, &self.identity, events)?
        };
        self.last = Some(stamp);
        Ok(head.seq)
    }

    /// Appends the facts that waking made; the run holds them already. Nothing is written when there are none.
    pub fn append_woken(&mut self, events: &[Event]) -> Result<(), LogError> {
        if !events.is_empty() {
            self.append(events, true)?;
        }
        Ok(())
    }

    /// Makes room for the outcome of what is about to start, so that a full disk cannot swallow it.
    pub fn reserve(&mut self) -> Result<(), LogError> {
        Ok(self.writer.reserve()?)
    }

    /// Gives the room back, when nothing more will start.
    pub fn give_back(&mut self) {
        self.writer.give_back();
    }

    /// Makes the head known outside the run's folder. The last record is read back first: what is anchored is what is
    /// on the disk.
    pub fn anchor(&mut self, what: &str) -> Result<(), LogError> {
        if let Some(head) = self.writer.confirm()? {
            self.anchors.append(&Anchor {
                run: self.writer.run().to_owned(),
                seq: head.seq,
                h: head.h,
                at: self.clock.stamp().at,
                what: what.to_owned(),
            })?;
        }
        Ok(())
    }

    /// The newest record's number and the code that stands for its hash.
    pub fn head_code(&self) -> (u64, String) {
        self.writer.head().map_or((0, String::new()), |head| (head.seq, code::of(&head.h)))
    }

    /// Learns the secrets to mask in texts made by ourselves.
    pub fn know_secrets(&mut self, secrets: &Secrets) {
        self.secrets.clone_from(secrets);
    }

    /// Masks known secrets.
    pub fn redact(&self, text: &str) -> String {
        redact::redact_str(&self.secrets, text)
    }
}
