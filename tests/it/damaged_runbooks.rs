//! A good runbook damaged at random: whatever is left, reading it never panics and points into the file.

use proptest::prelude::*;
use rutter::runbook::parse::parse;
use rutter::runbook::place::Source;

const GOOD: &str = include_str!("../fixtures/good/every-key.yaml");

/// What may happen to a line.
#[derive(Clone, Debug)]
enum Damage {
    Removed,
    Doubled,
    Swapped(usize),
    Cut(usize),
    Indented(usize),
    Inserted(usize, String),
    Valued(String),
}

fn damage() -> impl Strategy<Value = Damage> {
    let piece = prop_oneof![
        "[ -~]{1,6}".boxed(),
        r#"[{}\[\]"'|>&*!%@`#:,?~-]{1,4}"#.boxed(),
        "\\PC{1,3}".boxed(),
        Just("{{ ".to_owned()).boxed(),
        Just("...}}".to_owned()).boxed(),
        Just("\t".to_owned()).boxed(),
        Just("\r\n".to_owned()).boxed(),
        Just("\u{feff}".to_owned()).boxed(),
    ];
    let value = prop_oneof![
        Just("[]".to_owned()).boxed(),
        Just("{}".to_owned()).boxed(),
        Just("~".to_owned()).boxed(),
        Just("''".to_owned()).boxed(),
        Just("[[a], {b: [c]}]".to_owned()).boxed(),
        Just("{a: {b: {c: d}}}".to_owned()).boxed(),
        Just("99999999999999999999".to_owned()).boxed(),
        Just("-1".to_owned()).boxed(),
        Just("\"\\u00e9{{ é }}\\x7b{ x }}\"".to_owned()).boxed(),
        "[a-z{}| ]{0,12}".boxed(),
    ];
    prop_oneof![
        Just(Damage::Removed),
        Just(Damage::Doubled),
        (0..200_usize).prop_map(Damage::Swapped),
        (0..80_usize).prop_map(Damage::Cut),
        (0..12_usize).prop_map(Damage::Indented),
        (0..80_usize, piece).prop_map(|(at, piece)| Damage::Inserted(at, piece)),
        value.prop_map(Damage::Valued),
    ]
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn damaged(hits: &[(usize, Damage)]) -> String {
    let mut lines: Vec<String> = GOOD.lines().map(str::to_owned).collect();
    for (line, damage) in hits {
        let count = lines.len();
        let Some(text) = lines.get(line % count.max(1)).cloned() else { break };
        let line = line % count;
        match damage {
            Damage::Removed => drop(lines.remove(line)),
            Damage::Doubled => lines.insert(line, text),
            Damage::Swapped(other) => lines.swap(line, other % count),
            Damage::Cut(at) => lines[line].truncate(boundary(&text, *at)),
            Damage::Indented(by) => {
                lines[line] = format!("{}{}", " ".repeat(*by), text.trim_start());
            }
            Damage::Inserted(at, piece) => lines[line].insert_str(boundary(&text, *at), piece),
            Damage::Valued(value) => {
                let key = text.split_once(": ").map_or(text.as_str(), |(key, _)| key);
                lines[line] = format!("{key}: {value}");
            }
        }
    }
    lines.join("\n")
}

proptest! {
    // Each case reads a whole runbook, unoptimised: a few each time, and other ones each time.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn reading_a_damaged_runbook_never_panics_and_points_into_the_file(
        hits in prop::collection::vec((0..200_usize, damage()), 1..6),
    ) {
        let source = Source::new("damaged.yaml", damaged(&hits));
        for finding in parse(&source).err().unwrap_or_default() {
            let (start, end) = (finding.place.start as usize, finding.place.end as usize);
            prop_assert!(start <= end && end <= source.text.len(), "{:?} in {}", finding, source.text);
            prop_assert!(source.text.is_char_boundary(start), "{:?} in {}", finding, source.text);
            prop_assert!(source.text.is_char_boundary(end), "{:?} in {}", finding, source.text);
            prop_assert!(!finding.what.is_empty() && !finding.next.is_empty());
        }
    }
}
