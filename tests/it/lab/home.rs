//! A home of its own for one walk through the lab, and nothing left of it afterwards.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The longest wait for any state. A whole walk takes some twenty seconds on two idle cores.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until a question has an answer, looking again and again.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A folder with its own data, settings and runs.
pub struct Home {
    root: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    /// The program, knowing this home and nothing of the machine's own.
    pub fn rutter(&self, words: &[&str]) -> Command {
        let words: Vec<_> = words.iter().map(ToString::to_string).collect();
        self.program(env!("CARGO_BIN_EXE_rutter"), &words)
    }

    /// Any program, likewise.
    pub fn program(&self, program: &str, words: &[String]) -> Command {
        let mut command = Command::new(program);
        let strangers = std::env::vars_os().map(|(name, _)| name).filter(|name| {
            let name = name.to_string_lossy();
            ["RUTTER_", "XDG_", "PG"].iter().any(|prefix| name.starts_with(prefix))
        });
        for name in strangers {
            command.env_remove(name);
        }
        command.env("HOME", self.root.path()).current_dir(self.root.path()).args(words);
        command
    }

    /// Writes a file into this home and returns its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.root.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs the program to its end, with nobody at the keyboard.
    pub fn done(&self, words: &[&str]) -> Output {
        self.rutter(words).stdin(Stdio::null()).output().unwrap()
    }

    fn journals(&self) -> PathBuf {
        self.root.path().join(".local/share/rutter/journals")
    }

    /// The folder of the one run of this home, once there is one.
    pub fn run_folder(&self) -> Option<PathBuf> {
        let entry = fs::read_dir(self.journals()).ok()?.find_map(Result::ok)?;
        entry.path().join("journal.jsonl").exists().then(|| entry.path())
    }

    /// Every event so far. A line that is being written is not one yet.
    pub fn events(&self) -> Vec<Value> {
        let journal = self.run_folder().map(|folder| folder.join("journal.jsonl"));
        let text = journal.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let records = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        records
            .flat_map(|record| record["events"].as_array().cloned().unwrap_or_default())
            .collect()
    }

    /// The last event of a type about a step, if there is one.
    pub fn event(&self, kind: &str, step: &str) -> Option<Value> {
        self.events().into_iter().rev().find(|e| e["type"] == kind && e["step"] == step)
    }

    /// A built-in value of the run: `run.work`, `run.tmp`.
    pub fn builtin(&self, name: &str) -> Option<PathBuf> {
        let events = self.events();
        let value = events.first()?["builtins"][name].as_str()?;
        Some(PathBuf::from(value))
    }

    /// The lab's folder.
    pub fn lab(&self) -> PathBuf {
        self.builtin("run.tmp").unwrap().join("shop-lab")
    }

    /// A value captured in the run.
    pub fn captured(&self, step: &str, name: &str) -> String {
        let ended = self.event("attempt_ended", step).unwrap();
        ended["outcome"]["captures"][name]["value"].as_str().unwrap().to_owned()
    }

    /// A program of the server that the run found.
    pub fn tool(&self, name: &str) -> PathBuf {
        Path::new(&self.captured("needs/bindir", "bindir")).join(name)
    }

    /// Starts `psql` on one of the lab's two servers, `old` or `new`, as its administrator.
    pub fn psql(&self, server: &str) -> Command {
        let socket = self.lab().join(format!("{server}.s"));
        let mut psql = Command::new(self.tool("psql"));
        psql.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d"]).arg(format!(
            "host={} port=5432 dbname=shop user=dba application_name=test",
            socket.display()
        ));
        psql
    }

    /// Asks one of the lab's servers.
    pub fn ask(&self, server: &str, sql: &str) -> String {
        let output = self.psql(server).args(["-c", sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Ends what the run left behind, by what the run itself wrote down: the shop, the servers, their folder.
    fn clear(&self) -> Option<()> {
        let tmp = self.builtin("run.tmp")?;
        let _ = fs::remove_file(tmp.join("shop-lab/app/open"));
        for server in ["new", "old"] {
            let pid = fs::read_to_string(tmp.join("shop-lab").join(server).join("postmaster.pid"));
            let pid = pid.ok().and_then(|text| text.lines().next()?.trim().parse().ok());
            if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
                // SIGQUIT: at once, and its folder goes next.
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
                until("a server to go", || rustix::process::test_kill_process(pid).err());
            }
        }
        fs::remove_dir_all(tmp).ok()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.clear();
    }
}
