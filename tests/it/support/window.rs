//! The real binary before a terminal of its own: what stands on the screen is waited for, and only keys are pressed
//! that the screen offers at that moment.

use super::terminal::{PATIENCE, until};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a key may take to show an effect before the person looks again and decides anew.
const GLANCE: Duration = Duration::from_secs(3);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// How long nothing may change below the clock before a screen counts as drawn.
const REST: Duration = Duration::from_millis(40);

/// How the program is started, so that the terminal is the one that controls it: `setsid` makes it so, and becomes it.
pub const SEAT: &str = "setsid";

/// Returns the words for [`SEAT`]: the program with its own words.
pub fn seated(words: &[&str]) -> Vec<String> {
    let lead = ["--ctty", env!("CARGO_BIN_EXE_rutter")];
    lead.iter().chain(words).map(|word| (*word).to_owned()).collect()
}

/// What a person sees at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The rows of the screen, without what is blank at their ends.
    pub rows: Vec<String>,
    /// The other screen is shown, the one that leaves no trace.
    pub other_screen: bool,
    /// The cursor is to be seen.
    pub cursor: bool,
    /// Pastes are told apart from typing.
    pub pastes: bool,
    /// The program has ended, or the person has to stop.
    pub ended: bool,
}

/// A key that the hint line offers, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// As it is called there: `Enter`, `↓`, `^D`.
    pub key: String,
    /// What it does now.
    pub words: String,
}

impl View {
    /// Everything, row by row.
    pub fn text(&self) -> String {
        self.rows.join("\n")
    }

    /// Tells whether some words stand in one row.
    pub fn says(&self, words: &str) -> bool {
        self.rows.iter().any(|row| row.contains(words))
    }

    /// Tells whether a pane is titled so: a step is described, not only listed.
    pub fn describes(&self, title: &str) -> bool {
        self.rows.iter().any(|row| row.starts_with("┌─ ") && row.contains(title))
    }

    /// What the last row offers, in its order.
    pub fn offers(&self) -> Vec<Offer> {
        let last = self.rows.last().map_or("", String::as_str);
        let hints = last.split("  ").map(str::trim).filter(|hint| !hint.is_empty());
        hints
            .filter_map(|hint| {
                let (key, words) = hint.split_once(' ')?;
                Some(Offer { key: key.into(), words: words.into() })
            })
            .collect()
    }

    /// Tells whether the last row offers a key.
    pub fn offers_key(&self, key: &str) -> bool {
        self.offers().iter().any(|offer| offer.key == key)
    }

    /// The key that is offered for something, by the first of its words.
    pub fn key_for(&self, words: &str) -> Option<String> {
        self.offers().into_iter().find(|offer| offer.words.starts_with(words)).map(|o| o.key)
    }

    /// The screen without its two lines at the top, where the clock goes on by itself.
    pub fn below_the_clock(&self) -> &[String] {
        self.rows.get(2..).unwrap_or_default()
    }
}

/// What a terminal sends for a key.
fn bytes(key: &str) -> Vec<u8> {
    match key {
        "Enter" => b"\r".to_vec(),
        "Esc" => b"\x1b".to_vec(),
        "Tab" => b"\t".to_vec(),
        "↑" => b"\x1b[A".to_vec(),
        "↓" => b"\x1b[B".to_vec(),
        "F1" => b"\x1bOP".to_vec(),
        key => match key.strip_prefix('^') {
            Some(letter) if letter.len() == 1 => vec![letter.as_bytes()[0] & 0x1f],
            _ => {
                assert_eq!(key.chars().count(), 1, "the test knows no key called {key:?}");
                key.as_bytes().to_vec()
            }
        },
    }
}

/// A terminal window with a program in it.
pub struct Window {
    /// The program.
    pub child: Child,
    ours: Option<File>,
    /// Kept open, so that the window outlives the program as a shell's does.
    _theirs: File,
    seen: Arc<Mutex<vt100::Parser>>,
    closing: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
    /// The modes before the program came.
    found: Termios,
    /// When the person has to stop whatever they do: from then on the program counts as ended.
    pub due: Option<Instant>,
}

