//! Rehearsals through the real binary: the same walk as live, in a world in which nothing is real.

mod bench;
mod books;
mod catalogue;
mod debriefed;
mod kept_apart;
mod lost;
mod person;
mod resumed;
mod screened;
mod told;
mod walked;
