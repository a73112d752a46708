//! The values of a run: from flags, files, the environment and defaults; asked for where a person is there.

use super::Failure;
use super::run::ValueArgs;
use crate::driver;
use crate::driver::{Clock, SystemClock};
use crate::engine::event::{Given, Source};
use crate::engine::onward::Handed;
use crate::exec::attach::Secrets;
use crate::runbook::model::{Definition, Runbook, Values};
use crate::runbook::value::{Kind, LONGEST};
use crate::tui::form::Filled;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

/// The values of a run.
#[derive(Debug, Default)]
pub struct Form {
    /// By name, without secrets.
    pub params: BTreeMap<String, Given>,
    /// Parameters of type secret that were given.
    pub secrets: Secrets,
}

/// Asks for one value: the definition, and why the last answer did not do. `None` when nobody can be asked.
pub type AskValue<'a> = dyn FnMut(&Definition, Option<&str>) -> Option<String> + 'a;

/// What is given, in rising strength; names are checked against the runbook.
pub struct Offers<'a> {
    /// What the scenario of a rehearsal begins with.
    pub scenario: &'a BTreeMap<String, String>,
    /// What the run that this one continues hands over.
    pub handed: &'a Handed,
    /// The environment's values.
    pub environment: &'a BTreeMap<String, String>,
    /// The answers file's `params`.
    pub answers: &'a BTreeMap<String, String>,
    /// The command line.
    pub flags: &'a ValueArgs,
    /// What was typed on the form, if there was one.
    pub typed: Option<&'a Filled>,
}

impl Form {
    /// Fills the parameters of a runbook; every mistake is told at once.
    pub fn fill(
        runbook: &Runbook,
        offers: &Offers<'_>,
        ask: &mut AskValue,
    ) -> Result<Self, Failure> {
        let mut given = offered(offers)?;
        let mut form = Self::default();
        let mut wrong = Vec::new();
        // The environment's other values are there for templates, whether or not a parameter has their name.
        for (name, value) in offers.environment {
            let given = Given { value: value.clone(), source: Source::Environment };
            form.params.insert(name.clone(), given);
        }
        for definition in &runbook.params {
            let name = &definition.name.value;
            let offered = given.remove(name);
            match form.one(definition, offered, ask) {
                Ok(()) => {}
                Err(why) => wrong.push(why),
            }
        }
        for name in given.keys().filter(|name| !offers.environment.contains_key(*name)) {
            wrong.push(unknown(name, runbook));
        }
        if wrong.is_empty() {
            return Ok(form);
        }
        let next = format!("rutter show {}", runbook.name);
        let failure = Failure::usage("the values of this run are not complete", next);
        Err(wrong.into_iter().fold(failure, Failure::because))
    }

    fn one(
        &mut self,
        definition: &Definition,
        offered: Option<Given>,
        ask: &mut AskValue,
    ) -> Result<(), String> {
        let name = &definition.name.value;
        let known = self.values();
        let default = || {
            let text = definition.default.as_ref()?.render(&known).ok()?;
            Some(Given { value: text, source: Source::Default })
        };
        if let Some(Given { value, source: Source::Operator }) = &offered
            && value.is_empty()
            && definition.optional
        {
            // It was left empty on the form, where its default stood to be seen.
            return Ok(());
        }
        let mut answer = offered.or_else(default);
        let mut why: Option<String> = None;
        loop {
            let from_person = answer.is_none();
            let given = if let Some(given) = answer.take() {
                given
            } else if definition.optional && why.is_none() {
                return Ok(());
            } else if let Some(value) = ask(definition, why.as_deref()) {
                Given { value, source: Source::Operator }
            } else {
                let what = why.map_or(" is not given".to_owned(), |why| format!(": {why}"));
                return Err(format!("{name}{what} (-p {name}=…)"));
            };
            let now = SystemClock.stamp().at;
            let given = Given {
                value: driver::completed(definition.kind.kind, given.value, now),
                source: given.source,
            };
            match definition.kind.check(&given.value) {
                Ok(_) if definition.kind.kind == Kind::Secret => {
                    self.secrets.insert(name.clone(), SecretString::from(given.value));
                    return Ok(());
                }
                Ok(value) => {
                    self.params.insert(name.clone(), Given { value, source: given.source });
                    return Ok(());
                }
                Err(reason) if from_person => why = Some(reason),
                Err(reason) => return Err(format!("{name}: {reason}")),
            }
        }
    }

    /// The values so far, for texts and defaults.
    pub fn values(&self) -> Values {
        self.params.iter().map(|(name, given)| (name.clone(), given.value.clone())).collect()
    }
}

