//! What a journal tells people afterwards. Pure: records in, text out.
//!
//! ```text
//! records ──Report::of──▶ Report ──▶ markdown, json
//!            names from the pinned runbook       (every text through escape: a journal may hold hostile output)
//! ```

mod appendix;
pub mod attempts;
pub mod claims;
pub mod debrief;
pub mod escape;
pub mod fact;
mod fold;
pub mod json;
pub mod markdown;

pub mod model;
pub mod names;
pub mod timeline;
pub mod words;
