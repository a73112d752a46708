//! Running a command of a runbook for real, and reading what it said as the runbook would.

use super::samples;
use rutter::runbook::model::{Capture, Compare, Expect, From, Selector, Shell, Values};
use rutter::runbook::resolve::{Resolved, ResolvedProgram, ResolvedStdin, ResolvedValue};
use rutter::runbook::template::Text;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What commands are run with.
pub struct Trial {
    /// Variables of the operator.
    pub environment: Vec<(&'static str, OsString)>,
    /// Secrets by name.
    pub secrets: BTreeMap<String, String>,
    /// A folder for files.
    pub folder: std::path::PathBuf,
}

impl Trial {
    /// Runs it to its end.
    pub fn run(&self, resolved: &Resolved) -> Output {
        let mut command = match &resolved.program {
            ResolvedProgram::Words(words) => {
                let mut command = Command::new(self.on_the_path(&words[0]));
                command.args(&words[1..]);
                command
            }
            ResolvedProgram::Script { shell, text } => {
                let (shell, options) = match shell {
                    Shell::Sh => ("sh", "-euc"),
                    Shell::Bash => ("bash", "-euo"),
                };
                let mut command = Command::new(shell);
                command.arg(options);
                if options == "-euo" {
                    command.args(["pipefail", "-c"]);
                }
                command.arg(text);
                command
            }
        };
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(&resolved.cwd).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, value) in &resolved.env {
            command.env(name, self.text(value));
        }
        for (name, value) in &resolved.files {
            let path = self.folder.join(format!("made-{name}"));
            private(&path, self.text(value));
            command.env(name, path);
        }
        match &resolved.stdin {
            ResolvedStdin::Null => command.stdin(Stdio::null()),
            ResolvedStdin::File(path) => command.stdin(File::open(path).expect(path)),
            ResolvedStdin::Value(value) => {
                let path = self.folder.join("stdin");
                private(&path, self.text(value));
                command.stdin(File::open(path).unwrap())
            }
        };
        command.output().unwrap()
    }

    fn on_the_path(&self, program: &str) -> std::path::PathBuf {
        let path = self.environment.iter().find(|(name, _)| *name == "PATH").map(|(_, path)| path);
        let folders = path.into_iter().flat_map(std::env::split_paths);
        let mut found = folders.map(|folder| folder.join(program)).filter(|path| path.is_file());
        found.next().unwrap_or_else(|| program.into())
    }

    fn text<'a>(&'a self, value: &'a ResolvedValue) -> &'a str {
        match value {
            ResolvedValue::Text(text) => text,
            ResolvedValue::Secret(name) => self.secrets.get(name).expect(name),
        }
    }
}

/// Writes a file that only its owner may read.
fn private(path: &Path, text: &str) {
    let _ = fs::remove_file(path);
    let file = File::options().write(true).create_new(true).mode(0o600).open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

/// Whether an expectation holds.
pub fn holds(expect: &Expect, output: &Output, values: &Values) -> bool {
    if let Selector::Exit(codes) = &expect.select.by {
        return output.status.code().is_some_and(|code| codes.contains(&code));
    }
    if let Selector::LinesEach(pattern) = &expect.select.by {
        let (pattern, text) =
            (regex::Regex::new(pattern).unwrap(), stream(expect.select.from, output));
        return !text.is_empty() && text.lines().all(|line| pattern.is_match(line));
    }
    let Some(found) = samples::select(&expect.select.by, &stream(expect.select.from, output))
    else {
        return false;
    };
    let written = |text: &Text| text.render(values).expect("a value for an expectation");
    let number = |text: &str| text.parse::<i64>().ok();
    // Moments are compared as text: both are UTC with a `Z`, and as long as each other.
    let ordered = |text: &Text| {
        let written = written(text);
        match (number(&found), number(&written)) {
            (Some(found), Some(written)) => found.cmp(&written),
            _ => found.cmp(&written),
        }
    };
    match &expect.compare {
        None => true,
        Some(Compare::Equals(text)) => found == written(text),
        Some(Compare::Not(text)) => found != written(text),
        Some(Compare::In(texts)) => texts.iter().any(|text| found == written(text)),
        Some(Compare::Matches(pattern)) => regex::Regex::new(pattern).unwrap().is_match(&found),
        Some(Compare::AtLeast(text)) => ordered(text).is_ge(),
        Some(Compare::AtMost(text)) => ordered(text).is_le(),
    }
}

/// What a capture takes, as its type keeps it.
pub fn captured(capture: &Capture, output: &Output) -> Option<String> {
    if let Selector::Exit(codes) = &capture.select.by {
        let holds = output.status.code().is_some_and(|code| codes.contains(&code));
        return Some(holds.to_string());
    }
    let found = samples::select(&capture.select.by, &stream(capture.select.from, output))?;
    capture.kind.check(&found).ok()
}

fn stream(from: From, output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    match from {
        From::Stdout => text(&output.stdout),
        From::Stderr => text(&output.stderr),
        From::Both => text(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()),
    }
}
