//! The values of a live run, asked for on one screen.

use super::begin;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::form;
use super::run::Args;
use crate::config::Environment;
use crate::driver::{Bench, Clock, SystemClock};
use crate::engine::onward::Onward;
use crate::engine::plan::Plan;
use crate::journal::identity::Identity;
use crate::line::signals::Signals;
use crate::tui::form::run as screen;
use crate::tui::form::run::End;
use crate::tui::form::{Before, Choice, Facts, Filled, Place, State, Trust};
use crate::tui::terminal::Terminal;
use std::io;

/// A form for a live run, with what was typed into it so far.
pub struct Sheet {
    facts: Facts,
    state: State,
}

/// What came of it.
pub enum Answer {
    /// It was filled, and everything in it does.
    Filled(Box<Filled>),
    /// It was left.
    Back,
    /// A signal ended it.
    Ended(Exit),
}

impl Sheet {
    /// Makes the form for the words of a command; what they give stands in it.
    pub fn of(args: &Args, context: &Context, onward: Option<&Onward>) -> Result<Self, Failure> {
        let (entry, runbook) = begin::read_runbook(context, &args.runbook)?;
        if let Some(named) = &args.values.env {
            begin::environment(Some(named), args, context, &runbook)?;
        }
        let given = form::by_flags(&runbook, &args.values)?;
        let place = |known: &Environment| Place {
            word: known.word.clone(),
            read_only: known.read_only,
            values: known.values.clone(),
        };
        let known = context.settings.environments.iter();
        let operator = args.operator.as_deref().or(context.settings.operator.as_deref());
        let trust = entry
            .asks_for_trust()
            .then(|| Trust { origin: entry.origin.to_string(), digest: entry.digest.clone() });
        let names = begin::environment_names();
        let bench = Bench::new(begin::this_program()?, names.into_iter(), entry.files);
        let before = |onward: &Onward| Before {
            short: onward.short().to_owned(),
            environment: onward.environment.clone(),
            handed: onward.hands(&runbook),
            left_open: onward.left_open.clone(),
            since: onward.incident_start.clone(),
            incident: onward.incident.clone(),
        };
        let facts = Facts {
            before: onward.map(before),
            kept: false,
            name: entry.full_name,
            plan: Plan::new(runbook),
            trust,
            environments: known.map(|(name, known)| (name.clone(), place(known))).collect(),
            settings: context.places.settings.display().to_string(),
            environment: args.values.env.clone(),
            given,
            since: args.since.clone(),
            incident: args.incident.clone(),
            now: SystemClock.stamp().at,
            operator: Identity::observe(operator).name(),
            bench,
        };
        let state = State::new(&facts);
        Ok(Self { facts, state })
    }

    /// Says that it will be shown again with what is typed into it now.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.facts.kept = true;
        self
    }

    /// Tells whether nothing is missing or wrong.
    pub fn is_complete(&self) -> bool {
        self.state.first_fault(&self.facts).is_none()
    }

    /// Shows the form until it is filled or left; the terminal is handed back before anything is done about it.
    pub fn fill(&mut self, context: &Context) -> Result<Answer, Failure> {
        let shown = self.shown(context).map_err(|error| {
            let what = format!("this terminal cannot be used as a screen: {error}");
            Failure::new(Exit::Usage, what, format!("rutter run {} --line", self.facts.name))
        });
        Ok(match shown? {
            End::Chosen(Choice::Go(filled)) => Answer::Filled(filled),
            End::Chosen(_) => Answer::Back,
            End::Signal(2) => Answer::Ended(Exit::Interrupted),
            End::Signal(_) => Answer::Ended(Exit::Terminated),
        })
    }

    /// Returns what stands in it as words of the command line; secrets and the defaults are left out.
    pub fn words(&self) -> Vec<String> {
        self.state.words(&self.facts)
    }

    /// Says what is typed anew when it is shown again.
    pub fn not_kept(&self) -> Vec<String> {
        let secrets = self.state.fields.iter().filter(|field| field.is_secret());
        let typed = secrets.filter(|field| !field.typed().is_empty());
        typed.map(|field| format!("{} is secret and is typed anew", field.label())).collect()
    }

    fn shown(&mut self, context: &Context) -> io::Result<End> {
        let signals = Signals::listen()?;
        let mut terminal = Terminal::take()?;
        let now = || SystemClock.stamp().at;
        let (state, facts) = (&mut self.state, &mut self.facts);
        screen::run(&mut terminal, &signals, state, facts, context.look(), &now)
    }
}
