//! The reader of shell text on small pieces of it.

use super::*;

/// The context of each value, and the other pieces by name.
fn found(script: &str) -> Vec<String> {
    pieces(script)
        .iter()
        .map(|piece| match piece {
            Piece::Value { context, command, .. } if command.is_empty() => {
                format!("{context:?}")
            }
            Piece::Value { context, command, .. } => format!("{context:?} {command}"),
            Piece::Eval(_) => "eval".to_owned(),
            Piece::Pipe { harmless: true, .. } => "harmless pipe".to_owned(),
            Piece::Pipe { .. } => "pipe".to_owned(),
            Piece::Bash(range) => format!("bash {}", &script[range.clone()]),
        })
        .collect()
}

#[test]
fn a_value_is_bare_only_where_the_shell_would_split_it() {
    for (script, context) in [
        ("rm $RB_X", "Bare"),
        ("rm ${RB_X}", "Bare"),
        ("rm \"$RB_X\"", "Quoted"),
        ("rm \"a ${RB_X:-b} c\"", "Quoted"),
        ("x=$RB_X", "Quoted"),
        ("export x=$RB_X", "Quoted"),
        ("case $RB_X in a) ;; esac", "Quoted"),
        ("[ $RB_X = 1 ]", "Bare"),
        ("echo \"$(cat \"$RB_X\")\"", "Quoted"),
        ("echo \"$(cat $RB_X)\"", "Bare"),
        ("echo \"$(cat x)$RB_X\"", "Quoted"),
        ("(cd x; echo $(cat y) $RB_X)", "Bare"),
    ] {
        assert_eq!(found(script), [context], "{script}");
    }
    assert_eq!(found("echo '$RB_X' # $RB_X\n\\$RB_X"), Vec::<String>::new());
}

#[test]
fn arithmetic_and_number_tests_evaluate() {
    assert_eq!(found("x=$((RB_X + $RB_Y))"), ["Arithmetic"]);
    assert_eq!(found("[[ $RB_X -eq 1 ]]"), ["bash [[", "NumberTest"]);
    assert_eq!(found("[[ $RB_X = 1 ]]"), ["bash [[", "Quoted"]);
    assert_eq!(found("let x=$RB_X"), ["Arithmetic"]);
    assert_eq!(found("x=$(($(stat -c %Z \"$RB_X\") + 1))"), ["Quoted"]);
}

#[test]
fn text_for_another_shell_or_language_names_it() {
    assert_eq!(found("sh -c \"rm $RB_X\""), ["Quoted sh"]);
    assert_eq!(found("sudo bash -ec \"rm $RB_X\""), ["Quoted bash"]);
    assert_eq!(found("sh -c 'rm \"$1\"' sh \"$RB_X\""), ["Quoted"]);
    assert_eq!(found("ssh host \"rm $RB_X\""), ["Quoted ssh"]);
    assert_eq!(found("psql -c \"select '$RB_X'\""), ["Quoted psql"]);
    assert_eq!(found("psql -v x=\"$RB_X\""), ["Quoted"]);
    assert_eq!(found("psql <<END\nselect '$RB_X'\nEND\nrm \"$RB_Y\""), ["Heredoc psql", "Quoted"]);
    assert_eq!(found("cat <<'END'\n$RB_X\nEND"), Vec::<String>::new());
}

