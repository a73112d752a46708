//! Texts to be typed, one line each, with a purpose: a reason, a value, a name that proves attention.

use super::choosing;
use super::choosing::Hunt;
use super::key::{Key, typed};
use crate::driver;
use crate::driver::Prepared;
use crate::engine::event::{AttemptId, SettledAs, Work};
use crate::runbook::model::{Answer, Definition, StepId, Values};
use crate::runbook::value::{Kind, ValueType};
use chrono::{DateTime, Utc};
use tui_textarea::TextArea;

/// Some lines to be typed, and what they are for.
#[derive(Clone, Debug)]
pub struct Fields {
    /// What they are for.
    pub purpose: Purpose,
    /// What it is about, in one line.
    pub title: String,
    /// What to know, paragraph by paragraph.
    pub lead: Vec<String>,
    /// The lines.
    pub lines: Vec<Field>,
    /// What finishes it.
    pub buttons: Vec<Button>,
    /// How far what stands above is scrolled.
    pub top: usize,
    /// All of what stands above has been on the screen.
    pub read: bool,
    /// Where the keys go: a field, or a button counted after the fields.
    pub at: usize,
}

/// What typed lines are for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// Values that a step asks for.
    Give { step: StepId },
    /// Pass a guard and start, or tick work by hand.
    Guard { prepared: Option<Box<Prepared>>, work: Work },
    /// How an answer is known.
    Answer { step: StepId, question: u32, answer: Answer },
    /// Why this outcome.
    Decide { step: StepId, outcome: String },
    /// How it is known.
    Settle { id: AttemptId, as_: SettledAs },
    /// Why it is left out.
    Skip { step: StepId },
    /// Why it is put off until this time.
    Defer { step: StepId, due: String },
    /// How it was cleared.
    Clear { step: StepId },
    /// How a change of a run before was taken back, or why it stays.
    SettleTakenOver { run: String, step: StepId },
    /// Why the run is put on hold.
    Hold,
    /// Why the run is stopped.
    Stop,
    /// Why the run goes on in another runbook.
    GoOn { runbook: String },
    /// A secret that is needed now.
    Secret { name: String },
    /// What to look for in the output.
    Search,
    /// Run every check of preflight that is left.
    CheckAll,
}

/// One line to be typed.
#[derive(Clone, Debug)]
pub struct Field {
    /// What the value is called: `reason`, or the name of a value.
    pub name: String,
    /// What stands before it.
    pub label: String,
    /// What to know about it.
    pub help: Vec<String>,
    /// What was typed.
    pub text: TextArea<'static>,
    /// What may be typed.
    pub accepts: Accepts,
    /// The values it may have, where they are counted.
    pub choices: Vec<String>,
    /// What was typed to find one of them.
    pub hunt: Hunt,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// What may be typed into a line.
#[derive(Clone, Debug)]
pub enum Accepts {
    /// Anything; empty only if `optional`.
    Words {
        /// It may stay empty.
        optional: bool,
    },
    /// A value of a type.
    Value {
        /// The type.
        kind: Box<ValueType>,
        /// It may stay empty.
        optional: bool,
    },
    /// Exactly this, typed and not pasted.
    Exactly(String),
    /// A secret: dots on the screen, never kept.
    Secret,
}

/// What finishes some lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Nothing is done.
    Cancel,
    /// What they are for is done.
    Go,
    /// An irreversible step is put off: it is left out, with the reason.
    Defer,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its words.
    pub words: String,
    /// What it does.
    pub press: Press,
}

