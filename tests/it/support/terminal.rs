//! The real binary on a real pseudo-terminal: what it says is waited for, never slept for.

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The longest wait for any state.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until a question has an answer.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A program on its own terminal.
pub struct Terminal {
    /// The program.
    pub child: Child,
    ours: File,
    heard: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    read: usize,
}

impl Terminal {
    /// Starts it.
    pub fn start(mut command: Command) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let theirs = File::from(theirs);
        let child = command
            .stdin(theirs.try_clone().unwrap())
            .stdout(theirs.try_clone().unwrap())
            .stderr(theirs)
            .spawn()
            .unwrap();
        let ours = File::from(ours);
        let heard = Arc::new(Mutex::new(String::new()));
        let (mut from, into) = (ours.try_clone().unwrap(), Arc::clone(&heard));
        let reader = thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(n @ 1..) = from.read(&mut piece) {
                into.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..n]));
            }
        });
        Self { child, ours, heard, reader: Some(reader), read: 0 }
    }

    /// Everything it said.
    pub fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }

    /// Everything it said, once it has ended: its last words may still be on their way when it is gone.
    pub fn heard_out(&mut self) -> String {
        self.end();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.heard()
    }

    /// Waits for words that were not waited for yet.
    pub fn hear(&mut self, words: &str) {
        let (heard, from) = (Arc::clone(&self.heard), self.read);
        let end = Instant::now() + PATIENCE;
        loop {
            let all = heard.lock().unwrap().clone();
            if let Some(at) = all[from..].find(words) {
                self.read = from + at + words.len();
                return;
            }
            assert!(Instant::now() < end, "waited in vain for {words:?} in:\n{all}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Types a line.
    pub fn say(&mut self, line: &str) {
        self.ours.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Whether the terminal shows what is typed.
    pub fn echoes(&self) -> bool {
        let modes = rustix::termios::tcgetattr(&self.ours).unwrap();
        modes.local_modes.contains(rustix::termios::LocalModes::ECHO)
    }

    /// Waits for its end.
    pub fn end(&mut self) -> ExitStatus {
        let child = &mut self.child;
        until("the program to end", || child.try_wait().unwrap())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
