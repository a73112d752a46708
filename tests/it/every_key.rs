//! Every key of the format is read into the model.

use rutter::runbook::model::{Act, Repeat, Then};
use rutter::runbook::parse::parse;
use rutter::runbook::place::Source;

#[test]
fn a_runbook_with_every_key_reads_without_a_finding() {
    let text = include_str!("../fixtures/good/every-key.yaml");
    let source = Source::new("every-key.yaml", text);
    let runbook = parse(&source).unwrap_or_else(|findings| {
        let lines = findings.iter().map(|f| {
            let (line, column) = source.line_column(f.place.start);
            format!("{line}:{column} {} {}: {}", f.code, f.what, f.why)
        });
        panic!("{}", lines.collect::<Vec<_>>().join("\n"))
    });
    // Numbers keep the text they were written as.
    assert_eq!(runbook.version.value, "1.0");
    let steps: Vec<_> = runbook.phases.iter().flat_map(|phase| &phase.steps).collect();
    assert_eq!(steps[1].repeat, Repeat::Probe);
    assert_eq!(steps[0].repeat, Repeat::Safe);
    assert_eq!(steps[2].repeat, Repeat::Never);
    assert_eq!(steps[1].capture.len(), 2);
    let Act::Decide(decide) = &steps[5].act else { panic!("{:?}", steps[5].act) };
    let names: Vec<_> = decide.outcomes.iter().map(|outcome| outcome.name.value.as_str()).collect();
    assert_eq!(names, ["cutover", "selective", "later", "elsewhere", "enough"]);
    assert!(
        matches!(&decide.outcomes[2].then, Some(Then::Again(step)) if step.as_str() == "point")
    );
}
