//! What a command is given as files: made files, its script, its standard input.

use super::durable;
use super::job::{Job, Program, Stdin, Value};
use super::secret::Known;
use super::system::{Here, System};
use super::wire::Load;
use super::{child_env, process};
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// A job made ready: everything a gate needs, any number of times.
pub(super) struct Prepared {
    /// What the gate is loaded with.
    pub(super) load: Load,
    /// The marker of every process of this attempt.
    pub(super) marker: String,
    stdin: StdinSource,
    /// Files to remove; dropping this removes them, however the attempt went.
    _made: Vec<Made>,
}

enum StdinSource {
    Null,
    File(PathBuf),
    Value(String),
}

/// A file that is removed when it is dropped.
struct Made(PathBuf);

impl Drop for Made {
    fn drop(&mut self) {
        // Already gone is what was wanted; anything else shows up as a file left in the run's folder.
        let _ = fs::remove_file(&self.0);
    }
}

/// Makes the files and the words; an error is a reason not to start.
pub(super) fn prepare(job: &Job, secrets: &Known) -> Result<Prepared, String> {
    let mut made = Vec::new();
    let marker = format!("{}/{}", job.run, job.attempt);
    let mut set = child_env::quiet(job.io == super::job::Io::Pty);
    for (name, value) in &job.env {
        set.push((name.clone(), resolve(value, secrets)?));
    }
    for (number, (name, value)) in job.files.iter().enumerate() {
        let content = resolve(value, secrets)?;
        // The variable's name is the author's; only the safe part of it becomes a file name.
        let safe: String = name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let path = job.private.join(format!("{}-{number}-{safe}", file_stem(job)));
        durable::private_folder(&job.private)
            .and_then(|()| make(&path, content.as_bytes(), &mut made))
            .map_err(|e| format!("cannot make the file for {name}: {e}"))?;
        let path = path.to_str().ok_or("the folder for made files has no text name")?;
        set.push((name.clone(), path.to_owned()));
    }
    set.push((process::MARKER.to_owned(), marker.clone()));
    let words = words(job, &mut made)?;
    let stdin = match &job.stdin {
        Stdin::Null => StdinSource::Null,
        Stdin::File(path) => StdinSource::File(path.clone()),
        Stdin::Value(value) => StdinSource::Value(resolve(value, secrets)?),
    };
    if let Some(reason) = child_env::unfit(&words, &set) {
        return Err(reason);
    }
    let load = Load { words, remove: job.env_remove.clone(), set, cwd: job.cwd.clone() };
    Ok(Prepared { load, marker, stdin, _made: made })
}

impl Prepared {
    /// Opens standard input anew, at its beginning.
    pub(super) fn stdin(&self) -> Result<OwnedFd, String> {
        match &self.stdin {
            StdinSource::Null => open(Path::new("/dev/null")),
            StdinSource::File(path) => open(path),
            StdinSource::Value(text) => nameless(text).map_err(|e| format!("standard input: {e}")),
        }
    }
}

fn words(job: &Job, made: &mut Vec<Made>) -> Result<Vec<String>, String> {
    let (shell, text) = match &job.program {
        Program::Words(words) => return Ok(words.clone()),
        Program::Script { shell, text } => (shell, text),
    };
    let path = job.task.join("script");
    make(&path, text.as_bytes(), made).map_err(|e| format!("cannot write the script: {e}"))?;
    let path = path.to_str().ok_or("the task's folder has no text name")?;
    let options: &[&str] = match shell.as_str() {
        "sh" => &["-eu"],
        "bash" => &["-euo", "pipefail"],
        other => return Err(format!("`{other}` is not a shell for scripts: sh or bash")),
    };
    let words = std::iter::once(shell.as_str()).chain(options.iter().copied()).chain([path]);
    Ok(words.map(str::to_owned).collect())
}

fn make(path: &Path, content: &[u8], made: &mut Vec<Made>) -> io::Result<()> {
    let mut file = durable::create(path)?;
    made.push(Made(path.to_owned()));
    file.write_all(content)
}

fn open(path: &Path) -> Result<OwnedFd, String> {
    let named = |e: &dyn std::fmt::Display| format!("standard input {}: {e}", path.display());
    let kind = fs::metadata(path).map_err(|e| named(&e))?.file_type();
    // Opening a pipe waits for its writer, and a keeper that waits cannot be asked to stop.
    if !kind.is_file() && !kind.is_char_device() {
        return Err(named(&"it is neither a file nor a device"));
    }
    Ok(File::open(path).map_err(|e| named(&e))?.into())
}

/// Text on standard input never has a name on any disk: it may be a secret.
fn nameless(text: &str) -> io::Result<OwnedFd> {
    let mut file = Here::nameless_file()?;
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(file.into())
}

fn resolve(value: &Value, secrets: &Known) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Secret(name) => secrets
            .get(name)
            .ok_or_else(|| format!("the secret {name} is not known in this session")),
    }
}

/// Task folders are numbered, so their names keep the made files of two attempts apart.
fn file_stem(job: &Job) -> String {
    job.task.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
