//! From the text of a scenario file to a scenario.

use super::fields::Fields;
use super::reader::Reader;
use crate::runbook::place::{At, Finding, Source};
use crate::runbook::scenario::{Output, Response, Scenario, Start, StateCondition, Trouble};
use crate::runbook::tree::{self, Content, Node};
use crate::runbook::value;

const HEAD: [&str; 7] = ["format", "runbook", "title", "quick", "start", "state", "steps"];
const ANSWER: [&str; 10] = [
    "when",
    "attempt",
    "output",
    "output_file",
    "stderr",
    "exit",
    "takes",
    "set",
    "trouble",
    "polls",
];

/// Reads a scenario. The error is every mistake of form, in the order of the file.
pub fn parse(source: &Source) -> Result<Scenario, Vec<Finding>> {
    let mut reader = Reader::new(source);
    let tree = tree::read(source, &mut reader.findings);
    match tree.and_then(|tree| scenario(&tree, &mut reader)) {
        Some(scenario) if reader.findings.is_empty() => Ok(scenario),
        _ => Err(reader.findings.into_sorted()),
    }
}

fn scenario(node: &Node, reader: &mut Reader<'_>) -> Option<Scenario> {
    let fields = Fields::open(node, "scenario", &[&HEAD], reader)?;
    let format = fields.require("format", "it says how to read the rest", reader);
    if let Some(format) = format.and_then(|node| reader.text(node))
        && format.value != "1"
    {
        let why = "this program reads format 1";
        reader.error(
            "SC001",
            format.place,
            format!("format `{format}`"),
            why,
            "Write `format: 1`.",
        );
    }
    let runbook = fields.require("runbook", "it says which runbook is rehearsed", reader);
    let runbook = runbook.and_then(|node| reader.text(node));
    let title = fields.require("title", "it is the line in lists", reader);
    let title = title.and_then(|node| reader.text(node));
    let steps = fields.require("steps", "without answers there is nothing to rehearse", reader);
    let steps = steps.map(|node| reader.entries(node, "commands with their answers"));
    let steps = steps.unwrap_or_default().iter().map(|(key, node)| {
        let items = reader.list(node, "answers");
        let answers = items.iter().filter_map(|item| response(item, true, reader)).collect();
        (key.clone(), answers)
    });
    let steps = steps.collect();
    let quick = fields.get("quick").and_then(|node| reader.boolean(node)).unwrap_or(false);
    let start = fields.get("start").and_then(|node| start(node, reader)).unwrap_or_default();
    let state = fields.get("state").map(|node| pairs(node, reader)).unwrap_or_default();
    // Everything was read by now: a missing title hides no other mistake.
    Some(Scenario { runbook: runbook?, title: title?, quick, start, state, steps })
}

fn start(node: &Node, reader: &mut Reader<'_>) -> Option<Start> {
    let fields = Fields::open(node, "start", &[&["at", "params"]], reader)?;
    let at = fields.get("at").and_then(|node| reader.text(node));
    let at = at.and_then(|text| match value::parse_time(&text) {
        Ok(at) => Some(At::new(at, text.place)),
        Err(reason) => {
            let next = "Write it as `2026-11-21T02:53:00Z`.";
            reader.error("SC002", text.place, format!("`{text}` is no moment"), reason, next);
            None
        }
    });
    let params = fields.get("params").map(|node| pairs(node, reader)).unwrap_or_default();
    Some(Start { at, params })
}

fn pairs(node: &Node, reader: &mut Reader<'_>) -> Vec<(At<String>, At<String>)> {
    let entries = reader.entries(node, "names and values");
    let read = |(name, node): &(At<String>, Node)| Some((name.clone(), reader.raw_text(node)?));
    entries.iter().filter_map(read).collect()
}