impl Field {
    /// Makes an empty line.
    pub fn new(name: &str, label: &str, accepts: Accepts) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: Vec::new(),
            text: TextArea::default(),
            accepts,
            choices: Vec::new(),
            hunt: Hunt::default(),
            problem: None,
        }
    }

    /// Makes the line of a value that is asked for.
    ///
    /// `no_list` says why there is no list to choose from, where there should be one.
    pub fn of(definition: &Definition, known: &Values, no_list: Option<String>) -> Self {
        let show = |text: &crate::runbook::template::Text| text.render_known(known);
        let kind = Box::new(definition.kind.clone());
        let accepts = if definition.kind.kind == Kind::Secret {
            Accepts::Secret
        } else {
            Accepts::Value { kind, optional: definition.optional }
        };
        let label = definition.ask.as_ref().map(show);
        let mut field = Self::new(
            &definition.name.value,
            &label.unwrap_or_else(|| definition.name.value.clone()),
            accepts,
        );
        field.help.extend(definition.help.as_ref().map(show));
        field.choices = definition.kind.choices.iter().map(|choice| choice.value.clone()).collect();
        if definition.kind.kind == Kind::Bool {
            field.choices = vec!["true".into(), "false".into()];
        }
        if field.choices.is_empty() {
            field.help.extend(no_list);
        } else {
            field.help.push("One of these, by its number, its first letters, or ← and →:".into());
            field.help.push(choosing::numbered(&field.choices));
        }
        if definition.kind.kind == Kind::List {
            field.help.push("Several stand with commas between them.".into());
        }
        if let Some(example) = &definition.example {
            field.help.push(format!("For example {}", field.in_one_line(&example.value)));
        }
        if let Some(default) = definition.default.as_ref().map(show) {
            field.fill(&default);
        }
        field
    }

    /// Returns what was typed.
    pub fn typed(&self) -> String {
        self.text.lines().join(" ")
    }

    /// Puts several lines into one: the items of a list with commas, words with blanks.
    fn in_one_line(&self, text: &str) -> String {
        let is_list =
            matches!(&self.accepts, Accepts::Value { kind, .. } if kind.kind == Kind::List);
        let lines = text.lines().map(str::trim).filter(|line| !is_list || !line.is_empty());
        lines.collect::<Vec<_>>().join(if is_list { "," } else { " " })
    }

    /// Puts a text into it.
    pub fn fill(&mut self, text: &str) {
        self.text = TextArea::new(vec![self.in_one_line(text)]);
        self.text.move_cursor(tui_textarea::CursorMove::End);
    }

    /// Returns the value as it will be used, or what is wrong with it.
    pub fn value(&self, now: DateTime<Utc>) -> Result<String, String> {
        let text = self.typed();
        let text = text.trim();
        match &self.accepts {
            Accepts::Words { optional } | Accepts::Value { optional, .. }
                if text.is_empty() && *optional =>
            {
                Ok(String::new())
            }
            Accepts::Words { .. } | Accepts::Secret if text.is_empty() => {
                Err("nothing was typed".into())
            }
            Accepts::Words { .. } | Accepts::Secret => Ok(text.to_owned()),
            Accepts::Value { kind, .. } => {
                kind.check(&driver::completed_line(kind.kind, text.to_owned(), now))
            }
            Accepts::Exactly(wanted) if text == wanted => Ok(text.to_owned()),
            Accepts::Exactly(wanted) if text.is_empty() => Err(format!("type {wanted}")),
            Accepts::Exactly(wanted) => Err(format!("you typed {text}, the target is {wanted}")),
        }
    }
}

impl Fields {
    /// Makes some lines with the usual buttons; the keys go to the first line.
    pub fn new(purpose: Purpose, title: impl Into<String>, go: &str, fields: Vec<Field>) -> Self {
        let buttons = vec![
            Button { words: go.into(), press: Press::Go },
            Button { words: "Cancel".into(), press: Press::Cancel },
        ];
        Self {
            purpose,
            title: title.into(),
            lead: Vec::new(),
            lines: fields,
            buttons,
            top: 0,
            read: true,
            at: 0,
        }
    }

    /// Tells whether it is a guard: then it has the whole screen.
    pub fn is_guard(&self) -> bool {
        matches!(self.purpose, Purpose::Guard { .. })
    }

    /// Tells whether it is about the same thing, so that a text that was left can be taken up again.
    pub fn same_as(&self, other: &Self) -> bool {
        self.title == other.title
            && std::mem::discriminant(&self.purpose) == std::mem::discriminant(&other.purpose)
            && self.lines.len() == other.lines.len()
    }

    /// Returns the field that has the keys.
    pub fn field(&self) -> Option<&Field> {
        self.lines.get(self.at)
    }

    /// Returns the button that has the keys.
    pub fn button(&self) -> Option<&Button> {
        self.buttons.get(self.at.checked_sub(self.lines.len())?)
    }

    /// Moves the keys to the next line or button, or back. A guard begins with its harmless button, then come its
    /// lines, then what they are for.
    pub fn step(&mut self, forward: bool) {
        let (lines, all) = (self.lines.len(), self.lines.len() + self.buttons.len());
        let order: Vec<usize> = if self.is_guard() && all > lines {
            std::iter::once(lines).chain(0..lines).chain(lines + 1..all).collect()
        } else {
            (0..all).collect()
        };
        let Some(place) = order.iter().position(|at| *at == self.at) else { return };
        let next = if forward { place + 1 } else { place + order.len() - 1 };
        self.at = order[next % order.len()];
    }

