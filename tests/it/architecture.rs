//! Holds the house to its drawing: who may know whom, and nothing forgotten.
//!
//! In one crate Cargo cannot keep a room from reaching upwards, so this reads the sources. It is a scan of text, not of
//! syntax, and therefore refuses the spellings that would hide a room from it (`use crate::{…}`, `super::super::driver`).

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Every room, lowest first, with the rooms it may know. A room may only name rooms of earlier rows, so no cycle can be
/// written down here, let alone built.
const ROOMS: &[(&str, &[&str])] = &[
    ("outcome", &[]),
    ("screen", &[]),
    ("runbook", &[]),
    ("journal", &[]),
    // What a player performs, told by the rehearsed world and played by `exec`.
    ("play", &["outcome"]),
    ("exec", &["outcome", "play"]),
    ("engine", &["runbook", "outcome"]),
    ("rehearsal", &["engine", "runbook", "outcome", "play"]),
    ("report", &["engine", "runbook", "journal", "outcome", "screen"]),
    // `runbook` for its located findings: every file a person writes is read and reported in one way.
    ("config", &["runbook"]),
    ("driver", &["rehearsal", "engine", "runbook", "journal", "exec", "outcome", "screen"]),
    ("line", &["driver", "engine", "runbook", "journal", "exec", "outcome", "screen"]),
    // `line` for the words that both faces say: spans of time, questions, what a wish is.
    ("tui", &["line", "driver", "engine", "runbook", "journal", "exec", "outcome", "screen"]),
    (
        "cli",
        &[
            "tui",
            "line",
            "driver",
            "config",
            "report",
            "rehearsal",
            "engine",
            "runbook",
            "journal",
            "exec",
            "outcome",
            "screen",
        ],
    ),
    // `exec` because a keeper and a gate are this same binary, told apart before any argument is parsed.
    ("main", &["cli", "exec"]),
];

/// The rooms that may excuse themselves from clippy's `disallowed-methods`: those whose work is the world outside.
const WORLDLY: &[&str] = &["cli", "config", "driver", "exec", "journal", "line", "main", "tui"];

/// The most lines a file under `src` may have before a second job is suspected in it.
const LINE_LIMIT: usize = 500;

/// Files over [`LINE_LIMIT`], each with the reason why it is still one job.
const LONG_FILES: &[(&str, &str)] =
    &[("runbook/model.rs", "one type for each key of the format, read side by side with it")];

#[test]
fn rooms_know_only_the_rooms_below_them() {
    let faults: Vec<String> =
        sources("src").iter().filter(|source| source.room != "lib").flat_map(faults_of).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_table_of_rooms_points_downwards_only() {
    for (row, (room, known)) in ROOMS.iter().enumerate() {
        for below in *known {
            assert!(
                ROOMS[..row].iter().any(|(earlier, _)| earlier == below),
                "{room} names {below}, which is not in a row before it"
            );
        }
    }
}

#[test]
fn pure_rooms_do_not_excuse_themselves_from_the_lints() {
    let excused: Vec<String> = sources("src")
        .iter()
        .filter(|source| source.text.contains("clippy::disallowed_methods"))
        .filter(|source| !WORLDLY.contains(&source.room.as_str()))
        .map(|source| format!("src/{}: {} takes the world as arguments", source.path, source.room))
        .collect();
    assert!(excused.is_empty(), "\n{}", excused.join("\n"));
}

#[test]
fn every_source_and_test_file_is_built() {
    // A file that no `mod` line names is not compiled: its tests would pass for ever, unseen.
    let mut forgotten = String::new();
    for (tree, roots) in [("src", &["lib.rs", "main.rs"][..]), ("tests/it", &["main.rs"])] {
        let files = sources(tree);
        for file in files.iter().filter(|file| !roots.contains(&file.path.as_str())) {
            let (parents, name) = parents_of(&file.path, roots);
            let named = files
                .iter()
                .filter(|parent| parents.contains(&parent.path))
                .any(|parent| declares(&parent.text, &name));
            if !named {
                writeln!(forgotten, "{tree}/{}: no `mod {name};` in {parents:?}", file.path)
                    .expect("a String takes every line");
            }
        }
    }
    assert!(forgotten.is_empty(), "\n{forgotten}");
}

#[test]
fn no_file_outgrows_its_one_job_unexplained() {
    for source in sources("src") {
        let lines = source.text.lines().count();
        let listed = LONG_FILES.iter().any(|(path, _)| *path == source.path);
        assert!(
            listed || lines <= LINE_LIMIT,
            "src/{} has {lines} lines: split it, or list it with the reason why it is one job",
            source.path
        );
        assert!(
            !listed || lines > LINE_LIMIT,
            "src/{} has {lines} lines again: strike it from the list",
            source.path
        );
    }
    for (path, reason) in LONG_FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path);
        assert!(path.is_file(), "{} ({reason}) is gone: strike it", path.display());
    }
}

