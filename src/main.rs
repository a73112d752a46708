//! Rutter.
fn main() {}
