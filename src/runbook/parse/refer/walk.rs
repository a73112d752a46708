//! The walk past every place a value is put into, in the order things are done.

use super::Order;
use super::names::Names;
use super::uses::Uses;
use crate::runbook::model::{
    Act, Capture, Check, Compare, Decide, Definition, Expect, Runbook, SecretSource, Step, Then,
    Undo, Wait,
};
use crate::runbook::parse::reader::Reader;
use crate::runbook::place::At;
use crate::runbook::template::Text;
use std::collections::HashMap;

/// Checks every use of a value.
pub fn check(runbook: &Runbook, order: &Order, names: &Names, reader: &mut Reader<'_>) {
    let mut uses = Uses { names, reader, at: 0 };
    uses.definitions(&runbook.params);
    uses.secrets(runbook);
    uses.values(runbook);
    for (index, check) in runbook.needs.checks.iter().enumerate() {
        uses.at = Order::check(index);
        uses.check(check);
    }
    for (index, statement) in runbook.needs.statements.iter().enumerate() {
        uses.at = order.statement(index);
        uses.definitions(&statement.ask);
        uses.texts([&statement.say]);
    }
    uses.at = order.first_step;
    if let Some(fence) = &runbook.fence {
        uses.check(fence);
    }
    for (at, step) in order.steps(runbook) {
        uses.at = at;
        uses.step(step);
    }
}

impl Uses<'_, '_> {
    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t Text>) {
        for text in texts {
            self.parts(&text.parts);
        }
    }

    fn secrets(&mut self, runbook: &Runbook) {
        for secret in &runbook.secrets {
            match &secret.source {
                SecretSource::Command(words, _) => {
                    for word in words {
                        self.command_word(word);
                    }
                }
                SecretSource::File(text) | SecretSource::Prompt(text) => self.texts([text]),
                SecretSource::Env(_) => {}
            }
        }
    }

    /// Derived values may use only what is written above them, so that they never go in circles.
    fn values(&mut self, runbook: &Runbook) {
        let all: Vec<&str> = runbook.values.iter().map(|(name, _)| name.as_str()).collect();
        let places: HashMap<&str, usize> =
            all.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        for (index, (name, text)) in runbook.values.iter().enumerate() {
            for (used, place) in text.names() {
                if places.get(used).is_some_and(|other| *other >= index) {
                    let what = format!("`{name}` uses `{used}`, which is not above it");
                    let why = "derived values are made in the order they are written";
                    self.reader.error(
                        "RB061",
                        place,
                        what,
                        why,
                        "Move it below the value it uses.",
                    );
                } else if let Some(given) = self.known(used, place, usize::MAX) {
                    self.no_secret(used, given.is_secret(), place);
                }
            }
        }
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        for definition in definitions {
            let shown = [&definition.ask, &definition.help, &definition.default];
            self.texts(shown.into_iter().flatten());
            if let Some(discover) = &definition.discover {
                self.call(&discover.call);
            }
        }
    }

    fn check(&mut self, check: &Check) {
        self.texts([&check.title]);
        self.call(&check.call);
        self.judged(&check.expect, &check.capture);
    }

    fn step(&mut self, step: &Step) {
        self.definitions(&step.ask);
        self.texts([&step.title]);
        let shown = [&step.what, &step.why, &step.target, &step.loses];
        self.texts(shown.into_iter().flatten().chain(&step.hints));
        match &step.act {
            Act::Call(call) => self.call(call),
            Act::Manual(text) => self.texts([text]),
            Act::Decide(decide) => self.decide(decide),
            Act::Wait(wait) => self.wait(wait),
        }
        self.judged(&step.expect, &step.capture);
        self.probe(step);
        // From here on the step has ended, and its own captures are known.
        self.at += 1;
        self.after(step);
    }

    fn after(&mut self, step: &Step) {
        let raises =
            step.raises.iter().flat_map(|raises| [Some(&raises.note), raises.owner.as_ref()]);
        let shown = [step.no_undo.as_ref(), step.keeps.as_ref()];
        self.texts(shown.into_iter().chain(raises).flatten());
        self.texts(step.failures.iter().map(|failure| &failure.means));
        self.texts(step.defer.iter().map(|defer| &defer.why));
        self.texts(step.call.iter().map(|call| &call.who));
        if let Some(undo) = &step.undo {
            self.undo(undo);
        }
    }

    fn probe(&mut self, step: &Step) {
        let Some(probe) = &step.probe else { return };
        self.call(&probe.call);
        for answer in &probe.answers {
            self.expect(&answer.expect);
        }
        for capture in &probe.capture {
            self.filled(step, &capture.name);
        }
        self.judged(&[], &probe.capture);
    }

    /// A probe fills captures of its step; another name would be kept by nobody.
    fn filled(&mut self, step: &Step, name: &At<String>) {
        if !step.capture.iter().any(|capture| capture.name.value == name.value) {
            let what = format!("the probe captures `{name}`, the step does not");
            let why = "a probe fills the captures of its step when the step's own end was not seen";
            let next = "Capture it in the step too, or rename it.";
            self.reader.error("RB060", name.place, what, why, next);
        }
    }

    fn wait(&mut self, wait: &Wait) {
        self.call(&wait.call);
        self.expect(&wait.until);
        if let Some(fail) = &wait.fail {
            self.expect(fail);
        }
    }

    fn undo(&mut self, undo: &Undo) {
        self.texts([&undo.title]);
        self.texts([&undo.target, &undo.loses].into_iter().flatten());
        match &undo.act {
            Act::Call(call) => self.call(call),
            Act::Manual(text) => self.texts([text]),
            Act::Decide(_) | Act::Wait(_) => {}
        }
    }

    fn decide(&mut self, decide: &Decide) {
        let shown = [&decide.question, &decide.because, &decide.not_enough];
        self.texts(shown.into_iter().flatten());
        for outcome in &decide.outcomes {
            self.texts([&outcome.title]);
            self.texts([&outcome.means, &outcome.costs].into_iter().flatten());
            if let Some(Then::Go { with, .. }) = &outcome.then {
                self.texts(with.iter().map(|(_, text)| text));
            }
        }
        for question in &decide.ladder {
            self.texts([&question.ask]);
            self.texts([&question.how, &question.not_enough].into_iter().flatten());
            if let Some(check) = &question.check {
                self.call(&check.call);
                for (expect, _) in &check.suggests {
                    self.expect(expect);
                }
            }
        }
    }

    fn judged(&mut self, expect: &[Expect], capture: &[Capture]) {
        for expect in expect {
            self.expect(expect);
        }
        self.texts(capture.iter().filter_map(|capture| capture.default.as_ref()));
    }

    fn expect(&mut self, expect: &Expect) {
        use Compare::{AtLeast, AtMost, Equals, In, Matches, Not};
        match &expect.compare {
            Some(Equals(text) | Not(text) | AtLeast(text) | AtMost(text)) => self.texts([text]),
            Some(In(texts)) => self.texts(texts),
            Some(Matches(_)) | None => {}
        }
    }
}
