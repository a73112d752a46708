//! The loop of the form: the operator first, one draw, a wait.

use super::draw;
use super::facts::Facts;
use super::keys::Place;
use super::lookup;
use super::press::{Choice, press};
use super::state::State;
use crate::driver::Search;
use crate::line::signals::{Asked, Signals};
use crate::tui::look::Look;
use crate::tui::terminal::Terminal;
use chrono::{DateTime, Utc};
use std::io;
use std::time::Duration;

/// How long is waited for a key: the clock stays true.
const PATIENCE: Duration = Duration::from_millis(250);

/// The same while a discovery runs.
const WATCHING: Duration = Duration::from_millis(50);

/// Why the form was left.
#[derive(Debug)]
pub enum End {
    /// Something was chosen.
    Chosen(Choice),
    /// A signal asks to leave.
    Signal(i32),
}

/// Shows the form until it is filled or left. What was typed before it was painted was meant for something else.
pub fn run(
    terminal: &mut Terminal,
    signals: &Signals,
    state: &mut State,
    facts: &mut Facts,
    look: Look,
    now: &dyn Fn() -> DateTime<Utc>,
) -> io::Result<End> {
    let (mut drawn, mut painted) = (None, false);
    // Dropped when the form is left: then it is ended.
    let mut search: Option<Search> = None;
    loop {
        match signals.next() {
            None => {}
            Some(Asked::Suspend) => terminal.lend(|| signals.suspend())??,
            Some(Asked::Leave(signal)) => return Ok(End::Signal(signal)),
            Some(Asked::Interrupt) => return Ok(End::Signal(2)),
        }
        if let Some(found) = search.as_mut().and_then(Search::poll) {
            (search, drawn) = (None, None);
            let before = state.place(facts);
            lookup::answered(state, found);
            painted &= before == state.place(facts);
        }
        state.size = terminal.size()?;
        facts.now = now();
        let seen = (state.size, facts.now.timestamp());
        if drawn != Some(seen) {
            terminal.draw(|frame| draw::draw(frame, state, facts, look))?;
            drawn = Some(seen);
        }
        if !painted {
            terminal.forget()?;
            painted = true;
        }
        let mut patience = if search.is_some() { WATCHING } else { PATIENCE };
        while let Some(input) = terminal.input(patience, now)? {
            (patience, drawn) = (Duration::ZERO, None);
            state.said = None;
            let asked = state.place(facts) == Place::Asked;
            match press(state, facts, input) {
                // What would run has to be on the screen before any key can run it.
                None if !asked && state.place(facts) == Place::Asked => {
                    painted = false;
                    break;
                }
                None => {}
                Some(Choice::Seek(order)) => {
                    search = Some(Search::start(&facts.bench, order.discovery, order.secrets));
                    break;
                }
                Some(Choice::EndSeek) => search.iter().for_each(Search::end),
                Some(Choice::Redraw) => terminal.redraw()?,
                Some(Choice::Suspend) => terminal.lend(|| signals.suspend())??,
                Some(choice) => return Ok(End::Chosen(choice)),
            }
        }
    }
}
