//! Environment variables that decide what a program is, and so are nobody's to set from a file.

/// Variables that change which code runs, in a shell, a loader or an interpreter.
const LOADERS: [&str; 14] = [
    "PATH",
    "BASH_ENV",
    "ENV",
    "IFS",
    "PS4",
    "SHELLOPTS",
    "BASHOPTS",
    "CDPATH",
    "PROMPT_COMMAND",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "NODE_OPTIONS",
    "RUBYOPT",
    "JAVA_TOOL_OPTIONS",
];
/// The same, by their first letters.
const LOADER_PREFIXES: [&str; 5] = ["LD_", "DYLD_", "PYTHON", "PERL5", "BASH_FUNC_"];
/// Ours.
const OWN_PREFIXES: [&str; 2] = ["RB_", "RUTTER_"];

/// Tells whether a runbook may not set this variable: it decides which code runs, or it is ours.
pub fn is_reserved(name: &str) -> bool {
    is_loader(name) || is_own(name)
}

fn is_loader(name: &str) -> bool {
    LOADERS.contains(&name) || LOADER_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn is_own(name: &str) -> bool {
    OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Tells whether this can name a variable at all.
pub fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_which_code_runs_is_reserved() {
        for name in [
            "PATH",
            "LD_PRELOAD",
            "BASH_ENV",
            "ENV",
            "IFS",
            "PS4",
            "GIT_SSH_COMMAND",
            "PYTHONPATH",
            "RB_X",
        ] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["PGHOST", "HOME", "PGPASSFILE", "AZURE_CONFIG_DIR"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
