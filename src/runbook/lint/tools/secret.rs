//! Secrets where others can read them: among the words of a command, or in what it prints.

use super::super::shell::scan::Output;
use super::line::Line;
use super::{Around, Said};
use crate::runbook::findings::Says;
use crate::runbook::place::Place;
use regex::Regex;
use std::sync::LazyLock;

/// Commands of `az` that print a secret, unless they are asked for something else of it.
const PRINTING: [&[&str]; 9] = [
    &["keyvault", "secret", "set"],
    &["keyvault", "secret", "show"],
    &["containerapp", "secret", "show"],
    &["storage", "account", "keys", "list"],
    &["storage", "account", "show-connection-string"],
    &["redis", "list-keys"],
    &["acr", "credential", "show"],
    &["account", "get-access-token"],
    &["iot", "hub", "connection-string", "show"],
];

/// Options whose value is a secret.
const SECRET_OPTIONS: [&str; 9] = [
    "--password",
    "--admin-password",
    "--administrator-login-password",
    "--account-key",
    "--connection-string",
    "--sas-token",
    "--client-secret",
    "--auth-token",
    "--pass",
];

/// Programs that take an address with a password in it.
const TAKE_ADDRESSES: [&str; 9] = [
    "psql",
    "pg_dump",
    "pg_restore",
    "pg_basebackup",
    "curl",
    "wget",
    "git",
    "redis-cli",
    "azcopy",
];

static PASSWORD_IN_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(://[^/@\s:]+:[^/@\s]+@|(^|\s)password=\S)")
        .expect("a pattern written here compiles")
});

/// Every rule on one command.
pub fn rules(line: &Line, around: Around) -> Vec<Said> {
    [printed(line, around), among_words(line)].into_iter().flatten().collect()
}

fn printed(line: &Line, around: Around) -> Option<Said> {
    if line.output != Output::Shown || around.secret || line.open {
        return None;
    }
    if !PRINTING.iter().any(|subcommands| line.is("az", subcommands)) {
        return None;
    }
    if line.option(&["-o", "--output"]).is_some_and(|(format, _)| format == "none") {
        return None;
    }
    let reveals = |query: &str| {
        query.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| {
            ["value", "accesstoken", "primarykey", "secondarykey", "passwords", "connectionstring"]
                .contains(&w)
        })
    };
    if line.option(&["--query"]).is_some_and(|(query, _)| !reveals(query)) {
        return None;
    }
    let says = Says::new(
        "a command that prints a secret",
        "what it prints is kept with the run and can be read there",
        "Add `--query id -o tsv` or `-o none`; a value that is needed belongs into `secrets`.",
    );
    Some(("RL062", line.place(), says))
}

fn among_words(line: &Line) -> Option<Said> {
    let place = secret_option(line).or_else(|| secret_elsewhere(line))?;
    let says = Says::new(
        "a secret among the words of a command",
        "everybody on the machine can read them while it runs",
        "Hand it over in a file, in a variable or on standard input (`files`, `env`, `stdin`).",
    );
    Some(("RL063", place, says))
}

fn secret_option(line: &Line) -> Option<Place> {
    // `@FILE` is read by the program itself, and a value of the runbook that stands in a word is never a secret.
    let plain =
        |value: &str| !value.is_empty() && !value.starts_with(['@', '-']) && !value.contains("{{");
    let known = line.values(&SECRET_OPTIONS).find(|(value, _)| plain(value));
    let vault =
        || line.option(&["--value"]).filter(|_| line.is("az", &["keyvault", "secret", "set"]));
    let app = || {
        let sets = line.is("az", &["containerapp", "secret", "set"]);
        let (value, place) = line.option(&["--secrets", "-s"]).filter(|_| sets)?;
        (!value.contains("keyvaultref:")).then_some((value, place))
    };
    let redis = || line.option(&["-a"]).filter(|_| line.program() == "redis-cli");
    let user = || {
        let curl = line.program() == "curl";
        line.option(&["-u", "--user"]).filter(|(value, _)| curl && value.contains(':'))
    };
    let found = known.or_else(vault).or_else(app).or_else(redis).or_else(user);
    found.filter(|(value, _)| plain(value)).map(|(_, place)| place)
}

fn secret_elsewhere(line: &Line) -> Option<Place> {
    let program = line.program();
    let named = |name: &str| {
        ["PASSWORD", "PASSWD", "SECRET", "TOKEN"].iter().any(|word| name.ends_with(word))
    };
    let secret = |word: &str| {
        let sets =
            word.split_once('=').is_some_and(|(name, value)| named(name) && !value.is_empty());
        (["env", "docker", "podman"].contains(&program) && sets)
            || (TAKE_ADDRESSES.contains(&program) && PASSWORD_IN_ADDRESS.is_match(word))
            || (program == "curl" && word.contains('$') && word.contains("Authorization:"))
    };
    line.words.iter().skip(1).find(|(word, _)| secret(word)).map(|(_, place)| *place)
}
