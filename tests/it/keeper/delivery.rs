//! What is given to a command arrives byte for byte, or nothing is started.

use super::bench::{Bench, exe, exited, finish, run};
use rutter::exec::attach::{self, Secrets};
use rutter::exec::job::{Io, Job, Program, Stdin, Value};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// `M` is the canary: whatever executes it creates it.
const HOSTILE: [&str; 56] = [
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
    // More of the kind.
    "%s%n%x",
    "{{x}}",
    "${{x}}",
    "{{{{",
    "a\rb",
    "\r\n",
    "-oProxyCommand=touch M",
    "--checkpoint-action=exec=touch M",
    "--output=M",
    "@file",
    "'; drop table x;--",
    "/dev/stdin",
    "../../etc/passwd",
    "http://x/#\"; touch M",
    "\n",
    "\n\n\n",
    " ",
    "\t",
    "  leading and trailing  ",
    "\u{feff}bom",
    "\u{fffd}\u{fffd}",
    "\u{1}\u{2}\u{1f}",
    "\u{7f}\u{80}\u{9b}31m",
    "👩‍🚒🏽",
    "e\u{301}\u{302}\u{303}",
    "$RB_OTHER ${IFS}",
    "<(touch M)",
    "=ls",
    "#comment",
    "a=b",
    "*",
    "\\",
];

/// The corpus, and the longest values that a command may get.
fn corpus() -> Vec<String> {
    let mut all: Vec<String> = HOSTILE.map(str::to_owned).to_vec();
    all.push("long ".repeat(13_107));
    all.push("x".repeat(131_000));
    all
}

/// Prints every word and then the variable, each ended by a NUL, so that no byte is lost in between.
const SHOW: &str = r#"{ for word in "$@"; do printf '%s\0' "$word"; done; printf '%s\0' "$V"; }"#;

#[test]
fn words_and_variables_arrive_exactly_and_nothing_in_them_is_executed() {
    for value in corpus() {
        let bench = Bench::new();
        let show = bench.path("show");
        fs::write(&show, format!("{SHOW} > shown\n")).unwrap();
        let mut job = bench.job(&["sh", show.to_str().unwrap(), &value, "end"]);
        job.env = vec![("V".into(), Value::Text(value.clone()))];
        let outcome = run(&job);
        assert_eq!(outcome.ended, exited(0), "{value:?}");
        assert_eq!(bench.read("work/shown"), format!("{value}\0end\0{value}\0"), "{value:?}");
        assert!(!bench.path("work/M").exists(), "{value:?} was executed");
    }
}

#[test]
fn values_reach_scripts_files_and_standard_input_exactly() {
    for value in corpus() {
        let bench = Bench::new();
        let mut job = bench.script("cat > in; cat \"$RB_FILE\" > file; printf %s \"$RB_V\" > env");
        job.env = vec![("RB_V".into(), Value::Text(value.clone()))];
        job.files = vec![("RB_FILE".into(), Value::Text(value.clone()))];
        job.stdin = Stdin::Value(Value::Text(value.clone()));
        assert_eq!(run(&job).ended, exited(0), "{value:?}");
        for name in ["in", "file", "env"] {
            assert_eq!(bench.read(&format!("work/{name}")), value, "{name}");
        }
        assert!(!bench.path("work/M").exists(), "{value:?} was executed");
    }
}

#[test]
fn a_folder_with_a_hostile_name_is_the_folder_it_runs_in() {
    for value in HOSTILE.into_iter().filter(|v| !v.contains('/') && !v.is_empty()) {
        let bench = Bench::new();
        let mut job = bench.job(&["touch", "here"]);
        job.cwd = bench.path("work").join(format!("d{value}"));
        fs::create_dir_all(&job.cwd).unwrap();
        assert_eq!(run(&job).ended, exited(0), "{value:?}");
        assert!(job.cwd.join("here").exists(), "{value:?}");
    }
}

