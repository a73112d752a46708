//! A person at a terminal: reads what line mode says on a real pseudo-terminal, and types lines.

use super::home::{Home, until};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the person knows before the walk begins.
pub struct Mind {
    /// Answers to the questions of ladders, in order.
    pub answers: VecDeque<&'static str>,
    /// Outcomes of decisions, in order.
    pub outcomes: VecDeque<&'static str>,
}

/// A conversation with the program in line mode.
pub struct Talk {
    pub child: Child,
    terminal: File,
    heard: Arc<Mutex<String>>,
    /// How far it was read and answered.
    at: usize,
}

impl Talk {
    /// Starts the program on a terminal of its own.
    pub fn begin(home: &Home, words: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY;
        let theirs = File::from(rustix::fs::open(name, flags, Mode::empty()).unwrap());
        let child = home
            .rutter(words)
            .stdin(theirs.try_clone().unwrap())
            .stdout(theirs.try_clone().unwrap())
            .stderr(theirs)
            .process_group(0)
            .spawn()
            .unwrap();
        let terminal = File::from(ours);
        let heard = Arc::new(Mutex::new(String::new()));
        let (mut from, into) = (terminal.try_clone().unwrap(), Arc::clone(&heard));
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(n @ 1..) = from.read(&mut piece) {
                into.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..n]));
            }
        });
        Self { child, terminal, heard, at: 0 }
    }

    /// Everything the terminal got.
    pub fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }

    /// Waits until the program asks for something; returns what it said since the last answer, or `None` at its end.
    pub fn asked(&mut self) -> Option<String> {
        let (heard, at) = (Arc::clone(&self.heard), self.at);
        let child = &mut self.child;
        let said = until("a prompt", || {
            let said = heard.lock().unwrap()[at..].to_owned();
            let prompt = said.rsplit('\n').next().unwrap_or_default();
            if PROMPTS.iter().any(|end| prompt.ends_with(end)) {
                return Some(Some(said));
            }
            child.try_wait().unwrap().map(|_| None)
        });
        self.at = self.heard.lock().unwrap().len();
        said
    }

    /// Types a line.
    pub fn say(&mut self, line: &str) {
        self.terminal.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Goes on until a step is described, or to the end of the program; returns the last words before that.
    pub fn walk(&mut self, mind: &mut Mind, until_step: Option<&str>) -> String {
        let mut target = String::new();
        let mut last = String::new();
        while let Some(said) = self.asked() {
            last.clone_from(&said);
            if let Some(name) = said.lines().rev().find_map(|line| line.strip_prefix("TARGET ")) {
                name.trim_end().trim_end_matches('.').clone_into(&mut target);
            }
            let step = said.lines().rev().find(|line| line.starts_with("STEP "));
            if until_step.is_some_and(|wanted| step.is_some_and(|step| step.contains(wanted))) {
                return last;
            }
            let line = mind.reply(&said, &target);
            self.say(&line);
        }
        last
    }

    /// Waits for the end of the program.
    pub fn end(&mut self) -> ExitStatus {
        let child = &mut self.child;
        until("the program to end", || child.try_wait().unwrap())
    }
}

impl Drop for Talk {
    /// A face that a failed test leaves behind would go on by itself.
    fn drop(&mut self) {
        let _ = self.child.kill(); // gone already: all the better
        let _ = self.child.wait();
    }
}

/// How the last line ends when the program waits for the person.
const PROMPTS: [&str; 5] = ["> ", " = ", "disarms: ", "to go on: ", "all the same: "];

impl Mind {
    /// What a careful person types, given what was said last.
    fn reply(&mut self, said: &str, target: &str) -> String {
        let prompt = said.rsplit('\n').next().unwrap_or_default();
        if prompt.ends_with("disarms: ") {
            return "yes-run".into();
        }
        if prompt.ends_with("to go on: ") {
            return target.into();
        }
        if prompt.ends_with(" = ") {
            return String::new(); // what is offered
        }
        let hint = said.lines().rev().find_map(|line| line.strip_prefix("Type ")).unwrap_or("");
        let first = hint.split([',', ' ', '.']).next().unwrap_or_default();
        match first {
            "run" | "close" => first.into(),
            "done" => "done seen".into(),
            "check" | "yes" => format!("{} looked", self.answers.pop_front().unwrap()),
            "choose" => format!("choose {} looked", self.outcomes.pop_front().unwrap()),
            other => panic!("no reply to {other:?} in:\n{said}"),
        }
    }
}
