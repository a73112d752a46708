//! The recorded output of a step, made safe for a terminal.

use super::super::failure::Failure;
use super::load::Loaded;
use crate::exec::spool::{Frame, Reader};
use crate::journal::digest_file;
use crate::outcome::SpoolSummary;
use crate::report::attempts::Attempt;
use crate::report::escape;
use crate::report::model::Report;
use crate::report::words;
use crate::screen;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;
use std::path::Path;

/// A line longer than this is printed in pieces, for a whole spool may be one line.
const LONGEST_LINE: usize = 64 * 1024;

/// Prints what every attempt of a step wrote: each line with its time since the start and its stream.
pub fn print(
    out: &mut impl Write,
    loaded: &Loaded,
    report: &Report,
    step: &str,
) -> Result<(), Failure> {
    let names_it = |attempt: &&Attempt| {
        let work = &attempt.id.work;
        work.step.as_str() == step
            || work.to_string() == step
            || report.names.number(&work.step) == step
    };
    let attempts: Vec<&Attempt> = report.attempts.iter().filter(names_it).collect();
    if attempts.is_empty() {
        return Err(Failure::usage(
            format!("no command of a step {step:?} is in this journal"),
            "rutter journal show RUN --all",
        ));
    }
    for attempt in attempts {
        let fate = attempt.fate().words();
        writeln!(
            out,
            "#{} {}, attempt {}: {fate}",
            attempt.seq, attempt.id.work, attempt.id.attempt
        )?;
        writeln!(out, "  {}", escape::line(&attempt.shown))?;
        match &attempt.outcome {
            Some(outcome) if !outcome.spool.file.is_empty() => {
                figures(out, &outcome.spool)?;
                if let Some(folder) = &loaded.folder {
                    spool(out, &folder.join("output"), &outcome.spool)?;
                }
            }
            _ => writeln!(out, "  no recorded end, see output/ in the run's folder")?,
        }
    }
    Ok(())
}

fn figures(out: &mut impl Write, spool: &SpoolSummary) -> io::Result<()> {
    let cut = if spool.truncated { ", only its beginning was kept" } else { "" };
    writeln!(
        out,
        "  {}: {}, stdout {}, stderr {}{cut}, sha256 {}",
        escape::line(&spool.file),
        words::size(spool.size),
        words::size(spool.stdout_bytes),
        words::size(spool.stderr_bytes),
        escape::line(&spool.sha256)
    )
}

fn spool(out: &mut impl Write, outputs: &Path, summary: &SpoolSummary) -> io::Result<()> {
    if Path::new(&summary.file).file_name() != Some(summary.file.as_ref()) {
        return writeln!(out, "  ! this name leads out of the run's folder");
    }
    let path = outputs.join(&summary.file);
    match digest_file(&path) {
        Ok((size, sha256)) if (size, &sha256) == (summary.size, &summary.sha256) => {}
        Ok(_) => writeln!(out, "  ! this file is not what was recorded")?,
        Err(e) => return writeln!(out, "  ! this file cannot be read: {e}"),
    }
    let mut reader = Reader::open(&path)?;
    let mut begun: BTreeMap<u8, (u64, Vec<u8>)> = BTreeMap::new();
    while let Some(frame) = reader.next_frame()? {
        take(out, &mut begun, &frame)?;
    }
    for (stream, (ns, rest)) in begun {
        row(out, stream, ns, &rest)?;
    }
    Ok(())
}

/// Lines are put together from frames by stream, for a frame is whatever one read returned.
fn take(
    out: &mut impl Write,
    begun: &mut BTreeMap<u8, (u64, Vec<u8>)>,
    frame: &Frame,
) -> io::Result<()> {
    let stream = frame.stream as u8;
    for piece in frame.bytes.split_inclusive(|byte| *byte == b'\n') {
        let (ns, line) = begun.entry(stream).or_insert_with(|| (frame.at_ns, Vec::new()));
        line.extend_from_slice(piece);
        if piece.ends_with(b"\n") || line.len() >= LONGEST_LINE {
            row(out, stream, *ns, line)?;
            begun.remove(&stream);
        }
    }
    Ok(())
}

fn row(out: &mut impl Write, stream: u8, ns: u64, line: &[u8]) -> io::Result<()> {
    let name = if stream == 2 { "err" } else { "out" };
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let after = format!("{}.{:03}", ns / 1_000_000_000, ns / 1_000_000 % 1000);
    writeln!(out, "  {after:>9} {name}  {}", screen::line(line))
}
