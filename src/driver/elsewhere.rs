//! What is known of other runbooks while a run could still end in one of them.

use super::Driver;
use crate::engine::onward::There;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Looks a runbook up by the name that another one gives it. The driver knows no library.
pub type LookUp = Box<dyn Fn(&str) -> There>;

/// What was looked up, once for every name: a screen asks with every frame.
#[derive(Default)]
pub(super) struct Elsewhere {
    look_up: Option<LookUp>,
    seen: RefCell<BTreeMap<String, Arc<There>>>,
}

impl Driver {
    /// Lets other runbooks be looked up from now on.
    pub fn look_elsewhere(&mut self, look_up: LookUp) {
        self.elsewhere = Elsewhere { look_up: Some(look_up), ..Elsewhere::default() };
    }

    /// Returns another runbook, or why there is none; `None` where nothing can be looked up.
    pub fn elsewhere(&self, runbook: &str) -> Option<Arc<There>> {
        let look_up = self.elsewhere.look_up.as_ref()?;
        let mut seen = self.elsewhere.seen.borrow_mut();
        let there = seen.entry(runbook.to_owned()).or_insert_with(|| Arc::new(look_up(runbook)));
        Some(Arc::clone(there))
    }
}
