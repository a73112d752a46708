//! `rutter run`: a live run.

use super::again;
use super::begin;
use super::context::Context;
use super::exit::Exit;
use super::faces;
use super::faces::Face;
use super::failure::Failure;
use super::onward::{self, Again};
use super::sheet::{Answer, Sheet};
use super::typing::Typing;
use crate::driver::Driver;
use crate::engine::event::Mode;
use crate::engine::onward::Onward;
use std::path::PathBuf;

/// Arguments of `rutter run`.
#[derive(Debug, clap::Args)]
#[command(before_help = "\
Examples:
  rutter run database-corruption --env prod --incident 4812
  rutter run key-vault-access-lost --env prod --plan    starts nothing
  rutter run lab/postgres-restore --no-input --answers night.yaml

")]
pub struct Args {
    /// `system/name`, a name while it is unique, or a path.
    pub runbook: String,
    /// Values, flags above files, files above the environment's.
    #[command(flatten)]
    pub values: ValueArgs,
    /// When the incident began: `02:37Z`.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// The incident this run belongs to.
    #[arg(long, value_name = "ID")]
    pub incident: Option<String>,
    /// Who acts; the login name when not said.
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// Take up what the closed run RUN handed over to this runbook.
    #[arg(long, value_name = "RUN", hide_short_help = true)]
    pub continues: Option<String>,
    /// Continue RUN though another run took it up already.
    #[arg(long, requires = "continues", hide_short_help = true)]
    pub again: bool,
    /// Print what would run, and start nothing.
    #[arg(long)]
    pub plan: bool,
    /// Take every answer from FILE.
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Confirm a destructive step by its target.
    #[arg(long, value_name = "TARGET")]
    pub confirm: Vec<String>,
}

impl Args {
    /// Makes the words for a runbook and nothing else.
    pub fn of(runbook: &str) -> Self {
        Self {
            runbook: runbook.into(),
            values: ValueArgs::default(),
            since: None,
            incident: None,
            operator: None,
            continues: None,
            again: false,
            plan: false,
            answers: None,
            confirm: Vec::new(),
        }
    }
}

/// How values are given on the command line.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ValueArgs {
    /// The environment of the settings to work on.
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Give a value; as often as needed.
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub param: Vec<(String, String)>,
    /// Give values from a YAML file.
    #[arg(long, value_name = "FILE")]
    pub params: Option<PathBuf>,
    /// Give one value from a file, `-` is standard input.
    #[arg(long, value_name = "NAME=PATH", value_parser = name_and_value)]
    pub param_file: Vec<(String, String)>,
}

/// Splits `name=value` of the command line.
pub fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("wanted NAME=VALUE".to_owned()),
    }
}

/// Runs a runbook.
pub fn run(args: Args, context: &Context) -> Result<Exit, Failure> {
    if args.plan {
        let plan = super::plan::Args { runbook: args.runbook, values: args.values };
        return super::plan::run(&plan, context);
    }
    // A wrong name is told before anything else is asked for.
    context.library()?.find_to_run(&args.runbook)?;
    let can_say = args.answers.is_none() && context.can_ask();
    let again = Again { wanted: args.again, can_say };
    let (before, name) = (args.continues.as_deref(), &args.runbook);
    let onward = onward::named(before, name, Mode::Live, again, context)?;
    let onward = onward.as_ref();
    let face = faces::choose(context, args.answers.as_deref(), &args.confirm)?;
    let driver = match &face {
        Face::Screen => match by_form(&args, context, onward)? {
            Opened::Run(driver) => *driver,
            Opened::Ended(exit) => return Ok(exit),
        },
        Face::Line => by_line(&args, context, face.name(), onward)?,
        Face::Headless(answers, _) => {
            let (name, answers) = (face.name(), Some(&**answers));
            begin::open(&args, context, name, answers, None, onward, &mut |_, _| None)?
        }
    };
    faces::walk(driver, face, context)
}

/// What came of a form.
enum Opened {
    Run(Box<Driver>),
    Ended(Exit),
}

/// Opens a run with what the words give; what they leave open is asked for on a form.
fn by_form(args: &Args, context: &Context, onward: Option<&Onward>) -> Result<Opened, Failure> {
    let face = Face::Screen.name();
    if args.values.param_file.iter().any(|(_, path)| path == "-") {
        // Standard input was the value's, and can be read only once.
        return Ok(Opened::Run(Box::new(by_line(args, context, face, onward)?)));
    }
    let mut sheet = Sheet::of(args, context, onward)?;
    let filled = if sheet.is_complete() && onward.is_none() {
        None
    } else {
        match sheet.fill(context)? {
            Answer::Filled(filled) => Some(filled),
            Answer::Ended(exit) => return Ok(Opened::Ended(exit)),
            Answer::Back => {
                let next = again::form(args, sheet.words(), context);
                let failure = Failure::usage("no run was opened: its form was left", next);
                return Err(sheet.not_kept().iter().fold(failure, Failure::because));
            }
        }
    };
    let filled = filled.as_deref();
    let driver = begin::open(args, context, face, None, filled, onward, &mut |_, _| None)?;
    Ok(Opened::Run(Box::new(driver)))
}

/// Opens a run with what the words give; what they leave open is asked for line by line.
pub fn by_line(
    args: &Args,
    context: &Context,
    face: &str,
    onward: Option<&Onward>,
) -> Result<Driver, Failure> {
    let mut form = None;
    begin::open(args, context, face, None, None, onward, &mut |definition, why| {
        if form.is_none() {
            form = Typing::new(context).ok();
        }
        form.as_mut()?.ask(definition, why)
    })
}
