//! Durable truth: what was acknowledged is on disk, in order, and proves itself.
//!
//! ```text
//! $data/journals/<run>/journal.jsonl      record ◀─ prev ── record ◀─ prev ── record
//!                                           B , h             B , h             B , h
//!                                                                               │ head
//! $data/anchors.jsonl                     run, seq, h  ◀────────────────────────┘  known outside the folder
//! ```
//!
//! `h = SHA-256("rutter.journal.v1\n" ‖ prev ‖ len64(B) ‖ B)`, where `B` are the exact bytes of the line before
//! `,"h":"`. Bytes are hashed as they were written; nothing is put into a canonical form.
//!
//! A leaf: it is generic over what an event is, and knows no engine, no runbook and no process.

pub mod anchor;
mod beside;
pub mod code;
mod durable;
pub mod error;
pub mod file;
pub mod holder;
pub mod identity;
pub mod inbox;
pub mod record;
mod reserve;
pub mod scan;
pub mod shelf;
pub mod stamp;
mod strict;
pub mod tail;
pub mod verify;

pub use durable::{Unsafe, digest_file};
