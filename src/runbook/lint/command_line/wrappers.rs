//! Programs that start another one: `sudo -u me env X=y timeout 5 rm …` is an `rm`.

/// Words that stand before a command and are none.
const KEYWORDS: [&str; 10] = ["!", "if", "then", "else", "elif", "while", "until", "do", "{", "("];

/// A program that starts the one among its words.
struct Wrapper {
    name: &'static str,
    /// Its options that take the next word.
    values: &'static [&'static str],
    /// With one of these it starts nothing.
    looks: &'static [&'static str],
    /// How many words of its own stand before the program: the time of `timeout`.
    operands: usize,
}

const fn wrapper(name: &'static str, values: &'static [&'static str]) -> Wrapper {
    Wrapper { name, values, looks: &[], operands: 0 }
}

const WRAPPERS: [Wrapper; 25] = [
    Wrapper {
        looks: &["-l", "-v", "-V", "-K", "-e", "--list", "--edit"],
        ..wrapper(
            "sudo",
            &[
                "-u",
                "-g",
                "-h",
                "-p",
                "-C",
                "-r",
                "-t",
                "-T",
                "-U",
                "-D",
                "-R",
                "--user",
                "--group",
                "--host",
                "--prompt",
                "--chdir",
                "--chroot",
                "--other-user",
            ],
        )
    },
    wrapper("doas", &["-u", "-C"]),
    wrapper("env", &["-u", "-C", "--unset", "--chdir"]),
    Wrapper { operands: 1, ..wrapper("timeout", &["-s", "-k", "--signal", "--kill-after"]) },
    wrapper("nice", &["-n", "--adjustment"]),
    wrapper("ionice", &["-c", "-n", "--class", "--classdata"]),
    wrapper("chrt", &[]),
    wrapper("nohup", &[]),
    wrapper("setsid", &[]),
    wrapper("stdbuf", &["-i", "-o", "-e", "--input", "--output", "--error"]),
    wrapper("unbuffer", &[]),
    wrapper("time", &["-f", "-o", "--format", "--output"]),
    Wrapper { looks: &["-v", "-V"], ..wrapper("command", &[]) },
    wrapper("builtin", &[]),
    wrapper("exec", &["-a"]),
    wrapper(
        "xargs",
        &[
            "-n",
            "-P",
            "-I",
            "-L",
            "-d",
            "-a",
            "-s",
            "-E",
            "--max-args",
            "--max-procs",
            "--arg-file",
        ],
    ),
    wrapper(
        "setpriv",
        &["--reuid", "--regid", "--groups", "--inh-caps", "--bounding-set", "--pdeathsig"],
    ),
    wrapper("busybox", &[]),
    Wrapper { operands: 1, ..wrapper("chroot", &[]) },
    Wrapper { operands: 1, ..wrapper("flock", &["-w", "-E", "--timeout", "--wait"]) },
    Wrapper { operands: 1, ..wrapper("gosu", &[]) },
    Wrapper { operands: 1, ..wrapper("taskset", &[]) },
    wrapper("strace", &["-e", "-o", "-p", "-s"]),
    wrapper("sshpass", &["-p", "-f", "-d", "-P"]),
    wrapper("faketime", &["-f"]),
];

/// Programs that read one of their words as shell text: the one behind an option that ends in `c`.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "ksh", "zsh", "ash", "su", "runuser"];

/// What stands behind the first word of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing of its own: the command begins at this word.
    Keyword(usize),
    /// It starts the program at this word.
    Program(usize),
    /// It starts the program between these words: `find … -exec rm {} ;`.
    Between(usize, usize),
    /// It reads this word as shell text.
    Text(usize),
    /// It starts nothing else.
    Nothing,
}

/// Tells what the first of these words starts.
pub(super) fn behind(words: &[&str]) -> Behind {
    let Some(first) = words.first() else { return Behind::Nothing };
    if is_keyword(first) {
        return Behind::Keyword(1);
    }
    let program = first.rsplit('/').next().unwrap_or(first);
    if SHELLS.contains(&program) {
        return text_of(words).map_or(Behind::Nothing, Behind::Text);
    }
    if program == "find" {
        let is = |word: &&str| ["-exec", "-execdir", "-ok", "-okdir"].contains(word);
        let Some(at) = words.iter().position(is) else { return Behind::Nothing };
        let end = words[at..].iter().position(|word| [";", "\\;", "+"].contains(word));
        return Behind::Between(at + 1, end.map_or(words.len(), |end| at + end));
    }
    let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.name == program) else {
        return Behind::Nothing;
    };
    let mut operands = wrapper.operands;
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if wrapper.looks.contains(word) {
            return Behind::Nothing;
        }
        if word.starts_with('-') && word.len() > 1 {
            at += 1 + usize::from(wrapper.values.contains(word));
        } else if sets(word) {
            at += 1;
        } else if operands > 0 {
            operands -= 1;
            at += 1;
        } else {
            return Behind::Program(at);
        }
    }
    Behind::Nothing
}

/// Whether a word stands before a command and is none: `then`, `NAME=value`.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word) || sets(word)
}

/// Whether a word gives a variable its value: `NAME=value`.
fn sets(word: &str) -> bool {
    let name = word.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// The word that a shell reads: `bash -euo pipefail -c TEXT`.
fn text_of(words: &[&str]) -> Option<usize> {
    let bundle = |word: &&str| {
        let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        letters.is_some_and(|letters| letters.ends_with('c'))
    };
    let at = words.iter().position(|word| bundle(word) || *word == "--command")?;
    (at + 1 < words.len()).then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_started_is_found_behind_what_starts_it() {
        let found = |line: &str| behind(&line.split(' ').collect::<Vec<_>>());
        for (line, wanted) in [
            ("rm x", Behind::Nothing),
            ("X=y rm x", Behind::Keyword(1)),
            ("! rm x", Behind::Keyword(1)),
            ("sudo -n rm", Behind::Program(2)),
            ("sudo -u me X=y rm", Behind::Program(4)),
            ("sudo -l rm", Behind::Nothing),
            ("/usr/bin/env X=y Z=1 rm", Behind::Program(3)),
            ("timeout 5 rm", Behind::Program(2)),
            ("timeout -s KILL -k 3 5m rm", Behind::Program(6)),
            ("command -v curl", Behind::Nothing),
            ("command rm", Behind::Program(1)),
            ("xargs -n 1 -r rm", Behind::Program(4)),
            ("find a -name b -exec rm {} +", Behind::Between(5, 7)),
            ("find a -delete", Behind::Nothing),
            ("bash -euo pipefail -c rm", Behind::Text(4)),
            ("sh x.sh", Behind::Nothing),
            ("exec", Behind::Nothing),
        ] {
            assert_eq!(found(line), wanted, "{line}");
        }
    }
}
