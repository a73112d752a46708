//! From a call and values to exactly what would run: the words, the text to show, and a digest of all of it.
//!
//! Nothing after this point changes a command. What is shown is made from the same words that are started, and the
//! digest covers everything that reaches the process, so what was confirmed can be compared with what ran.

use super::model::{
    Call, Compare, Expect, FileContent, From, Program, Selector, Shell, Stdin, Values,
};
use super::shown::{Around, mark, shown};
use super::template::{Missing, Part, Text, Word};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What a call is resolved with.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The values by name; secrets are never in it.
    pub values: &'a Values,
    /// Names of kind list: their values hold one item per line.
    pub lists: &'a BTreeSet<String>,
    /// Names of secrets.
    pub secrets: &'a BTreeSet<String>,
    /// The folder commands run in unless they say otherwise.
    pub work: &'a str,
    /// The folder that relative input files lie in.
    pub runbook_dir: &'a str,
}

/// Exactly what would run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The words or the script.
    pub program: ResolvedProgram,
    /// Variables to set, in order: `RB_*` for scripts, then the written ones.
    pub env: Vec<(String, ResolvedValue)>,
    /// The folder it runs in.
    pub cwd: String,
    /// What it reads.
    pub stdin: ResolvedStdin,
    /// Files made for it: the variable that holds the path, and the content.
    pub files: Vec<(String, ResolvedValue)>,
    /// The command as text, with what it is given: words quoted for a POSIX shell, or the script itself.
    pub shown: String,
    /// SHA-256, in hex, over all of the above.
    pub digest: String,
}

/// What runs, with values in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedProgram {
    /// These words.
    Words(Vec<String>),
    /// This text, by this shell.
    Script {
        /// The shell.
        shell: Shell,
        /// The text.
        text: String,
    },
}

/// A value, or a secret by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedValue {
    /// This text.
    Text(String),
    /// The secret of this name.
    Secret(String),
}

/// What a command reads, with values in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedStdin {
    /// Nothing.
    Null,
    /// This file.
    File(String),
    /// This value.
    Value(ResolvedValue),
}

/// Puts values into a call. The error names every value that is missing.
pub fn resolve(call: &Call, scope: &Scope<'_>) -> Result<Resolved, Vec<String>> {
    let mut filling = Filling { scope, missing: Vec::new() };
    let program = filling.program(&call.program);
    let cwd = match &call.cwd {
        Some(word) => filling.text(&word.parts),
        None => scope.work.to_owned(),
    };
    let written = call.env.iter().map(|(name, word)| (name.value.clone(), filling.value(word)));
    let written: Vec<_> = written.collect();
    let stdin = filling.stdin(call.stdin.as_ref());
    let files =
        call.files.iter().map(|(name, content)| (name.value.clone(), filling.content(content)));
    let files: Vec<_> = files.collect();
    if !filling.missing.is_empty() {
        return Err(filling.missing);
    }
    let mut env = match program {
        ResolvedProgram::Words(_) => Vec::new(),
        ResolvedProgram::Script { .. } => exported(scope.values),
    };
    env.extend(written);
    let (shown, digest) = (String::new(), String::new());
    let given = Resolved { program, env, cwd, stdin, files, shown, digest };
    Ok(given.with(given.program.clone()))
}

impl Resolved {
    /// Returns the same call with this program, shown and hashed anew.
    pub(super) fn with(&self, program: ResolvedProgram) -> Self {
        // No variable that an author writes can begin so: those are what every script is given.
        let written = self.env.iter().filter(|(name, _)| !name.starts_with(EXPORTED));
        let written: Vec<_> = written.cloned().collect();
        let around = Around { env: &written, files: &self.files, stdin: &self.stdin };
        let shown = shown(&program, around);
        let mut resolved = Self { program, shown, digest: String::new(), ..self.clone() };
        resolved.digest = digest(&resolved);
        resolved
    }
}