fn response(node: &Node, may_poll: bool, reader: &mut Reader<'_>) -> Option<Response> {
    let fields = Fields::open(node, "answer", &[&ANSWER], reader)?;
    if let (Some(_), Some(place)) = (fields.get("output"), fields.key_place("output_file")) {
        let why = "an answer has one output";
        reader.error("SC003", place, "`output_file` beside `output`", why, "Keep one of the two.");
    }
    if let (Some(place), false) = (fields.key_place("polls"), may_poll) {
        let why = "one poll is one answer";
        reader.error(
            "SC003",
            place,
            "`polls` within `polls`",
            why,
            "Write the answers one by one.",
        );
    }
    let output = match (fields.get("output"), fields.get("output_file")) {
        (Some(node), _) => reader.raw_text(node).map_or(Output::None, Output::Text),
        (None, Some(node)) => reader.text(node).map_or(Output::None, Output::File),
        (None, None) => Output::None,
    };
    let troubles = [
        ("lost", Trouble::Lost),
        ("slow", Trouble::Slow),
        ("expired_login", Trouble::ExpiredLogin),
    ];
    let polls = fields.get("polls").map(|node| reader.list(node, "answers")).unwrap_or_default();
    let polls: Vec<Response> =
        polls.iter().filter_map(|item| response(item, false, reader)).collect();
    Some(Response {
        when: fields.get("when").map(|node| conditions(node, reader)).unwrap_or_default(),
        attempt: fields.get("attempt").and_then(|node| reader.number(node)),
        output,
        stderr: fields.get("stderr").and_then(|node| reader.raw_text(node)),
        exit: fields.get("exit").and_then(|node| reader.number(node)).unwrap_or(0),
        takes: fields.get("takes").and_then(|node| reader.duration(node)),
        set: fields.get("set").map(|node| pairs(node, reader)).unwrap_or_default(),
        trouble: fields.get("trouble").and_then(|node| reader.word_of(node, &troubles)),
        polls,
        place: fields.place,
    })
}

fn conditions(node: &Node, reader: &mut Reader<'_>) -> Vec<StateCondition> {
    let mut conditions = Vec::new();
    for (name, value) in reader.entries(node, "parts of the world") {
        let any_of = match &value.content {
            Content::List(_) => reader.texts(value, "values"),
            _ => reader.raw_text(value).into_iter().collect(),
        };
        conditions.push(StateCondition { name: name.clone(), any_of });
    }
    conditions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Scenario, Vec<Finding>> {
        parse(&Source::new("scenarios/x.yaml", text))
    }

    #[test]
    fn a_whole_scenario_is_read() {
        let scenario = read(
            "format: 1\nrunbook: lab/x\ntitle: X\nquick: true\n\
             start: {at: 2026-11-21T02:53:00Z, params: {server: db}}\nstate: {writers: running}\n\
             steps:\n  stop: [{output: '', takes: 15s, set: {writers: stopped}}]\n  \
             look: [{when: {writers: [running, unknown]}, exit: 1, output_file: d.txt}, {attempt: 2}]\n  \
             ready: [{polls: [{output: no}, {output: yes, trouble: slow}]}]\n",
        )
        .unwrap();
        assert!(scenario.quick);
        assert_eq!(scenario.start.params[0].1.value, "db");
        let (key, answers) = &scenario.steps[1];
        assert_eq!((key.as_str(), answers.len()), ("look", 2));
        assert_eq!((answers[0].exit, answers[0].when[0].any_of.len()), (1, 2));
        assert!(matches!(&answers[0].output, Output::File(file) if file.value == "d.txt"));
        assert_eq!(answers[1].attempt, Some(2));
        assert_eq!(scenario.steps[2].1[0].polls[1].trouble, Some(Trouble::Slow));
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let found = read(
            "format: 2\nrunbook: x\nsteps:\n  a: [{exit: one, oputput: x}]\n  \
             b: [{polls: [{polls: [{exit: 0}]}]}]\n  c: [{output: a, output_file: b}]\nstart: {at: noon}\n",
        )
        .unwrap_err();
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(
            codes,
            ["RB011", "SC001", "RB017", "RB010", "SC003", "SC003", "SC002"],
            "{found:#?}"
        );
        assert!(found[3].next.contains("output"), "{}", found[3].next);
    }
}
