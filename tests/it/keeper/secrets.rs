//! Secrets: delivered, and nowhere else.

use super::bench::{Bench, exe, exited, finish, until};
use rutter::exec::attach::{self, Secrets, Task};
use rutter::exec::job::{Capture, From, Job, Selector, Stdin, Value};
use rutter::exec::outcome_file;
use rutter::outcome::Captured;
use secrecy::ExposeSecret;
use std::fs;
use std::path::Path;

const SECRET: &str = "correct-horse-7F3K-battery";

fn secrets() -> Secrets {
    Secrets::from([("token".to_owned(), SECRET.to_owned().into())])
}

fn release(job: &Job) -> Task {
    attach::launch(exe(), job, &secrets()).unwrap().release()
}

fn secret() -> Value {
    Value::Secret("token".into())
}

fn capture(name: &str, secret: bool) -> Capture {
    Capture {
        name: name.into(),
        select: Selector::Text("token=(.*)".into()),
        from: From::Stdout,
        pattern: None,
        one_of: Vec::new(),
        max: 4096,
        dash: true,
        success: false,
        list: false,
        secret,
        optional: false,
        default: None,
    }
}

/// Fails if a file that Rutter wrote holds the bytes. The command's own folder is its own business.
fn nowhere(bench: &Bench, bytes: &str) {
    let mut folders = vec![bench.path("tasks"), bench.path("output"), bench.path("private")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            assert!(!holds(&path, bytes), "{} holds the secret", path.display());
        }
    }
    assert!(files >= 5, "the search found hardly anything to search: {files}");
}

fn holds(path: &Path, bytes: &str) -> bool {
    let content = fs::read(path).unwrap_or_default();
    content.windows(bytes.len()).any(|window| window == bytes.as_bytes())
}

#[test]
fn a_secret_arrives_by_every_way_and_is_masked_in_everything_that_is_written() {
    let bench = Bench::new();
    let mut job = bench.script(
        "cat > in; printf %s \"$T\" > env; cat \"$F\" > file
         set -x; echo \"token $T\"; echo \"token $T\" >&2; printf %s \"$T\" | base64; sleep 0; exit 3",
    );
    job.env = vec![("T".into(), secret())];
    job.files = vec![("F".into(), secret())];
    job.stdin = Stdin::Value(secret());
    let outcome = finish(&mut release(&job));
    assert_eq!(outcome.ended, exited(3), "{outcome:?}");
    for name in ["in", "env", "file"] {
        assert_eq!(bench.read(&format!("work/{name}")), SECRET, "{name}");
    }
    nowhere(&bench, SECRET);
    let spool = fs::read(&job.spool).unwrap();
    let spool = String::from_utf8_lossy(&spool);
    assert!(spool.matches("‹secret:token›").count() >= 3, "{spool}");
    assert!(outcome.last_lines.iter().all(|line| !line.contains(SECRET)));
    assert!(outcome.last_lines.iter().any(|line| line.contains("‹secret:token›")));
}

#[test]
fn no_command_line_and_no_environment_but_the_commands_holds_a_secret() {
    let bench = Bench::new();
    let mut job = bench.script("echo > ready; while [ ! -e enough ]; do sleep 0.05; done");
    job.env = vec![("T".into(), secret())];
    job.files = vec![("F".into(), secret())];
    let held = attach::launch(exe(), &job, &secrets()).unwrap();
    let (keeper, child) = (held.keeper.pid, held.child.pid);
    for pid in [keeper, child] {
        assert!(!holds(Path::new(&format!("/proc/{pid}/environ")), SECRET));
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
        let words: Vec<_> = line.split_terminator('\0').collect();
        assert_eq!(words.len(), 3, "{words:?}");
        assert_eq!(words[2], job.task.to_str().unwrap(), "no more than the folder");
    }
    let mut task = held.release();
    bench.line("work/ready");
    for entry in fs::read_dir("/proc").unwrap() {
        let path = entry.unwrap().path().join("cmdline");
        assert!(!holds(&path, SECRET), "{}", path.display());
    }
    assert!(!holds(Path::new(&format!("/proc/{keeper}/environ")), SECRET));
    let where_ = bench.path("private");
    assert_eq!(fs::read_dir(&where_).unwrap().count(), 1, "the made file is the one copy on disk");
    fs::write(bench.path("work/enough"), "").unwrap();
    assert!(finish(&mut task).passed());
    nowhere(&bench, SECRET);
}

#[test]
fn a_captured_secret_reaches_the_face_and_no_file() {
    let bench = Bench::new();
    let found = "unheard-of-until-now-9Q";
    let mut job = bench.script(&format!("echo before; echo 'token={found}'; echo '{found}' >&2"));
    job.program = rutter::exec::job::Program::Words(
        ["sh", "-c", "echo before; cat; cat input >&2"].map(str::to_owned).to_vec(),
    );
    fs::write(bench.path("work/input"), format!("token={found}\n")).unwrap();
    job.stdin = Stdin::File(bench.path("work/input"));
    job.capture = vec![capture("key", true)];
    let mut task = release(&job);
    // As the driver may see it: the file first, the message later.
    let outcome = until("the outcome file", || outcome_file::read(&bench.task()).unwrap());
    assert_eq!(outcome.captures.get("key"), Some(&Captured::Secret), "{outcome:?}");
    let captured = task.take_secret_captures();
    assert_eq!(captured["key"].expose_secret(), found);
    nowhere(&bench, found);
    let spool = fs::read(&job.spool).unwrap();
    let spool = String::from_utf8_lossy(&spool);
    assert!(spool.contains("before") && spool.contains("‹secret:key›"), "{spool}");
}

#[test]
fn a_secret_capture_that_cannot_be_taken_leaves_its_output_unwritten() {
    let bench = Bench::new();
    let found = "nobody-can-mask-this-8W";
    let mut job = bench.job(&["cat"]);
    fs::write(bench.path("work/input"), format!("tuken={found}\n")).unwrap();
    job.stdin = Stdin::File(bench.path("work/input"));
    job.capture = vec![capture("key", true)];
    let outcome = finish(&mut release(&job));
    assert!(matches!(outcome.captures.get("key"), Some(Captured::Bad(_))), "{outcome:?}");
    nowhere(&bench, found);
}
