//! What a command does, by its words: subcommands, methods and SQL that change or lose something.
//!
//! What is done to files is not here: whether that hurts depends on where they lie (`effects`).

use super::command_line::Line;
use super::shell::scan::Output;
use crate::runbook::model::Hazard;
use crate::runbook::place::Place;
use regex::Regex;
use std::sync::LazyLock;

/// Words that lose something where they stand as a subcommand: `az … delete`, `terraform destroy`.
const LOSING: [&str; 10] = [
    "delete",
    "drop",
    "purge",
    "destroy",
    "remove",
    "rm",
    "flushall",
    "flushdb",
    "uninstall",
    "delete-batch",
];
/// Words that change something where they stand as a subcommand.
const CHANGING: [&str; 28] = [
    "create",
    "update",
    "set",
    "start",
    "stop",
    "restart",
    "restore",
    "apply",
    "scale",
    "patch",
    "import",
    "upload",
    "upload-batch",
    "recover",
    "undelete",
    "rollback",
    "promote",
    "failover",
    "revoke",
    "grant",
    "activate",
    "deactivate",
    "enable",
    "disable",
    "reload",
    "swap",
    "drain",
    "cordon",
];
/// Programs whose arguments are subcommands, each with the options that take a word and may stand before or among them.
/// For others, `create` may be a file's name.
const WITH_SUBCOMMANDS: [(&str, &[&str]); 14] = [
    ("az", &["--subscription", "-o", "--output", "--query"]),
    (
        "kubectl",
        &[
            "-n",
            "--namespace",
            "--context",
            "--kubeconfig",
            "--cluster",
            "--user",
            "-s",
            "--server",
            "--as",
            "--as-group",
            "--token",
            "--request-timeout",
        ],
    ),
    ("terraform", &[]),
    ("tofu", &[]),
    ("helm", &["-n", "--namespace", "--kube-context", "--kubeconfig"]),
    ("docker", &["-H", "--host", "-c", "--context", "--config", "-f", "--file", "-p"]),
    ("podman", &["-c", "--connection", "--url", "-f", "--file", "-p"]),
    ("systemctl", &["-H", "--host", "-M", "--machine", "-t", "--type"]),
    ("service", &[]),
    (
        "redis-cli",
        &[
            "-h", "-p", "-s", "-a", "-u", "-n", "-r", "-i", "--user", "--pass", "--cacert",
            "--cert", "--key",
        ],
    ),
    ("gh", &["-R", "--repo"]),
    ("git", &["-C", "-c", "--git-dir", "--work-tree", "--namespace"]),
    ("aws", &["--region", "--profile", "--output", "--endpoint-url", "--query"]),
    ("pg_ctl", &["-D", "--pgdata", "-l", "--log", "-o", "-m", "-t"]),
];
/// Options that take nothing and may stand anywhere among subcommands.
const SWITCHES: [&str; 4] = ["--only-show-errors", "--verbose", "--debug", "--user"];
/// Programs that only carry text: what it says is done by nobody.
const CARRIERS: [&str; 5] = ["echo", "printf", "cat", "tee", "logger"];
/// Programs that look for text or at it.
const LOOKERS: [&str; 13] = [
    "grep", "egrep", "fgrep", "rg", "zgrep", "sed", "awk", "jq", "test", "[", "[[", "case", "read",
];
/// Programs that do what text on their standard input says.
const CLIENTS: [&str; 6] = ["psql", "mysql", "mariadb", "sqlite3", "sqlcmd", "redis-cli"];

static LOSING_SQL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(drop\s+(table|database|schema|index|view|role|user|extension|function)\b",
        r"|truncate\s+(table\s+)?\w|delete\s+from\s|pg_drop_replication_slot\s*\()",
    ))
});
static CHANGING_SQL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(insert\s+into\s|update\s+(only\s+)?[\w.]+\s+set\s",
        r"|alter\s+(table|database|system|role)\s|create\s+(table|database|role|index)\s",
        r"|pg_(terminate_backend|cancel_backend|promote|reload_conf)\s*\(|setval\s*\()",
    ))
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern written here compiles")
}

/// How much a command looks as if it could hurt, the word that says so, and its place.
pub type Found = (Hazard, String, Place);

/// Returns the worst of what was found, of equals the first.
pub fn worst(found: impl IntoIterator<Item = Found>) -> Option<Found> {
    found.into_iter().fold(None, |worst: Option<Found>, found| match worst {
        Some(worst) if worst.0 >= found.0 => Some(worst),
        _ => Some(found),
    })
}

/// Whether some of these commands do what text on their standard input says.
pub fn clients_among(lines: &[Line]) -> bool {
    lines.iter().any(|line| CLIENTS.contains(&line.program()))
}

/// Judges one command; `clients` says whether another one beside it may do what this one prints.
pub fn of_line(line: &Line, clients: bool) -> Option<Found> {
    worst(
        [by_subcommand(line), by_method(line), by_push(line), by_sql(line, clients)]
            .into_iter()
            .flatten(),
    )
}

