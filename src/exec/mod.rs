//! Commands: started behind a gate by a detached keeper, spooled, judged, and never lost sight of.
//!
//! ```text
//! face ──job, secrets──▶ keeper ──spawns──▶ gate (setsid, waits)
//!      ◀──pid, start────        ◀──pid, start──
//!      ──go────────────▶        ──go──▶ exec: the command
//!                        output ▶ redact ▶ spool; exit ▶ judge ▶ outcome.json
//! ```

pub mod job;