/// What the names of variables begin with that carry values into scripts.
const EXPORTED: &str = "RB_";

/// Returns the variable that carries a value into scripts: `run.work` → `RB_RUN_WORK`.
pub fn variable(name: &str) -> String {
    let mut variable = String::from(EXPORTED);
    variable.extend(
        name.chars().map(|c| if matches!(c, '.' | '-') { '_' } else { c.to_ascii_uppercase() }),
    );
    variable
}

fn exported(values: &Values) -> Vec<(String, ResolvedValue)> {
    values
        .iter()
        .map(|(name, value)| (variable(name), ResolvedValue::Text(value.clone())))
        .collect()
}

/// Fills templates and remembers what is missing.
struct Filling<'a> {
    scope: &'a Scope<'a>,
    missing: Vec<String>,
}

impl Filling<'_> {
    fn miss(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if !self.missing.contains(&name) {
                self.missing.push(name);
            }
        }
    }

    fn text(&mut self, parts: &[Part]) -> String {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Lit(lit) => text.push_str(lit),
                // Reading refuses secrets in texts; if one comes this far, its name is shown and not its value.
                Part::Var { name, .. } if self.scope.secrets.contains(name) => {
                    text.push_str(&mark(name));
                }
                Part::Var { name, .. } => match self.scope.values.get(name) {
                    Some(value) => text.push_str(value),
                    None => self.miss([name.clone()]),
                },
            }
        }
        text
    }

    fn program(&mut self, program: &Program) -> ResolvedProgram {
        match program {
            Program::Words(words) => {
                ResolvedProgram::Words(words.iter().flat_map(|word| self.words(word)).collect())
            }
            Program::Script { shell, text } => {
                ResolvedProgram::Script { shell: *shell, text: text.value.clone() }
            }
        }
    }

    /// One word, or one per item of the list it ends in.
    fn words(&mut self, word: &Word) -> Vec<String> {
        let Some((Part::Var { name, spread: true, .. }, before)) = word.parts.split_last() else {
            return vec![self.text(&word.parts)];
        };
        let before = self.text(before);
        let Some(value) = self.scope.values.get(name) else {
            self.miss([name.clone()]);
            return Vec::new();
        };
        if !self.scope.lists.contains(name) {
            return vec![before + value];
        }
        value.lines().map(|item| format!("{before}{item}")).collect()
    }

    fn value(&mut self, word: &Word) -> ResolvedValue {
        match word.only_name() {
            Some(name) if self.scope.secrets.contains(name) => {
                ResolvedValue::Secret(name.to_owned())
            }
            _ => ResolvedValue::Text(self.text(&word.parts)),
        }
    }

    fn content(&mut self, content: &FileContent) -> ResolvedValue {
        match content {
            FileContent::Text(text) => ResolvedValue::Text(self.text(&text.parts)),
            FileContent::Secret(name) => ResolvedValue::Secret(name.value.clone()),
        }
    }

    fn stdin(&mut self, stdin: Option<&Stdin>) -> ResolvedStdin {
        match stdin {
            None => ResolvedStdin::Null,
            Some(Stdin::Text(text)) => {
                ResolvedStdin::Value(ResolvedValue::Text(self.text(&text.parts)))
            }
            Some(Stdin::Value(name)) => {
                if let Some(value) = self.scope.values.get(&name.value) {
                    ResolvedStdin::Value(ResolvedValue::Text(value.clone()))
                } else {
                    self.miss([name.value.clone()]);
                    ResolvedStdin::Null
                }
            }
            Some(Stdin::Secret(name)) => {
                ResolvedStdin::Value(ResolvedValue::Secret(name.value.clone()))
            }
            Some(Stdin::File(word)) => {
                let path = self.text(&word.parts);
                ResolvedStdin::File(if path.starts_with('/') {
                    path
                } else {
                    format!("{}/{path}", self.scope.runbook_dir.trim_end_matches('/'))
                })
            }
        }
    }
}

