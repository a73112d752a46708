//! `rutter find`: from what people see to the right runbook, with the reason.

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::library::Entry;
use super::rehearse;
use super::show::Page;
use crate::runbook::find;
use crate::runbook::find::{Found, Index};
use crate::runbook::model::Runbook;
use crate::screen;
use serde_json::{Value, json};
use std::io;
use std::io::Write;

/// More than these are no answer.
const MOST: usize = 5;

/// Arguments of `rutter find`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter find app cannot connect 403     what you see, in any words and order
  rutter find 5xx after deploy
  rutter find rows missing --json

")]
pub struct Args {
    /// What you see; beginnings of words and small slips will do.
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A runbook that is searched; one that cannot be read is found by its name.
struct Searched {
    entry: Entry,
    runbook: Option<Runbook>,
    index: Index,
}

/// Finds runbooks, the best first; exit 1 when nothing fits.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let query = args.words.join(" ");
    let searched = searched(context)?;
    let indexes: Vec<&Index> = searched.iter().map(|searched| &searched.index).collect();
    let mut found = find::find(&query, &indexes);
    if !find::holds_a_word(&query) {
        found.clear();
    }
    found.truncate(MOST);
    let exit = if found.is_empty() { Exit::Failed } else { Exit::Done };
    let mut out = context.results();
    if args.json {
        let found: Vec<Value> = found.iter().map(|one| searched[one.at].json(one)).collect();
        writeln!(out, "{:#}", json!({"v": 1, "query": query, "found": found}))?;
        return Ok(exit);
    }
    if !find::holds_a_word(&query) {
        let what = format!("there is no word in {query:?} to look for");
        let next = "say what you see, or read what there is: rutter list";
        return Err(Failure::new(Exit::Failed, what, next));
    }
    let Some(best) = found.first() else {
        let what = format!("no runbook fits {query:?}");
        let next = "say it in fewer or other words, or read what there is: rutter list";
        return Err(Failure::new(Exit::Failed, what, next));
    };
    let mut page = Page::new(&mut out);
    for one in &found {
        searched[one.at].tell(one, &mut page)?;
    }
    page.line(&format!("Read before you run: rutter show {}", searched[best.at].entry.full_name))?;
    Ok(exit)
}

fn searched(context: &Context) -> Result<Vec<Searched>, Failure> {
    let mut searched = Vec::new();
    for entry in context.library()?.entries() {
        match entry {
            Ok(entry) => {
                let runbook = entry.runbook().ok();
                let mut index = match &runbook {
                    Some(runbook) => Index::of(&entry.full_name, runbook),
                    None => Index::named(&entry.full_name),
                };
                for title in rehearse::titles(&entry) {
                    index.scenario(&title);
                }
                searched.push(Searched { entry, runbook, index });
            }
            // One broken folder must not hide the runbook that is needed now.
            Err(error) => {
                writeln!(context.messages(), "left out: {}", screen::line(error.to_string()))?;
            }
        }
    }
    Ok(searched)
}

impl Searched {
    fn tell(&self, found: &Found<'_>, page: &mut Page<impl Write>) -> io::Result<()> {
        let name = &self.entry.full_name;
        let Some(runbook) = &self.runbook else {
            page.line(&format!("{name}: cannot be read, rutter check {name}"))?;
            return page.gap();
        };
        page.line(&format!("{name}: {}", runbook.title.value))?;
        match &found.reason {
            Some((place, text)) => page.paragraph(&format!("{place}: {text}"))?,
            None => page.paragraph("its name")?,
        }
        for (when, go) in turns(runbook) {
            page.paragraph(&format!("not this when {when} -> {go}"))?;
        }
        page.gap()
    }

    fn json(&self, found: &Found<'_>) -> Value {
        let (place, text) = match &found.reason {
            Some((place, text)) => (place.as_str(), *text),
            None => ("name", self.entry.full_name.as_str()),
        };
        let turns = self.runbook.iter().flat_map(turns);
        let turns: Vec<Value> = turns.map(|(when, go)| json!({"when": when, "go": go})).collect();
        json!({
            "name": self.entry.full_name,
            "title": self.runbook.as_ref().map(|runbook| runbook.title.value.as_str()),
            "place": place,
            "text": text,
            "not_when": turns,
        })
    }
}

/// When another runbook is the right one, and which.
fn turns(runbook: &Runbook) -> impl Iterator<Item = (&str, &str)> {
    let turns = runbook.not_when.iter();
    turns.filter_map(|not| Some((not.when.as_str(), not.go.as_ref()?.as_str())))
}
