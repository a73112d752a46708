//! Every name that has a value, since when, and what kind of value it is.

use super::Order;
use crate::runbook::model::BUILT_IN;
use crate::runbook::model::{Act, Capture, Definition, Runbook, Step};
use crate::runbook::parse::define::RESERVED_NAMES;
use crate::runbook::parse::reader::Reader;
use crate::runbook::place::{At, Place};
use crate::runbook::resolve::variable;
use crate::runbook::template::{Part, Text};
use crate::runbook::value::{Kind, ValueType};
use std::collections::HashMap;

/// Who gives the built-in values.
const EVERY_RUN: &str = "every run";

/// What is known about a name.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its kind; `None` for built-in and derived values.
    pub kind: Option<Kind>,
    /// No value of it can hold a quote or a backslash.
    pub plain: bool,
    /// Known from this number on.
    pub since: usize,
    /// What gives it, for messages: ``step `restore` ``.
    pub from: String,
    /// What it can be, where that is written: outcomes, choices, `true` and `false`.
    pub domain: Option<Vec<String>>,
    /// Captured or asked by a step, so that another step that excludes this one may give it too.
    by_step: bool,
}

impl Given {
    /// Tells whether it is a secret.
    pub fn is_secret(&self) -> bool {
        self.kind == Some(Kind::Secret)
    }
}

/// Every name that has a value.
#[derive(Debug, Default)]
pub struct Names {
    names: HashMap<String, Given>,
    variables: HashMap<String, String>,
}

impl Names {
    /// Collects the names of a runbook; names that are given twice are reported.
    pub fn collect(runbook: &Runbook, order: &Order, reader: &mut Reader<'_>) -> Self {
        let mut names = Self::default();
        for name in BUILT_IN {
            let plain = !matches!(
                name,
                "operator" | "run.work" | "run.tmp" | "runbook.dir" | "incident.id"
            );
            let from = EVERY_RUN.to_owned();
            let given = Given { kind: None, plain, since: 0, from, domain: None, by_step: false };
            names.add(&At::new(name.to_owned(), Place::default()), given, reader);
        }
        for param in &runbook.params {
            names.define(param, 0, "`params`", false, reader);
        }
        for secret in &runbook.secrets {
            let mut given = typed(&ValueType::plain(Kind::Secret), 0, "`secrets`".to_owned());
            given.plain = false;
            names.add(&secret.name, given, reader);
        }
        for (index, check) in runbook.needs.checks.iter().enumerate() {
            let from = format!("check `{}`", check.id);
            names.captures(&check.capture, Order::check(index) + 1, &from, reader);
        }
        for (index, statement) in runbook.needs.statements.iter().enumerate() {
            for ask in &statement.ask {
                names.define(ask, order.statement(index), "a statement", false, reader);
            }
        }
        for (at, step) in order.steps(runbook) {
            names.step(at, step, reader);
        }
        names.derived(runbook, reader);
        names
    }

    /// Returns what is known about a name.
    pub fn get(&self, name: &str) -> Option<&Given> {
        self.names.get(name)
    }

