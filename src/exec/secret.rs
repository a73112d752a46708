//! Secret values in memory.

use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

/// Secrets by name, as the faces and the driver hold them.
pub type Secrets = BTreeMap<String, SecretString>;

/// The keeper's copy.
pub(super) struct Known(Secrets);

impl Known {
    /// Takes what came over the pipe.
    pub(super) fn new(plain: BTreeMap<String, String>) -> Self {
        Self(plain.into_iter().map(|(name, value)| (name, value.into())).collect())
    }

    /// The value, for the one place it is delivered to.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| value.expose_secret().to_owned())
    }

    /// All of them, for the redactor.
    pub(super) fn all(&self) -> &Secrets {
        &self.0
    }
}

/// Copies secrets for the one pipe they cross.
pub(super) fn exposed(secrets: &Secrets) -> BTreeMap<String, String> {
    secrets.iter().map(|(name, value)| (name.clone(), value.expose_secret().to_owned())).collect()
}
