//! The thread that reads a spool while it grows: it indexes, and searches what is indexed, in small steps.

use super::cursor::Cursor;
use super::cursor::short;
use super::cursor::slot;
use super::hits::Hits;
use super::index::Index;
use super::lines::Extent;
use super::pattern::Pattern;
use super::scan::Scan;
use super::window::PIECE;
use super::window::Window;
use crate::exec::spool::MAGIC;
use std::io;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

/// How much is indexed before it is published.
const STEP: u64 = 1 << 20;

/// How many steps a search goes between two looks at the end of the spool.
const SEARCH_STEPS: usize = 16;

/// How long to wait for more: at first, and when nothing has come for a while.
const SOON: Duration = Duration::from_millis(10);
const LATER: Duration = Duration::from_millis(80);

/// What the thread and the screen have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub index: Index,
    now: Mutex<Now>,
    /// There is something new to do.
    knock: Condvar,
}

/// What is known now, and what is wanted.
#[derive(Debug)]
pub(super) struct Now {
    pub extent: Extent,
    pub damaged: Option<String>,
    /// Grows with everything that can be seen.
    pub version: u64,
    /// What is searched for. The number tells a search from the one before.
    pub search: Option<(u64, Pattern)>,
    pub hits: Hits,
    pub stop: bool,
}

impl Now {
    /// Tells whether everything before a place was searched.
    pub fn searched(&self, end: u64) -> bool {
        self.hits.at.max(MAGIC.len() as u64) >= end
    }

    /// Returns how much of what is indexed was searched, in hundredths.
    pub fn percent(&self) -> u8 {
        let part = self.hits.at.min(self.extent.end.at) * 100 / self.extent.end.at.max(1);
        if self.searched(self.extent.end.at) {
            100
        } else {
            u8::try_from(part).unwrap_or(99).min(99)
        }
    }
}

impl Shared {
    pub fn new() -> Self {
        let now = Now {
            extent: Extent::NOTHING,
            damaged: None,
            version: 0,
            search: None,
            hits: Hits::default(),
            stop: false,
        };
        Self { index: Index::new(), now: Mutex::new(now), knock: Condvar::new() }
    }

    /// Takes hold of it, for a moment.
    pub fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what is wanted from now on.
    pub fn ask(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.now());
        self.knock.notify_all();
    }

    fn publish(&self, change: impl FnOnce(&mut Now)) {
        let mut now = self.now();
        change(&mut now);
        now.version += 1;
    }

    /// Waits until something is asked for, or that long.
    fn wait(&self, number: Option<u64>, long: Option<Duration>) {
        let idle = |now: &mut Now| !now.stop && now.search.as_ref().map(|(n, _)| *n) == number;
        match long {
            Some(long) => drop(self.knock.wait_timeout_while(self.now(), long, idle)),
            None => drop(self.knock.wait_while(self.now(), idle)),
        }
    }
}

/// Reads until it is told to stop.
pub(super) fn read(shared: &Shared, path: &Path) {
    let mut pause = SOON;
    let window = loop {
        if shared.now().stop {
            return;
        }
        match opened(path) {
            Ok(Some(window)) => break window,
            Ok(None) => {
                let number = shared.now().search.as_ref().map(|(n, _)| *n);
                shared.wait(number, Some(pause));
                pause = LATER.min(pause * 2);
            }
            Err(e) => return shared.publish(|now| now.damaged = Some(e.to_string())),
        }
    };
    Reading { shared, window, extent: Extent::NOTHING, due: 0, complete: false, scan: None }.run();
}

/// Opens a spool; none if there is none yet.
fn opened(path: &Path) -> io::Result<Option<Window>> {
    let mut window = match Window::open(path) {
        Ok(window) => window,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(io::Error::new(e.kind(), format!("the spool cannot be read: {e}"))),
    };
    match window.bytes(0, MAGIC.len())? {
        None => Ok(None),
        Some(magic) if magic == MAGIC => Ok(Some(window)),
        Some(_) => Err(io::Error::new(ErrorKind::InvalidData, "this is not a spool")),
    }
}

