//! A screen over a [`World`]: what `run.rs` is over a driver, with keys that come when the test says.

use super::world::{Ends, World};
use crate::driver::Prepared;
use crate::engine::command::Command;
use crate::engine::event::{Event, Guard, Mode, Part, Work};
use crate::engine::guards::GuardNeeded;
use crate::engine::next::Next;
use crate::runbook::model::Hazard;
use crate::tui::key::{Input, Key};
use crate::tui::look::Role;
use crate::tui::pending::{Pending, Turn};
use crate::tui::place::Place;
use crate::tui::sight::Sight;
use crate::tui::state::State;
use crate::tui::update::{self, Ask};
use chrono::TimeDelta;

const BOOK: &str = include_str!("book.yaml");

/// The time between two keys of somebody who reads.
const READING: TimeDelta = TimeDelta::seconds(1);

/// A screen over a world.
#[derive(Clone)]
pub struct Stage {
    pub state: State,
    pub world: World,
    /// The face left, or suspended.
    pub left: bool,
    checking: bool,
    pending: Option<Pending>,
}

/// A change that a screen asked to start: what, how much it can hurt, and under which guard.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub work: Work,
    pub hazard: Hazard,
    pub guard: Guard,
}

impl Stage {
    /// Opens the runbook that has everything, in a window of this size.
    pub fn new(size: (u16, u16)) -> Self {
        Self::over(World::of(BOOK, Mode::Live, "PROD"), size)
    }

    /// Puts a screen over a world.
    pub fn over(world: World, size: (u16, u16)) -> Self {
        let mut stage =
            Self { state: State::new(size), world, left: false, checking: false, pending: None };
        update::observe(&mut stage.state, &stage.world, None);
        stage
    }

    /// Where the keys are.
    pub fn place(&self) -> Place {
        Place::of(&self.state, &self.world.run().outline())
    }

    /// What the run needs now.
    pub fn next(&self) -> Next {
        self.world.run().outline().next
    }

    /// Presses a key, having read the screen.
    pub fn press(&mut self, key: Key) -> Option<Change> {
        self.press_after(key, READING)
    }

    /// Presses a key so long after the last one; what is on the screen was painted before.
    pub fn press_after(&mut self, key: Key, time: TimeDelta) -> Option<Change> {
        self.world.pass(time);
        update::tick(&mut self.state, &self.world);
        self.state.unread = false;
        self.comes(Input::Key(key, self.world.now()))
    }

    /// Keys that stand in the terminal's queue at once: those after something new are thrown away.
    pub fn burst(&mut self, keys: impl IntoIterator<Item = Key>) -> Vec<Change> {
        self.state.unread = false;
        let mut changes = Vec::new();
        for key in keys {
            self.world.pass(TimeDelta::microseconds(20));
            changes.extend(self.comes(Input::Key(key, self.world.now())));
            if self.state.unread || self.left {
                break;
            }
        }
        changes
    }

    /// Pastes.
    pub fn paste(&mut self, text: &str) -> Option<Change> {
        self.world.pass(READING);
        self.state.unread = false;
        self.comes(Input::Paste(text.into()))
    }

