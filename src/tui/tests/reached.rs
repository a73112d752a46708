//! One walk through the runbook that has everything, by keys only; a copy is kept of every place on the way.

use super::stage::Stage;
use super::world::Ends;
use crate::runbook::model::Hazard;
use crate::tui::fields::Press;
use crate::tui::key::Key;
use crate::tui::place::Place;
use chrono::TimeDelta;
use std::sync::{LazyLock, Mutex};

/// A place that keys have led to.
#[derive(Clone)]
pub struct Reached {
    pub name: &'static str,
    pub place: Place,
    pub stage: Stage,
}

/// The walk, and what was kept of it.
struct Walk {
    at: Stage,
    kept: Vec<Reached>,
}

/// The walk in the smallest usual window, made once.
pub fn usual() -> Vec<Reached> {
    static WALKED: LazyLock<Mutex<Vec<Reached>>> = LazyLock::new(|| Mutex::new(reached((80, 24))));
    WALKED.lock().unwrap().clone()
}

/// Walks through everything in a window of this size.
pub fn reached(size: (u16, u16)) -> Vec<Reached> {
    let mut walk = Walk { at: Stage::new(size), kept: Vec::new() };
    walk.preflight();
    walk.every_layer();
    walk.a_change_and_its_troubles();
    walk.a_long_command();
    walk.work_by_hand();
    walk.looking_and_deciding();
    walk.what_cannot_be_taken_back();
    walk.the_end();
    walk.kept
}

impl Walk {
    /// Keeps a copy, and says where it has to be.
    fn keep(&mut self, name: &'static str, place: Place) {
        let stage = self.at.clone();
        assert_eq!(stage.place(), place, "{name}: {:?}", stage.state.message());
        self.kept.push(Reached { name, place, stage });
    }

    /// Looks at something that these keys lead to, and comes back to where it was.
    fn aside(&mut self, keys: &[Key], name: &'static str, place: Place) {
        let before = self.at.clone();
        assert_eq!(self.at.keys(keys), None, "{name}");
        self.keep(name, place);
        self.at = before;
    }

    fn preflight(&mut self) {
        self.keep("a check of preflight", Place::Step);
        self.aside(&[Key::Char('v')], "all checks, shown first", Place::Fields);
        self.at.enter();
        self.keep("a check runs", Place::Running);
        self.at.ends(Ends::Passed);
        self.at.enter();
        self.at.ends(Ends::Passed);
        self.keep("a statement", Place::ByHand);
        self.at.enter();
    }

    fn every_layer(&mut self) {
        use Key::{BackTab, Char, Ctrl, Down, Enter, Esc, Tab};
        self.keep("a change", Place::Step);
        self.aside(&[Char('a')], "everything that can be done", Place::Menu);
        self.aside(&[Char('q')], "leaving", Place::Menu);
        self.aside(&[Ctrl('c')], "nothing to interrupt", Place::Menu);
        self.aside(&[Char('?')], "help", Place::Help);
        self.aside(&[Char('?'), Char('e'), Char('n')], "help, searched", Place::Help);
        self.aside(&[Char('a'), Char('?')], "help over a list", Place::Help);
        self.aside(&[Char('w')], "a note", Place::Note);
        self.aside(&[Char('w'), Char('R'), Enter, Char('R')], "a note of two lines", Place::Note);
        self.aside(&[Char('w'), Char('R'), Esc], "a note begun and left", Place::Step);
        self.aside(&[Char('w'), Tab, Key::F1], "help over a note", Place::Help);
        self.aside(&[Char('v')], "a probe, shown first", Place::Fields);
        self.aside(&[Char('z')], "one pane has the whole body", Place::Step);
        self.aside(&[Tab], "the command has the keys", Place::Step);
        self.aside(&[BackTab], "the steps have the keys", Place::Step);
        self.aside(&[BackTab, Down], "a later step is looked at", Place::Elsewhere);
        self.aside(&[BackTab, Down, Char('z')], "the list of steps, whole", Place::Elsewhere);
        self.aside(&[BackTab, Char('G')], "the last step is looked at", Place::Elsewhere);
        self.aside(&[Char('o')], "the output", Place::Output);
        self.aside(&[Char('o'), Char('z')], "the output, whole", Place::Output);
        self.aside(&[Char('o'), Char('/')], "a search", Place::Fields);
        self.aside(&[Char('o'), Char('/'), Char('R')], "a search, typed", Place::Fields);
        let before = self.at.clone();
        self.at.press(Char('a'));
        self.at.chooses("Read the messages");
        self.keep("the messages", Place::Messages);
        self.at = before.clone();
        self.at.press(Char('a'));
        self.at.chooses("Skip this step");
        self.keep("skipping", Place::Fields);
        self.at = before.clone();
        self.at.press(Char('q'));
        self.at.chooses("Stop this run");
        self.keep("stopping the run", Place::Fields);
        self.at.types("enough");
        self.keep("stopping the run, with a reason", Place::Fields);
        self.at = before.clone();
        self.at.press(Char('q'));
        self.at.chooses("Hold");
        self.keep("a hold", Place::Fields);
        self.at.types("waiting for the desk");
        self.at.enter();
        assert!(self.at.left, "a hold leaves");
        self.at.left = false;
        self.keep("on hold", Place::Held);
        self.at = before;
    }

