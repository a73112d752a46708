//! What home shows, handed in as plain values: the library, the shelf, the time, and who sits there.

use super::card::Card;
use crate::driver;
use crate::driver::{RunStatus, State};
use crate::engine::deferral::Due;
use crate::engine::event::{ClosedAs, Mode};
use crate::runbook::find::Index;
use crate::runbook::place::Finding;
use chrono::{DateTime, TimeDelta, Utc};

/// How long a passed drill holds when the runbook does not say.
const DRILL_HOLDS: TimeDelta = TimeDelta::days(90);
/// A drill that ends within this time is due.
const DUE: TimeDelta = TimeDelta::days(14);

/// Everything home shows.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Every runbook that was found, in the order of the names.
    pub runbooks: Vec<Listed>,
    /// Every run on the shelf, newest first.
    pub runs: Vec<RunStatus>,
    /// Now.
    pub now: DateTime<Utc>,
    /// Who sits there.
    pub operator: String,
    /// The settings file, and whether it is there.
    pub settings: (String, bool),
}

/// A runbook that was found.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its full name.
    pub name: String,
    /// Where it comes from.
    pub origin: String,
    /// It is byte for byte the one inside this program, wherever it was found.
    pub built_in: bool,
    /// What it is about, or why it cannot be read.
    pub card: Result<Card, Fault>,
    /// The stories it can be rehearsed with.
    pub tales: Vec<Tale>,
    /// All of it, row by row, as it is read.
    pub text: Vec<String>,
    /// What the filter looks into.
    pub index: Index,
}

/// A story that a runbook can be rehearsed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tale {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Short enough for a first try.
    pub quick: bool,
}

/// Why a runbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The first problem.
    pub what: String,
    /// Where it stands: file and line.
    pub place: String,
    /// How many more there are.
    pub more: usize,
}

impl Fault {
    /// Makes one from what was found; the first finding speaks for all.
    pub fn of(found: &[Finding]) -> Self {
        let Some(first) = found.first() else {
            return Self { what: "it cannot be read".into(), place: String::new(), more: 0 };
        };
        let (line, _) = first.source.line_column(first.place.start);
        Self {
            what: first.what.clone(),
            place: format!("{}:{line}", first.source.name),
            more: found.len() - 1,
        }
    }
}

impl Facts {
    /// Tells whether nothing was ever run or rehearsed here.
    pub fn is_first_start(&self) -> bool {
        self.runs.is_empty()
    }

    /// Returns a runbook by its full name.
    pub fn runbook(&self, name: &str) -> Option<&Listed> {
        self.runbooks.iter().find(|listed| listed.name == name)
    }

    /// Returns the runs that need somebody: an unknown outcome before everything else, what was put off and is due last.
    pub fn needy(&self) -> Vec<&RunStatus> {
        let mut needy: Vec<_> = self.runs.iter().filter(|run| needs_person(run)).collect();
        needy.sort_by_key(|run| run.state != State::Unknown);
        let mut due: Vec<&RunStatus> =
            driver::due_now(&self.runs, self.now).into_iter().map(|(run, _)| run).collect();
        due.dedup_by(|one, other| one.run == other.run);
        needy.extend(self.handed());
        due.retain(|run| !needy.iter().any(|other| other.run == run.run));
        needy.extend(due);
        needy
    }

    /// Returns the live runs that go on in another runbook, where nobody went on yet.
    fn handed(&self) -> impl Iterator<Item = &RunStatus> {
        let handed = driver::not_taken_up(&self.runs).into_iter();
        handed.filter(|run| run.mode == Some(Mode::Live))
    }

    /// Returns the runbook in which a run goes on that nobody has taken up yet.
    pub fn goes_on<'a>(&self, run: &'a RunStatus) -> Option<&'a str> {
        let there = run.goes_on.as_deref()?;
        driver::taken_up_by(&self.runs, &run.run).is_empty().then_some(there)
    }

    /// Says what a run needs: a step of its own, one that goes on elsewhere, and one that was put off and is due.
    pub fn needs(&self, run: &RunStatus) -> String {
        if let Some(there) = self.goes_on(run) {
            let open = match run.open_changes {
                0 => String::new(),
                1 => "; 1 change is open".to_owned(),
                open => format!("; {open} changes are open"),
            };
            return format!("GOES ON in {there}, not taken up{open}");
        }
        match self.due(run) {
            // An unknown outcome, or one to be taken in, comes before anything that could wait until now.
            Some(one) if run.state == State::Unknown || run.not_taken_in > 0 => {
                format!("{}; DUE {} {}", run.needs, one.number, one.title)
            }
            Some(one) if run.state.is_open() => {
                format!("DUE {} {}; {}", one.number, one.title, run.needs)
            }
            Some(one) => {
                let day = one.due.get(..10).unwrap_or(&one.due);
                format!("DUE since {day}: {} {}, {}", one.number, one.title, one.reason)
            }
            None => run.needs.clone(),
        }
    }

    /// Returns the first step that was put off in a run and is due.
    pub fn due(&self, run: &RunStatus) -> Option<&Due> {
        let due = driver::due_now(&self.runs, self.now);
        due.into_iter().find(|(of, _)| of.run == run.run).map(|(_, one)| one)
    }

    /// Returns what people see, with the runbook for it. Each runbook has its first one before any has its second.
    pub fn symptoms(&self) -> Vec<(&str, &str)> {
        let cards =
            || self.runbooks.iter().filter_map(|listed| Some((listed, listed.card.as_ref().ok()?)));
        let most = cards().map(|(_, card)| card.symptoms.len()).max().unwrap_or(0);
        let mut symptoms = Vec::new();
        for at in 0..most {
            for (listed, card) in cards() {
                let said = card.symptoms.get(at);
                symptoms.extend(said.map(|said| (said.as_str(), listed.name.as_str())));
            }
        }
        symptoms
    }

    /// Returns when a runbook was last rehearsed to its end.
    pub fn last_drill(&self, name: &str) -> Option<DateTime<Utc>> {
        let drills = self.runs.iter().filter(|run| {
            run.mode == Some(Mode::Rehearsal)
                && run.runbook == name
                && matches!(run.state, State::Closed(ClosedAs::Done | ClosedAs::ContinuedIn))
        });
        drills.filter_map(|run| run.opened).max()
    }

    /// Says how old the last drill is, and whether it still holds: `12d  ok`, `never`.
    pub fn drill(&self, listed: &Listed) -> String {
        let Some(at) = self.last_drill(&listed.name) else { return "never".into() };
        let holds = listed.card.as_ref().ok().and_then(|card| card.drill_every);
        let holds = holds.and_then(|d| TimeDelta::from_std(d).ok()).unwrap_or(DRILL_HOLDS);
        let age = self.now - at;
        let word = match holds - age {
            left if left < TimeDelta::zero() => "stale",
            left if left < DUE => "due",
            _ => "ok",
        };
        format!("{:<4} {word}", self.age(at))
    }

    /// Says how long ago something was: `5m`, `3h`, `12d`.
    pub fn age(&self, at: DateTime<Utc>) -> String {
        let age = self.now - at;
        match age.num_minutes() {
            ..1 => "now".into(),
            minutes @ 1..60 => format!("{minutes}m"),
            minutes @ 60..1440 => format!("{}h", minutes / 60),
            minutes => format!("{}d", minutes / 1440),
        }
    }
}

/// Tells whether somebody has to come: also to take in what ended meanwhile.
pub fn needs_person(run: &RunStatus) -> bool {
    run.state.is_open() && (run.state.needs_person() || run.not_taken_in > 0)
}
