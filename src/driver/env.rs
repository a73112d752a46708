//! Which variables of the operator a command does not inherit.

/// Names that would change what a shell, loader or interpreter does before the shown command does anything.
///
/// `PATH` is inherited: without it no command line would mean what it means in the operator's own shell.
const DENIED: &[&str] = &[
    "BASH_ENV",
    "ENV",
    "GIT_SSH_COMMAND",
    "IFS",
    "LD_AUDIT",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "PS4",
    "SHELLOPTS",
    "BASHOPTS",
];

/// Prefixes of such names, and of names that belong to Rutter itself.
const DENIED_PREFIXES: &[&str] = &["RUTTER_", "RB_", "PYTHON", "BASH_FUNC_"];

/// Tells whether a variable is kept from commands.
pub fn denied(name: &str) -> bool {
    DENIED.contains(&name) || DENIED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Splits the names of an environment into those a command inherits and those it does not.
pub fn split(names: impl Iterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let (mut removed, mut inherited): (Vec<_>, Vec<_>) = names.partition(|name| denied(name));
    removed.sort();
    inherited.sort();
    (inherited, removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loader_shell_and_own_variables_are_kept_from_commands_and_path_is_not() {
        let names = ["PATH", "LD_PRELOAD", "RUTTER_X", "RB_Y", "PYTHONPATH", "HOME", "ENV"];
        let (inherited, removed) = split(names.iter().map(ToString::to_string));
        assert_eq!(inherited, ["HOME", "PATH"]);
        assert_eq!(removed, ["ENV", "LD_PRELOAD", "PYTHONPATH", "RB_Y", "RUTTER_X"]);
    }
}