/// Quotes one word so that any POSIX shell, and an interactive bash, reads exactly it.
pub fn quote(word: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(&b);
    // `=` and `:` make a word special only in first place or after `~`, which is never left bare.
    if !word.is_empty() && word.bytes().all(safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Hashes every part with its length in front, so that no two calls share an encoding.
fn digest(resolved: &Resolved) -> String {
    let mut hash = Sha256::new();
    let mut put = |tag: &str, text: &str| {
        hash.update(tag.as_bytes());
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    put("rutter.call.v1\n", "");
    match &resolved.program {
        ResolvedProgram::Words(words) => words.iter().for_each(|word| put("w", word)),
        ResolvedProgram::Script { shell: Shell::Sh, text } => put("sh", text),
        ResolvedProgram::Script { shell: Shell::Bash, text } => put("bash", text),
    }
    let put_value = |put: &mut dyn FnMut(&str, &str), value: &ResolvedValue| match value {
        ResolvedValue::Text(text) => put("t", text),
        ResolvedValue::Secret(name) => put("s", name),
    };
    put("cwd", &resolved.cwd);
    for (name, value) in &resolved.env {
        put("env", name);
        put_value(&mut put, value);
    }
    match &resolved.stdin {
        ResolvedStdin::Null => put("stdin0", ""),
        ResolvedStdin::File(path) => put("stdinf", path),
        ResolvedStdin::Value(value) => {
            put("stdin", "");
            put_value(&mut put, value);
        }
    }
    for (name, value) in &resolved.files {
        put("file", name);
        put_value(&mut put, value);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        hex
    })
}

/// An expectation with values in place.
#[derive(Clone, Debug)]
pub struct ResolvedExpect {
    /// What is looked at.
    pub select: Selector,
    /// In which stream.
    pub from: From,
    /// How it is compared.
    pub compare: Option<ResolvedCompare>,
    /// The expectation in words: `json state equals Ready`.
    pub words: String,
}

/// A comparer with values in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedCompare {
    /// The same.
    Equals(String),
    /// Not the same.
    Not(String),
    /// One of these.
    In(Vec<String>),
    /// Matches this regular expression.
    Matches(String),
    /// Not below.
    AtLeast(String),
    /// Not above.
    AtMost(String),
}

/// Puts values into an expectation.
pub fn resolve_expect(expect: &Expect, values: &Values) -> Result<ResolvedExpect, Missing> {
    let one = |text: &Text| text.render(values);
    let compare = match &expect.compare {
        None => None,
        Some(Compare::Equals(text)) => Some(ResolvedCompare::Equals(one(text)?)),
        Some(Compare::Not(text)) => Some(ResolvedCompare::Not(one(text)?)),
        Some(Compare::In(texts)) => {
            Some(ResolvedCompare::In(texts.iter().map(one).collect::<Result<_, _>>()?))
        }
        Some(Compare::Matches(pattern)) => Some(ResolvedCompare::Matches(pattern.value.clone())),
        Some(Compare::AtLeast(text)) => Some(ResolvedCompare::AtLeast(one(text)?)),
        Some(Compare::AtMost(text)) => Some(ResolvedCompare::AtMost(one(text)?)),
    };
    let mut words = expect.select.to_string();
    if let Some(compare) = &compare {
        words.push(' ');
        words.push_str(&compare.to_string());
    }
    Ok(ResolvedExpect {
        select: expect.select.by.clone(),
        from: expect.select.from,
        compare,
        words,
    })
}

impl std::fmt::Display for ResolvedCompare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Equals(text) => write!(f, "equals {text}"),
            Self::Not(text) => write!(f, "is not {text}"),
            Self::In(texts) => write!(f, "is one of {}", texts.join(", ")),
            Self::Matches(pattern) => write!(f, "matches {pattern}"),
            Self::AtLeast(text) => write!(f, "is at least {text}"),
            Self::AtMost(text) => write!(f, "is at most {text}"),
        }
    }
}
