//! What is on the screen and not in the journal: forgotten on exit, and nobody but the eye would miss it.

use super::edit::Edit;
use super::fields::Fields;
use super::frame::SMALLEST;
use super::key::Key;
use super::look::Role;
use super::note::Note;
use crate::driver::Prepared;
use crate::engine::event::{AttemptId, SettledAs, Work};
use crate::runbook::model::StepId;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::VecDeque;

/// How long a command stays armed.
pub const ARMED_FOR: TimeDelta = TimeDelta::seconds(60);

/// A key that comes again this soon was held down, not pressed again.
const HELD_DOWN: TimeDelta = TimeDelta::milliseconds(120);

/// How many messages are kept to be read again.
pub const MESSAGES: usize = 200;

/// Everything the screen remembers.
#[derive(Clone, Debug)]
pub struct State {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Dialogs over the screen, the last on top: it has the keys.
    pub layers: Vec<Layer>,
    /// The pane that has the keys.
    pub focus: Focus,
    /// One pane has the whole body.
    pub zoom: bool,
    /// A step that is looked at instead of the current one.
    pub looked: Option<StepId>,
    /// The line that is marked in a numbered list.
    pub choice: usize,
    /// The command that one further key runs.
    pub armed: Option<Armed>,
    /// How far the text of the step is scrolled.
    pub text_top: usize,
    /// How far the command is scrolled.
    pub command_top: usize,
    /// The latest event, and those before it.
    pub messages: VecDeque<Message>,
    /// Texts that were begun and left.
    pub drafts: Vec<Fields>,
    /// The note that was begun and left.
    pub note: Option<Note>,
    /// The command whose change was begun and left.
    pub edit: Option<Edit>,
    /// Something appeared that has to be read before a key counts.
    pub unread: bool,
    last_key: Option<(Key, DateTime<Utc>)>,
}

/// A pane of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list of steps.
    Steps,
    /// What to do.
    #[default]
    Text,
    /// The command.
    Command,
    /// Its output.
    Output,
}

/// A command that is shown in full and that one further key runs.
#[derive(Clone, Debug)]
pub struct Armed {
    /// What.
    pub work: Work,
    /// Exactly what was shown, and will be run; none for work by hand, which the further key ticks.
    pub prepared: Option<Box<Prepared>>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The last line of the command has been on the screen.
    pub seen_to_end: bool,
}

/// One sentence about what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub text: String,
    /// How grave it is.
    pub role: Role,
}

/// Something over the screen.
#[derive(Clone, Debug)]
pub enum Layer {
    /// A list of things that can be done.
    Menu(Menu),
    /// Texts to be typed.
    Fields(Box<Fields>),
    /// A command being changed.
    Edit(Box<Edit>),
    /// A note being written, with those of this run above it.
    Note(Box<Note>),
    /// Help for the place below.
    Help {
        /// How far it is scrolled.
        top: usize,
        /// What is searched.
        wanted: String,
    },
    /// What was said on the message line.
    Messages {
        /// How far it is scrolled.
        top: usize,
    },
}

/// A list of things that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// What it is about.
    pub title: String,
    /// What to know before choosing, line by line.
    pub lead: Vec<String>,
    /// The things.
    pub items: Vec<Item>,
    /// The marked one.
    pub at: usize,
}

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it does.
    pub words: String,
    /// What to know about it.
    pub note: String,
    /// Why it cannot be done now.
    pub refused: Option<String>,
    /// What choosing it does.
    pub deed: Deed,
}

/// What choosing an item leads to. None of them starts a change by itself: what starts something goes through its guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Close the list.
    Stay,
    /// Leave the screen; the run and its commands go on.
    Leave,
    /// Put the run on hold and leave.
    Hold,
    /// Stop the run.
    Stop,
    /// Ask a running command to stop.
    Interrupt(AttemptId),
    /// Bring this work before its guard.
    Offer(Work),
    /// Change its command first.
    Edit(Work),
    /// List the open changes with their ways back.
    Undo,
    /// Put the step off.
    Defer,
    /// Take up a step that was put off.
    TakeUp(StepId),
    /// Pass the step over.
    Skip(StepId),
    /// List the other runbooks that this one names.
    Elsewhere,
    /// End this run and go on in this runbook.
    GoOn(String),
    /// Do a fix first.
    Fix { step: StepId, fix: StepId },
    /// Say what was seen.
    Settle { id: AttemptId, as_: SettledAs },
    /// Clear what a step raised.
    Clear(StepId),
    /// Say how a change of a run before is settled.
    SettleTakenOver { run: String, step: StepId },
    /// Write a note.
    Note,
    /// Read the messages.
    Messages,
}

impl Item {
    /// What to know about it: its note, or why it cannot be done now.
    pub fn about(&self) -> String {
        match &self.refused {
            Some(why) => format!("not now: {why}"),
            None => self.note.clone(),
        }
    }
}

impl State {
    /// Begins with an empty screen.
    pub fn new(size: (u16, u16)) -> Self {
        Self {
            size,
            layers: Vec::new(),
            focus: Focus::default(),
            zoom: false,
            looked: None,
            choice: 0,
            armed: None,
            text_top: 0,
            command_top: 0,
            messages: VecDeque::new(),
            drafts: Vec::new(),
            note: None,
            edit: None,
            unread: false,
            last_key: None,
        }
    }

    /// Tells whether the window is too small to show a run.
    pub fn too_small(&self) -> bool {
        self.size.0 < SMALLEST.0 || self.size.1 < SMALLEST.1
    }

    /// Says something on the message line.
    pub fn say(&mut self, at: DateTime<Utc>, role: Role, text: impl Into<String>) {
        let text = text.into();
        self.messages.push_back(Message { at, text, role });
        while self.messages.len() > MESSAGES {
            self.messages.pop_front();
        }
    }

    /// The latest message.
    pub fn message(&self) -> Option<&Message> {
        self.messages.back()
    }

    /// Puts something over the screen; it has to be read before a key counts.
    pub fn open(&mut self, layer: Layer) {
        self.armed = None;
        self.unread = true;
        self.layers.push(layer);
    }

    /// Notes a key, and tells whether it is one that is held down.
    pub fn held_down(&mut self, key: Key, at: DateTime<Utc>) -> bool {
        let held = self.last_key.is_some_and(|(last, then)| last == key && at - then < HELD_DOWN);
        self.last_key = Some((key, at));
        held
    }

    /// Goes back to the top of everything that scrolls: another step is shown.
    pub fn turn_page(&mut self) {
        self.text_top = 0;
        self.command_top = 0;
        self.choice = 0;
        self.zoom = false;
    }
}