    /// Types a key into the line that has the keys. False if it is none that can be typed there.
    pub fn type_key(&mut self, key: Key) -> bool {
        let Some(field) = self.lines.get_mut(self.at) else { return false };
        let Some(input) = typed(key) else { return false };
        if !field.choices.is_empty() {
            let chosen = field.hunt.key(&field.choices, &field.typed(), key);
            if let Some(chosen) = chosen {
                field.fill(&chosen);
            }
            field.problem = None;
            return true;
        }
        field.text.input(input);
        field.problem = None;
        true
    }

    /// Pastes; a name that proves attention is typed, so there it is refused.
    pub fn paste(&mut self, text: &str) -> Result<(), &'static str> {
        let Some(field) = self.lines.get_mut(self.at) else {
            return Err("nothing is pasted here");
        };
        if matches!(field.accepts, Accepts::Exactly(_)) {
            return Err("the name is typed, not pasted");
        }
        let line = field.in_one_line(text);
        if field.choices.is_empty() {
            field.text.insert_str(line);
        } else if field.choices.contains(&line) {
            field.fill(&line);
        } else {
            return Err("only one of the values listed goes in here");
        }
        field.problem = None;
        Ok(())
    }

    /// Tells whether every line holds what it must.
    pub fn complete(&self, now: DateTime<Utc>) -> bool {
        self.lines.iter().all(|field| field.value(now).is_ok())
    }

    /// Marks every line that does not do; the keys go to the first of them. True when all do.
    pub fn check(&mut self, now: DateTime<Utc>) -> bool {
        for field in &mut self.lines {
            field.problem = field.value(now).err();
        }
        match self.lines.iter().position(|field| field.problem.is_some()) {
            None => true,
            Some(first) => {
                self.at = first;
                false
            }
        }
    }

    /// Returns a value by name; empty when it is not there or does not do.
    pub fn get(&self, name: &str, now: DateTime<Utc>) -> String {
        let field = self.lines.iter().find(|field| field.name == name);
        field.and_then(|field| field.value(now).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed_into(fields: &mut Fields, text: &str) {
        for c in text.chars() {
            assert!(fields.type_key(Key::Char(c)));
        }
    }

    #[test]
    fn the_items_of_a_list_are_typed_and_pasted_into_one_line() {
        let now = "2026-11-21T02:53:00Z".parse().unwrap();
        let kind = Box::new(ValueType::plain(Kind::List));
        let field = Field::new("tables", "Tables", Accepts::Value { kind, optional: false });
        let mut fields = Fields::new(Purpose::Hold, "Values", "Take it", vec![field]);
        typed_into(&mut fields, "device, ");
        fields.paste("channel\n\ncodec\n").unwrap();
        assert_eq!(fields.get("tables", now), "device\nchannel\ncodec");
        fields.lines[0].fill("device\nchannel");
        assert_eq!(fields.lines[0].typed(), "device,channel");
    }

    fn guard() -> Fields {
        let name = Field::new("name", "Type the name", Accepts::Exactly("db-orders".into()));
        Fields::new(Purpose::Hold, "Guard", "Delete", vec![name])
    }

    #[test]
    fn a_name_that_proves_attention_is_compared_exactly_and_never_pasted() {
        let now = "2026-11-21T02:53:00Z".parse().unwrap();
        let mut fields = guard();
        assert!(fields.paste("db-orders").is_err());
        typed_into(&mut fields, "db-order");
        assert!(!fields.check(now));
        let problem = fields.lines[0].problem.clone().unwrap();
        assert_eq!(problem, "you typed db-order, the target is db-orders");
        typed_into(&mut fields, "s");
        assert!(fields.check(now));
    }

    #[test]
    fn a_moment_is_completed_when_it_is_used() {
        let at: DateTime<Utc> = "2026-11-21T02:53:00Z".parse().unwrap();
        let kind = Box::new(ValueType::plain(Kind::Time));
        let mut field = Field::new("when", "when", Accepts::Value { kind, optional: false });
        field.fill("02:36Z");
        assert_eq!(field.value(at).unwrap(), "2026-11-21T02:36:00Z");
        field.fill("soon");
        assert!(field.value(at).is_err());
    }

    #[test]
    fn the_keys_go_round_fields_and_buttons() {
        let mut fields = guard();
        assert!(fields.field().is_some());
        fields.step(true);
        assert_eq!(fields.button().unwrap().press, Press::Go);
        fields.step(true);
        assert_eq!(fields.button().unwrap().press, Press::Cancel);
        fields.step(true);
        assert!(fields.field().is_some());
        fields.step(false);
        assert_eq!(fields.button().unwrap().press, Press::Cancel);
    }
}
