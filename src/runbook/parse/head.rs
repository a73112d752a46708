//! The runbook itself: what it is for, and its parts in order.

use super::fields::Fields;
use super::reader::Reader;
use super::step::steps;
use super::when::conditions;
use super::{define, needs};
use crate::runbook::model::{EnvironmentRule, NotWhen, Objectives, Phase, Runbook};
use crate::runbook::place::At;
use crate::runbook::tree::{Content, Node};

const HEAD: [&str; 22] = [
    "format",
    "name",
    "title",
    "system",
    "version",
    "summary",
    "owner",
    "reviewed",
    "review_every",
    "drill_every",
    "use_when",
    "not_when",
    "symptoms",
    "objectives",
    "environment",
    "needs",
    "fence",
    "params",
    "secrets",
    "values",
    "phases",
    "fixes",
];

/// Reads a whole runbook.
pub fn runbook(node: &Node, reader: &mut Reader<'_>) -> Option<Runbook> {
    let fields = Fields::open(node, "runbook", &[&HEAD], reader)?;
    check_format(&fields, reader);
    let mut line = |key, why| {
        let node = fields.require(key, why, reader);
        node.and_then(|node| reader.text(node)).unwrap_or(At::new(String::new(), fields.place))
    };
    let name = line("name", "people call it by this");
    let title = line("title", "it is the line in lists");
    let system = line("system", "it says what the runbook is about");
    let version = line("version", "a journal names the version that was run");
    let summary = line("summary", "people choose a runbook by it");
    if !name.is_empty() {
        reader.check_id(&name);
    }
    let rules = [("required", EnvironmentRule::Required), ("local", EnvironmentRule::Local)];
    let environment = fields.get("environment").and_then(|node| reader.word_of(node, &rules));
    let phases = fields.require("phases", "without steps there is nothing to do", reader);
    let mut texts =
        |key, what| fields.get(key).map(|node| reader.texts(node, what)).unwrap_or_default();
    let (use_when, symptoms) = (texts("use_when", "situations"), texts("symptoms", "symptoms"));
    Some(Runbook {
        name,
        title,
        system,
        version,
        summary,
        owner: fields.get("owner").and_then(|node| reader.text(node)),
        reviewed: fields.get("reviewed").and_then(|node| day(node, reader)),
        review_every: fields.get("review_every").and_then(|node| reader.duration(node)),
        drill_every: fields.get("drill_every").and_then(|node| reader.duration(node)),
        use_when,
        not_when: fields.get("not_when").map(|node| not_when(node, reader)).unwrap_or_default(),
        symptoms,
        objectives: fields
            .get("objectives")
            .map(|node| objectives(node, reader))
            .unwrap_or_default(),
        environment: environment.unwrap_or(EnvironmentRule::Required),
        needs: fields.get("needs").map(|node| needs::needs(node, reader)).unwrap_or_default(),
        fence: fields.get("fence").and_then(|node| needs::fence(node, reader)),
        params: fields.get("params").map(|n| define::definitions(n, reader)).unwrap_or_default(),
        secrets: fields
            .get("secrets")
            .map(|node| define::secrets(node, reader))
            .unwrap_or_default(),
        values: fields.get("values").map(|node| define::values(node, reader)).unwrap_or_default(),
        phases: phases.map(|node| self::phases(node, reader)).unwrap_or_default(),
        fixes: fields.get("fixes").map(|node| steps(node, reader)).unwrap_or_default(),
    })
}

fn check_format(fields: &Fields<'_>, reader: &mut Reader<'_>) {
    let why = "it says how the rest is read";
    let Some(node) = fields.require("format", why, reader) else { return };
    let Some(format) = reader.text(node) else { return };
    if format.value != "1" {
        let why = "this version reads format 1";
        let next = "Write `format: 1`, or use the version of Rutter that this runbook is for.";
        reader.error("RB009", format.place, format!("format `{format}` is unknown"), why, next);
    }
}

fn day(node: &Node, reader: &mut Reader<'_>) -> Option<At<String>> {
    let text = reader.text(node)?;
    if text.len() != 10 || chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_err() {
        let next = "Write it as `2026-11-21`.";
        reader.error(
            "RB019",
            text.place,
            format!("`{text}` is no day"),
            "a day of the calendar is expected",
            next,
        );
    }
    Some(text)
}

fn not_when(node: &Node, reader: &mut Reader<'_>) -> Vec<NotWhen> {
    let mut list = Vec::new();
    for item in reader.list(node, "situations") {
        let Some(fields) = Fields::open(item, "situation", &[&["when", "go"]], reader) else {
            continue;
        };
        let when = fields.require("when", "it says when this is the wrong runbook", reader);
        let when = when.and_then(|node| reader.text(node));
        let go = fields.get("go").and_then(|node| reader.text(node));
        list.extend(when.map(|when| NotWhen { when, go }));
    }
    list
}

fn objectives(node: &Node, reader: &mut Reader<'_>) -> Objectives {
    let Some(fields) = Fields::open(node, "list of objectives", &[&["rto", "rpo"]], reader) else {
        return Objectives::default();
    };
    let mut read = |key| fields.get(key).and_then(|node| reader.duration(node));
    Objectives { rto: read("rto"), rpo: read("rpo") }
}

fn phases(node: &Node, reader: &mut Reader<'_>) -> Vec<Phase> {
    let items = reader.list(node, "phases");
    if let Content::List(items) = &node.content
        && items.is_empty()
    {
        let why = "without steps there is nothing to do";
        reader.error("RB023", node.place, "no phases", why, "Add a phase with its steps.");
    }
    items.iter().filter_map(|node| phase(node, reader)).collect()
}

fn phase(node: &Node, reader: &mut Reader<'_>) -> Option<Phase> {
    let fields = Fields::open(node, "phase", &[&["title", "when", "steps"]], reader)?;
    if fields.has("include") {
        // Reported as "not yet"; it has no title or steps of its own to miss.
        return None;
    }
    let title = fields.require("title", "it says what the phase is to reach", reader);
    let title = title.and_then(|node| reader.text(node));
    let when = fields.get("when").map(|node| conditions(node, reader)).unwrap_or_default();
    let list = fields.require("steps", "a phase is a group of steps", reader);
    let steps = list.map(|node| steps(node, reader)).unwrap_or_default();
    if let Some(node) =
        list.filter(|node| matches!(&node.content, Content::List(l) if l.is_empty()))
    {
        let why = "it could never be done";
        reader.error(
            "RB023",
            node.place,
            "a phase without steps",
            why,
            "Add a step, or remove the phase.",
        );
    }
    Some(Phase { title: title.unwrap_or(At::new(String::new(), fields.place)), when, steps })
}
