//! What a keeper makes of a command's end and words.

use super::bench::{Bench, exited, run};
use rutter::exec::job::{Capture, Compare, Expect, From, Job, Selector, Stdin};
use rutter::outcome::{Captured, Judged, Outcome};
use std::fs;

fn expect(select: Selector, compare: Option<Compare>) -> Expect {
    Expect { select, from: From::Stdout, compare, words: "as the author wrote it".into() }
}

fn capture(name: &str, select: Selector) -> Capture {
    Capture {
        name: name.into(),
        select,
        from: From::Stdout,
        pattern: None,
        one_of: Vec::new(),
        max: 100,
        dash: false,
        success: false,
        list: false,
        secret: false,
        optional: false,
        default: None,
    }
}

/// A job that prints this and exits 0.
fn printing(bench: &Bench, text: &[u8]) -> Job {
    let mut job = bench.job(&["cat"]);
    fs::write(bench.path("work/text"), text).unwrap();
    job.stdin = Stdin::File(bench.path("work/text"));
    job
}

fn judged(text: &[u8], expect: Expect) -> (Judged, String) {
    let bench = Bench::new();
    let mut job = printing(&bench, text);
    job.expect = vec![expect];
    let verdict = run(&job).verdicts.remove(0);
    assert_eq!(verdict.expected, "as the author wrote it");
    (verdict.result, verdict.got)
}

fn json(expression: &str) -> Selector {
    Selector::Json(expression.into())
}

fn text(pattern: &str) -> Selector {
    Selector::Text(pattern.into())
}

fn equals(value: &str) -> Compare {
    Compare::Equals(value.into())
}

#[test]
fn json_is_selected_as_az_query_does_and_compared_as_what_it_is() {
    let document = br#"{"state":"Ready","replicas":3,"tags":{"a":null},"list":[],"name":"x y"}"#;
    for (expression, compare, wanted, got) in [
        ("state", Some(equals("Ready")), Judged::Passed, "Ready"),
        ("state", Some(equals("ready")), Judged::Failed, "Ready"),
        ("replicas", Some(equals("3")), Judged::Passed, "3"),
        ("replicas", Some(Compare::AtLeast("3".into())), Judged::Passed, "3"),
        ("replicas", Some(Compare::AtMost("2".into())), Judged::Failed, "3"),
        ("state", Some(Compare::AtLeast("3".into())), Judged::CannotJudge, "Ready"),
        ("state", Some(Compare::In(vec!["Ready".into()])), Judged::Passed, "Ready"),
        ("state", Some(Compare::Not("Ready".into())), Judged::Failed, "Ready"),
        ("name", Some(Compare::Matches("^x y$".into())), Judged::Passed, "x y"),
        ("tags.a", Some(equals("null")), Judged::Failed, "nothing"),
        ("missing", None, Judged::Failed, "nothing"),
        ("list", None, Judged::Failed, "[]"),
        ("length(list)", Some(equals("0")), Judged::Passed, "0"),
        ("state", None, Judged::Passed, "Ready"),
    ] {
        let seen = judged(document, expect(json(expression), compare.clone()));
        assert_eq!(seen, (wanted, got.to_owned()), "{expression} {compare:?}");
    }
}

#[test]
fn text_and_lines_are_selected_without_the_final_newline() {
    for (words, select, compare, wanted, got) in [
        ("a=1\nb=22\n", text("b=(.*)"), Some(equals("22")), Judged::Passed, "22"),
        ("ready\n", text("^ready$"), None, Judged::Passed, "ready"),
        ("not ready\n", text("^ready$"), None, Judged::Failed, "nothing"),
        ("x\n", text("x\n"), None, Judged::Failed, "nothing"),
        ("a\nb\n\n", Selector::LinesCount, Some(equals("3")), Judged::Passed, "3"),
        ("", Selector::LinesCount, Some(equals("0")), Judged::Passed, "0"),
        ("ok 1\nok 2\n", Selector::LinesEach("^ok".into()), None, Judged::Passed, "every line"),
        ("ok\nbad\n", Selector::LinesEach("^ok".into()), None, Judged::Failed, "line 2: bad"),
    ] {
        let seen = judged(words.as_bytes(), expect(select.clone(), compare));
        assert_eq!(seen, (wanted, got.to_owned()), "{words:?} {select:?}");
    }
}

