//! Values in command lines that a program could take for an option, and values that may hold a quote.

use super::walk::{Def, Sort, View};
use crate::runbook::findings::{Findings, Says};
use crate::runbook::model::Program;
use crate::runbook::template::{Part, Text, Word};
use crate::runbook::value::Kind;

/// Checks the words of all command lines.
pub fn check(view: &View<'_>, findings: &mut Findings) {
    for command in &view.commands {
        let Program::Words(words) = &command.call.program else { continue };
        for (index, word) in words.iter().enumerate() {
            could_be_option(view, &words[..index], word, findings);
        }
    }
}

/// A value at the beginning of a word of its own, whose type lets it begin with `-`.
fn could_be_option(view: &View<'_>, before: &[Word], word: &Word, findings: &mut Findings) {
    let Some(Part::Var { name, place, .. }) = word.parts.first() else { return };
    let shielded = before.iter().any(|word| literal(word).as_deref() == Some("--"));
    // `--name VALUE`: the word is that option's argument. A program name is nobody's option either.
    let argument = before.last().is_none_or(starts_with_dash);
    if shielded || argument || !may_begin_with_dash(view, name, 0) {
        return;
    }
    let says = Says::new(
        format!("`{name}` may begin with `-` and stands alone"),
        "the program would take it for an option",
        "Put `--` before it, write `--option={{ … }}`, or give it a type that cannot begin with `-`.",
    );
    findings.warning("RL006", *place, says);
}

fn starts_with_dash(word: &Word) -> bool {
    matches!(word.parts.first(), Some(Part::Lit(text)) if text.starts_with('-'))
}

fn literal(word: &Word) -> Option<String> {
    word.parts
        .iter()
        .map(|part| match part {
            Part::Lit(text) => Some(text.as_str()),
            Part::Var { .. } => None,
        })
        .collect()
}

fn may_begin_with_dash(view: &View<'_>, name: &str, depth: usize) -> bool {
    view.defs_of(name).any(|def| match def.sort {
        Sort::Derived(text) => match text.parts.first() {
            Some(Part::Lit(lit)) => lit.starts_with('-'),
            Some(Part::Var { name, .. }) if depth < 8 => may_begin_with_dash(view, name, depth + 1),
            _ => false,
        },
        _ => def.kind.allows_dash(),
    })
}

/// Returns the kind of a value that may hold a quote or backslash, looking through derived values.
pub fn loose_kind(view: &View<'_>, name: &str, depth: usize) -> Option<Kind> {
    view.defs_of(name).find_map(|def: &Def<'_>| match def.sort {
        Sort::Derived(text) if depth < 8 => loose_text(view, text, depth),
        Sort::Derived(_) => Some(Kind::Text),
        Sort::Decision(_) => None,
        _ if def.kind.kind == Kind::Choice => {
            let quoted = |choice: &str| choice.contains(['\'', '"', '\\', '`']);
            let loose = def.kind.choices.is_empty() || def.kind.choices.iter().any(|c| quoted(c));
            loose.then_some(Kind::Choice)
        }
        _ => (!def.kind.kind.is_plain()).then_some(def.kind.kind),
    })
}

fn loose_text(view: &View<'_>, text: &Text, depth: usize) -> Option<Kind> {
    text.parts.iter().find_map(|part| match part {
        Part::Lit(lit) => lit.contains(['\'', '"', '\\', '`']).then_some(Kind::Text),
        Part::Var { name, .. } => loose_kind(view, name, depth + 1),
    })
}
