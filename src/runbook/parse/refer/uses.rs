//! Every place a value is put into: the name exists, is known by then, and its type may stand there.

use super::super::reader::Reader;
use super::Order;
use super::names::{Named, Names};
use crate::runbook::model::{
    Act, Call, Capture, Check, Compare, Decide, Definition, Expect, FileContent, Program, Runbook,
    SecretSource, Stdin, Step, Then, Undo,
};
use crate::runbook::place::{At, Place};
use crate::runbook::template::{Part, Text, Word};
use crate::runbook::value::Kind;

/// Checks every use of a value.
pub fn check(runbook: &Runbook, order: &Order, names: &Names, reader: &mut Reader<'_>) {
    let mut uses = Uses { names, reader, at: 0 };
    for param in &runbook.params {
        uses.definition(param);
    }
    for secret in &runbook.secrets {
        match &secret.source {
            SecretSource::Command(words, _) => {
                words.iter().for_each(|word| uses.command_word(word))
            }
            SecretSource::File(text) | SecretSource::Prompt(text) => uses.text(text),
            SecretSource::Env(_) => {}
        }
    }
    uses.values(runbook);
    for (index, check) in runbook.needs.checks.iter().enumerate() {
        uses.at = Order::check(index);
        uses.check(check);
    }
    for (index, statement) in runbook.needs.statements.iter().enumerate() {
        uses.at = order.statement(index);
        statement.ask.iter().for_each(|ask| uses.definition(ask));
        uses.text(&statement.say);
    }
    uses.at = order.first_step;
    runbook.fence.iter().for_each(|fence| uses.check(fence));
    for (at, step) in order.steps(runbook) {
        uses.at = at;
        uses.step(step);
    }
}

/// The walk through a runbook, with the number of the step it is at.
struct Uses<'u, 'r> {
    names: &'u Names,
    reader: &'u mut Reader<'r>,
    at: usize,
}

impl Uses<'_, '_> {
    /// Derived values may use only what is written above them, so that they never go in circles.
    fn values(&mut self, runbook: &Runbook) {
        let position = |name: &str| runbook.values.iter().position(|(at, _)| at.value == name);
        for (index, (name, text)) in runbook.values.iter().enumerate() {
            for (used, place) in text.names() {
                if position(used).is_some_and(|other| other >= index) {
                    let what = format!("`{name}` uses `{used}`, which is not above it");
                    let why = "derived values are made in the order they are written";
                    self.reader.error(
                        "RB061",
                        place,
                        what,
                        why,
                        "Move it below the value it uses.",
                    );
                } else if let Some(named) = self.known(used, place, usize::MAX) {
                    self.no_secret(used, named.is_secret(), place);
                }
            }
        }
    }

    fn check(&mut self, check: &Check) {
        self.text(&check.title);
        self.call(&check.call);
        self.judged(&check.expect, &check.capture);
    }

    fn step(&mut self, step: &Step) {
        step.ask.iter().for_each(|ask| self.definition(ask));
        let shown = [
            Some(&step.title),
            step.what.as_ref(),
            step.why.as_ref(),
            step.target.as_ref(),
            step.loses.as_ref(),
        ];
        shown.into_iter().flatten().for_each(|text| self.text(text));
        step.hints.iter().for_each(|text| self.text(text));
        match &step.act {
            Act::Call(call) => self.call(call),
            Act::Manual(text) => self.text(text),
            Act::Decide(decide) => self.decide(decide),
            Act::Wait(wait) => {
                self.call(&wait.call);
                self.expect(&wait.until);
                wait.fail.iter().for_each(|fail| self.expect(fail));
            }
        }
        self.judged(&step.expect, &step.capture);
        if let Some(probe) = &step.probe {
            self.call(&probe.call);
            probe.answers.iter().for_each(|answer| self.expect(&answer.expect));
            for capture in &probe.capture {
                self.filled(step, &capture.name);
                capture.default.iter().for_each(|text| self.text(text));
            }
        }
        // From here on the step has ended, and its own captures are known.
        self.at += 1;
        let after = [
            step.no_undo.as_ref(),
            step.keeps.as_ref(),
            step.raises.as_ref().map(|raises| &raises.note),
        ];
        after.into_iter().flatten().for_each(|text| self.text(text));
        step.raises.iter().flat_map(|raises| &raises.owner).for_each(|text| self.text(text));
        step.failures.iter().for_each(|failure| self.text(&failure.means));
        step.defer.iter().for_each(|defer| self.text(&defer.why));
        step.call.iter().for_each(|call| self.text(&call.who));
        step.undo.iter().for_each(|undo| self.undo(undo));
    }