#[test]
fn what_cannot_be_judged_is_never_passed() {
    let (result, got) = judged(b"fine \xff", expect(text("fine"), None));
    assert_eq!((result, got.as_str()), (Judged::CannotJudge, "not UTF-8 at byte 5"));
    let (result, got) = judged(b"no json", expect(json("a"), None));
    assert_eq!((result, got.as_str()), (Judged::CannotJudge, "the output is not JSON"));
    let flood = b"ready\n".repeat((8 << 20) / 6 + 1);
    let (result, got) = judged(&flood, expect(text("ready"), None));
    assert_eq!((result, got.as_str()), (Judged::CannotJudge, "more than 8 MiB of output"));
    // The exit code can still be told.
    let bench = Bench::new();
    assert!(run(&printing(&bench, &flood)).passed());
}

#[test]
fn the_exit_code_can_be_expected_and_is_not_expected_twice() {
    let bench = Bench::new();
    let mut job = bench.script("exit 3");
    job.expect = vec![expect(Selector::Exit(vec![0, 3]), None)];
    let outcome = run(&job);
    assert!(outcome.passed());
    assert_eq!(outcome.verdicts[0].got, "exit 3");
}

fn captured(words: &str, change: impl Fn(&mut Capture)) -> Captured {
    let bench = Bench::new();
    let mut job = printing(&bench, words.as_bytes());
    let mut capture = capture("it", text("it=(.*)"));
    change(&mut capture);
    job.capture = vec![capture];
    let outcome: Outcome = run(&job);
    assert_eq!(outcome.passed(), !matches!(outcome.captures["it"], Captured::Bad(_)));
    outcome.captures["it"].clone()
}

#[test]
fn captures_are_held_to_their_type() {
    let value = |text: &str| Captured::Value(text.into());
    assert_eq!(captured("it=here\n", |_| ()), value("here"));
    assert_eq!(captured("no\n", |c| c.optional = true), Captured::Missing);
    assert_eq!(captured("no\n", |c| c.default = Some("else".into())), value("else"));
    assert_eq!(captured("it=-x\n", |c| c.dash = true), value("-x"));
    assert_eq!(captured("it=a1\n", |c| c.pattern = Some("[a-z]\\d|zzz".into())), value("a1"));
    assert_eq!(captured("it=x\n", |c| c.success = true), value("true"));
    assert_eq!(captured("no\n", |c| c.success = true), value("false"));
    let bad = |words: &str, change: &dyn Fn(&mut Capture), said: &str| match captured(words, change)
    {
        Captured::Bad(reason) => assert!(reason.contains(said), "{reason}"),
        other => panic!("{words}: {other:?}"),
    };
    bad("no\n", &|_| (), "nothing was found");
    bad("it=-x\n", &|_| (), "option");
    bad("it=xa1\n", &|c| c.pattern = Some("[a-z]\\d|zzz".into()), "form of its type");
    let choice = |c: &mut Capture| {
        c.pattern = Some("red|green".into());
        c.one_of = vec!["red".into(), "green".into()];
    };
    bad("it=blue\n", &choice, "it is none of red, green");
    bad(&format!("it={}\n", "x".repeat(101)), &|_| (), "101 bytes long; 100 is the most");
}

