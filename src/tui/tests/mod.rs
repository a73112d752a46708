//! The promises of the screen, tried with every key from every place.

mod dice;
mod edited;
mod fences;
mod frames;
mod keys;
mod reached;
mod screens;
mod stage;
mod streams;
mod taken_over;
mod walks;
mod world;
