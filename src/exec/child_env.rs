//! What a command's environment is made of: the operator's, minus what must not reach it, plus the job's.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

/// The longest `NAME=value` or word that Linux executes, its final NUL included.
const STRING_LIMIT: usize = 131_072;

/// Inherited variables that would change what a shell or a program runs, without anybody having been
/// shown it. A runbook that wants one sets it in `env:`, where it is on the screen.
const NEVER_INHERITED: [&str; 18] = [
    "BASHOPTS",
    "BASH_ENV",
    "CDPATH",
    "ENV",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GLOBIGNORE",
    "IFS",
    "LD_AUDIT",
    "LD_PRELOAD",
    "NODE_OPTIONS",
    "PERL5OPT",
    "PROMPT_COMMAND",
    "PS4",
    "PYTHONINSPECT",
    "PYTHONSTARTUP",
    "RUBYOPT",
    "SHELLOPTS",
];

/// Families of such variables: our own, and functions exported by bash, which shadow programs.
const NEVER_INHERITED_PREFIXES: [&str; 3] = ["RUTTER_", "RB_", "BASH_FUNC_"];

/// Set unless the job says otherwise, whatever the operator's shell has: a pager or a question on a pseudo-terminal
/// nobody types into would hang the step until its timeout.
const QUIET: [(&str, &str); 8] = [
    ("PAGER", "cat"),
    ("GIT_PAGER", "cat"),
    ("MANPAGER", "cat"),
    ("SYSTEMD_PAGER", "cat"),
    ("AWS_PAGER", ""),
    ("LESS", "FRX"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("DEBIAN_FRONTEND", "noninteractive"),
];

/// The defaults that a job's own variables are put on top of.
pub(super) fn quiet(pty: bool) -> Vec<(String, String)> {
    let terminal = [("TERM", "xterm-256color"), ("COLUMNS", "120"), ("LINES", "40")];
    let terminal = terminal.into_iter().filter(|_| pty);
    QUIET.into_iter().chain(terminal).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// Gives `command` this process's environment, less what must go, plus `set`.
pub(super) fn apply(command: &mut Command, remove: &[String], set: &[(String, String)]) {
    let inherited = std::env::vars_os().map(|(name, _)| name);
    for name in inherited.filter(is_never_inherited) {
        command.env_remove(name);
    }
    for name in remove {
        command.env_remove(name);
    }
    command.envs(set.iter().map(|(name, value)| (name, value)));
}

fn is_never_inherited(name: &OsString) -> bool {
    NEVER_INHERITED.iter().any(|never| name == OsStr::new(never))
        || NEVER_INHERITED_PREFIXES.iter().any(|p| name.as_bytes().starts_with(p.as_bytes()))
}

/// Says what about these words and variables no system could execute, before anything is started.
pub(super) fn unfit(words: &[String], set: &[(String, String)]) -> Option<String> {
    for (number, word) in words.iter().enumerate() {
        if word.contains('\0') {
            return Some(format!("word {} of the command holds a NUL byte", number + 1));
        }
        if word.len() + 1 > STRING_LIMIT {
            let most = STRING_LIMIT - 1;
            let len = word.len();
            return Some(format!("word {} is {len} bytes long; {most} is the most", number + 1));
        }
    }
    for (name, value) in set {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Some(format!("`{}` cannot be the name of a variable", name.escape_debug()));
        }
        if value.contains('\0') {
            return Some(format!("the value of {name} holds a NUL byte"));
        }
        let len = name.len() + value.len() + 2;
        if len > STRING_LIMIT {
            return Some(format!(
                "the variable {name} is {len} bytes long with its name; {STRING_LIMIT} is the most: pass it in a file (`files:`)"
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(value: &str) -> [(String, String); 1] {
        [("V".to_owned(), value.to_owned())]
    }

    #[test]
    fn the_longest_variable_linux_takes_is_allowed_and_one_byte_more_is_not() {
        assert_eq!(unfit(&[], &set(&"x".repeat(STRING_LIMIT - 3))), None);
        let reason = unfit(&[], &set(&"x".repeat(STRING_LIMIT - 2))).unwrap();
        assert!(reason.contains("131073 bytes") && reason.contains("files:"), "{reason}");
    }

    #[test]
    fn a_nul_is_refused_wherever_it_stands() {
        assert!(unfit(&["a\0b".to_owned()], &[]).unwrap().contains("word 1"));
        assert!(unfit(&[], &set("a\0")).unwrap().contains("value of V"));
        assert!(unfit(&[], &[("A=B".to_owned(), String::new())]).unwrap().contains("A=B"));
    }

    #[test]
    fn variables_that_change_what_runs_are_not_inherited() {
        for name in ["BASH_ENV", "LD_PRELOAD", "RUTTER_RUN", "RB_X", "BASH_FUNC_ls%%"] {
            assert!(is_never_inherited(&name.into()), "{name}");
        }
        for name in ["PATH", "HOME", "LANG", "KUBECONFIG", "PGHOST"] {
            assert!(!is_never_inherited(&name.into()), "{name}");
        }
    }
}
