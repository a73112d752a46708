//! The promises of the screen, tried with every key from every place.

mod keys;
mod reached;
mod stage;
mod streams;
mod world;
