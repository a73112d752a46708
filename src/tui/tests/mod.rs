//! The promises of the screen, tried with every key from every place.

mod dice;
mod fences;
mod frames;
mod keys;
mod reached;
mod screens;
mod stage;
mod streams;
mod walks;
mod world;