#[test]
fn what_cannot_be_delivered_whole_starts_nothing_and_names_the_reason() {
    let bench = Bench::new();
    let variable = |value: String| Job {
        env: vec![("V".into(), Value::Text(value))],
        ..bench.job(&["touch", "canary"])
    };
    let word = |word: String| Job {
        program: Program::Words(vec!["touch".into(), "canary".into(), word]),
        ..bench.job(&[])
    };
    for (job, said) in [
        (variable("x".repeat(131_070)), "the variable V is 131073 bytes"),
        (variable("a\0b".into()), "the value of V holds a NUL byte"),
        (word("x".repeat(131_072)), "word 3 is 131072 bytes"),
        (word("a\0b".into()), "word 3 of the command holds a NUL byte"),
        (
            Job { env: vec![("V".into(), Value::Secret("token".into()))], ..bench.job(&["true"]) },
            "the secret token is not known",
        ),
        (
            Job { stdin: Stdin::File(bench.path("missing")), ..bench.job(&["true"]) },
            "missing: No such file",
        ),
        (
            Job { stdin: Stdin::File(bench.path("")), ..bench.job(&["true"]) },
            "it is neither a file nor a device",
        ),
    ] {
        let _ = fs::remove_dir_all(bench.task());
        let _ = fs::remove_file(&job.spool);
        let refused = attach::launch(exe(), &job, &Secrets::new()).unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
    assert!(!bench.path("work/canary").exists());
}

#[test]
fn the_longest_variable_that_linux_takes_is_delivered() {
    let bench = Bench::new();
    let value = "x".repeat(131_069);
    let mut job = bench.script("printf %s \"$V\" > got");
    job.env = vec![("V".into(), Value::Text(value.clone()))];
    assert_eq!(run(&job).ended, exited(0));
    assert_eq!(bench.read("work/got"), value);
}

#[test]
fn more_environment_than_the_system_takes_could_not_start() {
    let bench = Bench::new();
    let mut job = bench.job(&["touch", "canary"]);
    job.env = (0..40).map(|n| (format!("V{n}"), Value::Text("x".repeat(131_000)))).collect();
    let outcome = run(&job);
    let ended = format!("{:?}", outcome.ended);
    assert!(ended.contains("too long for this system"), "{ended}");
    assert!(!bench.path("work/canary").exists());
}

#[test]
fn made_files_are_private_while_they_exist_and_gone_afterwards() {
    for end in ["exit 0", "exit 3", "kill -KILL $$", "sleep 600"] {
        let bench = Bench::new();
        let mut job = bench.script(&format!("echo \"$KEY\" > where; ls -l \"$KEY\" > mode; {end}"));
        job.files = vec![("KEY".into(), Value::Text("content".into()))];
        job.timeout_ms = Some(1000);
        run(&job);
        assert!(bench.line("work/mode").starts_with("-rw-------"));
        let path = bench.line("work/where");
        assert!(path.starts_with(job.private.to_str().unwrap()));
        assert!(!fs::exists(path).unwrap(), "after {end}");
        assert!(!bench.path("tasks/1/script").exists(), "after {end}");
        let mode = fs::metadata(&job.private).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn standard_input_is_the_file_or_nothing_and_never_a_terminal() {
    let bench = Bench::new();
    fs::write(bench.path("input"), "from a file").unwrap();
    let mut job = bench.script("cat > in; [ ! -t 0 ]; ! (: < /dev/tty) 2>/dev/null");
    job.stdin = Stdin::File(bench.path("input"));
    assert_eq!(run(&job).ended, exited(0));
    assert_eq!(bench.read("work/in"), "from a file");

    let bench = Bench::new();
    let mut job = bench.script("cat > in; ! (: < /dev/tty) 2>/dev/null");
    job.io = Io::Pty;
    assert_eq!(run(&job).ended, exited(0));
    assert_eq!(bench.read("work/in"), "");
}

#[test]
fn variables_are_removed_kept_and_marked() {
    let bench = Bench::new();
    let mut job = bench.script("env > env");
    job.env_remove = vec!["HOME".into()];
    job.env = vec![("PAGER".into(), Value::Text("less".into()))];
    assert_eq!(run(&job).ended, exited(0));
    let env = bench.read("work/env");
    let has = |line: &str| env.lines().any(|l| l == line);
    assert!(has(&format!("RUTTER_RUN={}/step", job.run)), "{env}");
    assert!(has("GIT_PAGER=cat") && has("PAGER=less") && has("AWS_PAGER="), "{env}");
    assert!(env.lines().any(|l| l.starts_with("PATH=")), "{env}");
    assert!(!env.lines().any(|l| l.starts_with("HOME=")), "{env}");
}

#[test]
fn a_pseudo_terminal_is_one_without_being_the_controlling_one() {
    let bench = Bench::new();
    let mut job = bench.script("[ -t 1 ]; [ -t 2 ]; stty size <&1 > size; echo $TERM >> size");
    job.io = Io::Pty;
    let outcome = run(&job);
    assert_eq!(outcome.ended, exited(0), "{outcome:?}");
    assert_eq!(bench.read("work/size"), "40 120\nxterm-256color\n");
}

#[test]
fn signals_that_rutter_was_started_without_have_their_meaning_again() {
    let bench = Bench::new();
    let wrapper = bench.path("nohup-rutter");
    let text = format!("#!/bin/sh\ntrap '' INT QUIT TERM HUP\nexec {} \"$@\"\n", exe().display());
    fs::write(&wrapper, text).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o700)).unwrap();
    let job = bench.script("grep SigIgn /proc/self/status > ignored");
    let held = attach::launch(&wrapper, &job, &Secrets::new()).unwrap();
    assert_eq!(finish(&mut held.release()).ended, exited(0));
    let line = bench.line("work/ignored");
    let mask = u64::from_str_radix(line.split_whitespace().nth(1).unwrap(), 16).unwrap();
    // The two signals above 31 belong to the C library.
    assert_eq!(mask & 0x7fff_ffff, 0, "{line}");
}
