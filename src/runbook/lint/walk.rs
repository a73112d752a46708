//! One walk over a runbook for all lints: its steps in order, their commands, what they use and what they define.

use crate::runbook::model::{
    Act, Call, Capture, Compare, Condition, Definition, Expect, FileContent, Program, Runbook,
    SecretSource, Stdin, Step, Then,
};
use crate::runbook::place::{Place, Source};
use crate::runbook::template::{Text, Word};
use crate::runbook::value::{Kind, ValueType};

/// When something happens, in the order of the procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Before anything.
    Start,
    /// A check of `needs`.
    Check(usize),
    /// A statement of `needs`.
    Statement(usize),
    /// A step of a phase, counted over all phases.
    Step(usize),
    /// A fix: whenever it is needed.
    Fix,
}

/// A command of the runbook.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// The call.
    pub call: &'a Call,
    /// Which part of its step it is.
    pub role: Role,
    /// Its step; `None` for checks of `needs`, the fence and discoveries of parameters.
    pub step: Option<&'a Step>,
}

/// Which part of a step a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The step itself, or a check of `needs`.
    Main,
    /// The probe.
    Probe,
    /// The way back.
    Undo,
    /// The check of a question of a ladder, counted from 1.
    Question(usize),
    /// The offer of candidates for a value.
    Discover,
}

/// A step with its place in the procedure.
#[derive(Clone, Debug)]
pub struct Stop<'a> {
    /// The step.
    pub step: &'a Step,
    /// When it happens.
    pub moment: Moment,
    /// Its number: `3.2`, `F1`.
    pub number: String,
    /// The conditions of its phase and its own.
    pub when: Vec<&'a Condition>,
}

/// A use of a name.
#[derive(Clone, Debug)]
pub struct Use<'a> {
    /// The name; of a script, the variable: `RB_SERVER`.
    pub name: String,
    /// Where it is used.
    pub place: Place,
    /// When.
    pub moment: Moment,
    /// The conditions under which it is used.
    pub when: Vec<&'a Condition>,
    /// The step's own captures are known here: expectations and the way back.
    pub after_own: Option<&'a Step>,
    /// How it is used.
    pub how: How,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its value stands in a text or word.
    Value,
    /// As a variable of a script.
    Variable,
    /// As a secret, by name.
    Secret,
}

/// A definition of a name.
#[derive(Clone, Debug)]
pub struct Def<'a> {
    /// The name.
    pub name: &'a str,
    /// Where it is defined.
    pub place: Place,
    /// Its type.
    pub kind: ValueType,
    /// From when on it is known.
    pub moment: Moment,
    /// The conditions under which it is known.
    pub when: Vec<&'a Condition>,
    /// What sort of definition it is.
    pub sort: Sort<'a>,
}

