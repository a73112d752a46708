//! Values with a name: parameters, asked values, secrets, derived values and captures.

use super::call::{CALL, call_in};
use super::fields::Fields;
use super::reader::Reader;
use super::select::{SELECT, expression, pattern, select_in};
use crate::runbook::model::{
    Capture, Definition, Discover, SecretDef, SecretSource, Select, Selector, StepId,
};
use crate::runbook::place::{At, Place};
use crate::runbook::template::{Part, Text};
use crate::runbook::tree::{Content, Node};
use crate::runbook::value::{Kind, LONGEST, ValueType};
use crate::runbook::variables::is_variable;

const LIMITS: [&str; 5] = ["type", "pattern", "choices", "min", "max"];
const DEFINITION: [&str; 6] = ["ask", "help", "example", "default", "optional", "discover"];

/// Names that the program itself gives, and names whose variable in scripts would be the same.
pub const RESERVED_NAMES: [&str; 13] = [
    "environment",
    "mode",
    "operator",
    "incident",
    "run",
    "runbook",
    "incident_id",
    "incident_start",
    "run_id",
    "run_stamp",
    "run_work",
    "run_tmp",
    "runbook_dir",
];

/// Reads `params:` or `ask:`.
pub fn definitions(node: &Node, reader: &mut Reader<'_>) -> Vec<Definition> {
    let entries = reader.entries(node, "values");
    entries.iter().map(|(name, node)| definition(name, node, reader)).collect()
}

/// Reads an `ask:` inside the run. What is answered there is recorded, so it cannot be a secret; and what is looked up
/// there is recorded too, so it is a step.
pub fn asked_inside(node: &Node, reader: &mut Reader<'_>) -> Vec<Definition> {
    let definitions = definitions(node, reader);
    for definition in definitions.iter().filter(|definition| definition.kind.kind == Kind::Secret) {
        let name = &definition.name;
        let what = format!("a step asks for the secret `{name}`");
        let why = "what a step is told is recorded, and a journal holds no secrets";
        let next = format!("Write `secrets: {{{name}: {{prompt: …}}}}`; it is asked at first use.");
        reader.error("RB082", name.place, what, why, next);
    }
    for definition in definitions.iter().filter(|definition| definition.discover.is_some()) {
        let name = &definition.name;
        let what = format!("`discover` for `{name}`, which is asked inside the run");
        let why = "there every command is a step, shown and recorded";
        let next =
            "Put the command into an earlier step and write `choices: {from: STEP, json: …}`.";
        reader.error("RB083", name.place, what, why, next);
    }
    definitions
}

fn definition(name: &At<String>, node: &Node, reader: &mut Reader<'_>) -> Definition {
    check_new_name(name, reader);
    let Some(fields) = Fields::open(node, "value", &[&LIMITS, &DEFINITION], reader) else {
        return bare(name);
    };
    if fields.require("type", "every value has a type that is checked in full", reader).is_none() {
        return bare(name);
    }
    let (kind, choices_from) = value_type(&fields, reader);
    let definition = Definition {
        name: name.clone(),
        ask: fields.get("ask").and_then(|node| reader.template(node)),
        help: fields.get("help").and_then(|node| reader.template(node)),
        example: fields.get("example").and_then(|node| reader.raw_text(node)),
        default: fields.get("default").and_then(|node| reader.raw_template(node)),
        optional: fields.get("optional").and_then(|node| reader.boolean(node)).unwrap_or(false),
        discover: fields.get("discover").and_then(|node| discover(node, reader)),
        choices_from,
        kind,
    };
    check_samples(&definition, reader);
    if definition.discover.is_some()
        && matches!(definition.kind.kind, Kind::Secret | Kind::Choice | Kind::Bool)
    {
        let what = format!("`discover` for a value of type {}", definition.kind.kind);
        let why = match definition.kind.kind {
            Kind::Secret => "a secret is never shown, so it cannot be picked from a list",
            _ => "it has its list already",
        };
        let place = fields.key_place("discover").unwrap_or(fields.place);
        reader.error("RB083", place, what, why, "Remove it, or give the value another type.");
    }
    definition
}

/// A definition of which only the name is known, so that its uses are not reported as well.
fn bare(name: &At<String>) -> Definition {
    Definition {
        name: name.clone(),
        kind: ValueType::plain(Kind::Name),
        ask: None,
        help: None,
        example: None,
        default: None,
        optional: true,
        discover: None,
        choices_from: None,
    }
}