    fn undo(&mut self, undo: &Undo) {
        let shown = [Some(&undo.title), undo.target.as_ref(), undo.loses.as_ref()];
        shown.into_iter().flatten().for_each(|text| self.text(text));
        match &undo.act {
            Act::Call(call) => self.call(call),
            Act::Manual(text) => self.text(text),
            Act::Decide(_) | Act::Wait(_) => {}
        }
    }

    fn decide(&mut self, decide: &Decide) {
        let shown = [&decide.question, &decide.because, &decide.not_enough];
        shown.into_iter().flatten().for_each(|text| self.text(text));
        for outcome in &decide.outcomes {
            self.text(&outcome.title);
            [&outcome.means, &outcome.costs].into_iter().flatten().for_each(|text| self.text(text));
            if let Some(Then::Go { with, .. }) = &outcome.then {
                with.iter().for_each(|(_, text)| self.text(text));
            }
        }
        for question in &decide.ladder {
            self.text(&question.ask);
            [&question.how, &question.not_enough]
                .into_iter()
                .flatten()
                .for_each(|text| self.text(text));
            if let Some(check) = &question.check {
                self.call(&check.call);
                check.suggests.iter().for_each(|(expect, _)| self.expect(expect));
            }
        }
    }

    fn definition(&mut self, definition: &Definition) {
        let shown = [&definition.ask, &definition.help, &definition.default];
        shown.into_iter().flatten().for_each(|text| self.text(text));
        if let Some(discover) = &definition.discover {
            self.call(&discover.call);
        }
    }

    fn judged(&mut self, expect: &[Expect], capture: &[Capture]) {
        expect.iter().for_each(|expect| self.expect(expect));
        capture
            .iter()
            .filter_map(|capture| capture.default.as_ref())
            .for_each(|text| self.text(text));
    }

    fn expect(&mut self, expect: &Expect) {
        match &expect.compare {
            Some(
                Compare::Equals(text)
                | Compare::Not(text)
                | Compare::AtLeast(text)
                | Compare::AtMost(text),
            ) => {
                self.text(text);
            }
            Some(Compare::In(texts)) => texts.iter().for_each(|text| self.text(text)),
            Some(Compare::Matches(_)) | None => {}
        }
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

    fn call(&mut self, call: &Call) {
        if let Program::Words(words) = &call.program {
            words.iter().for_each(|word| self.command_word(word));
        }
        for (_, word) in &call.env {
            for (name, place) in word.names() {
                if let Some(named) = self.known(name, place, self.at)
                    && word.only_name().is_none()
                {
                    self.no_secret(name, named.is_secret(), place);
                }
            }
        }
        call.cwd.iter().for_each(|word| self.parts(&word.parts));
        match &call.stdin {
            Some(Stdin::Text(text)) => self.data(text),
            Some(Stdin::File(word)) => self.parts(&word.parts),
            Some(Stdin::Value(name)) => {
                if let Some(named) = self.known(name, name.place, self.at)
                    && named.is_secret()
                {
                    let why = "secrets are handed over by name only";
                    let next = format!("Write `stdin: {{secret: {name}}}`.");
                    self.reader.error(
                        "RB035",
                        name.place,
                        format!("`{name}` is a secret"),
                        why,
                        next,
                    );
                }
            }
            Some(Stdin::Secret(name)) => self.secret(name),
            None => {}
        }
        for (_, content) in &call.files {
            match content {
                FileContent::Text(text) => self.data(text),
                FileContent::Secret(name) => self.secret(name),
            }
        }
    }

    fn secret(&mut self, name: &At<String>) {
        if let Some(named) = self.known(name, name.place, self.at)
            && !named.is_secret()
        {
            let why = "only what is declared a secret is masked and kept out of the journal";
            let next = "Declare it under `secrets:`, or hand it over as a value.";
            self.reader.error("RB035", name.place, format!("`{name}` is not a secret"), why, next);
        }
    }

    fn text(&mut self, text: &Text) {
        self.parts(&text.parts);
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            if let Part::Var { name, place, .. } = part
                && let Some(named) = self.known(name, *place, self.at)
            {
                self.no_secret(name, named.is_secret(), *place);
            }
        }
    }