#[test]
fn eval_and_pipes_are_seen_where_they_act() {
    assert_eq!(found("eval \"$x\""), ["eval"]);
    assert_eq!(found("echo eval; # a | b"), Vec::<String>::new());
    assert_eq!(found("a | b || c"), ["pipe"]);
    assert_eq!(found("printf '%s' \"$RB_X\" | b"), ["Quoted", "harmless pipe"]);
    assert_eq!(found("a=${b#*|} c"), Vec::<String>::new());
    assert_eq!(found("case \"$x\" in\n  a|b) c ;;\nesac"), Vec::<String>::new());
    assert_eq!(found("grep 'a|b' \"c|d\""), Vec::<String>::new());
    for cases in [
        "case $1 in start|stop) :;; *) exit 2;; esac",
        "case \"$x\" in a|b) c ;; esac",
        "case $1 in (a|b) c;; (*) d;; esac",
        "x=$(case $1 in a|b) echo c;; esac)",
        "f() { case $1 in a|b) c;; esac; }",
        "while :; do case $1 in -a | --all) shift ;; *) break ;; esac; done",
    ] {
        assert_eq!(found(cases), Vec::<String>::new(), "{cases}");
    }
    assert_eq!(found("case $1 in a|b) c | d;; esac; e | f"), ["pipe", "pipe"]);
    assert_eq!(found("(case $1 in a|b) c;; esac); e | f"), ["pipe"]);
}

/// The words of each command with where its output goes.
fn commands_of(script: &str) -> Vec<String> {
    let command = |command: &Simple| {
        let words: Vec<&str> = command.words.iter().map(|word| &script[word.clone()]).collect();
        match command.output {
            Output::Shown => words.join(" "),
            output => format!("{} {output:?}", words.join(" ")),
        }
    };
    commands(script).iter().map(command).collect()
}

#[test]
fn a_command_is_its_words_without_what_the_shell_takes_for_itself() {
    assert_eq!(commands_of("a b >f 2>&1; c <in"), ["a b Kept", "c"]);
    assert_eq!(commands_of("a >/dev/null 2>&1 && b 2>/dev/null"), ["a Dropped", "b"]);
    assert_eq!(commands_of("a \\\n    --b \"c d\" >&2"), ["a --b \"c d\""]);
    assert_eq!(commands_of("a &>f"), ["a Kept"]);
    assert_eq!(commands_of("cat <<<\"$x\" | b"), ["cat Kept", "b"]);
    assert_eq!(commands_of("[[ a < b ]] && c"), ["[[ a < b ]]", "c"]);
}

#[test]
fn what_is_inside_another_command_is_kept() {
    assert_eq!(commands_of("x=$(a b)"), ["a b Kept", "x=$(a b)"]);
    assert_eq!(commands_of("d <(a) <(b)"), ["a Kept", "b Kept", "d <(a) <(b)"]);
    assert_eq!(commands_of("f() {\n    a\n}\nb"), ["a Kept", "b"]);
    assert_eq!(commands_of("f() { a; }\nb"), ["{ a Kept", "b"]);
    assert_eq!(
        commands_of("function f {\n    a\n    { b; }\n    c\n}\nd"),
        ["a Kept", "{ b Kept", "c Kept", "d"]
    );
}

#[test]
fn a_pattern_of_a_case_is_no_command_and_what_stands_behind_it_is_one() {
    let cases = "case $1 in\n    rm|a) b c ;;\n    # rm\n    *) d <<E ;;\nrm x\nE\nesac\ne";
    assert_eq!(commands_of(cases), ["case $1 in", "b c", "d", "e"]);
    assert_eq!(
        commands_of("x=$(case a in a) b;; esac) c"),
        ["case a in Kept", "b Kept", "x=$(case a in a) b;; esac) c"]
    );
}

#[test]
fn an_array_is_no_command_and_only_bash_knows_it() {
    assert_eq!(commands_of("x=(rm -rf # it's\n  y); z"), ["x=(rm -rf # it's\n  y)", "z"]);
    assert_eq!(found("x=(a $RB_X)"), ["bash x=(", "Bare"]);
    assert_eq!(found("echo \"${x[@]}\""), ["bash ${x["]);
    assert_eq!(found("if [[ a = b ]]; then c; fi"), ["bash [["]);
    assert_eq!(found("a <<<b; d <(e)"), ["bash <<<", "bash <("]);
    assert_eq!(found("[ a = b ]; echo '[[' ; f <<E\nx=(\nE"), Vec::<String>::new());
}
