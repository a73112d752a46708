//! The head of a runbook: what it is for, and what it asks.

use super::page::Page;
use crate::cli::library::Entry;
use crate::line;
use crate::runbook::model::{Definition, EnvironmentRule, Runbook, SecretSource};
use std::io::{self, Write};

/// Writes the head.
pub fn show<W: Write>(page: &mut Page<W>, entry: &Entry, runbook: &Runbook) -> io::Result<()> {
    page.line(&format!("{} · {}", entry.full_name, runbook.title))?;
    let mut about = vec![runbook.system.value.clone(), format!("version {}", runbook.version)];
    about.extend(runbook.owner.iter().map(ToString::to_string));
    about.extend(runbook.reviewed.iter().map(|day| format!("reviewed {day}")));
    about.push(entry.origin.to_string());
    page.line(&about.join(" · "))?;
    if let Some(other) = &entry.differs_from {
        page.line(&format!("Differs from the one {other}."))?;
    }
    page.gap()?;
    page.paragraph(&runbook.summary)?;
    situations(page, runbook)?;
    let objectives = [
        ("service back in", runbook.objectives.rto),
        ("data lost, at most", runbook.objectives.rpo),
    ];
    let objectives: Vec<String> = objectives
        .into_iter()
        .filter_map(|(what, time)| Some(format!("{what} {}", line::span(time?))))
        .collect();
    if !objectives.is_empty() {
        page.label("WANTED", &objectives.join(" · "))?;
    }
    let environment = match runbook.environment {
        EnvironmentRule::Required => "one of the settings, named with --env",
        EnvironmentRule::Local => "this machine, in the run's own folder",
    };
    page.label("WHERE", environment)?;
    if let Some(fence) = &runbook.fence {
        page.label("FENCE", &format!("{}, looked at before every change", fence.title))?;
    }
    for definition in &runbook.params {
        page.label("VALUE", &asked(definition))?;
    }
    for secret in &runbook.secrets {
        let from = match &secret.source {
            SecretSource::Command(words, _) => {
                let words: Vec<String> = words.iter().map(ToString::to_string).collect();
                format!("from the command {}", words.join(" "))
            }
            SecretSource::Env(name) => format!("from the variable {name}"),
            SecretSource::File(path) => format!("from the file {path}"),
            SecretSource::Prompt(prompt) => format!("asked without echo: {prompt}"),
        };
        page.label("SECRET", &format!("{}, {from}", secret.name))?;
    }
    for (name, text) in &runbook.values {
        page.label("DERIVED", &format!("{name} = {text}"))?;
    }
    Ok(())
}

fn situations<W: Write>(page: &mut Page<W>, runbook: &Runbook) -> io::Result<()> {
    let list = |texts: &[crate::runbook::place::At<String>]| {
        texts.iter().map(|text| format!("- {text}")).collect::<Vec<_>>().join("\n")
    };
    page.gap()?;
    page.label("USE WHEN", &list(&runbook.use_when))?;
    let other: Vec<String> = runbook
        .not_when
        .iter()
        .map(|not| match &not.go {
            Some(go) => format!("- {} (rutter show {go})", not.when),
            None => format!("- {}", not.when),
        })
        .collect();
    page.label("NOT WHEN", &other.join("\n"))?;
    page.label("SYMPTOMS", &list(&runbook.symptoms))
}

/// Says what is asked: `server (name): Source server. The server whose data is damaged. As in db-orders.`
pub fn asked(definition: &Definition) -> String {
    let mut kind = definition.kind.kind.to_string();
    if !definition.kind.choices.is_empty() {
        let choices: Vec<&str> = definition.kind.choices.iter().map(|c| c.as_str()).collect();
        kind = choices.join(" or ");
    }
    if definition.optional {
        kind.push_str(", may stay empty");
    }
    let name = &definition.name;
    let mut said = vec![match &definition.ask {
        Some(ask) => format!("{name} ({kind}): {}.", ask.to_string().trim_end_matches('.')),
        None => format!("{name} ({kind})"),
    }];
    said.extend(definition.help.iter().map(ToString::to_string));
    said.extend(definition.example.iter().map(|example| format!("As in {example}.")));
    said.extend(definition.default.iter().map(|default| format!("Default {default}.")));
    said.join(" ")
}
