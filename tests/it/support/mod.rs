//! What several subjects need to try the program.

pub mod blows;
pub mod damage;
pub mod hand;
pub mod program;
pub mod story;
pub mod terminal;
pub mod window;
