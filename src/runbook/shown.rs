//! A resolved call as text: for reading before it starts, and for pasting into a shell with the same effect.
//!
//! Everything the author wrote around a command belongs to it. SQL that arrives on standard input is the part of a
//! `psql` that matters, so a shown command without its input would show nothing.

use super::resolve::{ResolvedProgram, ResolvedStdin, ResolvedValue, quote};
use std::fmt::Write as _;

/// What is shown of a call besides its program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// The variables the author set; the `RB_` ones of scripts are not listed.
    pub env: &'a [(String, ResolvedValue)],
    /// The variables that hold the path of a file made for the call.
    pub files: &'a [(String, ResolvedValue)],
    /// What it reads.
    pub stdin: &'a ResolvedStdin,
}

/// Returns a call as text.
pub(super) fn shown(program: &ResolvedProgram, around: Around<'_>) -> String {
    match program {
        ResolvedProgram::Words(words) => words_shown(words, around),
        ResolvedProgram::Script { text, .. } => script_shown(text, around),
    }
}

/// Returns the mark that stands for a secret wherever its value would.
pub(super) fn mark(secret: &str) -> String {
    format!("‹secret:{secret}›")
}

fn words_shown(words: &[String], around: Around<'_>) -> String {
    let mut pieces = assignments(around);
    pieces.extend(words.first().map(|word| command_quoted(word)));
    pieces.extend(words.iter().skip(1).map(|word| quote(word)));
    let line = pieces.join(" ");
    match around.stdin {
        ResolvedStdin::Null => line,
        ResolvedStdin::File(path) => format!("{line} < {}", quote(path)),
        ResolvedStdin::Value(ResolvedValue::Secret(name)) => format!("{line} < {}", mark(name)),
        ResolvedStdin::Value(ResolvedValue::Text(text)) => here_document(&line, text),
    }
}

/// Words that mean something to a shell when a command begins with them.
const SHELL_WORDS: [&str; 17] = [
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for",
    "in", "function", "select", "time", "coproc",
];

/// Quotes the first word so that no shell takes it for an assignment or a word of its own.
fn command_quoted(word: &str) -> String {
    let quoted = quote(word);
    let bare = quoted == word;
    if bare && (word.contains('=') || SHELL_WORDS.contains(&word)) {
        format!("'{word}'")
    } else {
        quoted
    }
}

/// A script is shown as it was written; what it is given stands above it as remarks, which change nothing.
fn script_shown(text: &str, around: Around<'_>) -> String {
    let mut shown = String::new();
    for assignment in assignments(around) {
        let _ = writeln!(shown, "# {assignment}"); // a String takes everything
    }
    let _ = match around.stdin {
        ResolvedStdin::Null => Ok(()),
        ResolvedStdin::File(path) => writeln!(shown, "# < {}", quote(path)),
        ResolvedStdin::Value(ResolvedValue::Secret(name)) => writeln!(shown, "# < {}", mark(name)),
        ResolvedStdin::Value(ResolvedValue::Text(text)) => {
            text.lines().try_for_each(|line| writeln!(shown, "# < {line}"))
        }
    };
    shown.push_str(text);
    shown
}

fn assignments(around: Around<'_>) -> Vec<String> {
    let value = |value: &ResolvedValue| match value {
        ResolvedValue::Text(text) => quote(text),
        ResolvedValue::Secret(name) => mark(name),
    };
    let set = around.env.iter().map(|(name, set)| format!("{name}={}", value(set)));
    let made = around.files.iter().map(|(name, content)| match content {
        ResolvedValue::Text(_) => format!("{name}=‹file›"),
        ResolvedValue::Secret(secret) => format!("{name}=‹file of {}›", mark(secret)),
    });
    set.chain(made).collect()
}

/// A here-document whose end mark no line of the text can be taken for.
fn here_document(line: &str, text: &str) -> String {
    let mut end = String::from("END");
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("{line} <<'{end}'\n{}\n{end}", text.strip_suffix('\n').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn psql(stdin: &ResolvedStdin) -> String {
        let program = ResolvedProgram::Words(vec!["psql".into(), "-d".into(), "a b".into()]);
        shown(&program, Around { env: &[], files: &[], stdin })
    }

    fn text(text: &str) -> ResolvedStdin {
        ResolvedStdin::Value(ResolvedValue::Text(text.into()))
    }

    #[test]
    fn sql_on_standard_input_is_shown_with_the_command() {
        assert_eq!(psql(&ResolvedStdin::Null), "psql -d 'a b'");
        assert_eq!(psql(&ResolvedStdin::File("/r/x.sql".into())), "psql -d 'a b' < /r/x.sql");
        assert_eq!(psql(&text("SELECT 1\n")), "psql -d 'a b' <<'END'\nSELECT 1\nEND");
    }

    #[test]
    fn input_cannot_end_its_own_here_document() {
        let shown = psql(&text("END\nrm -rf /\nEND_"));
        assert_eq!(shown, "psql -d 'a b' <<'END__'\nEND\nrm -rf /\nEND_\nEND__");
    }

    #[test]
    fn secrets_are_shown_by_name_wherever_they_go() {
        let secret = || ResolvedValue::Secret("pw".into());
        let stdin = ResolvedStdin::Value(secret());
        let (env, files) = ([("TOKEN".into(), secret())], [("PGPASSFILE".into(), secret())]);
        let around = Around { env: &env, files: &files, stdin: &stdin };
        let program = ResolvedProgram::Words(vec!["psql".into()]);
        assert_eq!(
            shown(&program, around),
            "TOKEN=‹secret:pw› PGPASSFILE=‹file of ‹secret:pw›› psql < ‹secret:pw›"
        );
    }

    #[test]
    fn a_script_is_shown_as_written_below_what_it_is_given() {
        let program = ResolvedProgram::Script {
            shell: crate::runbook::model::Shell::Sh,
            text: "cat\n".into(),
        };
        let env = [("A".into(), ResolvedValue::Text("b c".into()))];
        let around = Around { env: &env, files: &[], stdin: &text("one\ntwo") };
        assert_eq!(shown(&program, around), "# A='b c'\n# < one\n# < two\ncat\n");
    }
}