    /// Gives the window another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.state.size = size;
        update::resized(&mut self.state, &self.world);
    }

    fn comes(&mut self, input: Input) -> Option<Change> {
        let ask = update::update(&mut self.state, &self.world, input)?;
        let change = self.change_of(&ask);
        self.grant(ask);
        change
    }

    /// Whether granting this starts a change.
    fn change_of(&self, ask: &Ask) -> Option<Change> {
        let (work, hazard, guard) = match ask {
            Ask::Start { prepared, guard, .. } => (&prepared.work, prepared.hazard, guard),
            Ask::Do(command) | Ask::DoAndLeave(command) => match &**command {
                Command::Tick { work, guard, .. } => {
                    let step = self.world.run().plan().step(&work.step)?;
                    (work, step.hazard(&work.part), guard)
                }
                Command::Start { .. } => panic!("a start without what was shown: {command:?}"),
                _ => return None,
            },
            _ => return None,
        };
        let change = Change { work: work.clone(), hazard, guard: guard.clone() };
        (hazard > Hazard::Read).then_some(change)
    }

    /// Makes what is asked for come true, as `run.rs` does.
    fn grant(&mut self, ask: Ask) {
        match ask {
            Ask::Start { prepared, guard, override_reason } => {
                let now = self.world.now();
                self.pending = Some(Pending::new(prepared, guard, override_reason, now));
            }
            Ask::Do(command) => drop(self.ask(&command)),
            Ask::DoAndLeave(command) => self.left |= self.ask(&command),
            Ask::Interrupt(id) => drop(self.ask(&Command::Interrupt { id })),
            Ask::CheckAll => self.checking = true,
            Ask::Leave | Ask::GoOn | Ask::Suspend => self.left = true,
            Ask::Secret { .. } | Ask::Output(_) | Ask::Redraw | Ask::Copy => {}
        }
        self.go_on();
    }

    /// Goes on with a start that waits, as `run.rs` does before every frame.
    pub fn go_on(&mut self) {
        let Some(pending) = &mut self.pending else { return self.check_next() };
        let work = pending.prepared.work.clone();
        match pending.turn(&self.state, &self.world) {
            Turn::Wait => return,
            Turn::Over(why) => {
                self.pending = None;
                return self.refused(&format!("{work} was not started: {why}"));
            }
            Turn::Go => {}
        }
        if self.world.run().fence_first(&work, pending.prepared.edited.is_some()) {
            if std::mem::replace(&mut pending.fenced, true) {
                self.pending = None;
                return self.refused("the fence does not hold");
            }
            let fence = Work { step: work.step, part: Part::Fence };
            let prepared = self.world.prepare(&fence).unwrap();
            return self.start(&prepared, Guard::None, None);
        }
        let Some(pending) = self.pending.take() else { return };
        self.start(&pending.prepared, pending.guard, pending.override_reason);
    }

    fn ask(&mut self, command: &Command) -> bool {
        let before = self.next();
        let granted = self.world.tries(command);
        match &granted {
            Ok(facts) => self.hears(facts),
            Err(refusal) => self.refused(&refusal.to_string()),
        }
        update::observe(&mut self.state, &self.world, Some(&before));
        granted.is_ok()
    }

    fn start(&mut self, prepared: &Prepared, guard: Guard, override_reason: Option<String>) {
        let before = self.next();
        if let Err(refusal) = self.world.starts(prepared, guard, override_reason) {
            self.refused(&refusal.to_string());
        }
        update::observe(&mut self.state, &self.world, Some(&before));
    }

    fn check_next(&mut self) {
        if !self.checking || !self.world.run().outline().running.is_empty() {
            return;
        }
        self.checking = false;
        if let Next::Start { work, guard: GuardNeeded::None, .. } = self.next()
            && update::in_preflight(&self.world, &work)
        {
            self.checking = true;
            let prepared = self.world.prepare(&work).unwrap();
            self.start(&prepared, Guard::None, None);
        }
    }

    fn hears(&mut self, facts: &[Event]) {
        for fact in facts {
            let now = self.world.now();
            self.state.say(now, Role::Info, fact.kind());
        }
    }

    fn refused(&mut self, why: &str) {
        let now = self.world.now();
        self.state.say(now, Role::Warning, format!("No: {why}."));
    }

    /// Ends what runs; the screen hears of it.
    pub fn ends(&mut self, how: Ends) {
        let before = self.next();
        self.world.ends(how);
        update::observe(&mut self.state, &self.world, Some(&before));
        self.go_on();
    }

    /// Presses `Enter`.
    pub fn enter(&mut self) -> Option<Change> {
        self.press(Key::Enter)
    }

    /// Presses one key after the other; the last one's change, if any.
    pub fn keys(&mut self, keys: &[Key]) -> Option<Change> {
        let mut change = None;
        for key in keys {
            change = self.press(*key);
        }
        change
    }

    /// Types a text.
    pub fn types(&mut self, text: &str) {
        for c in text.chars() {
            assert_eq!(self.press(Key::Char(c)), None, "typing {text}");
        }
    }

    /// Moves the mark of a list to the line that begins so, by keys.
    pub fn marks(&mut self, words: &str) {
        use crate::tui::state::Layer;
        let items = match self.state.layers.last() {
            Some(Layer::Menu(menu)) => menu.items.clone(),
            None => update::choices(&self.world, &self.world.run().outline()),
            Some(other) => panic!("no list: {other:?}"),
        };
        let wanted = items.iter().position(|item| item.words.starts_with(words));
        let wanted = wanted.unwrap_or_else(|| panic!("no {words} in {items:#?}"));
        self.press(Key::Char('g'));
        for _ in 0..wanted {
            self.press(Key::Down);
        }
    }

    /// Chooses the line of a list that begins so.
    pub fn chooses(&mut self, words: &str) {
        self.marks(words);
        assert_eq!(self.enter(), None, "choosing {words}");
    }
}

impl Stage {
    /// The typed lines that are open.
    pub fn fields(&self) -> &crate::tui::fields::Fields {
        match self.state.layers.last() {
            Some(crate::tui::state::Layer::Fields(fields)) => fields,
            other => panic!("no lines to type: {other:?}"),
        }
    }
}