/// Returns the values as far as they are given, for a plan that starts nothing: a missing one is no mistake, a wrong one
/// is. Secrets are left out.
pub fn known(runbook: &Runbook, offers: &Offers<'_>) -> Result<Values, Failure> {
    let mut given = offered(offers)?;
    let mut known: Values = offers.environment.clone();
    let mut wrong = Vec::new();
    for definition in &runbook.params {
        let name = &definition.name.value;
        let default = || definition.default.as_ref()?.render(&known).ok();
        let Some(value) = given.remove(name).map(|given| given.value).or_else(default) else {
            continue;
        };
        match definition.kind.check(&value) {
            Ok(_) if definition.kind.kind == Kind::Secret => {}
            Ok(value) => _ = known.insert(name.clone(), value),
            Err(reason) => wrong.push(format!("{name}: {reason}")),
        }
    }
    for name in given.keys().filter(|name| !offers.environment.contains_key(*name)) {
        wrong.push(unknown(name, runbook));
    }
    if wrong.is_empty() {
        return Ok(known);
    }
    let next = format!("rutter show {}", runbook.name);
    let failure = Failure::usage("these values cannot be used", next);
    Err(wrong.into_iter().fold(failure, Failure::because))
}

fn unknown(name: &str, runbook: &Runbook) -> String {
    let near = runbook
        .params
        .iter()
        .map(|p| (strsim::damerau_levenshtein(&p.name.value, name), p.name.value.as_str()))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    let hint = near.map_or(String::new(), |(_, near)| format!("; did you mean {near}?"));
    format!("there is no parameter {name}{hint}")
}

/// Returns the values that flags and files give, by name. A name that the runbook does not have is a mistake.
pub fn by_flags(runbook: &Runbook, flags: &ValueArgs) -> Result<BTreeMap<String, Given>, Failure> {
    let none = BTreeMap::new();
    let handed = Handed::default();
    let offers = Offers {
        scenario: &none,
        handed: &handed,
        environment: &none,
        answers: &none,
        flags,
        typed: None,
    };
    let given = offered(&offers)?;
    let has = |name: &String| runbook.params.iter().any(|param| param.name.value == *name);
    match given.keys().find(|name| !has(name)) {
        None => Ok(given),
        Some(name) => {
            let next = format!("rutter show {}", runbook.name);
            Err(Failure::usage(unknown(name, runbook), next))
        }
    }
}

fn offered(offers: &Offers<'_>) -> Result<BTreeMap<String, Given>, Failure> {
    let mut given = BTreeMap::new();
    let mut put = |name: &String, value: String, source| {
        given.insert(name.clone(), Given { value, source });
    };
    for (name, value) in offers.scenario {
        put(name, value.clone(), Source::Scenario);
    }
    for (name, value) in &offers.handed.held {
        put(name, value.clone(), Source::Continued);
    }
    for (name, value) in offers.environment {
        put(name, value.clone(), Source::Environment);
    }
    for (name, value) in &offers.handed.with {
        put(name, value.clone(), Source::Continued);
    }
    for (name, value) in offers.answers {
        put(name, value.clone(), Source::Answers);
    }
    if let Some(path) = &offers.flags.params {
        for (name, value) in super::params_file::read(path)? {
            put(&name, value, Source::Flag);
        }
    }
    for (name, value) in &offers.flags.param {
        put(name, value.clone(), Source::Flag);
    }
    for (name, path) in &offers.flags.param_file {
        let text = read_value(path).map_err(|e| {
            Failure::usage(format!("{name}: {path}: {e}"), "give a file that can be read, or -")
        })?;
        put(name, text.strip_suffix('\n').unwrap_or(&text).to_owned(), Source::Flag);
    }
    if let Some(filled) = offers.typed {
        for (name, value) in &filled.typed {
            given.insert(name.clone(), by_hand(value));
        }
        for (name, value) in &filled.discovered {
            given.insert(name.clone(), Given { value: value.clone(), source: Source::Discovered });
        }
        for (name, secret) in &filled.secrets {
            given.insert(name.clone(), by_hand(secret.expose_secret()));
        }
    }
    Ok(given)
}

/// Reads a value, and not much more than the longest that is one: a device has no end.
fn by_hand(value: &str) -> Given {
    Given { value: value.to_owned(), source: Source::Operator }
}

fn read_value(path: &str) -> std::io::Result<String> {
    let most = LONGEST as u64 + 2; // a newline, and the byte that is too many
    let mut text = String::new();
    if path == "-" {
        std::io::stdin().take(most).read_to_string(&mut text)?;
    } else {
        fs::File::open(path)?.take(most).read_to_string(&mut text)?;
    }
    Ok(text)
}
