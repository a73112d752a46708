//! The promises of the screen, tried with every key from every place.

mod fences;
mod keys;
mod reached;
mod screens;
mod stage;
mod streams;
mod world;
