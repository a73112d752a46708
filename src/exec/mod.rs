//! Commands: started behind a gate by a detached keeper, spooled, judged, and never lost sight of.
//!
//! ```text
//! face ──job, secrets──▶ keeper ──spawns──▶ gate (setsid, waits)
//!      ◀──pid, start────        ◀──pid, start──
//!      ──go────────────▶        ──go──▶ exec: the command
//!                        output ▶ redact ▶ spool; exit ▶ judge ▶ outcome.json
//! ```

#![expect(
    clippy::disallowed_methods,
    reason = "this room is the world outside: processes, their files, their environment and their clock"
)]

pub mod attach;
mod attempt;
mod child_env;
mod compare;
mod durable;
mod files;
mod finder;
mod fit;
mod forms;
mod frames;
pub mod gate;
mod intake;
pub mod job;
mod judging;
pub mod keeper;
mod ladder;
#[cfg(target_os = "linux")]
mod linux;
mod mask;
pub mod outcome_file;
pub mod player;
pub mod process;
pub mod redact;
mod secret;
mod select;
mod shadow;
pub mod spool;
mod start;
mod streams;
mod supervise;
mod survivors;
pub mod system;
mod task;
mod task_files;
mod wait;
mod wake;
mod wire;

/// Nanoseconds since some fixed moment of this boot, counting through suspend where the system can.
fn now_ns() -> u64 {
    use system::System;
    system::Here::clock_ns()
}
