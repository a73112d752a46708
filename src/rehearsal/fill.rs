//! Values of the run in the output of a scenario: `{{ new_server }}` becomes the name this run gave it.

use crate::runbook::model::Values;

/// Puts known values in. What is no known value stays as it was written: outputs are not templates, and a pair of braces
/// in one is most often just that.
pub(super) fn fill(text: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let known = from.find("}}").and_then(|close| {
            let value = values.get(from[2..close].trim())?;
            Some((value, close + 2))
        });
        // One brace on when it is none: `{{{ name }}` still holds a name.
        let (put, used) = match known {
            Some((value, used)) => (value.as_str(), used),
            None => (&from[..1], 1),
        };
        filled.push_str(put);
        rest = &from[used..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_are_put_in_once_and_everything_else_stays() {
        let pairs = [("server", "db-orders"), ("run.stamp", "2026{{ server }}")];
        let values: Values =
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        for (text, wanted) in [
            ("{{ server }}-r{{run.stamp}}", "db-orders-r2026{{ server }}"),
            ("{{ unknown }} {{ server }}", "{{ unknown }} db-orders"),
            ("{{{ server }}}", "{db-orders}"),
            (r#"{"a": {"b": {}}}"#, r#"{"a": {"b": {}}}"#),
            ("{{", "{{"),
            ("é{{ server", "é{{ server"),
        ] {
            assert_eq!(fill(text, &values), wanted, "{text}");
        }
    }
}
