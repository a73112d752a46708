//! The real binary in a home of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A home that nothing else uses, removed at the end together with the run's short folder under /tmp.
pub struct Home {
    /// The folder.
    pub dir: tempfile::TempDir,
}

impl Home {
    /// Makes an empty one.
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// The program, with nothing inherited but the path.
    pub fn rutter<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        self.program(env!("CARGO_BIN_EXE_rutter"), args)
    }

    /// Any program, likewise.
    pub fn program<S: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = Command::new(program);
        command.args(args).env_clear().env("HOME", self.dir.path()).current_dir(self.dir.path());
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command
    }

    /// A file in it.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The folder of its only run.
    pub fn run(&self) -> PathBuf {
        let journals = self.dir.path().join(".local/share/rutter/journals");
        let mut runs: Vec<_> =
            std::fs::read_dir(&journals).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(runs.len(), 1, "one run was started");
        runs.remove(0)
    }

    /// Whether a run was opened at all.
    pub fn has_run(&self) -> bool {
        let journals = self.dir.path().join(".local/share/rutter/journals");
        std::fs::read_dir(journals).is_ok_and(|mut entries| entries.next().is_some())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let journals = self.dir.path().join(".local/share/rutter/journals");
        let uid = rustix::process::geteuid().as_raw();
        for entry in std::fs::read_dir(journals).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let short = name.rsplit('-').next().unwrap_or_default().to_owned();
            let _ = std::fs::remove_dir_all(format!("/tmp/rutter-{uid}-{short}"));
        }
    }
}

/// Everything a program said.
pub fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}", text(&output.stdout), text(&output.stderr))
}

/// Every file below a folder.
pub fn files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
