//! Secrets where others can read them: among the words of a command, or in what it prints.

use super::super::command_line::Line;
use super::super::shell::scan::Output;
use super::{Around, Said};
use crate::runbook::findings::Says;
use crate::runbook::place::Place;
use regex::Regex;
use std::sync::LazyLock;

/// Commands of `az` that print a secret, unless they are asked for something else of it.
const PRINTING: [&[&str]; 14] = [
    &["keyvault", "secret", "set"],
    &["keyvault", "secret", "show"],
    &["containerapp", "secret", "show"],
    &["storage", "account", "keys", "list"],
    &["storage", "account", "show-connection-string"],
    &["redis", "list-keys"],
    &["acr", "credential", "show"],
    &["account", "get-access-token"],
    &["iot", "hub", "connection-string", "show"],
    &["webapp", "config", "appsettings", "list"],
    &["functionapp", "config", "appsettings", "list"],
    &["storage", "container", "generate-sas"],
    &["storage", "blob", "generate-sas"],
    &["storage", "account", "generate-sas"],
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
    let az = PRINTING.iter().any(|subcommands| line.is("az", subcommands))
        || (line.is("az", &["containerapp", "secret", "list"]) && line.has(&["--show-values"]));
    if !az && !prints_a_kubernetes_secret(line) && !prints_a_terraform_secret(line) {
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

/// `kubectl get secret` in a form that has its data.
fn prints_a_kubernetes_secret(line: &Line) -> bool {
    let secret = |word: &str| {
        word.split(',').any(|word| ["secret", "secrets"].contains(&word))
            || word.starts_with("secret/")
            || word.starts_with("secrets/")
    };
    let gets = line.rest().any(|word| word == "get") && line.rest().any(secret);
    let form = |word: &str| {
        let form = word.trim_start_matches("-o").trim_start_matches("--output");
        let form = form.trim_start_matches('=');
        form == "yaml" || form == "json" || (form.contains('{') && form.contains("data"))
    };
    let next = line.option(&["-o", "--output"]).is_some_and(|(word, _)| form(word));
    let joined = line.rest().any(|word| word.starts_with("-o") && form(word));
    line.program() == "kubectl" && gets && (next || joined)
}

/// `terraform output` of one value by its name: without a name it masks what is secret.
fn prints_a_terraform_secret(line: &Line) -> bool {
    let terraform = ["terraform", "tofu"].contains(&line.program());
    let plain = line.has(&["-raw", "--raw", "-json", "--json"]);
    let named = line.rest().skip_while(|word| *word != "output").skip(1);
    let names_secret = |word: &str| {
        let word = word.to_lowercase();
        let says = ["password", "secret", "token", "_key", "connection_string", "sas"];
        !word.starts_with('-') && says.iter().any(|said| word.contains(said))
    };
    terraform && plain && named.into_iter().any(names_secret)
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
    let login = || {
        let takes = line.is("az", &["login"]) || line.ends_in("docker", "login");
        let takes = takes || line.ends_in("podman", "login") || line.program() == "sshpass";
        line.option(&["-p"]).filter(|_| takes)
    };
    let found = known.or_else(vault).or_else(app).or_else(redis).or_else(user).or_else(login);
    found.filter(|(value, _)| plain(value)).map(|(_, place)| place)
}

fn secret_elsewhere(line: &Line) -> Option<Place> {
    let program = line.program();
    let plain = |word: &str| !word.contains("{{");
    let named = |name: &str| {
        ["PASSWORD", "PASSWD", "SECRET", "TOKEN"].iter().any(|word| name.ends_with(word))
    };
    let secret = |word: &str| {
        let sets =
            word.split_once('=').is_some_and(|(name, value)| named(name) && !value.is_empty());
        (["env", "sudo", "docker", "podman"].contains(&program) && sets)
            || (TAKE_ADDRESSES.contains(&program) && PASSWORD_IN_ADDRESS.is_match(word))
            || (["curl", "wget"].contains(&program) && secret_header(word))
            || (takes_joined(program) && word.len() > 2 && word.starts_with("-p") && plain(word))
    };
    line.words.iter().skip(1).find(|(word, _)| secret(word)).map(|(_, place)| *place)
}

/// Whether a header says who asks; `@FILE` has it elsewhere. What the runbook puts there is no secret: it would be refused.
fn secret_header(word: &str) -> bool {
    let header = word.to_lowercase();
    let names = ["authorization:", "x-api-key:", "api-key:", "x-vault-token:", "private-token:"];
    let value =
        names.iter().find_map(|name| header.split_once(name)).map(|(_, value)| value.trim());
    value.is_some_and(|value| !value.is_empty() && !value.contains("{{") && !word.starts_with('@'))
}

/// Programs that take a password behind their `-p`, without a blank: `-p` alone asks for it.
fn takes_joined(program: &str) -> bool {
    ["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "sshpass"].contains(&program)
}
