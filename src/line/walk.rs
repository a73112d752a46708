//! The walk through a run: one next thing, one wish, until the run is closed or the face leaves.
//!
//! Line mode and headless mode are this walk with two different persons, so they make the same events.

use super::person::{Gone, Person};
use super::wish::Wish;
use crate::driver::{Answer, Driver, DriverError, Prepared, Request};
use crate::engine::command::Command;
use crate::engine::event::{Event, Guard, Part, Proof, Work};
use crate::engine::next::Next;
use std::time::Duration;

/// How long the walk looks at running commands before it looks at the inbox again.
const LOOK: Duration = Duration::from_millis(50);

/// Why the walk ended.
#[derive(Debug)]
pub enum End {
    /// The run is closed.
    Closed,
    /// The face leaves; the run goes on without it.
    Left(String),
    /// The person is gone.
    Gone(Gone),
}

/// Walks a run to its end, or until the person leaves.
pub fn walk(driver: &mut Driver, person: &mut dyn Person) -> Result<End, DriverError> {
    let end = walk_on(driver, person);
    match end {
        Err(Stop::Gone(gone)) => Ok(End::Gone(gone)),
        Err(Stop::Driver(error)) => Err(error),
        Ok(end) => Ok(end),
    }
}

enum Stop {
    Gone(Gone),
    Driver(DriverError),
}

impl From<Gone> for Stop {
    fn from(gone: Gone) -> Self {
        Self::Gone(gone)
    }
}

impl From<DriverError> for Stop {
    fn from(error: DriverError) -> Self {
        Self::Driver(error)
    }
}

fn walk_on(driver: &mut Driver, person: &mut dyn Person) -> Result<End, Stop> {
    loop {
        let news = driver.pump()?;
        person.hear(driver, &news)?;
        if let Some(Request::Leave { by }) = driver.request() {
            return Ok(End::Left(format!("{by} took the run over")));
        }
        let next = driver.run().outline().next;
        if matches!(next, Next::Closed(_)) {
            return Ok(End::Closed);
        }
        let running = driver.running();
        let wish = if running.is_empty() {
            let prepared = match &next {
                Next::Start { work, .. } => offer(driver, person, work)?,
                _ => None,
            };
            Some((person.wish(driver, &next, prepared.as_ref())?, prepared))
        } else {
            person.watch(driver, &running, LOOK)?.map(|wish| (wish, None))
        };
        let Some((wish, prepared)) = wish else { continue };
        if let Some(end) = grant(driver, person, wish, prepared)? {
            return Ok(end);
        }
    }
}

/// Prepares what the next thing would run; what cannot be prepared is said and offered without it.
fn offer(driver: &Driver, person: &mut dyn Person, work: &Work) -> Result<Option<Prepared>, Stop> {
    match driver.prepare(work) {
        Ok(prepared) => Ok(Some(prepared)),
        Err(why) => {
            person.refused(driver, &why.to_string())?;
            Ok(None)
        }
    }
}

