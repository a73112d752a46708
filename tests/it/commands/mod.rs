//! The commands of every shipped runbook, before the real programs that will read them.

mod adoption;
mod azure;
mod bench;
mod calls;
mod cloud;
mod consumers;
mod copies;
mod databases;
mod desk;
mod devices;
mod gitlab;
mod hub;
mod kamea;
mod live;
mod redis;
mod revisions;
mod samples;
mod servers;
mod shares;
mod shipped;
mod state;
mod trial;
mod vault;
