//! `decide:`, a plain choice or a ladder of questions.

use super::call::{CALL, call_in};
use super::define;
use super::fields::Fields;
use super::reader::{Reader, listed};
use super::select::{COMPARE, SELECT, expect_in};
use super::when::conditions;
use crate::runbook::model::{
    Answer, Decide, Leads, Outcome, Question, QuestionCheck, StepId, StopAs, Then,
};
use crate::runbook::place::At;
use crate::runbook::template::Text;
use crate::runbook::tree::Node;

const DECIDE: [&str; 8] =
    ["question", "outcomes", "unsure", "because", "within", "ladder", "suggests", "not_enough"];
const OUTCOME: [&str; 7] = ["title", "means", "costs", "go", "with", "stop", "again"];
const QUESTION: [&str; 7] = ["ask", "how", "yes", "no", "unsure", "check", "not_enough"];

/// Reads a decision.
pub fn decide(node: &Node, reader: &mut Reader<'_>) -> Option<Decide> {
    let fields = Fields::open(node, "decision", &[&DECIDE], reader)?;
    let outcomes = fields.require("outcomes", "a decision is a choice between outcomes", reader);
    let outcomes = outcomes.map(|node| self::outcomes(node, reader)).unwrap_or_default();
    let ladder =
        fields.get("ladder").map(|node| reader.list(node, "questions")).unwrap_or_default();
    let suggests = fields.get("suggests").map(|node| suggestions(node, reader)).unwrap_or_default();
    let unsure = fields.get("unsure").and_then(|node| reader.text(node));
    for name in unsure.iter().chain(suggests.iter().map(|(_, outcome)| outcome)) {
        check_outcome(name, &outcomes, reader);
    }
    let ladder = ladder.iter().filter_map(|node| question(node, &outcomes, reader)).collect();
    Some(Decide {
        question: fields.get("question").and_then(|node| reader.template(node)),
        unsure,
        because: fields.get("because").and_then(|node| reader.template(node)),
        within: fields.get("within").and_then(|node| reader.duration(node)),
        outcomes,
        ladder,
        suggests,
        not_enough: fields.get("not_enough").and_then(|node| reader.template(node)),
    })
}

fn outcomes(node: &Node, reader: &mut Reader<'_>) -> Vec<Outcome> {
    let entries = reader.entries(node, "outcomes");
    if entries.len() == 1 {
        let next = "Add the other outcome, or make this a step to do.";
        reader.error(
            "RB023",
            node.place,
            "a decision with one outcome",
            "it decides nothing",
            next,
        );
    }
    entries.iter().map(|(name, node)| outcome(name, node, reader)).collect()
}

fn outcome(name: &At<String>, node: &Node, reader: &mut Reader<'_>) -> Outcome {
    if reader.check_id(name) && name.value == "next" {
        let why = "in a ladder `next` leads to the next question";
        reader.error("RB021", name.place, "an outcome called `next`", why, "Rename it.");
    }
    let blank = Text::literal(name.value.clone(), name.place);
    let Some(fields) = Fields::open(node, "outcome", &[&OUTCOME], reader) else {
        return Outcome { name: name.clone(), title: blank, means: None, costs: None, then: None };
    };
    let title = fields.require("title", "it is what people choose by", reader);
    Outcome {
        name: name.clone(),
        title: title.and_then(|node| reader.template(node)).unwrap_or(blank),
        means: fields.get("means").and_then(|node| reader.template(node)),
        costs: fields.get("costs").and_then(|node| reader.template(node)),
        then: then(&fields, reader),
    }
}

