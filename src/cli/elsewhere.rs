//! Runbooks that a runbook names: whoever is sent there at night must find it, and find it ready for what is handed over.

use super::library::{Entry, Library, NotFound};
use crate::runbook::model::{Act, Runbook, Then, Values};
use crate::runbook::place::{At, Finding, Place, Severity};
use crate::runbook::template::Text;
use crate::runbook::value::Kind;

/// Checks every other runbook that is named by `go` or `not_when`: it is there, and asks for the values of `with`.
pub fn check(entry: &Entry, runbook: &Runbook, library: &Library) -> Vec<Finding> {
    let says = Says { entry };
    let mut findings = Vec::new();
    for named in runbook.not_when.iter().filter_map(|not| not.go.as_ref()) {
        if let Err(error) = library.find(named) {
            findings.push(says.missing(named, &error));
        }
    }
    let steps = runbook.phases.iter().flat_map(|phase| &phase.steps).chain(&runbook.fixes);
    for step in steps {
        let Act::Decide(decide) = &step.act else { continue };
        for outcome in &decide.outcomes {
            let Some(Then::Go { runbook: named, with }) = &outcome.then else { continue };
            match library.find(named) {
                Err(error) => findings.push(says.missing(named, &error)),
                // What is wrong inside the other one is told when that is checked.
                Ok(other) => {
                    let Ok(other) = other.runbook() else { continue };
                    let asks = |name: &str| other.params.iter().any(|p| p.name.value == name);
                    let unasked = with.iter().map(|(name, _)| name).filter(|name| !asks(name));
                    findings.extend(unasked.map(|name| says.unasked(name, named)));
                    let unfit = with.iter().filter_map(|(name, text)| {
                        Some(says.unfit(name, named, unfit(&other, &name.value, text)?))
                    });
                    findings.extend(unfit);
                }
            }
        }
    }
    findings
}

/// Says why a value that is known now could never be taken over.
fn unfit(other: &Runbook, name: &str, text: &Text) -> Option<String> {
    let definition = other.params.iter().find(|param| param.name.value == name)?;
    if definition.kind.kind == Kind::Secret {
        return Some("it is secret there, and a secret is never handed over".to_owned());
    }
    // A text with values in it is known when the run is there.
    let constant = text.render(&Values::new()).ok()?;
    definition.kind.check(&constant).err()
}

/// What is said about one runbook's file.
struct Says<'a> {
    entry: &'a Entry,
}

impl Says<'_> {
    fn missing(&self, named: &At<String>, error: &NotFound) -> Finding {
        self.finding(
            named.place,
            format!("there is no runbook `{named}`"),
            error.to_string(),
            "Name one of `rutter list`, or lay it into the same library.".to_owned(),
        )
    }

    fn unasked(&self, name: &At<String>, named: &At<String>) -> Finding {
        self.finding(
            name.place,
            format!("`{named}` has no parameter `{name}`"),
            "what is handed over would be lost".to_owned(),
            format!("Use a name of its parameters: rutter show {named}"),
        )
    }

    fn unfit(&self, name: &At<String>, named: &At<String>, why: String) -> Finding {
        self.finding(
            name.place,
            format!("`{named}` does not take this for `{name}`"),
            why,
            format!("Hand over what fits its parameter: rutter show {named}"),
        )
    }

    fn finding(&self, place: Place, what: String, why: String, next: String) -> Finding {
        let source = self.entry.source.clone();
        Finding { code: "RL036", severity: Severity::Error, source, place, what, why, next }
    }
}
