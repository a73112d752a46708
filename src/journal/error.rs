//! Why a journal is not opened or not written, in words that say what to do next.

use super::durable::Unsafe;
use super::record::{EncodeError, Flaw};
use std::io;
use std::path::PathBuf;

/// Why a journal cannot be opened for writing.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process writes it.
    #[error("another process holds the journal {path}")]
    Held {
        /// The file.
        path: PathBuf,
    },
    /// A record in it does not hold. Nothing is written to it any more; it can still be read up to there.
    #[error(
        "the journal {path} is damaged at record {seq}: {flaw}; see: rutter journal verify {run}"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The run.
        run: String,
        /// The first bad record.
        seq: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// The folder or file is not safe to use, or the system refused.
    #[error(transparent)]
    Unsafe(#[from] Unsafe),
    /// The system refused.
    #[error("{path}: {source}")]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Why a record was not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The disk, the quota or the allowed file size is used up. Nothing was written; after making room it goes on.
    #[error(
        "no room for the journal: {path} needs {needed} bytes more ({source}); free space there and try again"
    )]
    NoRoom {
        /// The file.
        path: PathBuf,
        /// How many bytes are wanted.
        needed: u64,
        /// What the system said: `ENOSPC`, `EDQUOT` or `EFBIG`.
        source: io::Error,
    },
    /// Writing failed. What is on disk is not known any more, so this writer is spent.
    #[error(
        "the journal {path} could not be written: {source}; nothing more is recorded here until the run is resumed"
    )]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not the one that was opened any more: removed, replaced, or written to by something else.
    #[error(
        "the journal {path} was changed by something else ({what}); nothing more is recorded here"
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// What was seen.
        what: &'static str,
    },
    /// An earlier failure spent this writer. A sync that failed once may lie the second time, so it is never repeated.
    #[error("the journal {path} is not written any more, because of an earlier failure: {because}")]
    Spent {
        /// The file.
        path: PathBuf,
        /// The earlier failure.
        because: String,
    },
    /// The record itself cannot be made. Nothing was written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}