/// What sort of definition it is.
#[derive(Clone, Copy, Debug)]
pub enum Sort<'a> {
    /// Asked before the run or within it.
    Asked,
    /// A secret.
    Secret,
    /// Derived from others.
    Derived(&'a Text),
    /// Captured by this step; `None` for a check of `needs`.
    Captured(Option<&'a Step>),
    /// A decision.
    Decision(&'a Step),
}

/// A runbook laid out for the lints.
#[derive(Debug)]
pub struct View<'a> {
    /// The runbook.
    pub runbook: &'a Runbook,
    /// Its file.
    pub source: &'a Source,
    /// The text files beside it.
    pub files: &'a [Source],
    /// Its steps in order, the fixes last.
    pub stops: Vec<Stop<'a>>,
    /// Every command.
    pub commands: Vec<Command<'a>>,
    /// Every use of a name.
    pub uses: Vec<Use<'a>>,
    /// Every definition of a name.
    pub defs: Vec<Def<'a>>,
}

impl<'a> View<'a> {
    /// Walks the runbook once.
    pub fn of(runbook: &'a Runbook, source: &'a Source, files: &'a [Source]) -> Self {
        let mut view = Self {
            runbook,
            source,
            files,
            stops: stops(runbook),
            commands: Vec::new(),
            uses: Vec::new(),
            defs: Vec::new(),
        };
        view.walk_head();
        for stop in view.stops.clone() {
            view.walk_step(&stop);
        }
        view
    }

    /// Returns the definitions of a name.
    pub fn defs_of<'v>(&'v self, name: &'v str) -> impl Iterator<Item = &'v Def<'a>> {
        self.defs.iter().filter(move |def| def.name == name)
    }

    fn walk_head(&mut self) {
        let start = Spot { moment: Moment::Start, when: Vec::new(), after_own: None };
        for definition in &self.runbook.params {
            self.asked(definition, &start, None);
        }
        for secret in &self.runbook.secrets {
            let kind = ValueType::plain(Kind::Secret);
            self.define(&secret.name, secret.name.place, kind, &start, Sort::Secret);
            match &secret.source {
                SecretSource::Command(words, _) => self.words(words, &start),
                SecretSource::File(text) | SecretSource::Prompt(text) => self.text(text, &start),
                SecretSource::Env(_) => {}
            }
        }
        for (name, text) in &self.runbook.values {
            let kind = ValueType::plain(Kind::Text);
            self.define(name, name.place, kind, &start, Sort::Derived(text));
            // Rendered whenever it is used: `names` looks at the parts again from there.
            self.text(text, &Spot { moment: Moment::Fix, ..start.clone() });
        }
        for (index, check) in self.runbook.needs.checks.iter().enumerate() {
            let spot = Spot { moment: Moment::Check(index), ..start.clone() };
            self.text(&check.title, &spot);
            self.command(&check.call, Role::Main, None, &spot);
            self.expects(&check.expect, &spot);
            self.captures(&check.capture, &spot, Sort::Captured(None));
        }
        for (index, statement) in self.runbook.needs.statements.iter().enumerate() {
            let spot = Spot { moment: Moment::Statement(index), ..start.clone() };
            self.text(&statement.say, &spot);
            for definition in &statement.ask {
                self.asked(definition, &spot, None);
            }
        }
        if let Some(fence) = &self.runbook.fence {
            // The fence is probed before every change, so everything it uses must be known before the first step.
            let spot = Spot { moment: Moment::Step(0), ..start };
            self.text(&fence.title, &spot);
            self.command(&fence.call, Role::Main, None, &spot);
            self.expects(&fence.expect, &spot);
            self.captures(&fence.capture, &spot, Sort::Captured(None));
        }
    }

    fn walk_step(&mut self, at: &Stop<'a>) {
        let step = at.step;
        let spot = Spot { moment: at.moment, when: at.when.clone(), after_own: None };
        let after = Spot { after_own: Some(step), ..spot.clone() };
        for definition in &step.ask {
            self.asked(definition, &spot, Some(step));
        }
        for text in [&step.what, &step.why, &step.target, &step.loses, &step.no_undo, &step.keeps] {
            self.texts(text.iter(), &spot);
        }
        self.text(&step.title, &spot);
        self.texts(&step.hints, &spot);
        self.act(&step.act, Role::Main, step, &spot);
        self.expects(&step.expect, &after);
        self.captures(&step.capture, &spot, Sort::Captured(Some(step)));
        if let Some(probe) = &step.probe {
            self.command(&probe.call, Role::Probe, Some(step), &spot);
            self.expects(probe.answers.iter().map(|answer| &answer.expect), &spot);
            for capture in &probe.capture {
                self.texts(&capture.default, &spot);
            }
        }
        if let Some(undo) = &step.undo {
            self.texts([&undo.title].into_iter().chain(&undo.target).chain(&undo.loses), &after);
            self.act(&undo.act, Role::Undo, step, &after);
        }
        for failure in &step.failures {
            self.text(&failure.means, &spot);
        }
        if let Some(raises) = &step.raises {
            self.texts([&raises.note].into_iter().chain(&raises.owner), &after);
        }
        self.texts(step.defer.iter().map(|defer| &defer.why), &spot);
        self.texts(step.call.iter().map(|call| &call.who), &spot);
    }

    fn act(&mut self, act: &'a Act, role: Role, step: &'a Step, spot: &Spot<'a>) {
        match act {
            Act::Call(call) => self.command(call, role, Some(step), spot),
            Act::Manual(text) => self.text(text, spot),
            Act::Wait(wait) => {
                self.command(&wait.call, role, Some(step), spot);
                self.expects([&wait.until].into_iter().chain(&wait.fail), spot);
            }
            Act::Decide(decide) => {
                let texts = decide.question.iter().chain(&decide.because).chain(&decide.not_enough);
                self.texts(texts, spot);
                for outcome in &decide.outcomes {
                    self.text(&outcome.title, spot);
                    self.texts(outcome.means.iter().chain(&outcome.costs), spot);
                    if let Some(Then::Go { with, .. }) = &outcome.then {
                        self.texts(with.iter().map(|(_, text)| text), spot);
                    }
                }
                for (index, question) in decide.ladder.iter().enumerate() {
                    self.text(&question.ask, spot);
                    self.texts(question.how.iter().chain(&question.not_enough), spot);
                    if let Some(check) = &question.check {
                        self.command(&check.call, Role::Question(index + 1), Some(step), spot);
                        self.expects(check.suggests.iter().map(|(expect, _)| expect), spot);
                    }
                }
                let kind = ValueType {
                    choices: decide.outcomes.iter().map(|o| o.name.clone()).collect(),
                    ..ValueType::plain(Kind::Choice)
                };
                self.define(step.id.as_str(), step.id.place, kind, spot, Sort::Decision(step));
            }
        }
    }

    fn asked(&mut self, definition: &'a Definition, spot: &Spot<'a>, step: Option<&'a Step>) {
        self.define(
            &definition.name,
            definition.name.place,
            definition.kind.clone(),
            spot,
            Sort::Asked,
        );
        let texts = definition.ask.iter().chain(&definition.help).chain(&definition.default);
        self.texts(texts, spot);
        if let Some(discover) = &definition.discover {
            self.command(&discover.call, Role::Discover, step, spot);
        }
    }

    fn captures(&mut self, captures: &'a [Capture], spot: &Spot<'a>, sort: Sort<'a>) {
        for capture in captures {
            self.define(&capture.name, capture.name.place, capture.kind.clone(), spot, sort);
            self.texts(&capture.default, spot);
        }
    }

    fn define(
        &mut self,
        name: &'a str,
        place: Place,
        kind: ValueType,
        spot: &Spot<'a>,
        sort: Sort<'a>,
    ) {
        let (moment, when) = (spot.moment, spot.when.clone());
        self.defs.push(Def { name, place, kind, moment, when, sort });
    }

    fn command(&mut self, call: &'a Call, role: Role, step: Option<&'a Step>, spot: &Spot<'a>) {
        self.commands.push(Command { call, role, step });
        match &call.program {
            Program::Words(words) => self.words(words, spot),
            Program::Script { text, .. } => {
                for variable in variables(text) {
                    self.used(variable, text.place, How::Variable, spot);
                }
            }
        }
        for (_, word) in &call.env {
            self.names(word.names(), spot);
        }
        self.names(call.cwd.iter().flat_map(Word::names), spot);
        match &call.stdin {
            Some(Stdin::Text(text)) => self.text(text, spot),
            Some(Stdin::File(word)) => self.names(word.names(), spot),
            Some(Stdin::Value(name)) => {
                self.used(name.value.clone(), name.place, How::Value, spot);
            }
            Some(Stdin::Secret(name)) => {
                self.used(name.value.clone(), name.place, How::Secret, spot);
            }
            None => {}
        }
        for (_, content) in &call.files {
            match content {
                FileContent::Text(text) => self.text(text, spot),
                FileContent::Secret(name) => {
                    self.used(name.value.clone(), name.place, How::Secret, spot);
                }
            }
        }
    }

    fn expects(&mut self, expects: impl IntoIterator<Item = &'a Expect>, spot: &Spot<'a>) {
        for expect in expects {
            match &expect.compare {
                Some(
                    Compare::Equals(text)
                    | Compare::Not(text)
                    | Compare::AtLeast(text)
                    | Compare::AtMost(text),
                ) => self.text(text, spot),
                Some(Compare::In(texts)) => self.texts(texts, spot),
                Some(Compare::Matches(_)) | None => {}
            }
        }
    }

    fn words(&mut self, words: &'a [Word], spot: &Spot<'a>) {
        self.names(words.iter().flat_map(Word::names), spot);
    }

    fn texts(&mut self, texts: impl IntoIterator<Item = &'a Text>, spot: &Spot<'a>) {
        for text in texts {
            self.text(text, spot);
        }
    }

    fn text(&mut self, text: &'a Text, spot: &Spot<'a>) {
        self.names(text.names(), spot);
    }

    fn names<'n>(&mut self, names: impl Iterator<Item = (&'n str, Place)>, spot: &Spot<'a>) {
        for (name, place) in names {
            self.used(name.to_owned(), place, How::Value, spot);
        }
    }

    fn used(&mut self, name: String, place: Place, how: How, spot: &Spot<'a>) {
        let Spot { moment, when, after_own } = spot.clone();
        self.uses.push(Use { name, place, moment, when, after_own, how });
    }
}

