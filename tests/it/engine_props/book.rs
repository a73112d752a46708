//! Random runbooks: small, and rich in everything that makes order hard.

use proptest::prelude::*;
use rutter::engine::plan::Plan;
use rutter::runbook::parse::parse;
use rutter::runbook::place::Source;
use std::fmt::Write;

/// What one step of a random runbook is.
#[derive(Clone, Debug)]
pub struct Made {
    /// How it acts.
    pub way: Way,
    /// `safe`, `probe` or `never`, for commands that change things.
    pub repeat: &'static str,
    /// The branch of the nearest decision before it that it is on, if any.
    pub on: Option<&'static str>,
    /// It may call for the fix.
    pub fix: bool,
    /// It leaves a consequence.
    pub raises: bool,
    /// Where a decision goes back to.
    pub back: usize,
}

/// How a step of a random runbook acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A command that looks.
    Look,
    /// A command that changes something.
    Change,
    /// A command that loses something.
    Destroy,
    /// A change by hand.
    ByHand,
    /// A choice of x, y, or z: once more from an earlier step.
    Choose,
}

/// A random runbook.
#[derive(Clone, Debug)]
pub struct Book {
    /// Its steps, `s0` and on.
    pub steps: Vec<Made>,
    /// It names the place it belongs to.
    pub fence: bool,
    /// It has a check and a statement before the first step.
    pub needs: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let way = prop_oneof![
        2 => Just(Way::Look),
        4 => Just(Way::Change),
        2 => Just(Way::Destroy),
        1 => Just(Way::ByHand),
        3 => Just(Way::Choose),
    ];
    let repeat = prop_oneof![Just("safe"), Just("probe"), Just("never")];
    let on = prop_oneof![Just(None), Just(Some("x")), Just(Some("y"))];
    let flag = || prop::bool::weighted(0.3);
    (way, repeat, on, flag(), flag(), 0..6_usize).prop_map(
        |(way, repeat, on, fix, raises, back)| Made { way, repeat, on, fix, raises, back },
    )
}

/// Makes random runbooks.
pub fn books() -> impl Strategy<Value = Book> {
    let steps = prop::collection::vec(made(), 2..9);
    (steps, any::<bool>(), prop::bool::weighted(0.3)).prop_map(|(steps, fence, needs)| Book {
        steps,
        fence,
        needs,
    })
}

impl Book {
    /// Returns the plan of this runbook.
    pub fn plan(&self) -> Plan {
        match parse(&Source::new("random.yaml", self.text())) {
            Ok(runbook) => Plan::new(runbook),
            Err(findings) => panic!("{}\n{findings:#?}", self.text()),
        }
    }

    /// Returns the decision that step `at` hangs on, and the branch.
    pub fn branch(&self, at: usize) -> Option<(usize, &'static str)> {
        let branch = self.steps.get(at)?.on?;
        let decision = (0..at).rev().find(|before| self.steps[*before].way == Way::Choose)?;
        Some((decision, branch))
    }

    fn text(&self) -> String {
        let mut text = String::from(
            "format: 1\nname: r\ntitle: R\nsystem: S\nversion: '1'\nsummary: Random.\n",
        );
        if self.fence {
            text.push_str(
                "fence: {title: Here, run: 'true', expect: {text: '.+', equals: here}}\n",
            );
        }
        if self.needs {
            text.push_str(
                "needs: {checks: [{id: check, title: C, run: 'true'}], statements: [I lead.]}\n",
            );
        }
        text.push_str("phases:\n  - title: P\n    steps:\n");
        for (at, made) in self.steps.iter().enumerate() {
            self.step(&mut text, at, made);
        }
        if self.steps.iter().any(Made::calls_for_the_fix) {
            text.push_str("fixes:\n  - {id: fix, title: F, what: It., hazard: change, target: fix-t, run: 'true', no_undo: No.}\n");
        }
        text
    }

    fn step(&self, text: &mut String, at: usize, made: &Made) {
        write!(text, "      - id: s{at}\n        title: Step {at}\n").unwrap();
        if let Some((decision, branch)) = self.branch(at) {
            writeln!(text, "        when: {{s{decision}: {branch}}}").unwrap();
        }
        if made.way == Way::Choose {
            let back = made.back % (at + 1);
            write!(
                text,
                "        decide:\n          outcomes: {{x: {{title: X}}, y: {{title: Y}}, z: {{title: Z, again: s{back}}}}}\n"
            )
            .unwrap();
            return;
        }
        let hazard = match made.way {
            Way::Look => "read",
            Way::Change | Way::ByHand => "change",
            Way::Destroy | Way::Choose => "destructive",
        };
        writeln!(text, "        hazard: {hazard}").unwrap();
        let act = if made.way == Way::ByHand { "manual: Done." } else { "run: 'true'" };
        writeln!(text, "        {act}").unwrap();
        if made.way != Way::Look {
            let undo = if made.way == Way::ByHand { "manual: Back." } else { "run: 'true'" };
            write!(text, "        what: It.\n        target: s{at}-t\n        loses: Rows.\n")
                .unwrap();
            writeln!(text, "        undo: {{title: Back, hazard: change, {undo}}}").unwrap();
        }
        if made.raises {
            text.push_str("        raises: {note: Something is left}\n");
        }
        if matches!(made.way, Way::Change | Way::Destroy) {
            writeln!(text, "        repeat: {}", made.repeat).unwrap();
            text.push_str("        probe: {run: 'true', answers: [{exit: 0, means: done}, {exit: 1, means: running}, ");
            text.push_str("{exit: 2, means: not_started}, {exit: 3, means: failed}]}\n");
        }
        if made.calls_for_the_fix() {
            text.push_str("        failures: [{match: No, means: No., fix: fix}]\n");
        }
    }
}

impl Made {
    /// Tells whether the fix is written for it.
    pub fn calls_for_the_fix(&self) -> bool {
        self.fix && matches!(self.way, Way::Look | Way::Change | Way::Destroy)
    }
}
