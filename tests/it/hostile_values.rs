//! Values that try to become more than a value: what a shell would run, split, expand or take for an option.

use proptest::prelude::*;
use rutter::runbook::findings::Findings;
use rutter::runbook::model::{Call, Io, Program, Values};
use rutter::runbook::place::{At, Place, Source};
use rutter::runbook::resolve::{Resolved, ResolvedProgram, Scope, resolve};
use rutter::runbook::value::{Kind, ValueType};
use rutter::runbook::words;
use rutter::runbook::written::Written;
use std::collections::BTreeSet;
use std::process::Command;

/// Values seen in attacks and in accidents; `M` would be made by the ones that get a shell to run them.
const HOSTILE: [&str; 64] = [
    "$(touch M)",
    "`touch M`",
    "x; touch M",
    "x'; touch M; echo '",
    "x\"; touch M; echo \"",
    "x\ntouch M\n",
    "x | touch M",
    "x & touch M",
    "x > M",
    "x\nEOF\ntouch M\ncat <<EOF",
    "a[$(touch M)]",
    "/tmp/*.py",
    "{a,b}",
    "~root",
    "--help",
    "-n",
    "two words",
    "",
    "a\\b\\n",
    "it's",
    "pa$$word$HOME",
    "héllo\u{202e}",
    "wow!bang",
    "a\u{7}b\u{1b}[31m",
    "%s%n",
    "{{x}}",
    "{{ value }}",
    "${{x}}",
    "\r",
    "-oProxyCommand=touch M",
    "--checkpoint-action=exec=touch M",
    "--output=M",
    "@file",
    "'; drop table x;--",
    "/dev/stdin",
    "../../etc/passwd",
    "http://x/#\"; touch M",
    "\\",
    "\\\\",
    "'",
    "\"",
    "''",
    "\"\"",
    "'\\''",
    "$",
    "`",
    "!",
    "!!",
    "#",
    "# x",
    "~",
    "*",
    "?",
    "[a-z]",
    "a=b",
    "A=$(touch M)",
    "\t",
    " ",
    "  x  ",
    "\n",
    "x\n",
    "if",
    "time",
    "😀\u{200d}",
];

