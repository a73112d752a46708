//! What face, keeper and gate say to each other: length-prefixed JSON over pipes.

use super::job::Job;
use crate::outcome::Process;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;

/// The largest message: a job with a script and several large values fits many times over.
const LIMIT: u32 = 64 << 20;

/// Opens the gate.
pub const GO: u8 = 1;

/// Face to keeper, once. Holds secrets: never logged, no `Debug`.
#[derive(Serialize, Deserialize)]
pub struct Order {
    /// What to run.
    pub job: Job,
    /// Every secret known so far, by name.
    pub secrets: BTreeMap<String, String>,
}

/// Keeper to face.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToFace {
    /// The command waits at the gate.
    Held {
        /// The keeper.
        keeper: Process,
        /// The gate, which becomes the command.
        child: Process,
    },
    /// Nothing was started, and nothing will be.
    Refused {
        /// Why.
        reason: String,
    },
    /// Secret captures; they exist here and in the face's memory only.
    Captured {
        /// By name.
        values: BTreeMap<String, String>,
    },
    /// The outcome file is durable.
    Ended,
}

/// Keeper to gate, once, behind the descriptor for standard input. Holds secrets: no `Debug`.
#[derive(Serialize, Deserialize)]
pub struct Load {
    /// The command's words; the first is the program.
    pub words: Vec<String>,
    /// Variables to remove.
    pub remove: Vec<String>,
    /// Variables to set, later ones win.
    pub set: Vec<(String, String)>,
    /// The folder to run in.
    pub cwd: PathBuf,
}

/// Gate to keeper.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromGate {
    /// In its own session, holding.
    Holding(Process),
    /// The program could not be executed; nothing ran.
    Failed(String),
}

/// Sends one message.
pub fn send<T: Serialize>(mut to: impl Write, message: &T) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let len = u32::try_from(body.len()).ok().filter(|len| *len <= LIMIT);
    let len =
        len.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the message is too long"))?;
    let mut frame = Vec::with_capacity(body.len() + 4);
    frame.extend_from_slice(&len.to_le_bytes());
    frame.extend_from_slice(&body);
    to.write_all(&frame)?;
    to.flush()
}

/// Receives one message; none when the other side closed between messages.
pub fn receive<T: DeserializeOwned>(mut from: impl Read) -> io::Result<Option<T>> {
    let mut len = [0; 4];
    match from.read_exact(&mut len) {
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let len = u32::from_le_bytes(len);
    if len > LIMIT {
        return Err(io::Error::new(ErrorKind::InvalidData, "the message is too long"));
    }
    let mut body = vec![0; usize::try_from(len).unwrap_or(0)];
    from.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_way_and_a_closed_pipe_is_none() {
        let mut pipe = Vec::new();
        send(&mut pipe, &ToFace::Refused { reason: "no\nspace\0".into() }).unwrap();
        let mut reader = &pipe[..];
        let got: Option<ToFace> = receive(&mut reader).unwrap();
        assert!(matches!(got, Some(ToFace::Refused { reason }) if reason == "no\nspace\0"));
        assert!(receive::<ToFace>(&mut reader).unwrap().is_none());
    }

    #[test]
    fn a_message_cut_short_is_an_error_not_an_end() {
        let mut pipe = Vec::new();
        send(&mut pipe, &ToFace::Ended).unwrap();
        pipe.pop();
        assert!(receive::<ToFace>(&pipe[..]).is_err());
    }

    #[test]
    fn an_absurd_length_is_refused_before_it_is_allocated() {
        assert!(receive::<ToFace>(&u32::MAX.to_le_bytes()[..]).is_err());
    }
}
