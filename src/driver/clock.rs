//! Time enters the driver here, as a value that tests can choose.

use crate::journal::stamp::Stamp;

/// Tells the time.
///
/// Promises: within one boot `mono_ns` never goes back, and counts through suspend on Linux. Non-promise: the wall
/// clock may jump; nothing is ever computed from it.
pub trait Clock: Send {
    /// Reads both clocks at once.
    fn stamp(&self) -> Stamp;
}

/// The machine's own clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn stamp(&self) -> Stamp {
        Stamp::now()
    }
}
