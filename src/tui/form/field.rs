//! One line of the form: what it is for, what stands in it, where that comes from.

use crate::engine::event::Source;
use crate::runbook::model::Definition;
use crate::runbook::value::Kind;
use crate::tui::choosing::Hunt;
use std::fmt;
use tui_textarea::{CursorMove, TextArea};

/// What a line is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Trust in a runbook that was merely found.
    Trust,
    /// Where the run acts.
    Environment,
    /// A parameter of the runbook.
    Param(Box<Asked>),
    /// When the incident began.
    Since,
    /// Which incident it is.
    Incident,
}

/// What is asked for with a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// It is never shown.
    pub secret: bool,
    /// It may stay empty.
    pub optional: bool,
    /// The values it may have; empty when they are not counted.
    pub choices: Vec<String>,
}

impl Asked {
    /// Makes it from a definition.
    pub fn of(definition: &Definition) -> Self {
        let kind = &definition.kind;
        let mut choices: Vec<String> = kind.choices.iter().map(|c| c.value.clone()).collect();
        if kind.kind == Kind::Bool {
            choices = vec!["true".into(), "false".into()];
        }
        Self {
            name: definition.name.value.clone(),
            secret: kind.kind == Kind::Secret,
            optional: definition.optional,
            choices,
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Nothing was given.
    Nowhere,
    /// The runbook's default.
    Default,
    /// The run before, which had a parameter of this name; the environment's settings stand above it.
    Before,
    /// The environment's settings.
    Environment,
    /// The run before, which handed it over on purpose.
    Handed,
    /// The command line, or a file it named.
    Flag,
    /// The keyboard.
    Typed,
    /// Picked from what a discovery found.
    Discovered,
}

impl From {
    /// Tells whether it comes from the run before.
    pub fn is_before(self) -> bool {
        matches!(self, Self::Before | Self::Handed)
    }

    /// Says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nowhere => "-",
            Self::Default => "default",
            Self::Before | Self::Handed => "run before",
            Self::Environment => "settings",
            Self::Flag => "flag",
            Self::Typed => "typed",
            Self::Discovered => "discovered",
        }
    }

    /// Tells whether a person, or the outcome of the run before, put it there, so that nothing else takes its place.
    pub fn is_by_hand(self) -> bool {
        matches!(self, Self::Typed | Self::Discovered | Self::Flag | Self::Handed)
    }

    /// Returns where a given value comes from.
    pub fn of(source: Source) -> Self {
        match source {
            Source::Operator => Self::Typed,
            Source::Discovered => Self::Discovered,
            Source::Flag | Source::Answers | Source::Scenario => Self::Flag,
            Source::Continued => Self::Handed,
            Source::Environment => Self::Environment,
            Source::Default => Self::Default,
        }
    }
}

/// One line of the form.
#[derive(Clone)]
pub struct Field {
    /// What it is for.
    pub subject: Subject,
    /// What stands in it.
    pub text: TextArea<'static>,
    /// Where that comes from.
    pub from: From,
    /// It was left once, so what is wrong with it is said.
    pub left: bool,
    /// What was typed to find one of its values, where they are counted.
    pub hunt: Hunt,
}

impl Field {
    /// Makes a line that holds something.
    pub fn new(subject: Subject, text: &str, from: From) -> Self {
        let (text_area, hunt) = (TextArea::default(), Hunt::default());
        let mut field = Self { subject, text: text_area, from, left: false, hunt };
        field.fill(text, from);
        field
    }

    /// Puts a text into it.
    pub fn fill(&mut self, text: &str, from: From) {
        // A list has its items in lines; in one line they stand with commas.
        let line = text.lines().collect::<Vec<_>>().join(",");
        self.text = TextArea::new(vec![line]);
        self.text.move_cursor(CursorMove::End);
        self.from = from;
    }

    /// Returns what stands in it.
    pub fn typed(&self) -> String {
        self.text.lines().join("").trim().to_owned()
    }

    /// Tells whether what stands in it is never shown.
    pub fn is_secret(&self) -> bool {
        matches!(&self.subject, Subject::Param(asked) if asked.secret)
    }

    /// Tells whether it may stay empty.
    pub fn is_optional(&self) -> bool {
        match &self.subject {
            Subject::Param(asked) => asked.optional,
            Subject::Since | Subject::Incident => true,
            Subject::Trust | Subject::Environment => false,
        }
    }

    /// Returns what it is called.
    pub fn label(&self) -> &str {
        match &self.subject {
            Subject::Trust => "trust it",
            Subject::Environment => "environment",
            Subject::Param(asked) => &asked.name,
            Subject::Since => "incident start",
            Subject::Incident => "incident id",
        }
    }
}

/// What was typed may be a secret: it is left out.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("subject", &self.subject)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}