    /// Returns every name, for suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    fn step(&mut self, at: usize, step: &Step, reader: &mut Reader<'_>) {
        let from = format!("step `{}`", step.id);
        for ask in &step.ask {
            self.define(ask, at, &from, true, reader);
        }
        self.captures(&step.capture, at + 1, &from, reader);
        if let Act::Decide(decide) = &step.act {
            let outcomes = decide.outcomes.iter().map(|outcome| outcome.name.value.clone());
            let domain = Some(outcomes.collect());
            let given = Given {
                kind: Some(Kind::Choice),
                plain: true,
                since: at + 1,
                from,
                domain,
                by_step: false,
            };
            self.add(&At::new(step.id.value.0.clone(), step.id.place), given, reader);
        }
    }

    fn define(
        &mut self,
        definition: &Definition,
        since: usize,
        from: &str,
        by_step: bool,
        reader: &mut Reader<'_>,
    ) {
        let mut given = typed(&definition.kind, since, from.to_owned());
        given.by_step = by_step;
        self.add(&definition.name, given, reader);
    }

    fn captures(
        &mut self,
        captures: &[Capture],
        since: usize,
        from: &str,
        reader: &mut Reader<'_>,
    ) {
        for capture in captures {
            let mut given = typed(&capture.kind, since, from.to_owned());
            given.by_step = true;
            self.add(&capture.name, given, reader);
        }
    }

    /// Derived values are known since the last of their parts, and plain if all of them are.
    fn derived(&mut self, runbook: &Runbook, reader: &mut Reader<'_>) {
        for (name, text) in &runbook.values {
            let parts: Vec<&Given> = text.names().filter_map(|(name, _)| self.get(name)).collect();
            let since = parts.iter().map(|given| given.since).max().unwrap_or(0);
            let plain = parts.iter().all(|given| given.plain) && is_plain(text);
            let from = match parts.iter().max_by_key(|given| given.since) {
                Some(last) if since > 0 => last.from.clone(),
                _ => "`values`".to_owned(),
            };
            let given = Given { kind: None, plain, since, from, domain: None, by_step: false };
            self.add(name, given, reader);
        }
    }

    fn add(&mut self, name: &At<String>, given: Given, reader: &mut Reader<'_>) {
        let provided = given.from == EVERY_RUN;
        if name.value.is_empty() || (!provided && RESERVED_NAMES.contains(&name.value.as_str())) {
            // Reported where it is defined.
            return;
        }
        let shared = self.variables.entry(variable(name)).or_insert_with(|| name.value.clone());
        if *shared != name.value {
            let what = format!("`{name}` and `{shared}` are the same to a script");
            let why = format!("both would be `{}` there", variable(name));
            reader.error("RB021", name.place, what, why, "Rename one of the two.");
        }
        match self.names.get_mut(&name.value) {
            None => {
                self.names.insert(name.value.clone(), given);
            }
            // Whether the two steps exclude each other is asked elsewhere.
            Some(first) if first.by_step && given.by_step => {
                first.since = first.since.min(given.since);
                first.plain &= given.plain;
                first.domain =
                    first.domain.take().filter(|domain| given.domain.as_ref() == Some(domain));
            }
            Some(first) => {
                let why = format!("{} gives it already", first.from);
                let next = "Rename one of the two.";
                reader.error(
                    "RB022",
                    name.place,
                    format!("a second value named `{name}`"),
                    why,
                    next,
                );
            }
        }
    }
}

fn typed(kind: &ValueType, since: usize, from: String) -> Given {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let domain = match kind.kind {
        Kind::Bool => words(&["true", "false"]),
        Kind::Choice => Some(kind.choices.iter().map(|choice| choice.value.clone()).collect()),
        _ => None,
    };
    Given { kind: Some(kind.kind), plain: kind_is_plain(kind), since, from, domain, by_step: false }
}

fn kind_is_plain(kind: &ValueType) -> bool {
    if kind.kind.is_plain() {
        return true;
    }
    match (&kind.pattern, kind.kind) {
        (_, Kind::Secret) => false,
        (Some(pattern), _) => !lets_quotes_in(pattern),
        (None, Kind::Choice) => {
            !kind.choices.is_empty() && kind.choices.iter().all(|choice| !has_quote(choice))
        }
        _ => false,
    }
}

/// Tells whether a pattern may match a quote or a backslash: by writing one, or by a class that is open at one end.
fn lets_quotes_in(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(
                    'd' | 'w' | 's' | 'b' | 'A' | 'z' | '.' | '-' | '/' | '[' | ']' | '(' | ')'
                    | '+' | '*' | '?' | '{' | '}' | '|' | '^' | '$' | '&' | '#' | '~',
                ) => {}
                _ => return true,
            },
            '[' if !in_class && chars.peek() == Some(&'^') => return true,
            '[' => in_class = true,
            ']' => in_class = false,
            '.' if !in_class => return true,
            c if has_quote(c.encode_utf8(&mut [0; 4])) => return true,
            _ => {}
        }
    }
    // A range such as `!-~` spans the quotes without writing them.
    ["!-", " -", "#-", "$-", "%-", "&-"].iter().any(|range| pattern.contains(range))
}

fn is_plain(text: &Text) -> bool {
    text.parts.iter().all(|part| !matches!(part, Part::Lit(lit) if has_quote(lit)))
}

fn has_quote(text: &str) -> bool {
    text.contains(['\'', '"', '`', '\\'])
}