#[test]
fn the_scan_sees_every_way_to_reach_upwards() {
    let faulty = [
        ("engine/run.rs", "use crate::driver::Driver;"),
        ("engine/run.rs", "    let now = crate::exec::now();"),
        ("engine/run.rs", "use crate::{runbook, driver};"),
        ("engine/run.rs", "use crate::*;"),
        ("engine/run.rs", "pub(in crate::driver) fn hidden() {}"),
        ("engine/run.rs", "use super::super::driver::Driver;"),
        ("engine/apply/ends.rs", "use super::super::super::driver::Driver;"),
        ("engine/mod.rs", "use super::driver::Driver;"),
        ("outcome.rs", "use super::exec::Job;"),
        ("cellar/mod.rs", "use crate::engine::Run;"),
        ("main.rs", "use rutter::driver::Driver;"),
    ];
    for (path, text) in faulty {
        assert_eq!(faults_of(&Source::new(path, text)).len(), 1, "{path}: {text}");
    }
    let clean = [
        ("engine/run.rs", "use crate::runbook::model::Step;"),
        ("engine/run.rs", "use crate::engine::event::Event;"),
        ("engine/run.rs", "/// The driver ([`crate::driver`]) gives the time."),
        ("engine/run.rs", "use super::event::Event;"),
        ("engine/apply/ends.rs", "use super::super::event::Event;"),
        ("engine/mod.rs", "mod tests { use super::*; }"),
        ("main.rs", "fn main() { rutter::cli::main() }"),
    ];
    for (path, text) in clean {
        assert_eq!(faults_of(&Source::new(path, text)), Vec::<String>::new(), "{path}: {text}");
    }
}

/// One file of a source tree.
struct Source {
    /// Relative to its tree, with `/` between folders.
    path: String,
    /// The room the file belongs to: its first folder, or its own name at the top.
    room: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        let room = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        Source { path: path.to_owned(), room, text: text.to_owned() }
    }

    /// How many modules lie between this file's and the room's.
    fn depth(&self) -> usize {
        self.path.trim_end_matches("/mod.rs").matches('/').count()
    }
}

/// What is wrong with the arrows of one file, a sentence each.
fn faults_of(source: &Source) -> Vec<String> {
    let Some((_, known)) = ROOMS.iter().find(|(room, _)| *room == source.room) else {
        return vec![format!("src/{}: {} is not in the table of rooms", source.path, source.room)];
    };
    let root = if source.room == "main" { "rutter::" } else { "crate::" };
    let mut faults = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue; // prose may point anywhere
        }
        let place = format!("src/{}:{}", source.path, number + 1);
        for named in names_after(line, root) {
            if named.is_empty() {
                faults.push(format!("{place}: name one room after `{root}`, so that it is seen"));
            } else if named != source.room && !known.contains(&named) {
                faults.push(format!("{place}: {} may not know {named}", source.room));
            }
        }
        // Enough `super`s lead out of the room. A module inside the file may need one more without leaving it.
        let (steps, named) = climb(line);
        let leaves = steps > source.depth()
            && named != source.room
            && ROOMS.iter().any(|(room, _)| *room == named);
        if leaves {
            faults.push(format!("{place}: say `crate::{named}` instead of climbing"));
        }
    }
    faults
}

/// Each identifier that follows `prefix` in the line; empty where a brace, a star or nothing follows.
fn names_after<'a>(line: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(prefix)
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(move |(at, _)| {
            let rest = &line[at + prefix.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        })
}

/// How many `super::` follow each other first in the line, and the name after them.
fn climb(line: &str) -> (usize, &str) {
    let Some(start) = line.find("super::") else { return (0, "") };
    let steps = line[start..].split("::").take_while(|part| *part == "super").count();
    let name = names_after(&line[start..], "super::").last().unwrap_or_default();
    (steps, name)
}

/// The files of which one must declare the module in `path`, and the name it has there.
fn parents_of(path: &str, roots: &[&str]) -> (Vec<String>, String) {
    let module = path.trim_end_matches(".rs").trim_end_matches("/mod");
    match module.rsplit_once('/') {
        Some((folder, name)) => {
            (vec![format!("{folder}/mod.rs"), format!("{folder}.rs")], name.to_owned())
        }
        None => (roots.iter().map(|root| (*root).to_owned()).collect(), module.to_owned()),
    }
}

/// Whether the text has a line `mod name;`, whatever its visibility.
fn declares(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        !line.starts_with("//") && line.trim_end().ends_with(&format!("mod {name};"))
    })
}

/// Every Rust file of a tree of this package, in the order of their names.
fn sources(tree: &str) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join(tree);
    let mut found = Vec::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a source folder can be listed") {
            let path: PathBuf = entry.expect("a source folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is UTF-8");
                let inside = path.strip_prefix(&top).expect("the walk stays in the tree");
                found.push(Source::new(&inside.to_string_lossy(), &text));
            }
        }
    }
    assert!(!found.is_empty(), "{tree} has no Rust files: is the test looking in the right place?");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
