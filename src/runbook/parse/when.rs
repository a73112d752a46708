//! `when:`, the conditions under which a phase or step is in force.

use super::fields::Fields;
use super::reader::Reader;
use crate::runbook::model::Condition;
use crate::runbook::tree::{Content, Node};

/// Reads the conditions; all of them must hold.
pub fn conditions(node: &Node, reader: &mut Reader<'_>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (name, value) in reader.entries(node, "conditions") {
        let negated = matches!(value.content, Content::Map(_));
        let value = if negated {
            let fields = Fields::open(value, "condition", &[&["not"]], reader);
            fields.and_then(|fields| {
                fields.require("not", "a mapping here says what it is not", reader)
            })
        } else {
            Some(value)
        };
        let any_of = value.map(|value| accepted(value, reader)).unwrap_or_default();
        conditions.push(Condition { name: name.clone(), any_of, negated });
    }
    conditions
}

fn accepted(node: &Node, reader: &mut Reader<'_>) -> Vec<String> {
    match &node.content {
        Content::List(_) => reader.texts(node, "values").into_iter().map(|at| at.value).collect(),
        _ => reader.text(node).map(|at| at.value).into_iter().collect(),
    }
}
