//! From the words of `rutter run` to an open run: find, read, fill, choose the environment, pin, open.

use super::context::Context;
use super::findings;
use super::form::{AskValue, Form, Offers};
use super::library::Entry;
use super::onward;
use super::run::Args;
use super::typing::Typing;
use super::{Exit, Failure};
use crate::driver;
use crate::driver::{Clock, Driver, Setup, SystemClock};
use crate::engine::onward::{Handed, Onward};
use crate::journal::identity::Identity;
use crate::journal::shelf::Shelf;
use crate::line::Say;
use crate::runbook::answers::Answers;
use crate::runbook::model::{EnvironmentRule, Runbook};
use crate::tui::form::Filled;
use std::collections::BTreeMap;

/// The environment of a run: its shown word, its values, and whether it allows changes.
pub struct Chosen {
    word: String,
    values: BTreeMap<String, String>,
    read_only: bool,
}

/// Reads a runbook as it will be pinned. Mistakes are all told at once.
pub fn read_runbook(context: &Context, name: &str) -> Result<(Entry, Runbook), Failure> {
    let entry = context.library()?.find_to_run(name)?;
    match entry.runbook() {
        Ok(runbook) => Ok((entry, runbook)),
        Err(found) => Err(findings::failure(context, &found)),
    }
}

/// Opens a run for a face.
pub fn open(
    args: &Args,
    context: &Context,
    face: &str,
    answers: Option<&Answers>,
    filled: Option<&Filled>,
    onward: Option<&Onward>,
    ask: &mut AskValue,
) -> Result<Driver, Failure> {
    let (entry, runbook) = read_runbook(context, &args.runbook)?;
    match filled.and_then(|filled| filled.trusted.as_ref()) {
        Some(digest) if *digest == entry.digest => {}
        Some(_) => {
            let what = "the runbook was changed after it was trusted";
            return Err(Failure::usage(what, format!("rutter run {}", args.runbook)));
        }
        None => trusted(&entry, context)?,
    }
    let named = filled.and_then(|filled| filled.environment.as_deref());
    let chosen = environment(named.or(args.values.env.as_deref()), args, context, &runbook)?;
    let no_answers = BTreeMap::new();
    let handed = onward.map_or_else(Handed::default, |onward| onward.hands(&runbook));
    let offers = Offers {
        handed: &handed,
        scenario: &no_answers,
        environment: &chosen.values,
        answers: answers.map_or(&no_answers, |answers| &answers.params),
        flags: &args.values,
        typed: filled,
    };
    let form = Form::fill(&runbook, &offers, ask)?;
    let clock = SystemClock;
    // A form has been asked about the incident; without one it is the incident of the run before.
    let before = |of: fn(&Onward) -> &Option<String>| onward.and_then(|onward| of(onward).clone());
    let (began, incident) = match filled {
        Some(filled) => (filled.since.clone(), filled.incident.clone()),
        None => (
            args.since.clone().or_else(|| before(|onward| &onward.incident_start)),
            args.incident.clone().or_else(|| before(|onward| &onward.incident)),
        ),
    };
    let incident_start = began.as_deref().map(since).transpose()?;
    let operator = args.operator.as_deref().or(context.settings.operator.as_deref());
    let data = context.data_dir();
    if data.to_str().is_none() {
        // A journal is UTF-8, and it names this folder: what ran there could not be written down as it was.
        let what = format!("the folder of the journals is not UTF-8: {}", data.display());
        return Err(Failure::usage(what, "add --journal-dir FOLDER with a name that is"));
    }
    onward.map_or(Ok(()), |onward| onward::still_free(onward, context))?;
    let setup = Setup {
        runbook,
        full_name: entry.full_name.clone(),
        origin: entry.origin.to_string(),
        files: entry.files,
        rehearsal: None,
        environment: chosen.word,
        params: form.params,
        secrets: form.secrets,
        incident,
        incident_start,
        face: face.into(),
        continues: onward.map(|onward| onward.run.clone()),
        taken_over: onward.map(|onward| onward.left_open.clone()).unwrap_or_default(),
        read_only: context.globals.read_only || chosen.read_only,
        exe: this_program()?,
        env_names: environment_names(),
        data: data.clone(),
    };
    let shelf = Shelf::new(&data);
    Driver::open(setup, &shelf, Identity::observe(operator), Box::new(clock)).map_err(|e| {
        Failure::new(Exit::Failed, format!("the run could not be opened: {e}"), "rutter paths")
    })
}