/// What is captured of this output as a list, or why it is not.
fn listed(words: &str, select: &Selector, change: impl Fn(&mut Capture)) -> Result<String, String> {
    let captured = captured(words, |c| {
        (c.list, c.select) = (true, select.clone());
        change(c);
    });
    match captured {
        Captured::Value(value) => Ok(value),
        Captured::Bad(reason) => Err(reason),
        other => panic!("{words}: {other:?}"),
    }
}

#[test]
fn a_list_in_json_becomes_its_items_and_each_is_held_to_the_type() {
    let names = |document: &str| listed(document, &json("names"), |_| ());
    let good = [
        (r#"{"names": ["a", "b c"]}"#, "a\nb c"),
        (r#"{"names": [1, true, "x"]}"#, "1\ntrue\nx"),
        (r#"{"names": []}"#, ""),
    ];
    for (document, kept) in good {
        assert_eq!(names(document).as_deref(), Ok(kept), "{document}");
    }
    let bad = [
        (r#"{"names": ["a", "-rf"]}"#, "item 2 begins with `-`"),
        (r#"{"names": ["a", ""]}"#, "item 2 is empty"),
        (r#"{"names": ["a\n-rf"]}"#, "several lines"),
        (r#"{"names": ["a\u001b[2J"]}"#, "U+001B"),
        (r#"{"names": [["a"]]}"#, "no plain value"),
        (r#"{"names": ["a", null]}"#, "no plain value"),
        (r#"{"names": {"a": "b"}}"#, "no list"),
        (r#"{"names": "a"}"#, "no list"),
        (r#"{"names": "[\"a\"]"}"#, "no list"),
        (r#"{"names": null}"#, "nothing was found"),
    ];
    for (document, said) in bad {
        let reason = names(document).expect_err(document);
        assert!(reason.contains(said), "{document}: {reason}");
    }
    let letters = |c: &mut Capture| c.pattern = Some("[a-z]".into());
    assert_eq!(listed(r#"["a","b"]"#, &json("@"), letters).as_deref(), Ok("a\nb"));
    assert!(listed(r#"["a","b c"]"#, &json("@"), letters).is_err(), "the pattern is for each item");
}

#[test]
fn a_list_in_lines_is_looked_at_item_by_item() {
    let lines = |words: &str| listed(words, &text(r"(?s)\A.*\z"), |_| ());
    assert_eq!(lines("a\nb c\n").as_deref(), Ok("a\nb c"));
    assert!(lines("a\n-rf\n").unwrap_err().contains("item 2 begins with `-`"));
    assert!(lines("a\n\nb\n").unwrap_err().contains("item 2 is empty"));
}

#[test]
fn a_probe_tells_the_first_answer_that_holds_and_expects_nothing_else() {
    let bench = Bench::new();
    let mut job = printing(&bench, b"Updating\n");
    job.answers = ["^Ready$", "^(Provisioning|Updating)$", "^Up"]
        .map(|pattern| expect(text(pattern), None))
        .to_vec();
    job.answers.push(expect(Selector::Exit(vec![0]), None));
    let outcome = run(&job);
    assert_eq!(outcome.answered, Some(1));
    assert!(outcome.verdicts.is_empty());
}

#[test]
fn known_failures_are_found_in_either_stream() {
    let bench = Bench::new();
    let mut job =
        bench.script("echo plenty; printf 'Quota\\377Exceeded: QuotaExceeded' >&2; exit 1");
    job.failures =
        ["plent.", "NoSuch", "^QuotaExceeded", "QuotaExceeded$"].map(String::from).to_vec();
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(1));
    assert_eq!(outcome.failures, [0, 3]);
}

#[test]
fn what_a_command_had_printed_when_it_was_cut_short_is_nobodys_value() {
    let bench = Bench::new();
    let mut job = bench.script("echo it=half; sleep 600");
    job.capture = vec![capture("it", text("it=(.*)"))];
    job.timeout_ms = Some(400);
    let outcome = run(&job);
    assert!(outcome.captures.is_empty() && !outcome.passed(), "{outcome:?}");
}