/// Where in the procedure the walk stands.
#[derive(Clone)]
struct Spot<'a> {
    moment: Moment,
    when: Vec<&'a Condition>,
    after_own: Option<&'a Step>,
}

/// Lists the steps in order with their numbers, the fixes last.
fn stops(runbook: &Runbook) -> Vec<Stop<'_>> {
    let mut stops = Vec::new();
    for (phase_at, phase) in runbook.phases.iter().enumerate() {
        for (step_at, step) in phase.steps.iter().enumerate() {
            stops.push(Stop {
                step,
                moment: Moment::Step(stops.len()),
                number: format!("{}.{}", phase_at + 1, step_at + 1),
                when: phase.when.iter().chain(&step.when).collect(),
            });
        }
    }
    for (at, step) in runbook.fixes.iter().enumerate() {
        let (moment, number) = (Moment::Fix, format!("F{}", at + 1));
        stops.push(Stop { step, moment, number, when: step.when.iter().collect() });
    }
    stops
}

/// Returns the variables `RB_…` that a script names and does not set itself, each once.
pub fn variables(script: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, _) in script.match_indices("RB_") {
        let before = script[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &script[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        let sets = rest[end..].starts_with('=') && before.is_none_or(|c| !matches!(c, '$' | '{'));
        if !sets && name.len() > 3 && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}
