//! Which values a step uses: what must be filled before it can be passed over.

use super::plan::{Plan, PlanStep};
use crate::runbook::defined::secret_names;
use crate::runbook::model::{
    Act, Call, Compare, Expect, FileContent, Program, Question, Stdin, Then, Undo,
};
use crate::runbook::template::{Part, Text, Word};
use std::collections::BTreeSet;

/// Collects the names that a step uses in anything that runs, is judged, is guarded or decides; derived values are
/// followed to what they are made of.
pub(super) fn of(plan: &Plan, planned: &PlanStep) -> BTreeSet<String> {
    let mut uses = Uses::default();
    uses.step(planned);
    let derived = &plan.runbook().values;
    // Backwards, because a derived value may be made of earlier ones only.
    for (name, text) in derived.iter().rev() {
        if uses.has(name) {
            uses.text(text);
        }
    }
    let captured = plan.steps().iter().flat_map(captured_names);
    let by_script: Vec<String> = captured.filter(|name| uses.in_a_script(name)).collect();
    uses.names.extend(by_script);
    uses.names
}

/// Collects the names that a step's way back uses: in its words as they are, in a script those of the step's captures.
/// Not secrets: they live with the driver, which says when one cannot be had.
pub(super) fn of_way_back(plan: &Plan, planned: &PlanStep) -> BTreeSet<String> {
    let mut uses = Uses::default();
    if let Some(undo) = planned.undo() {
        uses.undo(undo);
    }
    let by_script: Vec<String> =
        captured_names(planned).filter(|name| uses.in_a_script(name)).collect();
    uses.names.extend(by_script);
    let secrets = secret_names(plan.runbook());
    uses.names.retain(|name| !secrets.contains(name));
    uses.names
}

fn captured_names(planned: &PlanStep) -> impl Iterator<Item = String> + '_ {
    planned.step.capture.iter().map(|capture| capture.name.value.clone())
}

/// Returns the variable under which a script finds a value.
fn exported(name: &str) -> String {
    format!("RB_{}", name.replace(['.', '-'], "_").to_uppercase())
}

#[derive(Default)]
struct Uses {
    names: BTreeSet<String>,
    scripts: Vec<String>,
}

impl Uses {
    fn has(&self, name: &str) -> bool {
        self.names.contains(name) || self.in_a_script(name)
    }

    fn in_a_script(&self, name: &str) -> bool {
        let variable = exported(name);
        let whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let mut scripts = self.scripts.iter();
        scripts.any(|script| script.split(&variable).skip(1).any(whole))
    }

    fn step(&mut self, planned: &PlanStep) {
        let step = &planned.step;
        self.names.extend(planned.when.iter().map(|condition| condition.name.value.clone()));
        self.texts([&step.target, &step.loses].into_iter().flatten());
        match &step.act {
            Act::Call(call) => self.call(call),
            Act::Manual(text) => self.text(text),
            Act::Wait(wait) => {
                self.call(&wait.call);
                self.expect(&wait.until);
                wait.fail.iter().for_each(|fail| self.expect(fail));
            }
            Act::Decide(decide) => {
                self.texts(&decide.question);
                decide.ladder.iter().for_each(|question| self.question(question));
                for (conditions, _) in &decide.suggests {
                    self.names
                        .extend(conditions.iter().map(|condition| condition.name.value.clone()));
                }
                for outcome in &decide.outcomes {
                    if let Some(Then::Go { with, .. }) = &outcome.then {
                        self.texts(with.iter().map(|(_, text)| text));
                    }
                }
            }
        }
        step.expect.iter().for_each(|expect| self.expect(expect));
        if let Some(probe) = &step.probe {
            self.call(&probe.call);
            probe.answers.iter().for_each(|answer| self.expect(&answer.expect));
        }
        if let Some(undo) = &step.undo {
            self.undo(undo);
        }
    }

    fn undo(&mut self, undo: &Undo) {
        self.texts(&undo.target);
        match &undo.act {
            Act::Call(call) => self.call(call),
            Act::Manual(text) => self.text(text),
            Act::Decide(_) | Act::Wait(_) => {}
        }
    }

    fn question(&mut self, question: &Question) {
        self.text(&question.ask);
        if let Some(check) = &question.check {
            self.call(&check.call);
            check.suggests.iter().for_each(|(expect, _)| self.expect(expect));
        }
    }

    fn call(&mut self, call: &Call) {
        match &call.program {
            Program::Words(words) => words.iter().for_each(|word| self.word(word)),
            Program::Script { text, .. } => self.scripts.push(text.value.clone()),
        }
        call.env.iter().for_each(|(_, word)| self.word(word));
        call.cwd.iter().for_each(|word| self.word(word));
        match &call.stdin {
            Some(Stdin::Text(text)) => self.text(text),
            Some(Stdin::File(word)) => self.word(word),
            Some(Stdin::Value(name)) => {
                self.names.insert(name.value.clone());
            }
            Some(Stdin::Secret(_)) | None => {}
        }
        for (_, content) in &call.files {
            if let FileContent::Text(text) = content {
                self.text(text);
            }
        }
    }

    fn expect(&mut self, expect: &Expect) {
        match &expect.compare {
            Some(
                Compare::Equals(text)
                | Compare::Not(text)
                | Compare::AtLeast(text)
                | Compare::AtMost(text),
            ) => {
                self.text(text);
            }
            Some(Compare::In(texts)) => self.texts(texts),
            Some(Compare::Matches(_)) | None => {}
        }
    }

    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a Text>) {
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn text(&mut self, text: &Text) {
        self.parts(&text.parts);
    }

    fn word(&mut self, word: &Word) {
        self.parts(&word.parts);
    }

    fn parts(&mut self, parts: &[Part]) {
        self.names.extend(parts.iter().filter_map(|part| match part {
            Part::Var { name, .. } => Some(name.clone()),
            Part::Lit(_) => None,
        }));
    }
}