fn template(line: &str) -> Call {
    let source = Source::new("t", line);
    let mut findings = Findings::new(&source);
    let place = Place { start: 0, end: u32::try_from(line.len()).unwrap() };
    let words = words::split(&Written::new(line, place, &source), &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    call(Program::Words(words))
}

fn call(program: Program) -> Call {
    Call {
        program,
        env: Vec::new(),
        cwd: None,
        stdin: None,
        files: Vec::new(),
        timeout: None,
        io: Io::Auto,
        stays: false,
        signal: None,
        place: Place::default(),
    }
}

fn filled(call: &Call, pairs: &[(&str, &str)]) -> Resolved {
    let values: Values = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let lists = BTreeSet::from(["items".to_owned()]);
    let secrets = BTreeSet::new();
    let scope =
        Scope { values: &values, lists: &lists, secrets: &secrets, work: "/w", runbook_dir: "/r" };
    resolve(call, &scope).unwrap()
}

fn words_of(resolved: &Resolved) -> &[String] {
    match &resolved.program {
        ResolvedProgram::Words(words) => words,
        ResolvedProgram::Script { .. } => panic!("not words"),
    }
}

/// Gives the shown text to a real shell, and returns the words it hands to `printf`.
fn pasted(shell: &str, shown: &str, folder: &std::path::Path) -> Vec<String> {
    let output = Command::new(shell).arg("-c").arg(shown).current_dir(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn a_hostile_value_stays_one_word_and_is_pasted_as_that_word() {
    let folder = tempfile::tempdir().unwrap();
    let call = template(
        "printf '%s\\0' {{ value }} --name={{ value }} 'in {{ value }} quotes' \"x{{ value }}\"",
    );
    for value in HOSTILE {
        let resolved = filled(&call, &[("value", value)]);
        let expected = [
            "printf".to_owned(),
            "%s\\0".to_owned(),
            value.to_owned(),
            format!("--name={value}"),
            format!("in {value} quotes"),
            format!("x{value}"),
        ];
        assert_eq!(words_of(&resolved), expected, "{value:?}");
        for shell in ["sh", "bash"] {
            assert_eq!(
                pasted(shell, &resolved.shown, folder.path()),
                &expected[2..],
                "{shell} {value:?}"
            );
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a value was run");
}

#[test]
fn a_hostile_value_is_refused_or_kept_by_every_type_and_never_changed_into_something_else() {
    let plain = [
        Kind::Name,
        Kind::Int,
        Kind::Bool,
        Kind::Time,
        Kind::Duration,
        Kind::Host,
        Kind::Url,
        Kind::Uuid,
    ];
    for value in HOSTILE {
        for kind in plain {
            // `if` and `time` are names, and harmless as such.
            let harmless =
                kind.pattern().is_some_and(|_| value.chars().all(|c| c.is_ascii_alphanumeric()));
            let kept = ValueType::plain(kind).check(value);
            assert!(
                kept.is_err() || harmless && !value.is_empty() || kind == Kind::Name,
                "{kind} {value:?}: {kept:?}"
            );
        }
        for (_, kind) in Kind::ALL {
            if let Ok(kept) = ValueType::plain(kind).check(value) {
                assert_eq!(
                    kept,
                    value.strip_suffix('\n').filter(|_| kind == Kind::List).unwrap_or(value),
                    "{kind}"
                );
                assert!(!kept.starts_with('-') || kind == Kind::Secret, "{kind} {value:?}");
            }
        }
    }
}

#[test]
fn scripts_are_never_touched_by_values() {
    let text = "echo \"$RB_VALUE\" {{.x}}";
    let text = At::new(text.to_owned(), Place::default());
    let script =
        call(Program::Script { shell: rutter::runbook::model::Shell::Sh, text: text.clone() });
    for value in HOSTILE {
        let resolved = filled(&script, &[("value", value)]);
        assert_eq!(
            resolved.program,
            ResolvedProgram::Script {
                shell: rutter::runbook::model::Shell::Sh,
                text: text.value.clone()
            }
        );
        assert_eq!(resolved.env.len(), 1);
        assert_eq!(resolved.env[0].0, "RB_VALUE");
    }
}

#[test]
fn two_different_commands_never_share_a_digest() {
    let digest = |line: &str, value: &str| filled(&template(line), &[("value", value)]).digest;
    let all = [
        digest("a b {{ value }}", "c"),
        digest("a {{ value }} c", "b c"),
        digest("a 'b c'", ""),
        digest("ab c", ""),
        digest("a b c d", ""),
        digest("a b c ''", ""),
    ];
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
    assert_eq!(all[0], digest("a b c", "x"), "the same words are the same command");
}

#[test]
fn a_list_fills_as_many_words_as_it_has_items() {
    let call = template("rm -- {{ items... }} --x={{ items... }}");
    let words = |items: &str| words_of(&filled(&call, &[("items", items)]))[2..].to_vec();
    assert_eq!(words("a\nb c\n$(x)"), ["a", "b c", "$(x)", "--x=a", "--x=b c", "--x=$(x)"]);
    assert_eq!(words(""), [""; 0]);
}

proptest! {
    #[test]
    fn shown_text_splits_into_exactly_the_words(
        first in "[a-z=]{1,5}",
        values in prop::collection::vec("[^\0]{0,24}", 0..6),
    ) {
        let names: Vec<String> = (0..values.len()).map(|n| format!("v{n}")).collect();
        let mut pairs = vec![("first", first.as_str())];
        pairs.extend(names.iter().map(String::as_str).zip(values.iter().map(String::as_str)));
        let places: Vec<String> = names.iter().map(|name| format!("{{{{ {name} }}}}")).collect();
        let resolved = filled(&template(&format!("{{{{ first }}}} {}", places.join(" "))), &pairs);
        let split = shlex::split(&resolved.shown).unwrap();
        prop_assert_eq!(split.as_slice(), words_of(&resolved));
    }

    #[test]
    fn a_real_shell_reads_any_value_as_one_word(value in "[^\0]{0,40}") {
        let folder = tempfile::tempdir().unwrap();
        let resolved = filled(&template("printf '%s\\0' {{ value }}"), &[("value", &value)]);
        prop_assert_eq!(pasted("sh", &resolved.shown, folder.path()), vec![value]);
    }
}