struct Reading<'a> {
    shared: &'a Shared,
    window: Window,
    extent: Extent,
    /// Where the next mark is wanted: to ask for every frame costs more than a small one.
    due: u64,
    /// Nothing will be added: the spool is sealed, or damaged.
    complete: bool,
    scan: Option<(u64, Scan)>,
}

impl Reading<'_> {
    fn run(mut self) {
        let mut pause = SOON;
        while self.obey() {
            let indexed = self.index();
            let searched = self.search();
            match (indexed, searched) {
                (Ok(false), Ok(false)) => {
                    let number = self.scan.as_ref().map(|(n, _)| *n);
                    self.shared.wait(number, (!self.complete).then_some(pause));
                    pause = LATER.min(pause * 2);
                }
                (Ok(_), Ok(_)) => pause = SOON,
                (Err(e), _) | (_, Err(e)) => {
                    self.complete = true;
                    self.shared.publish(|now| now.damaged = Some(e.to_string()));
                }
            }
        }
    }

    /// Takes up what is wanted; false if that is the end.
    fn obey(&mut self) -> bool {
        let now = self.shared.now();
        let wanted = now.search.as_ref().map(|(number, _)| *number);
        if wanted != self.scan.as_ref().map(|(number, _)| *number) {
            self.scan = now.search.as_ref().map(|(n, pattern)| (*n, Scan::new(pattern.clone())));
        }
        !now.stop
    }

    /// Indexes a little; false if there was nothing.
    fn index(&mut self) -> io::Result<bool> {
        if self.complete {
            return Ok(false);
        }
        let about = self.window.file().metadata()?;
        let before = self.extent;
        let stop = before.end.at + STEP;
        let read = self.frames(about.size(), stop);
        // Sealed and read to its end; the seal was seen no later than the size.
        self.complete = about.mode() & 0o222 == 0 && self.extent.end.at < stop;
        let extent = self.extent;
        if extent != before {
            self.shared.publish(|now| now.extent = extent);
        }
        read.map(|()| extent != before)
    }

    /// Indexes the frames that are whole, up to some place.
    fn frames(&mut self, size: u64, stop: u64) -> io::Result<()> {
        while self.extent.end.at < stop {
            let mut cursor = self.extent.end;
            let Some(frame) = self.window.frame(cursor.at)? else { return Ok(()) };
            if frame.next() > size {
                return Ok(());
            }
            if cursor.at >= self.due {
                self.due = self.shared.index.offer(&cursor);
            }
            let mut inner = 0;
            while inner < frame.len {
                let left = usize::try_from(frame.len - inner).unwrap_or(PIECE);
                let from = frame.content() + u64::from(inner);
                let Some(piece) = self.window.bytes(from, left)? else { return Ok(()) };
                cursor.pass(&frame, inner, piece);
                inner += short(piece.len());
            }
            self.extent.bytes += u64::from(frame.len);
            self.extent.last_ns[slot(frame.stream)] = frame.ns;
            self.extent.end = Cursor { at: frame.next(), ..cursor };
        }
        Ok(())
    }

    /// Searches a little; false if there was nothing.
    fn search(&mut self) -> io::Result<bool> {
        let Some((number, scan)) = &mut self.scan else { return Ok(false) };
        let before = scan.at();
        for _ in 0..SEARCH_STEPS {
            if scan.at() >= self.extent.end.at {
                break;
            }
            let group = scan.step(&mut self.window, &self.extent)?;
            let unfinished = if scan.at() == self.extent.end.at {
                scan.unfinished(&self.extent)
            } else {
                Vec::new()
            };
            self.shared.publish(|now| {
                if now.search.as_ref().is_some_and(|(wanted, _)| wanted == number) {
                    now.hits.at = scan.at();
                    now.hits.lines = scan.lines();
                    now.hits.set_unfinished(unfinished);
                    if let Some(group) = group {
                        now.hits.push(group);
                    }
                }
            });
        }
        Ok(scan.at() != before)
    }
}
