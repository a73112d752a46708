//! How the runs stand, looked at beside the screen, so that no key waits for a disk.

use crate::driver;
use crate::driver::RunStatus;
use crate::journal::shelf::Shelf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// The runs are looked at no more often.
const EVERY: Duration = Duration::from_secs(1);
/// A large shelf takes long to read: at most this part of the time is spent on it.
const SHARE: u32 = 10;

/// Looks at the runs, again and again, until it is dropped.
#[derive(Debug)]
pub struct Watch {
    seen: Receiver<Vec<RunStatus>>,
}

impl Watch {
    /// Begins to look at a shelf.
    pub fn over(shelf: Shelf) -> Self {
        let (tell, seen) = sync_channel(1);
        thread::spawn(move || {
            loop {
                let began = Instant::now();
                // A shelf that cannot be read now is asked again; the screen keeps what it knew.
                if let Ok(runs) = driver::statuses(&shelf)
                    && tell.send(runs).is_err()
                {
                    return;
                }
                thread::sleep(EVERY.max(began.elapsed() * SHARE));
            }
        });
        Self { seen }
    }

    /// Returns how the runs stand, if that was looked at since the last call.
    pub fn newest(&self) -> Option<Vec<RunStatus>> {
        self.seen.try_iter().last()
    }
}
