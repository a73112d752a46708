//! A person at the screen: reads it, presses what the hint line offers, types what is asked for. Knows nothing else.

use super::window::{View, Window};

/// What the person knows before the walk begins. They remember nothing of the walk itself: whoever takes over from a
/// screen that was killed has only the new screen to go by.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    /// Answers of the ladder, by the number of the question. No runbook that is walked has two ladders.
    answers: Vec<&'static str>,
    /// The outcomes to choose where one of them is offered.
    outcomes: Vec<&'static str>,
    /// The hint line and the key that was chosen from it, press by press.
    pub pressed: Vec<String>,
}

/// What is to be done about what the screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    /// Press an offered key.
    Press(String),
    /// Type a text where the cursor is.
    Type(String),
    /// Take so many letters back.
    Erase(usize),
    /// Nothing but wait: a command runs.
    Wait,
}

/// How often the same key on the same offer is tried: a long command is read row by row.
const IN_VAIN: usize = 60;

/// What stands before the marked line of a list, and before the line or button that has the keys.
const MARK: &str = "▸";

/// What stands around a row: the border of the place, and blanks.
const BORDER: [char; 4] = ['│', '║', '┆', ' '];

impl Hand {
    /// A person who knows these answers and outcomes.
    pub fn knowing(answers: &[&'static str], outcomes: &[&'static str]) -> Self {
        Self { answers: answers.into(), outcomes: outcomes.into(), ..Self::default() }
    }

    /// Goes on until the screen is so, or to the end of the program.
    pub fn walk(&mut self, window: &mut Window, until: impl Fn(&View) -> bool) {
        loop {
            let view = window.read("something to do", |view| {
                view.ended || until(view) || !view.offers().is_empty()
            });
            if view.ended || until(&view) {
                return;
            }
            match self.deed(&view) {
                Deed::Press(key) => {
                    self.pressed.push(format!("{key} of {}", view.rows.last().unwrap()));
                    window.press_and_look(&key);
                    let last = self.pressed.last();
                    let vain = self.pressed.iter().rev().take_while(|one| Some(*one) == last);
                    let text = window.view().text();
                    assert!(vain.count() < IN_VAIN, "{key} leads nowhere in:\n{text}");
                }
                Deed::Type(text) => window.type_text(&text),
                Deed::Erase(letters) => window.erase(letters),
                Deed::Wait => {
                    let before = view.offers();
                    window.wait("the command to end", |now| {
                        now.ended || until(now) || now.offers() != before
                    });
                }
            }
        }
    }

    /// What a careful person does. A key can be lost, when something to be read appeared just then; then the screen is
    /// as it was, and so is what they do.
    fn deed(&self, view: &View) -> Deed {
        if let Some(typed) = typed_so_far(view) {
            let wanted = wanted(view);
            if typed.is_empty() {
                return Deed::Type(wanted);
            }
            if typed != wanted && wanted.ends_with(&typed) {
                return Deed::Erase(typed.chars().count());
            }
            // Enter never reaches the button of a guard; another key does.
            if let Some(key) = view.key_for("to the button") {
                return Deed::Press(key);
            }
        }
        if view.offers_key("R") {
            return Deed::Press("R".into());
        }
        if let Some(key) = view.key_for("read it to its end") {
            return Deed::Press(key);
        }
        // A guard begins on its harmless button; its line is one step away.
        if view.key_for("press Cancel").is_some() {
            return Deed::Press(view.key_for("field").expect("a way to the line"));
        }
        if view.key_for("look at the output").is_some() {
            return Deed::Wait;
        }
        if view.key_for("choose the marked one").is_some() {
            let marked = marked(view);
            if !self.outcomes.iter().any(|one| marked.starts_with(&one.to_uppercase())) {
                return Deed::Press(view.key_for("mark another").expect("a way to the others"));
            }
        }
        if view.key_for("yes").is_some() {
            let asked = question(view).and_then(|number| self.answers.get(number - 1));
            let answer = asked.expect("a question that was not foreseen");
            return Deed::Press(view.key_for(answer).unwrap());
        }
        assert!(view.offers_key("Enter"), "nothing to do in:\n{}", view.text());
        Deed::Press("Enter".into())
    }
}

/// The marked line of a list, without its number.
fn marked(view: &View) -> String {
    let row = view.rows.iter().rev().find_map(|row| row.split_once(MARK));
    let line = row.map_or("", |(_, line)| line);
    line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()).to_uppercase()
}

/// The number of the question that the ladder asks now.
fn question(view: &View) -> Option<usize> {
    let row = view.rows.iter().find_map(|row| row.split_once("▸ Q"))?;
    row.1.split(' ').next()?.parse().ok()
}

/// What stands in the line that has the keys, if one has.
fn typed_so_far(view: &View) -> Option<String> {
    let line = view.rows.iter().rev().find(|row| row.contains(MARK))?;
    // A label that is too long is cut, and keeps its end.
    let (label, typed) = line.split_once("  >").or_else(|| line.split_once("…"))?;
    let typed = typed.trim_end_matches(BORDER).trim_start();
    (view.cursor && label.contains(MARK)).then(|| typed.to_owned())
}

/// What is asked for: the name of the target, which the last button of its guard says, and words anywhere else.
fn wanted(view: &View) -> String {
    let named = |row: &String| row.contains(MARK) && row.contains("the target's name");
    if !view.rows.iter().any(named) {
        return "looked".to_owned();
    }
    let button = view.rows.iter().find_map(|row| row.split_once("[ Run it on "));
    let target = button.and_then(|(_, rest)| rest.split_once(" ]"));
    target.map_or("looked", |(target, _)| target).to_owned()
}