    fn a_change_and_its_troubles(&mut self) {
        self.at.enter();
        self.keep("armed", Place::Step);
        let change = self.at.press(Key::Char('R')).expect("R runs what is armed");
        assert_eq!(change.hazard, Hazard::Change);
        self.keep("a change runs", Place::Running);
        self.aside(&[Key::Ctrl('c')], "interrupting", Place::Menu);
        self.aside(&[Key::Char('a')], "what can be done meanwhile", Place::Menu);
        self.at.ends(Ends::Failed);
        self.keep("a failure", Place::Failed);
        let before = self.at.clone();
        self.at.chooses("Go on in another runbook");
        self.keep("the other runbooks", Place::Menu);
        self.at.enter();
        self.keep("why another runbook", Place::Fields);
        self.at = before;
        let failed = self.at.clone();
        self.at.chooses("Edit the command");
        self.keep("a command being edited", Place::Edit);
        self.at.press(Key::Ctrl('d'));
        self.keep("an edited command that is the same", Place::Edit);
        self.at.types(" --again");
        self.aside(&[Key::F1], "help over a command being edited", Place::Help);
        self.aside(&[Key::Esc], "a command whose edit was left", Place::Failed);
        self.at.press(Key::Ctrl('d'));
        self.keep("the guard of an edited command", Place::Fields);
        self.at = failed;
        self.at.chooses("Do fix");
        self.keep("a fix", Place::Step);
        self.at.keys(&[Key::Enter, Key::Char('R')]).expect("the fix");
        self.at.ends(Ends::Passed);
        self.keep("a failure, its fix done", Place::Failed);
        let before = self.at.clone();
        self.at.chooses("Retry");
        self.keep("a retry against the rule", Place::Fields);
        self.at = before;
        self.at.chooses("I fixed it outside");
        self.keep("the probe after a failure, shown first", Place::Fields);
        self.at.enter();
        self.at.ends(Ends::Answers(2));
        self.at.marks("Retry");
        self.keep("a retry that the probe allows", Place::Failed);
        self.at.enter();
        self.keep("armed after a failure", Place::Step);
        self.at.press(Key::Char('R')).expect("R runs what is armed after a failure");
        self.at.ends(Ends::Lost);
        self.keep("an unknown outcome", Place::Unknown);
        let before = self.at.clone();
        self.at.chooses("Start 1.1 again anyway");
        self.keep("starting again anyway", Place::Fields);
        self.at = before.clone();
        self.at.chooses("I looked: it did not happen");
        self.keep("saying what was seen", Place::Fields);
        self.at = before;
        self.at.press(Key::Char('v'));
        self.at.ends(Ends::Answers(0));
        self.keep("an unknown outcome that the probe knows", Place::Unknown);
        self.at.chooses("It is done");
    }

    fn a_long_command(&mut self) {
        self.keep("a command longer than the pane", Place::Step);
        let before = self.at.clone();
        self.at.press(Key::Char('a'));
        self.at.chooses("Undo an open change");
        self.keep("the open changes", Place::Menu);
        self.at.enter();
        self.keep("an undo, armed", Place::Step);
        self.at = before;
        self.at.enter();
        self.keep("a long command, armed", Place::Step);
        while !self.at.state.armed.as_ref().unwrap().seen_to_end {
            assert_eq!(self.at.press_after(Key::Down, TimeDelta::milliseconds(30)), None);
        }
        self.keep("a long command, read to its end", Place::Step);
        self.at.press(Key::Char('R')).expect("R runs what was read to its end");
        self.at.ends(Ends::Interrupted);
        self.keep("an interrupted change", Place::Unknown);
        self.at.chooses("I looked: it is done");
        self.at.types("the rows are there");
        self.at.enter();
    }

    fn work_by_hand(&mut self) {
        self.keep("a change by hand", Place::ByHand);
        self.at.enter();
        self.keep("a change by hand, armed", Place::ByHand);
        self.at.press(Key::Char('R')).expect("R ticks what is armed");
        let before = self.at.clone();
        self.at.press(Key::Char('a'));
        self.at.chooses("Undo an open change");
        self.at.enter();
        self.keep("an undo by hand, armed", Place::ByHand);
        self.at = before;
    }

