//! The commands of every shipped runbook, before the real programs that will read them.

mod azure;
mod calls;
mod samples;
mod shipped;
