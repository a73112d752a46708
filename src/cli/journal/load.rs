//! A journal with what was proved of it, however it was named.

use super::super::context::Context;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::runs;
use crate::driver::{DoneLater, Later};
use crate::engine::plan::Plan;
use crate::journal::anchor::Anchors;
use crate::journal::record::Head;
use crate::journal::shelf::Shelf;
use crate::journal::verify::{Target, Unreadable, Verdict, verify};
use crate::report::claims::claims;
use crate::report::debrief::{Debrief, Fixes};
use crate::report::fact::{Entry, events};
use crate::report::model::Report;
use crate::report::names::Names;
use crate::runbook::model::Values;
use crate::runbook::parse::parse;
use crate::runbook::place::Source;
use std::fs;
use std::path::{Path, PathBuf};

/// A journal as it was read, with what was proved of it.
pub struct Loaded {
    /// Its folder; none for a lone file.
    pub folder: Option<PathBuf>,
    /// Every record that holds.
    pub entries: Vec<Entry>,
    /// What was proved.
    pub verdict: Verdict,
}

/// Loads the journal of a run, or of the newest run when none is named.
pub fn run(context: &Context, wanted: Option<&str>) -> Result<Loaded, Failure> {
    let shelf = Shelf::new(&context.data_dir());
    let folder = match wanted {
        Some(_) => runs::find(&shelf, wanted)?,
        None => newest(&shelf)?,
    };
    load(context, &Target::run(&folder.path), Some(folder.path), None)
}

/// Loads a run, or any file or folder that was given as a path, and holds it against an expected code.
pub fn run_or_path(
    context: &Context,
    wanted: Option<&str>,
    expect: Option<&str>,
) -> Result<Loaded, Failure> {
    let path = wanted.map(Path::new).filter(|path| is_path(path));
    if let Some(path) = path {
        let folder = path.is_dir().then(|| path.to_owned());
        return load(context, &Target::copy(path), folder, expect);
    }
    let shelf = Shelf::new(&context.data_dir());
    let folder = match wanted {
        Some(_) => runs::find(&shelf, wanted)?,
        None => newest(&shelf)?,
    };
    load(context, &Target::run(&folder.path), Some(folder.path), expect)
}

/// A name with a slash or an ending is a path, whether it exists or not; a bare name is one only if it is there.
fn is_path(path: &Path) -> bool {
    path.components().count() > 1 || path.extension().is_some() || path.exists()
}

fn newest(shelf: &Shelf) -> Result<crate::journal::shelf::RunFolder, Failure> {
    let runs = shelf.list().map_err(|e| Failure::usage(e.to_string(), "rutter paths"))?;
    runs.into_iter()
        .next()
        .ok_or_else(|| Failure::usage("there is no run yet", "rutter run RUNBOOK"))
}

fn load(
    context: &Context,
    target: &Target,
    folder: Option<PathBuf>,
    expect: Option<&str>,
) -> Result<Loaded, Failure> {
    let anchors = Anchors::new(&context.data_dir());
    let mut entries = Vec::new();
    let verdict = verify(target, &anchors, expect, |records: &[Entry]| {
        entries = records.to_vec();
        claims(records)
    });
    match verdict {
        Ok(verdict) => Ok(Loaded { folder, entries, verdict }),
        Err(error @ Unreadable::Code(_)) => {
            Err(Failure::usage(error.to_string(), "rutter journal head RUN"))
        }
        Err(error @ Unreadable::Io { .. }) => Err(Failure::usage(
            format!("the journal cannot be read: {error}"),
            "rutter journal list",
        )),
    }
}

impl Loaded {
    /// Returns the report, with what was done about steps that were put off after the run was closed.
    pub fn report(&self) -> Report {
        let mut report = Report::of(&self.entries, self.names());
        let later = self.later();
        for deferred in &mut report.deferred {
            deferred.done = later.of(&deferred.step).map(DoneLater::in_words);
        }
        report
    }

    /// Returns what was recorded beside the journal after the run was closed.
    pub fn later(&self) -> Later {
        let Some((folder, run)) = self.folder.as_ref().zip(self.verdict.run.as_ref()) else {
            return Later::default();
        };
        let knows = |head: &Head| self.entries.iter().any(|entry| entry.head() == *head);
        Later::read(folder, run, knows)
    }

    /// Returns the names of the steps by the pinned runbook; none where it is gone or not readable any more.
    pub fn names(&self) -> Names {
        self.plan().map(|plan| Names::of(&plan, &self.values())).unwrap_or_default()
    }

    /// Returns the debrief, if it was a rehearsal.
    pub fn debrief(&self) -> Option<Debrief> {
        let fixes = self.plan().map(|plan| Fixes::of(&plan)).unwrap_or_default();
        Debrief::of(&self.entries, self.names(), &fixes)
    }

    /// Returns how a command ends that only shows this journal: what is broken is shown as far as it holds.
    pub fn exit(&self) -> Exit {
        if self.verdict.is_broken() { Exit::JournalBroken } else { Exit::Done }
    }

    fn plan(&self) -> Option<Plan> {
        let opened = events(&self.entries).find_map(|(_, event)| event.opened())?;
        let path = &opened.pinned.first()?.path;
        let file = self.folder.as_ref()?.join("runbook").join(path);
        let text = fs::read_to_string(&file).ok()?;
        parse(&Source::new(path.as_str(), text)).ok().map(Plan::new)
    }

    fn values(&self) -> Values {
        let opened = events(&self.entries).find_map(|(_, event)| event.opened());
        let params = opened.iter().flat_map(|opened| {
            let given =
                opened.params.iter().map(|(name, given)| (name.clone(), given.value.clone()));
            given.chain(opened.builtins.clone())
        });
        let asked = events(&self.entries).filter_map(|(_, event)| event.given());
        let asked = asked.flatten().map(|(name, given)| (name.clone(), given.value.clone()));
        let mut values: Values = params.chain(asked).collect();
        let derived = self.plan().map(|plan| plan.runbook().values.clone()).unwrap_or_default();
        for (name, text) in &derived {
            if let Ok(value) = text.render(&values) {
                values.insert(name.value.clone(), value);
            }
        }
        values
    }
}
