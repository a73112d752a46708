//! Lists every file under `runbooks/` for the binary to carry.
//!
//! A script and not a written list: a shipped runbook that misses one SQL file would be found out at three in the morning.

#![expect(clippy::disallowed_methods, reason = "a build script reads the tree and writes a table")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let top = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("runbooks");
    println!("cargo::rerun-if-changed=runbooks");
    let mut files = Vec::new();
    collect(&top, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&top).unwrap_or(file).to_string_lossy().into_owned();
        writeln!(table, "    ({name:?}, include_bytes!({:?})),", file.to_string_lossy())
            .map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&variable("OUT_DIR")?).join("built_in_runbooks.rs"), table)
}

/// Adds the regular files of a folder and of those in it; names beginning with a dot are not shipped.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|_| io::Error::other(format!("cargo did not set {name}")))
}
