//! Commands under a real keeper: this program, started as it starts itself.

mod bench;
mod gate;
