//! How meanings look: roles to styles, states to marks. Word first, shape second, colour third.

use crate::engine::event::Mode;
use crate::engine::outline::Row;
use crate::runbook::model::Hazard;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// A meaning that has a style. Widgets never choose colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the roles of the themes")]
pub enum Role {
    Text,
    Dim,
    Strong,
    Border,
    BorderFocus,
    Title,
    Selection,
    Match,
    EnvProd,
    EnvOther,
    EnvRehearsal,
    EnvReview,
    Verified,
    Attested,
    Running,
    Now,
    Failed,
    Unknown,
    Skipped,
    Change,
    Destructive,
    Irreversible,
    Armed,
    Inside,
    Tight,
    Over,
    Command,
    Value,
    Key,
    Info,
    Warning,
    Error,
    Output,
    Stderr,
    Time,
    Note,
}

/// A theme: a style for every role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's own sixteen colours and its default foreground and background.
    Terminal,
    /// No colour at all: bold, reverse and underline.
    Mono,
}

impl Theme {
    /// Returns the style of a role.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let (colour, modifier) = drawn(role);
        match (self, colour) {
            (Self::Terminal, Some(colour)) => plain.fg(colour).add_modifier(modifier),
            _ => plain.add_modifier(modifier),
        }
    }
}

/// The colour and the attributes of a role. What matters has an attribute too: colour is the last to be relied on.
fn drawn(role: Role) -> (Option<Color>, Modifier) {
    const NONE: Modifier = Modifier::empty();
    const BOLD: Modifier = Modifier::BOLD;
    const REVERSE: Modifier = Modifier::REVERSED;
    match role {
        Role::Text | Role::Output | Role::Command | Role::Info | Role::Border => (None, NONE),
        Role::Dim | Role::Time | Role::Skipped => (Some(Color::DarkGray), NONE),
        Role::Strong | Role::BorderFocus | Role::Title | Role::Value | Role::Key => (None, BOLD),
        Role::Selection | Role::EnvReview => (None, REVERSE),
        Role::Match => (Some(Color::Yellow), REVERSE),
        Role::EnvProd | Role::Irreversible => (Some(Color::Red), BOLD.union(REVERSE)),
        Role::EnvOther => (Some(Color::Blue), REVERSE),
        Role::EnvRehearsal => (Some(Color::Cyan), REVERSE),
        Role::Verified | Role::Inside => (Some(Color::Green), NONE),
        Role::Attested | Role::Note => (Some(Color::Cyan), NONE),
        Role::Running | Role::Now => (Some(Color::Blue), BOLD),
        Role::Failed | Role::Over | Role::Error | Role::Destructive => (Some(Color::Red), BOLD),
        Role::Unknown | Role::Tight | Role::Warning | Role::Armed => (Some(Color::Yellow), BOLD),
        Role::Change => (Some(Color::Yellow), NONE),
        Role::Stderr => (Some(Color::Red), NONE),
    }
}

/// Everything that decides how a meaning looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The theme.
    pub theme: Theme,
    /// Only ASCII is drawn.
    pub ascii: bool,
}

impl Look {
    /// Returns the style of a role.
    pub fn style(self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Picks the Unicode or the ASCII form of something.
    pub fn pick<T>(self, unicode: T, ascii: T) -> T {
        if self.ascii { ascii } else { unicode }
    }

    /// Spells text in ASCII where only that is drawn: frames and marks have their forms, prose its usual ones.
    pub fn text(self, text: &str) -> String {
        if !self.ascii || text.is_ascii() {
            return text.to_owned();
        }
        text.chars().map(spelled).collect()
    }

    /// Returns the border of a kind of place. Its shape tells the environments apart without colour.
    pub fn border(self, kind: Surroundings) -> border::Set<'static> {
        match (kind, self.ascii) {
            (Surroundings::Prod, false) => border::DOUBLE,
            (Surroundings::Prod, true) => ascii_border("="),
            (Surroundings::Rehearsal, false) => border::Set {
                horizontal_top: "┄",
                horizontal_bottom: "┄",
                vertical_left: "┆",
                vertical_right: "┆",
                ..border::PLAIN
            },
            (Surroundings::Rehearsal, true) => {
                border::Set { vertical_left: ":", vertical_right: ":", ..ascii_border(".") }
            }
            (Surroundings::Other | Surroundings::Review, false) => border::PLAIN,
            (Surroundings::Other | Surroundings::Review, true) => ascii_border("-"),
        }
    }

