//! What several subjects need to try the program.

pub mod damage;
pub mod program;
pub mod story;
pub mod terminal;
