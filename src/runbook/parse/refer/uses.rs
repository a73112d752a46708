//! The rules of a use: the name exists, is known by then, and its type may stand there.

use super::names::{Given, Names};
use crate::runbook::model::{Call, FileContent, Program, Stdin};
use crate::runbook::parse::reader::Reader;
use crate::runbook::place::{At, Place};
use crate::runbook::template::{Part, Text, Word};
use crate::runbook::value::Kind;

/// The uses of a runbook, with the number of the step that is looked at.
#[derive(Debug)]
pub struct Uses<'u, 'r> {
    /// What is known about every name.
    pub names: &'u Names,
    /// Where mistakes are reported.
    pub reader: &'u mut Reader<'r>,
    /// The number of the step.
    pub at: usize,
}

impl Uses<'_, '_> {
    /// Checks what is put into a call and around it.
    pub fn call(&mut self, call: &Call) {
        if let Program::Words(words) = &call.program {
            for word in words {
                self.command_word(word);
            }
        }
        for (_, word) in &call.env {
            for (name, place) in word.names() {
                if let Some(given) = self.known(name, place, self.at)
                    && word.only_name().is_none()
                {
                    self.no_secret(name, given.is_secret(), place);
                }
            }
        }
        if let Some(word) = &call.cwd {
            self.parts(&word.parts);
        }
        match &call.stdin {
            Some(Stdin::Text(text)) => self.data(text),
            Some(Stdin::File(word)) => self.parts(&word.parts),
            Some(Stdin::Value(name)) => {
                if let Some(given) = self.known(name, name.place, self.at)
                    && given.is_secret()
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
        if let Some(given) = self.known(name, name.place, self.at)
            && !given.is_secret()
        {
            let why = "only what is declared a secret is masked and kept out of the journal";
            let next = "Declare it under `secrets:`, or hand it over as a value.";
            self.reader.error("RB035", name.place, format!("`{name}` is not a secret"), why, next);
        }
    }

    /// Checks what is put into a text that is shown or recorded.
    pub fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            if let Part::Var { name, place, .. } = part
                && let Some(given) = self.known(name, *place, self.at)
            {
                self.no_secret(name, given.is_secret(), *place);
            }
        }
    }

    /// A text that a program reads: a value directly behind a quote stands inside another language.
    fn data(&mut self, text: &Text) {
        self.parts(&text.parts);
        for pair in text.parts.windows(2) {
            if let [Part::Lit(before), Part::Var { name, place, .. }] = pair
                && before.ends_with(['\'', '"'])
                && let Some(given) = self.names.get(name)
            {
                self.plain(name, given.plain, *place);
            }
        }
    }

    /// Checks what is put into a word of a command line.
    pub fn command_word(&mut self, word: &Word) {
        let mut quote = None;
        for part in &word.parts {
            match part {
                Part::Lit(text) => quote = quote_after(quote, text),
                Part::Var { name, spread, place } => {
                    let Some(given) = self.known(name, *place, self.at) else { continue };
                    self.no_secret_word(name, given.is_secret(), *place);
                    self.fits_word(name, given.kind == Some(Kind::List), *spread, *place);
                    if quote.is_some() {
                        self.plain(name, given.plain, *place);
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

    /// Reports a secret where it would be shown.
    pub fn no_secret(&mut self, name: &str, secret: bool, place: Place) {
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
    pub fn known(&mut self, name: &str, place: Place, at: usize) -> Option<Given> {
        let names = self.names;
        let Some(given) = names.get(name) else {
            let next = match self.reader.near(name, names.all()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Declare it under `params:`, `values:`, `ask:` or `capture:`.".to_owned(),
            };
            let why = "nothing in this runbook gives it a value";
            self.reader.error("RB033", place, format!("unknown value `{name}`"), why, next);
            return None;
        };
        if given.since > at {
            let why = format!("it comes from {}, which has not ended here", given.from);
            let next = "Move this below that step, or use a value that is known before.";
            self.reader.error("RB061", place, format!("`{name}` is not known yet here"), why, next);
        }
        Some(given.clone())
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
