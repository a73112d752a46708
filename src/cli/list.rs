//! `rutter list`: the runbooks, one line each.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::library::Entry;
use super::show::Page;
use crate::runbook::model::{EnvironmentRule, Runbook};
use crate::runbook::place::Finding;
use crate::screen;
use serde_json::{Value, json};
use std::io::Write;

/// Arguments of `rutter list`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter list                            all of them
  rutter list rows missing               those whose words fit what you see
  rutter list --json

")]
pub struct Args {
    /// Only those where every word occurs in name, title, system or symptoms.
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A runbook that was found; one that cannot be read is listed as well, because somebody put it there.
struct Listed {
    entry: Entry,
    runbook: Result<Runbook, Vec<Finding>>,
}

/// Lists the runbooks.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let words: Vec<String> = args.words.iter().map(|word| word.to_lowercase()).collect();
    let found: Vec<Listed> =
        listed(context)?.into_iter().filter(|listed| listed.fits(&words)).collect();
    let mut out = context.results();
    if args.json {
        let runbooks: Vec<Value> = found.iter().map(Listed::json).collect();
        writeln!(out, "{:#}", json!({"v": 1, "runbooks": runbooks}))?;
        return Ok(Exit::Done);
    }
    rows(&found, &mut out)?;
    if found.is_empty() {
        let mut messages = context.messages();
        let why = if words.is_empty() {
            "no runbook was found"
        } else {
            "no runbook has all these words"
        };
        writeln!(messages, "{why}; rutter paths says where runbooks are looked for")?;
    }
    Ok(Exit::Done)
}

/// Prints what there is when no command was given: the list, and what to type next.
pub fn home(context: &Context) -> Result<Exit, Failure> {
    let mut out = context.results();
    writeln!(
        out,
        "Rutter walks you through an incident and keeps a journal that proves itself.\n"
    )?;
    rows(&listed(context)?, &mut out)?;
    writeln!(
        out,
        "\n  rutter rehearse --quick          five minutes of practice, all simulated\n  \
         rutter show lab/example          read a runbook; nothing is run\n  \
         rutter run lab/example           walk it, on this machine, without risk\n  \
         rutter status                    runs that are open\n  \
         rutter -h                        everything else"
    )?;
    Ok(Exit::Done)
}

fn listed(context: &Context) -> Result<Vec<Listed>, Failure> {
    let library = context.library()?;
    let mut found = Vec::new();
    for entry in library.entries() {
        match entry {
            Ok(entry) => found.push(Listed { runbook: entry.runbook(), entry }),
            // One broken folder must not hide the runbook that is needed now.
            Err(error) => {
                writeln!(context.messages(), "left out: {}", screen::line(error.to_string()))?;
            }
        }
    }
    Ok(found)
}

fn rows(found: &[Listed], out: &mut impl Write) -> std::io::Result<()> {
    let width = found.iter().map(|listed| listed.entry.full_name.len()).max().unwrap_or(0);
    let mut page = Page::new(out);
    for listed in found {
        page.columns(&listed.entry.full_name, width, &listed.title())?;
        if let Some(other) = &listed.entry.differs_from {
            let origin = &listed.entry.origin;
            page.columns("", width, &format!("from {origin}; differs from the one {other}"))?;
        } else if !listed.entry.same_as_built_in {
            page.columns("", width, &format!("from {}", listed.entry.origin))?;
        }
    }
    Ok(())
}

impl Listed {
    fn title(&self) -> String {
        match &self.runbook {
            Ok(runbook) => runbook.title.value.clone(),
            Err(found) => {
                format!("cannot be read, {} mistakes: rutter check", found.len())
            }
        }
    }

    /// Whether every word occurs somewhere a person would look.
    fn fits(&self, words: &[String]) -> bool {
        let mut text = self.entry.full_name.to_lowercase();
        if let Ok(runbook) = &self.runbook {
            let parts = [&runbook.title, &runbook.system, &runbook.summary];
            let parts = parts.into_iter().chain(&runbook.symptoms).chain(&runbook.use_when);
            for part in parts {
                text.push(' ');
                text.push_str(&part.to_lowercase());
            }
        }
        words.iter().all(|word| text.contains(word.as_str()))
    }

    fn json(&self) -> Value {
        let entry = &self.entry;
        let mut value = json!({
            "name": entry.full_name,
            "origin": entry.origin.to_string(),
            "built_in": entry.same_as_built_in,
            "differs_from": entry.differs_from.as_ref().map(ToString::to_string),
            "digest": entry.digest,
            "readable": self.runbook.is_ok(),
        });
        if let Ok(runbook) = &self.runbook {
            let steps: usize = runbook.phases.iter().map(|phase| phase.steps.len()).sum();
            value["title"] = json!(&*runbook.title);
            value["system"] = json!(&*runbook.system);
            value["version"] = json!(&*runbook.version);
            value["summary"] = json!(&*runbook.summary);
            value["reviewed"] = json!(runbook.reviewed.as_ref().map(ToString::to_string));
            value["needs_environment"] = json!(runbook.environment == EnvironmentRule::Required);
            value["symptoms"] =
                json!(runbook.symptoms.iter().map(ToString::to_string).collect::<Vec<_>>());
            value["steps"] = json!(steps);
        }
        value
    }
}