fn check_new_name(name: &At<String>, reader: &mut Reader<'_>) {
    if reader.check_name(name) && RESERVED_NAMES.contains(&name.value.as_str()) {
        let why = "every run has a value of this name, or one that scripts see under it";
        let next = "Choose another name.";
        reader.error("RB021", name.place, format!("`{name}` is a reserved name"), why, next);
    }
}

/// An earlier step and an expression over its output.
type ChoicesFrom = Option<(At<StepId>, At<String>)>;

fn value_type(fields: &Fields<'_>, reader: &mut Reader<'_>) -> (ValueType, ChoicesFrom) {
    let kind = fields.get("type").and_then(|node| reader.word_of(node, &Kind::ALL));
    let mut value_type = ValueType::plain(kind.unwrap_or(Kind::Text));
    value_type.pattern = fields.get("pattern").and_then(|node| pattern(node, reader));
    value_type.min = fields.get("min").and_then(|node| reader.number(node));
    value_type.max = fields.get("max").and_then(|node| reader.number(node));
    check_limits(&value_type, fields, reader);
    let mut choices_from = None;
    if let Some(node) = fields.get("choices") {
        match &node.content {
            Content::Map(_) => choices_from = from_step(node, reader),
            _ => value_type.choices = reader.texts(node, "choices"),
        }
    }
    let wants = value_type.kind == Kind::Choice && fields.get("choices").is_none();
    if wants {
        fields.missing("RB011", "choices", "a choice needs something to choose from", reader);
    } else if value_type.kind != Kind::Choice
        && kind.is_some()
        && let Some(place) = fields.key_place("choices")
    {
        let what = format!("`choices` for a value of type {}", value_type.kind);
        reader.error("RB080", place, what, "only a choice has choices", "Write `type: choice`.");
    }
    (value_type, choices_from)
}

fn check_limits(value_type: &ValueType, fields: &Fields<'_>, reader: &mut Reader<'_>) {
    let place = |key| fields.key_place(key).unwrap_or(fields.place);
    if let (Some(min), Some(max)) = (value_type.min, value_type.max)
        && min > max
    {
        let what = format!("`min: {min}` above `max: {max}`");
        reader.error("RB080", place("max"), what, "no value fits", "Swap them.");
    }
    let most = i64::try_from(LONGEST).unwrap_or(i64::MAX);
    if value_type.counts_length() && value_type.max.is_some_and(|max| max > most) {
        let why = format!("no value may be longer than {most} bytes, to fit into the environment");
        let next = "Lower it, or hand the data over as a file.";
        reader.error("RB080", place("max"), "a limit that cannot be kept", why, next);
    }
}

fn from_step(node: &Node, reader: &mut Reader<'_>) -> ChoicesFrom {
    let fields = Fields::open(node, "source of choices", &[&["from", "json"]], reader)?;
    let step = fields.require("from", "the choices come from a step's output", reader);
    let json = fields.require("json", "it says what is taken from the output", reader);
    let step = reader.id(step?)?;
    Some((At::new(StepId(step.value), step.place), expression(json?, reader)?))
}

fn discover(node: &Node, reader: &mut Reader<'_>) -> Option<Discover> {
    let fields = Fields::open(node, "discovery", &[&CALL, &SELECT], reader)?;
    let call = call_in(&fields, reader);
    let select = select_in(&fields, reader)?;
    if !matches!(select.by, Selector::Json(_) | Selector::Text(_)) {
        let why = "a discovery offers what it finds in the answer, value by value";
        let next = "Write `json: …` that gives a list, or `text: …` that matches each value.";
        reader.error("RB083", select.place, "a discovery that finds no values", why, next);
    }
    Some(Discover { call: call?, select })
}

/// Checks that what is written as an example or default is a good value.
fn check_samples(definition: &Definition, reader: &mut Reader<'_>) {
    let kind = &definition.kind;
    let default = definition.default.as_ref();
    if kind.kind == Kind::Secret {
        let places = [definition.example.as_ref().map(|e| e.place), default.map(|text| text.place)];
        for place in places.into_iter().flatten() {
            let why = "a secret in a file is no secret";
            reader.error("RB081", place, "a written secret", why, "Remove it.");
        }
        return;
    }
    let affordable = kind.pattern.as_ref().is_none_or(|p| reader.patterns.check(p).is_ok());
    if definition.choices_from.is_some() || !affordable {
        return;
    }
    let literal = default.and_then(|text| plain(text).map(|plain| (plain, text.place)));
    let example = definition.example.as_ref().map(|at| (at.value.as_str(), at.place));
    for (sample, place) in literal.into_iter().chain(example) {
        let paid = kind.pattern.as_ref().is_none_or(|p| reader.patterns.spend(p).is_ok());
        if let (true, Err(reason)) = (paid, kind.check(sample)) {
            let what = format!("`{sample}` is no value of type {}", kind.kind);
            let next = format!("Write {}.", kind.expected());
            reader.error("RB081", place, what, format!("it {reason}"), next);
        }
    }
}

