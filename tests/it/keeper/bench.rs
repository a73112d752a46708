//! A folder, a job in it, and ways to wait for what a real process does.

use rutter::exec::attach::{self, Held, Secrets, Task};
use rutter::exec::job::{Io, Job, Program, Signal, Stdin};
use rutter::outcome::{Ended, Outcome, Process};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longer than anything here takes on a busy machine; reached only by a failing test.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of its own for one test.
pub struct Bench {
    folder: PathBuf,
    _own: Option<tempfile::TempDir>,
}

impl Bench {
    pub fn new() -> Self {
        let own = tempfile::tempdir().unwrap();
        Self { folder: own.path().to_owned(), _own: Some(own) }
    }

    /// The folder of another process's test.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder, _own: None }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn task(&self) -> PathBuf {
        self.path("tasks/1")
    }

    /// A job that runs these words.
    pub fn job(&self, words: &[&str]) -> Job {
        fs::create_dir_all(self.path("work")).unwrap();
        Job {
            run: format!("run-{}", self.folder.file_name().unwrap().to_str().unwrap()),
            attempt: "step".into(),
            program: Program::Words(words.iter().map(|word| (*word).to_owned()).collect()),
            env: Vec::new(),
            env_remove: Vec::new(),
            cwd: self.path("work"),
            stdin: Stdin::Null,
            files: Vec::new(),
            private: self.path("private"),
            io: Io::Split,
            timeout_ms: None,
            signal: Signal::Int,
            stays: false,
            read_only: false,
            expect: Vec::new(),
            capture: Vec::new(),
            offers: Vec::new(),
            answers: Vec::new(),
            failures: Vec::new(),
            wait: None,
            task: self.task(),
            spool: self.path("output/1-step.spool"),
            spool_cap: 1 << 30,
        }
    }

    /// A job that runs this shell text.
    pub fn script(&self, text: &str) -> Job {
        let program = Program::Script { shell: "sh".into(), text: text.into() };
        Job { program, ..self.job(&[]) }
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Waits until a file has a whole line, and returns it.
    pub fn line(&self, name: &str) -> String {
        let path = self.path(name);
        until(&format!("a line in {name}"), || {
            let text = fs::read_to_string(&path).unwrap_or_default();
            text.split_once('\n').map(|(line, _)| line.to_owned())
        })
    }
}

pub fn exe() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_rutter"))
}

pub fn hold(job: &Job) -> Held {
    attach::launch(exe(), job, &Secrets::new()).unwrap_or_else(|e| panic!("{e}"))
}

/// Runs a job to its end.
pub fn run(job: &Job) -> Outcome {
    finish(&mut hold(job).release())
}

pub fn finish(task: &mut Task) -> Outcome {
    let outcome = task.wait_timeout(PATIENCE);
    outcome.unwrap_or_else(|| panic!("no outcome: {:?}", task.lost()))
}

pub fn exited(code: i32) -> Ended {
    Ended::Exit { code }
}

/// Waits for something to become true in the world.
pub fn until<T>(what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
    let limit = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = seen() {
            return value;
        }
        assert!(Instant::now() < limit, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn until_gone(process: &Process) {
    until(&format!("the end of pid {}", process.pid), || {
        (!rutter::exec::process::is_alive(process)).then_some(())
    });
}

pub fn kill(process: &Process) {
    rutter::exec::process::signal(process, rustix::process::Signal::KILL).unwrap();
}