/// Returns the subcommands of a command, without the options before and among them.
pub fn subcommands(line: &Line) -> Vec<&(String, Place)> {
    let known = WITH_SUBCOMMANDS.iter().find(|(program, _)| *program == line.program());
    let Some((_, with_value)) = known else { return Vec::new() };
    let mut found = Vec::new();
    let mut words = line.words.iter().skip(1);
    while let Some(pair) = words.next() {
        let word = pair.0.as_str();
        if word == "--" || word.contains("{{") {
            break;
        }
        if with_value.contains(&word) {
            words.next();
        } else if !word.starts_with('-') {
            found.push(pair);
        } else if !found.is_empty() && !SWITCHES.contains(&word) {
            // Behind the subcommands come their own options, with words that are none.
            break;
        }
    }
    found
}

fn by_subcommand(line: &Line) -> Option<Found> {
    let redis = line.program() == "redis-cli";
    let judged = subcommands(line).into_iter().filter_map(|(word, place)| {
        let verb = word.to_lowercase();
        if LOSING.contains(&verb.as_str()) || (redis && ["del", "unlink"].contains(&verb.as_str()))
        {
            return Some((Hazard::Destructive, word.clone(), *place));
        }
        let changes = CHANGING.contains(&if redis { verb.as_str() } else { word.as_str() });
        (changes && !is_a_look(line)).then(|| (Hazard::Change, word.clone(), *place))
    });
    worst(judged)
}

/// Subcommands whose own words say that they only look.
fn is_a_look(line: &Line) -> bool {
    let has = |word: &str| line.rest().any(|other| other == word);
    has("show")
        || has("list")
        || has("--dry-run")
        || has("--what-if")
        || (line.program() == "git" && has("log"))
}

/// The method of a request.
fn by_method(line: &Line) -> Option<Found> {
    let (method, place) = if line.program() == "curl" {
        let method = || short(line, 'X').filter(|(method, _)| !method.is_empty());
        line.option(&["--request"]).or_else(method).or_else(|| sends(line))?
    } else if line.is("az", &["rest"]) {
        line.option(&["--method", "-m"])
            .filter(|(method, _)| !method.eq_ignore_ascii_case("post"))?
    } else {
        return None;
    };
    let hazard = match method.to_uppercase().as_str() {
        "DELETE" => Hazard::Destructive,
        "POST" | "PUT" | "PATCH" => Hazard::Change,
        _ => return None,
    };
    Some((hazard, method.to_owned(), place))
}

/// What makes a request of `curl` one that sends something, where no method is written.
fn sends(line: &Line) -> Option<(&str, Place)> {
    if line.has(&["-G", "--get", "-I", "--head"]) {
        return None;
    }
    let long = ["--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "--form"];
    let puts = line.option(&["--upload-file"]).or_else(|| short(line, 'T'));
    let posts = || line.option(&long).or_else(|| short(line, 'd')).or_else(|| short(line, 'F'));
    let sent = |method| move |(_, place)| (method, place);
    puts.map(sent("PUT")).or_else(|| posts().map(sent("POST")))
}

/// Returns the value and the place of a short option of `curl`, alone, joined to its value (`-XPOST`) or behind
/// switches (`-sSX POST`).
fn short(line: &Line, letter: char) -> Option<(&str, Place)> {
    const SWITCHES: &str = "fsSkLivgN46#";
    line.words.iter().enumerate().skip(1).find_map(|(at, (word, place))| {
        let letters = word.strip_prefix('-')?.trim_start_matches(|c| SWITCHES.contains(c));
        let value = letters.strip_prefix(letter)?;
        let next = || line.words.get(at + 1).map_or("", |(next, _)| next.as_str());
        Some((if value.is_empty() { next() } else { value }, *place))
    })
}

/// What is pushed with force replaces what others have there.
fn by_push(line: &Line) -> Option<Found> {
    let place = subcommands(line).first().filter(|(word, _)| word == "push")?.1;
    if line.program() != "git" || is_a_look(line) {
        return None;
    }
    let forced = |word: &str| {
        word.starts_with("--force") || ["-f", "--mirror", "--delete", "-d"].contains(&word)
    };
    match line.rest().find(|word| forced(word)) {
        Some(word) => Some((Hazard::Destructive, format!("push {word}"), place)),
        None => Some((Hazard::Change, "push".to_owned(), place)),
    }
}

/// SQL among its words or in its here-document.
fn by_sql(line: &Line, clients: bool) -> Option<Found> {
    let program = line.program();
    let carried = CARRIERS.contains(&program) && !(clients && line.output == Output::Kept);
    if carried || LOOKERS.contains(&program) {
        return None;
    }
    let place = line.place();
    let words = line.words.iter().skip(1).map(|(word, place)| (word.as_str(), *place));
    worst(words.chain([(line.input.as_str(), place)]).filter_map(|(text, place)| {
        let whole = |found: regex::Match<'_>| {
            // A short text is shown whole; of a long one what was found in it.
            if text.len() > 60 { found.as_str().trim().to_owned() } else { text.trim().to_owned() }
        };
        if let Some(found) = LOSING_SQL.find(text) {
            return Some((Hazard::Destructive, whole(found), place));
        }
        CHANGING_SQL.find(text).map(|found| (Hazard::Change, whole(found), place))
    }))
}
