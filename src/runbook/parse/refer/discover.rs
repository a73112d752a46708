//! What a discovery may use: it runs on the form, before there is a run.

use crate::runbook::model::{Call, FileContent, Program, Runbook, Stdin};
use crate::runbook::parse::reader::Reader;
use crate::runbook::place::Place;
use crate::runbook::template::Word;

/// Built-in values that only an open run has.
const OF_A_RUN: [&str; 3] = ["run.id", "run.stamp", "run.tmp"];

/// Reports what a discovery uses and a form does not have.
pub fn check(runbook: &Runbook, reader: &mut Reader<'_>) {
    for definition in &runbook.params {
        let Some(discover) = &definition.discover else { continue };
        for (name, place) in names(&discover.call) {
            let is_declared = runbook.secrets.iter().any(|secret| secret.name.value == name);
            if !is_declared && !OF_A_RUN.contains(&name) && name != definition.name.value {
                continue;
            }
            let what = format!("a discovery that needs `{name}`");
            let (why, next) = if name == definition.name.value {
                ("it is the value that is being looked for", "Look for it by other values.")
            } else {
                ("it runs before the run is open, and only a run has that", "Use a parameter.")
            };
            reader.error("RB061", place, what, why, next);
        }
    }
}

/// Every name that a call uses.
fn names(call: &Call) -> Vec<(&str, Place)> {
    let mut names: Vec<(&str, Place)> = Vec::new();
    if let Program::Words(words) = &call.program {
        names.extend(words.iter().flat_map(Word::names));
    }
    names.extend(call.env.iter().flat_map(|(_, word)| word.names()));
    names.extend(call.cwd.iter().flat_map(Word::names));
    match &call.stdin {
        Some(Stdin::Text(text)) => names.extend(text.names()),
        Some(Stdin::File(word)) => names.extend(word.names()),
        Some(Stdin::Value(name) | Stdin::Secret(name)) => names.push((name, name.place)),
        None => {}
    }
    for (_, content) in &call.files {
        match content {
            FileContent::Text(text) => names.extend(text.names()),
            FileContent::Secret(name) => names.push((name, name.place)),
        }
    }
    names
}
