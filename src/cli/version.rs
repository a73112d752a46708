//! `rutter version`: what this binary is.

use super::exit::Exit;
use super::failure::Failure;
use std::io::Write;

/// Arguments of `rutter version`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Prints name, version, and the format versions it reads and writes.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    let version = env!("CARGO_PKG_VERSION");
    if args.json {
        let value = serde_json::json!({
            "v": 1, "name": "rutter", "version": version, "runbook_format": 1, "journal_format": 1, "spool_format": 1,
        });
        writeln!(out, "{value}")?;
    } else {
        writeln!(out, "rutter {version} · runbook format 1 · journal format 1 · spool format 1")?;
    }
    Ok(Exit::Done)
}
