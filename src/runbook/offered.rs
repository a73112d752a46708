//! What an output offers as values: the items of a JSON answer, or every place where a pattern matches.

use super::model::Selector;
use jmespath::Variable;
use regex::Regex;
use std::collections::HashSet;

/// Returns the values that a selector finds in a text, each once, in their order.
///
/// The error is a lower-case fragment for people that quotes nothing of the text.
pub fn offered(by: &Selector, text: &str) -> Result<Vec<String>, String> {
    match by {
        Selector::Json(expression) => in_json(expression, text),
        Selector::Text(pattern) => in_text(pattern, text),
        // Refused when the runbook is read: neither is a list of values.
        Selector::Exit(_) | Selector::LinesCount | Selector::LinesEach(_) => Ok(Vec::new()),
    }
}

fn in_json(expression: &str, text: &str) -> Result<Vec<String>, String> {
    let compiled = jmespath::compile(expression)
        .map_err(|_| format!("`{expression}` is not a JMESPath expression"))?;
    let data = Variable::from_json(text).map_err(|_| "the answer is not JSON".to_owned())?;
    let found = compiled
        .search(data)
        .map_err(|_| format!("`{expression}` cannot be applied to the answer"))?;
    items(&found).ok_or_else(|| format!("`{expression}` gives no list of plain values"))
}

fn in_text(pattern: &str, text: &str) -> Result<Vec<String>, String> {
    let regex =
        Regex::new(pattern).map_err(|_| format!("`{pattern}` is not a regular expression"))?;
    let found = regex.captures_iter(text).filter_map(|found| found.get(1).or(found.get(0)));
    Ok(each_once(found.map(|found| found.as_str().to_owned())))
}

/// Returns the items of a list that was kept as JSON; a text that is no JSON is one item. None where there is something
/// else in it than plain values.
pub fn items_of(kept: &str) -> Option<Vec<String>> {
    match Variable::from_json(kept) {
        Ok(value) => items(&value),
        Err(_) => Some(vec![kept.to_owned()]),
    }
}

/// The plain values of a JSON value: one, or those of a list. `None` when there are others in it.
fn items(value: &Variable) -> Option<Vec<String>> {
    if value.is_null() {
        return Some(Vec::new());
    }
    match value.as_array() {
        Some(list) => {
            let plain: Option<Vec<String>> = list.iter().map(|item| plain(item)).collect();
            plain.map(|plain| each_once(plain.into_iter()))
        }
        None => plain(value).map(|plain| vec![plain]),
    }
}

fn plain(value: &Variable) -> Option<String> {
    if value.is_number() || value.is_boolean() {
        return Some(value.to_string());
    }
    value.as_string().cloned()
}

fn each_once(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::place::{At, Place};

    fn json(expression: &str, text: &str) -> Result<Vec<String>, String> {
        offered(&Selector::Json(At::new(expression.into(), Place::default())), text)
    }

    #[test]
    fn a_json_answer_offers_the_plain_items_of_a_list_each_once() {
        let text = r#"[{"name": "db-orders", "n": 1}, {"name": "db-test", "n": 2}, {"name": "db-orders", "n": 2}]"#;
        assert_eq!(json("[].name", text).unwrap(), ["db-orders", "db-test"]);
        assert_eq!(json("[].n", text).unwrap(), ["1", "2"]);
        assert_eq!(json("[0].name", text).unwrap(), ["db-orders"]);
        assert_eq!(json("[9].name", text).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_list_of_plain_values_offers_nothing_and_says_why_without_quoting_it() {
        for (expression, text) in [("[]", r#"[{"a": "sesame"}]"#), ("a", "sesame"), ("@", "{}")] {
            let why = json(expression, text).unwrap_err();
            assert!(!why.contains("sesame"), "{why}");
        }
    }

    #[test]
    fn a_pattern_offers_its_first_group_wherever_it_matches() {
        let by = Selector::Text(At::new(r"(?m)^(\S+) +ready$".into(), Place::default()));
        let found = offered(&by, "one ready\ntwo broken\nthree  ready\n").unwrap();
        assert_eq!(found, ["one", "three"]);
    }
}