    /// A text that a program reads: a value directly behind a quote stands inside another language.
    fn data(&mut self, text: &Text) {
        self.parts(&text.parts);
        for pair in text.parts.windows(2) {
            if let [Part::Lit(before), Part::Var { name, place, .. }] = pair
                && before.ends_with(['\'', '"'])
                && let Some(named) = self.names.get(name)
            {
                self.plain(name, named.plain, *place);
            }
        }
    }

    fn command_word(&mut self, word: &Word) {
        let mut quote = None;
        for part in &word.parts {
            match part {
                Part::Lit(text) => quote = quote_after(quote, text),
                Part::Var { name, spread, place } => {
                    let Some(named) = self.known(name, *place, self.at) else { continue };
                    self.no_secret_word(name, named.is_secret(), *place);
                    self.fits_word(name, named.kind == Some(Kind::List), *spread, *place);
                    if quote.is_some() {
                        self.plain(name, named.plain, *place);
                    }
                }
            }
        }
    }

    fn fits_word(&mut self, name: &str, list: bool, spread: bool, place: Place) {
        if list && !spread {
            let why = "a list is several values, and this is one word";
            let next = format!("Write `{{{{ {name}... }}}}`: one word per item.");
            self.reader.error("RB034", place, format!("the list `{name}` in one word"), why, next);
        } else if spread && !list {
            let why = "three dots make one word per item of a list";
            let next = format!("Write `{{{{ {name} }}}}`, or give it `type: list`.");
            self.reader.error("RB034", place, format!("`{name}` is not a list"), why, next);
        }
    }

    fn plain(&mut self, name: &str, plain: bool, place: Place) {
        if !plain {
            let what = format!("`{name}` inside quotes of another language");
            let why = "its type allows quotes and backslashes, so a value could end the quoted text and go on as code";
            let next = "Give it a narrower type or `pattern`, or hand it over as a value: `psql -v`, an argument, `env`.";
            self.reader.error("RB047", place, what, why, next);
        }
    }

    fn no_secret(&mut self, name: &str, secret: bool, place: Place) {
        if secret {
            let why = "what stands here is shown and recorded";
            let next = "Hand it over by `env: {NAME: \"{{ … }}\"}` alone, `stdin: {secret: …}` or `files: {…: {secret: …}}`.";
            self.reader.error("RB035", place, format!("the secret `{name}` in a text"), why, next);
        }
    }

    fn no_secret_word(&mut self, name: &str, secret: bool, place: Place) {
        if secret {
            let why = "every process on the machine can read the words of a command";
            let next = "Hand it over by `env`, `stdin: {secret: …}` or `files: {…: {secret: …}}`.";
            self.reader.error(
                "RB035",
                place,
                format!("the secret `{name}` in a command line"),
                why,
                next,
            );
        }
    }

    /// Returns what is known about a name, or reports that it is unknown, or not known yet.
    fn known(&mut self, name: &str, place: Place, at: usize) -> Option<Named> {
        let names = self.names;
        let Some(named) = names.get(name) else {
            let next = match self.reader.near(name, names.all()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Declare it under `params:`, `values:`, `ask:` or `capture:`.".to_owned(),
            };
            let why = "nothing in this runbook gives it a value";
            self.reader.error("RB033", place, format!("unknown value `{name}`"), why, next);
            return None;
        };
        if named.since > at {
            let why = format!("it comes from {}, which has not ended here", named.from);
            let next = "Move this below that step, or use a value that is known before.";
            self.reader.error("RB061", place, format!("`{name}` is not known yet here"), why, next);
        }
        Some(named.clone())
    }
}

fn quote_after(mut quote: Option<char>, text: &str) -> Option<char> {
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            _ => {}
        }
    }
    quote
}