    fn looking_and_deciding(&mut self) {
        self.keep("a step that only looks", Place::Step);
        self.at.enter();
        self.at.ends(Ends::Passed);
        self.keep("a wait", Place::Step);
        self.at.enter();
        self.at.ends(Ends::Passed);
        self.keep("values are asked for", Place::Values);
        self.at.enter();
        self.keep("a value", Place::Fields);
        self.at.types("second floor");
        self.at.enter();
        self.keep("work by hand that only looks", Place::ByHand);
        self.at.enter();
        self.keep("a question", Place::Ladder);
        self.at.press(Key::Char('v'));
        self.at.ends(Ends::Answers(0));
        self.keep("a question with a suggestion", Place::Ladder);
        self.at.press(Key::Char('Y'));
        self.keep("how the answer is known", Place::Fields);
        self.at.enter();
        self.keep("the second question", Place::Ladder);
        self.at.press(Key::Char('Y'));
        self.at.types("measured");
        self.at.enter();
        self.keep("a decision after its ladder", Place::Decision);
        self.at.enter();
        self.keep("why it is decided so", Place::Fields);
        self.at.types("all rows are there");
        self.at.enter();
        self.keep("a plain decision", Place::Decision);
        self.at.press(Key::Char('2'));
        self.keep("a plain decision, the other line", Place::Decision);
        let before = self.at.clone();
        self.at.press(Key::Char('3'));
        self.keep("a decision that ends the run", Place::Decision);
        self.at.enter();
        self.keep("a decision that ends the run, why", Place::Fields);
        self.at.types("it is the app");
        self.at.enter();
        self.keep("closed, goes on elsewhere", Place::Closed);
        self.at.enter();
        assert!(self.at.left, "Enter goes on there");
        self.at = before;
        self.at.enter();
        self.at.types("it is at hand");
        self.at.enter();
    }

    /// Goes to the first line of a guard, types its lines, and stops on the button that starts it.
    fn fills_the_guard(&mut self, lines: &[&str]) {
        while !self.at.fields().read {
            self.at.press(Key::Down);
        }
        while self.at.fields().at != 0 {
            self.at.press(Key::BackTab);
        }
        for line in lines {
            self.at.types(line);
            self.at.press(Key::Tab);
        }
    }

    /// Moves the keys to a button.
    fn goes_to(&mut self, press: Press) {
        while self.at.fields().button().is_none_or(|button| button.press != press) {
            self.at.press(Key::Tab);
        }
    }

    fn what_cannot_be_taken_back(&mut self) {
        self.keep("a destructive step", Place::Step);
        self.at.enter();
        self.keep("a guard", Place::Fields);
        self.fills_the_guard(&["db-order"]);
        self.keep("a guard with the wrong name", Place::Fields);
        self.at.press(Key::BackTab);
        self.at.types("s");
        self.keep("a guard with the name typed", Place::Fields);
        self.goes_to(Press::Go);
        self.keep("the button of a guard", Place::Fields);
        let change = self.at.enter().expect("the button starts it");
        assert_eq!(change.hazard, Hazard::Destructive);
        self.at.ends(Ends::Passed);
        self.keep("a destructive step by hand", Place::ByHand);
        self.at.enter();
        self.keep("a guard of work by hand", Place::Fields);
        self.fills_the_guard(&["folder-9"]);
        self.goes_to(Press::Go);
        self.at.enter().expect("the button ticks it");
        self.keep("an irreversible step", Place::Step);
        self.at.enter();
        self.keep("a guard with a witness", Place::Fields);
        let before = self.at.clone();
        self.goes_to(Press::Defer);
        self.at.enter();
        self.keep("putting it off", Place::Fields);
        self.at = before;
        self.fills_the_guard(&["db-orders-old", "it costs", "lena"]);
        self.keep("a guard with everything typed", Place::Fields);
        self.goes_to(Press::Go);
        self.keep("the button of no return", Place::Fields);
        let change = self.at.enter().expect("the button starts it");
        assert_eq!(change.hazard, Hazard::Irreversible);
        self.at.ends(Ends::Passed);
    }

    fn the_end(&mut self) {
        let before = self.at.clone();
        self.at.resize((59, 40));
        self.keep("a window that is too small", Place::Tiny);
        self.at = before;
        self.keep("something to clear", Place::Clear);
        self.at.enter();
        self.keep("how it was cleared", Place::Fields);
        self.at.types("the old one is gone");
        self.at.enter();
        self.keep("everything is settled", Place::Close);
        self.at.enter();
        self.keep("closed", Place::Closed);
    }
}
