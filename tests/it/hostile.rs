//! Values that want to be commands: every one arrives byte for byte, or is refused by its type; none is executed.

use crate::support::program::{Home, said};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Output;

/// What happened to a value.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    Refused,
}

/// The corpus; `canary` is the file that any execution would make.
fn corpus(canary: &str) -> Vec<String> {
    let m = canary;
    let mut values: Vec<String> = [
        format!("$(touch {m})"),
        format!("`touch {m}`"),
        format!("x; touch {m}"),
        format!("x'; touch {m}; echo '"),
        format!("x\"; touch {m}; echo \""),
        format!("x\ntouch {m}\n"),
        format!("x | touch {m}"),
        format!("x & touch {m}"),
        format!("x > {m}"),
        format!("x\nEOF\ntouch {m}\ncat <<EOF"),
        format!("a[$(touch {m})]"),
        format!("x && touch {m}"),
        format!("x || touch {m}"),
        format!("$(<{m})"),
        format!("${{x:=$(touch {m})}}"),
        format!("$((a[$(touch {m})]))"),
        format!("!touch {m}"),
        format!("<(touch {m})"),
        format!("x\rtouch {m}"),
        format!("' -o '$(touch {m})"),
        format!("\\$(touch {m})"),
        format!("x\\'; touch {m} #"),
        format!("*;touch {m}"),
        format!("\ntouch {m}"),
        format!("()  {{ :; }}; touch {m}"),
        format!("eval touch {m}"),
    ]
    .into();
    values.extend(
        [
            "/tmp/*.py",
            "{a,b}",
            "~root",
            "--help",
            "-n",
            "-",
            "two words",
            "  leading and trailing  ",
            "a\\b\\n",
            "it's",
            "pa$$word$HOME",
            "h\u{e9}llo\u{202E}",
            "wow!bang",
            "a\u{7}b\u{1b}[31m",
            "%s%n%x",
            "{{x}}",
            "{{ v }}",
            "{{{{ v }}}}",
            "${{x}}",
            "a\rb",
            "-oProxyCommand=sh",
            "--checkpoint-action=exec=sh",
            "--output=/etc/x",
            "@/etc/passwd",
            "'; drop table x;--",
            "/dev/stdin",
            "../../etc/passwd",
            "http://x/#\"; y",
            "a\tb",
            "a=b",
            "#comment",
            "\u{feff}bom",
            "\u{200b}",
            "日本語",
            "\u{1F600}",
            "null",
            "true",
            "0x10",
            "a\n\nb",
            "\\",
            "\"",
            "'",
            "",
        ]
        .map(str::to_owned),
    );
    values.push("x".repeat(3000));
    values.push("x".repeat(64 << 10));
    values.push("x".repeat(200 << 10));
    values
}

fn deliver(home: &Home, runbook: &str, value: &str) -> Output {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    let answers = home.file(
        "answers.yaml",
        "format: 1\nsteps:\n  folder: {on_failure: stop}\n  cwd: {on_failure: stop}\n",
    );
    let value_file = home.file("value", value);
    let mut command = home.rutter(["run", "--no-input"]);
    command.arg(fixtures.join(format!("{runbook}.yaml"))).arg("--answers").arg(answers);
    if runbook == "param" {
        // One final newline is the file's own.
        fs::write(&value_file, format!("{value}\n")).unwrap();
        command.arg("--param-file").arg(format!("v={}", value_file.display()));
    } else {
        command.env("HOSTILE", value);
    }
    command.output().unwrap()
}

/// Checks one value at every site; panics on anything but exact delivery or refusal.
fn fate(runbook: &str, value: &str) -> Fate {
    let home = Home::new();
    let output = deliver(&home, runbook, value);
    let told = said(&output);
    let work = home.has_run().then(|| home.run().join("work"));
    let out = |name: &str| work.as_ref().and_then(|w| fs::read(w.join(format!("{name}.out"))).ok());
    if out("word").is_none() {
        assert!(!output.status.success(), "nothing arrived and nothing was said: {told}");
        return Fate::Refused;
    }
    for site in ["word", "script", "env", "stdin-value", "files"] {
        assert_eq!(out(site).as_deref(), Some(value.as_bytes()), "{site} of {value:?}: {told}");
    }
    assert_eq!(out("stdin-text"), Some(format!("<{value}>").into_bytes()), "{told}");
    // A name may be impossible for a folder; then the step failed before anything ran in it.
    if let Some(cwd) = out("cwd") {
        let folder = work.unwrap().join("d").join(value.trim_start_matches('/'));
        let real = fs::canonicalize(&folder);
        if let Ok(real) = real.filter_not_absolute(value) {
            assert_eq!(cwd, [real.as_os_str().as_bytes(), b"\n"].concat(), "{told}");
        }
    }
    Fate::Delivered
}

trait FilterAbsolute {
    fn filter_not_absolute(self, value: &str) -> Self;
}

impl FilterAbsolute for std::io::Result<std::path::PathBuf> {
    /// `a//b` and `a/b` are one folder, but joining an absolute path in Rust would forget the folder before it.
    fn filter_not_absolute(self, value: &str) -> Self {
        if value.starts_with('/') { Err(std::io::ErrorKind::Other.into()) } else { self }
    }
}

fn all(runbook: &'static str) {
    let dir = tempfile::tempdir().unwrap();
    let canary = dir.path().join("canary");
    let values = corpus(canary.to_str().unwrap());
    assert!(values.len() >= 24 + 30, "the corpus has {} values", values.len());
    let next = std::sync::atomic::AtomicUsize::new(0);
    let refused = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(value) = values.get(at) else { break };
                    if runbook == "capture" && value.len() > 100 << 10 {
                        continue; // no such variable can be given to any process
                    }
                    if fate(runbook, value) == Fate::Refused {
                        refused.lock().unwrap().push(value.clone());
                    }
                    assert!(!canary.exists(), "executed: {value:?}");
                }
            });
        }
    });
    let refused = refused.into_inner().unwrap();
    println!("{runbook}: {} values, {} refused by type, 0 executed", values.len(), refused.len());
    for value in &refused {
        let shape = value.starts_with('-')
            || value.is_empty()
            || value.len() > 4096
            || value.chars().any(|c| c.is_control() || !c.is_ascii());
        assert!(shape, "refused without need: {value:?}");
    }
    assert!(refused.len() < values.len() / 2, "most values are delivered: {refused:?}");
}

#[test]
fn no_hostile_parameter_is_executed_and_each_arrives_exactly_or_is_refused() {
    all("param");
}

#[test]
fn no_hostile_capture_is_executed_and_each_arrives_exactly_or_is_refused() {
    all("capture");
}

#[test]
fn a_value_with_a_nul_or_broken_text_is_refused_by_name() {
    for bytes in [&b"a\0b"[..], b"a\xffb"] {
        let home = Home::new();
        let file = home.file("value", bytes);
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
        let answers = home.file("answers.yaml", "format: 1\n");
        let mut command = home.rutter(["run", "--no-input"]);
        command.arg(fixtures.join("param.yaml")).arg("--answers").arg(answers);
        command.arg("--param-file").arg(format!("v={}", file.display()));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains('v') && !home.has_run(), "{}", said(&output));
    }
}