/// The program that keepers and gates are started from: this one, even if its file is replaced meanwhile.
pub fn this_program() -> Result<std::path::PathBuf, Failure> {
    std::env::current_exe().map_err(|e| {
        Failure::new(
            Exit::Failed,
            format!("this program's own file is not found: {e}"),
            "rutter version",
        )
    })
}

/// Names of the variables the program was started with.
pub fn environment_names() -> Vec<String> {
    std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect()
}

/// Asks before a live run of a runbook that nobody chose by place: one that lies near the current folder, or in a folder
/// that a variable names.
fn trusted(entry: &Entry, context: &Context) -> Result<(), Failure> {
    if !entry.asks_for_trust() {
        return Ok(());
    }
    let refused = |what: &str| {
        let next = "name it by its path, or its folder with --runbooks DIR";
        Failure::usage(what, next)
            .because(format!("{} comes from {}", entry.full_name, entry.origin))
    };
    if !context.can_ask() {
        return Err(refused(
            "this runbook was found, not named by its place, and nobody can be asked whether to trust it",
        ));
    }
    let mut say = Say::new(context.messages());
    say.line(&format!("RUNBOOK {} from {}", entry.full_name, entry.origin))?;
    say.line(&format!("DIGEST {}", entry.digest))?;
    let typed = Typing::new(context)?
        .word("It is not built in, and its place was not named. Type yes to run it:");
    match typed.as_deref() {
        Some("yes") => Ok(()),
        _ => Err(refused("the runbook was not trusted")),
    }
}

/// Finds the environment that is named. A wrong name is told with those there are.
pub fn environment(
    named: Option<&str>,
    args: &Args,
    context: &Context,
    runbook: &Runbook,
) -> Result<Chosen, Failure> {
    let known = &context.settings.environments;
    let settings = context.places.settings.display();
    match (runbook.environment, named) {
        (EnvironmentRule::Local, None) => {
            Ok(Chosen { word: "LOCAL".into(), values: BTreeMap::new(), read_only: false })
        }
        (EnvironmentRule::Local, Some(name)) => Err(Failure::usage(
            format!("this runbook works on this machine only; --env {name} means nothing to it"),
            format!("rutter run {}", args.runbook),
        )),
        (EnvironmentRule::Required, None) if known.is_empty() => Err(Failure::usage(
            "this runbook needs an environment, and the settings name none",
            format!(
                "write `environments: {{prod: {{word: PROD}}}}` into {settings}, then add --env prod"
            ),
        )),
        (EnvironmentRule::Required, None) => Err(Failure::usage(
            "this runbook needs an environment",
            format!("add --env {}", known.keys().cloned().collect::<Vec<_>>().join(" or --env ")),
        )),
        (EnvironmentRule::Required, Some(name)) => match known.get(name) {
            Some(found) => Ok(Chosen {
                word: found.word.clone(),
                values: found.values.clone(),
                read_only: found.read_only,
            }),
            None => Err(Failure::usage(
                format!("there is no environment {name} in {settings}"),
                format!(
                    "add --env {}",
                    known.keys().cloned().collect::<Vec<_>>().join(" or --env ")
                ),
            )),
        },
    }
}

/// Reads `--since`.
fn since(text: &str) -> Result<String, Failure> {
    driver::moment(text, SystemClock.stamp().at).ok_or_else(|| {
        let what = format!("--since {text} is not a moment");
        Failure::usage(what, "give 02:37Z, or 2026-11-21T02:37:00Z")
    })
}
