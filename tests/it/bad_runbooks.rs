//! Broken runbooks: every mistake is reported at its place, and none costs more than it says.

use rutter::runbook::parse::parse;
use rutter::runbook::place::{Finding, Source};
use rutter::runbook::tree::{LARGEST, decode};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Each broken runbook with what is wrong with it beside it.
fn fixtures() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bad");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

fn findings(name: &str, bytes: &[u8]) -> Vec<Finding> {
    match decode(name, bytes) {
        Ok(source) => parse(&source).err().unwrap_or_default(),
        Err(finding) => vec![*finding],
    }
}

fn places(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let (line, column) = finding.source.line_column(finding.place.start);
        format!("{line}:{column} {}", finding.code)
    };
    findings.iter().map(line).collect()
}

#[test]
fn every_mistake_of_every_broken_runbook_is_reported_at_its_place() {
    let files = fixtures();
    assert!(files.len() >= 45, "{} broken runbooks", files.len());
    let mut wrong = Vec::new();
    for path in &files {
        let expected = fs::read_to_string(path.with_extension("expect")).unwrap();
        let expected: Vec<&str> = expected.lines().collect();
        let found = places(&findings("broken.yaml", &fs::read(path).unwrap()));
        assert!(!expected.is_empty(), "{} expects nothing", path.display());
        if found != expected {
            wrong.push(format!("{}: found {found:#?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_says_what_why_and_what_next() {
    for path in fixtures() {
        for finding in findings("broken.yaml", &fs::read(&path).unwrap()) {
            let at = format!("{} {}: {}", path.display(), finding.code, finding.what);
            let Finding { what, why, next, .. } = finding;
            assert!(!what.is_empty() && !what.ends_with('.'), "{at}: what is a fragment");
            assert!(!why.is_empty() && !why.ends_with('.'), "{at}: why is a fragment: {why}");
            assert!(next.ends_with(['.', '?']), "{at}: the next step is a sentence: {next}");
        }
    }
}

#[test]
fn at_least_one_broken_runbook_shows_each_kind_of_mistake() {
    let mut seen: Vec<&str> = Vec::new();
    for path in fixtures() {
        seen.extend(findings("broken.yaml", &fs::read(path).unwrap()).iter().map(|f| f.code));
    }
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src/runbook");
    let mut missing = Vec::new();
    for text in sources_below(sources.into()) {
        for (at, _) in text.match_indices("\"RB0") {
            let code = &text[at + 1..at + 6];
            if !seen.contains(&code) && !missing.contains(&code.to_owned()) {
                missing.push(code.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "no fixture shows {missing:?}");
}

fn sources_below(folder: PathBuf) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(sources_below(path));
        } else {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
    texts
}

/// What `check` may take for a small file, start of the program included.
const SOON: Duration = Duration::from_millis(500);

/// Runs `rutter check`; a busy machine gets three tries to be quick.
fn check(path: &Path) -> (i32, String, Duration) {
    let mut best: Option<(i32, String, Duration)> = None;
    for _ in 0..3 {
        let begun = Instant::now();
        let mut program = Command::new(env!("CARGO_BIN_EXE_rutter"));
        program.current_dir(path.parent().unwrap()).arg("check").arg(path.file_name().unwrap());
        let output = program.output().unwrap();
        let took = begun.elapsed();
        let text =
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        best = Some((output.status.code().unwrap(), text, took));
        if took < SOON {
            break;
        }
    }
    best.unwrap()
}

#[test]
fn check_shows_place_source_line_reason_and_next_step_and_exits_3() {
    let mut slowest = Duration::ZERO;
    for path in fixtures() {
        let (code, text, took) = check(&path);
        assert_eq!(code, 3, "{}: {text}", path.display());
        assert!(took < SOON, "{}: {took:?}", path.display());
        slowest = slowest.max(took);
        // Long reasons are wrapped; the words are all there.
        let plain = words(&text);
        for finding in findings("broken.yaml", &fs::read(&path).unwrap()) {
            let (line, column) = finding.source.line_column(finding.place.start);
            let name = path.file_name().unwrap().to_str().unwrap();
            let place = format!("{name}:{line}:{column}");
            assert!(text.contains(&place), "{place} is missing in\n{text}");
            // Long lines are cut around the place, so what stands at the place is looked for.
            let (start, end) = (finding.place.start as usize, finding.place.end as usize);
            let source = finding.source.text[start..end].chars();
            let source: String = source.take_while(|c| !c.is_control()).take(12).collect();
            assert!(plain.contains(&words(&source)), "{place}: `{source}` is missing in\n{text}");
            for part in [&finding.what, &finding.why, &finding.next] {
                assert!(plain.contains(&words(part)), "{place}: `{part}` is missing in\n{text}");
            }
        }
    }
    println!("slowest: {slowest:?}");
}

/// The words of a text without the lines a frame draws between them.
fn words(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| *word != "|");
    words.collect::<Vec<_>>().join(" ")
}

const HEAD: &str = "format: 1\nname: big\ntitle: Big\nsystem: Tests\nversion: '1'\nsummary: Big.\n";
const STEPS: &str = "phases:\n- title: Only phase\n  steps:\n";

/// Text of nearly the largest size a file may have: `line(n)` until it is full.
fn filled(before: &str, line: impl Fn(usize) -> String) -> String {
    let mut text = before.to_owned();
    for n in 0.. {
        let line = line(n);
        if text.len() + line.len() > LARGEST {
            break;
        }
        text.push_str(&line);
    }
    text
}

/// Files that are made to exhaust their reader, with the code that refuses each.
fn hostile() -> Vec<(&'static str, String, &'static str)> {
    let steps = format!("{HEAD}{STEPS}");
    let nested = |n: usize| format!("{}a:\n", " ".repeat(n));
    vec![
        ("a hundred thousand brackets", "[".repeat(100_000), "RB008"),
        ("a hundred thousand braces", "{a: ".repeat(100_000), "RB008"),
        ("fourteen hundred levels", filled("", nested), "RB008"),
        ("two hundred thousand aliases", filled("a: &a x\nb:\n", |_| "- *a\n".into()), "RB004"),
        (
            "a chain of aliases",
            filled("a0: &a0 x\n", |n| format!("a{}: &a{} [*a{n}]\n", n + 1, n + 1)),
            "RB004",
        ),
        ("more than 1 MiB", "#".repeat(LARGEST + 1), "RB001"),
        ("only comments", filled("", |_| "# x\n".into()), "RB015"),
        ("one long line", format!("{HEAD}tytle: {}\n", "x".repeat(1_000_000)), "RB010"),
        ("items of one letter", filled(&format!("{HEAD}symptoms:\n"), |_| "- a\n".into()), "RB008"),
        ("the same key again and again", filled("", |_| "a: 1\n".into()), "RB003"),
        ("unknown keys", filled(HEAD, |n| format!("k{n}: 1\n")), "RB010"),
        (
            "unknown values",
            filled(&steps, |n| {
                format!("  - {{id: s{n}, title: '{{{{ w{n} }}}}', hazard: read, run: x}}\n")
            }),
            "RB033",
        ),
        (
            "one value in one text",
            format!(
                "{steps}  - {{id: a, title: '{}', hazard: read, run: x}}\n",
                "{{ a }}".repeat(100_000)
            ),
            "RB033",
        ),
        (
            "bad words",
            format!(
                "{steps}  - id: a\n    title: A\n    hazard: read\n    run: |\n{}",
                "      {{ a }} | & $x 'y\n".repeat(30_000)
            ),
            "RB040",
        ),
        (
            "a value captured by every step",
            filled(&steps, |n| {
                format!(
                    "  - {{id: s{n}, title: A, hazard: read, run: x, capture: {{c: {{json: x}}}}}}\n"
                )
            }),
            "RB063",
        ),
        (
            "large expressions",
            filled(&steps, |n| {
                format!(
                    "  - {{id: s{n}, title: A, hazard: read, run: x, expect: {{text: '(\\w{{{n},900}}){{30}}'}}}}\n"
                )
            }),
            "RB070",
        ),
        (
            "large patterns with examples",
            filled(&format!("{HEAD}params:\n"), |n| {
                format!("  v{n}: {{type: text, pattern: '[a-z]{{{n},900}}', example: a}}\n")
            }),
            "RB070",
        ),
        (
            "values made of values",
            filled(&format!("{HEAD}values:\n  v0: x\n"), |n| {
                format!("  v{}: '{{{{ v{n} }}}}{{{{ v{n} }}}}'\n", n + 1)
            }),
            "RB011",
        ),
        (
            "a prefix operator again and again",
            filled(&steps, |n| {
                format!(
                    "  - {{id: s{n}, title: A, hazard: read, run: x, expect: {{json: '{}a', equals: 1}}}}\n",
                    "!".repeat(4000)
                )
            }),
            "RB071",
        ),
    ]
}

/// Unoptimised code is some ten times slower, and the machine may be busy.
const PATIENCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 15_000 } else { 500 });

#[test]
fn files_made_to_exhaust_their_reader_are_refused_soon() {
    for (what, text, code) in hostile() {
        let begun = Instant::now();
        let found = findings("hostile.yaml", text.as_bytes());
        let took = begun.elapsed();
        assert!(found.iter().any(|finding| finding.code == code), "{what}: {:?}", places(&found));
        assert!(found.len() <= 200, "{what}: {} findings", found.len());
        assert!(took < PATIENCE, "{what}: {took:?}");
        println!("{took:>12.1?}  {what}");
    }
}

#[test]
fn ten_thousand_steps_are_read() {
    let text = filled(&format!("{HEAD}{STEPS}"), |n| {
        format!(
            "  - {{id: s{n}, title: 'Look {n}', hazard: read, run: 'uptime {{{{ run.id }}}}'}}\n"
        )
    });
    let source = Source::new("large.yaml", text);
    let begun = Instant::now();
    let runbook = parse(&source).unwrap_or_else(|found| panic!("{:?}", places(&found)));
    let took = begun.elapsed();
    let steps = runbook.phases[0].steps.len();
    println!("{steps} steps, {} bytes: {took:?}", source.text.len());
    assert!(steps > 10_000, "{steps}");
    assert!(took < PATIENCE, "{took:?}");
}
