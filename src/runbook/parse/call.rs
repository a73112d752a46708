//! A command line or a script with everything around it.

use super::fields::Fields;
use super::reader::Reader;
use crate::runbook::model::{Call, FileContent, Io, Program, Shell, Stdin};
use crate::runbook::place::{At, Place};
use crate::runbook::template::{Word, is_name};
use crate::runbook::tree::Node;
use crate::runbook::variables::{is_reserved, is_variable};
use crate::runbook::written::Written;

/// The keys of a call, wherever one may stand.
pub const CALL: [&str; 9] =
    ["run", "script", "shell", "env", "cwd", "stdin", "files", "timeout", "io"];
/// The keys of a call that may change something.
pub const ACTING: [&str; 2] = ["stays", "signal"];

/// Words of other template languages that look like our names and are not.
const FOREIGN: [&str; 12] = [
    "range", "end", "if", "else", "with", "define", "template", "block", "break", "continue",
    "json", "nil",
];

/// The longest script: quoted as JSON it must leave room in a record of the journal.
const LONGEST_SCRIPT: usize = 24 << 10;

/// Reads the call among the keys of something larger; `run` or `script` is required.
pub fn call_in(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Call> {
    let program = match fields.exactly_one("RB050", &["run", "script"], reader)? {
        "run" => run(fields, reader)?,
        _ => script(fields, reader)?,
    };
    let signals = [("INT", "INT"), ("TERM", "TERM"), ("QUIT", "QUIT")];
    let io = [("auto", Io::Auto), ("split", Io::Split), ("pty", Io::Pty), ("merged", Io::Merged)];
    let signal = fields.get("signal").and_then(|node| reader.word_of(node, &signals));
    Some(Call {
        program,
        env: env(fields, reader),
        cwd: fields.get("cwd").and_then(|node| reader.word(node)),
        stdin: fields.get("stdin").and_then(|node| stdin(node, reader)),
        files: files(fields, reader),
        timeout: fields.get("timeout").and_then(|node| reader.duration(node)),
        io: fields.get("io").and_then(|node| reader.word_of(node, &io)).unwrap_or_default(),
        stays: fields.get("stays").and_then(|node| reader.boolean(node)).unwrap_or(false),
        signal: signal.map(str::to_owned),
        place: fields.place,
    })
}

fn run(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Program> {
    if let Some(place) = fields.key_place("shell") {
        let next = "Remove it, or write `script:` instead of `run:`.";
        reader.error("RB057", place, "`shell` beside `run`", "a command line has no shell", next);
    }
    Some(Program::Words(reader.command_line(fields.get("run")?)?))
}

fn script(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Program> {
    let text = reader.text(fields.get("script")?)?;
    refuse_placeholders(&text, reader);
    if text.len() > LONGEST_SCRIPT {
        let what = format!("a script of {} bytes; the most is {LONGEST_SCRIPT}", text.len());
        let why = "what runs is recorded in full, and one record holds 64 KiB";
        let next = "Put it into a file beside the runbook: `run: sh {{ runbook.dir }}/NAME.sh`.";
        reader.error("RB058", text.place, what, why, next);
    }
    let shells = [("sh", Shell::Sh), ("bash", Shell::Bash)];
    let shell = fields.get("shell").and_then(|node| reader.word_of(node, &shells));
    Some(Program::Script { shell: shell.unwrap_or(Shell::Sh), text })
}

/// Refuses `{{ name }}` in a script and leaves every other double brace to the languages inside it.
fn refuse_placeholders(text: &At<String>, reader: &mut Reader<'_>) {
    let written = Written::new(text, text.place, reader.source);
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|i| at + i) {
        at = open + 2;
        let Some(close) = text[at..].find("}}").map(|i| at + i) else { return };
        let inside = text[at..close].trim();
        let name = inside.trim_end_matches("...").trim_end();
        if is_name(name) && !FOREIGN.contains(&name) {
            let variable = crate::runbook::resolve::variable(name);
            let what = format!("`{{{{ {inside} }}}}` in a script");
            let why = "a value put into shell text could become shell text";
            let next = format!("Write `\"${variable}\"`: every value is in the environment.");
            reader.error("RB045", written.at(open..close + 2), what, why, next);
            at = close + 2;
        }
    }
}

fn env(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Vec<(At<String>, Word)> {
    let Some(node) = fields.get("env") else { return Vec::new() };
    let mut env = Vec::new();
    for (name, value) in reader.entries(node, "variables") {
        check_variable(name, reader);
        if let Some(word) = reader.word(value) {
            env.push((name.clone(), word));
        }
    }
    env
}

fn check_variable(name: &At<String>, reader: &mut Reader<'_>) {
    if !is_variable(name) {
        let why = "letters, digits and `_`, not beginning with a digit";
        let next = "Rename it, as in `PGHOST`.";
        reader.error("RB046", name.place, format!("`{name}` cannot name a variable"), why, next);
    } else if is_reserved(name) {
        let why = "it decides which code runs, or belongs to Rutter";
        let next = "Remove it; name the program by its full path if that is what it was for.";
        reader.error("RB046", name.place, format!("`{name}` may not be set"), why, next);
    }
}

fn stdin(node: &Node, reader: &mut Reader<'_>) -> Option<Stdin> {
    let keys = ["text", "file", "value", "secret"];
    let fields = Fields::open(node, "standard input", &[&keys], reader)?;
    Some(match fields.exactly_one("RB050", &keys, reader)? {
        "text" => Stdin::Text(reader.raw_template(fields.get("text")?)?),
        "file" => {
            let word = reader.word(fields.get("file")?)?;
            within_runbook(&word.to_string(), word.place, reader);
            Stdin::File(word)
        }
        "value" => Stdin::Value(reader.text(fields.get("value")?)?),
        _ => Stdin::Secret(reader.text(fields.get("secret")?)?),
    })
}

/// Refuses a relative path that leads out of the runbook's folder, where it would not be pinned.
fn within_runbook(path: &str, place: Place, reader: &mut Reader<'_>) {
    if !path.starts_with('/') && path.split('/').any(|part| part == "..") {
        let why = "only files in the runbook's folder are pinned when a run opens";
        let next = "Move the file beside the runbook.";
        reader.error("RB048", place, "a path that leads out of the runbook", why, next);
    }
}

fn files(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Vec<(At<String>, FileContent)> {
    let Some(node) = fields.get("files") else { return Vec::new() };
    let mut files = Vec::new();
    for (name, value) in reader.entries(node, "variables with a file each") {
        check_variable(name, reader);
        if let Some(content) = content(value, reader) {
            files.push((name.clone(), content));
        }
    }
    files
}

fn content(node: &Node, reader: &mut Reader<'_>) -> Option<FileContent> {
    let fields = Fields::open(node, "file", &[&["text", "secret"]], reader)?;
    Some(match fields.exactly_one("RB050", &["text", "secret"], reader)? {
        "text" => FileContent::Text(reader.raw_template(fields.get("text")?)?),
        _ => FileContent::Secret(reader.text(fields.get("secret")?)?),
    })
}
