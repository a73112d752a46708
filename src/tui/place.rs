//! Where the operator is: the top layer, or what the run needs now. It decides which keys mean what.

use super::sight::Sight;
use super::state::{Focus, Layer, State};
use crate::engine::next::Next;
use crate::engine::outline::Outline;

/// A place in which keys have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A command waits to be started.
    Step,
    /// A statement or work by hand waits for its tick.
    ByHand,
    /// A step that is not the current one is looked at.
    Elsewhere,
    /// Values are asked for.
    Values,
    /// A question of a ladder.
    Ladder,
    /// A decision.
    Decision,
    /// A command runs.
    Running,
    /// A step failed.
    Failed,
    /// An outcome is unknown.
    Unknown,
    /// Consequences are to be cleared.
    Clear,
    /// Every step is settled.
    Close,
    /// The run is on hold.
    Held,
    /// The run is closed.
    Closed,
    /// The output has the keys.
    Output,
    /// A list over the screen.
    Menu,
    /// Lines to be typed.
    Fields,
    /// A note.
    Note,
    /// A command being changed.
    Edit,
    /// Help.
    Help,
    /// What was said.
    Messages,
    /// A window that is too small to show anything.
    Tiny,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 21] = [
        Self::Step,
        Self::ByHand,
        Self::Elsewhere,
        Self::Values,
        Self::Ladder,
        Self::Decision,
        Self::Running,
        Self::Failed,
        Self::Unknown,
        Self::Clear,
        Self::Close,
        Self::Held,
        Self::Closed,
        Self::Output,
        Self::Menu,
        Self::Fields,
        Self::Note,
        Self::Edit,
        Self::Help,
        Self::Messages,
        Self::Tiny,
    ];

    /// Returns where the keys are.
    pub fn of(state: &State, outline: &Outline) -> Self {
        // What is not on the screen has no keys, whatever it is.
        if state.too_small() {
            return Self::Tiny;
        }
        match state.layers.last() {
            Some(Layer::Menu(_)) => Self::Menu,
            Some(Layer::Fields(_)) => Self::Fields,
            Some(Layer::Note(_)) => Self::Note,
            Some(Layer::Edit(_)) => Self::Edit,
            Some(Layer::Help { .. }) => Self::Help,
            Some(Layer::Messages { .. }) => Self::Messages,
            None => Self::below(state, outline),
        }
    }

    /// Returns the place under all layers.
    pub fn below(state: &State, outline: &Outline) -> Self {
        // What is armed has the keys, wherever it was armed: a retry after a failure, a way back during a decision.
        if let Some(armed) = &state.armed {
            return if armed.prepared.is_some() { Self::Step } else { Self::ByHand };
        }
        if state.focus == Focus::Output {
            return Self::Output;
        }
        if state.looked.is_some() {
            return Self::Elsewhere;
        }
        match &outline.next {
            Next::Start { .. } | Next::Open => Self::Step,
            Next::Tick { .. } => Self::ByHand,
            Next::Give { .. } => Self::Values,
            Next::Answer { .. } => Self::Ladder,
            Next::Decide { .. } => Self::Decision,
            Next::Watch { .. } => Self::Running,
            Next::Failed { .. } => Self::Failed,
            Next::Unknown { .. } => Self::Unknown,
            Next::Clear { .. } => Self::Clear,
            Next::Close => Self::Close,
            Next::Held { .. } => Self::Held,
            Next::Closed(_) => Self::Closed,
        }
    }

    /// Tells whether letters are typed here.
    pub fn types(self) -> bool {
        matches!(self, Self::Fields | Self::Note | Self::Edit | Self::Help)
    }

    /// Says it, for the title of the help.
    pub fn words(self, sight: &dyn Sight) -> String {
        let number =
            sight.run().current().map_or(String::new(), |step| format!(" {}", step.number));
        match self {
            Self::Step => format!("this step{number}"),
            Self::ByHand => format!("this step{number}, by hand"),
            Self::Elsewhere => "another step".into(),
            Self::Values => format!("values for{number}"),
            Self::Ladder => format!("the question of{number}"),
            Self::Decision => format!("the decision{number}"),
            Self::Running => "a running command".into(),
            Self::Failed => format!("failed step{number}"),
            Self::Unknown => "an unknown outcome".into(),
            Self::Clear => "what is left to clear".into(),
            Self::Close => "closing the run".into(),
            Self::Held => "a run on hold".into(),
            Self::Closed => "a closed run".into(),
            Self::Output => "the output".into(),
            Self::Menu => "a list".into(),
            Self::Fields => "lines to type".into(),
            Self::Note => "a note".into(),
            Self::Edit => "a command being edited".into(),
            Self::Help => "help".into(),
            Self::Messages => "the messages".into(),
            Self::Tiny => "a window that is too small".into(),
        }
    }
}