    /// Returns the mark of a step; its word stands beside it wherever there is room.
    pub fn mark(self, row: &Row) -> (&'static str, Role) {
        use crate::engine::event::Proof;
        use crate::engine::state::StepState as S;
        let (unicode, ascii, role) = match &row.state {
            S::Todo if row.word == "hold" => ("=", "[=]", Role::Warning),
            S::Todo if row.current => ("▸", "[>]", Role::Now),
            S::Todo => (" ", "[ ]", Role::Text),
            S::Running => ("~", "[~]", Role::Running),
            S::Done(_) if row.undone => ("u", "[u]", Role::Warning),
            S::Done(Proof::Verified) | S::Decided(_) => ("✓", "[x]", Role::Verified),
            S::Done(Proof::Attested { .. }) => ("a", "[a]", Role::Attested),
            S::Failed => ("✗", "[!]", Role::Failed),
            S::Unknown => ("?", "[?]", Role::Unknown),
            S::Skipped(_) => ("-", "[-]", Role::Skipped),
            S::Deferred { .. } => ("»", "[d]", Role::Info),
            S::NotTaken(_) | S::Dormant => ("/", "[/]", Role::Skipped),
        };
        (self.pick(unicode, ascii), role)
    }

    /// Returns the mark of what a step can do: nothing, a change, no return, a decision.
    pub fn hazard_mark(self, hazard: Hazard, decision: bool) -> &'static str {
        match (hazard, decision) {
            (_, true) => self.pick("◇", "D"),
            (Hazard::Read, _) => " ",
            (Hazard::Change | Hazard::Destructive, _) => self.pick("∆", "C"),
            (Hazard::Irreversible, _) => self.pick("■", "X"),
        }
    }

    /// Returns the mark that stands before the chosen line.
    pub fn cursor(self) -> &'static str {
        self.pick("▸", ">")
    }
}

fn ascii_border(line: &'static str) -> border::Set<'static> {
    border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: line,
        horizontal_bottom: line,
    }
}

fn spelled(c: char) -> String {
    match c {
        c if c.is_ascii() => c.into(),
        '│' => "|".into(),
        '·' | '–' | '—' | '─' => "-".into(),
        '→' => "->".into(),
        '←' => "<-".into(),
        '↑' => "^".into(),
        '↓' => "v".into(),
        '…' | '≈' => "~".into(),
        '‹' => "<".into(),
        '›' | '▸' => ">".into(),
        '█' => "#".into(),
        '░' => ".".into(),
        '✓' => "x".into(),
        '✗' => "!".into(),
        '∆' => "C".into(),
        '◇' => "D".into(),
        '■' => "X".into(),
        _ => "?".into(),
    }
}

/// Where a screen acts: it decides the shape of the borders and the style of the first two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// Live, and people depend on it.
    Prod,
    /// Live, elsewhere.
    Other,
    /// Nothing is real.
    Rehearsal,
    /// Nothing can be done here: a list, a journal.
    Review,
}

impl Surroundings {
    /// Returns those of a run.
    pub fn of(mode: &Mode, environment: &str) -> Self {
        match mode {
            Mode::Rehearsal => Self::Rehearsal,
            Mode::Live if environment.to_uppercase().starts_with("PROD") => Self::Prod,
            Mode::Live => Self::Other,
        }
    }

    /// Returns the role of the first two lines.
    pub fn role(self) -> Role {
        match self {
            Self::Prod => Role::EnvProd,
            Self::Other => Role::EnvOther,
            Self::Rehearsal => Role::EnvRehearsal,
            Self::Review => Role::EnvReview,
        }
    }
}

/// Returns the role of a hazard.
pub fn hazard_role(hazard: Hazard) -> Role {
    match hazard {
        Hazard::Read => Role::Dim,
        Hazard::Change => Role::Change,
        Hazard::Destructive => Role::Destructive,
        Hazard::Irreversible => Role::Irreversible,
    }
}