fn then(fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Then> {
    let leads = fields.present(&["go", "stop", "again"]);
    if leads.is_empty() {
        if let Some(place) = fields.key_place("with") {
            let next = "Add `go: system/name`, or remove `with`.";
            reader.error(
                "RB057",
                place,
                "`with` without `go`",
                "there is nothing to hand values to",
                next,
            );
        }
        return None;
    }
    Some(match fields.exactly_one("RB050", &["go", "stop", "again"], reader)? {
        "go" => {
            let mut with = Vec::new();
            for (name, node) in
                fields.get("with").map(|n| reader.entries(n, "values")).unwrap_or_default()
            {
                with.extend(reader.template(node).map(|text| (name.clone(), text)));
            }
            Then::Go { runbook: reader.text(fields.get("go")?)?, with }
        }
        "stop" => {
            let ways = [("failed", StopAs::Failed), ("handed_over", StopAs::HandedOver)];
            Then::Stop(reader.word_of(fields.get("stop")?, &ways)?)
        }
        _ => {
            let step = reader.id(fields.get("again")?)?;
            Then::Again(At::new(StepId(step.value), step.place))
        }
    })
}

fn check_outcome(name: &At<String>, outcomes: &[Outcome], reader: &mut Reader<'_>) {
    let names = || outcomes.iter().map(|outcome| outcome.name.value.as_str());
    if outcomes.is_empty() || names().any(|known| known == name.value) {
        return;
    }
    let next = match reader.near(name, names()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "Use one of these.".to_owned(),
    };
    let why = format!("the outcomes are {}", listed(names()));
    reader.error("RB060", name.place, format!("there is no outcome `{name}`"), why, next);
}

fn question(node: &Node, outcomes: &[Outcome], reader: &mut Reader<'_>) -> Option<Question> {
    let fields = Fields::open(node, "question", &[&QUESTION], reader)?;
    let ask = fields.require("ask", "it is the question", reader);
    let ask = ask.and_then(|node| reader.template(node));
    Some(Question {
        ask: ask.unwrap_or(Text { parts: Vec::new(), place: fields.place }),
        how: fields.get("how").and_then(|node| reader.template(node)),
        yes: leads(&fields, "yes", outcomes, reader),
        no: leads(&fields, "no", outcomes, reader),
        unsure: leads(&fields, "unsure", outcomes, reader),
        check: fields.get("check").and_then(|node| check(node, reader)).map(Box::new),
        not_enough: fields.get("not_enough").and_then(|node| reader.template(node)),
        place: fields.place,
    })
}

fn leads(fields: &Fields<'_>, key: &str, outcomes: &[Outcome], reader: &mut Reader<'_>) -> Leads {
    let node = fields.require(key, "every answer leads somewhere: an outcome or `next`", reader);
    match node.and_then(|node| reader.text(node)) {
        Some(text) if text.value != "next" => {
            check_outcome(&text, outcomes, reader);
            Leads::Outcome(text.value)
        }
        _ => Leads::Next,
    }
}

fn check(node: &Node, reader: &mut Reader<'_>) -> Option<QuestionCheck> {
    let fields = Fields::open(node, "check", &[&CALL, &["suggests"]], reader)?;
    let call = call_in(&fields, reader);
    let why = "it says which answer the output speaks for";
    let items = fields.require("suggests", why, reader).map(|node| reader.list(node, "answers"));
    let mut suggests = Vec::new();
    for item in items.unwrap_or_default() {
        let keys: [&[&str]; 3] = [&SELECT, &COMPARE, &["answer"]];
        let Some(fields) = Fields::open(item, "suggested answer", &keys, reader) else { continue };
        let expect = expect_in(&fields, reader);
        let answers = [("yes", Answer::Yes), ("no", Answer::No), ("unsure", Answer::Unsure)];
        let answer = fields.require("answer", "it is what is suggested", reader);
        let answer = answer.and_then(|node| reader.word_of(node, &answers));
        suggests.extend(expect.zip(answer));
    }
    Some(QuestionCheck { call: call?, suggests })
}

fn suggestions(
    node: &Node,
    reader: &mut Reader<'_>,
) -> Vec<(Vec<crate::runbook::model::Condition>, At<String>)> {
    let mut suggestions = Vec::new();
    for item in reader.list(node, "suggestions") {
        let Some(fields) = Fields::open(item, "suggestion", &[&["when", "outcome"]], reader) else {
            continue;
        };
        let when = fields.require("when", "it says when the outcome is suggested", reader);
        let when = when.map(|node| conditions(node, reader)).unwrap_or_default();
        let outcome = fields.require("outcome", "it is what is suggested", reader);
        suggestions
            .extend(outcome.and_then(|node| reader.text(node)).map(|outcome| (when, outcome)));
    }
    suggestions
}

/// Reads `ask:` where a step may ask for values.
pub fn asked(
    fields: &Fields<'_>,
    reader: &mut Reader<'_>,
) -> Vec<crate::runbook::model::Definition> {
    fields.get("ask").map(|node| define::asked_inside(node, reader)).unwrap_or_default()
}
