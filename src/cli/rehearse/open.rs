//! From a choice to an open rehearsal.

use super::super::begin::{environment_names, this_program};
use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::form::{AskValue, Form, Offers};
use super::super::onward;
use super::super::run::ValueArgs;
use super::choose::Choice;
use super::{Args, pace};
use crate::driver;
use crate::driver::{Clock, Driver, Rehearsal, Setup, SystemClock};
use crate::engine::onward::{Handed, Onward};
use crate::journal::identity::Identity;
use crate::journal::shelf::Shelf;
use crate::runbook::answers::Answers;
use crate::runbook::model::{Definition, Runbook};
use crate::runbook::scenario::Scenario;
use crate::runbook::value::Kind;
use std::collections::BTreeMap;

/// The word where a live run names its environment.
const SIMULATED: &str = "SIMULATED";

/// Opens a rehearsal for a face. Nothing real is asked for: no environment, no tool, no secret.
pub fn open_rehearsal(
    choice: Choice,
    args: &Args,
    context: &Context,
    face: &str,
    answers: Option<&Answers>,
    onward: Option<&Onward>,
    ask: &mut AskValue,
) -> Result<Driver, Failure> {
    let Choice { entry, runbook, file, scenario, .. } = choice;
    let nothing = BTreeMap::new();
    let handed =
        onward.map_or_else(Handed::default, |onward| left_open(onward, &runbook, &scenario));
    let offers = Offers {
        handed: &handed,
        scenario: &prefilled(&runbook, &scenario),
        environment: &nothing,
        answers: answers.map_or(&nothing, |answers| &answers.params),
        flags: &ValueArgs { param: args.param.clone(), ..ValueArgs::default() },
        typed: None,
    };
    let form = Form::fill(&runbook, &offers, ask)?;
    // The story's clock is shown wherever a live run shows the machine's.
    let begins = scenario.start.at.as_ref().map_or(SystemClock.stamp().at, |at| at.value);
    let incident_start = Some(begins.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    let rehearsal = Rehearsal { scenario, file, pace: pace(args.speed, answers.is_some()) };
    let data = context.data_dir();
    onward.map_or(Ok(()), |onward| onward::still_free(onward, context))?;
    let setup = Setup {
        runbook,
        full_name: entry.full_name.clone(),
        origin: entry.origin.to_string(),
        files: entry.files,
        rehearsal: Some(rehearsal),
        environment: SIMULATED.into(),
        params: form.params,
        secrets: form.secrets,
        incident: Some("drill".into()),
        incident_start,
        face: face.into(),
        continues: onward.map(|onward| onward.run.clone()),
        taken_over: onward.map(|onward| onward.left_open.clone()).unwrap_or_default(),
        read_only: context.globals.read_only,
        exe: this_program()?,
        env_names: environment_names(),
        data: data.clone(),
    };
    let operator = args.operator.as_deref().or(context.settings.operator.as_deref());
    let identity = Identity::observe(operator);
    Driver::open(setup, &Shelf::new(&data), identity, Box::new(SystemClock)).map_err(|e| {
        let what = format!("the rehearsal could not be opened: {e}");
        Failure::new(Exit::Failed, what, "rutter paths")
    })
}

/// What a rehearsal begins with: the scenario's values, made-up secrets, and examples where nothing else is given, so
/// that nothing is asked that the story does not need.
fn prefilled(runbook: &Runbook, scenario: &Scenario) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for definition in &runbook.params {
        if let Some(value) = made_up(definition) {
            values.insert(definition.name.value.clone(), value);
        }
    }
    let told = scenario.start.params.iter();
    values.extend(told.map(|(name, value)| (name.value.clone(), value.value.clone())));
    values
}

/// What the run before hands over and the story leaves open: its commands answer for the values that it tells of.
pub fn left_open(onward: &Onward, runbook: &Runbook, scenario: &Scenario) -> Handed {
    let told = |name: &String| scenario.start.params.iter().any(|(told, _)| told.value == *name);
    let mut handed = onward.hands(runbook);
    handed.with.retain(|name, _| !told(name));
    handed.held.retain(|name, _| !told(name));
    handed
}

fn made_up(definition: &Definition) -> Option<String> {
    if definition.kind.kind == Kind::Secret {
        let secret = driver::simulated_secret(&definition.name);
        return definition.kind.check(&secret).ok();
    }
    let given = definition.default.is_some() || definition.optional;
    let example = definition.example.as_ref().filter(|_| !given);
    example.and_then(|example| definition.kind.check(example).ok())
}
