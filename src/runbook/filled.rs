//! Commands and texts with the values that are known, and the names of those that are not.

use crate::runbook::defined::{defined, list_names, secret_names};
use crate::runbook::model::{BUILT_IN, Call, Runbook, Values};
use crate::runbook::resolve::{self, Scope};
use crate::runbook::template::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A runbook's values as far as they are known.
#[derive(Debug)]
pub struct Filled {
    known: Values,
    /// The known values, and a stand-in for every other name.
    ///
    /// A command is resolved with stand-ins that no quoting touches, and they become `{{ name }}` again afterwards: so
    /// what is shown comes from the one place that makes commands, and differs from the real one in the values alone.
    with_stand_ins: Values,
    stand_ins: Vec<(String, String)>,
    lists: BTreeSet<String>,
    secrets: BTreeSet<String>,
}

/// A command as it is shown.
#[derive(Debug)]
pub struct Shown {
    /// Its text; unknown values stand as `{{ name }}`.
    pub text: String,
    /// Names of the values in it that are not known yet, each once.
    pub unknown: Vec<String>,
}

impl Filled {
    /// Fills in what is known, and derives what follows from it.
    pub fn new(runbook: &Runbook, given: &BTreeMap<String, String>) -> Self {
        let mut known: Values = given.clone();
        for (name, text) in &runbook.values {
            if let Ok(value) = text.render(&known) {
                known.insert(name.value.clone(), value);
            }
        }
        let secrets = secret_names(runbook);
        let mut names: BTreeSet<String> = BUILT_IN.map(str::to_owned).into();
        names.extend(runbook.values.iter().map(|(name, _)| name.value.clone()));
        names.extend(defined(runbook).map(|(name, _)| name.to_owned()));
        names.retain(|name| !known.contains_key(name) && !secrets.contains(name));
        let stand_in = |(index, name): (usize, String)| (format!("qJ8{index:04}Kz"), name);
        let stand_ins: Vec<_> = names.into_iter().enumerate().map(stand_in).collect();
        let mut with_stand_ins = known.clone();
        with_stand_ins.extend(stand_ins.iter().map(|(mark, name)| (name.clone(), mark.clone())));
        Self { known, with_stand_ins, stand_ins, lists: list_names(runbook), secrets }
    }

    /// Returns the known values.
    pub fn known(&self) -> &Values {
        &self.known
    }

    /// Fills a text; unknown values stand as `{{ name }}`.
    pub fn text(&self, text: &Text) -> String {
        text.render_known(&self.known)
    }

    /// Fills a command.
    pub fn call(&self, call: &Call) -> Shown {
        let mark = |name: &str| self.with_stand_ins.get(name).map_or("", String::as_str);
        let scope = Scope {
            values: &self.with_stand_ins,
            lists: &self.lists,
            secrets: &self.secrets,
            work: mark("run.work"),
            runbook_dir: mark("runbook.dir"),
        };
        let mut text = match resolve::resolve(call, &scope) {
            Ok(resolved) => resolved.shown,
            // A name that nothing defines: `check` says where.
            Err(names) => format!("(cannot be shown: {})", names.join(", ")),
        };
        let mut unknown = Vec::new();
        for (mark, name) in &self.stand_ins {
            if text.contains(mark.as_str()) {
                text = text.replace(mark.as_str(), &format!("{{{{ {name} }}}}"));
                unknown.push(name.clone());
            }
        }
        Shown { text, unknown }
    }
}
