//! What an author wrote. Pure: text in, values out.
//!
//! ```text
//! text ──parse──▶ Runbook ──lint──▶ findings
//!                    │
//!                    └──resolve(values)──▶ Resolved (what would run, word for word)
//! ```

pub mod answers;
pub mod decode;
pub mod defined;
pub mod edited;
pub mod filled;
pub mod find;
pub mod findings;
pub mod kind;
pub mod lint;
pub mod model;
pub mod moment;
pub mod offered;
pub mod parse;
pub mod place;
pub mod resolve;
pub mod scenario;
mod shown;
pub mod template;
pub mod tree;
pub mod value;
pub mod variables;
pub mod words;
pub mod written;
