//! Blows to the screen of a run at random moments: it is killed, its window closed, or it is suspended. Another screen
//! goes on where one is gone.

use super::hand::Hand;
use super::window::{View, Window};
use rustix::process::{Pid, Signal, kill_process};
use std::time::{Duration, Instant};

/// A row of numbers that a seed fixes (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// A row of blows, and what became of them.
pub struct Blows {
    random: Random,
    left: usize,
    longest: Duration,
    /// The pause before each blow, and the blow.
    pub struck: Vec<(Duration, &'static str)>,
}

impl Blows {
    /// So many blows, none later than `longest` after the one before.
    pub fn new(seed: u64, moments: usize, longest: Duration) -> Self {
        Self { random: Random(seed), left: moments, longest, struck: Vec::new() }
    }

    /// Walks until the screen is so or the run has closed, whatever hits the window. Returns the window that is left.
    pub fn walk(
        &mut self,
        mut window: Window,
        hand: &mut Hand,
        open: impl Fn() -> Window,
        closed: impl Fn() -> bool,
        until: impl Fn(&View) -> bool,
    ) -> Window {
        loop {
            let longest = u64::try_from(self.longest.as_millis()).unwrap();
            let pause = Duration::from_millis(self.random.below(longest));
            window.due = (self.left > 0).then(|| Instant::now() + pause);
            hand.walk(&mut window, &until);
            window.due = None;
            let view = window.view();
            if view.ended || until(&view) {
                return window;
            }
            let (what, goes_on) = self.strike(&mut window);
            self.left -= 1;
            self.struck.push((pause, what));
            if !goes_on {
                if closed() {
                    return window;
                }
                window = open();
            }
        }
    }

    /// Strikes a screen. Returns what was done, and whether it can go on in its window.
    fn strike(&mut self, window: &mut Window) -> (&'static str, bool) {
        match self.random.below(4) {
            0 => {
                signal(window, Signal::KILL);
                window.end();
                ("killed", false)
            }
            1 => {
                window.hang_up();
                window.end();
                ("its window closed", false)
            }
            kind => {
                window.suspend();
                if kind == 2 {
                    signal(window, Signal::CONT);
                    return ("suspended and continued", true);
                }
                signal(window, Signal::KILL);
                window.end();
                ("suspended and killed", false)
            }
        }
    }
}

fn signal(window: &Window, signal: Signal) {
    // It may have ended by itself just now.
    let _ = kill_process(Pid::from_child(&window.child), signal);
}

/// A number from the environment: `KILL_SEED` and `KILL_MOMENTS` say which moments and how many.
pub fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
