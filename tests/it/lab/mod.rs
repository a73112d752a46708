//! The lab's restore, for real: both ways back, both faces, and the two kills that it has to survive.

mod home;
mod kills;
mod screens;
mod struck;
mod talk;
mod told;
mod walks;
