//! The loop of home: the operator first, then news, one draw, a wait.

use super::draw;
use super::facts::Facts;
use super::press::{Choice, press};
use super::state::State;
use crate::driver::RunStatus;
use crate::line::signals::{Asked, Signals};
use crate::tui::look::Look;
use crate::tui::terminal::Terminal;
use chrono::{DateTime, Utc};
use std::io;
use std::time::Duration;

/// How long is waited for a key: the clock and the runs stay true.
const PATIENCE: Duration = Duration::from_millis(250);

/// Why home was left.
#[derive(Debug)]
pub enum End {
    /// Something was chosen.
    Chosen(Choice),
    /// A signal asks to leave.
    Signal(i32),
}

/// What home is told of the world while it is open.
pub struct World<'a> {
    /// The time.
    pub now: &'a dyn Fn() -> DateTime<Utc>,
    /// How the runs stand, when that was looked at anew since the last call.
    pub runs: &'a mut dyn FnMut() -> Option<Vec<RunStatus>>,
}

/// Shows home until something is chosen.
pub fn run(
    terminal: &mut Terminal,
    signals: &Signals,
    state: &mut State,
    facts: &mut Facts,
    look: Look,
    world: &mut World<'_>,
) -> io::Result<End> {
    let mut shown = None;
    loop {
        match signals.next() {
            None => {}
            Some(Asked::Suspend) => suspend(terminal, signals)?,
            Some(Asked::Leave(signal)) => return Ok(End::Signal(signal)),
            Some(Asked::Interrupt) => return Ok(End::Signal(2)),
        }
        state.size = terminal.size()?;
        facts.now = (world.now)();
        if let Some(runs) = (world.runs)() {
            facts.runs = runs;
            state.needy = state.needy.min(facts.needy().len().saturating_sub(1));
        }
        // The second and the runs are all that changes without a key.
        let seen = (state.clone(), facts.now.timestamp(), told(facts));
        if shown.as_ref() != Some(&seen) {
            terminal.draw(|frame| draw::draw(frame, state, facts, look))?;
            shown = Some(seen);
        }
        let mut patience = PATIENCE;
        while let Some(input) = terminal.input(patience, world.now)? {
            patience = Duration::ZERO;
            state.said = None;
            match press(state, facts, input) {
                None => {}
                Some(Choice::Redraw) => {
                    terminal.redraw()?;
                    shown = None;
                }
                Some(Choice::Suspend) => {
                    suspend(terminal, signals)?;
                    shown = None;
                }
                Some(choice) => return Ok(End::Chosen(choice)),
            }
        }
    }
}

/// Everything about the runs that is on the screen.
fn told(facts: &Facts) -> Vec<(String, String, u64)> {
    facts.runs.iter().map(|run| (run.run.clone(), run.needs.clone(), run.records)).collect()
}

fn suspend(terminal: &mut Terminal, signals: &Signals) -> io::Result<()> {
    terminal.lend(|| signals.suspend())?
}