fn plain(text: &Text) -> Option<&str> {
    match text.parts.as_slice() {
        [Part::Lit(text)] => Some(text),
        _ => None,
    }
}

/// Reads `values:`, in written order.
pub fn values(node: &Node, reader: &mut Reader<'_>) -> Vec<(At<String>, Text)> {
    let mut values = Vec::new();
    for (name, node) in reader.entries(node, "values") {
        check_new_name(name, reader);
        let text = reader.template(node);
        values.push((name.clone(), text.unwrap_or(Text { parts: Vec::new(), place: node.place })));
    }
    values
}

/// Reads `secrets:`.
pub fn secrets(node: &Node, reader: &mut Reader<'_>) -> Vec<SecretDef> {
    let mut secrets = Vec::new();
    for (name, node) in reader.entries(node, "secrets") {
        check_new_name(name, reader);
        let source = secret_source(node, reader);
        // A secret whose source is broken keeps its name, so that its uses are not reported as well.
        let source = source.unwrap_or_else(|| SecretSource::Env(name.clone()));
        secrets.push(SecretDef { name: name.clone(), source });
    }
    secrets
}

fn secret_source(node: &Node, reader: &mut Reader<'_>) -> Option<SecretSource> {
    const SOURCES: [&str; 4] = ["command", "env", "file", "prompt"];
    if let Content::Scalar(_) = node.content {
        let why = "a secret is never written into a file, only where it comes from";
        let next = "Write `{command: …}`, `{env: …}`, `{file: …}` or `{prompt: …}`.";
        reader.error("RB081", node.place, "a written secret", why, next);
        return None;
    }
    let fields = Fields::open(node, "secret", &[&SOURCES], reader)?;
    Some(match fields.exactly_one("RB050", &SOURCES, reader)? {
        "command" => {
            let node = fields.get("command")?;
            SecretSource::Command(reader.command_line(node)?, node.place)
        }
        "env" => {
            let name = reader.text(fields.get("env")?)?;
            if !is_variable(&name) {
                let why = "letters, digits and `_`, not beginning with a digit";
                let next = "Write the name of the variable without `$`.";
                let what = format!("`{name}` cannot name a variable");
                reader.error("RB046", name.place, what, why, next);
            }
            SecretSource::Env(name)
        }
        "file" => SecretSource::File(reader.template(fields.get("file")?)?),
        _ => SecretSource::Prompt(reader.template(fields.get("prompt")?)?),
    })
}

/// Reads `capture:`.
pub fn captures(node: &Node, reader: &mut Reader<'_>) -> Vec<Capture> {
    let entries = reader.entries(node, "values to keep");
    entries.iter().map(|(name, node)| capture(name, node, reader)).collect()
}

fn capture(name: &At<String>, node: &Node, reader: &mut Reader<'_>) -> Capture {
    check_new_name(name, reader);
    let keys: [&[&str]; 3] = [&SELECT, &LIMITS, &["optional", "default"]];
    let fields = Fields::open(node, "capture", &keys, reader);
    let mut capture = Capture {
        name: name.clone(),
        select: nothing(node.place),
        kind: ValueType::plain(Kind::Text),
        optional: false,
        default: None,
    };
    let Some(fields) = fields else { return capture };
    capture.kind = value_type(&fields, reader).0;
    capture.optional = fields.get("optional").and_then(|n| reader.boolean(n)).unwrap_or(false);
    capture.default = fields.get("default").and_then(|node| reader.raw_template(node));
    if let Some(select) = select_in(&fields, reader) {
        let kind = capture.kind.kind;
        if matches!(select.by, Selector::Exit(_)) && kind != Kind::Bool {
            let why = "an exit selector captures success itself, which is true or false";
            let next = "Write `type: bool`, or select from the output.";
            let what = format!("success as a value of type {kind}");
            reader.error("RB080", fields.place, what, why, next);
        }
        capture.select = select;
    }
    capture
}

fn nothing(place: Place) -> Select {
    let from = crate::runbook::model::From::Stdout;
    Select { by: Selector::Exit(vec![0]), from, place }
}