/// Makes one wish come true, or says why not. Returns the end when the wish ends the walk.
fn grant(
    driver: &mut Driver,
    person: &mut dyn Person,
    wish: Wish,
    prepared: Option<Prepared>,
) -> Result<Option<End>, Stop> {
    let command = match wish {
        Wish::Wait => return Ok(None),
        Wish::Quit => return Ok(Some(End::Left("left by the operator".into()))),
        Wish::Start { guard, override_reason } => {
            if let Some(prepared) = prepared {
                start(driver, person, &prepared, guard, override_reason)?;
            }
            return Ok(None);
        }
        Wish::Begin { work, guard, override_reason } => {
            if let Some(prepared) = offer(driver, person, &work)? {
                start(driver, person, &prepared, guard, override_reason)?;
            }
            return Ok(None);
        }
        Wish::Edit { work, text, why, guard, override_reason } => {
            if let Some(prepared) = offer(driver, person, &work)? {
                match driver.edit(&prepared, &text, &why) {
                    Ok(edited) => start(driver, person, &edited, guard, override_reason)?,
                    Err(no) => person.refused(driver, &no.to_string())?,
                }
            }
            return Ok(None);
        }
        Wish::Interrupt(id) => {
            let answer = driver.interrupt(&id)?;
            tell(driver, person, answer)?;
            return Ok(None);
        }
        Wish::Give { step, values } => Command::Give { step, values },
        Wish::Tick { work, guard, said } => Command::Tick { work, guard, said },
        Wish::Answer { step, question, answer, why } => {
            Command::Answer { step, question, answer, why }
        }
        Wish::Decide { step, outcome, why } => Command::Decide { step, outcome, why },
        Wish::Settle { id, as_, how, probe, captures } => {
            let proof = match probe {
                Some(_) => Proof::Verified,
                None => Proof::Attested { how },
            };
            Command::Settle { id, as_, proof, probe, captures }
        }
        Wish::Skip { step, reason, captures } => Command::Skip { step, reason, captures },
        Wish::Defer { step, due, reason } => Command::Defer { step, due, reason },
        Wish::TakeUp { step } => Command::TakeUp { step },
        Wish::Fix { step, fix } => Command::Fix { step, fix },
        Wish::Clear { step, how } => Command::Clear { step, how },
        Wish::SettleTakenOver { run, step, how } => Command::SettleTakenOver { run, step, how },
        Wish::Note(text) => {
            let text = driver.redact(&text);
            Command::Note { text, kind: "note".into(), inbox: None, from: None }
        }
        Wish::Hold(reason) => Command::Hold { reason },
        Wish::Stop { as_, reason } => Command::Stop { as_, reason },
        Wish::GoOn { runbook, reason } => Command::GoOn { runbook, reason },
        Wish::Close => Command::Close,
    };
    let hold = matches!(command, Command::Hold { .. });
    let answer = driver.handle(&command)?;
    let granted = answer.is_ok();
    tell(driver, person, answer)?;
    Ok((hold && granted).then(|| End::Left("on hold".into())))
}

fn tell(driver: &Driver, person: &mut dyn Person, answer: Answer) -> Result<(), Stop> {
    match answer {
        Ok(events) => person.hear(driver, &events)?,
        Err(refusal) => person.refused(driver, &refusal.to_string())?,
    }
    Ok(())
}

/// Starts prepared work: secrets first, then the fence if the engine wants it, then the command.
fn start(
    driver: &mut Driver,
    person: &mut dyn Person,
    prepared: &Prepared,
    guard: Guard,
    override_reason: Option<String>,
) -> Result<(), Stop> {
    let fetched = driver.fetch_secrets(prepared, &mut |name, prompt| person.secret(name, prompt));
    if let Err(error) = fetched {
        return said(driver, person, error);
    }
    let edited = prepared.edited.is_some();
    let needs_fence = driver.run().fence_first(&prepared.work, edited);
    if needs_fence && !fence(driver, person, prepared)? {
        return Ok(());
    }
    match driver.start(prepared, guard, override_reason) {
        Ok(answer) => tell(driver, person, answer),
        Err(error) => said(driver, person, error),
    }
}

/// What stands in the way of one command is said; what stands in the way of the journal ends the walk.
fn said(driver: &Driver, person: &mut dyn Person, error: DriverError) -> Result<(), Stop> {
    match error {
        DriverError::Log(_) | DriverError::Corrupt(_) => Err(error.into()),
        other => Ok(person.refused(driver, &other.to_string())?),
    }
}

/// Runs the fence before a change and waits for it. Returns whether the change may go on.
fn fence(driver: &mut Driver, person: &mut dyn Person, of: &Prepared) -> Result<bool, Stop> {
    let fence = Work { step: of.work.step.clone(), part: Part::Fence };
    let Some(prepared) = offer(driver, person, &fence)? else { return Ok(false) };
    match driver.start(&prepared, Guard::None, None) {
        Ok(answer) => tell(driver, person, answer)?,
        Err(error) => {
            said(driver, person, error)?;
            return Ok(false);
        }
    }
    while !driver.running().is_empty() {
        let running = driver.running();
        person.watch(driver, &running, LOOK)?;
        let news: Vec<Event> = driver.pump()?;
        person.hear(driver, &news)?;
    }
    let holds = !driver.run().fence_first(&of.work, of.edited.is_some());
    if !holds {
        person.refused(driver, &format!("{} was not started: the fence does not hold", of.work))?;
    }
    Ok(holds)
}
