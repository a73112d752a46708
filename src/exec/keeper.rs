//! The keeper: one detached process per attempt, which outlives every face and never loses sight of its command.

use super::attempt::{Attempt, End, gate};
use super::files::{Prepared, prepare};
use super::fit::fit;
use super::intake::Intake;
use super::job::Job;
use super::judging;
use super::ladder::Ladder;
use super::outcome_file::{self, Reserved};
use super::secret::Known;
use super::start::Gated;
use super::supervise::Watch;
use super::system::{Here, System};
use super::task_files::{Desk, JOB, PROCESSES};
use super::wake::Wake;
use super::wire::{self, GO, Order, ToFace};
use super::{durable, now_ns, process};
use crate::outcome::{Ended, Process};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, stdin, stdout};
use std::time::{Duration, Instant};

/// Runs the keeper and ends the process; called by `main` for `rutter __keeper`.
pub fn main() -> ! {
    let code = match keep() {
        Ok(()) => 0,
        Err(e) => {
            // Standard error is a file in the task's folder. Without an outcome the attempt is unknown.
            eprintln!("keeper: {e}");
            1
        }
    };
    std::process::exit(code)
}

fn keep() -> io::Result<()> {
    rustix::process::setsid()?;
    Here::hide_memory();
    Here::adopt_orphans();
    // Before anybody knows this pid: a request that comes early must not kill us.
    let wake = Wake::install()?;
    let order: Order = wire::receive(stdin().lock())?.ok_or(ErrorKind::UnexpectedEof)?;
    let (job, secrets) = (order.job, Known::new(order.secrets));
    match ready(&job, &secrets) {
        Ok(ready) => hold(&job, &secrets, ready, wake),
        Err(reason) => wire::send(stdout().lock(), &ToFace::Refused { reason }),
    }
}

/// Everything that can fail before a command exists.
struct Ready {
    prepared: Prepared,
    reserved: Reserved,
    desk: Desk,
    intake: Intake,
    gated: Gated,
    keeper: Process,
}

fn ready(job: &Job, secrets: &Known) -> Result<Ready, String> {
    let failed = |what: &'static str| move |e: io::Error| format!("cannot {what}: {e}");
    let reserved = outcome_file::reserve(&job.task)
        .map_err(failed("reserve room for the outcome in the task's folder"))?;
    let text = serde_json::to_vec_pretty(job).map_err(|e| format!("cannot write the job: {e}"))?;
    durable::write(&job.task.join(JOB), &text).map_err(failed("write the job"))?;
    let desk = Desk::open(&job.task).map_err(failed("open the task's folder"))?;
    let prepared = prepare(job, secrets)?;
    let intake = Intake::open(job, secrets.all())?;
    let me = i32::try_from(std::process::id()).ok().and_then(process::identify);
    let keeper = me.ok_or("cannot tell this process's own start time")?;
    let gated = gate(job, &prepared)?;
    let both = BTreeMap::from([("keeper", &keeper), ("child", &gated.child)]);
    let text = serde_json::to_vec_pretty(&both).map_err(|e| e.to_string())?;
    durable::write(&job.task.join(PROCESSES), &text).map_err(failed("write the processes"))?;
    Ok(Ready { prepared, reserved, desk, intake, gated, keeper })
}

fn hold(job: &Job, secrets: &Known, ready: Ready, wake: Wake) -> io::Result<()> {
    let Ready { prepared, reserved, desk, intake, gated, keeper } = ready;
    let held = ToFace::Held { keeper, child: gated.child.clone() };
    let mut go = [0];
    let released = wire::send(stdout().lock(), &held)
        .and_then(|()| stdin().lock().read_exact(&mut go))
        .is_ok_and(|()| go == [GO]);
    let opened = if released {
        Some(gated.open()?)
    } else {
        gated.abandon()?;
        None
    };

    // From here on no face is needed, and none is waited for.
    let timeout = job.timeout_ms.map(Duration::from_millis);
    let ladder = Ladder::new(job.signal, timeout, Instant::now());
    let watch = Watch::new(wake, desk, ladder, intake);
    let opened_ns = watch.opened_ns;
    let mut attempt = Attempt { job, prepared: &prepared, watch, survivors: Vec::new() };
    let end = match opened {
        Some(opened) => attempt.run(opened)?,
        None => End { ended: Ended::NeverReleased, at_ns: now_ns(), waited: None },
    };
    let Attempt { watch, survivors, .. } = attempt;
    drop(prepared);

    let took_ns = end.at_ns.saturating_sub(opened_ns);
    let mut concluded = judging::conclude(job, secrets.all().clone(), end, watch.intake);
    concluded.outcome.took_ns = took_ns;
    concluded.outcome.survivors = survivors;
    concluded.outcome.notes.splice(0..0, watch.desk.into_notes());
    if !concluded.captured.is_empty() {
        // Before the outcome, so that whoever sees the outcome has them. A face that is gone cannot take
        // them: the step is offered again, as after any resume.
        let _ = wire::send(stdout().lock(), &ToFace::Captured { values: concluded.captured });
    }
    reserved.write(&job.run, &job.attempt, &fit(concluded.outcome))?;
    let _ = wire::send(stdout().lock(), &ToFace::Ended);
    Ok(())
}