impl Window {
    /// Opens a window of columns and rows and starts a program in it.
    pub fn open((columns, rows): (u16, u16), command: Command) -> Self {
        // Closed in children: a window is only gone when nobody holds its other side.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let ours = openpt(flags).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let theirs = rustix::fs::open(name, flags, Mode::empty()).unwrap();
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&ours, size).unwrap();
        let found = tcgetattr(&ours).unwrap();
        let (ours, theirs) = (File::from(ours), File::from(theirs));
        let seen = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 1000)));
        let closing = Arc::new(AtomicBool::new(false));
        let reader = read(ours.try_clone().unwrap(), Arc::clone(&seen), Arc::clone(&closing));
        let child = Self::spawn(command, &theirs);
        Self {
            child,
            ours: Some(ours),
            _theirs: theirs,
            seen,
            closing,
            reader: Some(reader),
            found,
            due: None,
        }
    }

    fn spawn(mut command: Command, theirs: &File) -> Child {
        command
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .stdin(theirs.try_clone().unwrap())
            .stdout(theirs.try_clone().unwrap())
            .stderr(theirs.try_clone().unwrap())
            .spawn()
            .unwrap()
    }

    /// What is to be seen now.
    pub fn view(&mut self) -> View {
        let due = self.due.is_some_and(|due| Instant::now() >= due);
        let ended = due || self.child.try_wait().unwrap().is_some();
        let seen = self.seen.lock().unwrap();
        let screen = seen.screen();
        let (_, columns) = screen.size();
        View {
            rows: screen.rows(0, columns).map(|row| row.trim_end().to_owned()).collect(),
            other_screen: screen.alternate_screen(),
            cursor: !screen.hide_cursor(),
            pastes: screen.bracketed_paste(),
            ended,
        }
    }

    /// Waits until the screen is so, and returns it.
    pub fn wait(&mut self, what: &str, so: impl Fn(&View) -> bool) -> View {
        let mut end = Instant::now() + PATIENCE;
        loop {
            let view = self.view();
            if so(&view) {
                return view;
            }
            if view.ended {
                // What it said last may still be on its way; nothing more will come.
                end = end.min(Instant::now() + GLANCE);
            }
            assert!(Instant::now() < end, "waited in vain for {what}: {view:?}\n{}", view.text());
            thread::sleep(LOOK);
        }
    }

    /// Waits until the screen is so and has come to rest, as an eye does: half a frame says nothing.
    pub fn read(&mut self, what: &str, so: impl Fn(&View) -> bool) -> View {
        loop {
            let before = self.wait(what, &so);
            thread::sleep(REST);
            let now = self.view();
            if now.ended || now.below_the_clock() == before.below_the_clock() {
                return now;
            }
        }
    }

    /// Waits until some words stand on the screen and it has come to rest: a key that comes before it was painted is
    /// thrown away.
    pub fn hear(&mut self, words: &str) -> View {
        self.read(words, |view| view.says(words))
    }

    /// Presses a key that the hint line offers now, of a screen that has come to rest; fails when it does not.
    pub fn press(&mut self, key: &str) {
        self.read(&format!("an offer of {key}"), |view| view.offers_key(key));
        self.send(&bytes(key));
    }

    /// Presses the key that the hint line offers for something.
    pub fn choose(&mut self, words: &str) {
        let view = self.wait(words, |view| view.key_for(words).is_some());
        let key = view.key_for(words).unwrap();
        self.press(&key);
    }

    /// Presses an offered key and waits until the screen shows an effect, but not for ever.
    pub fn press_and_look(&mut self, key: &str) {
        let before = self.view();
        self.press(key);
        self.until_at_most(GLANCE, |view| view.below_the_clock() != before.below_the_clock());
    }

    /// Types a text where the cursor stands, letter by letter, and waits for it to appear, but not for ever.
    pub fn type_text(&mut self, text: &str) {
        self.wait("a line to type in", |view| view.ended || view.cursor);
        self.send(text.as_bytes());
        let shown = format!("> {text}");
        self.until_at_most(GLANCE, |view| view.says(&shown));
    }

    /// Takes letters back.
    pub fn erase(&mut self, letters: usize) {
        let before = self.view();
        self.send(&vec![0x7f; letters]);
        self.until_at_most(GLANCE, |view| view.below_the_clock() != before.below_the_clock());
    }

    fn until_at_most(&mut self, patience: Duration, so: impl Fn(&View) -> bool) {
        let end = Instant::now() + patience;
        loop {
            let view = self.view();
            if view.ended || so(&view) || Instant::now() >= end {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    /// Sends bytes as if they came from the keyboard, whatever is offered.
    pub fn send(&mut self, bytes: &[u8]) {
        self.ours.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Closes the window, as somebody who closes the lid: the program loses its terminal and is told so.
    pub fn hang_up(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.ours = None;
    }

    /// Presses Control-Z until the program is stopped, as its line in `/proc` says, or has ended. Once is not always
    /// enough: what was typed before something new could be read is thrown away.
    pub fn suspend(&mut self) {
        let stat = format!("/proc/{}/stat", self.child.id());
        let mut again = Instant::now();
        until("the program to stop", || {
            let state = std::fs::read_to_string(&stat).unwrap_or_default();
            if state.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
                || self.child.try_wait().unwrap().is_some()
            {
                return Some(());
            }
            if Instant::now() >= again {
                self.send(&[0x1a]);
                again = Instant::now() + GLANCE;
            }
            None
        });
    }

    /// Waits for the end of the program.
    pub fn end(&mut self) -> ExitStatus {
        let child = &mut self.child;
        until("the program to end", || child.try_wait().unwrap())
    }

    /// Fails unless the terminal is as the program found it.
    pub fn assert_handed_back(&mut self) {
        self.wait("the terminal to be handed back", |v| !v.other_screen && v.cursor && !v.pastes);
        let now = tcgetattr(self.ours.as_ref().unwrap()).unwrap();
        assert_eq!(modes(&now), modes(&self.found), "the modes of the terminal");
    }

    /// Tells whether the modes of the terminal are others than the program found.
    pub fn is_taken(&self) -> bool {
        let now = tcgetattr(self.ours.as_ref().unwrap()).unwrap();
        modes(&now) != modes(&self.found)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill(); // gone already: all the better
        let _ = self.child.wait();
        self.closing.store(true, Ordering::SeqCst);
    }
}

/// Keeps the picture up to date until the window closes.
fn read(
    mut from: File,
    seen: Arc<Mutex<vt100::Parser>>,
    closing: Arc<AtomicBool>,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut piece = [0; 8192];
        let patience = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        while !closing.load(Ordering::SeqCst) {
            let mut ready = [PollFd::new(&from, PollFlags::IN)];
            if poll(&mut ready, Some(&patience)) != Ok(1) {
                continue;
            }
            match from.read(&mut piece) {
                Ok(n @ 1..) => seen.lock().unwrap().process(&piece[..n]),
                _ => return,
            }
        }
    })
}

/// Everything about a terminal that a program may have changed.
fn modes(of: &Termios) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        of.input_modes, of.output_modes, of.control_modes, of.local_modes, of.special_codes
    )
}
